#pragma once
// Which node a pod goes to, or why it cannot be placed yet: a pure function of the nodes, pods,
// claims and volumes as they were last seen. Hard rules of the real one that are modelled: claims,
// cordoned nodes, taints, node selector and affinity, cpu, memory and number of pods where a node
// declares what it has, ReadWriteOncePod, the affinity of volumes, affinity and anti-affinity of
// pods. Not modelled: host ports, topology spread constraints, preemption, dynamic resources.

#include <stsim/api/object.hpp>
#include <stsim/placement/placed_pods.hpp>
#include <stsim/store/watch.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace stsim::placement {

/// A claim that waited for a pod. Rule: PV-51.
struct ClaimOnNode {
  api::ObjectPtr claim;
  api::ObjectPtr volume;  ///< that it gets; null: one has to be provisioned
};

/// Where a pod goes.
struct Decision {
  std::string node;     ///< empty if it cannot be placed
  std::string message;  ///< then the words of the API Event FailedScheduling
  std::string why;      ///< what spoke for the node, or against all
  std::string_view rule;
  std::vector<ClaimOnNode> claims;  ///< to be seen to before the pod goes to its node
};

/// Decides about one pod. Of the nodes that fit it takes the one with the fewest soft taints that
/// the pod does not tolerate, then the fewest pods of the same controller, then the fewest pods,
/// then the first by name (numbers by value): the same pods on the same nodes give the same answer.
/// Pre: `placed` has seen what the cache has. Rules: PN-50, PN-52, PN-53, PV-51.
[[nodiscard]] Decision decide(const api::Object& pod,
                              const store::Cache& cache,
                              const PlacedPods& placed);

}  // namespace stsim::placement
