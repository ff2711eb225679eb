#pragma once
// What can happen to a cluster beyond what its users and controllers do.

namespace stsim::world {

/// What can happen to a node. Rules: PN-60 to PN-63.
enum class NodeFault : unsigned char {
  Down,         ///< the machine loses power: nothing runs there any more
  Unreachable,  ///< its kubelet stops or cannot be heard; what runs there runs on
  Up,           ///< it comes back after a while, with its kubelet
};

}  // namespace stsim::world
