#pragma once
// From an object that is not as it should be to what somebody can do something about: a chain of
// reasons, each read off the cluster as it stands, and the acts that may help.

#include <stsim/diagnosis/wish.hpp>
#include <stsim/world/world.hpp>

#include <string>
#include <vector>

namespace stsim::diagnosis {

/// One reason.
struct Link {
  api::ObjectKey about;
  std::string text;  ///< `web-1 is not Running and Ready, and everything after it waits`
  std::string
      rule;  ///< empty where it is no rule of Kubernetes but somebody's wish, or an accident
  bool operator==(const Link&) const = default;
};

/// Something that somebody can do.
struct Act {
  std::string line;     ///< as typed: `kubectl delete pod web-1`, `node node1 becomes up`
  api::Json step;       ///< the same as a step of a scenario
  bool outside{};       ///< no kubectl does it: a machine is switched on, an image is mended
  std::string caution;  ///< what else it does that somebody may not want; empty: nothing
  bool operator==(const Act&) const = default;
};

/// The reasons why a wish has not come true, from the object to the last cause that is known.
struct Chain {
  std::vector<Link> links;
  /// What may help, the gentlest first. Whether it does is for remedies_of() to find out.
  std::vector<Act> acts;
  /// What only somebody who knows more than the cluster can do: to name an image that can be
  /// pulled. Empty: nothing.
  std::string advice;
};

/// The chain of a wish that has not come true. Reads the world alone: what its controllers have
/// seen, and what they would decide now.
[[nodiscard]] Chain chain_of(const world::World& world, const Wish& wish);

}  // namespace stsim::diagnosis
