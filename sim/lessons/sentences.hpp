#pragma once
// What does not hold of an expectation, in sentences. Private to the module.

#include <stsim/lessons/language.hpp>
#include <stsim/scenario/difference.hpp>

#include <string>
#include <vector>

namespace stsim::lessons {

/// What something is held against.
enum class Against : unsigned char { Guess, Goal };

/// A sentence that says what is, and not what was expected: "Pod web-0 is not Ready."
[[nodiscard]] std::string sentence(const scenario::Difference& difference,
                                   Against against,
                                   Language language);

/// A sentence that says what stands at a path of a snapshot: "Claim data-web-0 is bound to pv1."
[[nodiscard]] std::string value_sentence(const std::vector<std::string>& path,
                                         const api::Json& value,
                                         Language language);

}  // namespace stsim::lessons
