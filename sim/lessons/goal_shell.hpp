#pragma once
// The shell of a goal. Private to the module.

#include "shown.hpp"

#include <stsim/lessons/lesson.hpp>
#include <stsim/scenario/session.hpp>
#include <stsim/shell/shell.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace stsim::lessons {

/// A shell that goes on from where a lesson stands, to a goal.
class GoalShell {
 public:
  /// What a line led to.
  struct Said {
    std::string text;
    bool quit{};  ///< the shell was left
  };

  GoalShell(const Lesson& lesson,
            const GoalPart& goal,
            const scenario::Session& session,
            const ShownAs& as);

  /// Carries a line out. As the goal asks for it, the cluster comes to rest behind what changes
  /// something; `back` undoes both.
  Said enter(std::string_view line);

  [[nodiscard]] bool is_reached() const;
  /// What a line that has done something leaves to do, or what is not so any more as the goal asks
  /// for; "" where there is nothing to say, as time has to go on first.
  [[nodiscard]] std::string remark(Language language) const;

  [[nodiscard]] const scenario::Session& session() const { return shell_.session(); }
  [[nodiscard]] std::vector<std::string> completions(std::string_view up_to_cursor) const {
    return shell_.completions(up_to_cursor);
  }

 private:
  /// The first of GoalPart::same that is another one, or null.
  [[nodiscard]] const api::ObjectKey* replaced() const;

  const GoalPart* goal_;
  std::vector<api::Uid> begun_with_;  ///< of GoalPart::same
  shell::Shell shell_;
  bool did_something_{};                       ///< the last line
  std::vector<scenario::Difference> missing_;  ///< of the goal, before the last line
};

}  // namespace stsim::lessons
