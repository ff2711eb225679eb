#pragma once
// The wall clock and what the process has taken: for --stats and the progress of a long run, which
// nothing else depends on.

#include <chrono>
#include <cstddef>

namespace stsim::cli {

/// Counts from its making.
class Stopwatch {
 public:
  [[nodiscard]] std::chrono::milliseconds elapsed() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start_);
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_{Clock::now()};
};

/// The most memory in bytes that the process has held so far.
[[nodiscard]] std::size_t peak_memory();

}  // namespace stsim::cli
