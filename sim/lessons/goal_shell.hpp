#pragma once
// The shell of a goal. Private to the module.

#include "shown.hpp"

#include <stsim/scenario/session.hpp>

#include <string>
#include <string_view>

namespace stsim::lessons {

/// A shell over a session.
class GoalShell {
 public:
  /// What a line led to.
  struct Said {
    std::string text;
    bool quit{};  ///< the shell was left
  };

  /// Goes on from a session.
  GoalShell(scenario::Session session, const ShownAs& as);

  /// Carries a line out; `settles`: then the cluster comes to rest.
  Said enter(std::string_view line, bool settles);

  [[nodiscard]] const scenario::Session& session() const { return session_; }

 private:
  scenario::Session session_;
  ShownAs as_;
};

}  // namespace stsim::lessons
