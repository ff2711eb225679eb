#include <stsim/experiment/measures.hpp>

#include <algorithm>
#include <optional>
#include <string_view>

namespace stsim::experiment {

using api::Kind;
using engine::Actor;
using engine::TraceRecord;

namespace {

bool serves(const api::Object& pod) {
  return pod.as<api::Pod>().status.ready() && !pod.terminating();
}

/// The set that a pod belongs to; none of a pod of nobody.
std::optional<api::Uid> set_of(const api::Object& pod) {
  const api::OwnerReference* owner = pod.controller();
  const bool of_set = owner != nullptr && owner->kind == std::string_view("StatefulSet");
  return of_set ? std::optional(owner->uid) : std::nullopt;
}

std::int64_t restarts_of(const api::Object& pod) {
  std::int64_t out = 0;
  for (const api::ContainerStatus& container : pod.as<api::Pod>().status.containers) {
    out += container.restart_count;
  }
  return out;
}

}  // namespace

void Meter::record(const TraceRecord& record) {
  const bool write = record.type == TraceRecord::Type::Call && record.before != record.after;
  const bool acts =
      (write && record.actor == Actor::User) || record.type == TraceRecord::Type::Fault;
  if (acts && !acted_) {
    acted_ = true;
    begin_phase(step_begun_);
  }
  if (!write) {
    return;
  }
  pass(record.time);
  if (!phases_.empty() && record.actor != Actor::User) {
    phases_.back().took = record.time - begun_;
  }
  if (record.object.kind == Kind::Pod) {
    see_pod(record);
  } else if (record.object.kind == Kind::StatefulSet) {
    count_set(record.before.get(), -1);
    count_set(record.after.get(), 1);
  }
  if (!phases_.empty()) {
    phases_.back().lowest =
        std::min(phases_.back().lowest, static_cast<std::int64_t>(available_.size()));
  }
}

void Meter::step_begins(const scenario::Step& /*step*/,
                        const std::string& prompt,
                        const world::World& world) {
  ++steps_;
  prompt_ = prompt;
  step_begun_ = world.now;
  acted_ = false;
}

void Meter::run_ends(const scenario::RunSummary& /*summary*/, const world::World& world) {
  pass(world.now);
}

void Meter::begin_phase(SimTime now) {
  pass(now);
  begun_ = now;
  Phase phase;
  phase.step = steps_ - 1;
  phase.prompt = prompt_;
  phase.lowest = static_cast<std::int64_t>(available_.size());
  phases_.push_back(std::move(phase));
}

void Meter::pass(SimTime now) {
  const auto pass_to = [this](SimTime time) {
    const auto available = static_cast<std::int64_t>(available_.size());
    if (!phases_.empty() && available < (enough_ == 0 ? wanted_ : enough_)) {
      phases_.back().below += time - passed_;
    }
    passed_ = time;
  };
  while (!due_.empty() && due_.begin()->first <= now) {
    const auto [time, pod] = *due_.begin();
    pass_to(std::max(time, passed_));
    due_.erase(due_.begin());
    waiting_.erase(pod);
    available_.insert(pod);
  }
  pass_to(now);
}

void Meter::see_pod(const TraceRecord& record) {
  const api::Object& pod = record.after != nullptr ? *record.after : *record.before;
  const auto set = set_of(pod);
  if (!set) {
    return;
  }
  const bool serves_now = record.after != nullptr && serves(*record.after);
  const auto waits = waiting_.find(pod.uid);
  if (serves_now && waits == waiting_.end() && !available_.contains(pod.uid)) {
    const SimTime due = record.time + min_ready_[*set];
    waiting_.emplace(pod.uid, due);
    due_.emplace(due, pod.uid);
    pass(record.time);  // which makes it available if it need not wait
  } else if (!serves_now) {
    available_.erase(pod.uid);
    if (waits != waiting_.end()) {
      due_.erase({waits->second, pod.uid});
      waiting_.erase(waits);
    }
  }
  if (!phases_.empty() && record.before != nullptr) {
    phases_.back().replaced += record.after == nullptr ? 1 : 0;
    if (record.after != nullptr) {
      phases_.back().restarts += restarts_of(*record.after) - restarts_of(*record.before);
    }
  }
}

void Meter::count_set(const api::Object* set, int by) {
  if (set != nullptr && !set->terminating()) {
    const api::StatefulSetSpec& spec = *set->as<api::StatefulSet>().spec;
    wanted_ += std::int64_t{by} * spec.replicas;
    min_ready_[set->uid] = std::chrono::seconds{spec.min_ready_seconds};
  }
}

std::vector<Phase> measure(const scenario::Scenario& scenario, std::int64_t enough) {
  Meter meter(enough);
  scenario::run(scenario, meter);
  return meter.phases();
}

}  // namespace stsim::experiment
