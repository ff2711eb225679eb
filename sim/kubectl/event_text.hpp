#pragma once
// What tables and descriptions say about API events. Rules: KC-41, KC-44, KC-51.

#include <stsim/api/json.hpp>
#include <stsim/base/time.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace stsim::kubectl {

/// The timestamps as documents have them; null where the event has none.
[[nodiscard]] const api::Json& event_first_seen(const api::Json& event);
[[nodiscard]] const api::Json& event_last_seen(const api::Json& event);

/// How often the event was seen, at least 1.
[[nodiscard]] std::int64_t event_count(const api::Json& event);

/// `kubelet, node1`, `statefulset-controller`.
[[nodiscard]] std::string event_source(const api::Json& event);

/// `10s`, or `3s (x4 over 20s)` for repeats. Rule: KC-51.
[[nodiscard]] std::string event_interval(const api::Json& event, SimTime now);

/// `text` without white space at its ends.
[[nodiscard]] std::string trimmed(std::string_view text);

}  // namespace stsim::kubectl
