// The end of a pod on its node.
#include "container_spec.hpp"
#include "pod_sync.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stsim::node {

using api::ContainerState;
using api::ContainerStatus;

void stop(PodSync& sync, bool first) {
  const SimDuration grace = seconds_of(sync.pod.terminating() ? sync.pod.deletion()->grace_seconds
                                                              : sync.body.spec->grace_seconds);
  std::vector<bool> killed(sync.containers());
  SimDuration longest{};
  for (std::size_t i = 0; i < sync.containers(); ++i) {
    const ContainerStatus& c = sync.status.containers[i];
    if (c.state.type != ContainerState::Type::Running) {
      continue;
    }
    if (first) {
      sync.event("Normal", "Killing", fmt::format("Stopping container {}", sync.spec(i).name), i);
    }
    const SimDuration wanted =
        pre_stop(*sync.body.spec, i) +
        sync.takes(Takes::Stop, i, static_cast<std::uint64_t>(c.restart_count));
    longest = std::max(longest, std::min(wanted, grace));
    killed[i] = wanted >= grace;
  }
  sync.reaction.what = fmt::format("the containers of {} are stopped", sync.pod.key.name);
  sync.reaction.rule = first ? "PN-23" : "PN-22";
  sync.timer(engine::PodTimer::What::Stop, longest, {.killed = std::move(killed)});
}

void cannot_stop(PodSync& sync, engine::TimerData data) {
  constexpr SimDuration kAgain = std::chrono::seconds{10};
  sync.reaction.what = fmt::format("the containers of {} cannot end: they wait for an NFS server",
                                   sync.pod.key.name);
  sync.reaction.rule = "PN-24";
  data.failures = 1;
  sync.timer(engine::PodTimer::What::Stop, kAgain, std::move(data));
}

void on_stop(PodSync& sync, const std::vector<bool>& killed) {
  constexpr int kKilled = 137;
  for (std::size_t i = 0; i < sync.containers(); ++i) {
    ContainerStatus& c = sync.status.containers.edit()[i];
    c.ready = false;
    c.started = false;
    if (c.state.type == ContainerState::Type::Terminated) {
      continue;
    }
    if (c.last_state->type == ContainerState::Type::Terminated &&
        c.state.type == ContainerState::Type::Waiting) {
      c.state = *c.last_state;
      c.last_state = {};
      continue;
    }
    if (c.state.type == ContainerState::Type::Running) {
      sync.ends(i, killed[i] ? "Error" : "Completed", killed[i] ? kKilled : 0);
      continue;
    }
    c.state = {};
    c.state.type = ContainerState::Type::Terminated;
    c.state.exit_code = kKilled;
    c.state.why = api::explained("ContainerStatusUnknown",
                                 "The container could not be located when the pod was terminated");
  }
  sync.report(fmt::format("all containers of {} have ended", sync.pod.key.name), "PN-24");
  sync.reaction.remove = true;
}

}  // namespace stsim::node
