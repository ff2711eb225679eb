#include "node_moves.hpp"

#include "refusal.hpp"

#include <fmt/format.h>
#include <stsim/api/taints.hpp>

#include <algorithm>
#include <functional>
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
      const auto written = user.evict(pod->key);
      if (!written && written.error().reason != "NotFound") {  // it has gone meanwhile
        return written.error().message;
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
  if (!user.world().settings->auto_kubelet) {
    return "";  // steps see to the rest
  }
  return user.run_until(all_gone, std::nullopt)
             ? ""
             : fmt::format("{} still has pods, and nothing more is going to happen", node.name);
}

std::string strike(world::Client& user, const std::string& node, world::NodeFault fault) {
  if (!user.world().settings->auto_kubelet) {
    return "with `kubelet: stepped` only steps move pods: nothing would come of it";
  }
  if (user.strike(node, fault)) {
    return "";
  }
  const node::NodeState state = user.world().nodes.state_of(node);
  return fmt::format("{} {} already",
                     node,
                     !state.machine   ? "is down"
                     : state.kubelet  ? "is up"
                     : state.starting ? "is on its way back"
                                      : "is unreachable");
}

/// Whether a machine is there, with or without its object.
bool is_machine(const world::Client& user, const std::string& name) {
  const auto& machines = user.world().settings->nodes;
  return std::ranges::find(machines, name) != machines.end();
}

}  // namespace

std::string move_node(world::Client& user, const std::string& name, NodeFate fate) {
  const ObjectKey node{Kind::Node, "", name};
  const bool of_machine =
      fate == NodeFate::Down || fate == NodeFate::Unreachable || fate == NodeFate::Up;
  if (!user.store().find(node) && !(of_machine && is_machine(user, name))) {
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
      return strike(user, name, world::NodeFault::Down);
    case NodeFate::Unreachable:
      return strike(user, name, world::NodeFault::Unreachable);
    case NodeFate::Up:
      break;
  }
  return strike(user, name, world::NodeFault::Up);
}

}  // namespace stsim::scenario
