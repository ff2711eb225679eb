#pragma once
// When placement looks at a pod that has no node, and when it does so again.

#include <stsim/base/time.hpp>
#include <stsim/store/store.hpp>

#include <cstdint>

namespace stsim::placement {

/// A pod that placement has to find a node for.
struct UnplacedPod {
  SimTime next_look;         ///< an event that is due at another instant is void
  SimTime last_resort;       ///< when an event is pending that looks, or sees to it that it is done
  SimTime last_refusal;      ///< the epoch if there was none
  std::uint32_t refusals{};  ///< how often no node was found, as far as kMostRefusals
  bool operator==(const UnplacedPod&) const = default;

  /// From so many refusals on the back-off is the longest.
  static constexpr std::uint32_t kMostRefusals = 5;

  /// When something has changed that may help: the first instant at which the pod is looked at
  /// again. The back-off begins at a second, doubles, and ends at ten. Rule: PN-51.
  [[nodiscard]] SimTime backoff_ends() const;
};

/// How long a pod waits at most for something to change. Rule: PN-51.
inline constexpr SimDuration kLongestWait = std::chrono::minutes{5};

/// Whether a pod has to be placed.
[[nodiscard]] bool waits_for_node(const api::Object& pod);

/// Whether a change may let a pod be placed that could not be: of a claim, a volume, a class, a
/// node, or of what another pod on a node takes up or wants. Rule: PN-51.
[[nodiscard]] bool may_help(const store::Change& change);

}  // namespace stsim::placement
