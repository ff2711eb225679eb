#include "rules.hpp"

#include <stsim/placement/placed_pods.hpp>

namespace stsim::placement {

using api::Kind;
using api::Object;

namespace {

/// Whether both count for the same on the same node.
bool counts_alike(const Object& a, const Object& b) {
  const auto& one = a.as<api::Pod>();
  const auto& other = b.as<api::Pod>();
  return a.uid == b.uid && one.node_name == other.node_name && one.spec == other.spec &&
         one.status.ended() == other.status.ended() && a.owners == b.owners;
}

}  // namespace

bool is_on_node(const Object& pod) {
  return !pod.as<api::Pod>().node_name.empty() && !pod.as<api::Pod>().status.ended();
}

void PlacedPods::observe(const store::Change& change) {
  if (change.object().key.kind != Kind::Pod) {
    return;
  }
  if (change.before && change.after && counts_alike(*change.before, *change.after)) {
    return;
  }
  if (change.before && is_on_node(*change.before)) {
    count(*change.before, -1);
  }
  if (change.after && is_on_node(*change.after)) {
    count(*change.after, 1);
  }
}

void PlacedPods::count(const Object& pod, int by) {
  const Text& name = pod.as<api::Pod>().node_name;
  PodsOnNode* node = nodes_.edit(name);
  if (node == nullptr) {
    nodes_.set(name, {});
    node = nodes_.edit(name);
  }
  node->count += by;
  if (const api::OwnerReference* owner = pod.controller()) {
    const std::int32_t* known = node->of_controller.find(owner->uid);
    const std::int32_t now = (known == nullptr ? 0 : *known) + by;
    if (now == 0) {
      node->of_controller.erase(owner->uid);
    } else {
      node->of_controller.set(owner->uid, now);
    }
  }
  for (const auto& [resource, amount] : requests_of(pod)) {
    if ((node->requested[resource] += by * amount) == 0) {
      node->requested.erase(resource);
    }
  }
  if (node->count == 0) {
    nodes_.erase(name);
  }
  if (by > 0 && is_averse(pod)) {
    averse_.set(pod.key, {});
  } else {
    averse_.erase(pod.key);
  }
}

const PodsOnNode& PlacedPods::on(const std::string& node) const {
  static const PodsOnNode kNone;
  const PodsOnNode* found = nodes_.find(node);
  return found == nullptr ? kNone : *found;
}

}  // namespace stsim::placement
