#include <stsim/kubectl/tab_writer.hpp>

#include <algorithm>
#include <utility>

namespace stsim::kubectl {

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

void TabWriter::split() {
  lines_.assign(1, Line(1));
  for (const char c : buffer_) {
    switch (c) {
      case '\t':
      case '\v':
        lines_.back().emplace_back();
        break;
      case '\n':
      case '\f':
        lines_.emplace_back(1);
        break;
      default:
        lines_.back().back().text += c;
        break;
    }
  }
  buffer_.clear();
  for (Line& line : lines_) {
    for (Cell& cell : line) {
      cell.width = count_characters(cell.text);
    }
  }
}

std::size_t TabWriter::remembered(std::size_t column, std::size_t width) {
  if (!style_.remember_widths) {
    return width;
  }
  if (column >= max_widths_.size()) {
    max_widths_.resize(column + 1);
  }
  max_widths_[column] = std::max(max_widths_[column], width);
  return max_widths_[column];
}

void TabWriter::print(std::size_t first, std::size_t last) {
  for (std::size_t i = first; i < last; ++i) {
    const Line& line = lines_[i];
    for (std::size_t j = 0; j < line.size(); ++j) {
      out_ += line[j].text;
      if (j < widths_.size() && widths_[j] > line[j].width) {
        out_.append(widths_[j] - line[j].width, ' ');
      }
    }
    if (i + 1 < lines_.size()) {
      out_ += '\n';
    }
  }
  printed_ = last;
}

// Prints lines [first, last), whose columns left of widths_.size() have the widths in widths_.
void TabWriter::format(std::size_t first, std::size_t last) {
  const std::size_t column = widths_.size();
  const auto has_cell = [&](std::size_t i) { return column + 1 < lines_[i].size(); };
  for (std::size_t i = first; i < last; ++i) {
    if (!has_cell(i)) {
      continue;
    }
    print(printed_, i);
    const std::size_t block = i;
    std::size_t width = style_.min_width;
    for (; i < last && has_cell(i); ++i) {
      width = std::max(width, lines_[i][column].width + style_.padding);
    }
    widths_.push_back(remembered(column, width));
    format(block, i);
    widths_.pop_back();
    --i;
  }
  print(printed_, last);
}

std::string TabWriter::take() {
  split();
  printed_ = 0;
  format(0, lines_.size());
  return std::exchange(out_, {});
}

std::string align(TabStyle style, std::string_view text) {
  TabWriter writer(style);
  writer.write(text);
  return writer.take();
}

}  // namespace stsim::kubectl
