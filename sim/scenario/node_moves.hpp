#pragma once
// What node steps make of nodes.

#include <stsim/scenario/scenario.hpp>
#include <stsim/world/client.hpp>

#include <string>

namespace stsim::scenario {

/// Makes a node become what a step says; of one that is drained, waits until its pods are gone,
/// where pods move by themselves. Returns an error in words where there is no such node, it is so
/// already, or the API server refuses. Rules: PN-60, PN-63, PN-64.
std::string move_node(world::Client& user, const std::string& name, NodeFate fate);

}  // namespace stsim::scenario
