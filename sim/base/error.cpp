#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/base/error.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <numeric>

namespace stsim {

std::string to_string(const UserError& error) {
  const SourceMark& mark = error.mark;
  std::string out;
  if (!mark.file.empty()) {
    out += mark.file + ":";
    if (mark.line > 0) {
      out += fmt::format("{}:{}:", mark.line, mark.column);
    }
    out += " ";
  }
  out += "error: " + error.message + "\n";
  if (!error.source_line.empty() && mark.line > 0) {
    out += "  " + error.source_line + "\n";
    // Tabs stay tabs, so that the caret stands below its column however wide a tab is.
    std::string indent;
    const auto before = static_cast<std::size_t>(std::max(mark.column - 1, 0));
    for (std::size_t i = 0; i < before; ++i) {
      indent += i < error.source_line.size() && error.source_line[i] == '\t' ? '\t' : ' ';
    }
    out += "  " + indent + "^\n";
  }
  if (!error.hint.empty()) {
    out += "  " + error.hint + "\n";
  }
  return out;
}

std::string to_string(const UserErrors& errors) {
  std::string out;
  for (const UserError& error : errors) {
    out += to_string(error);
  }
  return out;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitute = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitute});
    }
  }
  return row[b.size()];
}

std::string closest(std::string_view word, std::span<const std::string_view> candidates) {
  constexpr std::size_t kLongestWord = 64;
  if (word.size() > kLongestWord) {
    return "";
  }
  std::size_t best = std::max<std::size_t>(1, word.size() / 3) + 1;
  std::string_view found;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best) {
      best = distance;
      found = candidate;
    }
  }
  return std::string(found);
}

std::string did_you_mean(std::string_view word) {
  return word.empty() ? "" : fmt::format("did you mean \"{}\"?", word);
}

std::string suggestion(std::string_view word, std::span<const std::string_view> possible) {
  const std::string near = closest(word, possible);
  if (near.empty() && !possible.empty()) {
    return fmt::format("possible: {}", fmt::join(possible, ", "));
  }
  return did_you_mean(near);
}

void assertion_failed(const char* condition, const char* file, int line) {
  fmt::print(
      stderr,
      "{}:{}: assertion failed: {}\nThis is a mistake in stsim itself; please report it with "
      "the scenario that led here.\n",
      file,
      line,
      condition);
  std::fflush(nullptr);
  std::abort();
}

}  // namespace stsim
