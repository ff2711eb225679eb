#include "container_spec.hpp"
#include "pod_sync.hpp"

namespace stsim::node {

using api::ContainerState;
using api::PodPhase;

namespace {

bool crashed(const api::Pod& before, const api::Pod& after, std::size_t index) {
  const auto& now = after.status.containers;
  const auto& then = before.status.containers;
  // The kubelet itself never goes from running to waiting without a look at the ended container.
  return index < now.size() && index < then.size() &&
         then[index].state.type == ContainerState::Type::Running &&
         now[index].state.type == ContainerState::Type::Waiting &&
         now[index].state.why->reason == "CrashLoopBackOff";
}

}  // namespace

Reaction on_change(const api::Object* before, const api::Object& pod, const NodeView& view) {
  const auto& body = pod.as<api::Pod>();
  const bool fresh =
      before == nullptr || before->uid != pod.uid || before->as<api::Pod>().node_name.empty();
  PodSync sync(pod, view);
  if (pod.terminating()) {
    const bool first = fresh || !before->terminating();
    if (first || pod.deletion()->grace_seconds < before->deletion()->grace_seconds) {
      stop(sync, first);
    }
  } else if (pod.as<api::Pod>().status.ended()) {
    return {};
  } else if (fresh) {
    if (body.status.containers.empty()) {
      admit(sync);
    }
  } else if (restart_policy(*body.spec) != RestartPolicy::Never) {
    const api::PodSpec& spec_before = *before->as<api::Pod>().spec;
    for (std::size_t i = 0; i < sync.containers(); ++i) {
      if (crashed(before->as<api::Pod>(), body, i)) {
        restart_later(sync, i);
      } else if (i < spec_before.containers.size() &&
                 spec_before.containers[i].image != body.spec->containers[i].image) {
        replace(sync, i);
      }
    }
  }
  return std::move(sync.reaction);
}

Reaction on_behaviour(const api::Object& pod, bool by_itself, const NodeView& view) {
  PodSync sync(pod, view);
  if (!pod.terminating() && !sync.body.status.ended()) {
    for (std::uint32_t i = 0; i < sync.body.status.containers.size(); ++i) {
      behave(sync, i, by_itself);
    }
  }
  return std::move(sync.reaction);
}

Reaction on_start(const api::Object& pod, bool rebooted, const NodeView& view) {
  PodSync sync(pod, view);
  const api::PodStatus& status = sync.body.status;
  if (pod.terminating() && rebooted) {
    on_stop(sync, std::vector<bool>(sync.containers(), true));
  } else if (pod.terminating()) {
    stop(sync, true);
  } else if (status.containers.empty()) {
    admit(sync);
  } else if (!status.ended()) {
    start_again(sync, rebooted);
  }
  return std::move(sync.reaction);
}

Reaction on_timer(const engine::PodTimer& timer, const api::Object& pod, const NodeView& view) {
  PodSync sync(pod, view);
  if (timer.what == engine::PodTimer::What::Stop) {
    if (pod.terminating() && view.nodes.hampered_of(pod.key).stalled) {
      cannot_stop(sync, timer.data);
    } else if (pod.terminating()) {
      on_stop(sync, timer.data.killed);
    }
  } else if (!pod.terminating() && !sync.body.status.ended() &&
             timer.data.container < sync.containers()) {
    on_container_timer(sync, timer.what, timer.data);
  }
  return std::move(sync.reaction);
}

}  // namespace stsim::node
