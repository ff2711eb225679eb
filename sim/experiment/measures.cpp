#include <stsim/experiment/measures.hpp>

#include <algorithm>

namespace stsim::experiment {

using api::Kind;
using engine::Actor;
using engine::TraceRecord;

namespace {

bool serves(const api::Object& pod) {
  return pod.as<api::Pod>().status.ready() && !pod.terminating();
}

bool of_set(const api::Object& pod) {
  const api::OwnerReference* owner = pod.controller();
  return owner != nullptr && owner->kind == std::string_view("StatefulSet");
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
    count_pod(record.before.get(), -1);
    count_pod(record.after.get(), 1);
    if (!phases_.empty() && record.before != nullptr && of_set(*record.before)) {
      Phase& phase = phases_.back();
      phase.replaced += record.after == nullptr ? 1 : 0;
      if (record.after != nullptr && record.after->uid == record.before->uid) {
        phase.restarts += restarts_of(*record.after) - restarts_of(*record.before);
      }
    }
  } else if (record.object.kind == Kind::StatefulSet) {
    count_set(record.before.get(), -1);
    count_set(record.after.get(), 1);
  }
  if (!phases_.empty()) {
    phases_.back().lowest = std::min(phases_.back().lowest, available_);
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
  phase.lowest = available_;
  phases_.push_back(std::move(phase));
}

void Meter::pass(SimTime now) {
  if (!phases_.empty() && available_ < (enough_ == 0 ? wanted_ : enough_)) {
    phases_.back().below += now - passed_;
  }
  passed_ = now;
}

void Meter::count_pod(const api::Object* pod, int by) {
  if (pod != nullptr && of_set(*pod) && serves(*pod)) {
    available_ += by;
  }
}

void Meter::count_set(const api::Object* set, int by) {
  if (set != nullptr && !set->terminating()) {
    wanted_ += std::int64_t{by} * set->as<api::StatefulSet>().spec->replicas;
  }
}

std::vector<Phase> measure(const scenario::Scenario& scenario, std::int64_t enough) {
  Meter meter(enough);
  scenario::run(scenario, meter);
  return meter.phases();
}

}  // namespace stsim::experiment
