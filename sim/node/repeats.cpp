#include "conduct.hpp"

namespace stsim::node {

bool only_repeats(const engine::PodTimer& timer,
                  const api::Object& pod,
                  const Timing& timing,
                  const Nodes& nodes) {
  using What = engine::PodTimer::What;
  const auto& body = pod.as<api::Pod>();
  const engine::TimerData& data = timer.data;
  if (timer.what == What::Stop || data.container >= body.spec->containers.size()) {
    return false;
  }
  const Conduct conduct(timing, nodes, pod, data.container);
  const bool restarted = data.container < body.status.containers.size() &&
                         body.status.containers[data.container].restart_count >= 2;
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
      return conduct.never(Never::Start) && data.crashes >= 2;
    case What::Look:
      return conduct.never(Never::Start) && data.crashes >= 3;
    case What::Probe:
      return data.misses == engine::TimerData::kEndless && data.missed &&
             conduct.never(Never::Ready);
    case What::Unready:
      break;
    case What::Crash:
      return data.crashes >= 2 || restarted;
    case What::Mounted:
    case What::Stop:
      break;
  }
  return false;
}

}  // namespace stsim::node
