#pragma once
// Two lists of lines side by side.

#include <string>
#include <vector>

namespace stsim::experiment {

/// A line that stands in one of two lists, or in both.
struct DifferenceLine {
  char side{};              ///< `-` only in the first, `+` only in the second, ` ` in both
  const std::string* line;  ///< of one of the lists
};

/// The shortest way from one list to the other, whole.
[[nodiscard]] std::vector<DifferenceLine> line_difference(const std::vector<std::string>& first,
                                                          const std::vector<std::string>& second);

/// The same as text, a line each, with as many unchanged lines around each change as `context`;
/// what is left out between is `…`.
[[nodiscard]] std::string in_context(const std::vector<DifferenceLine>& lines, std::size_t context);

}  // namespace stsim::experiment
