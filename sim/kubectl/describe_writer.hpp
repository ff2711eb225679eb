#pragma once
// How descriptions are written: lines at a level of indentation, with cells that are aligned at the
// end, and the blocks that several kinds share. Rules: KC-17, KC-50, KC-51.

#include <stsim/api/json.hpp>
#include <stsim/kubectl/describe.hpp>
#include <stsim/kubectl/tab_writer.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::kubectl {

/// Collects the text of a description. Units of `level`: two spaces each.
class DescribeWriter {
 public:
  enum class Layout : unsigned char { Aligned, Tabs };
  explicit DescribeWriter(Layout layout = Layout::Aligned) : layout_(layout) {}

  /// Writes `text` as it is, after the indentation of `level`.
  void write(std::size_t level, std::string_view text);

  /// Writes `label:`, a tab, the value and a newline.
  void field(std::size_t level, std::string_view label, std::string_view value);

  /// Ends all columns.
  void flush();

  [[nodiscard]] std::string take();

 private:
  Layout layout_;
  TabWriter writer_{kDescribeStyle};
  std::string out_;
};

/// `title:` and `key=value` lines below each other, sorted by key; `<none>` where there are none.
void write_labels(DescribeWriter& writer, std::string_view title, const api::Json& labels);

/// As write_labels() with `key: value`, without what `kubectl apply` keeps for itself; long values
/// and values of several lines stand below their key.
void write_annotations(DescribeWriter& writer,
                       std::string_view title,
                       const api::Json& annotations);

/// `title:` and the lines below each other; `<none>` where there are none.
void write_lines(DescribeWriter& writer,
                 std::string_view title,
                 const std::vector<std::string>& lines);

/// Tolerations, sorted by key.
void write_tolerations(DescribeWriter& writer,
                       std::string_view title,
                       const api::Json& tolerations);

/// The events block, unless it is not wanted. Rule: KC-51.
void write_events(DescribeWriter& writer, const DescribeContext& context);

/// A timestamp as `Thu, 01 Jan 2026 00:00:00 +0000`; year 1 where there is none.
[[nodiscard]] std::string date_text(const api::Json& timestamp);

/// `[a b]`, `[]`: a list of texts as Go prints it.
[[nodiscard]] std::string list_text(const api::Json& list);

/// A text, number or boolean of `object`, or `fallback` where it is missing or null.
[[nodiscard]] std::string value_or(const api::Json& object,
                                   std::string_view key,
                                   std::string_view fallback = "");

}  // namespace stsim::kubectl
