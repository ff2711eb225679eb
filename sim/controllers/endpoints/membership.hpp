#pragma once
// Which pods stand behind a Service, and what is told of each.

#include <stsim/store/watch.hpp>

#include <vector>

namespace stsim::controllers::endpoints {

/// The typed part of a Service.
[[nodiscard]] const api::ServiceSpec& spec_of(const api::Object& service);

/// Rule: SD-2.
[[nodiscard]] bool selects(const api::ServiceSpec& service, const api::Object& pod);

/// The ports of a Service as they are on a pod.
[[nodiscard]] std::vector<api::EndpointPort> ports_of(const api::ServiceSpec& service,
                                                      const api::Object& pod);

/// The pods that a Service selects and that have an address, in natural order. Rules: SD-2, SD-3.
[[nodiscard]] std::vector<api::ObjectPtr> pods_behind(const api::Object& service,
                                                      const store::Cache& cache);

/// Rules: SD-4, SD-6.
[[nodiscard]] api::Endpoint endpoint_of(const api::Object& service, const api::Object& pod);

/// The labels of a Service, and those that tell of its endpoints.
[[nodiscard]] api::Labels labels_of(const api::Object& service);

}  // namespace stsim::controllers::endpoints
