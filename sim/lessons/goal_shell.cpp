#include "goal_shell.hpp"

#include "phrases.hpp"
#include "sentences.hpp"

#include <stsim/world/rest.hpp>

#include <algorithm>
#include <array>

namespace stsim::lessons {

namespace {

/// The lesson so far as a scenario: its cluster, and the steps that were taken.
std::shared_ptr<const scenario::Scenario> so_far(const Lesson& lesson,
                                                 const scenario::Session& session) {
  scenario::Scenario out = *lesson.cluster;
  for (const auto& step : session.taken()) {
    out.steps.push_back(*step);
  }
  return std::make_shared<const scenario::Scenario>(std::move(out));
}

shell::ShellOptions options_of(const Lesson& lesson, const ShownAs& as) {
  shell::ShellOptions out;
  out.color = as.color;
  out.watch = !as.quiet;
  out.hints = false;
  out.width = as.width;
  out.tells = [endpoints = as.endpoints](const engine::TraceRecord& record) {
    return !is_noise(record, endpoints);
  };
  out.head = lesson.head;
  return out;
}

/// Whether a line leaves the steps that were taken so far.
bool goes_elsewhere(std::string_view line) {
  constexpr std::array<std::string_view, 3> kWords{"switch", "load", "reset"};
  return std::ranges::find(kWords, line.substr(0, line.find(' '))) != kWords.end();
}

}  // namespace

GoalShell::GoalShell(const Lesson& lesson,
                     const GoalPart& goal,
                     const scenario::Session& session,
                     const ShownAs& as)
    : goal_(&goal), as_(as), shell_(so_far(lesson, session), options_of(lesson, as)) {}

GoalShell::Said GoalShell::enter(std::string_view line) {
  const std::size_t before = session().taken().size();
  const std::uint64_t changes = session().world().changes;
  missing_ = session().unmet(goal_->expect);
  const bool both = line == "back" && rested_.erase(before) > 0;
  const shell::Reply reply = shell_.enter(both ? "back 2" : line);
  if (goes_elsewhere(line)) {
    rested_.clear();
  }
  std::string text = reply.err + reply.out;
  const bool taken = session().taken().size() > before && session().goes_on();
  if (goal_->settles && taken && !scenario::passes_time(*session().taken().back()) &&
      !world::at_rest(session().world())) {
    const shell::Reply rest = shell_.enter("run");
    text += rest.err + rest.out;
    rested_.insert(session().taken().size());
  }
  did_something_ = taken && session().world().changes != changes;
  return {std::move(text), reply.quit};
}

bool GoalShell::is_reached() const {
  return session().goes_on() && session().unmet(goal_->expect).empty();
}

std::string GoalShell::remark(Language language) const {
  if (!did_something_ || !session().goes_on() || !world::at_rest(session().world())) {
    return "";
  }
  const std::vector<scenario::Difference> missing = session().unmet(goal_->expect);
  const auto lost = std::ranges::find_if(missing, [this](const scenario::Difference& difference) {
    return std::ranges::find(missing_, difference.path, &scenario::Difference::path) ==
           missing_.end();
  });
  if (lost != missing.end()) {
    return say(language,
               "This leads away from the goal: {} (back undoes it.)",
               "这样离目标更远了：{}（back 可以撤销。）",
               sentence(*lost, language));
  }
  return missing.empty() ? ""
                         : say(language,
                               "The goal is not reached yet: {}",
                               "还没有达成目标：{}",
                               sentence(missing.front(), language));
}

}  // namespace stsim::lessons
