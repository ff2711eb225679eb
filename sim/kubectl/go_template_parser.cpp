#include "go_template_tree.hpp"
#include "go_template_values.hpp"
#include "go_text.hpp"

#include <fmt/format.h>
#include <stsim/base/characters.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace stsim::kubectl {

namespace {

using NodeType = TemplateNode::Type;
using Root = TemplateOperand::Root;

constexpr std::string_view kSpace = " \t\r\n";

/// What Go says is thrown as text and caught in parse_go_template().
struct ParseError {
  std::string text;
};

bool is_word(char c) {
  return is_alphanumeric(c) || c == '_';
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::vector<TemplateNode> parse() {
    std::vector<TemplateNode> out = nodes(0);
    if (!ended_by_.empty()) {
      fail(fmt::format("unexpected {{{{{}}}}}", ended_by_));
    }
    return out;
  }

 private:
  [[noreturn]] void fail(std::string_view what) const {
    const auto line = 1 + std::ranges::count(text_.substr(0, std::min(at_, text_.size())), '\n');
    throw ParseError{fmt::format("template: output:{}: {}", line, what)};
  }

  /// Nodes up to an `end` or `else` of the same depth, which ended_by_ then names, or to the end.
  std::vector<TemplateNode> nodes(int depth) {
    constexpr int kDeepest = 200;
    if (depth > kDeepest) {
      fail("max expression depth exceeded");
    }
    std::vector<TemplateNode> out;
    ended_by_.clear();
    while (at_ < text_.size()) {
      add_text(out);
      if (at_ == text_.size()) {
        break;
      }
      if (!open_action()) {
        continue;  // a comment
      }
      skip_space();
      const std::string word = peek_word();
      if (word == "end" || word == "else") {
        at_ += word.size();
        ended_by_ = word;
        if (word == "end") {
          close_action();
        }
        return out;
      }
      out.push_back(action(word, depth));
    }
    return out;
  }

  void add_text(std::vector<TemplateNode>& out) {
    const std::size_t open = std::min(text_.find("{{", at_), text_.size());
    std::string plain(text_.substr(at_, open - at_));
    if (std::exchange(trims_, false)) {
      plain.erase(0, std::min(plain.find_first_not_of(kSpace), plain.size()));
    }
    at_ = open;
    if (text_.substr(open).starts_with("{{-") && open + 3 < text_.size() &&
        kSpace.find(text_[open + 3]) != std::string_view::npos) {
      plain.erase(plain.find_last_not_of(kSpace) + 1);
    }
    if (!plain.empty()) {
      TemplateNode node;
      node.text = std::move(plain);
      out.push_back(std::move(node));
    }
  }

  /// Goes behind `{{`; false where a comment stood, which is passed over.
  bool open_action() {
    at_ += 2;
    if (at_ + 1 < text_.size() && text_[at_] == '-' &&
        kSpace.find(text_[at_ + 1]) != std::string_view::npos) {
      at_ += 2;
    }
    if (!text_.substr(at_).starts_with("/*")) {
      return true;
    }
    const std::size_t end = text_.find("*/", at_);
    if (end == std::string_view::npos) {
      fail("unclosed comment");
    }
    at_ = end + 2;
    if (!try_close()) {
      fail("comment ends before closing delimiter");
    }
    return false;
  }

  /// Goes behind `}}` if it comes next.
  bool try_close() {
    const std::string_view rest = text_.substr(at_);
    const std::size_t blank = std::min(rest.find_first_not_of(kSpace), rest.size());
    const bool spaced =
        blank > 0 || (at_ > 0 && kSpace.find(text_[at_ - 1]) != std::string_view::npos);
    if (spaced && rest.substr(blank).starts_with("-}}")) {
      at_ += blank + 3;
      trims_ = true;
      return true;
    }
    if (rest.substr(blank).starts_with("}}")) {
      at_ += blank + 2;
      return true;
    }
    return false;
  }

  void close_action() {
    if (!try_close()) {
      skip_space();
      if (at_ >= text_.size()) {
        fail("unclosed action");
      }
      fail(fmt::format("unexpected {} in end", go_quote(text_.substr(at_, 1))));
    }
  }

  void skip_space() { at_ = std::min(text_.find_first_not_of(kSpace, at_), text_.size()); }

  [[nodiscard]] std::string peek_word() const {
    std::size_t end = at_;
    while (end < text_.size() && is_word(text_[end])) {
      ++end;
    }
    return std::string(text_.substr(at_, end - at_));
  }

  TemplateNode action(const std::string& word, int depth) {
    TemplateNode node;
    if (word == "break" || word == "continue") {
      if (loops_ == 0) {
        fail(fmt::format("{{{{{}}}}} outside {{{{range}}}}", word));
      }
      at_ += word.size();
      node.type = word == "break" ? NodeType::Break : NodeType::Continue;
      close_action();
      return node;
    }
    if (word == "if" || word == "with" || word == "range") {
      at_ += word.size();
      return control(word, depth);
    }
    if (word == "define" || word == "template" || word == "block") {
      fail(fmt::format("{{{{{}}}}} is not simulated", word));
    }
    node.type = NodeType::Print;
    node.pipeline = pipeline("command", false);
    close_action();
    return node;
  }

  TemplateNode control(const std::string& word, int depth) {
    TemplateNode node;
    const std::size_t known = known_.size();
    node.type = word == "if" ? NodeType::If : word == "with" ? NodeType::With : NodeType::Range;
    node.pipeline = pipeline(word, word == "range");
    close_action();
    loops_ += word == "range" ? 1 : 0;
    node.body = nodes(depth + 1);
    loops_ -= word == "range" ? 1 : 0;
    if (ended_by_ == "else") {
      skip_space();
      const std::string next = peek_word();
      if (next == word && word != "range") {
        at_ += word.size();
        node.otherwise.push_back(control(word, depth + 1));
        ended_by_.clear();
        known_.resize(known);
        return node;
      }
      close_action();
      node.otherwise = nodes(depth + 1);
      if (ended_by_ == "else") {
        fail("expected end; found {{else}}");
      }
    }
    if (ended_by_ != "end") {
      fail("unexpected EOF");
    }
    ended_by_.clear();
    known_.resize(known);
    return node;
  }

  TemplatePipeline pipeline(std::string_view context, bool ranges) {
    TemplatePipeline out;
    const std::size_t start = at_;
    if (!declarations(out, ranges)) {
      out = {};
      at_ = start;
    }
    while (true) {
      out.commands.push_back(command(context));
      skip_space();
      if (at_ >= text_.size() || text_[at_] != '|') {
        return out;
      }
      ++at_;
    }
  }

  /// Reads `$x :=`, `$x =`, `$i, $x :=`. False where there is none.
  bool declarations(TemplatePipeline& out, bool ranges) {
    while (true) {
      skip_space();
      if (at_ >= text_.size() || text_[at_] != '$') {
        return false;
      }
      ++at_;
      const std::string name = peek_word();
      at_ += name.size();
      out.variables.push_back("$" + name);
      skip_space();
      const std::string_view rest = text_.substr(at_);
      if (rest.starts_with(",") && ranges && out.variables.size() == 1) {
        ++at_;
        continue;
      }
      out.declares = rest.starts_with(":=");
      if (!out.declares && !rest.starts_with("=")) {
        return false;
      }
      at_ += out.declares ? 2 : 1;
      if (out.declares) {
        known_.insert(known_.end(), out.variables.begin(), out.variables.end());
      }
      return true;
    }
  }

  TemplateCommand command(std::string_view context) {
    TemplateCommand out;
    while (true) {
      skip_space();
      const std::string_view rest = text_.substr(at_);
      if (rest.empty()) {
        fail("unclosed action");
      }
      if (rest.starts_with("}}") || rest.starts_with("-}}") || rest.front() == '|' ||
          rest.front() == ')') {
        break;
      }
      if (!out.operands.empty() && kSpace.find(text_[at_ - 1]) == std::string_view::npos) {
        fail(fmt::format("unexpected {} in operand", go_quote(rest.substr(0, 1))));
      }
      out.operands.push_back(operand(context));
    }
    if (out.operands.empty()) {
      fail(fmt::format("missing value for {}", context));
    }
    return out;
  }

  TemplateOperand operand(std::string_view context) {
    TemplateOperand out;
    out.at = at_;
    const char c = text_[at_];
    if (c == '(') {
      parenthesised(out);
    } else if (c == '"' || c == '`') {
      quoted(out);
    } else if (c == '.') {
      dot(out);
    } else if (c == '$') {
      ++at_;
      const std::string name = peek_word();
      at_ += name.size();
      out.root = Root::Variable;
      out.name = "$" + name;
      out.text = out.name;
      end_word();
      if (!name.empty() && std::ranges::find(known_, out.name) == known_.end()) {
        fail(fmt::format("undefined variable {}", go_quote(out.name)));
      }
    } else if (is_digit(c) ||
               ((c == '-' || c == '+') && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) {
      number(out);
    } else if (is_word(c)) {
      word(out);
    } else {
      fail(fmt::format("unexpected {} in {}", go_quote(text_.substr(at_, 1)), context));
    }
    more_fields(out);
    return out;
  }

  void parenthesised(TemplateOperand& out) {
    constexpr int kDeepest = 100;
    if (++parentheses_ > kDeepest) {
      fail("max expression depth exceeded");
    }
    ++at_;
    out.root = Root::Pipeline;
    out.pipeline = std::make_shared<TemplatePipeline>(pipeline("parenthesized pipeline", false));
    skip_space();
    if (at_ >= text_.size() || text_[at_] != ')') {
      fail("unclosed left paren");
    }
    ++at_;
    --parentheses_;
    out.text = std::string(text_.substr(out.at, at_ - out.at));
  }

  void quoted(TemplateOperand& out) {
    const char quote = text_[at_];
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote) {
      end += quote == '"' && text_[end] == '\\' ? 2U : 1U;
    }
    if (end >= text_.size()) {
      fail(quote == '"' ? "unterminated quoted string" : "unterminated raw quoted string");
    }
    out.root = Root::Constant;
    out.text = std::string(text_.substr(at_, end + 1 - at_));
    std::string value = out.text.substr(1, out.text.size() - 2);
    if (quote == '"' && !go_unquote(out.text, value)) {
      fail("invalid syntax");
    }
    out.constant = std::move(value);
    at_ = end + 1;
  }

  void dot(TemplateOperand& out) {
    ++at_;
    out.root = Root::Dot;
    out.text = ".";
    if (const std::string name = peek_word(); !name.empty()) {
      out.fields.push_back(name);
      out.text += name;
      at_ += name.size();
      end_word();
    }
  }

  /// A name is followed by nothing that could be a part of it.
  void end_word() const {
    const std::string_view rest = text_.substr(at_);
    if (rest.empty() || rest.starts_with("}}") ||
        std::string_view(" \t\r\n.,|:)(").find(rest.front()) != std::string_view::npos) {
      return;
    }
    std::size_t size = 1;
    while (size < rest.size() && (rest[size] & '\xC0') == '\x80') {
      ++size;
    }
    constexpr unsigned kOfFirst[]{0x7F, 0x1F, 0x0F, 0x07};
    unsigned point =
        static_cast<unsigned char>(rest[0]) & kOfFirst[std::min<std::size_t>(size, 4) - 1];
    for (std::size_t i = 1; i < size; ++i) {
      point = point << 6U | (static_cast<unsigned char>(rest[i]) & 0x3FU);
    }
    fail(fmt::format("bad character U+{:04X} '{}'", point, rest.substr(0, size)));
  }

  /// Fields right behind an operand. Go names the place of the first of them in errors.
  void more_fields(TemplateOperand& out) {
    bool first = true;
    while (at_ + 1 < text_.size() && text_[at_] == '.' && is_word(text_[at_ + 1]) &&
           out.text != ".") {
      if (std::exchange(first, false)) {
        out.at = at_;
      }
      ++at_;
      const std::string name = peek_word();
      at_ += name.size();
      out.fields.push_back(name);
      out.text += "." + name;
      end_word();
    }
  }

  void number(TemplateOperand& out) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && (is_word(text_[end]) || text_[end] == '.')) {
      ++end;
    }
    out.root = Root::Constant;
    out.text = std::string(text_.substr(at_, end - at_));
    std::string digits = out.text;
    std::erase(digits, '_');
    const bool minus = digits.front() == '-';
    digits.erase(0, minus || digits.front() == '+' ? 1 : 0);
    const bool hexadecimal = digits.starts_with("0x") || digits.starts_with("0X");
    const char* from = digits.data() + (hexadecimal ? 2 : 0);
    const char* to = digits.data() + digits.size();
    std::int64_t integer = 0;
    double real = 0;
    if (const auto [stop, error] = std::from_chars(from, to, integer, hexadecimal ? 16 : 10);
        error == std::errc() && stop == to) {
      out.constant = minus ? -integer : integer;
    } else if (const auto [stop2, error2] = std::from_chars(from, to, real);
               error2 == std::errc() && stop2 == to && !hexadecimal) {
      out.constant = minus ? -real : real;
    } else {
      fail(fmt::format("bad number syntax: {}", go_quote(out.text)));
    }
    at_ = end;
  }

  void word(TemplateOperand& out) {
    const std::string name = peek_word();
    at_ += name.size();
    out.text = name;
    end_word();
    if (name == "nil") {
      out.root = Root::Nil;
    } else if (name == "true" || name == "false") {
      out.root = Root::Constant;
      out.constant = name == "true";
    } else if (find_template_function(name) != nullptr) {
      out.root = Root::Function;
      out.name = name;
    } else if (name == "js" || name == "urlquery" || name == "call") {
      fail(fmt::format("the function {} is not simulated", go_quote(name)));
    } else {
      fail(fmt::format("function {} not defined", go_quote(name)));
    }
  }

  std::string_view text_;
  std::size_t at_{};
  bool trims_{};                    // the last action ended with a minus
  int loops_{};                     // how many ranges are open
  int parentheses_{};               // how many are open
  std::string ended_by_;            // what ended the last list of nodes
  std::vector<std::string> known_;  // variables declared so far
};

}  // namespace

Result<std::vector<TemplateNode>, std::string> parse_go_template(std::string_view text) {
  try {
    return Parser(text).parse();
  } catch (const ParseError& error) {
    return tl::unexpected(error.text);
  }
}

std::string template_place(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const std::size_t line = before.rfind('\n');
  return fmt::format("output:{}:{}",
                     1 + std::ranges::count(before, '\n'),
                     line == std::string_view::npos ? at : at - line - 1);
}

std::string template_text(const TemplateCommand& command) {
  std::string out;
  for (const TemplateOperand& operand : command.operands) {
    out += (out.empty() ? "" : " ") + operand.text;
  }
  return out;
}

}  // namespace stsim::kubectl
