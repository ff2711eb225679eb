#include "conduct.hpp"

namespace stsim::node {

bool counts(const engine::PodTimer& timer,
            const api::Object& pod,
            const Timing& timing,
            const Nodes& nodes) {
  using What = engine::PodTimer::What;
  const auto& body = pod.as<api::Pod>();
  const bool of_conduct = timer.what == What::Crash || timer.what == What::Unready;
  return nodes.heeds(body.node_name, timer) &&
         (!of_conduct || timer.data.container >= body.spec->containers.size() ||
          Conduct(timing, nodes, pod, timer.data.container).changes(timer.what) ==
              timer.data.conduct);
}

bool only_repeats(const engine::PodTimer& timer,
                  const api::Object& pod,
                  const Timing& timing,
                  const Nodes& nodes,
                  bool mountable) {
  using What = engine::PodTimer::What;
  const auto& body = pod.as<api::Pod>();
  const engine::TimerData& data = timer.data;
  if (timer.what == What::Stop) {
    return data.failures > 0 && nodes.hampered_of(pod.key).stalled;
  }
  if (data.container >= body.spec->containers.size()) {
    return false;
  }
  const Conduct conduct(timing, nodes, pod, data.container);
  if (timer.what != What::Mounted && data.container < body.status.containers.size() &&
      body.status.containers[data.container].restart_count != data.restarts) {
    return true;  // it was set for another life of the container
  }
  const bool restarted = data.container < body.status.containers.size() &&
                         body.status.containers[data.container].restart_count >= 2;
  const bool ends = conduct.never(Never::Start) || conduct.crash_after() != nullptr;
  switch (timer.what) {
    case What::Pulled:
    case What::PullAgain:
      // The first failure is followed to the back-off that shows it.
      return conduct.never(Never::Pull) && data.failures >= 1;
    case What::PullBackOff:
      return conduct.never(Never::Pull) && data.failures >= 2;
    case What::Start:
    case What::StartFirst:
    case What::Restart:
      return ends && data.crashes >= 2;
    case What::Look:
      return ends && data.crashes >= 3;
    case What::Probe:
      return data.misses == engine::TimerData::kEndless && data.missed &&
             conduct.never(Never::Ready);
    case What::Unready:
    case What::Replace:

      break;
    case What::Crash:
      return data.crashes >= 2 || restarted;
    case What::Mounted:
      return data.failures >= 1 && !mountable;
    case What::Stop:
      break;
  }
  return false;
}

}  // namespace stsim::node
