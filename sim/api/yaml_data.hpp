#pragma once
// What stands behind a YamlNode, and why a text is no YAML. Private to the module.

#include <stsim/api/yaml.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::api {

/// A file's name and text, shared by all nodes that were read from it.
class YamlSource {
 public:
  YamlSource(std::string_view file, std::string_view text);

  /// A mark with its column in characters. `line` and `byte_column` count from 1.
  [[nodiscard]] SourceMark mark(int line, int byte_column) const;

  /// The text of a line without its end; empty where it is too long to be shown.
  [[nodiscard]] std::string shown_line(int line) const;

  /// Where a place is in the text. Pre: there is such a line.
  [[nodiscard]] std::size_t offset(int line, int byte_column) const;

  /// The whole line.
  [[nodiscard]] std::string_view line(int line) const;

  [[nodiscard]] int line_count() const { return static_cast<int>(starts_.size()); }
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  std::string file_;
  std::string text_;
  std::vector<std::size_t> starts_;  ///< offsets at which lines begin
};

/// Tags that change what a scalar means.
enum class YamlTag : unsigned char { None, Str, Int, Float, Bool, Null, Timestamp, Merge, Other };

struct YamlNode::Data {
  std::shared_ptr<const YamlSource> source;
  Type type{Type::Null};
  Style style{Style::Plain};
  YamlTag tag{YamlTag::None};
  int line{};
  int byte_column{};
  std::string text;
  std::vector<YamlNode> items;
  std::vector<YamlEntry> entries;
  // Of the tree below with aliases followed, this node included.
  std::size_t nodes{1};
  std::size_t bytes{};
  std::size_t depth{};
};

/// Why a text is no YAML, in our words and in those of kubectl's library.
struct YamlFailure {
  int line{};         ///< from 1; 0 where the text as a whole is meant
  int byte_column{};  ///< from 1
  std::string message;
  std::string hint;
  std::string go_message;  ///< with `line 3: ` in front where that library says so
};

/// The documents of a source. Errors: the first thing that is wrong with it.
[[nodiscard]] Result<std::vector<YamlNode>, YamlFailure> build_documents(
    const std::shared_ptr<const YamlSource>& source, const YamlLimits& limits);

/// Checks that the text is UTF-8 of characters that YAML allows.
[[nodiscard]] Result<void, YamlFailure> check_characters(const YamlSource& source);

/// What yaml-cpp complains of, put into our words and into those of kubectl's library. Lines and
/// columns count from 1; a line of 0 is no place.
[[nodiscard]] YamlFailure describe_failure(const YamlSource& source,
                                           int line,
                                           int byte_column,
                                           std::string_view complaint);

/// The failure of a key of a block mapping that no colon follows.
[[nodiscard]] YamlFailure key_without_colon(const YamlSource& source, int line, int byte_column);

/// The failure of a quote that is never closed; it opens at the place given.
[[nodiscard]] YamlFailure unclosed_quote(const YamlSource& source, int line, int byte_column);

/// The offset behind the quoted text that begins at `offset` of the source; npos where the quote is
/// never closed. Pre: a quote stands there.
[[nodiscard]] std::size_t end_of_quoted(const YamlSource& source, std::size_t offset);

/// The text of kubectl's library with the line that it names. `line` counts from 1. Its scanner
/// counts lines from 1, its parser from 0, and neither names the first one.
enum class GoStage : unsigned char { Scanner, Parser };
[[nodiscard]] std::string go_message(GoStage stage, int line, std::string_view text);

}  // namespace stsim::api
