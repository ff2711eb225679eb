#include "goal_shell.hpp"

#include <stsim/diagnosis/ask.hpp>
#include <stsim/world/rest.hpp>

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
  out.tells = [endpoints = as.endpoints](const engine::TraceRecord& record) {
    return !is_noise(record, endpoints);
  };
  out.why = diagnosis::answer_text;
  out.head = lesson.head;
  return out;
}

/// Whether the last step lets time pass: who says how long means so long.
bool says_how_long(const scenario::Session& session) {
  const scenario::Action& action = session.taken().back()->action;
  return std::holds_alternative<scenario::AdvanceStep>(action) ||
         std::holds_alternative<scenario::SettleStep>(action);
}

}  // namespace

GoalShell::GoalShell(const Lesson& lesson, const scenario::Session& session, const ShownAs& as)
    : as_(as), shell_(so_far(lesson, session), options_of(lesson, as)) {}

GoalShell::Said GoalShell::enter(std::string_view line, bool settles) {
  const std::size_t before = session().taken().size();
  const bool both = line == "back" && rested_.erase(before) > 0;
  const shell::Reply reply = shell_.enter(both ? "back 2" : line);
  std::string text = reply.err + reply.out;
  const bool does_something = session().taken().size() > before && session().goes_on();
  if (settles && does_something && !says_how_long(session()) &&
      !world::at_rest(session().world())) {
    const shell::Reply rest = shell_.enter("run");
    text += rest.err + rest.out;
    rested_.insert(session().taken().size());
  }
  return {fit(text, as_.width), reply.quit};
}

}  // namespace stsim::lessons
