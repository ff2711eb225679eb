#pragma once
// Characters of ASCII: classes and letter case, whatever the locale.

#include <string>
#include <string_view>

namespace stsim {

/// Whether `c` is one of 0 to 9.
[[nodiscard]] constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Whether `c` is a letter or digit of ASCII.
[[nodiscard]] constexpr bool is_alphanumeric(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The text without white space of ASCII at either end.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// The text in lower or upper case; what is not ASCII stays.
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] std::string to_upper(std::string_view text);

}  // namespace stsim
