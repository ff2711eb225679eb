// Nodes in trouble: when the node controller notices, and what a kubelet finds that is back.
// Kubelets give a sign of life, and the node controller looks for it, at fixed times; nothing is
// simulated of that while all is well. Rules: PN-60, PN-63.
#include "context.hpp"

#include <fmt/format.h>
#include <stsim/api/taints.hpp>

#include <utility>

namespace stsim::world {

using api::NodeReady;
using api::ObjectKey;
using api::ObjectPtr;
using engine::Actor;
using engine::NodeTimer;

namespace {

ObjectKey key_of(std::string_view node) {
  return {api::Kind::Node, "", node};
}

/// The last of the times that lie `period` apart, one of them `phase` after the start, before
/// `time`; the start itself if there was none.
SimTime last_before(SimTime time, SimDuration phase, SimDuration period) {
  const SimDuration since = time - kStartOfTime - phase;
  return since < SimDuration{} ? kStartOfTime : kStartOfTime + phase + since / period * period;
}

/// The first of the node controller's looks that is not before a time.
SimTime next_look(SimTime time, SimDuration period) {
  return kStartOfTime + (time - kStartOfTime + period - SimDuration{1}) / period * period;
}

SimDuration grace_of(const Settings& settings) {
  constexpr SimDuration kUpTo30 = std::chrono::seconds{40};
  constexpr SimDuration kSince31 = std::chrono::seconds{50};
  constexpr int kLonger = 31;
  if (settings.node_grace != SimDuration{}) {
    return settings.node_grace;
  }
  return settings.features.release.at_least(kLonger) ? kSince31 : kUpTo30;
}

/// When a node was heard last, each at times of its own.
SimTime last_heard(Context& context, const std::string& node) {
  const SimDuration period = context.world.settings->node_lease;
  const engine::Latency phase{SimDuration{}, period - SimDuration{1}};
  return last_before(
      context.world.now, phase.draw(context.chooser, {"nodeLease", node, 0}), period);
}

/// Sees that the node controller notices that a node is not heard any more.
void await_silence(Context& context,
                   const std::string& node,
                   const node::NodeState& state,
                   const engine::Causes& causes) {
  World& world = context.world;
  const Settings& settings = *world.settings;
  // What counts for the controller is when it has seen the sign of life.
  const SimTime seen = next_look(state.heard, settings.node_monitor);
  const SimTime due = next_look(seen + grace_of(settings), settings.node_monitor);
  world.queue.schedule(std::max(due, world.now),
                       Actor::NodeController,
                       causes,
                       NodeTimer{NodeTimer::What::Silent, node, state.troubles});
}

/// Writes the condition Ready of a node.
void write_ready(Context& context,
                 Actor actor,
                 const ObjectKey& key,
                 const ObjectPtr& node,
                 NodeReady ready,
                 std::string why,
                 const engine::Causes& causes) {
  const bool unknown = ready == NodeReady::Unknown;
  api::Object changed = *node;
  changed.as<api::Generic>().document = std::make_shared<const api::Json>(api::with_node_ready(
      *node,
      ready,
      unknown ? "NodeStatusUnknown" : "KubeletReady",
      unknown ? "Kubelet stopped posting node status." : "kubelet is posting ready status",
      context.world.now));
  Write intent{actor, "patch", "status", key, std::move(why), "PN-60", causes};
  write(context, std::move(intent), [&](engine::TraceId id) {
    return context.world.store.update_status(std::move(changed), id);
  });
}

void silent(Context& context, const std::string& name, const engine::Causes& causes) {
  const ObjectKey key = key_of(name);
  const ObjectPtr node = context.world.store.find(key);
  if (!node || api::node_ready(*node) == NodeReady::Unknown) {
    return;
  }
  write_ready(
      context,
      Actor::NodeController,
      key,
      node,
      NodeReady::Unknown,
      fmt::format("{} was not heard for {}", name, to_go_string(grace_of(*context.world.settings))),
      causes);
}

/// A kubelet registers its node if that is not there, and says that it is ready.
void register_node(Context& context, const std::string& name, const engine::Causes& causes) {
  const ObjectKey key = key_of(name);
  const ObjectPtr node = context.world.store.find(key);
  if (!node) {
    Write intent{
        Actor::Kubelet, "create", "", key, fmt::format("{} registers", name), "PN-63", causes};
    write(context, std::move(intent), [&](engine::TraceId id) {
      World& world = context.world;
      return world.store.create(make_node(*world.settings, name, world.now), world.now, id);
    });
  } else if (api::node_ready(*node) != NodeReady::True) {
    write_ready(context,
                Actor::Kubelet,
                key,
                node,
                NodeReady::True,
                fmt::format("the kubelet of {} is heard again", name),
                causes);
  }
}

void start(Context& context, const std::string& name, const engine::Causes& causes) {
  World& world = context.world;
  node::NodeState state = world.nodes.state_of(name);
  const bool rebooted = std::exchange(state.rebooted, false);
  state.kubelet = true;
  state.starting = false;
  state.heard = world.now;
  ++state.starts;
  ++state.troubles;
  world.nodes.states.set(name, state);
  end_orphans(context, name, "its kubelet is back, and stops them", causes);
  register_node(context, name, causes);
  for (const ObjectPtr& pod : world.store.list(api::Kind::Pod)) {
    if (pod->as<api::Pod>().node_name == name) {
      kubelet_starts(context, *pod, rebooted, causes);
    }
  }
}

std::string_view words(NodeFault fault) {
  switch (fault) {
    case NodeFault::Down:
      return "the machine loses power, and nothing runs on it any more";
    case NodeFault::Unreachable:
      return "its kubelet cannot be heard any more; what runs there runs on";
    case NodeFault::Up:
      break;
  }
  return "it is on its way back";
}

}  // namespace

bool strike(Context& context, const std::string& name, NodeFault fault, engine::TraceId cause) {
  World& world = context.world;
  node::NodeState state = world.nodes.state_of(name);
  const bool comes = fault == NodeFault::Up;
  const bool is_so = comes ? state.kubelet || state.starting
                           : !state.machine || (fault == NodeFault::Unreachable && !state.kubelet &&
                                                !state.starting);
  if (is_so) {
    return false;
  }
  if (state.kubelet) {  // what it has said at its start may be newer than its regular sign of life
    state.heard = std::max(state.heard, last_heard(context, name));
  }
  state.machine = fault != NodeFault::Down;
  state.kubelet = false;
  state.starting = comes;
  state.rebooted = state.rebooted || fault == NodeFault::Down;
  ++state.troubles;
  world.nodes.states.set(name, state);
  engine::TraceRecord told;
  told.type = engine::TraceRecord::Type::Fault;
  told.object = key_of(name);
  told.text = words(fault);
  told.rule = "PN-60";
  told.causes = engine::Causes(cause);
  const engine::Causes causes(record(context, told));
  if (!state.machine) {
    end_orphans(context, name, "its machine has lost power", causes);
  }
  await_silence(context, name, state, causes);
  if (comes) {
    const bool boots = state.rebooted;
    const SimDuration after =
        draw(context,
             Actor::Kubelet,
             boots ? world.settings->node_start : world.settings->kubelet_start,
             boots ? "nodeStart" : "kubeletStart",
             key_of(name));
    world.queue.schedule(world.now + after,
                         Actor::Kubelet,
                         causes,
                         NodeTimer{NodeTimer::What::Start, name, state.troubles});
  }
  return true;
}

void node_timer(Context& context, const NodeTimer& timer, const engine::Causes& causes) {
  if (timer.trouble != context.world.nodes.state_of(timer.node).troubles) {
    return;
  }
  const std::string name(timer.node.view());
  if (timer.what == NodeTimer::What::Silent) {
    silent(context, name, causes);
  } else {
    start(context, name, causes);
  }
}

api::Object make_node(const Settings& settings, const std::string& name, SimTime now) {
  api::Json document = {{"apiVersion", "v1"}, {"kind", "Node"}, {"metadata", {{"name", name}}}};
  document["metadata"]["labels"] = {{"kubernetes.io/hostname", name}};
  if (const auto labels = settings.node_labels.find(name); labels != settings.node_labels.end()) {
    for (const auto& [key, value] : labels->second) {
      document["metadata"]["labels"][key] = value;
    }
  }
  document["spec"] = api::Json::object();
  document["status"] = {
      {"addresses",
       {{{"type", "InternalIP"}, {"address", node::host_address(name, settings.nodes)}},
        {{"type", "Hostname"}, {"address", name}}}},
      {"conditions",
       {{{"type", "Ready"},
         {"status", "True"},
         {"reason", "KubeletReady"},
         {"message", "kubelet is posting ready status"},
         {"lastHeartbeatTime", to_rfc3339(now)},
         {"lastTransitionTime", to_rfc3339(now)}}}},
      {"nodeInfo",
       {{"kubeletVersion", fmt::format("v{}.0", to_string(settings.features.release))}}}};
  return api::from_json(api::Kind::Node, document);
}

}  // namespace stsim::world
