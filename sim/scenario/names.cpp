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
  const world::Settings usual;
  return {
      {"containerStart",
       usual.timing.start,
       true,
       "from the image's presence on the node to the container's start"},
      {"imagePull", usual.timing.pull, true, "pulling an image that the node does not have yet"},
      {"placement", usual.placement, false, "choosing a node for a pod that has none"},
      {"ready", usual.timing.ready, true, "from a container's start to its being ready"},
      {"stop",
       usual.timing.stop,
       true,
       "from the request to stop to a container's end, at most the grace period"},
      {"volumeMount", usual.timing.volume_mount, false, "mounting the volumes of a pod"},
      {"watch", usual.watch, false, "from a change in the API to its arrival at those who watch"},
  };
}

}  // namespace

std::span<const TimingPoint> timing_points() {
  static const std::vector<TimingPoint> kTimingPoints = make_timing_points();
  return kTimingPoints;
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

std::string_view to_string(NodeFate fate) {
  return kNodeFates[static_cast<std::size_t>(fate)];
}

}  // namespace stsim::scenario
