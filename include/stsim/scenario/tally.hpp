#pragma once
// What a program's runs have cost, for it to say so at its end. Nothing is decided by it.

#include <cstdint>

namespace stsim::scenario {

/// What sessions have taken.
struct Tally {
  std::uint64_t events{};  ///< simulation events
  std::uint64_t writes{};  ///< API calls that change something, those that were refused included
  std::uint64_t syncs{};   ///< looks of a controller at an object
};

/// What all sessions of this process have taken so far, on all threads, also to tell again what had
/// happened.
[[nodiscard]] Tally tally();

}  // namespace stsim::scenario
