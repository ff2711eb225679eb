#pragma once
// Writers over a run: what is printed for people, recordings, and the trace as JSON lines. They
// only read; nothing is decided here.

#include <stsim/scenario/runner.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

namespace stsim::report {

/// How a run is shown.
struct ConsoleOptions {
  bool quiet{};  ///< only prompts and outputs, and the summary
  bool color{};
  /// Of one run among several its name. A quiet one takes one line then: whether all holds, the
  /// name and the summary; above it only what does not hold.
  std::string title{};
};

/// Prints each step as a prompt with its output, and between them, with virtual time, what each
/// actor did and by which rule; a summary at the end. The stream must outlive the result.
[[nodiscard]] std::unique_ptr<scenario::RunObserver> console(std::ostream& out,
                                                             const ConsoleOptions& options);

/// Writes a recording: one JSON object a line, one line a step. The stream must outlive the result.
[[nodiscard]] std::unique_ptr<scenario::RunObserver> recording(std::ostream& out);

/// Writes every record of the trace as a line of JSON. The stream must outlive the result.
[[nodiscard]] std::unique_ptr<scenario::RunObserver> trace_lines(std::ostream& out);

/// The time by the wall clock since the run began.
using Elapsed = std::function<std::chrono::milliseconds()>;

/// Shows on a terminal how far a run has come that takes more than a second: one line, which is
/// taken away before a step begins and after it has ended. The stream must outlive the result.
[[nodiscard]] std::unique_ptr<scenario::RunObserver> progress(std::ostream& out, Elapsed elapsed);

/// Hands everything on to several.
[[nodiscard]] std::unique_ptr<scenario::RunObserver> all_of(
    std::vector<std::unique_ptr<scenario::RunObserver>> observers);

}  // namespace stsim::report
