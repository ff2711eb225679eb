#pragma once
// Tables as `kubectl get` prints them. Rule: KC-40.

#include <stsim/kubectl/tab_writer.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace stsim::kubectl {

/// Rows of cells under headers.
struct Table {
  std::vector<std::string> columns;            ///< the headers, as printed
  std::vector<std::vector<std::string>> rows;  ///< one cell for each column
  bool operator==(const Table&) const = default;
};

/// A cell's text as a terminal may show it: cut at the first line break, with `...`, and without
/// escape characters. Rule: KC-40.
[[nodiscard]] std::string printable_cell(std::string_view text);

/// Prints tables one below the other with columns that line up, as `get --watch` does: headers only
/// where they change, columns that become wider and never narrower. Rules: KC-40, KC-43.
class TablePrinter {
 public:
  /// `headers` is false for --no-headers.
  explicit TablePrinter(bool headers = true) : headers_(headers) {}

  /// The text of `table`, empty where it has no rows; every line ends with a newline.
  [[nodiscard]] std::string print(const Table& table);

 private:
  bool headers_;
  std::vector<std::string> last_columns_;
  TabWriter writer_{kTableStyle};
};

/// The text of one table. Rule: KC-40.
[[nodiscard]] std::string to_text(const Table& table, bool headers = true);

}  // namespace stsim::kubectl
