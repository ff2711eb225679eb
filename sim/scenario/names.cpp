// Words of the scenario language for what can be chosen, and the times that hold unless it says
// else.
#include "scenario/load_parts.hpp"

#include <stsim/scenario/scenario.hpp>

#include <array>
#include <chrono>

namespace stsim::scenario {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr engine::Latency always(SimDuration length) {
  return {length, length};
}

constexpr std::array kTimingPoints = {
    TimingPoint{"containerStart",
                always(milliseconds{500}),
                true,
                "from the image's presence on the node to the container's start"},
    TimingPoint{
        "imagePull", always(seconds{2}), true, "pulling an image that the node does not have yet"},
    TimingPoint{
        "placement", always(milliseconds{20}), false, "choosing a node for a pod that has none"},
    TimingPoint{"ready", always(seconds{1}), true, "from a container's start to its being ready"},
    TimingPoint{"stop",
                always(milliseconds{500}),
                true,
                "from the request to stop to a container's end, at most the grace period"},
    TimingPoint{"volumeMount", always(milliseconds{200}), false, "mounting the volumes of a pod"},
    TimingPoint{"watch",
                always(milliseconds{0}),
                false,
                "from a change in the API to its arrival at those who watch"},
};

}  // namespace

std::span<const TimingPoint> timing_points() {
  return kTimingPoints;
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
