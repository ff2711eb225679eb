#include <stsim/experiment/measures.hpp>

#include <algorithm>
#include <optional>
#include <string_view>

namespace stsim::experiment {

using api::Kind;
using api::ObjectKey;
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

/// The key of the set that a pod belongs to; the pod's own of one of nobody.
ObjectKey set_key(const api::Object& pod) {
  const api::OwnerReference* owner = pod.controller();
  return owner == nullptr ? pod.key : ObjectKey{Kind::StatefulSet, pod.key.ns, owner->name};
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
  const ObjectKey set = record.object.kind == Kind::Pod
                            ? set_key(*(record.after ? record.after : record.before))
                            : record.object;
  if (!phases_.empty() && record.actor != Actor::User && (!only_ || is_measured(set))) {
    phases_.back().took = record.time - begun_;
  }
  if (record.object.kind == Kind::Pod) {
    see_pod(record.before.get(), record.after.get(), record.time);
  } else if (record.object.kind == Kind::StatefulSet) {
    count_set(record.before.get(), -1);
    count_set(record.after.get(), 1);
    if (record.after != nullptr) {
      see_min_ready(*record.after, record.time);
    }
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
  const auto pass_to = [this](SimTime time) {
    if (!phases_.empty() && available_ < (enough_ == 0 ? wanted_ : enough_)) {
      phases_.back().below += time - passed_;
    }
    passed_ = time;
  };
  while (!due_.empty() && due_.begin()->first <= now) {
    const auto [time, pod] = *due_.begin();
    pass_to(std::max(time, passed_));
    due_.erase(due_.begin());
    ready_.at(pod).available = true;
    ++available_;
  }
  pass_to(now);
}

void Meter::see_pod(const api::Object* before, const api::Object* after, SimTime since) {
  const api::Object& pod = after != nullptr ? *after : *before;
  const auto set = set_of(pod);
  if (!set || !is_measured(set_key(pod))) {
    return;
  }
  const bool serves_now = after != nullptr && serves(*after);
  const auto known = ready_.find(pod.uid);
  if (serves_now && known == ready_.end()) {
    set_due(pod.uid, ready_.emplace(pod.uid, Ready{since, *set}).first->second, passed_);
  } else if (!serves_now && known != ready_.end()) {
    available_ -= known->second.available ? 1 : 0;
    due_.erase({known->second.since + min_ready_[*set], pod.uid});
    ready_.erase(known);
  }
  if (!phases_.empty() && before != nullptr) {
    phases_.back().replaced += after == nullptr ? 1 : 0;
    if (after != nullptr) {
      phases_.back().restarts += restarts_of(*after) - restarts_of(*before);
    }
  }
}

/// What is there before anything has happened.
void Meter::run_begins(const world::World& world) {
  passed_ = world.now;
  world.store.for_each(Kind::StatefulSet, [&](const api::ObjectPtr& set) {
    count_set(set.get(), 1);
    see_min_ready(*set, world.now);
  });
  world.store.for_each(Kind::Pod, [&](const api::ObjectPtr& pod) {
    const api::PodCondition& ready =
        pod->as<api::Pod>().status.condition(api::PodConditionType::Ready);
    see_pod(nullptr, pod.get(), ready.last_transition());
  });
}

/// Notes when a pod is available, from now on or later.
void Meter::set_due(const api::Uid& pod, Ready& ready, SimTime now) {
  const SimTime due = ready.since + min_ready_[ready.set];
  available_ += (due <= now ? 1 : 0) - (ready.available ? 1 : 0);
  ready.available = due <= now;
  if (!ready.available) {
    due_.emplace(due, pod);
  }
}

void Meter::see_min_ready(const api::Object& set, SimTime now) {
  const SimDuration length{
      std::chrono::seconds{set.as<api::StatefulSet>().spec->min_ready_seconds}};
  SimDuration& known = min_ready_[set.uid];
  if (known == length) {
    return;
  }
  for (auto& [pod, ready] : ready_) {
    if (ready.set == set.uid) {
      due_.erase({ready.since + known, pod});
    }
  }
  known = length;
  for (auto& [pod, ready] : ready_) {
    if (ready.set == set.uid) {
      set_due(pod, ready, now);
    }
  }
}

bool Meter::is_measured(const ObjectKey& set) const {
  return !only_ || only_->contains(set);
}

void Meter::count_set(const api::Object* set, int by) {
  if (set != nullptr && !set->terminating() && is_measured(set->key)) {
    const api::StatefulSetSpec& spec = *set->as<api::StatefulSet>().spec;
    wanted_ += std::int64_t{by} * spec.replicas;
  }
}

}  // namespace stsim::experiment
