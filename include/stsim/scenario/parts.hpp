#pragma once
// Parts of the scenario language, for files of other kinds that have clusters, steps and
// expectations in them. What is wrong is noted by the reader.

#include <stsim/api/yaml.hpp>
#include <stsim/scenario/reader.hpp>
#include <stsim/scenario/scenario.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace stsim::scenario {

/// All that a scenario says before its steps: release, images, timing, seed and so on, without its
/// name; of nothing, what is usual. `file` is named in messages.
[[nodiscard]] Scenario load_head(Reader& reader, const api::YamlNode& node, std::string_view file);

/// A list of steps; those that are wrong are left out.
[[nodiscard]] std::vector<Step> load_step_list(Reader& reader, const api::YamlNode& node);

/// What stands behind `expect:`; nothing where it is no mapping.
[[nodiscard]] std::optional<ExpectStep> load_expectation(Reader& reader, const api::YamlNode& node);

}  // namespace stsim::scenario
