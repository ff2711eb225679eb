#pragma once
// Setting text in columns, where Chinese characters take two.

#include <cstddef>
#include <string>
#include <string_view>

namespace stsim {

/// How many columns of a terminal a text in UTF-8 takes; escape sequences take none.
[[nodiscard]] std::size_t columns(std::string_view text);

/// A text in lines of at most `width` columns; paragraphs are separated by empty lines, and lines
/// that begin with two blanks stay as they are. Lines break at blanks and beside wide characters,
/// but not before closing punctuation or behind opening punctuation. Ends with a line break. Each
/// line but the first of each paragraph begins with `indent`.
[[nodiscard]] std::string wrapped(std::string_view text,
                                  std::size_t width,
                                  std::string_view indent = "");

/// One line folded at blanks, where it is longer than `width`, into lines that begin with `indent`
/// blanks behind the first. Escape sequences count for nothing. Without a line break at the end.
[[nodiscard]] std::string folded(std::string_view line, std::size_t width, std::size_t indent);

}  // namespace stsim
