// Unified diffs as the server prints them: those of Python's difflib, which the Go library behind
// it follows, over lines of indented JSON.

#include "api/validation_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace stsim::api::validation {

namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t kContext = 3;

Lines lines_of(const std::string& text) {
  Lines lines;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find('\n', from), text.size());
    lines.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return lines;
}

struct Match {
  std::size_t a;
  std::size_t b;
  std::size_t size;
};

/// The longest run of equal lines within the ranges, the first of several.
Match longest_match(const Lines& a, const Lines& b, Match low, Match high) {
  Match best{low.a, low.b, 0};
  std::map<std::size_t, std::size_t> lengths;  // by the place in b where a run ends
  for (std::size_t i = low.a; i < high.a; ++i) {
    std::map<std::size_t, std::size_t> next;
    for (std::size_t j = low.b; j < high.b; ++j) {
      if (a[i] != b[j]) {
        continue;
      }
      const auto before = j == 0 ? lengths.end() : lengths.find(j - 1);
      const std::size_t length = (before == lengths.end() ? 0 : before->second) + 1;
      next[j] = length;
      if (length > best.size) {
        best = {i + 1 - length, j + 1 - length, length};
      }
    }
    lengths = std::move(next);
  }
  return best;
}

void matches(const Lines& a, const Lines& b, Match low, Match high, std::vector<Match>& out) {
  const Match found = longest_match(a, b, low, high);
  if (found.size == 0) {
    return;
  }
  matches(a, b, low, {found.a, found.b, 0}, out);
  if (!out.empty() && out.back().a + out.back().size == found.a &&
      out.back().b + out.back().size == found.b) {
    out.back().size += found.size;
  } else {
    out.push_back(found);
  }
  matches(a, b, {found.a + found.size, found.b + found.size, 0}, high, out);
}

/// Lines [a_from, a_to) of the one text stand for lines [b_from, b_to) of the other.
struct Change {
  std::size_t a_from, a_to, b_from, b_to;
};

std::vector<Change> changes(const Lines& a, const Lines& b) {
  std::vector<Match> equal;
  matches(a, b, {0, 0, 0}, {a.size(), b.size(), 0}, equal);
  equal.push_back({a.size(), b.size(), 0});
  std::vector<Change> out;
  std::size_t at_a = 0;
  std::size_t at_b = 0;
  for (const Match& match : equal) {
    if (at_a < match.a || at_b < match.b) {
      out.push_back({at_a, match.a, at_b, match.b});
    }
    at_a = match.a + match.size;
    at_b = match.b + match.size;
  }
  return out;
}

std::string range(std::size_t from, std::size_t to) {
  const std::size_t length = to - from;
  if (length == 1) {
    return fmt::format("{}", from + 1);
  }
  return fmt::format("{},{}", length == 0 ? from : from + 1, length);
}

void append(std::string& out, char sign, const Lines& lines, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    out += sign + lines[i] + "\n";
  }
}

}  // namespace

std::string difference(const nlohmann::ordered_json& old_value,
                       const nlohmann::ordered_json& new_value) {
  const Lines a = lines_of(old_value.dump(1));
  const Lines b = lines_of(new_value.dump(1));
  const std::vector<Change> all = changes(a, b);
  std::string out;
  for (std::size_t first = 0; first < all.size();) {
    std::size_t last = first;
    while (last + 1 < all.size() && all[last + 1].a_from - all[last].a_to <= 2 * kContext) {
      ++last;
    }
    const std::size_t before = std::min(all[first].a_from, kContext);
    const std::size_t after = std::min(a.size() - all[last].a_to, kContext);
    out += fmt::format("@@ -{} +{} @@\n",
                       range(all[first].a_from - before, all[last].a_to + after),
                       range(all[first].b_from - before, all[last].b_to + after));
    append(out, ' ', a, all[first].a_from - before, all[first].a_from);
    for (std::size_t i = first; i <= last; ++i) {
      append(out, '-', a, all[i].a_from, all[i].a_to);
      append(out, '+', b, all[i].b_from, all[i].b_to);
      const std::size_t end = i == last ? all[i].a_to + after : all[i + 1].a_from;
      append(out, ' ', a, all[i].a_to, end);
    }
    first = last + 1;
  }
  return out;
}

}  // namespace stsim::api::validation
