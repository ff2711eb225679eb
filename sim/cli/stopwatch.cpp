#include "stopwatch.hpp"

#include <sys/resource.h>

namespace stsim::cli {

std::size_t peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  constexpr std::size_t kUnit = 1024;
  return static_cast<std::size_t>(usage.ru_maxrss) * kUnit;
}

}  // namespace stsim::cli
