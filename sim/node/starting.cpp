// From the pod's arrival on its node to its readiness, and restarts.
#include "container_spec.hpp"
#include "pod_sync.hpp"
#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace stsim::node {

using api::ContainerState;
using api::ContainerStatus;
using engine::PodTimer;
using engine::TimerData;
using What = PodTimer::What;

namespace {

/// How soon a kubelet notices on its own that something has ended. Rule: PN-6.
constexpr SimDuration kNotices = std::chrono::seconds{1};
/// How far exits and failed pulls are counted: back-offs do not grow any more then, and a container
/// that fails for ever comes back to the same situation.
constexpr std::uint32_t kMostCounted = 15;

constexpr std::string_view kCreating = "ContainerCreating";

std::uint32_t one_more(std::uint32_t count) {
  return std::min(count + 1, kMostCounted);
}

bool is(const ContainerStatus& c, ContainerState::Type type) {
  return c.state.type == type;
}

bool begins_first_time(const ContainerStatus& c) {
  return is(c, ContainerState::Type::Waiting) && c.state.why->reason == kCreating;
}

/// Draws of one container's life must not fall together: restarts and failed pulls both count.
std::uint64_t nth(const ContainerStatus& c, const TimerData& data) {
  return static_cast<std::uint64_t>(c.restart_count) * (kMostCounted + 1) + data.failures;
}

void launch_later(PodSync& sync, TimerData data, bool first) {
  const ContainerStatus& c = sync.status.containers[data.container];
  data.restarts = c.restart_count;
  sync.timer(
      first ? What::StartFirst : What::Start,
      sync.takes(
          Takes::ContainerStart, data.container, static_cast<std::uint64_t>(c.restart_count)),
      data);
}

/// A container's turn has come: its image is looked for, or the container is made at once.
void begin(PodSync& sync, TimerData data) {
  const ContainerStatus& c = sync.status.containers[data.container];
  const std::string& image = sync.spec(data.container).image;
  const bool present = sync.view.nodes.has_image(sync.body.node_name, image);
  const PullPolicy policy = pull_policy(*sync.body.spec, data.container);
  const bool first = begins_first_time(c) && data.failures == 0;
  if (policy == PullPolicy::Never && !present) {
    const std::string why =
        fmt::format("Container image \"{}\" is not present with pull policy of Never", image);
    sync.event("Warning", "ErrImageNeverPull", why, data.container);
    sync.event("Warning", "Failed", "Error: ErrImageNeverPull", data.container);
    sync.waits(data.container, "ErrImageNeverPull", why);
    sync.report(fmt::format("{} may not be pulled", image), "PN-41");
    if (first && data.container + 1 < sync.containers()) {
      begin(sync, {.container = data.container + 1});
    }
  } else if (policy == PullPolicy::Always || !present) {
    const SimDuration took =
        sync.takes(present ? Takes::ImageCheck : Takes::ImagePull, data.container, nth(c, data));
    data.took = took;
    sync.event("Normal", "Pulling", fmt::format("Pulling image \"{}\"", image), data.container);
    sync.timer(What::Pulled, took, data);
  } else {
    sync.event("Normal", "Pulled", present_message(image, sync.view.release), data.container);
    launch_later(sync, data, first);
  }
}

/// The containers of a pod are started one after the other.
void begin_next(PodSync& sync, std::uint32_t after) {
  const std::uint32_t next = after + 1;
  if (next < sync.containers() && begins_first_time(sync.status.containers[next])) {
    begin(sync, {.container = next});
  }
}

/// Whether a container that does not run is to run. Rule: PN-30.
bool may_run_again(const PodSync& sync, const ContainerStatus& c) {
  const RestartPolicy policy = restart_policy(*sync.body.spec);
  return !is(c, ContainerState::Type::Running) &&
         (!is(c, ContainerState::Type::Terminated) || policy == RestartPolicy::Always ||
          (policy == RestartPolicy::OnFailure && c.state.exit_code != 0));
}

/// Those that have run before begin at once, the others one after the other.
void begin_all(PodSync& sync) {
  bool first = true;
  for (std::uint32_t i = 0; i < sync.containers(); ++i) {
    const ContainerStatus& c = sync.status.containers[i];
    if (begins_first_time(c)) {
      if (std::exchange(first, false)) {
        begin(sync, {.container = i});
      }
    } else if (may_run_again(sync, c)) {
      begin(sync, {.container = i, .restarts = c.restart_count, .crashes = 1});
    }
  }
}

void make_sandbox(PodSync& sync) {
  if (!sync.status.pod_ip.empty()) {
    return;
  }
  sync.status.pod_ip = pod_address(
      sync.body.node_name, sync.view.names, sync.view.nodes.addresses_of(sync.body.node_name));
  sync.reaction.address_given = true;
  sync.report(fmt::format("{} has the address {}", sync.pod.key.name, sync.status.pod_ip), "PN-12");
  begin_all(sync);
}

/// A volume cannot be mounted: the kubelet tries again, after twice as long each time.
/// Source: the kubelet's back-off of volume operations (pkg/util/goroutinemap/exponentialbackoff).
void mount_fails(PodSync& sync, TimerData data) {
  constexpr Backoff kMounts{std::chrono::milliseconds{500}, std::chrono::seconds{122}};
  sync.reaction.events.push_back({"Warning", "FailedMount", sync.view.unmountable, ""});
  sync.reaction.what = fmt::format("{} waits for its volumes", sync.pod.key.name);
  sync.reaction.rule = "PV-5";
  const SimDuration after = kMounts.after(data.failures);
  data.failures = one_more(data.failures);
  sync.timer(What::Mounted, after, data);
}

void mount(PodSync& sync) {
  const bool mounts = !api::claims(sync.pod).empty();
  sync.timer(What::Mounted, mounts ? sync.takes(Takes::VolumeMount, 0, 0) : SimDuration{}, {});
}

void pull_ended(PodSync& sync, TimerData data) {
  const ContainerStatus& c = sync.status.containers[data.container];
  const std::string& image = sync.spec(data.container).image;
  const bool first = begins_first_time(c) && data.failures == 0;
  if (!sync.conduct(data.container).never(Never::Pull)) {
    sync.event(
        "Normal", "Pulled", pulled_message(image, data.took, sync.view.release), data.container);
    sync.reaction.pulled = image;
    sync.reaction.what = fmt::format("{} is on {}", image, sync.body.node_name);
    sync.reaction.rule = "PN-10";
    data.failures = 0;
    launch_later(sync, data, first);
    return;
  }
  const std::string error = pull_error(image);
  sync.event("Warning",
             "Failed",
             fmt::format("Failed to pull image \"{}\": {}", image, error),
             data.container);
  sync.event("Warning", "Failed", "Error: ErrImagePull", data.container);
  sync.waits(data.container, "ErrImagePull", error);
  sync.report(fmt::format("{} cannot be pulled", image), "PN-40");
  data.failures = one_more(data.failures);
  sync.timer(What::PullBackOff, kNotices, data);
  if (first) {
    begin_next(sync, data.container);
  }
}

void pull_back_off_begins(PodSync& sync, TimerData data) {
  const std::string& image = sync.spec(data.container).image;
  sync.event("Normal", "BackOff", pull_back_off(image), data.container);
  sync.event("Warning", "Failed", "Error: ImagePullBackOff", data.container);
  sync.waits(data.container, "ImagePullBackOff", pull_back_off_state(image, sync.view.release));
  const SimDuration delay = sync.pull_delay(data.failures);
  sync.report(fmt::format("{} is tried again in {}", image, to_go_string(delay - kNotices)),
              "PN-41");
  sync.timer(What::PullAgain, delay - kNotices, data);
}

/// Sets the probe that finds a container ready, however many failing ones come before it.
void watch_readiness(PodSync& sync, std::uint32_t index) {
  const ContainerStatus& c = sync.status.containers[index];
  const Conduct conduct = sync.conduct(index);
  const Probe probe = first_probe(*sync.body.spec, index);
  const auto n = static_cast<std::uint64_t>(c.restart_count);
  TimerData data{.container = index, .restarts = c.restart_count};
  if (!probe.present) {
    if (!conduct.never(Never::Ready)) {
      sync.timer(What::Probe, sync.takes(Takes::Ready, index, n), data);
    }
    return;
  }
  if (conduct.never(Never::Ready)) {
    data.misses = TimerData::kEndless;
  } else {
    const SimDuration up =
        conduct.said(Takes::Ready) != nullptr ? sync.takes(Takes::Ready, index, n) : SimDuration{};
    const SimDuration late = std::max(SimDuration{}, up - probe.initial_delay);
    data.misses =
        (late + probe.period - SimDuration{1}) / probe.period + probe.success_threshold - 1;
  }
  sync.timer(What::Probe, probe.initial_delay, data);
}

/// Sets the time at which a container ends by itself, if it does.
void watch_life(PodSync& sync, std::uint32_t index, std::uint32_t crashes) {
  const ContainerStatus& c = sync.status.containers[index];
  const Conduct conduct = sync.conduct(index);
  const bool at_once = conduct.never(Never::Start);
  const engine::Latency* lives = conduct.crash_after();
  if (at_once || lives != nullptr) {
    sync.timer(
        What::Crash,
        at_once
            ? SimDuration{}
            : sync.draw(*lives, "crashAfter", index, static_cast<std::uint64_t>(c.restart_count)),
        {.container = index,
         .restarts = c.restart_count,
         .crashes = crashes,
         .conduct = conduct.changes(What::Crash)});
  }
}

void launch(PodSync& sync, const TimerData& data, bool first) {
  ContainerStatus& c = sync.status.containers.edit()[data.container];
  if (is(c, ContainerState::Type::Running) || c.restart_count != data.restarts) {
    return;
  }
  if (is(c, ContainerState::Type::Terminated)) {
    c.last_state = c.state;
  }
  if (c.last_state->type == ContainerState::Type::Terminated || c.restart_count > 0) {
    ++c.restart_count;
  }
  const std::string& name = sync.spec(data.container).name;
  c.state = {};
  c.state.type = ContainerState::Type::Running;
  c.state.started_at = whole_seconds(sync.view.now);
  c.ready = false;
  c.started = !first_probe(*sync.body.spec, data.container).startup;
  sync.event("Normal", "Created", created_message(name, sync.view.release), data.container);
  sync.event("Normal", "Started", started_message(name, sync.view.release), data.container);
  sync.report(fmt::format("container {} runs", name), c.restart_count > 0 ? "PN-30" : "PN-1");
  watch_life(sync, data.container, data.crashes);
  if (!sync.conduct(data.container).never(Never::Start)) {
    watch_readiness(sync, data.container);
  }
  if (first) {
    begin_next(sync, data.container);
  }
}

/// The kubelet sees that a container has ended: restart it, or wait. Rule: PN-31.
void look(PodSync& sync, TimerData data) {
  const ContainerStatus& c = sync.status.containers[data.container];
  if (!is(c, ContainerState::Type::Terminated) || c.restart_count != data.restarts) {
    return;
  }
  const SimDuration delay = sync.crash_delay(data.crashes);
  const SimDuration left = c.state.finished_at + delay - sync.view.now;
  if (left <= SimDuration{}) {
    begin(sync, data);
    return;
  }
  const std::string& name = sync.spec(data.container).name;
  sync.event("Warning", "BackOff", crash_back_off(name, sync.pod), data.container);
  sync.waits(data.container, "CrashLoopBackOff", crash_back_off_state(name, sync.pod, delay));
  sync.report(fmt::format("container {} is restarted in {}", name, to_seconds_string(left)),
              "PN-31");
  sync.timer(What::Restart, left, data);
}

/// Says that a probe has failed.
void probe_fails(PodSync& sync, std::uint32_t index, const Probe& probe, bool up) {
  sync.event("Warning",
             "Unhealthy",
             probe_failure(*sync.body.spec, index, probe.startup, sync.status.pod_ip, up),
             index);
  sync.reaction.what = fmt::format("container {} does not pass its probe", sync.spec(index).name);
  sync.reaction.rule = "PN-4";
}

void on_probe(PodSync& sync, const TimerData& data) {
  ContainerStatus& c = sync.status.containers.edit()[data.container];
  if (!is(c, ContainerState::Type::Running) || c.restart_count != data.restarts || c.ready) {
    return;
  }
  const bool never = sync.conduct(data.container).never(Never::Ready);
  if (data.misses == 0 || (data.misses == TimerData::kEndless && !never)) {
    c.ready = true;
    c.started = true;
    sync.report(fmt::format("container {} is ready", sync.spec(data.container).name), "PN-2");
    return;
  }
  // A startup probe that has succeeded once does not run again.
  const Probe probe = c.started ? readiness_probe(*sync.body.spec, data.container)
                                : first_probe(*sync.body.spec, data.container);
  if (never || data.misses >= probe.success_threshold) {
    probe_fails(sync, data.container, probe, never);
  }
  TimerData next = data;
  next.missed = true;
  next.misses = never ? TimerData::kEndless : data.misses - 1;
  sync.timer(What::Probe, probe.period, std::move(next));
}

/// A container that was ready is asked again, and does not answer as it should. Rule: PN-4.
void on_unready(PodSync& sync, TimerData data) {
  ContainerStatus& c = sync.status.containers.edit()[data.container];
  if (!is(c, ContainerState::Type::Running) || c.restart_count != data.restarts || !c.ready ||
      sync.conduct(data.container).changes(What::Unready) != data.conduct) {
    return;
  }
  const Probe probe = readiness_probe(*sync.body.spec, data.container);
  if (probe.present) {
    probe_fails(sync, data.container, probe, true);
  }
  ++data.failures;
  if (!probe.present || data.failures >= probe.failure_threshold) {
    c.ready = false;
    sync.report(fmt::format("container {} is not ready any more", sync.spec(data.container).name),
                "PN-4");
    data.misses = TimerData::kEndless;
    data.missed = true;
  }
  if (probe.present) {
    sync.timer(c.ready ? What::Unready : What::Probe, probe.period, std::move(data));
  }
}

void on_crash(PodSync& sync, const TimerData& data) {
  ContainerStatus& c = sync.status.containers.edit()[data.container];
  if (!is(c, ContainerState::Type::Running) || c.restart_count != data.restarts) {
    return;
  }
  const Conduct conduct = sync.conduct(data.container);
  if (conduct.changes(What::Crash) != data.conduct) {
    return;  // it did so once
  }
  // The count begins anew after twice the longest delay without an exit. Rule: PN-32.
  const bool long_ago =
      c.last_state->type == ContainerState::Type::Terminated &&
      sync.view.now - c.last_state->finished_at > 2 * sync.view.timing.restarts.most;
  const int code = conduct.exit_code();
  sync.ends(data.container, code == 0 ? "Completed" : "Error", code);
  sync.report(
      fmt::format("container {} has ended with exit code {}", sync.spec(data.container).name, code),
      "PN-30");
  if (may_run_again(sync, c)) {
    sync.timer(What::Look,
               kNotices,
               {.container = data.container,
                .restarts = c.restart_count,
                .crashes = one_more(long_ago ? 0 : data.crashes)});
  }
}

/// A container whose image was changed has ended, and is made anew without any back-off.
void on_replace(PodSync& sync, const TimerData& data) {
  const ContainerStatus& c = sync.status.containers[data.container];
  if (!is(c, ContainerState::Type::Running) || c.restart_count != data.restarts) {
    return;
  }
  sync.ends(data.container, "Completed", 0);
  sync.report(fmt::format("container {} has ended, and another image takes its place",
                          sync.spec(data.container).name),
              "OP-55");
  begin(sync, data);
}

}  // namespace

void admit(PodSync& sync) {
  sync.status.host_ip = host_address(sync.body.node_name, sync.view.names);
  sync.status.start_time = whole_seconds(sync.view.now);
  const api::Json& inits = api::member(*sync.body.spec->document, "initContainers");
  const bool has_inits = inits.is_array() && !inits.empty();
  for (std::size_t i = 0; i < sync.containers(); ++i) {
    sync.waits(i, kCreating, "");
  }
  sync.report(fmt::format("{} prepares {}{}",
                          sync.body.node_name,
                          sync.pod.key.name,
                          has_inits ? ", its init containers taking no time" : ""),
              "PN-12");
  mount(sync);
}

void on_container_timer(PodSync& sync, What what, const TimerData& data) {
  const ContainerStatus& c = sync.status.containers[data.container];
  const bool waits = is(c, ContainerState::Type::Waiting) && c.restart_count == data.restarts;
  const bool runs = is(c, ContainerState::Type::Running);
  switch (what) {
    case What::Mounted:
      return sync.view.unmountable.empty() ? make_sandbox(sync) : mount_fails(sync, data);
    case What::Pulled:
      return runs ? void() : pull_ended(sync, data);
    case What::PullBackOff:
      return runs ? void() : pull_back_off_begins(sync, data);
    case What::PullAgain:
      return runs ? void() : begin(sync, data);
    case What::Start:
    case What::StartFirst:
      return launch(sync, data, what == What::StartFirst);
    case What::Probe:
      return on_probe(sync, data);
    case What::Unready:
      return on_unready(sync, data);
    case What::Crash:
      return on_crash(sync, data);
    case What::Look:
      return look(sync, data);
    case What::Restart:
      return waits ? begin(sync, data) : void();
    case What::Replace:
      return on_replace(sync, data);
    case What::Stop:
      break;  // of the pod as a whole
  }
}

void behave(PodSync& sync, std::uint32_t index, bool by_itself) {
  const ContainerStatus& c = sync.status.containers[index];
  if (!is(c, ContainerState::Type::Running)) {
    return;
  }
  if (by_itself || sync.conduct(index).never(Never::Start)) {
    watch_life(sync, index, std::min(static_cast<std::uint32_t>(c.restart_count), kMostCounted));
  }
  const bool never = sync.conduct(index).never(Never::Ready);
  if (c.ready && never) {
    const Probe probe = readiness_probe(*sync.body.spec, index);
    sync.timer(What::Unready,
               probe.present ? probe.period : SimDuration{},
               {.container = index,
                .restarts = c.restart_count,
                .conduct = sync.conduct(index).changes(What::Unready)});
  } else if (!c.ready && !never && !first_probe(*sync.body.spec, index).present) {
    watch_readiness(sync, index);  // where there are probes, they go on
  }
}

void start_again(PodSync& sync, bool rebooted) {
  constexpr int kLost = 255;  // it is known to have ended, and not how
  const std::string_view node = sync.body.node_name;
  for (std::uint32_t i = 0; i < sync.containers(); ++i) {
    const ContainerStatus& c = sync.status.containers[i];
    if (rebooted && is(c, ContainerState::Type::Running)) {
      sync.ends(i, "Unknown", kLost);
    } else if (is(c, ContainerState::Type::Running)) {
      behave(sync, i, true);
      if (!c.ready && first_probe(*sync.body.spec, i).present) {
        watch_readiness(sync, i);
      }
    }
  }
  if (rebooted && !sync.status.pod_ip.empty()) {
    sync.status.pod_ip = {};
    sync.reaction.events.push_back(
        {"Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.", ""});
  }
  sync.report(rebooted ? fmt::format("{} has started, and nothing runs on it", node)
                       : fmt::format("the kubelet of {} is back, and finds what runs there", node),
              "PN-63");
  if (sync.status.pod_ip.empty()) {
    mount(sync);
  } else {
    begin_all(sync);
  }
}

void replace(PodSync& sync, std::size_t index) {
  const auto container = static_cast<std::uint32_t>(index);
  const ContainerStatus& c = sync.status.containers[index];
  const TimerData data{.container = container, .restarts = c.restart_count};
  const std::string& name = sync.spec(index).name;
  if (is(c, ContainerState::Type::Running)) {
    sync.event("Normal",
               "Killing",
               fmt::format("Container {} definition changed, will be restarted", name),
               index);
    sync.timer(What::Replace,
               sync.takes(Takes::Stop, index, static_cast<std::uint64_t>(c.restart_count)),
               data);
  } else if (!sync.status.pod_ip.empty()) {
    begin(sync, data);
  }
}

void restart_later(PodSync& sync, std::size_t index) {
  const ContainerStatus& c = sync.status.containers[index];
  const auto crashes =
      static_cast<std::uint32_t>(std::clamp<std::int32_t>(c.restart_count + 1, 2, kMostCounted));
  sync.reaction.what = fmt::format("container {} is to be restarted", sync.spec(index).name);
  sync.reaction.rule = "PN-31";
  sync.timer(What::Restart,
             sync.crash_delay(crashes),
             {.container = static_cast<std::uint32_t>(index),
              .restarts = c.restart_count,
              .crashes = crashes});
}

}  // namespace stsim::node
