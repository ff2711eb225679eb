#pragma once
// The garbage collector: deletes what nobody owns any more. Rules: GC-1 to GC-8,
// GC-10 to GC-16.

#include <stsim/controllers/controller.hpp>

namespace stsim::controllers::gc {

/// Objects that may have lost their owners, and owners that wait for their dependents.
[[nodiscard]] std::vector<Again> concerned(const store::Change& change,
                                           const store::Cache& cache,
                                           SimTime now);

/// What becomes of one object. Rules: GC-3 to GC-8.
[[nodiscard]] Plan decide(const api::ObjectKey& key,
                          const store::Cache& cache,
                          const Views& views,
                          SimTime now);

}  // namespace stsim::controllers::gc
