// From the pod's arrival on its node to its readiness, and restarts.
#include "container_spec.hpp"
#include "pod_sync.hpp"
#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stsim::node {

using api::ContainerState;
using api::ContainerStatus;
using engine::PodTimer;
using What = PodTimer::What;

namespace {

/// How soon a kubelet notices on its own that something has ended. Rule: PN-6.
constexpr SimDuration kNotices = std::chrono::seconds{1};
/// The unit of lengths in timer tags.
constexpr SimDuration kTick = std::chrono::milliseconds{10};

constexpr std::string_view kCreating = "ContainerCreating";

std::uint32_t restarts(const ContainerStatus& c) {
  return static_cast<std::uint32_t>(c.restart_count) & 0xFFFF;
}

bool is(const ContainerStatus& c, ContainerState::Type type) {
  return c.state.type == type;
}

bool begins_first_time(const ContainerStatus& c) {
  return is(c, ContainerState::Type::Waiting) && c.state.reason == kCreating;
}

/// Draws of one container's life must not fall together: restarts and failed pulls both count.
std::uint64_t nth(const ContainerStatus& c, const TimerTag& tag) {
  return static_cast<std::uint64_t>(c.restart_count) * (kMostCounted + 1) + tag.failures;
}

void launch_later(PodSync& sync, TimerTag tag, bool first) {
  const ContainerStatus& c = sync.status.containers[tag.container];
  const ImageBehaviour& image = sync.image(tag.container);
  tag.stage = first ? kLaunchFirst : kLaunch;
  tag.data = restarts(c);
  sync.timer(What::Start,
             sync.draw(image.start.value_or(sync.view.timing.start),
                       "containerStart",
                       tag.container,
                       static_cast<std::uint64_t>(c.restart_count)),
             tag);
}

/// A container's turn has come: its image is looked for, or the container is made at once.
void begin(PodSync& sync, TimerTag tag) {
  const ContainerStatus& c = sync.status.containers[tag.container];
  const std::string& image = sync.spec(tag.container).image;
  const bool present =
      sync.view.nodes.images.find(fmt::format("{}/{}", sync.body.node_name, image)) != nullptr;
  const PullPolicy policy = pull_policy(*sync.body.spec, tag.container);
  const bool first = begins_first_time(c) && tag.failures == 0;
  if (policy == PullPolicy::Never && !present) {
    std::string why =
        fmt::format("Container image \"{}\" is not present with pull policy of Never", image);
    sync.event("Warning", "ErrImageNeverPull", why, tag.container);
    sync.event("Warning", "Failed", "Error: ErrImageNeverPull", tag.container);
    sync.waits(tag.container, "ErrImageNeverPull", std::move(why));
    sync.report(fmt::format("{} may not be pulled", image), "PN-41");
    if (first && tag.container + 1 < sync.containers()) {
      begin(sync, {tag.container + 1, 0, 0, 0, 0});
    }
  } else if (policy == PullPolicy::Always || !present) {
    const ImageBehaviour& behaviour = sync.image(tag.container);
    const SimDuration took = sync.draw(
        behaviour.pull.value_or(sync.view.timing.pull), "imagePull", tag.container, nth(c, tag));
    tag.stage = kPulled;
    tag.data = static_cast<std::uint32_t>(std::min<std::int64_t>(took / kTick, 0xFFFF));
    sync.event("Normal", "Pulling", fmt::format("Pulling image \"{}\"", image), tag.container);
    sync.timer(What::Pull, took, tag);
  } else {
    sync.event("Normal", "Pulled", present_message(image, sync.view.release), tag.container);
    launch_later(sync, tag, first);
  }
}

/// The containers of a pod are started one after the other.
void begin_next(PodSync& sync, std::uint32_t after) {
  const std::uint32_t next = after + 1;
  if (next < sync.containers() && begins_first_time(sync.status.containers[next])) {
    begin(sync, {next, 0, 0, 0, 0});
  }
}

void make_sandbox(PodSync& sync) {
  if (!sync.status.pod_ip.empty()) {
    return;
  }
  const int* given = sync.view.nodes.addresses.find(sync.body.node_name);
  sync.status.pod_ip =
      pod_address(sync.body.node_name, sync.view.names, given == nullptr ? 0 : *given);
  sync.reaction.address_given = true;
  sync.report(fmt::format("{} has the address {}", sync.pod.key.name, sync.status.pod_ip), "PN-12");
  if (sync.containers() > 0) {
    begin(sync, {});
  }
}

void pull_ended(PodSync& sync, TimerTag tag) {
  const ContainerStatus& c = sync.status.containers[tag.container];
  const std::string& image = sync.spec(tag.container).image;
  const bool first = begins_first_time(c) && tag.failures == 0;
  if (!sync.image(tag.container).never_pulled) {
    sync.event("Normal",
               "Pulled",
               pulled_message(image, kTick * tag.data, sync.view.release),
               tag.container);
    sync.reaction.pulled = image;
    sync.reaction.what = fmt::format("{} is on {}", image, sync.body.node_name);
    sync.reaction.rule = "PN-10";
    tag.failures = 0;
    launch_later(sync, tag, first);
    return;
  }
  std::string error = pull_error(image);
  sync.event("Warning",
             "Failed",
             fmt::format("Failed to pull image \"{}\": {}", image, error),
             tag.container);
  sync.event("Warning", "Failed", "Error: ErrImagePull", tag.container);
  sync.waits(tag.container, "ErrImagePull", std::move(error));
  sync.report(fmt::format("{} cannot be pulled", image), "PN-40");
  tag.failures = one_more(tag.failures);
  tag.stage = kBackOff;
  sync.timer(What::Pull, kNotices, tag);
  if (first) {
    begin_next(sync, tag.container);
  }
}

void pull_back_off_begins(PodSync& sync, TimerTag tag) {
  const std::string& image = sync.spec(tag.container).image;
  sync.event("Normal", "BackOff", pull_back_off(image), tag.container);
  sync.event("Warning", "Failed", "Error: ImagePullBackOff", tag.container);
  sync.waits(tag.container, "ImagePullBackOff", pull_back_off_state(image, sync.view.release));
  const SimDuration delay = pull_delay(tag.failures);
  sync.report(fmt::format("{} is tried again in {}", image, to_go_string(delay - kNotices)),
              "PN-41");
  tag.stage = kAgain;
  sync.timer(What::Pull, delay - kNotices, tag);
}

/// Sets the probe that finds a container ready, however many failing ones come before it.
void watch_readiness(PodSync& sync, std::uint32_t index) {
  const ContainerStatus& c = sync.status.containers[index];
  const ImageBehaviour& image = sync.image(index);
  const Probe probe = probe_of(*sync.body.spec, index);
  const auto n = static_cast<std::uint64_t>(c.restart_count);
  ProbeTag tag{index, 0, restarts(c)};
  if (!probe.present) {
    if (!image.never_ready) {
      sync.timer(What::Probe,
                 sync.draw(image.ready.value_or(sync.view.timing.ready), "ready", index, n),
                 tag);
    }
    return;
  }
  SimDuration up{};
  if (image.never_ready) {
    tag.remaining = kNever;
  } else {
    if (image.ready) {
      up = sync.draw(*image.ready, "ready", index, n);
    }
    const SimDuration late = std::max(SimDuration{}, up - probe.initial_delay);
    const std::int64_t misses =
        (late + probe.period - SimDuration{1}) / probe.period + probe.success_threshold - 1;
    tag.remaining = static_cast<std::uint32_t>(std::min<std::int64_t>(misses, kNeverAgain - 1));
  }
  sync.timer(What::Probe, probe.initial_delay, tag);
}

void launch(PodSync& sync, const TimerTag& tag) {
  ContainerStatus& c = sync.status.containers[tag.container];
  if (is(c, ContainerState::Type::Running) || restarts(c) != tag.data) {
    return;
  }
  if (is(c, ContainerState::Type::Terminated)) {
    c.last_state = c.state;
  }
  if (c.last_state.type == ContainerState::Type::Terminated || c.restart_count > 0) {
    ++c.restart_count;
  }
  const std::string& name = sync.spec(tag.container).name;
  const ImageBehaviour& image = sync.image(tag.container);
  c.state = {};
  c.state.type = ContainerState::Type::Running;
  c.state.started_at = whole_seconds(sync.view.now);
  c.ready = false;
  c.started = !probe_of(*sync.body.spec, tag.container).startup;
  sync.event("Normal", "Created", created_message(name, sync.view.release), tag.container);
  sync.event("Normal", "Started", started_message(name, sync.view.release), tag.container);
  sync.report(fmt::format("container {} runs", name), c.restart_count > 0 ? "PN-30" : "PN-1");
  if (image.never_starts || image.crash_after) {
    const SimDuration lives = image.never_starts
                                  ? SimDuration{}
                                  : sync.draw(*image.crash_after,
                                              "crashAfter",
                                              tag.container,
                                              static_cast<std::uint64_t>(c.restart_count));
    sync.timer(What::Crash, lives, TimerTag{tag.container, 0, tag.crashes, 0, restarts(c)});
  }
  if (!image.never_starts) {
    watch_readiness(sync, tag.container);
  }
  if (tag.stage == kLaunchFirst) {
    begin_next(sync, tag.container);
  }
}

/// The kubelet sees that a container has ended: restart it, or wait. Rule: PN-31.
void look(PodSync& sync, TimerTag tag) {
  const ContainerStatus& c = sync.status.containers[tag.container];
  if (!is(c, ContainerState::Type::Terminated) || restarts(c) != tag.data) {
    return;
  }
  const SimDuration delay = crash_delay(tag.crashes);
  const SimDuration left = c.state.finished_at + delay - sync.view.now;
  if (left <= SimDuration{}) {
    begin(sync, tag);
    return;
  }
  const std::string& name = sync.spec(tag.container).name;
  sync.event("Warning", "BackOff", crash_back_off(name, sync.pod), tag.container);
  sync.waits(tag.container, "CrashLoopBackOff", crash_back_off_state(name, sync.pod, delay));
  sync.report(fmt::format("container {} is restarted in {}", name, to_seconds_string(left)),
              "PN-31");
  tag.stage = kRestart;
  sync.timer(What::Start, left, tag);
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
  const bool mounts = !api::claims(sync.pod).empty();
  sync.timer(What::Pull,
             mounts ? sync.draw(sync.view.timing.volume_mount, "volumeMount", 0, 0) : SimDuration{},
             TimerTag{0, kSandbox, 0, 0, 0});
}

void on_pull(PodSync& sync, const TimerTag& tag) {
  if (tag.stage == kSandbox) {
    make_sandbox(sync);
    return;
  }
  const ContainerStatus& c = sync.status.containers[tag.container];
  if (is(c, ContainerState::Type::Running)) {
    return;
  }
  if (tag.stage == kPulled) {
    pull_ended(sync, tag);
  } else if (tag.stage == kBackOff) {
    pull_back_off_begins(sync, tag);
  } else {
    begin(sync, tag);
  }
}

void on_start(PodSync& sync, const TimerTag& tag) {
  const ContainerStatus& c = sync.status.containers[tag.container];
  if (tag.stage == kLaunch || tag.stage == kLaunchFirst) {
    launch(sync, tag);
  } else if (tag.stage == kLook) {
    look(sync, tag);
  } else if (is(c, ContainerState::Type::Waiting) && restarts(c) == tag.data) {
    begin(sync, tag);
  }
}

void on_probe(PodSync& sync, const ProbeTag& tag) {
  ContainerStatus& c = sync.status.containers[tag.container];
  if (!is(c, ContainerState::Type::Running) || restarts(c) != tag.restarts || c.ready) {
    return;
  }
  const std::string& name = sync.spec(tag.container).name;
  if (tag.remaining == 0) {
    c.ready = true;
    c.started = true;
    sync.report(fmt::format("container {} is ready", name), "PN-2");
    return;
  }
  const Probe probe = probe_of(*sync.body.spec, tag.container);
  const bool never = tag.remaining == kNever || tag.remaining == kNeverAgain;
  if (never || tag.remaining >= probe.success_threshold) {
    sync.event("Warning",
               "Unhealthy",
               probe_failure(*sync.body.spec, tag.container, sync.status.pod_ip, never),
               tag.container);
    sync.reaction.what = fmt::format("container {} does not pass its probe", name);
    sync.reaction.rule = "PN-4";
  }
  sync.timer(What::Probe,
             probe.period,
             ProbeTag{tag.container, never ? kNeverAgain : tag.remaining - 1, tag.restarts});
}

void on_crash(PodSync& sync, const TimerTag& tag) {
  ContainerStatus& c = sync.status.containers[tag.container];
  if (!is(c, ContainerState::Type::Running) || restarts(c) != tag.data) {
    return;
  }
  // The count begins anew after twice the longest delay without an exit. Rule: PN-32.
  constexpr SimDuration kForgets = std::chrono::minutes{10};
  const bool long_ago = c.last_state.type == ContainerState::Type::Terminated &&
                        sync.view.now - c.last_state.finished_at > kForgets;
  const int code = sync.image(tag.container).exit_code;
  const SimTime started = c.state.started_at;
  c.state = {};
  c.state.type = ContainerState::Type::Terminated;
  c.state.reason = code == 0 ? "Completed" : "Error";
  c.state.exit_code = code;
  c.state.started_at = started;
  c.state.finished_at = whole_seconds(sync.view.now);
  c.ready = false;
  c.started = false;
  sync.report(
      fmt::format("container {} has ended with exit code {}", sync.spec(tag.container).name, code),
      "PN-30");
  const RestartPolicy policy = restart_policy(*sync.body.spec);
  if (policy == RestartPolicy::Always || (policy == RestartPolicy::OnFailure && code != 0)) {
    sync.timer(
        What::Start,
        kNotices,
        TimerTag{tag.container, kLook, one_more(long_ago ? 0 : tag.crashes), 0, restarts(c)});
  }
}

void restart_later(PodSync& sync, std::size_t index) {
  const ContainerStatus& c = sync.status.containers[index];
  const auto crashes =
      static_cast<std::uint32_t>(std::clamp<std::int32_t>(c.restart_count + 1, 2, kMostCounted));
  sync.reaction.what = fmt::format("container {} is to be restarted", sync.spec(index).name);
  sync.reaction.rule = "PN-31";
  sync.timer(What::Start,
             crash_delay(crashes),
             TimerTag{static_cast<std::uint32_t>(index), kRestart, crashes, 0, restarts(c)});
}

}  // namespace stsim::node
