#pragma once
// Expectations of scenarios.

#include <stsim/scenario/runner.hpp>

#include <string>
#include <vector>

namespace stsim::scenario {

/// What does not hold of an expectation: one line each, with what was expected and what is.
[[nodiscard]] std::vector<std::string> differences(
    const ExpectStep& expect,
    const world::World& world,
    const std::optional<kubectl::Output>& last_output,
    const std::optional<std::vector<std::pair<std::string, std::string>>>& last_moved);

}  // namespace stsim::scenario
