#pragma once
// What the plug-ins refuse that stand between a request and the store.

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

}  // namespace stsim::store
