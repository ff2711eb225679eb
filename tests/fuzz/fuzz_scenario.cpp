// Any bytes as a scenario: loading it ends with errors that can be printed, or with a scenario that
// runs to its end.
#include <stsim/scenario/load.hpp>
#include <stsim/scenario/runner.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace stsim;

namespace {

/// What a run may take: enough for any situation, and an end to a million pods and to years.
constexpr std::size_t kMostSteps = 12;
constexpr std::size_t kMostObjects = 100;
constexpr std::uint64_t kMostEvents = 10'000;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto loaded = scenario::load_scenario_text(text, "fuzz.yaml", ".");
  if (!loaded) {
    STSIM_ASSERT(!loaded.error().empty() && !to_string(loaded.error()).empty());
    return 0;
  }
  for (const scenario::Step& step : loaded->steps) {
    // A recording has every step as JSON text, which must be possible.
    STSIM_ASSERT(!step.source.dump().empty());
  }
  loaded->steps.resize(std::min(loaded->steps.size(), kMostSteps));
  auto settings = std::make_shared<world::Settings>(*scenario::settings_of(*loaded));
  settings->most_objects = kMostObjects;
  settings->most_events = kMostEvents;
  scenario::Unobserved nobody;
  const auto summary = scenario::run(*loaded, nobody, settings);
  STSIM_ASSERT(summary.steps <= loaded->steps.size());
  return 0;
}
