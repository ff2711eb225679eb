#include "inquiry.hpp"

#include <fmt/format.h>
#include <stsim/api/taints.hpp>
#include <stsim/node/kubelet.hpp>

#include <algorithm>

namespace stsim::diagnosis {

using api::Kind;
using api::ObjectKey;
using api::ObjectPtr;
using engine::Actor;

void Inquiry::node(const ObjectKey& key) {
  const ObjectPtr found = find(key);
  const std::string name = key.name;
  if (!found) {
    link(key, fmt::format("there is no node {}", name), "");
    return;
  }
  const node::NodeState state = world_.nodes.state_of(name);
  if (state.kubelet && state.machine) {
    if (out_of_order(Actor::NodeController, key)) {
      return;
    }
    link(key, fmt::format("{} is well, and the node controller has yet to hear so", name), "PN-60");
    return;
  }
  if (state.starting) {
    link(key, fmt::format("{} is starting", name), "PN-63");
    return;
  }
  link(key,
       state.machine
           ? fmt::format("the kubelet of {} does not answer; what runs there runs on", name)
           : fmt::format("{} has no power", name),
       "PN-60");
  step(fmt::format("node {} becomes up", name), {{"node", {{"name", name}, {"becomes", "up"}}}});
  if (!state.machine) {
    kubectl(
        fmt::format("taint node {} node.kubernetes.io/out-of-service=nodeshutdown:NoExecute", name),
        "");
  }
}

void Inquiry::nobody_takes_away(const api::Object& pod) {
  const ObjectPtr node = find({Kind::Node, "", std::string(pod.as<api::Pod>().node_name)});
  const auto has = [&node](std::string_view member, std::string_view value) {
    return std::ranges::any_of(api::taints_of(*node), [&](const api::Json& taint) {
      return api::text(taint, member) == value;
    });
  };
  if (!node || has("key", api::kOutOfServiceTaint)) {
    out_of_order(Actor::PodGarbageCollector, pod.key);
  }
  if (node && !pod.terminating()) {
    out_of_order(
        has("effect", "NoExecute") ? Actor::TaintEvictionController : Actor::NodeController,
        pod.key);
  }
}

void Inquiry::nodes_closed() {
  for (const ObjectPtr& node : world_.store.list(Kind::Node)) {
    const std::string name = node->key.name;
    if (!world_.nodes.state_of(name).kubelet) {
      this->node(node->key);
    } else if (api::at_path(api::to_json(*node), {"spec", "unschedulable"}) == true) {
      link(node->key, fmt::format("{} is cordoned: it takes no new pods", name), "PN-64");
      kubectl(fmt::format("uncordon {}", name));
    }
  }
}

}  // namespace stsim::diagnosis
