#pragma once
// From a scenario that breaks something to the smallest one that still does.

#include <stsim/api/json.hpp>
#include <stsim/scenario/scenario.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace stsim::experiment {

/// What a run breaks: `guarantee SS-112`, `expectation {"pods":…}`; nothing where all holds. Two
/// runs that break the same give the same text.
[[nodiscard]] std::optional<std::string> failure_of(const scenario::Scenario& scenario);

/// A scenario as a document, as its file has it.
struct Shrinking {
  api::Json document;
  std::filesystem::path folder;  ///< that paths in it are relative to
  std::string failure;           ///< failure_of() that has to stay
  std::size_t most_runs{20'000};
  /// Told after each run how many there were, and how large the document is.
  std::function<void(std::size_t runs, std::size_t size)> progress;
};

/// What came of it.
struct Shrunk {
  api::Json document;
  std::size_t runs{};
  bool smallest{};  ///< nothing more can be left out; false where most_runs ended it before
};

/// The document of a scenario file. Errors: as of loading it.
[[nodiscard]] Result<api::Json> document_of(const std::filesystem::path& file);

/// Leaves out steps, parts of steps and of all else, and makes numbers smaller, as long as the same
/// is broken. Deterministic. Pre: the document breaks `failure`.
[[nodiscard]] Shrunk shrink(const Shrinking& task);

/// How many values a document has.
[[nodiscard]] std::size_t size_of(const api::Json& document);

}  // namespace stsim::experiment
