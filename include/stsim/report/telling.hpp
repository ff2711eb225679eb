#pragma once
// The words in which people read of a run as it goes on: shared by whoever prints it.

#include <stsim/check/watchdog.hpp>
#include <stsim/engine/trace.hpp>
#include <stsim/scenario/runner.hpp>

#include <string>
#include <string_view>

namespace stsim::report {

/// How a piece of text is set off from others.
enum class Style : unsigned char { Prompt, Dim, Bad };

/// The text as a terminal sets it off; the text itself without `color`.
[[nodiscard]] std::string styled(Style style, std::string_view text, bool color);

/// `+17.010s` since the beginning, in whole milliseconds.
[[nodiscard]] std::string clock(SimTime time);

/// What happened, as a line without its end: the time, who, and the record in words.
[[nodiscard]] std::string telling(const engine::TraceRecord& record);

/// The same, set off from what commands print.
[[nodiscard]] std::string telling(const engine::TraceRecord& record, bool color);

/// The lines of a text, of which those that tell what happened are folded to fit a width; what
/// commands print stays.
[[nodiscard]] std::string fit(const std::string& text, std::size_t width);

/// A hope that was broken, or a notice, with its first case: a line without its end.
[[nodiscard]] std::string telling(std::string_view source, const check::Repeated& repeated);

}  // namespace stsim::report
