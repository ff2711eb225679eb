#include "experiment/line_difference.hpp"
#include "experiment/step_lines.hpp"

#include <fmt/format.h>
#include <stsim/experiment/approval.hpp>

#include <algorithm>

namespace stsim::experiment {

namespace {

constexpr std::string_view kLegend =
    "# What was done ($ or #), printed (|), decided (-) and done besides (.), and how things then\n"
    "# stood (=). Renewed by stsim test --update.\n";

/// The steps of an approved text: the lines of each. What stands before the first is none.
std::vector<std::vector<std::string>> steps_of(std::string_view text) {
  std::vector<std::vector<std::string>> out;
  for (std::string& line : lines_of(text)) {
    if (!line.empty() && line.front() >= '1' && line.front() <= '9') {
      out.emplace_back();
    }
    if (!out.empty() && !line.empty()) {
      out.back().push_back(std::move(line));
    }
  }
  return out;
}

/// The first record whose line is new.
engine::TraceId first_new(const std::vector<DifferenceLine>& lines, const StepAccount& step) {
  for (const DifferenceLine& each : lines) {
    if (each.side != '+') {
      continue;
    }
    const auto found = std::ranges::find_if(step.happened, [&each](const Happening& happening) {
      return line_of(happening) == *each.line;
    });
    if (found != step.happened.end()) {
      return found->record;
    }
  }
  return 0;
}

}  // namespace

std::string approved_text(const Account& account, std::string_view title) {
  std::string out = fmt::format("# {}\n{}", title, kLegend);
  for (std::size_t i = 0; i < account.steps.size(); ++i) {
    out += "\n";
    for (const std::string& line : lines_of(account.steps[i], i, false)) {
      out += line + "\n";
    }
  }
  return out;
}

std::optional<Departure> departure(std::string_view approved,
                                   const Account& account,
                                   std::string_view title) {
  if (lines_of(approved) == lines_of(approved_text(account, title))) {
    return std::nullopt;
  }
  constexpr std::size_t kContext = 3;
  const std::vector<std::vector<std::string>> before = steps_of(approved);
  const std::size_t most = std::max(before.size(), account.steps.size());
  for (std::size_t i = 0; i < most; ++i) {
    const bool there = i < account.steps.size();
    const std::vector<std::string> now =
        there ? lines_of(account.steps[i], i, false) : std::vector<std::string>{};
    const std::vector<std::string> then =
        i < before.size() ? before[i] : std::vector<std::string>{};
    if (now != then) {
      const auto lines = line_difference(then, now);
      return Departure{
          i, in_context(lines, kContext), there ? first_new(lines, account.steps[i]) : 0};
    }
  }
  return Departure{0, "  only the lines above the steps\n", 0};
}

}  // namespace stsim::experiment
