#pragma once
// The controllers that keep the addresses behind a Service: EndpointSlices, and the older
// Endpoints. Rules: SD-1 to SD-9.

#include <stsim/controllers/controller.hpp>

namespace stsim::controllers::endpoints {

/// The Services that a change of a Service or pod concerns. Rule: SD-2.
[[nodiscard]] std::vector<Again> concerned(const store::Change& change,
                                           const store::Cache& cache,
                                           SimTime now);

/// Keeps the EndpointSlices of a Service. Rules: SD-3, SD-4, SD-6, SD-7.
[[nodiscard]] Plan decide_slice(const api::ObjectKey& key,
                                const store::Cache& cache,
                                const Views& views,
                                SimTime now);

/// Keeps the Endpoints of a Service. Rules: SD-3, SD-5.
[[nodiscard]] Plan decide_endpoints(const api::ObjectKey& key,
                                    const store::Cache& cache,
                                    const Views& views,
                                    SimTime now);

}  // namespace stsim::controllers::endpoints
