#pragma once
// Times as people read them: to the millisecond. Private to the module.

#include <fmt/format.h>
#include <stsim/base/time.hpp>

#include <string>

namespace stsim::report {

/// `2.500s`.
[[nodiscard]] inline std::string in_milliseconds(SimDuration length) {
  const auto whole = std::chrono::floor<std::chrono::milliseconds>(length).count();
  return fmt::format("{}.{:03}s", whole / 1000, whole % 1000);
}

/// `+17.006s` since the beginning.
[[nodiscard]] inline std::string moment(SimTime time) {
  return "+" + in_milliseconds(time - kStartOfTime);
}

}  // namespace stsim::report
