#include "shown.hpp"

#include <stsim/api/object.hpp>
#include <stsim/report/observers.hpp>
#include <stsim/report/telling.hpp>

#include <utility>

namespace stsim::lessons {

namespace {

using engine::Actor;
using engine::TraceRecord;

constexpr int kRefused = 400;  // codes from here on

bool is_settle(const scenario::Step& step) {
  return std::holds_alternative<scenario::SettleStep>(step.action);
}

/// Whether a call of a kubelet is what others wait for: a pod has become ready, or is not so any
/// more, has failed or has gone.
bool matters_to_others(const TraceRecord& record) {
  if (record.object.kind != api::Kind::Pod || !record.before || !record.after) {
    return false;
  }
  const auto& before = record.before->as<api::Pod>().status;
  const auto& after = record.after->as<api::Pod>().status;
  const bool ended =
      after.phase == api::PodPhase::Failed || after.phase == api::PodPhase::Succeeded;
  return before.ready() != after.ready() || (ended && !record.after->terminating());
}

}  // namespace

bool is_noise(const TraceRecord& record, bool endpoints) {
  if (record.type == TraceRecord::Type::Kubelet) {
    return true;
  }
  if (record.type != TraceRecord::Type::Call || record.code >= kRefused) {
    return false;
  }
  switch (record.actor) {
    case Actor::StatefulSetController:
      return record.resource == "statefulsets/status";
    case Actor::Kubelet:  // whose deletions are the ends of pods
      return record.verb != "delete" && !matters_to_others(record);
    case Actor::Placement:
      return true;
    case Actor::VolumeBinder:
      return record.resource != "persistentvolumeclaims/status";
    case Actor::EndpointsController:
      return true;
    case Actor::EndpointSliceController:
      return !endpoints;
    case Actor::User:
    case Actor::ClaimProtection:
    case Actor::VolumeProtection:
    case Actor::GarbageCollector:
    case Actor::NodeController:
    case Actor::TaintEvictionController:
    case Actor::PodGarbageCollector:
      break;
  }
  return false;
}

Shown::Shown(const ShownAs& as)
    : as_(as), console_(report::console(text_, {as.quiet, as.color, ""})) {}

void Shown::record(const TraceRecord& record) {
  if (!is_noise(record, as_.endpoints)) {
    console_->record(record);
  }
}

void Shown::step_begins(const scenario::Step& step,
                        const std::string& prompt,
                        const world::World& world) {
  if (held_ && is_settle(step)) {
    return;
  }
  let_go();
  console_->step_begins(step, prompt, world);
}

void Shown::step_ends(const scenario::Step& step,
                      const scenario::StepResult& result,
                      const world::World& world) {
  if (held_ && is_settle(step) && result.error.empty()) {
    return;
  }
  let_go();
  held_.emplace(Held{&step, result, &world});
}

void Shown::let_go() {
  if (held_) {
    console_->step_ends(*held_->step, held_->result, *held_->world);
    held_.reset();
  }
}

std::string Shown::take() {
  let_go();
  return report::fit(std::exchange(text_, std::ostringstream()).str(), as_.width);
}

}  // namespace stsim::lessons
