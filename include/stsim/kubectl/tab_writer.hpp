#pragma once
// Text in aligned columns, as Go's tab writer makes it: cells end at tabs, lines at newlines, and
// consecutive lines that have a cell in a column form a block of one width. Everything that kubectl
// aligns goes through it. Rules: KC-40, KC-50.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::kubectl {

/// How wide columns are made. Units: characters.
struct TabStyle {
  std::size_t min_width{};  ///< of a cell, padding included
  std::size_t padding{};    ///< added to the widest cell of a block
  bool remember_widths{};   ///< a column never becomes narrower again, also after take()
};

/// The style of tables: KC-40.
inline constexpr TabStyle kTableStyle{6, 3, true};

/// The style of describe: KC-50.
inline constexpr TabStyle kDescribeStyle{0, 2, false};

/// Collects text and aligns it. A cell is what a tab ends; the rest of a line belongs to no column
/// and is not padded, and a line without tabs ends all blocks.
class TabWriter {
 public:
  explicit TabWriter(TabStyle style) : style_(style) {}

  /// Adds text. Vertical tabs end cells as tabs do, form feeds end lines as newlines do.
  void write(std::string_view text) { buffer_ += text; }

  /// What was written since the last call, aligned.
  [[nodiscard]] std::string take();

 private:
  struct Cell {
    std::string text;
    std::size_t width{};  ///< in characters
  };
  using Line = std::vector<Cell>;

  void split();
  void format(std::size_t first, std::size_t last);
  void print(std::size_t first, std::size_t last);
  [[nodiscard]] std::size_t remembered(std::size_t column, std::size_t width);

  TabStyle style_;
  std::string buffer_;
  std::vector<Line> lines_;
  std::vector<std::size_t> widths_;
  std::vector<std::size_t> max_widths_;
  std::size_t printed_{};
  std::string out_;
};

/// The number of characters (code points) of UTF-8 text.
[[nodiscard]] std::size_t count_characters(std::string_view text);

/// `text` aligned in one go.
[[nodiscard]] std::string align(TabStyle style, std::string_view text);

}  // namespace stsim::kubectl
