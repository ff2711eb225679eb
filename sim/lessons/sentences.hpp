#pragma once
// What does not hold of an expectation, in sentences. Private to the module.

#include <stsim/lessons/language.hpp>
#include <stsim/scenario/difference.hpp>

#include <string>

namespace stsim::lessons {

/// A sentence that says what is, and not what was expected: "pod web-0 is not Ready."
[[nodiscard]] std::string sentence(const scenario::Difference& difference, Language language);

}  // namespace stsim::lessons
