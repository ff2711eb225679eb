#include "goal_shell.hpp"

#include "chinese_why.hpp"
#include "phrases.hpp"
#include "sentences.hpp"

#include <stsim/world/rest.hpp>

#include <algorithm>

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

shell::ShellOptions options_of(const Lesson& lesson, const GoalPart& goal, const ShownAs& as) {
  shell::ShellOptions out;
  out.color = as.color;
  out.watch = !as.quiet;
  out.hints = false;
  out.hopes = false;
  out.rests = goal.settles;
  out.undoes_steps = false;
  out.width = as.width;
  out.tells = [endpoints = as.endpoints](const engine::TraceRecord& record) {
    return !is_noise(record, endpoints);
  };
  out.head = lesson.head;
  if (as.language == Language::Chinese) {
    out.tell_why = chinese_why;
  }
  return out;
}

}  // namespace

GoalShell::GoalShell(const Lesson& lesson,
                     const GoalPart& goal,
                     const scenario::Session& session,
                     const ShownAs& as)
    : goal_(&goal), shell_(so_far(lesson, session), options_of(lesson, goal, as)) {
  for (const api::ObjectKey& key : goal.same) {
    const api::ObjectPtr object = session.world().store.find(key);
    begun_with_.push_back(object ? object->uid : api::Uid());
  }
}

const api::ObjectKey* GoalShell::replaced() const {
  for (std::size_t i = 0; i < goal_->same.size(); ++i) {
    const api::ObjectPtr object = session().world().store.find(goal_->same[i]);
    if (!object || object->uid != begun_with_[i]) {
      return &goal_->same[i];
    }
  }
  return nullptr;
}

GoalShell::Said GoalShell::enter(std::string_view line) {
  const std::size_t before = session().taken().size();
  const std::uint64_t changes = session().world().changes;
  missing_ = session().unmet(goal_->expect);
  const shell::Reply reply = shell_.enter(line);
  const bool taken = session().taken().size() > before && session().goes_on();
  did_something_ = taken && session().world().changes != changes;
  return {reply.out + reply.err, reply.quit};
}

bool GoalShell::is_reached() const {
  return session().goes_on() && session().unmet(goal_->expect).empty() && replaced() == nullptr;
}

std::string GoalShell::remark(Language language) const {
  if (!did_something_ || !session().goes_on() || !world::at_rest(session().world())) {
    return "";
  }
  if (const api::ObjectKey* other = replaced()) {
    return say(language,
               "{} is not the one any more that was there. (back undoes it.)",
               "{} 已经不是原来的那个了。（输入“撤销”可以撤回。）",
               other->name);
  }
  std::vector<scenario::Difference> missing = session().unmet(goal_->expect);
  // What is to be printed is printed by whatever line comes next.
  std::erase_if(missing, [](const scenario::Difference& difference) {
    return difference.path.front() == "output" || difference.path.front() == "exit";
  });
  const auto lost = std::ranges::find_if(missing, [this](const scenario::Difference& difference) {
    // Of an object that was missing as a whole its parts were, too.
    return std::ranges::none_of(missing_, [&](const scenario::Difference& before) {
      const std::size_t common = std::min(before.path.size(), difference.path.size());
      return std::equal(before.path.begin(),
                        before.path.begin() + static_cast<std::ptrdiff_t>(common),
                        difference.path.begin());
    });
  });
  if (lost != missing.end()) {
    return say(language,
               "That was not so before: {} (back undoes it.)",
               "之前不是这样的：{}（输入“撤销”可以撤回。）",
               sentence(*lost, Against::Goal, language));
  }
  return missing.empty() ? ""
                         : say(language,
                               "The goal is not reached yet: {}",
                               "还没有达成目标：{}",
                               sentence(missing.front(), Against::Goal, language));
}

}  // namespace stsim::lessons
