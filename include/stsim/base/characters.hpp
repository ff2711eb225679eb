#pragma once
// Classes of ASCII characters, whatever the locale.

namespace stsim {

/// Whether `c` is one of 0 to 9.
[[nodiscard]] constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Whether `c` is a letter or digit of ASCII.
[[nodiscard]] constexpr bool is_alphanumeric(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace stsim
