#pragma once
// Simulated time and its printed forms. Only the world knows what time it is: the clock type has
// no now(). Instants count microseconds since 1970-01-01T00:00:00Z; everything printed is UTC.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stsim {

/// The clock of the simulated world. Deliberately without now().
struct SimClock {
  using rep = std::int64_t;
  using period = std::micro;
  using duration = std::chrono::duration<rep, period>;
  using time_point = std::chrono::time_point<SimClock>;
  static constexpr bool is_steady = true;
};

/// A length of simulated time. Units: microseconds, signed.
using SimDuration = SimClock::duration;

/// An instant of simulated time. Units: microseconds since the Unix epoch, UTC.
using SimTime = SimClock::time_point;

/// Where every scenario begins: 2026-01-01T00:00:00Z.
inline constexpr SimTime kStartOfTime{std::chrono::seconds{1767225600}};

/// A user's number of seconds as a duration, at most a century either way: any number is safe.
[[nodiscard]] SimDuration seconds_of(std::int64_t seconds);

/// `time` cut to whole seconds, as the API keeps its timestamps.
[[nodiscard]] SimTime whole_seconds(SimTime time);

/// `2026-01-01T00:00:00Z`, in whole seconds.
[[nodiscard]] std::string to_rfc3339(SimTime time);

/// `2026-01-01T00:00:00.000000Z`, as API Events and leases carry it.
[[nodiscard]] std::string to_rfc3339_micro(SimTime time);

/// `Thu, 01 Jan 2026 00:00:00 +0000`, as describe prints it.
[[nodiscard]] std::string to_rfc1123z(SimTime time);

/// Reads what to_rfc3339 and to_rfc3339_micro write (any fraction, `Z` or an offset).
/// Errors: nothing where the text is not such a time.
[[nodiscard]] std::optional<SimTime> parse_rfc3339(std::string_view text);

/// kubectl's short form of an age: `5s`, `2m5s`, `47h`, `2d`, `<invalid>`. Rule: KC-42.
[[nodiscard]] std::string human_duration(SimDuration age);

/// Reads a Go duration: `90s`, `1m30s`, `500ms`, `1.5h`, `0`, with an optional sign.
/// Errors: nothing where the text is not one or does not fit.
[[nodiscard]] std::optional<SimDuration> parse_duration(std::string_view text);

/// The text Go prints for a duration: `1m30s`, `500ms`, `0s`.
[[nodiscard]] std::string to_go_string(SimDuration duration);

/// Seconds with the fraction that is needed and no more: `0.002s`, `31s`. For traces.
[[nodiscard]] std::string to_seconds_string(SimDuration duration);

}  // namespace stsim
