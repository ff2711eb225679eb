#include "node_moves.hpp"

#include "refusal.hpp"

#include <fmt/format.h>
#include <stsim/api/taints.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace stsim::scenario {

using api::Json;
using api::Kind;
using api::ObjectKey;
using api::ObjectPtr;

namespace {

std::string change_spec(world::Client& user,
                        const ObjectKey& node,
                        const std::function<void(Json& spec)>& change) {
  return refusal(user.patch(node, [&change](Json stored) -> Result<Json, api::ApiError> {
    change(stored["spec"]);
    return stored;
  }));
}

std::string cordon(world::Client& user, const ObjectKey& node, bool wanted) {
  return change_spec(user, node, [wanted](Json& spec) { spec["unschedulable"] = wanted; });
}

/// PN-63: somebody who knows that nothing runs there says so, or takes that back.
std::string take_out_of_service(world::Client& user, const ObjectKey& node, bool wanted) {
  const std::string now = to_rfc3339(user.now());
  return change_spec(user, node, [wanted, &now](Json& spec) {
    Json taints = Json::array();
    for (const Json& taint : api::member(spec, "taints")) {
      if (api::text(taint, "key") != api::kOutOfServiceTaint) {
        taints.push_back(taint);
      }
    }
    if (wanted) {
      taints.push_back({{"key", api::kOutOfServiceTaint},
                        {"value", "nodeshutdown"},
                        {"effect", "NoExecute"},
                        {"timeAdded", now}});
    }
    spec["taints"] = std::move(taints);
  });
}

/// PN-64: closed to new pods, then all of its own are evicted.
std::string drain(world::Client& user, const ObjectKey& node) {
  if (std::string refused = cordon(user, node, true); !refused.empty()) {
    return refused;
  }
  std::vector<ObjectPtr> evicted;
  for (const ObjectPtr& pod : user.store().list(Kind::Pod)) {
    if (pod->as<api::Pod>().node_name == node.name) {
      if (std::string refused = refusal(user.evict(pod->key)); !refused.empty()) {
        return refused;
      }
      evicted.push_back(pod);
    }
  }
  const auto all_gone = [&user, &evicted] {
    return std::ranges::none_of(evicted, [&user](const ObjectPtr& pod) {
      const ObjectPtr now = user.store().find(pod->key);
      return now && now->uid == pod->uid;
    });
  };
  return user.run_until(all_gone, std::nullopt)
             ? ""
             : fmt::format("{} still has pods, and nothing more is going to happen", node.name);
}

std::string strike(world::Client& user, const ObjectKey& node, world::NodeFault fault) {
  if (!user.world().settings->auto_kubelet) {
    return "with `kubelet: stepped` only steps move pods: nothing would come of it";
  }
  return user.strike(std::string(node.name.view()), fault) ? "" : "it is so already";
}

}  // namespace

std::string move_node(world::Client& user, const std::string& name, NodeFate fate) {
  const ObjectKey node{Kind::Node, "", name};
  // A machine whose node object is gone may still come back.
  if (!user.store().find(node) && fate != NodeFate::Up) {
    return fmt::format("node {} not found", name);
  }
  switch (fate) {
    case NodeFate::Cordoned:
      return cordon(user, node, true);
    case NodeFate::Uncordoned:
      return cordon(user, node, false);
    case NodeFate::Drained:
      return drain(user, node);
    case NodeFate::OutOfService:
      return take_out_of_service(user, node, true);
    case NodeFate::InService:
      return take_out_of_service(user, node, false);
    case NodeFate::Gone:
      return refusal(user.remove(node, {}));
    case NodeFate::Down:
      return strike(user, node, world::NodeFault::Down);
    case NodeFate::Unreachable:
      return strike(user, node, world::NodeFault::Unreachable);
    case NodeFate::Up:
      break;
  }
  return strike(user, node, world::NodeFault::Up);
}

}  // namespace stsim::scenario
