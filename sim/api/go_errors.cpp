#include "api/go_errors.hpp"

#include <fmt/format.h>
#include <stsim/api/names.hpp>
#include <stsim/api/quantity.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string_view>

namespace stsim::api {

namespace {

constexpr std::string_view kDigits = "0123456789";

std::size_t skip(std::string_view text, std::size_t at, std::string_view any_of) {
  return std::min(text.find_first_not_of(any_of, at), text.size());
}

bool is_suffix(std::string_view text) {
  constexpr std::array<std::string_view, 16> kSuffixes{
      "", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  for (const std::string_view suffix : kSuffixes) {
    if (text == suffix) {
      return true;
    }
  }
  if (!text.starts_with('e') && !text.starts_with('E')) {
    return false;
  }
  text.remove_prefix(1);
  if (text.starts_with('+') || text.starts_with('-')) {
    text.remove_prefix(1);
  }
  return !text.empty() && text.find_first_not_of(kDigits) == std::string_view::npos;
}

/// Reads a time the way Go's layouts do, remembering where and at which element it failed.
class TimeReader {
 public:
  TimeReader(std::string_view text, std::string_view layout)
      : text_(text), rest_(text), layout_(layout) {}

  std::string error() {
    const int year = number(4, "2006");
    literal("-");
    const int month = number(2, "01");
    range(month >= 1 && month <= 12, "month");
    literal("-");
    const int day = number(2, "02");
    literal("T");
    range(number(2, "15") <= 23, "hour");
    literal(":");
    range(number(2, "04") <= 59, "minute");
    literal(":");
    range(number(2, "05") <= 59, "second");
    fraction();
    zone();
    if (error_.empty() && !rest_.empty()) {
      error_ = fmt::format("parsing time {}: extra text: {}", go_quote(text_), go_quote(rest_));
    }
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    range(date.ok(), "day");
    return error_;
  }

 private:
  void cannot(std::string_view element, std::string_view at) {
    if (error_.empty()) {
      error_ = fmt::format("parsing time {} as {}: cannot parse {} as {}",
                           go_quote(text_),
                           go_quote(layout_),
                           go_quote(at),
                           go_quote(element));
    }
  }

  void range(bool fits, std::string_view what) {
    if (error_.empty() && !fits) {
      error_ = fmt::format("parsing time {}: {} out of range", go_quote(text_), what);
    }
  }

  void literal(std::string_view wanted) {
    if (!error_.empty()) {
      return;
    }
    if (!rest_.starts_with(wanted)) {
      cannot(wanted, rest_);
      return;
    }
    rest_.remove_prefix(wanted.size());
  }

  int number(std::size_t width, std::string_view element) {
    int value = 0;
    if (!error_.empty()) {
      return value;
    }
    const std::string_view text = rest_.substr(0, width);
    if (text.size() < width || text.find_first_not_of(kDigits) != std::string_view::npos) {
      cannot(element, rest_);
      return value;
    }
    std::from_chars(text.data(), text.data() + text.size(), value);
    rest_.remove_prefix(width);
    return value;
  }

  void fraction() {
    if (error_.empty() && rest_.size() > 1 && (rest_[0] == '.' || rest_[0] == ',') &&
        kDigits.find(rest_[1]) != std::string_view::npos) {
      rest_.remove_prefix(skip(rest_, 1, kDigits));
    }
  }

  void zone() {
    constexpr std::string_view kElement = "Z07:00";
    if (!error_.empty()) {
      return;
    }
    if (rest_.starts_with('Z')) {
      rest_.remove_prefix(1);
      return;
    }
    const std::string_view at = rest_;
    const bool shape = at.size() >= 6 && (at[0] == '+' || at[0] == '-') && at[3] == ':' &&
                       skip(at, 1, kDigits) >= 3 && skip(at, 4, kDigits) >= 6;
    if (!shape) {
      cannot(kElement, at);
      return;
    }
    rest_.remove_prefix(6);
  }

  std::string_view text_;
  std::string_view rest_;
  std::string_view layout_;
  std::string error_;
};

}  // namespace

std::string quantity_error(std::string_view text) {
  if (text.empty()) {
    return std::string(kQuantityPattern);
  }
  std::size_t at = text[0] == '+' || text[0] == '-' ? 1 : 0;
  at = skip(text, at, kDigits);
  if (at < text.size() && text[at] == '.') {
    at = skip(text, at + 1, kDigits);
  }
  const std::size_t suffix = at;
  at = skip(text, at, "eEinumkKMGTP");
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) {
    ++at;
  }
  at = skip(text, at, kDigits);
  if (at < text.size()) {
    return std::string(kQuantityPattern);
  }
  return is_suffix(text.substr(suffix)) ? "" : "unable to parse quantity's suffix";
}

std::string time_error(std::string_view text, bool micro) {
  return TimeReader(text, micro ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00")
      .error();
}

std::string base64_error(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  constexpr std::string_view kBreaks = "\r\n";
  const auto corrupt = [](std::size_t at) {
    return fmt::format("illegal base64 data at input byte {}", at);
  };
  std::size_t quantum = 0;  // symbols of the current group of four
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (kBreaks.find(text[at]) != std::string_view::npos) {
      continue;
    }
    if (kAlphabet.find(text[at]) != std::string_view::npos) {
      quantum = (quantum + 1) % 4;
      continue;
    }
    if (text[at] != '=' || quantum < 2) {
      return corrupt(at);
    }
    // Padding: one or two signs fill the group, and nothing but line breaks may follow.
    std::size_t next = skip(text, at + 1, kBreaks);
    if (quantum == 2) {
      if (next == text.size()) {
        return corrupt(text.size());
      }
      if (text[next] != '=') {
        return corrupt(next - 1);
      }
      next = skip(text, next + 1, kBreaks);
    }
    return next == text.size() ? "" : corrupt(next);
  }
  return quantum == 0 ? "" : corrupt(text.size() - quantum);
}

}  // namespace stsim::api
