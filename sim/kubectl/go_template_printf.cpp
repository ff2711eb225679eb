#include "go_template_values.hpp"
#include "go_text.hpp"

#include <fmt/format.h>
#include <stsim/base/characters.hpp>
#include <stsim/kubectl/jsonpath.hpp>

#include <algorithm>
#include <optional>

namespace stsim::kubectl {

namespace {

using api::Json;

/// One directive with its flags, width and precision: `%-10s`.
struct Directive {
  bool left{};
  bool plus{};
  bool zero{};
  std::size_t width{};
  std::optional<std::size_t> precision{};
  char verb{};
};

/// The first `count` characters of UTF-8.
std::string cut(const std::string& text, std::size_t count) {
  std::size_t at = 0;
  while (at < text.size() && count > 0) {
    ++at;
    while (at < text.size() && (text[at] & '\xC0') == '\x80') {
      ++at;
    }
    --count;
  }
  return text.substr(0, at);
}

std::string hexadecimal(const std::string& text, bool upper) {
  std::string out;
  for (const char c : text) {
    out += upper ? fmt::format("{:02X}", static_cast<unsigned char>(c))
                 : fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  return out;
}

/// A whole number as a directive prints it; nothing where it does not suit.
std::optional<std::string> of_integer(std::int64_t value, const Directive& wanted) {
  std::string out;
  switch (wanted.verb) {
    case 'd':
      out = fmt::format("{}", value);
      break;
    case 'x':
      out = fmt::format("{:x}", value);
      break;
    case 'X':
      out = fmt::format("{:X}", value);
      break;
    case 'o':
      out = fmt::format("{:o}", value);
      break;
    case 'b':
      out = fmt::format("{:b}", value);
      break;
    case 'c':
      append_utf8(out, static_cast<char32_t>(value));
      return out;
    default:
      return std::nullopt;
  }
  return wanted.plus && value >= 0 ? "+" + out : out;
}

std::optional<std::string> of_number(double value, const Directive& wanted) {
  constexpr std::size_t kUsual = 6;
  const std::size_t precision = std::min<std::size_t>(wanted.precision.value_or(kUsual), 100);
  switch (wanted.verb) {
    case 'f':
    case 'F':
      return fmt::format("{:.{}f}", value, precision);
    case 'e':
      return fmt::format("{:.{}e}", value, precision);
    case 'g':
      return go_text(Json(value));
    default:
      return std::nullopt;
  }
}

std::optional<std::string> of_text(const std::string& value, const Directive& wanted) {
  switch (wanted.verb) {
    case 's':
      return wanted.precision ? cut(value, *wanted.precision) : value;
    case 'q':
      return go_quote(value);
    case 'x':
    case 'X':
      return hexadecimal(value, wanted.verb == 'X');
    default:
      return std::nullopt;
  }
}

/// A value as a directive prints it. Go's words where it does not suit: `%!d(string=web)`.
std::string formatted(const Json& value, const std::string& type, const Directive& wanted) {
  if (wanted.verb == 'v') {
    return go_text(value);
  }
  if (wanted.verb == 'T') {
    return type;
  }
  if (value.is_structured()) {
    std::string out = value.is_array() ? "[" : "map[";
    bool first = true;
    for (const auto& [key, element] : value.items()) {
      out += first ? "" : " ";
      first = false;
      out += value.is_array() ? "" : formatted(Json(key), "string", wanted) + ":";
      out += formatted(element, go_type(element), wanted);
    }
    return out + "]";
  }
  std::optional<std::string> out;
  if (value.is_string()) {
    out = of_text(value.get_ref<const std::string&>(), wanted);
  } else if (value.is_number_integer()) {
    out = of_integer(value.get<std::int64_t>(), wanted);
  } else if (value.is_number_float()) {
    out = of_number(value.get<double>(), wanted);
  } else if (value.is_boolean() && wanted.verb == 't') {
    out = go_text(value);
  }
  if (value.is_null()) {
    return fmt::format("%!{}(<nil>)", wanted.verb);
  }
  return out ? *out : fmt::format("%!{}({}={})", wanted.verb, type, go_text(value));
}

std::string padded(std::string text, const Directive& wanted) {
  constexpr std::size_t kWidest = 10'000;
  const auto size = static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & '\xC0') != '\x80'; }));
  const std::size_t width = std::min(wanted.width, kWidest);
  if (size >= width) {
    return text;
  }
  const std::size_t missing = width - size;
  if (wanted.left) {
    return text + std::string(missing, ' ');
  }
  const std::size_t sign =
      wanted.zero && !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  return text.substr(0, sign) + std::string(missing, wanted.zero ? '0' : ' ') + text.substr(sign);
}

class Printf {
 public:
  Printf(const std::string& format, std::span<const TemplateValue> arguments)
      : format_(format), arguments_(arguments) {}

  std::string print() {
    std::string out;
    while (at_ < format_.size()) {
      const std::size_t percent = std::min(format_.find('%', at_), format_.size());
      out += format_.substr(at_, percent - at_);
      at_ = percent;
      if (at_ < format_.size()) {
        out += directive();
      }
    }
    if (next_ < arguments_.size()) {
      out += "%!(EXTRA ";
      for (std::size_t i = next_; i < arguments_.size(); ++i) {
        out += (i > next_ ? ", " : "") + arguments_[i].type() +
               (arguments_[i] ? "=" + arguments_[i].text() : "");
      }
      out += ")";
    }
    return out;
  }

 private:
  std::string directive() {
    ++at_;
    Directive wanted;
    for (; at_ < format_.size(); ++at_) {
      const char c = format_[at_];
      if (c == '#' || c == '*' || c == '[') {
        throw TemplateCallError{fmt::format("%{} of printf is not simulated", c)};
      }
      if (c == '-') {
        wanted.left = true;
      } else if (c == '+') {
        wanted.plus = true;
      } else if (c == '0') {
        wanted.zero = true;
      } else if (c != ' ') {
        break;
      }
    }
    wanted.width = number().value_or(0);
    if (at_ < format_.size() && format_[at_] == '.') {
      ++at_;
      wanted.precision = number().value_or(0);
    }
    if (at_ >= format_.size()) {
      return "%!(NOVERB)";
    }
    wanted.verb = format_[at_++];
    if (wanted.verb == '%') {
      return "%";
    }
    if (next_ >= arguments_.size()) {
      return fmt::format("%!{}(MISSING)", wanted.verb);
    }
    const TemplateValue& value = arguments_[next_++];
    if (!value && (wanted.verb == 'v' || wanted.verb == 'T')) {
      return padded("<nil>", wanted);
    }
    return padded(formatted(value ? value.json() : Json(), value.type(), wanted), wanted);
  }

  std::optional<std::size_t> number() {
    constexpr std::size_t kLargest = 1'000'000;
    std::optional<std::size_t> out;
    for (; at_ < format_.size() && is_digit(format_[at_]); ++at_) {
      out = std::min(out.value_or(0) * 10 + static_cast<std::size_t>(format_[at_] - '0'), kLargest);
    }
    return out;
  }

  const std::string& format_;
  std::span<const TemplateValue> arguments_;
  std::size_t at_{};
  std::size_t next_{};
};

}  // namespace

std::string template_printf(const std::string& format, std::span<const TemplateValue> arguments) {
  return Printf(format, arguments).print();
}

}  // namespace stsim::kubectl
