#include "kubectl/yaml_scalar.hpp"

#include <array>
#include <optional>

namespace stsim::kubectl {

namespace {

constexpr std::size_t kBestWidth = 80;

std::size_t length_of_character(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80U ? 1 : byte < 0xE0U ? 2 : byte < 0xF0U ? 3 : 4;
}

// The characters of UTF-8 text, one after the other.
std::string_view character_at(std::string_view text, std::size_t i) {
  return text.substr(i, length_of_character(text[i]));
}

bool is_break(std::string_view c) {
  return c == "\r" || c == "\n" || c == "\u0085" || c == "\u2028" || c == "\u2029";
}

// What go-yaml writes as it is. Characters outside the basic plane are not among them.
bool is_printable(std::string_view c) {
  if (c.size() == 1) {
    return c[0] == '\n' || (c[0] >= ' ' && c[0] <= '~');
  }
  return c.size() < 4 && c >= "\u00a0" && c != "\ufeff" && c != "\ufffe" && c != "\uffff";
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// What the characters of a string allow. The order of preference is plain, single quotes, double.
struct Analysis {
  bool plain{true};
  bool single_quoted{true};
  bool block{true};
  bool multiline{};
};

bool is_indicator(std::string_view text, std::size_t i) {
  const bool before_blank = i + 1 >= text.size() || is_blank(text[i + 1]);
  if (i == 0) {
    if (std::string_view("#,[]{}&*!|>'\"%@`").find(text[0]) != std::string_view::npos) {
      return true;
    }
    return std::string_view("?:-").find(text[0]) != std::string_view::npos && before_blank;
  }
  if (text[i] == ':') {
    return before_blank;
  }
  const char previous = text[i - 1];
  return text[i] == '#' && (is_blank(previous) || previous == '\n' || previous == '\r');
}

Analysis analyze(std::string_view text) {
  Analysis result;
  if (text.empty()) {
    result.block = false;
    return result;
  }
  result.plain = !text.starts_with("---") && !text.starts_with("...");
  bool previous_space = false;
  bool previous_break = false;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view c = character_at(text, i);
    const bool edge = i == 0 || i + c.size() == text.size();
    if (is_indicator(text, i)) {
      result.plain = false;
    }
    if (!is_printable(c)) {
      result = {false, false, false, result.multiline};
    }
    const bool space = c == " ";
    const bool line_break = is_break(c);
    if (space && edge) {
      result.plain = false;
      result.block = result.block && i + 1 < text.size();
    }
    if (space && previous_break) {
      result.plain = false;
      result.single_quoted = false;
    }
    if (line_break) {
      result.multiline = true;
      result.plain = false;
      if (previous_space) {
        result.single_quoted = false;
        result.block = false;
      }
    }
    previous_space = space;
    previous_break = line_break;
    i += c.size();
  }
  return result;
}

// Text that knows its column, for folding.
class FoldedText {
 public:
  explicit FoldedText(ScalarPlace place) : place_(place), column_(place.column) {}

  void put(std::string_view c) {
    text_ += c;
    ++column_;
  }
  void break_line() {
    text_ += '\n';
    text_.append(place_.indent, ' ');
    column_ = place_.indent;
  }
  [[nodiscard]] bool is_long() const { return !place_.key && column_ > kBestWidth; }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  ScalarPlace place_;
  std::size_t column_;
  std::string text_;
};

// Plain and single-quoted strings are broken at single spaces; the line break stands for the space.
std::string write_flat(std::string_view text, ScalarPlace place, bool quoted) {
  FoldedText out(place);
  if (quoted) {
    out.put("'");
  }
  bool spaces = false;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view c = character_at(text, i);
    if (c == " ") {
      const bool inner = !quoted || (i > 0 && i + 1 < text.size());
      if (out.is_long() && !spaces && inner && i + 1 < text.size() && text[i + 1] != ' ') {
        out.break_line();
      } else {
        out.put(c);
      }
      spaces = true;
    } else {
      if (c == "'" && quoted) {
        out.put("'");
      }
      out.put(c);
      spaces = false;
    }
    i += c.size();
  }
  if (quoted) {
    out.put("'");
  }
  return out.take();
}

char32_t code_point(std::string_view c) {
  const auto first = static_cast<unsigned char>(c[0]);
  const unsigned mask = c.size() == 1   ? 0x7FU
                        : c.size() == 2 ? 0x1FU
                        : c.size() == 3 ? 0x0FU
                                        : 0x07U;
  char32_t value = first & mask;
  for (const char next : c.substr(1)) {
    value = (value << 6U) | (static_cast<unsigned char>(next) & 0x3FU);
  }
  return value;
}

std::string escape(char32_t c) {
  struct Short {
    char32_t c;
    char letter;
  };
  static constexpr std::array<Short, 15> kShort{{{0x00, '0'},
                                                 {0x07, 'a'},
                                                 {0x08, 'b'},
                                                 {0x09, 't'},
                                                 {0x0A, 'n'},
                                                 {0x0B, 'v'},
                                                 {0x0C, 'f'},
                                                 {0x0D, 'r'},
                                                 {0x1B, 'e'},
                                                 {0x22, '"'},
                                                 {0x5C, '\\'},
                                                 {0x85, 'N'},
                                                 {0xA0, '_'},
                                                 {0x2028, 'L'},
                                                 {0x2029, 'P'}}};
  for (const Short& known : kShort) {
    if (known.c == c) {
      return {'\\', known.letter};
    }
  }
  const unsigned digits = c <= 0xFF ? 2 : c <= 0xFFFF ? 4 : 8;
  std::string text = c <= 0xFF ? "\\x" : c <= 0xFFFF ? "\\u" : "\\U";
  for (unsigned k = digits; k > 0; --k) {
    text += "0123456789ABCDEF"[(c >> ((k - 1) * 4)) & 0xFU];
  }
  return text;
}

std::string write_double_quoted(std::string_view text, ScalarPlace place) {
  FoldedText out(place);
  out.put("\"");
  bool spaces = false;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view c = character_at(text, i);
    if (!is_printable(c) || is_break(c) || c == "\"" || c == "\\") {
      for (const char letter : escape(code_point(c))) {
        out.put({&letter, 1});
      }
      spaces = false;
    } else if (c == " ") {
      if (out.is_long() && !spaces && i > 0 && i + 1 < text.size()) {
        out.break_line();
        if (text[i + 1] == ' ') {
          out.put("\\");
        }
      } else {
        out.put(c);
      }
      spaces = true;
    } else {
      out.put(c);
      spaces = false;
    }
    i += c.size();
  }
  out.put("\"");
  return out.take();
}

std::string write_literal(std::string_view text, ScalarPlace place) {
  std::string out = "|";
  if (text.front() == ' ' || text.front() == '\n') {
    out += '2';
  }
  if (!text.ends_with('\n')) {
    out += '-';
  } else if (text == "\n" || text.ends_with("\n\n")) {
    out += '+';
  }
  bool at_start = true;
  out += '\n';
  for (const char c : text) {
    if (c != '\n' && at_start) {
      out.append(place.indent, ' ');
    }
    out += c;
    at_start = c == '\n';
  }
  return out;
}

}  // namespace

std::string yaml_string(std::string_view text, ScalarPlace place) {
  const Analysis analysis = analyze(text);
  if (text.find('\n') != std::string_view::npos) {
    return analysis.block && !place.key ? write_literal(text, place)
                                        : write_double_quoted(text, place);
  }
  if (reads_as_other_type(text) || (place.key && analysis.multiline)) {
    return write_double_quoted(text, place);
  }
  if (analysis.plain) {
    return write_flat(text, place, false);
  }
  return analysis.single_quoted && !analysis.multiline ? write_flat(text, place, true)
                                                       : write_double_quoted(text, place);
}

}  // namespace stsim::kubectl
