// The parser of JSONPath templates; a template is text with actions in braces.

#include "kubectl/document.hpp"
#include "kubectl/event_text.hpp"
#include "kubectl/go_text.hpp"
#include "kubectl/path_template.hpp"

#include <fmt/format.h>
#include <stsim/base/characters.hpp>

#include <charconv>
#include <memory>

namespace stsim::kubectl {

namespace {

using api::Json;
using Error = tl::unexpected<std::string>;

// Letters outside ASCII count as letters.
bool is_word(char c) {
  return c == '_' || is_alphanumeric(c) || static_cast<unsigned char>(c) >= 0x80;
}

bool is_terminator(char c) {
  return std::string_view(" \t\r\n.,[]$@{}").find(c) != std::string_view::npos;
}

LiteralNode literal(Json value) {
  return {std::make_shared<const Json>(std::move(value))};
}

std::optional<std::int64_t> read_integer(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  std::int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc() && result.ptr == text.data() + text.size() ? std::optional(value)
                                                                             : std::nullopt;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<PathTemplate, std::string> parse() {
    PathTemplate result;
    while (!at_end()) {
      if (accept("{")) {
        PathNodes nodes;
        if (auto error = parse_action(nodes); !error) {
          return Error(error.error());
        }
        result.parts.push_back(std::move(nodes));
      } else {
        const std::size_t end = std::min(text_.find('{', position_), text_.size());
        result.parts.push_back(
            {PathNode{literal(std::string(text_.substr(position_, end - position_)))}});
        position_ = end;
      }
    }
    return result;
  }

 private:
  using Status = Result<void, std::string>;

  [[nodiscard]] bool at_end() const { return position_ >= text_.size(); }
  [[nodiscard]] char peek() const { return text_[position_]; }
  bool accept(std::string_view expected) {
    if (!text_.substr(position_).starts_with(expected)) {
      return false;
    }
    position_ += expected.size();
    return true;
  }

  // Reads up to the closing brace.
  Status parse_action(PathNodes& nodes) {
    while (!accept("}")) {
      if (at_end() || peek() == '\n' || peek() == '\r') {
        return Error("unclosed action");
      }
      if (auto status = parse_node(nodes); !status) {
        return status;
      }
    }
    return {};
  }

  Status parse_node(PathNodes& nodes) {
    if (accept("[?(")) {
      return parse_filter(nodes);
    }
    if (accept("..")) {
      return parse_recursive(nodes);
    }
    const char c = peek();
    if (c == ' ' || c == '@' || c == '$') {
      ++position_;
      return {};
    }
    if (accept("[")) {
      return parse_brackets(nodes);
    }
    if (c == '"' || c == '\'') {
      return parse_quoted(nodes);
    }
    if (accept(".")) {
      parse_field(nodes);
      return {};
    }
    if (c == '+' || c == '-' || is_digit(c)) {
      return parse_number(nodes);
    }
    if (is_word(c)) {
      parse_word(nodes);
      return {};
    }
    return Error(fmt::format(
        "unrecognized character in action: U+{:04X} '{}'", static_cast<unsigned>(c), c));
  }

  Status parse_recursive(PathNodes& nodes) {
    if (!nodes.empty() && std::holds_alternative<RecursiveNode>(nodes.back().node)) {
      return Error("invalid multiple recursive descent");
    }
    nodes.push_back({RecursiveNode{}});
    if (!at_end() && is_word(peek())) {
      parse_field(nodes);
    }
    return {};
  }

  // A name up to the next terminator; a backslash takes the meaning of what follows.
  void parse_field(PathNodes& nodes) {
    const std::size_t start = position_;
    while (!at_end() && !is_terminator(peek())) {
      position_ += peek() == '\\' && position_ + 1 < text_.size() ? 2U : 1U;
    }
    std::string name(text_.substr(start, position_ - start));
    if (name == "*") {
      nodes.push_back({WildcardNode{}});
      return;
    }
    std::erase(name, '\\');
    nodes.push_back({FieldNode{std::move(name)}});
  }

  void parse_word(PathNodes& nodes) {
    const std::size_t start = position_;
    while (!at_end() && !is_terminator(peek())) {
      ++position_;
    }
    std::string word(text_.substr(start, position_ - start));
    if (word == "true" || word == "false") {
      nodes.push_back({literal(word == "true")});
    } else {
      nodes.push_back({IdentifierNode{std::move(word)}});
    }
  }

  Status parse_number(PathNodes& nodes) {
    const std::size_t start = position_;
    if (peek() == '+' || peek() == '-') {
      ++position_;
    }
    while (!at_end() && (is_digit(peek()) || peek() == '.')) {
      ++position_;
    }
    const std::string_view number = text_.substr(start, position_ - start);
    if (const auto integer = read_integer(number)) {
      nodes.push_back({literal(*integer)});
      return {};
    }
    const std::string_view unsigned_number = number.substr(number.starts_with('+') ? 1U : 0U);
    double value = 0;
    const char* const end = unsigned_number.data() + unsigned_number.size();
    const auto result = std::from_chars(unsigned_number.data(), end, value);
    if (result.ec != std::errc() || result.ptr != end) {
      return Error(fmt::format("cannot parse number {}", number));
    }
    nodes.push_back({literal(value)});
    return {};
  }

  Status parse_quoted(PathNodes& nodes) {
    const std::size_t start = position_;
    const char quote = text_[position_++];
    for (;; ++position_) {
      if (at_end() || peek() == '\n') {
        return Error("unterminated quoted string");
      }
      if (peek() == quote && text_[position_ - 1] != '\\') {
        break;
      }
    }
    ++position_;
    const std::string_view quoted = text_.substr(start, position_ - start);
    std::string text;
    if (!go_unquote(quoted, text)) {
      return Error(fmt::format("unquote string {} error invalid syntax", quoted));
    }
    nodes.push_back({literal(std::move(text))});
    return {};
  }

  // Parses `text` as an action of its own and adds its nodes.
  static Status parse_inner(const std::string& text, PathNodes& nodes) {
    Result<PathTemplate, std::string> inner = parse_path_template("{" + text + "}");
    if (!inner) {
      return Error(inner.error());
    }
    for (PathNode& node : inner->parts.front()) {
      nodes.push_back(std::move(node));
    }
    return {};
  }

  Status parse_brackets(PathNodes& nodes) {
    const std::size_t start = position_;
    const std::size_t end = text_.find_first_of("]\n", position_);
    if (end == std::string_view::npos || text_[end] == '\n') {
      return Error("unterminated array");
    }
    position_ = end + 1;
    std::string inside(text_.substr(start, end - start));
    if (inside == "*") {
      inside = ":";
    }
    if (inside.find(',') != std::string::npos) {
      return parse_union(inside, nodes);
    }
    const bool quoted = inside.size() >= 2 && inside.front() == '\'' && inside.back() == '\'';
    if (quoted && inside.find('\'', 1) == inside.size() - 1) {
      return parse_inner("." + inside.substr(1, inside.size() - 2), nodes);
    }
    return parse_slice(inside, nodes);
  }

  static Status parse_union(std::string_view inside, PathNodes& nodes) {
    UnionNode result;
    for (;;) {
      const std::size_t comma = inside.find(',');
      std::string_view part = inside.substr(0, comma);
      while (part.starts_with(' ')) {
        part.remove_prefix(1);
      }
      while (part.ends_with(' ')) {
        part.remove_suffix(1);
      }
      PathNodes inner;
      if (auto status = parse_inner(fmt::format("[{}]", part), inner); !status) {
        return status;
      }
      result.parts.push_back(std::move(inner));
      if (comma == std::string_view::npos) {
        break;
      }
      inside.remove_prefix(comma + 1);
    }
    nodes.push_back({std::move(result)});
    return {};
  }

  // Up to three numbers between colons.
  static Status parse_slice(const std::string& inside, PathNodes& nodes) {
    const Error invalid(fmt::format("invalid array index {}", inside));
    std::vector<std::string> parts(1);
    for (const char c : inside) {
      if (c == ':') {
        parts.emplace_back();
      } else if (is_digit(c) || (c == '-' && parts.back().empty())) {
        parts.back() += c;
      } else {
        return invalid;
      }
    }
    if (parts.size() > 3) {
      return invalid;
    }
    SliceNode slice;
    slice.single = parts.size() == 1;
    std::array<std::optional<std::int64_t>*, 3> targets{&slice.first, &slice.last, &slice.step};
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].empty()) {
        continue;
      }
      *targets[i] = read_integer(parts[i]);
      if (!*targets[i]) {
        return Error(fmt::format("array index {} is not a number", parts[i]));
      }
    }
    nodes.push_back({slice});
    return {};
  }

  // Where the filter's closing parenthesis is; parentheses inside quotes do not count.
  std::optional<std::size_t> end_of_filter() const {
    bool begun = false;
    bool ended = false;
    char quote = '\0';
    for (std::size_t i = position_; i < text_.size() && text_[i] != '\n'; ++i) {
      const char c = text_[i];
      if (c == '"' || c == '\'') {
        if (!begun) {
          begun = true;
          quote = c;
        } else if (text_[i - 1] != '\\' && c == quote) {
          ended = true;
        }
      } else if (c == ')' && begun == ended) {
        return i;
      }
    }
    return std::nullopt;
  }

  Status parse_filter(PathNodes& nodes) {
    const std::optional<std::size_t> end = end_of_filter();
    if (!end) {
      return Error("unterminated filter");
    }
    const std::string inside(text_.substr(position_, *end - position_));
    position_ = *end + 1;
    if (!accept("]")) {
      return Error("unclosed array expect ]");
    }
    constexpr std::string_view kOperators = "!<>=";
    const std::size_t op = inside.find_first_of(kOperators);
    const std::size_t right =
        op == std::string::npos ? op : inside.find_first_not_of(kOperators, op);
    FilterNode filter;
    std::string left_text = inside;
    std::string right_text;
    if (op != std::string::npos && op > 0 && right != std::string::npos) {
      left_text = inside.substr(0, op);
      filter.op = inside.substr(op, right - op);
      right_text = inside.substr(right);
    }
    if (auto status = parse_inner(left_text, filter.left); !status) {
      return status;
    }
    if (auto status = parse_inner(right_text, filter.right); !status) {
      return status;
    }
    nodes.push_back({std::move(filter)});
    return {};
  }

  std::string_view text_;
  std::size_t position_{};
};

}  // namespace

Result<PathTemplate, std::string> parse_path_template(std::string_view text) {
  return Parser(text).parse();
}

}  // namespace stsim::kubectl
