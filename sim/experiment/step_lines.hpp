#pragma once
// The lines that approved texts and comparisons have of a step.

#include <stsim/experiment/account.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace stsim::experiment {

/// `  - statefulset-controller: create pods web-1: web-1 is missing  [SS-115]`.
[[nodiscard]] std::string line_of(const Happening& happening);

/// All of a step, chores only if they are asked for; `index` counts from 0, what is shown from 1.
[[nodiscard]] std::vector<std::string> lines_of(const StepAccount& step,
                                                std::size_t index,
                                                bool chores);

/// A text in one line: ends of lines become `\n`.
[[nodiscard]] std::string one_line(std::string_view text);

/// A text's lines, without their ends, of either kind.
[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

}  // namespace stsim::experiment
