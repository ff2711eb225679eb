#pragma once
// When nothing is left to happen.

#include <stsim/world/world.hpp>

#include <optional>

namespace stsim::world {

/// Whether nothing is left to happen: what is still pending would only find what was found before.
[[nodiscard]] bool at_rest(const World& world);

/// Answers that again and again while a world goes on, and looks through all that is pending only
/// where it has to: a later event that is no mere repetition stands for the answer until it is
/// due. Holds a reference. Pre: between two questions the world only takes steps and is changed
/// from outside; it is not replaced by another.
class RestWatch {
 public:
  explicit RestWatch(const World& world) : world_(world) {}

  /// The same as at_rest(world).
  [[nodiscard]] bool at_rest();

 private:
  const World& world_;
  std::optional<engine::Event> unrest_;
};

}  // namespace stsim::world
