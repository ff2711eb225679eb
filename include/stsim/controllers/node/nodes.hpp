#pragma once
// What becomes of the pods of a node that is in trouble: three controllers. Rules: PN-60 to PN-70.

#include <stsim/controllers/controller.hpp>

namespace stsim::controllers::node {

/// The node controller keeps the taints of a node as its condition Ready and its cordon say, and
/// takes the readiness of the pods on it that is not ready. Keys: nodes, and pods that come to such
/// a node. Rule: PN-60.
[[nodiscard]] std::vector<Again> concerned_nodes(const store::Change& change,
                                                 const store::Cache& cache,
                                                 SimTime now);
[[nodiscard]] Plan decide_node(const api::ObjectKey& key,
                               const store::Cache& cache,
                               const Views& views,
                               SimTime now);

/// The taint eviction controller deletes the pods that do not tolerate a taint NoExecute of their
/// node, or no longer. Keys: pods. Rule: PN-61.
[[nodiscard]] std::vector<Again> concerned_evictions(const store::Change& change,
                                                     const store::Cache& cache,
                                                     SimTime now);
/// Notes since when a pod is only tolerated.
void advance_evictions(Views& views,
                       const api::ObjectKey& key,
                       const store::Cache& cache,
                       SimTime now);
[[nodiscard]] Plan decide_eviction(const api::ObjectKey& key,
                                   const store::Cache& cache,
                                   const Views& views,
                                   SimTime now);

/// The pod garbage collector removes, every 20 s, pods whose node is gone for 40 s or is out of
/// service, and pods on their way out that never had a node. Keys: nodes, and such pods. Not
/// modelled: the threshold of pods that have ended. Rule: PN-70.
[[nodiscard]] std::vector<Again> concerned_garbage(const store::Change& change,
                                                   const store::Cache& cache,
                                                   SimTime now);
/// Notes since when a node is missing.
void advance_garbage(Views& views,
                     const api::ObjectKey& key,
                     const store::Cache& cache,
                     SimTime now);
[[nodiscard]] Plan decide_garbage(const api::ObjectKey& key,
                                  const store::Cache& cache,
                                  const Views& views,
                                  SimTime now);

}  // namespace stsim::controllers::node
