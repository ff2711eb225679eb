#pragma once
// Who acts in the simulated cluster.

#include <cstddef>
#include <string_view>

namespace stsim::engine {

/// The actors, in the order in which they go when several are due at the same instant.
enum class Actor : unsigned char {
  User,
  StatefulSetController,
  VolumeBinder,
  ClaimProtection,
  VolumeProtection,
  GarbageCollector,
  EndpointsController,
  EndpointSliceController,
  NodeController,
  TaintEvictionController,
  PodGarbageCollector,
  Placement,
  Kubelet,
};
/// How many actors there are.
inline constexpr std::size_t kActors = 13;

/// The name under which an actor stands in traces and recordings: `statefulset-controller`,
/// `persistent-volume-binder`, `user`.
[[nodiscard]] std::string_view name(Actor actor);

}  // namespace stsim::engine
