#include "cli/stats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace stsim::cli {

namespace {

/// `1,234,567`.
std::string with_commas(std::uint64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3; at -= 3) {
    out.insert(at - 3, ",");
  }
  return out;
}

}  // namespace

std::string stats_line(const scenario::Tally& tally, std::chrono::milliseconds took) {
  constexpr std::uint64_t kMillisecondsPerSecond = 1000;
  constexpr std::size_t kBytesPerMebibyte = 1U << 20U;
  const auto milliseconds = static_cast<std::uint64_t>(took.count());
  const std::uint64_t rate =
      tally.events * kMillisecondsPerSecond / std::max<std::uint64_t>(milliseconds, 1);
  return fmt::format(
      "stats: {} events, {} API writes, {} syncs in {}.{:03} s: {} events/s; peak memory {} MiB\n",
      with_commas(tally.events),
      with_commas(tally.writes),
      with_commas(tally.syncs),
      milliseconds / kMillisecondsPerSecond,
      milliseconds % kMillisecondsPerSecond,
      with_commas(rate),
      with_commas(peak_memory() / kBytesPerMebibyte));
}

}  // namespace stsim::cli
