#pragma once
// Defaults of the parts that several kinds share.

#include <stsim/api/decode.hpp>

#include <string_view>

namespace stsim::api::defaults {

/// Sets `object[key]` where it is missing or null.
void set(Json& object, std::string_view key, Json value);

/// The object in `owner[key]`, or nullptr where there is none.
[[nodiscard]] Json* object_in(Json& owner, std::string_view key);

/// Calls `visit` with each object in the list `owner[key]`.
template <class Visit>
void each(Json& owner, std::string_view key, Visit visit) {
  const auto at = owner.find(key);
  if (at != owner.end() && at->is_array()) {
    for (Json& element : *at) {
      if (element.is_object()) {
        visit(element);
      }
    }
  }
}

/// Defaults of a pod's spec, also inside a template. Rules: SS-80a, PN-11.
void pod_spec(Json& spec, Release release);

/// What a pod alone gets, on top of pod_spec: requests from limits, service links, host ports,
/// priority, tolerations, and at creation its status. Rules: PN-1, PN-61, SS-80a.
void pod(Json& document, bool creating);

/// Guaranteed, Burstable or BestEffort.
[[nodiscard]] std::string_view qos_class(const Json& pod_spec);

/// Rules: VA-11.
void service(Json& document, const Json& old);

}  // namespace stsim::api::defaults
