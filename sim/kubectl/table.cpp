#include <stsim/kubectl/table.hpp>

namespace stsim::kubectl {

namespace {

std::string join_cells(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) {
    if (&cell != &cells.front()) {
      line += '\t';
    }
    line += cell;
  }
  return line + '\n';
}

}  // namespace

std::string printable_cell(std::string_view text) {
  const std::size_t line_break = text.find_first_of("\f\n\r");
  std::string result;
  for (const char c : text.substr(0, line_break)) {
    if (c == '\x1b') {
      result += "^[";
    } else {
      result += c;
    }
  }
  return line_break == std::string_view::npos ? result : result + "...";
}

std::string TablePrinter::print(const Table& table) {
  if (table.rows.empty()) {
    return {};
  }
  if (headers_ && table.columns != last_columns_) {
    writer_.write(join_cells(table.columns));
  }
  last_columns_ = table.columns;
  for (const std::vector<std::string>& row : table.rows) {
    std::vector<std::string> cells;
    cells.reserve(row.size());
    for (const std::string& cell : row) {
      cells.push_back(printable_cell(cell));
    }
    writer_.write(join_cells(cells));
  }
  return writer_.take();
}

std::string to_text(const Table& table, bool headers) {
  return TablePrinter(headers).print(table);
}

}  // namespace stsim::kubectl
