#pragma once
// The volume binder: brings claims and volumes together, and releases volumes. Rules: PV-10 to
// PV-60.

#include <stsim/controllers/controller.hpp>

namespace stsim::controllers::volume {

/// The claims and volumes that a change concerns. Rule: PV-11.
[[nodiscard]] std::vector<Again> concerned(const store::Change& change,
                                           const store::Cache& cache,
                                           SimTime now);

/// One sync of a claim or of a volume. Rules: PV-20 to PV-60.
[[nodiscard]] Plan decide(const api::ObjectKey& key, const store::Cache& cache, SimTime now);

/// Claims and volumes for which time may bring something new. Rules: PV-11, PV-12.
[[nodiscard]] std::vector<api::ObjectKey> resync(const store::Cache& cache);

/// The volume for a claim that names none, or null. Of several equally good ones the one with the
/// smallest name. Rules: PV-30 to PV-33.
[[nodiscard]] api::ObjectPtr find_volume(const api::Object& claim,
                                         const std::vector<api::ObjectPtr>& volumes,
                                         bool delay_binding);

}  // namespace stsim::controllers::volume
