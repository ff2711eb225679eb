#pragma once
// What must hold of a world whatever its users have done: each invariant with the rule that it
// follows from. Checkers only read; what they find is a finding, not an error.

#include <stsim/world/world.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::check {

/// When an invariant holds.
enum class When : unsigned char {
  Always,  ///< after every event
  AtRest,  ///< when nothing is left to happen (world::at_rest)
};

/// Something that must hold.
struct Invariant {
  std::string_view rule;
  std::string_view text;  ///< what holds, as a sentence without its full stop
  When when{};
  /// Adds to the list what it does not hold for: `default/web-0: no finalizer is left`.
  void (*check)(const world::World& world, std::vector<std::string>& found);
};

/// Where an invariant does not hold.
struct Finding {
  const Invariant* invariant{};  ///< one of invariants()
  std::string text;              ///< of which object, and how
};

/// All that there are.
[[nodiscard]] std::span<const Invariant> invariants();

/// Whether nothing keeps controllers from learning of things and from acting on them: what holds at
/// rest can only be expected then.
[[nodiscard]] bool undisturbed(const world::World& world);

/// What does not hold of a world, of those that hold always, and with AtRest of the others, too.
/// Pre: with AtRest, the world is at rest.
[[nodiscard]] std::vector<Finding> findings(const world::World& world, When when);

/// Whether a record tells that a watch of the controller of sets has failed. Nobody looks at a set
/// because a revision is seen late, so that from then on its history may be too long until somebody
/// does: SS-95 cannot be expected any more. Rule: SS-213.
[[nodiscard]] bool may_leave_history(const engine::TraceRecord& record);

/// `SS-150: the counts of a status are those of its pods: default/web: 3 replicas, 2 pods`.
[[nodiscard]] std::string to_string(const Finding& finding);

}  // namespace stsim::check
