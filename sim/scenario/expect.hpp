#pragma once
// Expectations of scenarios.

#include <stsim/scenario/difference.hpp>
#include <stsim/scenario/runner.hpp>

#include <string>
#include <vector>

namespace stsim::scenario {

/// What an expectation can be about beside the world. Holds references.
struct SoFar {
  const std::optional<kubectl::Output>& last_output;
  const std::optional<std::vector<std::pair<std::string, std::string>>>& last_moved;
  const std::map<std::string_view, check::Repeated>* hopes;  ///< null where nobody has watched
};

/// What does not hold of an expectation.
[[nodiscard]] std::vector<Difference> differences(const ExpectStep& expect,
                                                  const world::World& world,
                                                  const SoFar& so_far);

}  // namespace stsim::scenario
