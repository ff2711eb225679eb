#include "pod_sync.hpp"

#include "container_spec.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>

namespace stsim::node {

using api::ContainerState;
using api::ContainerStatus;
using api::PodConditionType;
using api::PodPhase;

SimDuration PodSync::crash_delay(std::uint32_t crashes) const {
  return crashes <= 1 ? SimDuration{} : view.timing.restarts.after(crashes - 2);
}

SimDuration PodSync::pull_delay(std::uint32_t failures) const {
  return failures == 0 ? SimDuration{} : view.timing.pulls.after(failures - 1);
}

bool Nodes::has_image(std::string_view node, std::string_view image) const {
  return images.find(fmt::format("{}/{}", node, image)) != nullptr;
}

int Nodes::addresses_of(std::string_view node) const {
  const int* given = addresses.find(node);
  return given == nullptr ? 0 : *given;
}

NodeState Nodes::state_of(std::string_view node) const {
  const NodeState* known = states.find(node);
  return known == nullptr ? NodeState{} : *known;
}

Hampered Nodes::hampered_of(const api::ObjectKey& pod) const {
  const Hampered* known = hampered.find(pod);
  return known == nullptr ? Hampered{} : *known;
}

ServerState Nodes::server_of(std::string_view place) const {
  const ServerState* known = servers.find(place.substr(0, place.find(':')));
  return known == nullptr ? ServerState::Up : *known;
}

bool Nodes::heeds(std::string_view node, const engine::PodTimer& timer) const {
  const NodeState state = state_of(node);
  return state.kubelet && state.starts == timer.kubelet;
}

void Nodes::add_image(std::string_view node, std::string_view image) {
  images.set(fmt::format("{}/{}", node, image), {});
}

void Nodes::add_address(std::string_view node) {
  addresses.set(std::string(node), addresses_of(node) + 1);
}

void Nodes::forget(const api::Object& pod) {
  const std::uint64_t name = api::short_digest(pod.key);
  const std::uint32_t* before = past_pods.find(name);
  past_pods.set(name, before == nullptr ? 1 : *before + 1);
  hampered.erase(pod.key);
  const std::string own = pod.uid.text() + "/";  // its containers and volumes
  for (auto it = files.lower_bound(FileKey{own, ""});
       it != files.end() && it->key.place.starts_with(own);
       it = files.lower_bound(FileKey{own, ""})) {
    files.erase(FileKey{it->key});
  }
}

std::string file_place(const api::Object& volume) {
  const auto& body = volume.as<api::Volume>();
  return body.spec->nfs_server.empty() ? "volume/" + volume.key.name
                                       : fmt::format("{}:{}", body.spec->nfs_server, body.nfs_path);
}

void Nodes::remove_files(const std::string& place) {
  for (auto it = files.lower_bound(FileKey{place, ""}); it != files.end() && it->key.place == place;
       it = files.lower_bound(FileKey{place, ""})) {
    files.erase(FileKey{it->key});
  }
}

PodSync::PodSync(const api::Object& of, const NodeView& with)
    : pod(of), view(with), body(of.as<api::Pod>()), status(body.status) {
  // A status that others have written may know nothing of containers.
  status.containers.resize(containers());
}

SimDuration PodSync::takes(Takes what, std::size_t index, std::uint64_t n) const {
  return draw(conduct(index).takes(what), name(what), index, n);
}

SimDuration PodSync::draw(const engine::Latency& latency,
                          std::string_view point,
                          std::size_t index,
                          std::uint64_t n) const {
  const std::uint32_t* before = view.nodes.past_pods.find(api::short_digest(pod.key));
  const std::string object = fmt::format(FMT_COMPILE("{}/{}/{}/{}"),
                                         pod.key.ns,
                                         pod.key.name,
                                         before == nullptr ? 0 : *before,
                                         spec(index).name);
  return latency.draw(view.chooser, {point, object, n});
}

void PodSync::event(std::string_view type,
                    std::string_view reason,
                    std::string message,
                    std::size_t index) {
  reaction.events.push_back(
      {std::string(type), std::string(reason), std::move(message), spec(index).name});
}

void PodSync::timer(engine::PodTimer::What what, SimDuration after, engine::TimerData data) {
  reaction.timers.push_back({what, std::max(after, SimDuration{}), std::move(data)});
}

void PodSync::waits(std::size_t index, std::string_view reason, std::string_view message) {
  ContainerStatus& c = status.containers.edit()[index];
  if (c.state.type == ContainerState::Type::Terminated) {
    c.last_state = c.state;
  }
  c.state = {};
  c.state.type = ContainerState::Type::Waiting;
  c.state.why = api::explained(reason, message);
  c.ready = false;
  c.started = false;
}

void PodSync::ends(std::size_t index, std::string_view reason, int exit_code) {
  ContainerStatus& c = status.containers.edit()[index];
  const SimTime started = c.state.started_at;
  c.state = {};
  c.state.type = ContainerState::Type::Terminated;
  c.state.why = api::explained(reason, {});
  c.state.exit_code = exit_code;
  c.state.started_at = started;
  c.state.finished_at = whole_seconds(view.now);
  c.ready = false;
  c.started = false;
}

void PodSync::report(std::string what, std::string_view rule) {
  set_phase();
  set_conditions();
  if (status != body.status) {
    reaction.status = status;
  }
  reaction.what = std::move(what);
  reaction.rule = rule;
}

void PodSync::set_phase() {
  int running = 0;
  int failed = 0;
  for (const ContainerStatus& c : status.containers) {
    const bool ended = c.state.type == ContainerState::Type::Terminated;
    const bool was_up = ended || c.last_state->type == ContainerState::Type::Terminated;
    if (c.state.type == ContainerState::Type::Running) {
      ++running;
    } else if (!was_up && c.restart_count == 0) {
      status.phase = PodPhase::Pending;
      return;
    }
    failed += (ended ? c.state : *c.last_state).exit_code != 0 ? 1 : 0;
  }
  const RestartPolicy policy = restart_policy(*body.spec);
  if (running > 0 || (policy == RestartPolicy::Always && !pod.terminating()) ||
      (policy == RestartPolicy::OnFailure && failed > 0 && !pod.terminating())) {
    status.phase = PodPhase::Running;
  } else {
    status.phase = failed > 0 ? PodPhase::Failed : PodPhase::Succeeded;
  }
}

void PodSync::set_conditions() {
  std::string unready;
  for (std::size_t i = 0; i < containers(); ++i) {
    if (!status.containers[i].ready) {
      unready += (unready.empty() ? "" : " ") + spec(i).name;
    }
  }
  const bool over = status.ended();
  std::string reason;
  std::string message;
  if (status.phase == PodPhase::Succeeded) {
    reason = "PodCompleted";
  } else if (status.phase == PodPhase::Failed) {
    reason = "PodFailed";
  } else if (!unready.empty()) {
    reason = "ContainersNotReady";
    message = fmt::format("containers with unready status: [{}]", unready);
  }
  const bool ready = unready.empty() && !over;
  const SimTime now = view.now;
  if (!status.condition(PodConditionType::PodScheduled).status) {
    status.set_condition(PodConditionType::PodScheduled, true, now);
  }
  status.set_condition(PodConditionType::Initialized,
                       true,
                       now,
                       status.phase == PodPhase::Succeeded ? "PodCompleted" : "");
  status.set_condition(PodConditionType::ContainersReady, ready, now, reason, message);
  // Nothing here ever sets the condition of a readiness gate.
  const api::Json& gates = api::member(*body.spec->document, "readinessGates");
  if (ready && gates.is_array() && !gates.empty()) {
    status.set_condition(
        PodConditionType::Ready,
        false,
        now,
        "ReadinessGatesNotReady",
        fmt::format("corresponding condition of pod readiness gate \"{}\" does not exist.",
                    api::text(gates[0], "conditionType")));
  } else {
    status.set_condition(PodConditionType::Ready, ready, now, reason, message);
  }
  if (view.release.at_least(29)) {
    status.set_condition(
        PodConditionType::PodReadyToStartContainers, !status.pod_ip.empty() && !over, now);
  }
}

}  // namespace stsim::node
