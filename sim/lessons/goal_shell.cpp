#include "goal_shell.hpp"

#include <stsim/kubectl/words.hpp>

namespace stsim::lessons {

GoalShell::GoalShell(scenario::Session session, const ShownAs& as)
    : session_(std::move(session)), as_(as) {}

GoalShell::Said GoalShell::enter(std::string_view line, bool settles) {
  auto words = kubectl::split_words(line);
  if (!words) {
    return {words.error() + "\n", false};
  }
  if (!words->empty() && words->front() == "kubectl") {
    words->erase(words->begin());
  }
  if (words->empty()) {
    return {};
  }
  auto step = std::make_shared<scenario::Step>();
  step->source = {{"kubectl", line}};
  step->action = scenario::KubectlStep{std::string(line), *std::move(words)};
  Shown shown(as_);
  session_.take(std::move(step), shown);
  if (settles && session_.goes_on()) {
    auto settle = std::make_shared<scenario::Step>();
    settle->action = scenario::SettleStep{};
    session_.take(std::move(settle), shown);
  }
  return {shown.take(), false};
}

}  // namespace stsim::lessons
