#pragma once
// What recordings show of a cluster, and what `expect:` compares with.

#include <stsim/api/json.hpp>
#include <stsim/world/world.hpp>

namespace stsim::scenario {

/// The objects of namespace default and the volumes: kind (`pods`) → name → the fields that
/// recordings have.
[[nodiscard]] api::Json snapshot(const world::World& world);

/// What is different in `after`: kind → name → the object, null where it is gone.
[[nodiscard]] api::Json changes(const api::Json& before, const api::Json& after);

}  // namespace stsim::scenario
