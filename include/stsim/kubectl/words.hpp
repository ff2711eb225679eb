#pragma once
// Splitting a command line into words as a shell does it. Rule: KC-1.

#include <stsim/base/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace stsim::kubectl {

/// Words of `line` by the quoting rules of a POSIX shell: blanks separate, '…' keeps everything,
/// "…" keeps everything but \" \\ \$ \` and \newline, a backslash outside quotes keeps the next
/// character, `#` at the beginning of a word starts a comment. Nothing is expanded: `$`, `*`, `|`
/// and `>` stand for themselves.
/// Errors: `unclosed ' quote at character 7` (counted from 1), or a backslash at the very end.
[[nodiscard]] Result<std::vector<std::string>, std::string> split_words(std::string_view line);

/// A word as a shell needs it, so that split_words() gives it again: in single quotes, unless it is
/// plain.
[[nodiscard]] std::string quoted(std::string_view word);

}  // namespace stsim::kubectl
