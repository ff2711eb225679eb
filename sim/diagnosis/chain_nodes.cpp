#include "inquiry.hpp"

#include <fmt/format.h>
#include <stsim/node/kubelet.hpp>

namespace stsim::diagnosis {

using api::Kind;
using api::ObjectKey;
using api::ObjectPtr;

void Inquiry::node(const ObjectKey& key) {
  const ObjectPtr found = find(key);
  const std::string name = key.name;
  if (!found) {
    link(key, fmt::format("there is no node {}", name), "");
    return;
  }
  const node::NodeState state = world_.nodes.state_of(name);
  if (state.kubelet && state.machine) {
    if (out_of_order(engine::Actor::NodeController, key)) {
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
