#pragma once
// From what was typed to steps of the scenario language. Private to the module.

#include <stsim/api/json.hpp>
#include <stsim/base/error.hpp>
#include <stsim/scenario/scenario.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::shell {

using StepPtr = std::shared_ptr<const scenario::Step>;

/// What was wrong with a line, and what to do about it; without line ends.
struct LineError {
  std::string message;
  std::string hint;
};

/// The step of a document, `{"advance": "30s"}`, as a scenario in `folder` would have it.
[[nodiscard]] Result<StepPtr, LineError> step_of(const api::Json& document,
                                                 const std::filesystem::path& folder);

/// The step of a line in the scenario's own form: `scale: {statefulset: web, replicas: 3}`.
[[nodiscard]] Result<StepPtr, LineError> step_of_yaml(std::string_view line,
                                                      const std::filesystem::path& folder);

/// Whether a line is in the scenario's own form.
[[nodiscard]] bool looks_like_yaml(std::string_view line);

/// How a step that is no command line is typed as words.
struct WordForm {
  std::string_view key;      ///< of the step: its first word
  std::string_view subject;  ///< the member that the first word without a name is; "" for none
  std::string_view members;  ///< those whose names stand before their values, between blanks
  std::string_view fillers;  ///< words that say nothing
  std::string_view usage;
  std::string_view help;
};
[[nodiscard]] std::span<const WordForm> word_forms();

/// The document of a step typed as words: `pod web-1 becomes crashing`. Nothing if the first word
/// begins no such step. Errors: words that have no place in it.
[[nodiscard]] std::optional<Result<api::Json, LineError>> document_of_words(
    const std::vector<std::string>& words);

/// A word as it can be shown: without what a terminal would take for something else, and not too
/// long.
[[nodiscard]] std::string shown(std::string_view word);

}  // namespace stsim::shell
