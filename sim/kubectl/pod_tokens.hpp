#pragma once
// A script of the shell taken apart.

#include <string>
#include <string_view>
#include <vector>

namespace stsim::kubectl {

/// A word with its quotes, or an operator.
struct Token {
  bool is_operator{};
  std::string text;
};

/// A blank that ends a word.
inline bool is_space(char c) {
  return c == ' ' || c == '\t';
}

/// A character of a variable's name.
bool is_name(char c);

/// The end of what begins at `at` with an opening quote, `$(` or a backtick; npos if it has none or
/// holds more than 50 levels of such groups.
std::size_t end_of_group(std::string_view text, std::size_t at, int level = 0);

/// Takes a script apart. Errors: false where a quote is not closed.
bool tokenize(std::string_view script, std::vector<Token>& out);

}  // namespace stsim::kubectl
