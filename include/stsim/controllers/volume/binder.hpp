#pragma once
// The volume binder: brings claims and volumes together, and releases volumes. Rules: PV-10 to
// PV-60.

#include <stsim/controllers/controller.hpp>

#include <functional>

namespace stsim::controllers::volume {

/// The annotation of a claim for which a volume is to be made on a node. Rule: PV-51.
inline constexpr const char* kSelectedNode = "volume.kubernetes.io/selected-node";

/// The claims and volumes that a change concerns. Rule: PV-11.
[[nodiscard]] std::vector<Again> concerned(const store::Change& change,
                                           const store::Cache& cache,
                                           SimTime now);

/// One sync of a claim or of a volume. Rules: PV-20 to PV-60.
[[nodiscard]] Plan decide(const api::ObjectKey& key,
                          const store::Cache& cache,
                          const Views& views,
                          SimTime now);

/// Claims and volumes for which time may bring something new. Rules: PV-11, PV-12.
[[nodiscard]] std::vector<api::ObjectKey> resync(const store::Cache& cache, const Views& views);

/// The storage class of a claim, or null where it names none or one that is not there. Rule: PV-2.
[[nodiscard]] api::ObjectPtr class_of(const api::Object& claim, const store::Cache& cache);

/// The volume for a claim that has waited for a pod, of those that `reachable` says can be used on
/// the pod's node, or null. Of several equally good ones the one with the smallest name. Rule:
/// PV-51.
[[nodiscard]] api::ObjectPtr find_volume_for_pod(
    const api::Object& claim,
    const std::vector<api::ObjectPtr>& volumes,
    const std::function<bool(const api::Object&)>& reachable);

/// The volume that a pod is there to empty, going by the pod's name; nothing if the pod is no such
/// pod. Rule: PV-60.
[[nodiscard]] std::optional<api::ObjectKey> scrubbed_by(const api::ObjectKey& pod);

/// The volume as it is written to give it to a claim; nothing where it says so already. Rule:
/// PV-40.
[[nodiscard]] std::optional<api::Object> reserve(const api::Object& volume,
                                                 const api::Object& claim);

}  // namespace stsim::controllers::volume
