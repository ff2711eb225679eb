// The tree of a YAML text from yaml-cpp's events. Its parser calls itself for every level of
// nesting, so the depth is limited where the events arrive: nothing is read beyond the limit.
#include "api/yaml_data.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <map>
#include <optional>
#include <streambuf>
#include <utility>

namespace stsim::api {

namespace {

/// Ends the reading of a text that is YAML but not acceptable.
struct Refusal {
  YamlFailure failure;
};

/// A scalar's text. The library writes the escapes \N and \_ as one byte each, 0x85 and 0xA0;
/// where such a byte stands alone, it becomes the character that was meant. All else is UTF-8
/// already.
std::string in_utf8(const std::string& value) {
  std::string out;
  int following = 0;  // bytes of the character under way
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) == 0x80U && following > 0) {
      --following;
    } else if ((byte & 0xC0U) == 0x80U) {
      out += '\xC2';
    } else {
      following = byte >= 0xF0U ? 3 : byte >= 0xE0U ? 2 : byte >= 0xC0U ? 1 : 0;
    }
    out += c;
  }
  return out;
}

YamlTag tag_of(const std::string& tag) {
  if (tag.empty() || tag == "?" || tag == "!") {
    return YamlTag::None;
  }
  constexpr std::string_view kPrefix = "tag:yaml.org,2002:";
  if (!tag.starts_with(kPrefix)) {
    return YamlTag::Other;
  }
  const std::string_view name = std::string_view(tag).substr(kPrefix.size());
  if (name == "str") {
    return YamlTag::Str;
  }
  if (name == "int") {
    return YamlTag::Int;
  }
  if (name == "float") {
    return YamlTag::Float;
  }
  if (name == "bool") {
    return YamlTag::Bool;
  }
  if (name == "null") {
    return YamlTag::Null;
  }
  if (name == "timestamp") {
    return YamlTag::Timestamp;
  }
  return name == "merge" ? YamlTag::Merge : YamlTag::Other;
}

/// Lets yaml-cpp read a text that is already in memory without a copy.
class TextBuffer : public std::streambuf {
 public:
  explicit TextBuffer(std::string_view text) {
    // The interface is older than const; nothing ever writes through these pointers.
    char* begin = const_cast<char*>(text.data());
    setg(begin, begin, begin + text.size());
  }
};

}  // namespace

class YamlBuilder final : public YAML::EventHandler {
 public:
  YamlBuilder(std::shared_ptr<const YamlSource> source, const YamlLimits& limits)
      : source_(std::move(source)), limits_(limits) {}

  std::vector<YamlNode> take() { return std::move(documents_); }

  /// yaml-cpp takes the end of a text for the end of its last quote. Pre: all is read.
  [[nodiscard]] std::optional<YamlFailure> open_quote() const {
    if (!last_quoted_) {
      return std::nullopt;
    }
    const int line = last_quoted_->line + 1;
    const std::string_view text = source_->line(line);
    const std::size_t column =
        text.find_first_of("'\"|>", static_cast<std::size_t>(last_quoted_->column));
    if (column == std::string_view::npos || text[column] == '|' || text[column] == '>') {
      return std::nullopt;
    }
    const int byte_column = static_cast<int>(column) + 1;
    if (end_of_quoted(*source_, source_->offset(line, byte_column)) != std::string_view::npos) {
      return std::nullopt;
    }
    return unclosed_quote(*source_, line, byte_column);
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    frames_.clear();
    anchors_.clear();
    // yaml-cpp takes what is left over after a document for another one.
    if (!documents_.empty() && !begins_document(mark)) {
      refuse(mark,
             "a document ends before this",
             "only one value can stand at the top of a document; begin another one with ---",
             words_after_document(mark));
    }
    document_line_ = mark.line + 1;
  }

  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Data data = begin(mark, YamlNode::Type::Null, "");
    if (!frames_.empty() && frames_.back().key) {
      check_colon(frames_.back());
      // An empty value has no place of its own: yaml-cpp reports that of whatever follows.
      data.line = frames_.back().key->data_->line;
      data.byte_column = frames_.back().key->data_->byte_column;
    }
    finish(mark, std::move(data), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      const std::string name = anchor_name(mark);
      refuse(mark,
             "the anchor '" + name + "' contains itself",
             "",
             "anchor '" + name + "' value contains itself",
             false);
    }
    add(mark, found->second);
  }

  void OnScalar(const YAML::Mark& mark,
                const std::string& tag,
                YAML::anchor_t anchor,
                const std::string& value) override {
    Data data = begin(mark, YamlNode::Type::Scalar, tag);
    if (data.style == YamlNode::Style::Quoted) {
      last_quoted_ = mark;
    }
    data.text = in_utf8(value);
    data.bytes = value.size();
    finish(mark, std::move(data), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark,
                       const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, YamlNode::Type::Sequence, tag, anchor, false);
  }

  void OnMapStart(const YAML::Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(mark, YamlNode::Type::Map, tag, anchor, style != YAML::EmitterStyle::Flow);
  }

  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  using Data = YamlNode::Data;

  /// A collection that is still open.
  struct Frame {
    Data data;
    YAML::anchor_t anchor{};
    YAML::Mark mark;
    bool block_map{};
    std::optional<YamlNode> key;  ///< of a mapping: the key whose value comes next
  };

  [[noreturn]] void refuse(const YAML::Mark& mark,
                           std::string message,
                           std::string hint,
                           std::string go_text,
                           bool go_line = true) const {
    YamlFailure failure;
    failure.line = mark.line + 1;
    failure.byte_column = mark.column + 1;
    failure.message = std::move(message);
    failure.hint = std::move(hint);
    failure.go_message =
        go_line ? api::go_message(GoStage::Parser, failure.line, go_text) : go_text;
    throw Refusal{std::move(failure)};
  }

  /// What kubectl's library expects behind the last document. For it a list is still open where a
  /// key stands in its column.
  [[nodiscard]] std::string words_after_document(const YAML::Mark& mark) const {
    const Data& root = *documents_.back().data_;
    const std::string_view text = source_->line(root.line);
    const auto column = static_cast<std::size_t>(root.byte_column) - 1;
    const bool block_list = root.type == YamlNode::Type::Sequence && column < text.size() &&
                            text[column] == '-' && mark.column == root.byte_column - 1;
    return block_list ? "did not find expected '-' indicator"
                      : "did not find expected <document start>";
  }

  /// yaml-cpp takes a line without a colon for a key without a value.
  void check_colon(const Frame& frame) const {
    const Data& key = *frame.key->data_;
    if (!frame.block_map || key.type != YamlNode::Type::Scalar || key.tag != YamlTag::None) {
      return;
    }
    const std::string_view text = source_->line(key.line);
    const auto column = static_cast<std::size_t>(key.byte_column) - 1;
    const char first = column < text.size() ? text[column] : '\0';
    if (first == '&' || first == '!' ||
        text.substr(0, column).find('?') != std::string_view::npos) {
      return;  // an explicit key may go without, and an anchor or a tag stands before its key
    }
    std::size_t end = column + key.text.size();
    if (key.style == YamlNode::Style::Quoted) {
      const std::size_t begin = source_->offset(key.line, key.byte_column);
      end = column + std::min(end_of_quoted(*source_, begin), source_->text().size()) - begin;
    }
    end = std::min(text.find_first_not_of(" \t", std::min(end, text.size())), text.size());
    if (end == text.size() || text[end] != ':') {
      throw Refusal{key_without_colon(*source_, key.line, key.byte_column)};
    }
  }

  [[nodiscard]] bool begins_document(const YAML::Mark& mark) const {
    if (source_->line(mark.line + 1).starts_with("---")) {
      return true;
    }
    for (int line = mark.line; line >= document_line_; --line) {
      const std::string_view text = source_->line(line);
      if (text.starts_with("...")) {
        return true;
      }
      if (!text.empty() && text.front() != '#' && text.front() != '%') {
        return false;
      }
    }
    return false;
  }

  [[nodiscard]] std::string anchor_name(const YAML::Mark& mark) const {
    std::string_view text = source_->line(mark.line + 1);
    text.remove_prefix(std::min(text.size(), static_cast<std::size_t>(mark.column) + 1));
    return std::string(text.substr(0, text.find_first_of(" ,]}:\t")));
  }

  Data begin(const YAML::Mark& mark, YamlNode::Type type, const std::string& tag) {
    if (++created_ > limits_.nodes_max) {
      refuse_size(mark);
    }
    Data data;
    data.source = source_;
    data.type = type;
    data.style = tag == "!" ? YamlNode::Style::Quoted : YamlNode::Style::Plain;
    data.tag = tag_of(tag);
    data.line = mark.line + 1;
    data.byte_column = mark.column + 1;
    return data;
  }

  [[noreturn]] void refuse_size(const YAML::Mark& mark) const {
    refuse(mark,
           "the file grows too large when its aliases are followed",
           "",
           "document contains excessive aliasing",
           false);
  }

  [[noreturn]] void refuse_depth(const YAML::Mark& mark) const {
    const std::string depth = std::to_string(limits_.depth_max);
    refuse(mark, "more than " + depth + " levels of nesting", "", "exceeded max depth of " + depth);
  }

  void open(const YAML::Mark& mark,
            YamlNode::Type type,
            const std::string& tag,
            YAML::anchor_t anchor,
            bool block_map) {
    if (frames_.size() >= limits_.depth_max) {
      refuse_depth(mark);
    }
    frames_.push_back({begin(mark, type, tag), anchor, mark, block_map, std::nullopt});
  }

  void close() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    frame.data.depth += 1;
    finish(frame.mark, std::move(frame.data), frame.anchor);
  }

  void finish(const YAML::Mark& mark, Data data, YAML::anchor_t anchor) {
    YamlNode node(std::make_shared<const Data>(std::move(data)));
    if (anchor != YAML::NullAnchor) {
      anchors_.insert_or_assign(anchor, node);
    }
    add(mark, std::move(node));
  }

  void add(const YAML::Mark& mark, YamlNode node) {
    if (frames_.empty()) {
      documents_.push_back(std::move(node));
      return;
    }
    Frame& frame = frames_.back();
    frame.data.nodes += node.data_->nodes;
    frame.data.bytes += node.data_->bytes;
    frame.data.depth = std::max(frame.data.depth, node.data_->depth);
    if (frame.data.nodes > std::min(limits_.nodes_max, created_ + limits_.aliased_nodes_max) ||
        frame.data.bytes > source_->text().size() + limits_.aliased_bytes_max) {
      refuse_size(mark);
    }
    if (frames_.size() + node.data_->depth > limits_.depth_max) {
      refuse_depth(mark);
    }
    if (frame.data.type == YamlNode::Type::Sequence) {
      frame.data.items.push_back(std::move(node));
    } else if (!frame.key) {
      frame.key = std::move(node);
    } else {
      frame.data.entries.push_back({std::move(*frame.key), std::move(node)});
      frame.key.reset();
    }
  }

  std::shared_ptr<const YamlSource> source_;
  YamlLimits limits_;
  std::vector<YamlNode> documents_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, YamlNode> anchors_;
  std::size_t created_{};
  int document_line_{};
  std::optional<YAML::Mark> last_quoted_;
};

Result<std::vector<YamlNode>, YamlFailure> build_documents(
    const std::shared_ptr<const YamlSource>& source, const YamlLimits& limits) {
  if (auto checked = check_characters(*source); !checked) {
    return tl::unexpected(std::move(checked.error()));
  }
  TextBuffer buffer(source->text());
  std::istream stream(&buffer);
  YamlBuilder builder(source, limits);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& complaint) {
    if (auto failure = builder.open_quote()) {
      return tl::unexpected(std::move(*failure));
    }
    const bool placed = !complaint.mark.is_null();
    return tl::unexpected(describe_failure(*source,
                                           placed ? complaint.mark.line + 1 : 0,
                                           placed ? complaint.mark.column + 1 : 0,
                                           complaint.msg));
  } catch (Refusal& refusal) {
    return tl::unexpected(std::move(refusal.failure));
  }
  if (auto failure = builder.open_quote()) {
    return tl::unexpected(std::move(*failure));
  }
  return builder.take();
}

}  // namespace stsim::api
