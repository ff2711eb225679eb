#pragma once
// What the controllers of nodes remember beside their caches: since when something is so.

#include <stsim/api/object.hpp>
#include <stsim/base/persistent_map.hpp>

#include <string>

namespace stsim::controllers::node {

/// A pod that may stay on a tainted node for a while only.
struct Eviction {
  api::Uid pod;      ///< which pod of that name
  SimTime since;     ///< when the taint manager saw that
  bool cancelled{};  ///< it may stay after all
  bool operator==(const Eviction&) const = default;
};

/// A value.
struct NodeViews {
  PersistentMap<api::ObjectKey, Eviction> evictions;  ///< of the taint eviction controller
  PersistentMap<api::ObjectKey, SimTime> missing;     ///< nodes; of the pod garbage collector
  bool operator==(const NodeViews&) const = default;
};

}  // namespace stsim::controllers::node
