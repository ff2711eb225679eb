#include "shell/typed_step.hpp"

#include <fmt/format.h>
#include <stsim/base/characters.hpp>
#include <stsim/engine/actor.hpp>
#include <stsim/scenario/load.hpp>

#include <algorithm>
#include <array>

namespace stsim::shell {

namespace {

constexpr std::array kForms{
    WordForm{
        "pod",
        "name",
        "becomes crashAfter exitCode at",
        "",
        "pod NAME becomes FATE",
        "at once: ready, running, unready, crashed, failed, succeeded, evicted, gone; from now "
        "on: unpullable, crashing, stuck, fine"},
    WordForm{"image",
             "name",
             "becomes crashAfter exitCode at",
             "",
             "image NAME becomes FATE",
             "what its containers do from now on: unpullable, crashing, stuck, fine"},
    WordForm{"node",
             "name",
             "becomes at",
             "",
             "node NAME becomes FATE",
             "down, unreachable, up, cordoned, uncordoned, drained, out-of-service, in-service, "
             "gone"},
    WordForm{"watch",
             "of",
             "becomes by kind of on at",
             "",
             "watch of ACTOR [on KIND] becomes FATE [by 30s]",
             "what an actor sees is late, broken or live"},
    WordForm{"controller",
             "name",
             "becomes at",
             "",
             "controller NAME becomes FATE",
             "down, up, restarted"},
    WordForm{"api",
             "",
             "answers to verb resource name message times at",
             "",
             "api answers ANSWER [to ACTOR] [verb VERB] [resource R] [name N] [times N]",
             "conflict, quota, denied, unavailable, timeout, lost; normally ends all"},
    WordForm{"nfs",
             "server",
             "becomes server at",
             "",
             "nfs SERVER becomes FATE",
             "of the server that volumes name: down, full, up"},
    WordForm{"dns",
             "server",
             "becomes server at",
             "",
             "dns [server N] becomes FATE",
             "stale: it serves the records that it has; fresh"},
    WordForm{"lookup",
             "name",
             "from type at",
             "of",
             "lookup NAME from POD [type srv]",
             "a DNS query as seen from a pod"},
    WordForm{"history", "history", "", "of", "history VOLUME", "who has used a volume, and when"},
};

bool is_one_of(std::string_view word, std::string_view list) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    if (list.substr(0, end) == word) {
      return true;
    }
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

/// How many bytes the character takes that a text begins with; 0 for what is no UTF-8, or would
/// move the cursor of a terminal. https://www.unicode.org/versions/Unicode15.0.0/ch03.pdf, table
/// 3-7.
std::size_t printable_length(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = byte(0);
  constexpr unsigned kDelete = 0x7f;
  if (first <= kDelete) {
    return first >= ' ' && first != kDelete ? 1 : 0;
  }
  struct Sequence {
    unsigned first, last;  // of first bytes
    unsigned least, most;  // of the second byte
    std::size_t length;
  };
  constexpr std::array kSequences{Sequence{0xC2, 0xDF, 0x80, 0xBF, 2},
                                  Sequence{0xE0, 0xE0, 0xA0, 0xBF, 3},
                                  Sequence{0xE1, 0xEC, 0x80, 0xBF, 3},
                                  Sequence{0xED, 0xED, 0x80, 0x9F, 3},
                                  Sequence{0xEE, 0xEF, 0x80, 0xBF, 3},
                                  Sequence{0xF0, 0xF0, 0x90, 0xBF, 4},
                                  Sequence{0xF1, 0xF3, 0x80, 0xBF, 4},
                                  Sequence{0xF4, 0xF4, 0x80, 0x8F, 4}};
  const auto found = std::ranges::find_if(
      kSequences, [first](const Sequence& one) { return first >= one.first && first <= one.last; });
  if (found == kSequences.end() || byte(1) < found->least || byte(1) > found->most) {
    return 0;
  }
  char32_t code = first & (0xFFU >> (found->length + 1));
  for (std::size_t i = 1; i < found->length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) {
      return 0;
    }
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  // Control characters, marks of direction, separators, and what takes no place.
  constexpr std::array<std::pair<char32_t, char32_t>, 6> kMoving{{{0x80, 0x9F},
                                                                  {0x200B, 0x200F},
                                                                  {0x2028, 0x202E},
                                                                  {0x2060, 0x206F},
                                                                  {0xFEFF, 0xFEFF},
                                                                  {0xFFF9, 0xFFFB}}};
  const bool moves = std::ranges::any_of(
      kMoving, [code](const auto& range) { return code >= range.first && code <= range.second; });
  return moves ? 0 : found->length;
}

/// Numbers are numbers where the language wants one.
api::Json value_of(std::string_view member, const std::string& word) {
  constexpr std::size_t kMostDigits = 9;
  const bool number = !word.empty() && word.size() <= kMostDigits &&
                      std::ranges::all_of(word, [](char c) { return is_digit(c); });
  if (number && (member == "times" || member == "exitCode" || member == "server")) {
    return std::stoll(word);
  }
  return word;
}

/// Where two names of a member are in use, that of the language.
std::string_view member_name(std::string_view word) {
  return word == "on" ? "kind" : word;
}

/// The first of what is wrong, without its place: a line has only one.
LineError first_of(const UserErrors& errors) {
  return {errors.front().message, errors.front().hint};
}

Result<StepPtr, LineError> step_of_text(const std::string& steps,
                                        const std::filesystem::path& folder) {
  auto loaded =
      scenario::load_scenario_text("scenario: shell\nsteps:\n" + steps + "\n", "shell", folder);
  if (!loaded) {
    return tl::unexpected(first_of(loaded.error()));
  }
  if (loaded->steps.size() != 1) {
    return tl::unexpected(LineError{"a line is one step", ""});
  }
  return std::make_shared<const scenario::Step>(std::move(loaded->steps.front()));
}

}  // namespace

std::span<const WordForm> word_forms() {
  return kForms;
}

Result<StepPtr, LineError> step_of(const api::Json& document, const std::filesystem::path& folder) {
  // What is no UTF-8 is replaced: no file could hold it.
  return step_of_text("- " + document.dump(-1, ' ', false, api::Json::error_handler_t::replace),
                      folder);
}

Result<StepPtr, LineError> step_of_yaml(std::string_view line,
                                        const std::filesystem::path& folder) {
  if (line.starts_with("- ")) {
    line.remove_prefix(2);
  }
  return step_of_text(fmt::format("- {}", line), folder);
}

bool looks_like_yaml(std::string_view line) {
  if (line.starts_with('{') || line.starts_with("- ")) {
    return true;
  }
  const std::size_t end = std::min(
      line.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-"), line.size());
  return end > 0 && end < line.size() && line[end] == ':' &&
         (end + 1 == line.size() || line[end + 1] == ' ');
}

std::optional<Result<api::Json, LineError>> document_of_words(
    const std::vector<std::string>& words) {
  using Out = Result<api::Json, LineError>;
  std::vector<std::string> rest = words;
  // `statefulset-controller becomes restarted`, as such a step is shown.
  for (std::size_t i = 0; i < engine::kActors; ++i) {
    if (rest.size() > 1 && rest[1] == "becomes" &&
        rest.front() == engine::name(static_cast<engine::Actor>(i))) {
      rest.insert(rest.begin(), "controller");
      break;
    }
  }
  const auto* const form =
      std::ranges::find(kForms, std::string_view(rest.front()), &WordForm::key);
  if (form == kForms.end()) {
    return std::nullopt;
  }
  const LineError usage{"", fmt::format("usage: {}", form->usage)};
  api::Json members = api::Json::object();
  for (std::size_t i = 1; i < rest.size(); ++i) {
    const std::string& word = rest[i];
    if (is_one_of(word, form->members)) {
      if (i + 1 == rest.size()) {
        return Out(tl::unexpected(
            LineError{fmt::format("\"{}\" needs a word behind it", word), usage.hint}));
      }
      members[std::string(member_name(word))] = value_of(word, rest[++i]);
    } else if (!form->subject.empty() && !members.contains(std::string(form->subject)) &&
               !is_one_of(word, form->fillers)) {
      members[std::string(form->subject)] = value_of(form->subject, word);
    } else if (!is_one_of(word, form->fillers)) {
      return Out(tl::unexpected(
          LineError{fmt::format("\"{}\" has no place here", shown(word)), usage.hint}));
    }
  }
  if (members.empty()) {
    return Out(
        tl::unexpected(LineError{fmt::format("{} needs to be told more", form->key), usage.hint}));
  }
  api::Json out = api::Json::object();
  if (members.contains("at")) {
    out["at"] = members["at"];
    members.erase("at");
  }
  out[std::string(form->key)] = form->key == "history" ? members["history"] : members;
  return Out(std::move(out));
}

std::string shown(std::string_view word) {
  constexpr std::size_t kMost = 60;
  std::string out;
  std::size_t at = 0;
  for (std::size_t count = 0; at < word.size() && count < kMost; ++count) {
    const std::size_t length = printable_length(word.substr(at));
    const auto byte = static_cast<unsigned char>(word[at]);
    out += length == 0 ? fmt::format("\\x{:02x}", byte) : std::string(word.substr(at, length));
    at += std::max<std::size_t>(length, 1);
  }
  return at < word.size() ? out + "…" : out;
}

}  // namespace stsim::shell
