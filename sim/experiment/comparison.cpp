#include "experiment/line_difference.hpp"
#include "experiment/step_lines.hpp"

#include <fmt/format.h>
#include <stsim/experiment/comparison.hpp>
#include <stsim/scenario/retelling.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace stsim::experiment {

namespace {

/// What is written, and not why something else is not: reasons are worked out differently in some
/// releases where the same is done.
std::vector<const Happening*> decisions(const StepAccount& step) {
  std::vector<const Happening*> out;
  for (const Happening& happening : step.happened) {
    if (happening.decides && !happening.act.empty()) {
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
    if (in_a == nullptr || in_b == nullptr || in_a->act != in_b->act) {
      out.decided = {in_a, in_b};
      return out;
    }
    out.common = in_a;
  }
  const bool same =
      lines_of(a, index, true) == lines_of(b, index, true) && a.unexpected == b.unexpected;
  return same ? std::nullopt : std::optional(out);
}

/// The letters that the two go by in a comparison.
constexpr std::array<char, 2> kLetters{'A', 'B'};

/// Why one of them decides as it does there.
std::string reasons(const Side& side, char letter, const Happening* decided) {
  if (decided == nullptr) {
    return fmt::format("{}  decides nothing more in this step\n", letter);
  }
  std::string out =
      fmt::format("{}  {} {}\n", letter, scenario::since_start(decided->time), decided->line);
  std::string led = because(side.scenario, decided->record);
  // The first line is the decision itself.
  const std::size_t second = led.find('\n', 1);
  return second == std::string::npos ? out : out + led.substr(second + 1) + "\n";
}

/// The lines of a step that only one of the two has.
std::string lines_apart(std::size_t step, const Side& a, const Side& b) {
  constexpr std::size_t kContext = 0;
  return in_context(line_difference(lines_of(a.compared.steps[step], step, true),
                                    lines_of(b.compared.steps[step], step, true)),
                    kContext);
}

/// Whether it is a reason for what is not done.
bool is_reason(const Happening& happening) {
  return happening.decides && happening.act.empty();
}

std::string reason_line(char letter, const Happening& reason) {
  return fmt::format("{}  {} {}\n", letter, scenario::since_start(reason.time), reason.line);
}

/// The reasons for what is not done that only one of the two gives in a step. Where it gives none
/// there, the last one from before, which holds until something else is said.
std::string own_reasons(char letter, const Account& own, const Account& other, std::size_t step) {
  constexpr int kMost = 3;
  std::string out;
  int told = 0;
  for (const Happening& happening : own.steps[step].happened) {
    if (is_reason(happening) && told < kMost &&
        std::ranges::find(other.steps[step].happened, happening.line, &Happening::line) ==
            other.steps[step].happened.end()) {
      out += reason_line(letter, happening);
      ++told;
    }
  }
  const bool silent = std::ranges::none_of(own.steps[step].happened, is_reason);
  for (std::size_t before = step; silent && before-- > 0;) {
    const auto& happened = own.steps[before].happened;
    const auto last = std::find_if(happened.rbegin(), happened.rend(), is_reason);
    if (last != happened.rend()) {
      return reason_line(letter, *last);
    }
  }
  return out;
}

/// What the step prints, and what was expected of it, where that is not the same.
std::string told_apart(const StepAccount& a, const StepAccount& b) {
  constexpr std::size_t kContext = 0;
  std::string out;
  if (a.printed != b.printed) {
    out += "   what is printed there, - by A, + by B:\n" +
           in_context(line_difference(a.printed, b.printed), kContext);
  }
  for (const auto& [letter, own, other] :
       {std::tuple(kLetters[0], &a, &b), std::tuple(kLetters[1], &b, &a)}) {
    for (const std::string& failure : own->unexpected) {
      if (std::ranges::find(other->unexpected, failure) == other->unexpected.end()) {
        out += fmt::format("{}  does not hold: {}\n", letter, failure);
      }
    }
  }
  return out;
}

std::string of_parting(const Parting& where, const Side& a, const Side& b) {
  const bool of_both = where.step < a.compared.steps.size() && where.step < b.compared.steps.size();
  const Side& longer = a.compared.steps.size() > b.compared.steps.size() ? a : b;
  std::string out = fmt::format(
      "They part in step {}: {}\n", where.step + 1, longer.compared.steps[where.step].prompt);
  if (!of_both) {
    const Side& shorter = &longer == &a ? b : a;
    out += fmt::format("Only {} comes that far.\n", longer.title);
    for (const std::string& failure : failures(shorter.account)) {
      out += fmt::format("{}: {}\n", shorter.title, failure);
    }
    return out;
  }
  if (where.common != nullptr) {
    out += fmt::format(
        "   after {} {}\n", scenario::since_start(where.common->time), where.common->line);
  }
  if (where.decided[0] != nullptr || where.decided[1] != nullptr) {
    const StepAccount& of_a = a.compared.steps[where.step];
    const StepAccount& of_b = b.compared.steps[where.step];
    const std::string reasons_of_a = own_reasons(kLetters[0], a.compared, b.compared, where.step);
    const std::string reasons_of_b = own_reasons(kLetters[1], b.compared, a.compared, where.step);
    out += reasons(a, kLetters[0], where.decided[0]) + reasons(b, kLetters[1], where.decided[1]);
    if (!reasons_of_a.empty() || !reasons_of_b.empty()) {
      out += "   only one of them says:\n" + reasons_of_a + reasons_of_b;
    }
    return out + told_apart(of_a, of_b);
  }
  const StepAccount& of_a = a.compared.steps[where.step];
  const StepAccount& of_b = b.compared.steps[where.step];
  const std::string differing = lines_of(of_a, where.step, true) == lines_of(of_b, where.step, true)
                                    ? told_apart(of_a, of_b)
                                    : "- is A, + is B:\n" + lines_apart(where.step, a, b);
  return out + "All decisions are the same.\n" + differing;
}

/// `web-2 goes, web-2 comes`: of the step's pods, in order.
std::string order_of(const StepAccount& step) {
  std::string out;
  std::set<std::string> leaving;
  for (const Happening& happening : step.happened) {
    // An act is actor, verb, resource and name; of a refused one the code follows.
    const std::string_view act = happening.act;
    for (const auto& [call, word] :
         {std::pair(" create pods ", "comes"), std::pair(" delete pods ", "goes")}) {
      const std::size_t found = act.find(call);
      if (found == std::string_view::npos) {
        continue;
      }
      const std::string_view rest = act.substr(found + std::string_view(call).size());
      const std::size_t end = std::min(rest.find(' '), rest.size());
      const bool refused = rest.size() > end + 1 && rest[end + 1] == '4';
      const std::string pod(rest.substr(0, end));
      // It goes when somebody deletes it, and not once more when its kubelet is done.
      const bool news = word == std::string_view("comes") ? (leaving.erase(pod), true)
                                                          : leaving.insert(pod).second;
      if (!refused && news) {
        out += fmt::format("{}{} {}", out.empty() ? "" : ", ", pod, word);
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
  for (const Phase& phase : a.account.phases) {
    by_step[phase.step][0] = &phase;
  }
  for (const Phase& phase : b.account.phases) {
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
  const std::size_t both = std::min(a.compared.steps.size(), b.compared.steps.size());
  for (std::size_t i = 0; i < both; ++i) {
    std::string rows;
    add_row(rows, "order", order_of(a.compared.steps[i]), order_of(b.compared.steps[i]));
    if (!rows.empty()) {
      out += fmt::format("  step {}: {}\n{}", i + 1, a.compared.steps[i].prompt, rows);
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
  const auto end_a = end_of(a.compared);
  const auto end_b = end_of(b.compared);
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
  return out;
}

/// What is left to say of two that do the same.
std::string of_names(const Side& a, const Side& b) {
  std::string out = "They do the same";
  if (a.account.made_up != b.account.made_up) {
    out += ", but for names that controllers made up:\n";
    for (std::size_t i = 0; i < std::min(a.account.made_up.size(), b.account.made_up.size()); ++i) {
      const std::string& in_a = a.account.made_up[i].first;
      const std::string& in_b = b.account.made_up[i].first;
      out += in_a == in_b ? "" : fmt::format("   A {}   B {}\n", in_a, in_b);
    }
    return out;
  }
  return out + ".\n";
}

/// What does not hold, where that differs.
std::string of_promises(const Side& a, const Side& b) {
  const auto failed_a = failures(a.account);
  const auto failed_b = failures(b.account);
  if (failed_a.empty() == failed_b.empty()) {
    return "";
  }
  const bool holds_in_a = failed_a.empty();
  std::string out = fmt::format(
      "   all of it in {} alone; in {}\n", holds_in_a ? 'A' : 'B', holds_in_a ? 'B' : 'A');
  for (const std::string& failure : holds_in_a ? failed_b : failed_a) {
    out += fmt::format("   {}\n", failure);
  }
  return out;
}

std::string section(std::string_view title, const std::string& lines) {
  return lines.empty() ? "" : fmt::format("{}\n{}", title, lines);
}

/// Where something else is decided; before it, where something else is only told.
std::string of_partings(const Parting& told, const Side& a, const Side& b) {
  const auto decided = decision_parting(a.compared, b.compared);
  if (!decided) {
    return of_parting(told, a, b);
  }
  std::string out;
  if (told.step < decided->step) {
    out = fmt::format(
        "Before they part, something is told differently, first in step {}: {}\n- is A, + is "
        "B:\n{}",
        told.step + 1,
        a.compared.steps[told.step].prompt,
        lines_apart(told.step, a, b));
  }
  return out + of_parting(*decided, a, b);
}

}  // namespace

Side side_of(const scenario::Scenario& scenario, const Variant& variant, std::string title) {
  Side out;
  out.title = std::move(title);
  out.scenario = varied(scenario, variant);
  out.account = account_of(out.scenario);
  out.compared = without_made_up_names(out.account);
  return out;
}

std::optional<Parting> parting(const Account& a, const Account& b) {
  const std::size_t both = std::min(a.steps.size(), b.steps.size());
  for (std::size_t i = 0; i < both; ++i) {
    if (auto out = parting_of_step(i, a.steps[i], b.steps[i])) {
      return out;
    }
  }
  Parting out;
  out.step = both;
  if (a.steps.size() != b.steps.size()) {
    return out;
  }
  if (a.summary.holds() != b.summary.holds() && both > 0) {
    out.step = both - 1;
    return out;
  }
  return std::nullopt;
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
  const auto where = parting(a.compared, b.compared);
  if (!where) {
    return out + of_names(a, b);
  }
  out += of_partings(*where, a, b);
  out += section("What each change took:", of_phases(a, b));
  out += section("In which order pods came and went:", of_order(a, b));
  out += section("How things stand in the end:", of_end(a, b));
  out += section("What is expected holds:", of_promises(a, b));
  return out;
}

std::string parting_in_short(const Side& a, const Side& b) {
  const auto where = parting(a.compared, b.compared);
  if (!where) {
    return fmt::format("A is {}, B is {}.\n{}", a.title, b.title, of_names(a, b));
  }
  return fmt::format("A is {}, B is {}.\n{}", a.title, b.title, of_partings(*where, a, b));
}

}  // namespace stsim::experiment
