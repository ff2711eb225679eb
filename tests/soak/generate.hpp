#pragma once
// Random scenarios in the style of conformance/scenarios/random: a set, volumes for it, and users,
// kubelets and accidents that do anything to it at any time.

#include <cstdint>
#include <string>

namespace stsim::soak {

/// A scenario's text; the same for the same seed.
[[nodiscard]] std::string scenario_text(std::uint64_t seed);

}  // namespace stsim::soak
