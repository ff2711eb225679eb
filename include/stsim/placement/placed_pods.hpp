#pragma once
// What placement keeps of the pods that it has seen, so that a decision need not look at each.

#include <stsim/base/int128.hpp>
#include <stsim/base/persistent_map.hpp>
#include <stsim/store/store.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace stsim::placement {

/// Amounts of resources by name, in billionths of their units.
using Amounts = std::map<std::string, Int128, std::less<>>;

/// The pods on one node that have not ended.
struct PodsOnNode {
  std::int32_t count{};
  PersistentMap<api::Uid, std::int32_t> of_controller;  ///< how many of each
  Amounts requested;                                    ///< by all of them together
  bool operator==(const PodsOnNode&) const = default;
};

/// All of it follows from the pods of the cache. A value.
class PlacedPods {
 public:
  /// Takes note of a change that placement has just seen.
  void observe(const store::Change& change);

  /// The pods on a node.
  [[nodiscard]] const PodsOnNode& on(const std::string& node) const;

  /// Those of the pods on nodes that want to be away from others.
  [[nodiscard]] const PersistentSet<api::ObjectKey>& averse() const { return averse_; }

  bool operator==(const PlacedPods&) const = default;

 private:
  void count(const api::Object& pod, int by);

  PersistentMap<std::string, PodsOnNode> nodes_;
  PersistentSet<api::ObjectKey> averse_;
};

}  // namespace stsim::placement
