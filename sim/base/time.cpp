#include <fmt/format.h>
#include <stsim/base/characters.hpp>
#include <stsim/base/int128.hpp>
#include <stsim/base/time.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace stsim {

namespace {

using std::chrono::days;
using std::chrono::seconds;

struct Civil {
  std::chrono::year_month_day date;
  std::chrono::weekday weekday;
  std::int64_t hour;
  std::int64_t minute;
  std::int64_t second;
  std::int64_t micro;
};

Civil civil(SimTime time) {
  const auto since_epoch = time.time_since_epoch();
  const auto day = std::chrono::floor<days>(since_epoch);
  const std::int64_t micros = (since_epoch - SimDuration{day}).count();
  const std::chrono::sys_days date{day};
  const std::int64_t total = micros / 1'000'000;
  return {std::chrono::year_month_day{date},
          std::chrono::weekday{date},
          total / 3600,
          total / 60 % 60,
          total % 60,
          micros % 1'000'000};
}

std::string date_text(const Civil& c) {
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
                     static_cast<int>(c.date.year()),
                     static_cast<unsigned>(c.date.month()),
                     static_cast<unsigned>(c.date.day()),
                     c.hour,
                     c.minute,
                     c.second);
}

/// Reads exactly `width` digits and moves on. Errors: nothing where there are none.
std::optional<int> digits(std::string_view& text, std::size_t width) {
  if (text.size() < width) {
    return std::nullopt;
  }
  int value = 0;
  for (const char c : text.substr(0, width)) {
    if (!is_digit(c)) {
      return std::nullopt;
    }
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(width);
  return value;
}

bool skip(std::string_view& text, char c) {
  if (!text.starts_with(c)) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

}  // namespace

SimDuration seconds_of(std::int64_t count) {
  constexpr std::int64_t kCentury = std::int64_t{100} * 366 * 24 * 3600;
  return seconds{std::clamp(count, -kCentury, kCentury)};
}

SimTime whole_seconds(SimTime time) {
  return std::chrono::floor<seconds>(time);
}

std::string to_rfc3339(SimTime time) {
  return date_text(civil(time)) + "Z";
}

std::string to_rfc3339_micro(SimTime time) {
  const Civil c = civil(time);
  return fmt::format("{}.{:06}Z", date_text(c), c.micro);
}

std::string to_rfc1123z(SimTime time) {
  constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Civil c = civil(time);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
                     kDays[c.weekday.c_encoding()],
                     static_cast<unsigned>(c.date.day()),
                     kMonths[static_cast<unsigned>(c.date.month()) - 1],
                     static_cast<int>(c.date.year()),
                     c.hour,
                     c.minute,
                     c.second);
}

std::optional<SimTime> parse_rfc3339(std::string_view text) {
  const auto year = digits(text, 4);
  if (!year || !skip(text, '-')) {
    return std::nullopt;
  }
  const auto month = digits(text, 2);
  if (!month || !skip(text, '-')) {
    return std::nullopt;
  }
  const auto day = digits(text, 2);
  if (!day || !skip(text, 'T')) {
    return std::nullopt;
  }
  const auto hour = digits(text, 2);
  if (!hour || !skip(text, ':')) {
    return std::nullopt;
  }
  const auto minute = digits(text, 2);
  if (!minute || !skip(text, ':')) {
    return std::nullopt;
  }
  const auto second = digits(text, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 59) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) {
    return std::nullopt;
  }
  std::int64_t micro = 0;
  if (skip(text, '.')) {
    std::int64_t unit = 100'000;
    if (text.empty() || !is_digit(text[0])) {
      return std::nullopt;
    }
    while (!text.empty() && is_digit(text[0])) {
      micro += unit * (text[0] - '0');
      unit /= 10;
      text.remove_prefix(1);
    }
  }
  SimDuration offset{};
  if (!skip(text, 'Z')) {
    const bool west = text.starts_with('-');
    if (!west && !text.starts_with('+')) {
      return std::nullopt;
    }
    text.remove_prefix(1);
    const auto hours = digits(text, 2);
    if (!hours || !skip(text, ':')) {
      return std::nullopt;
    }
    const auto minutes = digits(text, 2);
    if (!minutes || *hours > 23 || *minutes > 59) {
      return std::nullopt;
    }
    offset = std::chrono::minutes{(*hours * 60 + *minutes) * (west ? -1 : 1)};
  }
  if (!text.empty()) {
    return std::nullopt;
  }
  const auto since_epoch = std::chrono::sys_days{date}.time_since_epoch();
  return SimTime{SimDuration{since_epoch} + std::chrono::hours{*hour} +
                 std::chrono::minutes{*minute} + seconds{*second} + SimDuration{micro}} -
         offset;
}

std::string human_duration(SimDuration age) {
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 60 * kMinute;
  constexpr std::int64_t kDay = 24 * kHour;
  constexpr std::int64_t kYear = 365 * kDay;
  const std::int64_t s = std::chrono::duration_cast<seconds>(age).count();
  if (s < -1) {
    return "<invalid>";
  }
  if (s < 0) {
    return "0s";
  }
  const auto with_rest = [s](std::int64_t unit, char name, std::int64_t small, char small_name) {
    const std::int64_t rest = s % unit / small;
    return rest == 0 ? fmt::format("{}{}", s / unit, name)
                     : fmt::format("{}{}{}{}", s / unit, name, rest, small_name);
  };
  if (s < 2 * kMinute) {
    return fmt::format("{}s", s);
  }
  if (s < 10 * kMinute) {
    return with_rest(kMinute, 'm', 1, 's');
  }
  if (s < 3 * kHour) {
    return fmt::format("{}m", s / kMinute);
  }
  if (s < 8 * kHour) {
    return with_rest(kHour, 'h', kMinute, 'm');
  }
  if (s < 2 * kDay) {
    return fmt::format("{}h", s / kHour);
  }
  if (s < 8 * kDay) {
    return with_rest(kDay, 'd', kHour, 'h');
  }
  if (s < 2 * kYear) {
    return fmt::format("{}d", s / kDay);
  }
  if (s < 8 * kYear) {
    return with_rest(kYear, 'y', kDay, 'd');
  }
  return fmt::format("{}y", s / kYear);
}

std::optional<SimDuration> parse_duration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  if (text == "0") {
    return SimDuration{0};
  }
  if (text.empty()) {
    return std::nullopt;
  }
  struct Unit {
    std::string_view name;
    std::int64_t nanos;
  };
  constexpr std::array<Unit, 8> kUnits{{{"ns", 1},
                                        {"us", 1'000},
                                        {"\xc2\xb5s", 1'000},
                                        {"\xce\xbcs", 1'000},
                                        {"ms", 1'000'000},
                                        {"s", 1'000'000'000},
                                        {"m", 60'000'000'000},
                                        {"h", 3'600'000'000'000}}};
  Int128 nanos = 0;
  while (!text.empty()) {
    Int128 mantissa = 0;
    Int128 scale = 1;
    bool fraction = false;
    bool any = false;
    while (!text.empty() && (is_digit(text[0]) || (text[0] == '.' && !fraction))) {
      if (text[0] == '.') {
        fraction = true;
      } else {
        any = true;
        if (mantissa < Int128{1} << 80 && scale < Int128{1} << 40) {
          mantissa = mantissa * 10 + (text[0] - '0');
          scale *= fraction ? 10 : 1;
        } else if (!fraction) {
          return std::nullopt;
        }
      }
      text.remove_prefix(1);
    }
    if (!any) {
      return std::nullopt;
    }
    std::size_t length = 0;
    while (length < text.size() && text[length] != '.' && !is_digit(text[length])) {
      ++length;
    }
    const std::string_view name = text.substr(0, length);
    const Unit* unit = nullptr;
    for (const Unit& candidate : kUnits) {
      if (candidate.name == name) {
        unit = &candidate;
      }
    }
    if (unit == nullptr || mantissa > std::numeric_limits<std::int64_t>::max()) {
      return std::nullopt;
    }
    nanos += mantissa * unit->nanos / scale;
    if (nanos > std::numeric_limits<std::int64_t>::max()) {
      return std::nullopt;
    }
    text.remove_prefix(length);
  }
  const auto micros = static_cast<std::int64_t>(nanos / 1000);
  return SimDuration{negative ? -micros : micros};
}

namespace {

/// `value` thousandths of `unit` as Go prints fractions: trailing zeros dropped.
std::string with_fraction(std::int64_t value,
                          std::int64_t per_unit,
                          int width,
                          std::string_view unit) {
  std::string out = std::to_string(value / per_unit);
  if (const std::int64_t rest = value % per_unit; rest != 0) {
    std::string fraction = fmt::format("{:0{}}", rest, width);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    out += "." + fraction;
  }
  return out + std::string(unit);
}

}  // namespace

std::string to_go_string(SimDuration duration) {
  const std::int64_t micros = duration.count();
  if (micros == 0) {
    return "0s";
  }
  const std::string sign = micros < 0 ? "-" : "";
  const std::int64_t magnitude = micros < 0 ? -micros : micros;
  if (magnitude < 1000) {
    return sign + std::to_string(magnitude) + "\xc2\xb5s";
  }
  if (magnitude < 1'000'000) {
    return sign + with_fraction(magnitude, 1000, 3, "ms");
  }
  constexpr std::int64_t kMinute = 60'000'000;
  constexpr std::int64_t kHour = 60 * kMinute;
  std::string out = sign;
  if (magnitude >= kHour) {
    out += fmt::format("{}h", magnitude / kHour);
  }
  if (magnitude >= kMinute) {
    out += fmt::format("{}m", magnitude % kHour / kMinute);
  }
  return out + with_fraction(magnitude % kMinute, 1'000'000, 6, "s");
}

std::string to_seconds_string(SimDuration duration) {
  const std::int64_t micros = duration.count();
  return (micros < 0 ? "-" : "") + with_fraction(micros < 0 ? -micros : micros, 1'000'000, 6, "s");
}

}  // namespace stsim
