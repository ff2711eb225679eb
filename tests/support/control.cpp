#include "support/control.hpp"

#include <stsim/controllers/plan_progress.hpp>
#include <stsim/controllers/statefulset/statefulset.hpp>

#include <algorithm>
#include <utility>

namespace stsim::test {

using api::Kind;
using api::ObjectPtr;
using controllers::Call;
using controllers::PlanProgress;

namespace {

const api::ObjectKey kSet{Kind::StatefulSet, "default", "web"};

api::ApiError internal(std::string text) {
  return {500, "InternalError", std::move(text), {}, "", ""};
}

}  // namespace

void Control::fail(Verb verb, Kind kind, int nth, std::string text) {
  faults_.push_back({verb, kind, nth, std::move(text)});
}

std::optional<std::string> Control::strike(Verb verb, Kind kind) {
  made_.emplace_back(verb, kind);
  for (Fault& fault : faults_) {
    if (fault.verb == verb && fault.kind == kind && --fault.calls_left == 0) {
      return fault.text;
    }
  }
  return std::nullopt;
}

int Control::calls_made(Verb verb, Kind kind) const {
  return static_cast<int>(std::ranges::count(made_, std::pair(verb, kind)));
}

store::WriteResult Control::perform(const Call& call) {
  if (const auto text = strike(call.verb, call.target.kind)) {
    return tl::unexpected(internal(*text));
  }
  return controllers::perform(call, store(), now, 0);
}

void Control::tell(const std::vector<controllers::EventText>& told) {
  for (const controllers::EventText& event : told) {
    events.push_back(fmt::format("{} {}: {}", event.type, event.reason, event.message));
  }
}

std::string Control::write_status(const controllers::Plan& plan,
                                  const std::vector<bool>& succeeded) {
  if (!plan.status) {
    return "";
  }
  const auto status = controllers::statefulset::final_status(*plan.status, succeeded);
  if (!status) {
    return "";
  }
  if (const auto text = strike(Verb::UpdateStatus, Kind::StatefulSet)) {
    return *text;
  }
  api::Object changed = *set();
  changed.as<api::StatefulSet>().status = *status;
  if (const auto written = store().update_status(changed, 0); !written) {
    throw std::runtime_error("a status was refused: " + written.error().message);
  }
  return "";
}

std::string Control::sync() {
  const controllers::Plan plan = this->plan();
  if (const auto happens = std::exchange(meanwhile, nullptr)) {
    happens();
  }
  PlanProgress progress;
  tell(progress.begin(plan));
  while (progress.stage != PlanProgress::Stage::Done) {
    if (const Call* call = progress.next_call(plan)) {
      tell(progress.call_ended(plan, perform(*call)));
    } else {
      tell(progress.status_ended(plan, write_status(plan, progress.succeeded)));
    }
  }
  return progress.failure;
}

ObjectPtr Control::set() {
  return store().find(kSet);
}

const api::StatefulSetSpec& Control::spec() {
  return *set()->as<api::StatefulSet>().spec;
}

const api::StatefulSetStatus& Control::status() {
  return set()->as<api::StatefulSet>().status;
}

void Control::change(std::string_view patch) {
  api::Json document = api::to_json(*set());
  document.merge_patch(api::Json::parse(patch));
  if (const auto done = store().update(Kind::StatefulSet, document, 0); !done) {
    throw std::runtime_error(done.error().message);
  }
}

void Control::change_image(std::string_view image) {
  api::Json document = api::to_json(*set());
  document["spec"]["template"]["spec"]["containers"][0]["image"] = image;
  change(document.dump());
}

std::vector<ObjectPtr> Control::pods() {
  std::vector<ObjectPtr> out;
  for (const ObjectPtr& pod : store().list(Kind::Pod, "default")) {
    if (spec().selector->matches(pod->labels)) {
      out.push_back(pod);
    }
  }
  std::ranges::sort(
      out, {}, [](const ObjectPtr& pod) { return api::parent_and_ordinal(pod->key.name).ordinal; });
  return out;
}

std::vector<std::string> Control::pod_names() {
  std::vector<std::string> out;
  for (const ObjectPtr& pod : pods()) {
    out.push_back(pod->key.name);
  }
  return out;
}

std::vector<std::string> Control::images() {
  std::vector<std::string> out;
  for (const ObjectPtr& pod : pods()) {
    out.push_back(pod->as<api::Pod>().spec->containers.front().image);
  }
  return out;
}

ObjectPtr Control::pod(int ordinal) {
  return store().find({Kind::Pod, "default", fmt::format("web-{}", ordinal)});
}

ObjectPtr Control::claim(int ordinal) {
  return store().find(
      {Kind::PersistentVolumeClaim, "default", fmt::format("data-web-{}", ordinal)});
}

void Control::report(int ordinal, api::PodPhase phase, bool ready, SimDuration ready_for) {
  api::Object changed = *pod(ordinal);
  api::PodStatus& status = changed.as<api::Pod>().status;
  status.phase = phase;
  status.set_condition(api::PodConditionType::Ready, !ready, now - ready_for);
  status.set_condition(api::PodConditionType::Ready, ready, now - ready_for);
  static_cast<void>(store().update_status(std::move(changed), 0));
}

void Control::take_away(const api::ObjectKey& key) {
  store::DeleteOptions at_once;
  at_once.grace_seconds = 0;
  static_cast<void>(store().remove(key, at_once, now, 0));
  if (const ObjectPtr left = store().find(key)) {
    api::Object free = *left;
    free.finalizers.clear();
    static_cast<void>(store().update(std::move(free), 0));
  }
}

void Control::collect_claims() {
  for (const ObjectPtr& claim : store().list(Kind::PersistentVolumeClaim, "default")) {
    for (const api::OwnerReference& owner : claim->owners) {
      const ObjectPtr found = store().find(
          {owner.kind == "Pod" ? Kind::Pod : Kind::StatefulSet, "default", owner.name});
      if (!found || found->uid != owner.uid) {
        take_away(claim->key);
        break;
      }
    }
  }
}

}  // namespace stsim::test
