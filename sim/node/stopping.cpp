// The end of a pod on its node.
#include "container_spec.hpp"
#include "pod_sync.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stsim::node {

using api::ContainerState;
using api::ContainerStatus;

void stop(PodSync& sync, bool first) {
  const SimDuration grace = seconds_of(sync.pod.terminating() ? (*sync.pod.deletion)->grace_seconds
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

void on_stop(PodSync& sync, const std::vector<bool>& killed) {
  constexpr int kKilled = 137;
  for (std::size_t i = 0; i < sync.containers(); ++i) {
    ContainerStatus& c = sync.status.containers[i];
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
    ContainerState end;
    end.type = ContainerState::Type::Terminated;
    if (c.state.type == ContainerState::Type::Running) {
      end.exit_code = killed[i] ? kKilled : 0;
      end.reason = killed[i] ? "Error" : "Completed";
      end.started_at = c.state.started_at;
      end.finished_at = whole_seconds(sync.view.now);
    } else {
      end.exit_code = kKilled;
      end.reason = "ContainerStatusUnknown";
      end.message = "The container could not be located when the pod was terminated";
    }
    c.state = std::move(end);
  }
  sync.report(fmt::format("all containers of {} have ended", sync.pod.key.name), "PN-24");
  sync.reaction.remove = true;
}

}  // namespace stsim::node
