#pragma once
// --stats, which every sub-command has that simulates: what all that it ran has taken. Private to
// the module.

#include "stopwatch.hpp"

#include <stsim/scenario/tally.hpp>

#include <string>

namespace stsim::cli {

inline constexpr const char* kStatsOption = "--stats";

/// A line: events, API writes, syncs, time, events a second and the most memory that was held.
[[nodiscard]] std::string stats_line(const scenario::Tally& tally, std::chrono::milliseconds took);

}  // namespace stsim::cli
