#include "experiment/line_difference.hpp"
#include "experiment/step_lines.hpp"

#include <fmt/format.h>
#include <stsim/experiment/comparison.hpp>

#include <algorithm>
#include <map>

namespace stsim::experiment {

namespace {

std::vector<const Happening*> decisions(const StepAccount& step) {
  std::vector<const Happening*> out;
  for (const Happening& happening : step.happened) {
    if (happening.decides) {
      out.push_back(&happening);
    }
  }
  return out;
}

/// Where two lists of decisions part, if they do.
std::optional<Parting> parting_of_step(std::size_t index,
                                       const StepAccount& a,
                                       const StepAccount& b) {
  const auto of_a = decisions(a);
  const auto of_b = decisions(b);
  Parting out;
  out.step = index;
  for (std::size_t i = 0; i < std::max(of_a.size(), of_b.size()); ++i) {
    const Happening* in_a = i < of_a.size() ? of_a[i] : nullptr;
    const Happening* in_b = i < of_b.size() ? of_b[i] : nullptr;
    if (in_a == nullptr || in_b == nullptr || in_a->line != in_b->line) {
      out.decided = {in_a, in_b};
      return out;
    }
    out.common = in_a;
  }
  return lines_of(a, index) == lines_of(b, index) ? std::nullopt : std::optional(out);
}

std::string at(SimTime time) {
  return "+" + to_seconds_string(time - kStartOfTime);
}

/// The letters that the two go by in a comparison.
constexpr std::array<char, 2> kLetters{'A', 'B'};

/// Why one of them decides as it does there.
std::string reasons(const Side& side, char letter, const Happening* decided) {
  if (decided == nullptr) {
    return fmt::format("{}  decides nothing more in this step\n", letter);
  }
  std::string out = fmt::format("{}  {} {}\n", letter, at(decided->time), decided->line);
  std::string led = because(side.scenario, decided->record);
  // The first line is the decision itself.
  const std::size_t second = led.find('\n', 1);
  return second == std::string::npos ? out : out + led.substr(second + 1) + "\n";
}

std::string of_parting(const Parting& where, const Side& a, const Side& b) {
  const bool of_both = where.step < a.account.steps.size() && where.step < b.account.steps.size();
  const Side& longer = a.account.steps.size() > b.account.steps.size() ? a : b;
  std::string out = fmt::format(
      "They part in step {}: {}\n", where.step + 1, longer.account.steps[where.step].prompt);
  if (!of_both) {
    return out + fmt::format("only {} comes that far\n", longer.title);
  }
  if (where.common != nullptr) {
    out += fmt::format("   after {} {}\n", at(where.common->time), where.common->line);
  }
  if (where.decided[0] != nullptr || where.decided[1] != nullptr) {
    return out + reasons(a, kLetters[0], where.decided[0]) +
           reasons(b, kLetters[1], where.decided[1]);
  }
  constexpr std::size_t kContext = 0;
  const auto of_a = lines_of(a.account.steps[where.step], where.step);
  const auto of_b = lines_of(b.account.steps[where.step], where.step);
  return out + "All decisions are the same. - is A, + is B:\n" +
         in_context(line_difference(of_a, of_b), kContext);
}

/// `web-2 goes, web-2 comes, web-2 is ready`: of the step's pods, in order.
std::string order_of(const StepAccount& step) {
  std::string out;
  for (const Happening& happening : step.happened) {
    for (const auto& [call, word] :
         {std::pair(": create pods ", "comes"), std::pair(": delete pods ", "goes")}) {
      if (const std::size_t found = happening.line.find(call); found != std::string::npos) {
        const std::size_t begin = found + std::string_view(call).size();
        const std::size_t end = happening.line.find_first_of(": ", begin);
        out += fmt::format(
            "{}{} {}", out.empty() ? "" : ", ", happening.line.substr(begin, end - begin), word);
      }
    }
  }
  return out.empty() ? "no pod comes or goes" : out;
}

/// A line of the table for each thing that differs.
void add_row(std::string& out, std::string_view what, const std::string& a, const std::string& b) {
  if (a != b) {
    out += fmt::format("   {:<22} A {}\n   {:<22} B {}\n", what, a, "", b);
  }
}

std::string seconds(SimDuration length) {
  return to_seconds_string(std::chrono::round<std::chrono::milliseconds>(length));
}

std::string of_phases(const Side& a, const Side& b) {
  std::string out;
  std::map<std::size_t, std::array<const Phase*, 2>> by_step;
  for (const Phase& phase : a.phases) {
    by_step[phase.step][0] = &phase;
  }
  for (const Phase& phase : b.phases) {
    by_step[phase.step][1] = &phase;
  }
  for (const auto& [step, both] : by_step) {
    const auto& [in_a, in_b] = both;
    if (in_a == nullptr || in_b == nullptr) {
      continue;
    }
    std::string rows;
    add_row(rows, "took", seconds(in_a->took), seconds(in_b->took));
    add_row(rows, "fewest available", std::to_string(in_a->lowest), std::to_string(in_b->lowest));
    add_row(rows, "too few available for", seconds(in_a->below), seconds(in_b->below));
    add_row(rows, "restarts", std::to_string(in_a->restarts), std::to_string(in_b->restarts));
    add_row(rows, "pods that went", std::to_string(in_a->replaced), std::to_string(in_b->replaced));
    if (!rows.empty()) {
      out += fmt::format("  step {}: {}\n{}", step + 1, in_a->prompt, rows);
    }
  }
  return out;
}

std::string of_order(const Side& a, const Side& b) {
  std::string out;
  const std::size_t both = std::min(a.account.steps.size(), b.account.steps.size());
  for (std::size_t i = 0; i < both; ++i) {
    std::string rows;
    add_row(rows, "order", order_of(a.account.steps[i]), order_of(b.account.steps[i]));
    if (!rows.empty()) {
      out += fmt::format("  step {}: {}\n{}", i + 1, a.account.steps[i].prompt, rows);
    }
  }
  return out;
}

/// How things stand when a run has ended.
std::map<std::string, std::string> end_of(const Account& account) {
  std::map<std::string, std::string> out;
  for (const StepAccount& step : account.steps) {
    for (const Standing& standing : step.standing) {
      out[standing.object] = standing.line;
    }
  }
  return out;
}

std::string of_end(const Side& a, const Side& b) {
  const auto end_a = end_of(a.account);
  const auto end_b = end_of(b.account);
  std::string out;
  const auto line = [](const auto& end, const std::string& object) {
    const auto found = end.find(object);
    return found == end.end() ? object + ": never there" : found->second;
  };
  std::map<std::string, std::string> all = end_a;
  all.insert(end_b.begin(), end_b.end());
  for (const auto& [object, unused] : all) {
    const std::string in_a = line(end_a, object);
    const std::string in_b = line(end_b, object);
    if (in_a != in_b) {
      out += fmt::format("   A {}\n   B {}\n", in_a, in_b);
    }
  }
  if (a.account.holds() != b.account.holds()) {
    out += fmt::format("   what the scenario expects holds only in {}\n",
                       a.account.holds() ? 'A' : 'B');
  }
  return out;
}

std::string section(std::string_view title, const std::string& lines) {
  return lines.empty() ? "" : fmt::format("{}\n{}", title, lines);
}

/// Where they part, and, if what is decided is the same there, where that parts.
std::string of_partings(const Parting& where, const Side& a, const Side& b) {
  std::string out = of_parting(where, a, b);
  if (where.decided[0] == nullptr && where.decided[1] == nullptr) {
    if (const auto later = decision_parting(a.account, b.account)) {
      out += of_parting(*later, a, b);
    }
  }
  return out;
}

}  // namespace

Side side_of(const scenario::Scenario& scenario, const Variant& variant, std::string title) {
  Side out;
  out.title = std::move(title);
  out.scenario = varied(scenario, variant);
  out.account = account_of(out.scenario);
  out.phases = measure(out.scenario);
  return out;
}

std::optional<Parting> parting(const Account& a, const Account& b) {
  const std::size_t both = std::min(a.steps.size(), b.steps.size());
  for (std::size_t i = 0; i < both; ++i) {
    if (auto out = parting_of_step(i, a.steps[i], b.steps[i])) {
      return out;
    }
  }
  if (a.steps.size() == b.steps.size()) {
    return std::nullopt;
  }
  Parting out;
  out.step = both;
  return out;
}

std::optional<Parting> decision_parting(const Account& a, const Account& b) {
  const std::size_t both = std::min(a.steps.size(), b.steps.size());
  for (std::size_t i = 0; i < both; ++i) {
    const auto out = parting_of_step(i, a.steps[i], b.steps[i]);
    if (out && (out->decided[0] != nullptr || out->decided[1] != nullptr)) {
      return out;
    }
  }
  return std::nullopt;
}

std::string comparison(const Side& a, const Side& b) {
  std::string out = fmt::format("A is {}, B is {}.\n", a.title, b.title);
  const auto where = parting(a.account, b.account);
  if (!where) {
    return out + "They do the same.\n";
  }
  out += of_partings(*where, a, b);
  out += section("What each change took:", of_phases(a, b));
  out += section("In which order pods came and went:", of_order(a, b));
  out += section("How things stand in the end:", of_end(a, b));
  return out;
}

std::string parting_in_short(const Side& a, const Side& b) {
  const auto where = parting(a.account, b.account);
  if (!where) {
    return fmt::format("{} and {} do the same.\n", a.title, b.title);
  }
  return fmt::format("A is {}, B is {}.\n{}", a.title, b.title, of_partings(*where, a, b));
}

}  // namespace stsim::experiment
