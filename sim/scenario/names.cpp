// Words of the scenario language for what can be chosen, and the times that hold unless it says
// else.
#include "scenario/load_parts.hpp"

#include <stsim/scenario/scenario.hpp>
#include <stsim/world/world.hpp>

#include <array>
#include <vector>

namespace stsim::scenario {

namespace {

std::vector<TimingPoint> make_timing_points() {
  using node::Takes;
  const world::Settings usual;
  const auto on_node = [&usual](Takes what, std::string_view description) {
    return TimingPoint{node::name(what), usual.timing.usual[what], what, description};
  };
  return {
      on_node(Takes::ContainerStart,
              "from the image's presence on the node to the container's start"),
      on_node(Takes::ImageCheck,
              "asking the registry about an image that the node has, with imagePullPolicy Always"),
      on_node(Takes::ImagePull, "pulling an image that the node does not have yet"),
      {"kubeletStart", usual.kubelet_start, {}, "until a kubelet that was stopped is back"},
      {"nodeStart", usual.node_start, {}, "until a machine that was down is up, with its kubelet"},
      {"placement", usual.placement, {}, "choosing a node for a pod that has none"},
      on_node(Takes::Ready, "from a container's start to its being ready"),
      on_node(Takes::Stop,
              "from the request to stop to a container's end, at most the grace period"),
      on_node(Takes::VolumeMount, "mounting the volumes of a pod"),
      {"watch", usual.watch, {}, "from a change in the API to its arrival at those who watch"},
  };
}

}  // namespace

std::span<const TimingPoint> timing_points() {
  static const std::vector<TimingPoint> kTimingPoints = make_timing_points();
  return kTimingPoints;
}

std::span<const Period> periods() {
  using Settings = world::Settings;
  static constexpr std::array kPeriods{
      Period{"binderResync",
             [](Settings& s) -> SimDuration& { return s.binder_resync; },
             "between two looks of the volume binder at everything"},
      Period{"crashBackoff",
             [](Settings& s) -> SimDuration& { return s.timing.restarts.first; },
             "before the second restart of a container, doubled each time"},
      Period{"crashBackoffMax",
             [](Settings& s) -> SimDuration& { return s.timing.restarts.most; },
             "the longest wait before a restart"},
      Period{"imageBackoff",
             [](Settings& s) -> SimDuration& { return s.timing.pulls.first; },
             "before an image is pulled again, doubled each time"},
      Period{"imageBackoffMax",
             [](Settings& s) -> SimDuration& { return s.timing.pulls.most; },
             "the longest wait before an image is pulled again"},
      Period{"nodeGrace",
             [](Settings& s) -> SimDuration& { return s.node_grace; },
             "until a node that is not heard counts as unreachable; 50s, up to 1.30 40s"},
      Period{"nodeLease",
             [](Settings& s) -> SimDuration& { return s.node_lease; },
             "between two signs of life of a node"},
      Period{"nodeMonitor",
             [](Settings& s) -> SimDuration& { return s.node_monitor; },
             "between two looks of the node controller at them"},
      Period{"retryBackoff",
             [](Settings& s) -> SimDuration& { return s.retries.first; },
             "before a controller looks again at an object after a failure, doubled each time"},
      Period{"retryBackoffMax",
             [](Settings& s) -> SimDuration& { return s.retries.most; },
             "the longest wait of a controller after a failure"},
      Period{"schedulingCycle",
             [](Settings& s) -> SimDuration& { return s.scheduling_cycle; },
             "the scheduler's work at one pod, before it turns to the next"},
  };
  return kPeriods;
}

std::span<const std::string_view> kubelet_modes() {
  return kKubeletModes;
}

std::string_view to_string(KubeletMode mode) {
  return kKubeletModes[static_cast<std::size_t>(mode)];
}

std::optional<KubeletMode> parse_kubelet_mode(std::string_view text) {
  for (std::size_t i = 0; i < kKubeletModes.size(); ++i) {
    if (kKubeletModes[i] == text) {
      return static_cast<KubeletMode>(i);
    }
  }
  return std::nullopt;
}

std::string_view to_string(PodFate fate) {
  return kPodFates[static_cast<std::size_t>(fate)];
}

std::string_view to_string(Timed when) {
  return kTimed[static_cast<std::size_t>(when)];
}

std::string_view to_string(Conduct conduct) {
  return kConducts[static_cast<std::size_t>(conduct)];
}

std::string_view to_string(WatchFate fate) {
  return kWatchFates[static_cast<std::size_t>(fate)];
}

std::string_view to_string(world::ControllerFault fault) {
  return kControllerFates[static_cast<std::size_t>(fault)];
}

std::string_view to_string(world::ApiAnswer answer) {
  return kAnswers[static_cast<std::size_t>(answer)];
}

std::string_view to_string(node::ServerState state) {
  return kServerStates[static_cast<std::size_t>(state)];
}

dns::Settings usual_dns(KubeletMode mode, Release release) {
  constexpr int kKeepsNothing = 32;
  dns::Settings out;
  if (mode == KubeletMode::Stepped || release.at_least(kKeepsNothing)) {
    out.server = {};
  }
  return out;
}

std::string_view to_string(NodeFate fate) {
  return kNodeFates[static_cast<std::size_t>(fate)];
}

}  // namespace stsim::scenario
