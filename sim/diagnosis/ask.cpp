#include "inquiry.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/diagnosis/ask.hpp>
#include <stsim/diagnosis/so_long.hpp>

#include <utility>
#include <vector>

namespace stsim::diagnosis {

namespace {

UserError refusal(std::string message, std::string hint = "") {
  return {{}, std::move(message), std::move(hint), ""};
}

std::string states_in_words(api::Kind kind) {
  std::vector<std::string_view> words;
  for (const State state : states_of(kind)) {
    words.push_back(to_string(state));
  }
  return fmt::format("one of {}", fmt::join(words, ", "));
}

Result<Answer, UserError> ask_why_not(const scenario::Session& session,
                                      std::span<const std::string> typed) {
  auto [ns, words] = take_namespace(typed);
  if (words.size() < 2) {
    return tl::unexpected(
        refusal("why not: an object and a state are needed", "for instance why not web-3 ready"));
  }
  const std::string state_word = std::move(words.back());
  words.pop_back();
  if (ns) {
    words.insert(words.end(), {"-n", *ns});
  }
  const auto object = find_object(session.world(), words);
  if (!object) {
    return tl::unexpected(refusal(object.error()));
  }
  const auto state = parse_state(state_word, object->kind);
  if (!state) {
    return tl::unexpected(refusal(
        fmt::format("\"{}\" is no state of a {}", state_word, api::info(object->kind).singular),
        states_in_words(object->kind)));
  }
  return why_not(session, *object, *state);
}

}  // namespace

Result<Answer, UserError> ask(const scenario::Session& session,
                              std::span<const std::string> words) {
  if (!words.empty() && words[0] == "not") {
    return ask_why_not(session, words.subspan(1));
  }
  if (words.size() > 1 && words[0] == "so" && words[1] == "long") {
    auto told = why_so_long(session, words.subspan(2));
    if (!told) {
      return tl::unexpected(refusal(std::move(told.error())));
    }
    return Answer{*std::move(told), false, false, std::nullopt};
  }
  const std::vector<std::string> named = take_namespace(words).words;
  if (named.size() == 2 && named[0].find('/') != std::string::npos) {
    return tl::unexpected(
        refusal(fmt::format("\"{}\" has no place behind {}", named[1], named[0]),
                fmt::format("why not {} {} asks why it is not so", named[0], named[1])));
  }
  const auto object = find_object(session.world(), words);
  if (!object) {
    return tl::unexpected(refusal(object.error()));
  }
  return why(session, *object);
}

}  // namespace stsim::diagnosis
