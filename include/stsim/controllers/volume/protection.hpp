#pragma once
// The controllers that keep claims and volumes in use from going away. Rules: PV-70, PV-71.

#include <stsim/controllers/controller.hpp>

namespace stsim::controllers::volume {

/// Claims whose finalizer may have to go: changed ones, and those of pods that go; and claims whose
/// finalizer somebody has taken off too early. Rules: PV-9, PV-70.
[[nodiscard]] std::vector<Again> concerned_claims(const store::Change& change,
                                                  const store::Cache& cache,
                                                  SimTime now);
[[nodiscard]] Plan decide_claim(const api::ObjectKey& key,
                                const store::Cache& cache,
                                const Views& views,
                                SimTime now);

/// Volumes whose finalizer may have to go or to come back. Rules: PV-9, PV-71.
[[nodiscard]] std::vector<Again> concerned_volumes(const store::Change& change,
                                                   const store::Cache& cache,
                                                   SimTime now);
[[nodiscard]] Plan decide_volume(const api::ObjectKey& key,
                                 const store::Cache& cache,
                                 const Views& views,
                                 SimTime now);

}  // namespace stsim::controllers::volume
