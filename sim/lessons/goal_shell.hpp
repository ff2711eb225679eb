#pragma once
// The shell of a goal. Private to the module.

#include "shown.hpp"

#include <stsim/lessons/lesson.hpp>
#include <stsim/scenario/session.hpp>
#include <stsim/shell/shell.hpp>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::lessons {

/// A shell that goes on from where a lesson stands.
class GoalShell {
 public:
  /// What a line led to.
  struct Said {
    std::string text;
    bool quit{};  ///< the shell was left
  };

  GoalShell(const Lesson& lesson, const scenario::Session& session, const ShownAs& as);

  /// Carries a line out; `settles`: behind what changes something the cluster comes to rest, which
  /// is undone together with it.
  Said enter(std::string_view line, bool settles);

  [[nodiscard]] const scenario::Session& session() const { return shell_.session(); }
  [[nodiscard]] std::vector<std::string> completions(std::string_view up_to_cursor) const {
    return shell_.completions(up_to_cursor);
  }

 private:
  ShownAs as_;
  std::set<std::size_t> rested_;  ///< after how many steps the cluster came to rest by itself
  shell::Shell shell_;
};

}  // namespace stsim::lessons
