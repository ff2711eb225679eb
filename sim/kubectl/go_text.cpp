#include "kubectl/go_text.hpp"

#include <stsim/kubectl/jsonpath.hpp>

#include <array>
#include <charconv>
#include <optional>

namespace stsim::kubectl {

using api::Json;

namespace {

// The shortest digits that read back as the same number, with an exponent where Go puts one.
std::string float_text(double value) {
  constexpr int kFirstLargeExponent = 21;
  constexpr int kFirstSmallExponent = -4;
  std::array<char, 64> buffer{};
  const auto end =
      std::to_chars(buffer.begin(), buffer.end(), value, std::chars_format::scientific);
  const std::string scientific(buffer.data(), end.ptr);
  const std::size_t e = scientific.find('e');
  int exponent = 0;
  const char* const first = scientific.data() + e + (scientific[e + 1] == '+' ? 2 : 1);
  std::from_chars(first, scientific.data() + scientific.size(), exponent);
  if (exponent < kFirstSmallExponent || exponent >= kFirstLargeExponent) {
    return scientific;
  }
  std::array<char, 64> plain{};
  const auto plain_end = std::to_chars(plain.begin(), plain.end(), value, std::chars_format::fixed);
  return {plain.data(), plain_end.ptr};
}

std::optional<char32_t> read_digits(std::string_view& rest, std::size_t count, unsigned base) {
  if (rest.size() < count) {
    return std::nullopt;
  }
  std::uint32_t value = 0;
  const auto result =
      std::from_chars(rest.data(), rest.data() + count, value, static_cast<int>(base));
  if (result.ec != std::errc() || result.ptr != rest.data() + count) {
    return std::nullopt;
  }
  rest.remove_prefix(count);
  return static_cast<char32_t>(value);
}

std::optional<char> simple_escape(char c) {
  constexpr std::string_view kLetters = "abfnrtv\\";
  constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\";
  const std::size_t i = kLetters.find(c);
  return i == std::string_view::npos ? std::nullopt : std::optional(kMeanings[i]);
}

// What follows a backslash. False where that is no escape.
bool read_escape(std::string_view& rest, char quote, std::string& text) {
  if (rest.empty()) {
    return false;
  }
  const char c = rest.front();
  if (c >= '0' && c <= '7') {
    const auto octal = read_digits(rest, 3, 8);
    if (!octal || *octal > 0xFF) {
      return false;
    }
    text += static_cast<char>(*octal);
    return true;
  }
  rest.remove_prefix(1);
  if (const auto simple = simple_escape(c)) {
    text += *simple;
    return true;
  }
  if (c == quote) {
    text += c;
    return true;
  }
  const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
  const auto value = digits == 0 ? std::nullopt : read_digits(rest, digits, 16);
  if (!value || *value > 0x10FFFF) {
    return false;
  }
  if (c == 'x') {
    text += static_cast<char>(*value);
  } else {
    append_utf8(text, *value);
  }
  return true;
}

}  // namespace

void append_utf8(std::string& text, char32_t c) {
  const auto put = [&](char32_t byte) { text += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0U | (c >> 6U));
    put(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    put(0xE0U | (c >> 12U));
    put(0x80U | ((c >> 6U) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  } else {
    put(0xF0U | (c >> 18U));
    put(0x80U | ((c >> 12U) & 0x3FU));
    put(0x80U | ((c >> 6U) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  }
}

bool go_unquote(std::string_view quoted, std::string& text) {
  if (quoted.size() < 2 || quoted.front() != quoted.back()) {
    return false;
  }
  const char quote = quoted.front();
  std::string_view rest = quoted.substr(1, quoted.size() - 2);
  text.clear();
  while (!rest.empty()) {
    const char c = rest.front();
    if (c == quote) {
      return false;
    }
    rest.remove_prefix(1);
    if (c != '\\') {
      text += c;
    } else if (!read_escape(rest, quote, text)) {
      return false;
    }
  }
  return true;
}

std::string go_text(const Json& value) {
  std::string text;
  switch (value.type()) {
    case Json::value_t::string:
      return value.get<std::string>();
    case Json::value_t::null:
    case Json::value_t::discarded:
      return "<nil>";
    case Json::value_t::number_float:
      return float_text(value.get<double>());
    case Json::value_t::array:
      for (const Json& element : value) {
        text += (text.empty() ? "" : " ") + go_text(element);
      }
      return "[" + text + "]";
    case Json::value_t::object:
      for (const auto& [key, element] : value.items()) {
        text += (text.empty() ? "" : " ") + key + ":" + go_text(element);
      }
      return "map[" + text + "]";
    case Json::value_t::boolean:
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::binary:
      break;
  }
  return value.dump();
}

std::string go_quote(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\\"";
    constexpr std::string_view kLetters = "abfnrtv\\\"";
    if (const std::size_t i = kMeanings.find(c); i != std::string_view::npos) {
      result += {'\\', kLetters[i]};
    } else if (byte < 0x20 || byte == 0x7F) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      result += {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 0xFU]};
    } else {
      result += c;
    }
  }
  return result + "\"";
}

std::string go_type(const Json& value) {
  switch (value.type()) {
    case Json::value_t::string:
      return "string";
    case Json::value_t::boolean:
      return "bool";
    case Json::value_t::number_float:
      return "float64";
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return "int64";
    case Json::value_t::array:
      return "[]interface {}";
    case Json::value_t::object:
      return "map[string]interface {}";
    case Json::value_t::null:
    case Json::value_t::discarded:
    case Json::value_t::binary:
      break;
  }
  return "<nil>";
}

std::string go_syntax(const Json& value) {
  std::string text;
  if (value.is_string()) {
    return go_quote(value.get_ref<const std::string&>());
  }
  if (value.is_null()) {
    return "interface {}(nil)";
  }
  if (value.is_array()) {
    for (const Json& element : value) {
      text += (text.empty() ? "" : ", ") + go_syntax(element);
    }
    return go_type(value) + "{" + text + "}";
  }
  if (value.is_object()) {
    for (const auto& [key, element] : value.items()) {
      text += (text.empty() ? "" : ", ") + go_quote(key) + ":" + go_syntax(element);
    }
    return go_type(value) + "{" + text + "}";
  }
  return go_text(value);
}

}  // namespace stsim::kubectl
