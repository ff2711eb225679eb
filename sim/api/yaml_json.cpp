// The JSON form of YAML as kubectl's library makes it: types of plain scalars by YAML 1.1, keys
// made text, merge keys carried out, and its words for what has no JSON form.
#include "api/yaml_data.hpp"

#include <fmt/format.h>
#include <stsim/base/characters.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace stsim::api {

namespace {

using Converted = Result<Json, std::string>;

std::optional<Json> fixed_word(std::string_view text) {
  constexpr std::array kTrue{
      "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"};
  constexpr std::array kFalse{
      "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"};
  constexpr std::array kNull{"", "~", "null", "Null", "NULL"};
  const auto among = [text](const auto& words) {
    return std::find(words.begin(), words.end(), text) != words.end();
  };
  if (among(kTrue)) {
    return Json(true);
  }
  if (among(kFalse)) {
    return Json(false);
  }
  if (among(kNull)) {
    return Json();
  }
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  if (among(std::array{".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"})) {
    return Json(kInfinite);
  }
  if (among(std::array{"-.inf", "-.Inf", "-.INF"})) {
    return Json(-kInfinite);
  }
  if (among(std::array{".nan", ".NaN", ".NAN"})) {
    return Json(std::numeric_limits<double>::quiet_NaN());
  }
  return std::nullopt;
}

/// An integer as Go reads it: sign, prefix of a base, digits; a leading zero means octal.
std::optional<Json> whole_number(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  const bool sign = negative;
  int base = 10;
  if (text.size() > 1 && text.front() == '0') {
    const char letter = static_cast<char>(static_cast<unsigned char>(text[1]) | 0x20U);
    base = letter == 'x' ? 16 : letter == 'b' ? 2 : 8;
    text.remove_prefix(letter == 'x' || letter == 'b' || letter == 'o' ? 2 : 1);
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (sign) {
    if (value > kMost + 1) {
      return std::nullopt;
    }
    return Json(static_cast<std::int64_t>(~value + 1));
  }
  return value <= kMost ? Json(static_cast<std::int64_t>(value)) : Json(value);
}

/// Digits with an optional point and exponent, beginning with a digit, a sign or a point.
bool is_decimal(std::string_view text) {
  const auto is_sign = [text](std::size_t at) {
    return at < text.size() && (text[at] == '-' || text[at] == '+');
  };
  std::size_t i = is_sign(0) ? 1U : 0U;
  const auto digits = [&] {
    const std::size_t begin = i;
    while (i < text.size() && is_digit(text[i])) {
      ++i;
    }
    return i > begin;
  };
  const bool whole = digits();
  bool fraction = false;
  if (i < text.size() && text[i] == '.') {
    ++i;
    fraction = digits();
  }
  if (!whole && !fraction) {
    return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    i += is_sign(i) ? 1U : 0U;
    if (!digits()) {
      return false;
    }
  }
  return i == text.size();
}

/// Of a decimal number that does not fit: whether it is too large rather than too small.
bool is_large(std::string_view text) {
  const std::size_t exponent = text.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    return text.substr(exponent + 1).front() != '-';
  }
  return text.substr(0, text.find('.')).find_first_of("123456789") != std::string_view::npos;
}

/// A decimal number. Whole ones become integers, as they look after a way through JSON.
std::optional<Json> decimal_number(std::string_view text) {
  if (!is_decimal(text)) {
    return std::nullopt;
  }
  text.remove_prefix(text.front() == '+' ? 1 : 0);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range && !is_large(text)) {
    value = 0;
  } else if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  constexpr double kExact = 9007199254740992.0;
  if (std::abs(value) <= kExact && std::trunc(value) == value) {
    return Json(static_cast<std::int64_t>(value));
  }
  return Json(value);
}

/// A floating-point key as text: the shortest digits of a 32-bit number, as Go's format 'g'.
std::string key_text(double value) {
  if (std::isnan(value)) {
    return ".nan";
  }
  if (std::isinf(value)) {
    return value > 0 ? ".inf" : "-.inf";
  }
  const double size = std::abs(value);
  const bool scientific = size != 0 && (size < 1e-4 || size >= 1e21);
  std::array<char, 64> buffer{};
  const auto [end, error] =
      std::to_chars(buffer.data(),
                    buffer.data() + buffer.size(),
                    static_cast<float>(value),
                    scientific ? std::chars_format::scientific : std::chars_format::fixed);
  return error == std::errc() ? std::string(buffer.data(), end) : fmt::format("{}", value);
}

/// More of a value than that helps nobody.
constexpr std::size_t kShownMax = 1000;

/// How Go's %#v shows a value that cannot be a key; the beginning of it where it is long.
std::string go_syntax(const Json& value) {
  if (value.is_object()) {
    std::string out = "map[interface {}]interface {}{";
    for (const auto& [key, member] : value.items()) {
      if (out.size() > kShownMax) {
        return out + "...";
      }
      out += (out.ends_with('{') ? "" : ", ") + Json(key).dump() + ":" + go_syntax(member);
    }
    return out + "}";
  }
  if (value.is_array()) {
    std::string out = "[]interface {}{";
    for (const Json& item : value) {
      if (out.size() > kShownMax) {
        return out + "...";
      }
      out += (out.ends_with('{') ? "" : ", ") + go_syntax(item);
    }
    return out + "}";
  }
  return value.is_null() ? "interface {}(nil)" : value.dump();
}

Converted scalar(const YamlNode::Data& data) {
  switch (data.tag) {
    case YamlTag::Str:
    case YamlTag::Other:
    case YamlTag::Merge:
      return Json(data.text);
    case YamlTag::None:
      return data.style == YamlNode::Style::Quoted ? Json(data.text)
                                                   : resolve_plain_scalar(data.text);
    default:
      break;
  }
  Json value = resolve_plain_scalar(data.text);
  const auto refuse = [&](std::string_view wanted) -> Converted {
    const std::string_view found = value.is_string()         ? "!!str"
                                   : value.is_boolean()      ? "!!bool"
                                   : value.is_null()         ? "!!null"
                                   : value.is_number_float() ? "!!float"
                                                             : "!!int";
    return tl::unexpected(
        fmt::format("yaml: cannot decode {} `{}` as a {}", found, data.text, wanted));
  };
  switch (data.tag) {
    case YamlTag::Int:
      return value.is_number_integer() ? Converted(value) : refuse("!!int");
    case YamlTag::Float:
      return value.is_number() ? Converted(value) : refuse("!!float");
    case YamlTag::Bool:
      return value.is_boolean() ? Converted(value) : refuse("!!bool");
    case YamlTag::Null:
      return value.is_null() ? Converted(value) : refuse("!!null");
    default:
      return Json(data.text);
  }
}

Result<std::string, std::string> key_of(const Json& key, const Json& value) {
  if (key.is_string()) {
    return key.get<std::string>();
  }
  if (key.is_structured()) {
    return tl::unexpected("yaml: invalid map key: " + go_syntax(key));
  }
  if (key.is_null()) {
    return tl::unexpected("unsupported map key of type: %!s(<nil>), key: <nil>, value: " +
                          go_syntax(value));
  }
  return key.is_number_float() ? key_text(key.get<double>()) : key.dump();
}

Result<void, std::string> merge_into(Json& out, const YamlNode& node) {
  constexpr std::string_view kWrong =
      "yaml: map merge requires map or sequence of maps as the value";
  if (node.is_map()) {
    auto merged = node.json();
    if (!merged) {
      return tl::unexpected(merged.error());
    }
    out.update(*merged);
    return {};
  }
  if (!node.is_sequence()) {
    return tl::unexpected(std::string(kWrong));
  }
  // Of several mappings the first one wins.
  for (auto item = node.items().rbegin(); item != node.items().rend(); ++item) {
    if (!item->is_map()) {
      return tl::unexpected(std::string(kWrong));
    }
    if (auto merged = merge_into(out, *item); !merged) {
      return merged;
    }
  }
  return {};
}

}  // namespace

Json resolve_plain_scalar(std::string_view text) {
  constexpr std::string_view kFirst = "yYnNtTfFoO~.+-0123456789";
  if (!text.empty() && kFirst.find(text.front()) == std::string_view::npos) {
    return text;
  }
  if (auto word = fixed_word(text)) {
    return std::move(*word);
  }
  if (text.front() == '.') {
    return decimal_number(text).value_or(Json(text));
  }
  if (!is_digit(text.front()) && text.front() != '+' && text.front() != '-') {
    return text;
  }
  std::string plain(text);
  std::erase(plain, '_');
  if (auto whole = whole_number(plain)) {
    return std::move(*whole);
  }
  return decimal_number(plain).value_or(Json(text));
}

Result<Json, std::string> YamlNode::json() const {
  switch (type()) {
    case Type::Null:
      return Json();
    case Type::Scalar: {
      Converted value = scalar(*data_);
      if (value && value->is_number_float() && !std::isfinite(value->get<double>())) {
        const double number = value->get<double>();
        return tl::unexpected(std::string("json: unsupported value: ") + (std::isnan(number) ? "NaN"
                                                                          : number > 0 ? "+Inf"
                                                                                       : "-Inf"));
      }
      return value;
    }
    case Type::Sequence: {
      Json list = Json::array();
      for (const YamlNode& item : items()) {
        Converted value = item.json();
        if (!value) {
          return value;
        }
        list.push_back(std::move(*value));
      }
      return list;
    }
    case Type::Map:
      break;
  }
  Json object = Json::object();
  for (const YamlEntry& entry : entries()) {
    const Data& key_data = *entry.key.data_;
    if (key_data.text == "<<" && key_data.style == Style::Plain &&
        (key_data.tag == YamlTag::None || key_data.tag == YamlTag::Merge)) {
      if (auto merged = merge_into(object, entry.value); !merged) {
        return tl::unexpected(merged.error());
      }
      continue;
    }
    // Not json(): a key may be infinite.
    const Converted key = entry.key.is_scalar() ? scalar(key_data) : entry.key.json();
    if (!key) {
      return key;
    }
    Converted value = entry.value.json();
    if (!value) {
      return value;
    }
    auto name = key_of(*key, *value);
    if (!name) {
      return tl::unexpected(std::move(name.error()));
    }
    object[*name] = std::move(*value);
  }
  return object;
}

}  // namespace stsim::api
