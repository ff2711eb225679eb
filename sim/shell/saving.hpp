#pragma once
// A session as a scenario file. Private to the module.

#include <stsim/api/json.hpp>
#include <stsim/scenario/scenario.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace stsim::shell {

/// A step to be written, and what stands above it as a comment; empty for none.
struct SavedStep {
  std::shared_ptr<const scenario::Step> step;
  std::string comment;
};

/// What is to be written.
struct Saving {
  std::string name;  ///< of the scenario; other characters than a name may have become dashes
  const scenario::Scenario* cluster{};
  api::Json head;  ///< its document without the steps; null: only what the scenario itself tells
  std::vector<SavedStep> steps;
  std::filesystem::path steps_folder;  ///< that paths of the steps are relative to
  std::filesystem::path head_folder;   ///< and those of the head
  std::filesystem::path folder;        ///< of the new file
};

/// The text of a scenario that leads to the same.
[[nodiscard]] std::string scenario_text(const Saving& saving);

/// A path that is relative to one folder, relative to another.
[[nodiscard]] std::string moved_path(const std::string& path,
                                     const std::filesystem::path& from,
                                     const std::filesystem::path& to);

/// The document of a step whose paths are relative to one folder, relative to another.
[[nodiscard]] api::Json moved_step(api::Json step,
                                   const std::filesystem::path& from,
                                   const std::filesystem::path& to);

}  // namespace stsim::shell
