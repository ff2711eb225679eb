#pragma once
// From a scenario's file to a Scenario, with all that is wrong with it in one go. Whatever a file
// holds, loading it ends soon and with either a scenario or errors.

#include <stsim/scenario/scenario.hpp>

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace stsim::scenario {

/// Reads a scenario file. Errors: it cannot be read, is no YAML, has unknown or repeated keys,
/// wrong types or values, steps that name files which are not there, command lines with open
/// quotes; with place, line and, where something similar would be right, a suggestion.
[[nodiscard]] Result<Scenario> load_scenario(const std::filesystem::path& file);

/// The same from a text. `file` is named in marks; files of steps are looked for in `folder`.
[[nodiscard]] Result<Scenario> load_scenario_text(std::string_view text,
                                                  std::string_view file,
                                                  const std::filesystem::path& folder);

/// The scenario files that arguments of a command line mean: a file is itself; a folder stands for
/// every `*.yaml` and `*.yml` below it that is a scenario, in bytewise order of path, folders named
/// `manifests` left out. Errors: what does not exist, and folders without any scenario.
[[nodiscard]] Result<std::vector<std::filesystem::path>> find_scenarios(
    std::span<const std::filesystem::path> arguments);

}  // namespace stsim::scenario
