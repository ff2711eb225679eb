#pragma once
// Runs a scenario and checks everything about it that can be checked without a real cluster.

#include <stsim/scenario/scenario.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace stsim::soak {

/// What a run has shown.
struct Examined {
  std::vector<std::string> faults;  ///< what is wrong; the run goes on, but only the first are kept
  std::size_t events{};             ///< after which the invariants were checked
  std::size_t syncs{};              ///< decisions that were compared with the plain transcription
  std::size_t rests{};              ///< how often the world came to rest and was checked again
  std::map<std::string, std::size_t> struck;  ///< by kind, the accidents that had an effect
};

/// Runs a scenario: after every call the invariants of check/ hold, at rest all of them unless a
/// fault of channels lasts, and no guarantee is broken; every decision of the StatefulSet
/// controller is that of the plain transcription of the rules. Of a step after which controllers go
/// round in circles only the first 2,000 writes are looked at.
[[nodiscard]] Examined examine(const scenario::Scenario& scenario);

}  // namespace stsim::soak
