// The status at the end of a sync. Rules: SS-125, SS-153, SS-160.
#include <stsim/base/error.hpp>
#include <stsim/controllers/statefulset/statefulset.hpp>

namespace stsim::controllers::statefulset {

namespace {

/// SS-153: the update revision becomes the current one.
void complete_rolling_update(const StatusPlan& plan, api::StatefulSetStatus& status) {
  if (!plan.completes_with) {
    return;
  }
  const std::int64_t wanted = *plan.completes_with < 0 ? status.replicas : *plan.completes_with;
  if (status.updated_replicas == status.replicas && status.ready_replicas == status.replicas &&
      status.replicas == wanted) {
    status.current_replicas = status.updated_replicas;
    status.current_revision = status.update_revision;
  }
}

}  // namespace

std::optional<api::StatefulSetStatus> final_status(const StatusPlan& plan,
                                                   const std::vector<bool>& succeeded) {
  api::StatefulSetStatus status = plan.status;
  for (const CountChange& change : plan.changes) {
    STSIM_ASSERT(change.group < succeeded.size());
    if (succeeded[change.group]) {
      status.replicas += change.replicas;
      status.current_replicas += change.current;
      status.updated_replicas += change.updated;
    }
  }
  complete_rolling_update(plan, status);
  const api::StatefulSetStatus& stored = plan.set->as<api::StatefulSet>().status;
  // SS-160: these fields and no others decide whether it is written.
  const bool differs = status.observed_generation > stored.observed_generation ||
                       status.replicas != stored.replicas ||
                       status.current_replicas != stored.current_replicas ||
                       status.ready_replicas != stored.ready_replicas ||
                       status.updated_replicas != stored.updated_replicas ||
                       status.current_revision != stored.current_revision ||
                       status.available_replicas != stored.available_replicas ||
                       status.update_revision != stored.update_revision;
  return differs ? std::optional(status) : std::nullopt;
}

}  // namespace stsim::controllers::statefulset
