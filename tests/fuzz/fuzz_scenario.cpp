// Any bytes as a scenario: loading them ends, with a scenario or with errors that can be printed.
#include <stsim/scenario/load.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto loaded = stsim::scenario::load_scenario_text(text, "fuzz.yaml", ".");
  if (loaded) {
    for (const stsim::scenario::Step& step : loaded->steps) {
      // A recording has every step as JSON text, which must be possible.
      STSIM_ASSERT(!step.source.dump().empty());
    }
  } else {
    STSIM_ASSERT(!loaded.error().empty() && !to_string(loaded.error()).empty());
  }
  return 0;
}
