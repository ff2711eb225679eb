#include <fmt/format.h>
#include <stsim/api/json_parse.hpp>
#include <stsim/base/characters.hpp>

#include <utility>
#include <vector>

namespace stsim::api {

namespace {

constexpr std::string_view kJsonSpaces = " \t\r\n";

/// How Go's messages show a byte.
std::string quoted_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  switch (c) {
    case '\'':
      return R"('\'')";
    case '"':
      return R"('"')";
    case '\\':
      return R"('\\')";
    case '\n':
      return R"('\n')";
    case '\t':
      return R"('\t')";
    case '\r':
      return R"('\r')";
    case '\a':
      return R"('\a')";
    case '\b':
      return R"('\b')";
    case '\f':
      return R"('\f')";
    case '\v':
      return R"('\v')";
    default:
      break;
  }
  if (byte < 0x20 || byte == 0x7F) {
    return fmt::format("'\\x{:02x}'", byte);
  }
  if (byte < 0x80) {
    return fmt::format("'{}'", c);
  }
  // Go takes the byte for a character of Latin-1, of which the first 33 and 0xAD are not printed.
  if (byte <= 0xA0 || byte == 0xAD) {
    return fmt::format("'\\u{:04x}'", byte);
  }
  const std::string utf8{static_cast<char>(0xC0U | (byte >> 6U)),
                         static_cast<char>(0x80U | (byte & 0x3FU))};
  return "'" + utf8 + "'";
}

/// Walks over one value without building it: finds its end or the first thing wrong with it.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  /// The offset behind the value.
  Result<std::size_t, JsonError> scan() {
    do {
      skip_spaces();
      if (!value_or_end() || !after_value()) {
        return tl::unexpected(std::move(error_));
      }
    } while (!open_.empty() || pending_);
    return at_;
  }

 private:
  bool fail(std::string_view context) {
    if (at_ >= text_.size()) {
      return fail_with("unexpected end of JSON input");
    }
    return fail_with("invalid character " + quoted_byte(text_[at_]) + " " + std::string(context));
  }

  bool fail_with(std::string message) {
    error_ = {std::move(message), at_};
    return false;
  }

  [[nodiscard]] bool next_is(char c) const { return at_ < text_.size() && text_[at_] == c; }
  [[nodiscard]] bool digit() const { return at_ < text_.size() && is_digit(text_[at_]); }

  void skip_spaces() {
    while (at_ < text_.size() && kJsonSpaces.find(text_[at_]) != std::string_view::npos) {
      ++at_;
    }
  }

  /// A scalar, or the beginning of a collection with the key of its first entry; the end of an
  /// empty collection. `pending_` says whether a value must follow.
  bool value_or_end() {
    pending_ = false;
    if (next_is('{') || next_is('[')) {
      const bool object = next_is('{');
      if (open_.size() >= kJsonDepthMax) {
        return fail_with("exceeded max depth");
      }
      open_.push_back(object ? '}' : ']');
      ++at_;
      skip_spaces();
      if (next_is(open_.back())) {
        return true;
      }
      pending_ = true;
      return !object || key();
    }
    return scalar();
  }

  /// What follows a value: ends of collections, or a comma with the next key.
  bool after_value() {
    while (!pending_ && !open_.empty()) {
      skip_spaces();
      if (next_is(open_.back())) {
        open_.pop_back();
        ++at_;
      } else if (next_is(',')) {
        ++at_;
        skip_spaces();
        pending_ = true;
        return open_.back() == ']' || key();
      } else {
        return fail(open_.back() == '}' ? "after object key:value pair" : "after array element");
      }
    }
    return true;
  }

  bool key() {
    if (!next_is('"')) {
      return fail("looking for beginning of object key string");
    }
    if (!string()) {
      return false;
    }
    skip_spaces();
    if (!next_is(':')) {
      return fail("after object key");
    }
    ++at_;
    return true;
  }

  bool scalar() {
    if (next_is('"')) {
      return string();
    }
    if (next_is('-') || digit()) {
      return number();
    }
    for (const std::string_view word : {"true", "false", "null"}) {
      if (next_is(word.front())) {
        return literal(word);
      }
    }
    return fail("looking for beginning of value");
  }

  bool literal(std::string_view word) {
    for (std::size_t i = 0; i < word.size(); ++i, ++at_) {
      if (!next_is(word[i])) {
        return fail(fmt::format("in literal {} (expecting '{}')", word, word[i]));
      }
    }
    return true;
  }

  bool digits(std::string_view context) {
    if (!digit()) {
      return fail(context);
    }
    while (digit()) {
      ++at_;
    }
    return true;
  }

  bool number() {
    if (next_is('-')) {
      ++at_;
    }
    if (next_is('0')) {
      ++at_;
    } else if (!digits("in numeric literal")) {
      return false;
    }
    if (next_is('.')) {
      ++at_;
      if (!digits("after decimal point in numeric literal")) {
        return false;
      }
    }
    if (next_is('e') || next_is('E')) {
      ++at_;
      if (next_is('+') || next_is('-')) {
        ++at_;
      }
      return digits("in exponent of numeric literal");
    }
    return true;
  }

  bool string() {
    ++at_;
    while (!next_is('"')) {
      if (at_ >= text_.size() || static_cast<unsigned char>(text_[at_]) < 0x20) {
        return fail("in string literal");
      }
      if (text_[at_++] == '\\' && !escape()) {
        return false;
      }
    }
    ++at_;
    return true;
  }

  bool escape() {
    constexpr std::string_view kSimple = "bfnrt\\/\"";
    constexpr std::string_view kHex = "0123456789abcdefABCDEF";
    if (!next_is('u')) {
      if (at_ >= text_.size() || kSimple.find(text_[at_]) == std::string_view::npos) {
        return fail("in string escape code");
      }
      ++at_;
      return true;
    }
    ++at_;
    for (int i = 0; i < 4; ++i, ++at_) {
      if (at_ >= text_.size() || kHex.find(text_[at_]) == std::string_view::npos) {
        return fail("in \\u hexadecimal character escape");
      }
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_{};
  std::vector<char> open_;  ///< what ends each open collection
  bool pending_{};
  JsonError error_;
};

void append_utf8(std::string& out, unsigned code) {
  const auto add = [&out](unsigned byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0U | (code >> 6U));
    add(0x80U | (code & 0x3FU));
  } else {
    add(0xE0U | (code >> 12U));
    add(0x80U | ((code >> 6U) & 0x3FU));
    add(0x80U | (code & 0x3FU));
  }
}

unsigned hex4(std::string_view text) {
  unsigned code = 0;
  for (const char c : text.substr(0, 4)) {
    const unsigned digit =
        c <= '9' ? static_cast<unsigned>(c - '0') : (static_cast<unsigned>(c) | 0x20U) - 'a' + 10U;
    code = code * 16U + digit;
  }
  return code;
}

/// The text with everything replaced that Go replaces in strings and other readers refuse: halves
/// of surrogate pairs that stand alone and broken UTF-8. Pre: scanned.
std::string with_replacements(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    if (text[i + 1] != 'u') {
      out += text[i];
      out += text[++i];
      continue;
    }
    const unsigned code = hex4(text.substr(i + 2));
    const bool high = code >= 0xD800 && code <= 0xDBFF;
    const bool low_follows = text.substr(i + 6, 2) == "\\u" && hex4(text.substr(i + 8)) >= 0xDC00 &&
                             hex4(text.substr(i + 8)) <= 0xDFFF;
    if (code < 0xD800 || code > 0xDFFF) {
      out += text.substr(i, 6);
      i += 5;
    } else if (high && low_follows) {
      out += text.substr(i, 12);
      i += 11;
    } else {
      append_utf8(out, 0xFFFD);
      i += 5;
    }
  }
  return out;
}

bool well_formed(std::string_view text) {
  return Json::accept(text.begin(), text.end());
}

/// Bytes that are no UTF-8 become U+FFFD, as in Go.
std::string valid_utf8(std::string_view text) {
  const Json carrier = std::string(text);
  const std::string dumped = carrier.dump(-1, ' ', false, Json::error_handler_t::replace);
  return Json::parse(dumped).get<std::string>();
}

}  // namespace

Result<Json, JsonError> take_json(std::string_view& text) {
  const auto end = Scanner(text).scan();
  if (!end) {
    return tl::unexpected(end.error());
  }
  const std::string_view value = text.substr(0, *end);
  std::string readable;
  std::string_view source = value;
  if (!well_formed(value)) {
    readable = valid_utf8(with_replacements(value));
    source = readable;
  }
  Json parsed = Json::parse(source.begin(), source.end(), nullptr, false);
  if (parsed.is_discarded()) {
    // What is left is a number beyond the range of 64-bit floating point.
    return tl::unexpected(JsonError{"number out of range", 0});
  }
  text.remove_prefix(*end);
  return parsed;
}

Result<Json, JsonError> parse_json(std::string_view text) {
  std::string_view rest = text;
  auto value = take_json(rest);
  if (!value) {
    return value;
  }
  const std::size_t after = rest.find_first_not_of(kJsonSpaces);
  if (after != std::string_view::npos) {
    return tl::unexpected(
        JsonError{"invalid character " + quoted_byte(rest[after]) + " after top-level value",
                  text.size() - rest.size() + after});
  }
  return value;
}

}  // namespace stsim::api
