#include "pod_sync.hpp"

namespace stsim::node {

bool only_repeats(const engine::PodTimer& timer, const api::Object& pod, const Timing& timing) {
  using What = engine::PodTimer::What;
  const auto& body = pod.as<api::Pod>();
  const TimerTag tag = unpack(timer);
  if (timer.what == What::Stop || tag.container >= body.spec->containers.size()) {
    return false;
  }
  const auto it = timing.images.find(body.spec->containers[tag.container].image);
  if (it == timing.images.end()) {
    return false;
  }
  const ImageBehaviour& image = it->second;
  const bool restarted = tag.container < body.status.containers.size() &&
                         body.status.containers[tag.container].restart_count >= 2;
  switch (timer.what) {
    case What::Pull:
      // The first failure is followed to the back-off that shows it.
      return image.never_pulled && tag.stage != kSandbox &&
             tag.failures >= (tag.stage == kBackOff ? 2U : 1U);
    case What::Start:
      return image.never_starts && tag.crashes >= (tag.stage == kLook ? 3U : 2U);
    case What::Probe:
      return unpack_probe(timer).remaining == kNeverAgain;
    case What::Crash:
      return tag.crashes >= 2 || restarted;
    case What::Stop:
      break;
  }
  return false;
}

}  // namespace stsim::node
