#pragma once
// What can be typed at a goal, in Chinese; in English the shell says it. Private to the module.

#include <cstddef>
#include <string>

namespace stsim::lessons {

/// A line for each command of the shell, folded to a width.
[[nodiscard]] std::string chinese_help(std::size_t width);

}  // namespace stsim::lessons
