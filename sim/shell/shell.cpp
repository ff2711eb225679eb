// Lines, and which of its parts the shell hands each to.
#include "shell/saving.hpp"
#include "shell/state.hpp"

#include <fmt/format.h>
#include <stsim/api/yaml.hpp>
#include <stsim/base/characters.hpp>
#include <stsim/kubectl/commands.hpp>
#include <stsim/kubectl/words.hpp>
#include <stsim/report/telling.hpp>
#include <stsim/scenario/load.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace stsim::shell {

namespace {

constexpr std::size_t kLongestLine = 1U << 20U;

/// A line of a text that shows sessions, with its prompt.
std::string_view without_prompt(std::string_view text) {
  return text.starts_with("$ ") ? trimmed(text.substr(2)) : text;
}

std::string_view first_word(std::string_view text) {
  return text.substr(0, text.find_first_of(" \t\n"));
}

bool is_kubectl(std::string_view text) {
  const std::string_view word = first_word(without_prompt(trimmed(text)));
  return word == "kubectl" || kubectl::is_command(word);
}

}  // namespace

Reply refused(std::string_view message, std::string_view hint) {
  return {"",
          fmt::format("error: {}\n{}", message, hint.empty() ? "" : fmt::format("  {}\n", hint)),
          1,
          false};
}

Reply refused(const LineError& error) {
  return refused(error.message.empty() ? error.hint : error.message,
                 error.message.empty() ? "" : error.hint);
}

std::optional<HereDocument> here_document(std::string_view text) {
  const std::size_t line_end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, line_end);
  const std::size_t at = line.rfind("<<");
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view word = trimmed(line.substr(at + 2));
  const bool tabs_go = word.starts_with('-');
  word = trimmed(word.substr(tabs_go ? 1 : 0));
  const bool is_quoted = word.size() > 2 && (word.front() == '\'' || word.front() == '"') &&
                         word.back() == word.front();
  word = is_quoted ? word.substr(1, word.size() - 2) : word;
  if (word.empty() || word.find_first_of(" \t'\"{}") != std::string_view::npos) {
    return std::nullopt;
  }
  HereDocument out{std::string(trimmed(line.substr(0, at))), "", false};
  std::string_view rest = text.substr(std::min(line_end + 1, text.size()));
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    one = one.ends_with('\r') ? one.substr(0, one.size() - 1) : one;
    if (tabs_go) {
      one.remove_prefix(std::min(one.find_first_not_of('\t'), one.size()));
    }
    if (one == word) {
      out.complete = true;
      break;
    }
    out.body.append(one).append("\n");
  }
  return out;
}

bool Shell::wants_more(std::string_view text) {
  if (!is_kubectl(text)) {
    return false;
  }
  if (const auto document = here_document(text)) {
    return !document->complete;
  }
  const auto words = kubectl::split_words(text);
  return !words && (words.error().starts_with("unclosed") || text.ends_with('\\'));
}

Shell::Shell(std::shared_ptr<const scenario::Scenario> cluster, ShellOptions options)
    : state_(std::make_unique<State>(std::move(cluster), std::move(options))) {}
Shell::Shell(Shell&& other) noexcept = default;
Shell& Shell::operator=(Shell&& other) noexcept = default;
Shell::~Shell() = default;

const Reply& Shell::beginning() const {
  return state_->beginning();
}

Reply Shell::enter(std::string_view line) {
  return state_->enter(line);
}

const scenario::Session& Shell::session() const {
  return state_->now().session;
}

std::string Shell::prompt() const {
  return fmt::format("stsim {}> ", report::clock(session().world().now));
}

std::vector<std::string> Shell::completions(std::string_view up_to_cursor) const {
  return completions_of(*state_, up_to_cursor);
}

Reply State::enter(std::string_view typed) {
  try {
    return carry_out(typed);
  } catch (const std::exception& error) {
    return refused(fmt::format("this could not be carried out: {}", shown(error.what())),
                   "the session is where it was before");
  }
}

Reply State::carry_out(std::string_view typed) {
  const std::string_view text = without_prompt(trimmed(typed));
  if (text.size() > kLongestLine) {
    return refused(fmt::format("this line has {} characters: too many", text.size()),
                   "put manifests into a file");
  }
  if (text.empty() || text.starts_with('#')) {
    return {};
  }
  if (is_kubectl(text)) {
    if (const auto document = here_document(text)) {
      return enter_manifests(document->command, document->body);
    }
  }
  if (looks_like_yaml(text)) {
    auto step = step_of_yaml(text, typed_folder());
    return step ? take_document((*step)->source, {std::string(text), {}}) : refused(step.error());
  }
  const auto words = kubectl::split_words(text);
  if (!words) {
    return refused(words.error(), "lines are split into words as a shell does it");
  }
  if (words->empty()) {
    return {};
  }
  const Line line{std::string(text), *words};
  const std::string& first = words->front();
  if (first == "kubectl") {
    return kubectl(line);
  }
  const auto rows = command_rows();
  const auto row = std::ranges::find(rows, std::string_view(first), &CommandRow::name);
  const bool is_watch_step = first == "watch" && words->size() > 2;
  if (row != rows.end() && !is_watch_step) {
    return (this->*row->carry_out)(line);
  }
  if (auto document = document_of_words(*words)) {
    return *document ? take_document(**std::move(document), line) : refused(document->error());
  }
  return kubectl::is_command(first) ? kubectl(line) : unknown(line);
}

Reply State::kubectl(const Line& line) {
  std::string text = line.text;
  if (line.words.front() == "kubectl") {
    text = trimmed(std::string_view(text).substr(text.find("kubectl") + 7));
    if (line.words.size() == 1) {
      return refused("a command line without a command", "for instance: get pods");
    }
  }
  const auto end = std::ranges::find(line.words, "--");  // what is behind it is a container's
  const bool asks = std::any_of(line.words.begin(), end, [](const std::string& word) {
    return word == "-h" || word == "--help";
  });
  return asks ? help_of_verb(line) : take_document({{"kubectl", text}}, line);
}

Reply State::help_of_verb(const Line& line) {
  const std::size_t first = line.words.front() == "kubectl" ? 1 : 0;
  const std::string& word = line.words[first];
  if (word.starts_with('-')) {
    return help({"help kubectl", {"help", "kubectl"}});
  }
  std::string out;
  for (const std::string& verb : kubectl::verb_names()) {
    if (verb.substr(0, verb.find(' ')) == word) {
      std::string options;
      for (const std::string& option : kubectl::option_names(verb)) {
        options += " " + option;
      }
      out += fmt::format("kubectl {}:{}\n", verb, options.empty() ? " no options" : options);
    }
  }
  return out.empty()
             ? unknown({line.text, {word}})
             : Reply{fitted("It is as kubectl's own; these options are known here.\n" + out +
                            "Objects come from manifests: example makes some, apply -f FILE "
                            "and apply -f - <<EOF take yours; explain sts.spec tells what "
                            "stands in them.\n"),
                     "",
                     0,
                     false};
}

Reply State::enter_manifests(const std::string& command, const std::string& body) {
  auto words = kubectl::split_words(command).value_or(std::vector<std::string>());
  if (!words.empty() && words.front() == "kubectl") {
    words.erase(words.begin());
  }
  const bool from_input =
      words.size() == 3 && (words[1] == "-f" || words[1] == "--filename") && words[2] == "-";
  const bool known = words.size() == 3 && (words[0] == "apply" || words[0] == "create");
  if (!from_input || !known) {
    return refused("lines can be given to `apply -f -` and `create -f -` alone",
                   "for all else put them into a file");
  }
  const api::Manifests manifests = api::read_manifests(body);
  if (!manifests.error.empty()) {
    return refused(fmt::format("error parsing STDIN: {}", manifests.error));
  }
  if (manifests.documents.empty()) {
    return refused(fmt::format("no objects passed to {}", words[0]));
  }
  return take_document({{words[0], manifests.documents}}, {command, words});
}

Reply State::take_document(api::Json document, const Line& line) {
  const std::filesystem::path& folder = now_.origin->scenario->folder;
  auto step = step_of(moved_step(std::move(document), typed_folder(), folder), folder);
  return step ? take({*step}, line) : refused(step.error());
}

Reply State::unknown(const Line& line) const {
  std::vector<std::string> words{"kubectl"};
  for (const CommandRow& row : command_rows()) {
    words.emplace_back(row.name);
  }
  for (const WordForm& form : word_forms()) {
    words.emplace_back(form.key);
  }
  for (const std::string& verb : kubectl::verb_names()) {
    if (verb.find(' ') == std::string::npos) {
      words.push_back(verb);
    }
  }
  const std::vector<std::string_view> views(words.begin(), words.end());
  const std::string near = closest(line.words.front(), views);
  return refused(fmt::format("unknown command \"{}\"", shown(line.words.front())),
                 near.empty() ? "see help" : did_you_mean(near));
}

std::filesystem::path State::typed_folder() const {
  return options_.folder.value_or(now_.origin->scenario->folder);
}

Result<scenario::Scenario> load_cluster(const std::filesystem::path& file,
                                        const std::filesystem::path& folder) {
  auto loaded = scenario::load_scenario(file);
  if (!loaded) {
    return loaded;
  }
  for (scenario::Step& step : loaded->steps) {
    const api::Json moved = moved_step(step.source, loaded->folder, folder);
    if (moved == step.source) {
      continue;
    }
    auto again = step_of(moved, folder);
    if (!again) {
      return tl::unexpected(
          UserErrors{{step.mark, again.error().message, again.error().hint, step.line}});
    }
    scenario::Step with_place = **again;
    with_place.mark = step.mark;
    with_place.line = step.line;
    step = std::move(with_place);
  }
  loaded->folder = folder;
  return loaded;
}

}  // namespace stsim::shell
