#pragma once
// How go-yaml (version 2) writes single values: which strings may stand without quotes, and where
// long ones are folded. Rule: VA-13.

#include <cstddef>
#include <string>
#include <string_view>

namespace stsim::kubectl {

/// Whether `text` without quotes would be read as something else than a string: null, a boolean, a
/// number, a date or a number to base 60.
[[nodiscard]] bool reads_as_other_type(std::string_view text);

/// Whether `a` comes before `b` among the keys of a mapping: natural order, numbers by value.
[[nodiscard]] bool yaml_key_less(std::string_view a, std::string_view b);

/// Where a value is written.
struct ScalarPlace {
  std::size_t column{};  ///< of its first character
  std::size_t indent{};  ///< of lines that continue it
  bool key{};            ///< a key of a mapping, which is never folded or written as a block
};

/// The string as YAML. What is written as a block literal ends in the newlines of the text.
[[nodiscard]] std::string yaml_string(std::string_view text, ScalarPlace place);

}  // namespace stsim::kubectl
