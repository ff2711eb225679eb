#include <fmt/format.h>
#include <stsim/api/quantity.hpp>

#include <algorithm>
#include <array>

namespace stsim::api {

namespace {

using Wide = Int128;

constexpr Wide kNanoPerUnit = 1'000'000'000;
constexpr std::string_view kDecimalDigits = "0123456789";

struct Suffix {
  std::string_view text;
  int exponent;
};

// Powers of ten.
constexpr std::array<Suffix, 10> kDecimal{{{"n", -9},
                                           {"u", -6},
                                           {"m", -3},
                                           {"", 0},
                                           {"k", 3},
                                           {"M", 6},
                                           {"G", 9},
                                           {"T", 12},
                                           {"P", 15},
                                           {"E", 18}}};

// Powers of two.
constexpr std::array<Suffix, 6> kBinary{
    {{"Ki", 10}, {"Mi", 20}, {"Gi", 30}, {"Ti", 40}, {"Pi", 50}, {"Ei", 60}}};

// Large enough for every value that the API server takes apart from absurd ones; products below
// stay clear of the end of the type.
constexpr Wide kLargest = static_cast<Wide>(1) << 120;

/// `value` times `factor`, false where the result would leave the range.
bool multiply(Wide& value, Wide factor) {
  if (value != 0 && factor > kLargest / value) {
    return false;
  }
  value *= factor;
  return true;
}

std::string decimal_text(Wide value) {
  const bool negative = value < 0;
  std::string out;
  for (Wide rest = negative ? -value : value; rest != 0; rest /= 10) {
    out += static_cast<char>('0' + static_cast<int>(rest % 10));
  }
  if (out.empty()) {
    return "0";
  }
  if (negative) {
    out += '-';
  }
  std::reverse(out.begin(), out.end());
  return out;
}

/// The exponent after `e` or `E`; nothing where it is no number or absurd.
std::optional<int> exponent_value(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (text.empty() || text.find_first_not_of(kDecimalDigits) != std::string_view::npos) {
    return std::nullopt;
  }
  int value = 0;
  for (const char c : text) {
    value = value * 10 + (c - '0');
    if (value > 100) {
      return std::nullopt;
    }
  }
  return negative ? -value : value;
}

/// The largest multiple of three that is an exponent of ten of `nano`, at most 18. Pre: nano != 0.
int decimal_exponent(Wide nano, int largest) {
  int exponent = -9;
  while (exponent < largest && nano % 1000 == 0) {
    nano /= 1000;
    exponent += 3;
  }
  return exponent;
}

Wide power_of_ten(int exponent) {
  Wide value = 1;
  for (int i = 0; i < exponent; ++i) {
    value *= 10;
  }
  return value;
}

}  // namespace

std::optional<Quantity> Quantity::parse(std::string_view text) {
  if (text.empty()) {
    return std::nullopt;
  }
  const bool negative = text.front() == '-';
  if (text.front() == '+' || text.front() == '-') {
    text.remove_prefix(1);
  }
  const std::size_t whole_end = std::min(text.find_first_not_of(kDecimalDigits), text.size());
  std::string digits(text.substr(0, whole_end));
  text.remove_prefix(whole_end);
  int scale = 0;  // the value is digits * 10^scale
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    const std::size_t end = std::min(text.find_first_not_of(kDecimalDigits), text.size());
    digits += text.substr(0, end);
    scale = -static_cast<int>(end);
    text.remove_prefix(end);
  }

  Quantity result;
  Wide factor = 1;
  if (const auto* decimal = std::ranges::find(kDecimal, text, &Suffix::text);
      decimal != kDecimal.end()) {
    scale += decimal->exponent;
  } else if (const auto* binary = std::ranges::find(kBinary, text, &Suffix::text);
             binary != kBinary.end()) {
    result.family_ = Family::Binary;
    factor = static_cast<Wide>(1) << binary->exponent;
  } else if (text.size() > 1 && (text.front() == 'e' || text.front() == 'E')) {
    const std::optional<int> exponent = exponent_value(text.substr(1));
    if (!exponent) {
      return std::nullopt;
    }
    result.family_ = Family::Exponent;
    scale += *exponent;
  } else {
    return std::nullopt;
  }

  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  while (!digits.empty() && digits.back() == '0') {
    digits.pop_back();
    ++scale;
  }
  Wide value = 0;
  for (const char c : digits) {
    if (!multiply(value, 10)) {
      return std::nullopt;
    }
    value += c - '0';
  }
  if (value == 0) {
    result.family_ = result.family_ == Family::Binary ? Family::Decimal : result.family_;
    return result;
  }
  if (!multiply(value, factor)) {
    return std::nullopt;
  }
  scale += 9;
  if (scale >= 0) {
    for (; scale > 0; --scale) {
      if (!multiply(value, 10)) {
        return std::nullopt;
      }
    }
  } else {
    bool inexact = false;
    for (; scale < 0 && value != 0; ++scale) {
      inexact = inexact || value % 10 != 0;
      value /= 10;
    }
    value += inexact ? 1 : 0;
  }
  if (result.family_ == Family::Binary) {
    // The server caps values of this family at the largest signed 64-bit number.
    const Wide cap = ((static_cast<Wide>(1) << 63) - 1) * kNanoPerUnit;
    value = std::min(value, cap);
    if (value < kNanoPerUnit) {
      result.family_ = Family::Decimal;
    }
  }
  result.nano_ = negative ? -value : value;
  return result;
}

std::string Quantity::text() const {
  if (nano_ == 0) {
    return "0";
  }
  const Wide size = nano_ < 0 ? -nano_ : nano_;
  if (family_ == Family::Binary && size >= 1024 * kNanoPerUnit && nano_ % kNanoPerUnit == 0) {
    Wide number = nano_ / kNanoPerUnit;
    std::size_t suffix = 0;
    while (suffix < kBinary.size() && number % 1024 == 0) {
      number /= 1024;
      ++suffix;
    }
    return decimal_text(number).append(suffix == 0 ? "" : kBinary[suffix - 1].text);
  }
  const bool exponent_form = family_ == Family::Exponent;
  const int exponent = decimal_exponent(nano_, exponent_form ? 99 : 18);
  const std::string number = decimal_text(nano_ / power_of_ten(exponent + 9));
  if (exponent_form) {
    return exponent == 0 ? number : fmt::format("{}e{}", number, exponent);
  }
  return number + std::string(std::ranges::find(kDecimal, exponent, &Suffix::exponent)->text);
}

std::int64_t Quantity::units() const {
  const Wide whole = nano_ / kNanoPerUnit;
  const Wide rest = nano_ % kNanoPerUnit;
  const Wide up = rest > 0 ? 1 : 0;
  const Wide down = rest < 0 ? 1 : 0;
  constexpr Wide kMost = (static_cast<Wide>(1) << 63) - 1;
  return static_cast<std::int64_t>(std::clamp(whole + up - down, -kMost, kMost));
}

}  // namespace stsim::api
