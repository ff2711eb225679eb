#pragma once
// Moving pods by hand: what stands in for kubelets in stepped mode.

#include <stsim/scenario/scenario.hpp>
#include <stsim/world/client.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace stsim::scenario {

/// Makes a pod of namespace default become what a step says; places it first where it has no node.
/// Returns an error in words where there is no such pod, or the API server refuses.
std::string move_pod(world::Client& kubelet, const api::ObjectKey& key, PodFate fate);

/// The next pod that would move by itself, and what it would become: the first by name that is on
/// its way out (gone) or Pending with all claims bound and no broken image (ready).
std::optional<std::pair<api::ObjectKey, PodFate>> next_move(const world::World& world);

}  // namespace stsim::scenario
