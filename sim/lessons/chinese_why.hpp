#pragma once
// An answer of `why` in Chinese. Private to the module.

#include <stsim/diagnosis/why.hpp>

#include <string>

namespace stsim::lessons {

/// The answer with Chinese around its reasons, which are those of records; how an object that is
/// all right came about is told by records alone.
[[nodiscard]] std::string chinese_why(const diagnosis::Answer& answer);

}  // namespace stsim::lessons
