#pragma once
// When steps are taken. Private to the module.

#include <stsim/scenario/session.hpp>

#include <memory>

namespace stsim::lessons {

/// The step at the time at which a run would take it, a pause behind the one before. Clusters of
/// lessons know of no pause, as time stands still in the shell of a goal, which goes on from them.
[[nodiscard]] std::shared_ptr<const scenario::Step> at_its_turn(
    const std::shared_ptr<const scenario::Step>& step, const scenario::Session& session);

}  // namespace stsim::lessons
