#pragma once
// What does not hold of an expectation.

#include <stsim/api/json.hpp>

#include <string>
#include <vector>

namespace stsim::scenario {

/// One thing that was expected, and what is.
struct Difference {
  /// How `found` should stand to `wanted`.
  enum class Relation : unsigned char {
    Equal,     ///< `wanted` can also be bounds of a number: {least: 1, most: 3}
    Present,   ///< an object is wanted, or, where `wanted` is null, none; `found` is a boolean
    Contains,  ///< a text is wanted in a text
    Lacks,     ///< a text is wanted to be in no place of a text
    Known,     ///< `found` says why it cannot be told
  };

  std::vector<std::string> path;  ///< {"pods", "web-0", "ready"}, {"counts", "web", "total"}
  Relation relation{};
  api::Json wanted;
  api::Json found;
};

/// A line: `pods.web-0.ready: expected true, found false`.
[[nodiscard]] std::string to_text(const Difference& difference);

}  // namespace stsim::scenario
