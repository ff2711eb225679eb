#include "experiment/step_lines.hpp"

#include <fmt/format.h>

namespace stsim::experiment {

std::string line_of(const Happening& happening) {
  return fmt::format("  {} {}", happening.decides ? '-' : '.', one_line(happening.line));
}

std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return out;
}

std::vector<std::string> lines_of(const StepAccount& step, std::size_t index, bool chores) {
  std::vector<std::string> out{fmt::format("{} {}", index + 1, one_line(step.prompt))};
  for (const std::string& line : step.printed) {
    out.push_back(line.empty() ? "  |" : "  | " + line);
  }
  for (const Happening& happening : step.happened) {
    if (chores || !happening.chore) {
      out.push_back(line_of(happening));
    }
  }
  for (const Standing& standing : step.standing) {
    out.push_back("  = " + one_line(standing.line));
  }
  return out;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    line.remove_suffix(line.ends_with('\r') ? 1 : 0);
    out.emplace_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

}  // namespace stsim::experiment
