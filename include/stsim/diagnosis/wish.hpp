#pragma once
// What somebody waits for of an object, and whether it has come.

#include <stsim/api/object.hpp>
#include <stsim/base/error.hpp>
#include <stsim/world/world.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace stsim::diagnosis {

/// How an object is wished to be.
enum class State : unsigned char {
  Created,    ///< it is there, and not on its way out
  Ready,      ///< a pod: the Ready condition holds; a node likewise
  Available,  ///< a pod: Ready for its set's minReadySeconds
  Updated,    ///< a pod: Ready, and at the update revision of its set
  Bound,      ///< a claim, or a volume
  Free,       ///< a volume: a claim may have it, or has it
  Complete,   ///< a set: all its pods are as it wants them
  Gone,       ///< it is not there any more; of a pod: that one is not, whoever takes its name
};

/// `created`, `ready`, …
[[nodiscard]] std::string_view to_string(State state);
/// The state of a user's word, of those that an object of a kind can be in.
[[nodiscard]] std::optional<State> parse_state(std::string_view word, api::Kind kind);
/// The states that an object of a kind can be in.
[[nodiscard]] std::span<const State> states_of(api::Kind kind);

/// A wish.
struct Wish {
  api::ObjectKey object;
  State state{};
  std::string revision{};  ///< of Updated: to which
  api::Uid uid{};          ///< of Gone: which one is to go; empty: whichever has the name
  bool operator==(const Wish&) const = default;

  /// Whether it has come true, by what the API server says.
  [[nodiscard]] bool holds(const world::World& world) const;
};

/// A wish about an object as it is now.
[[nodiscard]] Wish wish_of(const world::World& world, const api::ObjectKey& object, State state);

/// What an object is not, and is to be; nothing where it is all that it should be. What a partition
/// or OnDelete holds back counts as not updated.
[[nodiscard]] std::optional<Wish> open_wish(const world::World& world,
                                            const api::ObjectKey& object);

/// The object that a user means: `web-3`, `pod/web-3`, `sts web`, `pvc/data-web-0`. A name alone is
/// a pod's, also of one that a set is to have, else that of a StatefulSet, claim, volume or node.
/// Without `-n NAMESPACE` it is in namespace default, or in the only other one that has it.
/// Errors: what is wrong with it, with what there is to choose from.
[[nodiscard]] Result<api::ObjectKey, std::string> find_object(const world::World& world,
                                                              std::span<const std::string> words);

}  // namespace stsim::diagnosis
