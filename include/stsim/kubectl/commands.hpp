#pragma once
// The words of kubectl's command lines, for whoever completes them as they are typed.

#include <string>
#include <string_view>
#include <vector>

namespace stsim::kubectl {

/// Whether kubectl has a command of this name, simulated or not.
[[nodiscard]] bool is_command(std::string_view name);

/// What is simulated, in alphabetical order: `get`, `rollout`, `rollout status`.
[[nodiscard]] std::vector<std::string> verb_names();

/// The options of a verb, in alphabetical order: `--filename`; none where there is no such verb.
[[nodiscard]] std::vector<std::string> option_names(std::string_view verb);

}  // namespace stsim::kubectl
