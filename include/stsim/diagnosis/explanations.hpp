#pragma once
// The moments of a run at which something was stuck, each with its explanation: for pages that
// somebody looks at when the run is over.

#include <stsim/base/time.hpp>
#include <stsim/scenario/scenario.hpp>

#include <memory>
#include <string>
#include <vector>

namespace stsim::diagnosis {

/// What was the matter with some objects from an instant on.
struct Explanation {
  SimTime from;
  SimTime to;  ///< when the next step was taken; the end of time if none was
  std::vector<api::ObjectKey> objects;  ///< the one that was asked about, and those in its chain
  std::string text;                     ///< Answer::text
};

/// Looks at a run after each of its steps: of each set that is stuck then, why. At most `most`,
/// those that come first.
[[nodiscard]] std::vector<Explanation> explanations_of(
    const std::shared_ptr<const scenario::Scenario>& scenario, std::size_t most);

}  // namespace stsim::diagnosis
