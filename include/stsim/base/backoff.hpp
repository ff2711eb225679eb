#pragma once
// Delays that grow with each failure in a row.

#include <stsim/base/time.hpp>

#include <algorithm>
#include <cstdint>

namespace stsim {

/// The first delay, which doubles each time, and the longest. Pre: neither is negative.
struct Backoff {
  SimDuration first{};
  SimDuration most{};

  /// The delay after a failure, `failures` others having come before it.
  [[nodiscard]] constexpr SimDuration after(std::uint64_t failures) const {
    SimDuration out = std::min(first, most);
    for (; failures > 0 && out > SimDuration{} && out < most; --failures) {
      out = std::min(out * 2, most);
    }
    return out;
  }

  bool operator==(const Backoff&) const = default;
};

}  // namespace stsim
