// What decisions ask of a pod. Rules: SS-100, SS-250.
#include <stsim/api/well_known.hpp>
#include <stsim/controllers/statefulset/statefulset.hpp>

namespace stsim::controllers::statefulset {

using api::Object;
using api::PodPhase;

std::string_view revision_of(const Object& pod) {
  return pod.label(api::kRevisionLabel);
}

bool Conditions::created(const Object& pod) {
  return pod.as<api::Pod>().status.phase != PodPhase::None;
}

bool Conditions::running_and_ready(const Object& pod) {
  const api::PodStatus& status = pod.as<api::Pod>().status;
  return status.phase == PodPhase::Running && status.ready();
}

bool Conditions::available(const Object& pod) const {
  const api::PodStatus& status = pod.as<api::Pod>().status;
  if (!status.ready()) {
    return false;
  }
  return long_enough(status.condition(api::PodConditionType::Ready).last_transition());
}

bool Conditions::long_enough(SimTime since) const {
  if (min_ready_seconds == 0) {
    return true;
  }
  const SimTime then = since + std::chrono::seconds{min_ready_seconds};
  return release.at_least(34) ? then <= now : then < now;  // SS-250
}

bool Conditions::unavailable(const Object& pod) const {
  const bool up = release.at_least(34) ? available(pod) : running_and_ready(pod);
  return !up || pod.terminating();
}

bool Conditions::ended(const Object& pod) const {
  const PodPhase phase = pod.as<api::Pod>().status.phase;
  return phase == PodPhase::Failed || (phase == PodPhase::Succeeded && release.at_least(27));
}

bool Conditions::completes_claims(const Object& pod) const {
  return release.at_least(27) && pod.as<api::Pod>().status.phase == PodPhase::Pending;
}

}  // namespace stsim::controllers::statefulset
