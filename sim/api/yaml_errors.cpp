// Why a text is no YAML: yaml-cpp's complaints in words that help, and in those in which kubectl's
// library would put them (KC-33). Both readers follow the same grammar but notice an error at
// different moments, so for the latter the text around the complaint is looked at.
#include "api/yaml_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace stsim::api {

namespace {

constexpr std::string_view kBlanks = " \t";

/// A complaint of yaml-cpp, by how it begins, with what we say of it.
struct Words {
  std::string_view complaint;
  std::string_view message;
  std::string_view hint;
};

constexpr std::array kWords = {
    Words{"illegal map value",
          "a colon is not possible here",
          "put text with a colon in quotes, and each key on a line of its own"},
    Words{"illegal map key", "a key is not possible here", ""},
    Words{"illegal block entry",
          "a list entry is not possible here",
          "a list begins on a line of its own; an open { or [ needs its end first"},
    Words{"end of map not found",
          "this fits neither the mapping before it nor one further out",
          "check the indentation: keys of one mapping stand in the same column"},
    Words{"end of sequence not found",
          "this fits neither the list before it nor a mapping further out",
          "check the indentation: entries of one list stand in the same column"},
    Words{"end of map flow not found",
          "a { is not closed, or a comma is missing before this",
          "the entries of {…} are separated by commas"},
    Words{"end of sequence flow not found",
          "a [ is not closed, or a comma is missing before this",
          "the entries of […] are separated by commas"},
    Words{"illegal flow end", "this closes nothing that is open", ""},
    Words{"illegal tab when looking for indentation",
          "a tab in the indentation",
          "YAML is indented by spaces only"},
    Words{"unknown token",
          "this character cannot begin a value",
          "put text that begins with @, ` or % in quotes"},
    Words{"illegal EOF in scalar", "a quote is never closed", ""},
    Words{"illegal document indicator in scalar", "a quote is open where a document ends", ""},
    Words{"unknown escape character",
          "an unknown escape after a backslash",
          "in '…' a backslash stands for itself"},
    Words{"the referenced anchor is not defined",
          "an alias without its anchor",
          "put text that begins with * in quotes"},
    Words{"alias not found after *",
          "an alias without a name",
          "put text that begins with * in quotes"},
    Words{"anchor not found after &",
          "an anchor without a name",
          "put text that begins with & in quotes"},
    Words{"tag handle with no suffix",
          "a tag without a name",
          "put text that begins with ! in quotes"},
    Words{"unexpected character in block scalar",
          "text cannot follow a | or > on its line",
          "put text that begins with | or > in quotes"},
};

std::size_t indentation(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

bool is_blank(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(kBlanks);
  return begin == std::string_view::npos || line[begin] == '#';
}

/// Whether `text` begins with a key: a plain or quoted word and a colon with a blank behind it.
bool begins_with_key(std::string_view text) {
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      quote = c == quote ? '\0' : quote;
    } else if ((c == '"' || c == '\'') && i == 0) {
      quote = c;
    } else if (c == ':' && (i + 1 == text.size() || text[i + 1] == ' ')) {
      return true;
    } else if (c == '{' || c == '[' || (c == '#' && i > 0 && text[i - 1] == ' ')) {
      return false;
    }
  }
  return false;
}

/// A block collection that is open at some line: its column, and what it is.
struct Open {
  std::size_t column;
  bool list;
};

/// The innermost block collection that a value in `column` of `line` would belong to.
std::optional<Open> enclosing(const YamlSource& source, int line, std::size_t column) {
  std::vector<Open> open;
  for (int number = 1; number < line; ++number) {
    std::string_view text = source.line(number);
    if (is_blank(text)) {
      continue;
    }
    std::size_t at = indentation(text);
    while (!open.empty() && open.back().column > at) {
      open.pop_back();
    }
    text.remove_prefix(at);
    while (text.starts_with("- ") || text == "-") {
      if (open.empty() || open.back().column < at || !open.back().list) {
        open.push_back({at, true});
      }
      const std::size_t next = std::min(text.find_first_not_of(' ', 1), text.size());
      at += next;
      text.remove_prefix(next);
    }
    if (begins_with_key(text)) {
      // A list may stand in the column of its key; the next key ends it.
      while (!open.empty() && open.back().column == at && open.back().list) {
        open.pop_back();
      }
      if (open.empty() || open.back().column < at) {
        open.push_back({at, false});
      }
    }
  }
  while (!open.empty() && open.back().column > column) {
    open.pop_back();
  }
  if (open.size() > 1 && open.back().list && open[open.size() - 2].column == open.back().column) {
    open.pop_back();
  }
  return open.empty() ? std::nullopt : std::optional(open.back());
}

bool is_key_position(const YamlSource& source, int line, std::size_t column) {
  const auto open = enclosing(source, line, column);
  return open && !open->list && open->column == column;
}

/// Whether a word stands at the place given where a key belongs, without its colon.
bool is_bare_key(const YamlSource& source, int line, std::size_t column) {
  const std::string_view text = source.line(line);
  const std::string_view word = text.substr(std::min(column, text.size()));
  return indentation(text) == column && !word.starts_with("- ") && word != "-" &&
         !begins_with_key(word) && is_key_position(source, line, column);
}

/// The innermost bracket that is left open at the end of `text`, 0 where there is none.
char open_bracket(std::string_view text) {
  std::string open;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      quote = c == quote ? '\0' : quote;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '{' || c == '[') {
      open += c;
    } else if ((c == '}' || c == ']') && !open.empty()) {
      open.pop_back();
    }
  }
  return open.empty() ? '\0' : open.back();
}

/// What kubectl's library says of a `-` where no list can begin.
std::string block_entry_words(const YamlSource& source, int line, std::size_t column) {
  if (open_bracket(source.line(line).substr(0, column)) != '\0') {
    return go_message(GoStage::Parser, line, "did not find expected node content");
  }
  for (int number = line - 1; number > 0; --number) {
    const char bracket = open_bracket(source.line(number));
    if (bracket == '\0') {
      continue;
    }
    const std::string_view words = source.line(number).ends_with(bracket)
                                       ? "did not find expected node content"
                                   : bracket == '{' ? "did not find expected ',' or '}'"
                                                    : "did not find expected ',' or ']'";
    return go_message(GoStage::Parser, number + 1, words);
  }
  return go_message(
      GoStage::Scanner, line, "block sequence entries are not allowed in this context");
}

/// Whether the colon at the place given follows a word that began on a line before as a key.
bool key_began_before(const YamlSource& source, int line, int byte_column) {
  const std::string_view text =
      source.line(line).substr(0, static_cast<std::size_t>(byte_column) - 1);
  if (text.find(": ") != std::string_view::npos || text.find("- ") != std::string_view::npos) {
    return false;
  }
  for (int number = line - 1; number > 0; --number) {
    std::string_view before = source.line(number);
    if (is_blank(before)) {
      continue;
    }
    if (indentation(before) > indentation(source.line(line))) {
      continue;
    }
    const std::size_t column = indentation(before);
    return !before.substr(column).starts_with("- ") && !begins_with_key(before.substr(column)) &&
           is_key_position(source, number, column);
  }
  return false;
}

std::string go_words(const YamlSource& source,
                     int line,
                     int byte_column,
                     std::string_view complaint) {
  const auto is = [complaint](std::string_view text) { return complaint.starts_with(text); };
  const auto scanner = [line](std::string_view text) {
    return go_message(GoStage::Scanner, line, text);
  };
  const auto parser = [line](std::string_view text) {
    return go_message(GoStage::Parser, line, text);
  };
  const std::string_view text = source.line(line);
  const std::size_t column = byte_column > 0 ? static_cast<std::size_t>(byte_column) - 1 : 0;
  const std::size_t first = std::min(text.find_first_not_of(" -\t"), text.size());
  const bool tab_before = text.substr(0, first).find('\t') != std::string_view::npos;

  if (is("illegal tab")) {
    return scanner("found a tab character that violates indentation");
  }
  if (is("illegal EOF in scalar")) {
    return go_message(GoStage::Scanner, source.line_count(), "found unexpected end of stream");
  }
  if (is("illegal document indicator")) {
    return scanner("found unexpected document indicator");
  }
  if (is("unknown escape")) {
    return scanner("found unknown escape character");
  }
  if (is("the referenced anchor")) {
    const std::string_view name = text.substr(std::min(column + 1, text.size()));
    return fmt::format("unknown anchor '{}' referenced",
                       name.substr(0, name.find_first_of(" ,]}")));
  }
  if (is("alias not found") || is("anchor not found") || is("illegal character found")) {
    return scanner("did not find expected alphabetic or numeric character");
  }
  if (is("unexpected character in block")) {
    return scanner("did not find expected comment or line break");
  }
  if (is("unknown token") || tab_before) {
    return scanner("found character that cannot start any token");
  }
  if (is("illegal map value")) {
    return scanner(key_began_before(source, line, byte_column)
                       ? "could not find expected ':'"
                       : "mapping values are not allowed in this context");
  }
  if (is("illegal map key")) {
    return scanner("mapping keys are not allowed in this context");
  }
  if (is("illegal block entry")) {
    return block_entry_words(source, line, column);
  }
  if (is("end of map flow")) {
    return parser("did not find expected ',' or '}'");
  }
  if (is("end of sequence flow")) {
    return parser("did not find expected ',' or ']'");
  }
  if (is("illegal flow end") || is("end of map") || is("end of sequence")) {
    const std::size_t at = is("illegal flow end") ? first : column;
    const auto open = enclosing(source, line, at);
    return parser(open && open->list ? "did not find expected '-' indicator"
                                     : "did not find expected key");
  }
  return scanner(complaint);
}

bool is_quote(const YamlSource& source, int line, int byte_column) {
  const std::string_view text = source.line(line);
  const auto at = static_cast<std::size_t>(byte_column) - 1;
  return at < text.size() && (text[at] == '"' || text[at] == '\'');
}

}  // namespace

std::string go_message(GoStage stage, int line, std::string_view text) {
  if (line <= 1) {
    return std::string(text);
  }
  return fmt::format("line {}: {}", stage == GoStage::Scanner ? line : line - 1, text);
}

std::size_t end_of_quoted(const YamlSource& source, std::size_t offset) {
  const std::string_view text = source.text();
  const char quote = text[offset];
  for (std::size_t i = offset + 1; i < text.size(); ++i) {
    if (text[i] == '\\' && quote == '"') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '"' || i + 1 == text.size() || text[i + 1] != quote) {
        return i + 1;
      }
      ++i;
    }
  }
  return std::string_view::npos;
}

YamlFailure unclosed_quote(const YamlSource& source, int line, int byte_column) {
  YamlFailure failure;
  failure.line = line;
  failure.byte_column = byte_column;
  failure.message = "this quote is never closed";
  failure.go_message =
      go_message(GoStage::Scanner, source.line_count(), "found unexpected end of stream");
  return failure;
}

YamlFailure key_without_colon(const YamlSource& source, int line, int byte_column) {
  YamlFailure failure;
  failure.line = line;
  failure.byte_column = byte_column;
  failure.message = "a key without a colon";
  failure.hint = "a key is followed by a colon and a blank: `key: value`";
  int next = line + 1;
  while (next < source.line_count() && is_blank(source.line(next))) {
    ++next;
  }
  failure.go_message = go_message(GoStage::Scanner, next, "could not find expected ':'");
  return failure;
}

YamlFailure describe_failure(const YamlSource& source,
                             int line,
                             int byte_column,
                             std::string_view complaint) {
  // The other reader looks one token ahead, so an open quote comes first.
  if (line > 0 && is_quote(source, line, byte_column) &&
      end_of_quoted(source, source.offset(line, byte_column)) == std::string_view::npos) {
    return unclosed_quote(source, line, byte_column);
  }
  if (line > 0 && complaint.starts_with("end of map not found") &&
      is_bare_key(source, line, static_cast<std::size_t>(byte_column) - 1)) {
    return key_without_colon(source, line, byte_column);
  }
  YamlFailure failure;
  failure.line = line;
  failure.byte_column = byte_column;
  const auto* const words = std::ranges::find_if(
      kWords, [complaint](const Words& row) { return complaint.starts_with(row.complaint); });
  if (words != kWords.end()) {
    failure.message = words->message;
    failure.hint = words->hint;
  } else {
    failure.message = complaint;
  }
  failure.go_message = go_words(source, line, byte_column, complaint);
  return failure;
}

}  // namespace stsim::api
