#include "pod_moves.hpp"

#include "refusal.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stsim::scenario {

using api::Kind;
using api::Object;
using api::ObjectKey;
using api::ObjectPtr;
using api::PodConditionType;
using api::PodPhase;

namespace {

constexpr std::int64_t kFirstAddress = 10;
constexpr int kKilled = 137;  // the exit code of what was killed

/// The node that a pod's name falls on.
const std::string& node_of(const std::string& name, const std::vector<std::string>& nodes) {
  std::size_t sum = 0;
  for (const char c : name) {
    sum += static_cast<unsigned char>(c);
  }
  return nodes[sum % nodes.size()];
}

/// 10.244.0.(10 + ordinal), carried over into the third number where it does not fit the fourth.
std::string address_of(const std::string& name) {
  constexpr std::int64_t kNumbers = 256;
  const std::int64_t number =
      kFirstAddress + std::max<std::int64_t>(0, api::parent_and_ordinal(name).ordinal);
  return fmt::format("10.244.{}.{}", number / kNumbers % kNumbers, number % kNumbers);
}

/// The address of a pod that gets one now: where pods move by themselves, the next of its node.
std::string new_address(world::Client& kubelet, const Object& pod) {
  const world::Settings& settings = *kubelet.world().settings;
  if (!settings.auto_kubelet) {
    return address_of(pod.key.name);
  }
  const Text& name = pod.as<api::Pod>().node_name;
  node::Nodes& nodes = kubelet.mutable_world().nodes;
  std::string out = node::pod_address(name, settings.nodes, nodes.addresses_of(name));
  nodes.add_address(name);
  return out;
}

std::string place(world::Client& kubelet, const ObjectKey& key) {
  Object pod = *kubelet.store().find(key);
  pod.as<api::Pod>().node_name = node_of(key.name, kubelet.world().settings->nodes);
  return refusal(kubelet.bind(std::move(pod)));
}

api::ContainerStatus container_status(api::ContainerStatus known, PodFate fate, SimTime now) {
  using State = api::ContainerState;
  const SimTime started =
      known.state.type == State::Type::Running ? known.state.started_at : whole_seconds(now);
  known.ready = fate == PodFate::Ready;
  known.started = true;
  known.state = {};
  switch (fate) {
    case PodFate::Ready:
    case PodFate::Running:
    case PodFate::Unready:
      known.state.type = State::Type::Running;
      known.state.started_at = started;
      break;
    case PodFate::Crashed:
      ++known.restart_count;
      known.started = false;
      known.state.type = State::Type::Waiting;
      known.state.why = api::explained("CrashLoopBackOff", {});
      break;
    case PodFate::Failed:
    case PodFate::Succeeded:
    case PodFate::Evicted:
      known.started = false;
      known.state.type = State::Type::Terminated;
      known.state.exit_code =
          fate == PodFate::Failed ? 1 : (fate == PodFate::Evicted ? kKilled : 0);
      known.state.why = api::explained(fate == PodFate::Succeeded ? "Completed" : "Error", {});
      known.state.started_at = started;
      known.state.finished_at = whole_seconds(now);
      break;
    case PodFate::Gone:
      break;
  }
  return known;
}

PodPhase phase_of(PodFate fate) {
  switch (fate) {
    case PodFate::Failed:
    case PodFate::Evicted:
      return PodPhase::Failed;
    case PodFate::Succeeded:
      return PodPhase::Succeeded;
    default:
      return PodPhase::Running;
  }
}

std::string report(world::Client& kubelet, const ObjectKey& key, PodFate fate) {
  Object pod = *kubelet.store().find(key);
  auto& body = pod.as<api::Pod>();
  api::PodStatus& status = body.status;
  const SimTime now = kubelet.now();
  status.phase = phase_of(fate);
  status.set_condition(PodConditionType::PodScheduled, true, now);
  status.set_condition(PodConditionType::Initialized, true, now);
  status.set_condition(PodConditionType::ContainersReady, fate == PodFate::Ready, now);
  status.set_condition(PodConditionType::Ready, fate == PodFate::Ready, now);
  if (fate == PodFate::Evicted) {
    const std::string why = "The node was low on resource: memory. ";
    status.why.set_of_pod({"Evicted", why});
    status.set_condition(
        PodConditionType::DisruptionTarget, true, now, "TerminationByKubelet", why);
  }
  status.containers.resize(body.spec->containers.size());
  for (api::ContainerStatus& container : status.containers.edit()) {
    container = container_status(std::move(container), fate, now);
  }
  if (status.pod_ip.empty()) {
    status.pod_ip = new_address(kubelet, pod);
  }
  status.host_ip = node::host_address(body.node_name, kubelet.world().settings->nodes);
  if (status.start_time == SimTime{}) {
    status.start_time = whole_seconds(now);
  }
  pod.resource_version = {};
  return refusal(kubelet.update_status(std::move(pod)));
}

bool can_start(const world::World& world, const Object& pod) {
  const auto& body = pod.as<api::Pod>();
  if (body.status.phase != PodPhase::Pending) {
    return false;
  }
  if (node::never_ready(pod, world.settings->timing, world.nodes)) {
    return false;
  }
  return std::ranges::all_of(api::claims(pod), [&](const api::ClaimVolume& volume) {
    const ObjectPtr claim =
        world.store.find({Kind::PersistentVolumeClaim, pod.key.ns, volume.claim});
    return claim && claim->as<api::Claim>().phase == api::ClaimPhase::Bound;
  });
}

}  // namespace

std::string move_pod(world::Client& kubelet, const ObjectKey& key, PodFate fate) {
  const ObjectPtr pod = kubelet.store().find(key);
  if (!pod) {
    return fmt::format("pod {} not found", key.name);
  }
  if (fate == PodFate::Gone) {
    return refusal(
        kubelet.remove(key, {0, store::DeleteOptions::Propagation::Background, pod->uid}));
  }
  if (pod->as<api::Pod>().node_name.empty()) {
    if (std::string refused = place(kubelet, key); !refused.empty()) {
      return refused;
    }
  }
  return kubelet.store().find(key) ? report(kubelet, key, fate) : "";
}

std::optional<std::pair<ObjectKey, PodFate>> next_move(const world::World& world) {
  std::vector<ObjectPtr> pods = world.store.list(Kind::Pod);
  std::ranges::sort(pods, [](const ObjectPtr& a, const ObjectPtr& b) {
    return a->key.name != b->key.name ? api::natural_less(a->key.name, b->key.name)
                                      : a->key < b->key;
  });
  for (const ObjectPtr& pod : pods) {
    if (pod->terminating()) {
      return std::pair(pod->key, PodFate::Gone);
    }
    if (can_start(world, *pod)) {
      return std::pair(pod->key, PodFate::Ready);
    }
  }
  return std::nullopt;
}

}  // namespace stsim::scenario
