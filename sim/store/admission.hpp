#pragma once
// What stands between a request and the store: what plug-ins refuse, and what a Service is given.

#include <stsim/store/store.hpp>

#include <optional>

namespace stsim::store {

/// Why a pod may not be made, before it is validated. There are no priority classes but the two for
/// the system, and no runtime classes.
[[nodiscard]] std::optional<api::ApiError> refuse_pod(const api::ObjectKey& pod,
                                                      const api::Json& spec);

/// Why a claim may not grow, after its update was validated. Rule: PV-7.
[[nodiscard]] std::optional<api::ApiError> refuse_growth(const Store& store,
                                                         const api::Object& claim,
                                                         const api::Object& stored);

/// Gives a Service the address it asks for, or the lowest free one; none where it is headless or
/// leads to an external name. Errors: Invalid (taken, out of range), InternalError (none is left).
/// Rule: VA-11.
[[nodiscard]] std::optional<api::ApiError> give_cluster_ip(const Store& store,
                                                           api::Object& service);

/// Gives each port of a Service that nodes serve the port of the nodes that it asks for, or a free
/// one; those of `old`, which is null for a new Service, are its own. Errors: Invalid (taken, out
/// of range), InternalError (none is left). Source: the server's allocators
/// (pkg/registry/core/service).
[[nodiscard]] std::optional<api::ApiError> give_node_ports(const Store& store,
                                                           api::Object& service,
                                                           const api::Object* old);

}  // namespace stsim::store
