// Which words YAML 1.1 reads as something else than strings.

#include "kubectl/yaml_scalar.hpp"

#include <stsim/base/characters.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace stsim::kubectl {

namespace {

bool is_reserved_word(std::string_view text) {
  static constexpr std::array kWords{
      "y",    "Y",    "yes",  "Yes",   "YES",   "true",  "True",  "TRUE",  "on",    "On",
      "ON",   "n",    "N",    "no",    "No",    "NO",    "false", "False", "FALSE", "off",
      "Off",  "OFF",  "",     "~",     "null",  "Null",  "NULL",  ".nan",  ".NaN",  ".NAN",
      ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"};
  return std::find(kWords.begin(), kWords.end(), text) != kWords.end();
}

// Reads a text from left to right.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  bool accept(std::string_view one_of) {
    if (rest_.empty() || one_of.find(rest_.front()) == std::string_view::npos) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view take_while(std::string_view characters) {
    const std::string_view taken = rest_.substr(0, rest_.find_first_not_of(characters));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view digits() { return take_while("0123456789"); }

  // A number of one to `most` digits.
  std::optional<int> number(std::size_t most) {
    int value = 0;
    std::size_t count = 0;
    while (count < most && !rest_.empty() && is_digit(rest_.front())) {
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
      ++count;
    }
    return count == 0 ? std::nullopt : std::optional(value);
  }

 private:
  std::string_view rest_;
};

int days_in_month(int year, int month) {
  static constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

bool is_below(std::optional<int> value, int limit) {
  return value && *value < limit;
}

bool accept_clock(Scanner& scanner) {
  if (!is_below(scanner.number(2), 24) || !scanner.accept(":") ||
      !is_below(scanner.number(2), 60) || !scanner.accept(":") ||
      !is_below(scanner.number(2), 60)) {
    return false;
  }
  if (scanner.accept(".,")) {
    return !scanner.digits().empty();
  }
  return true;
}

bool accept_zone(Scanner& scanner) {
  if (scanner.accept("Z")) {
    return true;
  }
  return scanner.accept("+-") && is_below(scanner.number(2), 25) && scanner.accept(":") &&
         is_below(scanner.number(2), 60);
}

// A date, or a date and a time. Rule: only four-digit years start one.
bool is_timestamp(std::string_view text) {
  Scanner scanner(text);
  if (text.size() < 5 || text.find_first_not_of("0123456789") != 4) {
    return false;
  }
  const std::optional<int> year = scanner.number(4);
  if (!scanner.accept("-")) {
    return false;
  }
  const std::optional<int> month = scanner.number(2);
  if (!month || *month < 1 || *month > 12 || !scanner.accept("-")) {
    return false;
  }
  const std::optional<int> day = scanner.number(2);
  if (!day || *day < 1 || *day > days_in_month(*year, *month)) {
    return false;
  }
  if (scanner.at_end()) {
    return true;
  }
  if (scanner.accept(" ")) {
    return accept_clock(scanner) && scanner.at_end();
  }
  return scanner.accept("Tt") && accept_clock(scanner) && accept_zone(scanner) && scanner.at_end();
}

// Whether digits to a base make a number up to `limit`.
bool fits(std::string_view digits, std::uint64_t base, std::uint64_t limit) {
  std::uint64_t value = 0;
  for (const char c : digits) {
    std::uint64_t digit = 99;
    if (is_digit(c)) {
      digit = static_cast<std::uint64_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<std::uint64_t>(c - 'a') + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<std::uint64_t>(c - 'A') + 10;
    }
    if (digit >= base || value > (limit - digit) / base) {
      return false;
    }
    value = value * base + digit;
  }
  return !digits.empty();
}

// An integer as Go reads it to base 0: 0x, 0o and 0b, and a leading zero for octal.
bool is_integer(std::string_view text) {
  constexpr std::uint64_t kSigned = std::uint64_t{1} << 63U;
  std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
  if (text.starts_with('-')) {
    limit = kSigned;
    text.remove_prefix(1);
  } else if (text.starts_with('+')) {
    limit = kSigned - 1;
    text.remove_prefix(1);
  }
  if (text.size() > 1 && text.front() == '0') {
    switch (text[1]) {
      case 'x':
      case 'X':
        return fits(text.substr(2), 16, limit);
      case 'o':
      case 'O':
        return fits(text.substr(2), 8, limit);
      case 'b':
      case 'B':
        return fits(text.substr(2), 2, limit);
      default:
        return fits(text.substr(1), 8, limit);
    }
  }
  return fits(text, 10, limit);
}

// Whether a decimal number is too large for a double: such text stays a string.
bool is_too_large(std::string_view whole, std::string_view fraction, std::string_view exponent) {
  constexpr std::string_view kLargest = "17976931348623158079";
  constexpr std::int64_t kLargestExponent = 309;
  std::string digits(whole);
  digits += fraction;
  std::int64_t scale = static_cast<std::int64_t>(whole.size());
  const bool negative = exponent.starts_with('-');
  std::int64_t shift = 0;
  for (const char c : exponent) {
    if (is_digit(c) && shift < 1'000'000) {
      shift = shift * 10 + (c - '0');
    }
  }
  scale += negative ? -shift : shift;
  const std::size_t first = digits.find_first_not_of('0');
  if (first == std::string::npos) {
    return false;
  }
  scale -= static_cast<std::int64_t>(first);
  digits.erase(0, first);
  return scale > kLargestExponent ||
         (scale == kLargestExponent && digits.compare(0, kLargest.size(), kLargest) > 0);
}

bool is_float(std::string_view text) {
  Scanner scanner(text);
  scanner.accept("+-");
  const std::string_view whole = scanner.digits();
  std::string_view fraction;
  if (scanner.accept(".")) {
    fraction = scanner.digits();
  }
  if (whole.empty() && fraction.empty()) {
    return false;
  }
  std::string exponent;
  if (scanner.accept("eE")) {
    exponent = scanner.take_while("+-");
    const std::string_view digits = scanner.digits();
    if (exponent.size() > 1 || digits.empty()) {
      return false;
    }
    exponent += digits;
  }
  return scanner.at_end() && !is_too_large(whole, fraction, exponent);
}

// 1:30, 190:20:30.15: numbers to base 60, which other readers of YAML know.
bool is_base_60(std::string_view text) {
  Scanner scanner(text);
  scanner.accept("+-");
  if (!scanner.accept("0123456789")) {
    return false;
  }
  scanner.take_while("0123456789_");
  std::size_t parts = 0;
  while (scanner.accept(":")) {
    const std::string_view digits = scanner.digits();
    if (digits.empty() || digits.size() > 2 || (digits.size() == 2 && digits.front() > '5')) {
      return false;
    }
    ++parts;
  }
  if (scanner.accept(".")) {
    scanner.take_while("0123456789_");
  }
  return parts > 0 && scanner.at_end();
}

bool is_letter(char32_t c) {
  // Letters outside ASCII compare by code point either way.
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

bool is_code_digit(char32_t c) {
  return c >= '0' && c <= '9';
}

std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) {
      const unsigned mask = byte < 0x80U   ? 0x7FU
                            : byte < 0xE0U ? 0x1FU
                            : byte < 0xF0U ? 0x0FU
                                           : 0x07U;
      result.push_back(byte & mask);
    } else if (!result.empty()) {
      result.back() = (result.back() << 6U) | (byte & 0x3FU);
    }
  }
  return result;
}

// A run of digits that starts at `i`: its value and where it ends.
std::pair<std::int64_t, std::size_t> digit_run(const std::vector<char32_t>& text,
                                               std::size_t i,
                                               std::int64_t value) {
  constexpr std::int64_t kMost = 100'000'000'000'000'000;
  for (; i < text.size() && is_code_digit(text[i]); ++i) {
    value = value < kMost ? value * 10 + static_cast<std::int64_t>(text[i] - U'0') : value;
  }
  return {value, i};
}

}  // namespace

bool reads_as_other_type(std::string_view text) {
  if (is_reserved_word(text)) {
    return true;
  }
  const char first = text.front();
  if (first == '.') {
    return is_float(text);
  }
  if (!is_digit(first) && first != '+' && first != '-') {
    return false;
  }
  std::string plain(text);
  plain.erase(std::remove(plain.begin(), plain.end(), '_'), plain.end());
  return is_timestamp(text) || is_integer(plain) || is_float(plain) || is_base_60(text);
}

bool yaml_key_less(std::string_view a, std::string_view b) {
  const std::vector<char32_t> left = code_points(a);
  const std::vector<char32_t> right = code_points(b);
  for (std::size_t i = 0; i < left.size() && i < right.size(); ++i) {
    if (left[i] == right[i]) {
      continue;
    }
    const bool left_letter = is_letter(left[i]);
    const bool right_letter = is_letter(right[i]);
    if (left_letter && right_letter) {
      return left[i] < right[i];
    }
    if (left_letter || right_letter) {
      return right_letter;
    }
    std::int64_t before = 0;
    if (left[i] == U'0' || right[i] == U'0') {
      for (std::size_t j = i; j > 0 && is_code_digit(left[j - 1]); --j) {
        if (left[j - 1] != U'0') {
          before = 1;
          break;
        }
      }
    }
    const auto [left_value, left_end] = digit_run(left, i, before);
    const auto [right_value, right_end] = digit_run(right, i, before);
    if (left_value != right_value) {
      return left_value < right_value;
    }
    return left_end != right_end ? left_end < right_end : left[i] < right[i];
  }
  return left.size() < right.size();
}

}  // namespace stsim::kubectl
