#pragma once
// How far a long command has come. Private to the module.

#include "cli/stopwatch.hpp"

#include <unistd.h>

#include <chrono>
#include <ostream>
#include <string>
#include <utility>

namespace stsim::cli {

/// A line on standard error that is written over again and again, on terminals only, from a second
/// after its making on and not too often. It is gone when this is.
class ProgressLine {
 public:
  explicit ProgressLine(std::ostream& out) : out_(out) {}
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() { clear(); }

  /// Shows a text in its place.
  void show(const std::string& text) {
    constexpr std::chrono::milliseconds kBetween{200};
    if (terminal_ && stopwatch_.elapsed() >= next_) {
      next_ = stopwatch_.elapsed() + kBetween;
      shown_ = true;
      out_ << "\r\x1b[K" << text << std::flush;
    }
  }

  /// Takes it away, before something else is printed.
  void clear() {
    if (std::exchange(shown_, false)) {
      out_ << "\r\x1b[K" << std::flush;
    }
  }

 private:
  std::ostream& out_;
  const bool terminal_{isatty(STDERR_FILENO) == 1};
  const Stopwatch stopwatch_;
  std::chrono::milliseconds next_{1000};  // what is over within a second shows nothing
  bool shown_{};
};

}  // namespace stsim::cli
