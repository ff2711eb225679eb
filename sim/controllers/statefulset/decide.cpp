// One sync of a StatefulSet as a pure function. Rules: SS-60 to SS-177.
#include "update_loop.hpp"

#include <fmt/format.h>
#include <stsim/controllers/statefulset/identity.hpp>
#include <stsim/controllers/statefulset/revisions.hpp>
#include <stsim/controllers/statefulset/statefulset.hpp>

#include <algorithm>

namespace stsim::controllers::statefulset {

using api::Kind;
using api::Object;
using api::ObjectKey;
using api::ObjectPtr;

namespace {

/// The live check before the first adoption of a sync. Rule: SS-61.
Call recheck(const Object& set, std::string_view rule) {
  Call call;
  call.verb = Call::Verb::Recheck;
  call.target = set.key;
  call.options.uid = set.uid;
  call.why = "before the first adoption the set is read again";
  call.rule = rule;
  return call;
}

Call adopt(const Object& set, const Object& dependent, std::string_view rule) {
  Call call;
  call.verb = Call::Verb::Patch;
  call.target = dependent.key;
  call.mutation = AddOwner{controller_reference(set)};
  call.why = fmt::format(
      "{} matches the selector of {} and has no controller", dependent.key.name, set.key.name);
  call.rule = rule;
  return call;
}

Call release(const Object& set, const Object& pod) {
  Call call;
  call.verb = Call::Verb::Patch;
  call.target = pod.key;
  call.mutation = RemoveOwner{set.uid};
  call.harmless = {"NotFound", "Invalid"};
  call.why = fmt::format("{} no longer matches the selector of {}", pod.key.name, set.key.name);
  call.rule = "SS-61";
  return call;
}

Object adopted(const Object& set, const Object& dependent) {
  Object out = dependent;
  out.owners.push_back(controller_reference(set));
  return out;
}

/// Adds a call to the group that makes the sync fail as a whole.
void add_claiming(Plan& plan, Call call) {
  if (plan.groups.empty()) {
    plan.groups.emplace_back().on_error = Group::OnError::Abort;
  }
  plan.groups.front().calls.push_back(std::move(call));
}

void add_adoption(Plan& plan, const Object& set, const Object& dependent, std::string_view rule) {
  const bool first = plan.groups.empty() ||
                     std::ranges::none_of(plan.groups.front().calls, [rule](const Call& call) {
                       return call.verb == Call::Verb::Recheck && call.rule == rule;
                     });
  if (first) {
    add_claiming(plan, recheck(set, rule));
  }
  add_claiming(plan, adopt(set, dependent, rule));
}

/// The pods that are the set's, adopted ones included, in order of name. Rule: SS-61.
std::vector<ObjectPtr> claim_pods(const Object& set, const store::Cache& cache, Plan& plan) {
  const auto& selector = *set.as<api::StatefulSet>().spec->selector;
  std::vector<ObjectPtr> out;
  for (const ObjectPtr& pod : cache.list(Kind::Pod, set.key.ns)) {
    const api::OwnerReference* owner = pod->controller();
    const bool match = selector.matches(pod->labels) && is_member(set, *pod);
    if (owner != nullptr) {
      if (owner->uid != set.uid) {
        continue;
      }
      if (match) {
        out.push_back(pod);
      } else if (!set.terminating()) {
        add_claiming(plan, release(set, *pod));
      }
    } else if (match && !set.terminating() && !pod->terminating()) {
      add_adoption(plan, set, *pod, "SS-61");
      out.push_back(std::make_shared<const Object>(adopted(set, *pod)));
    }
  }
  return out;
}

struct Revisions {
  std::vector<ObjectPtr> own;
  std::vector<ObjectPtr> others;
};

/// Rules: SS-64, SS-84.
Revisions claim_revisions(const Object& set, const store::Cache& cache, Plan& plan) {
  const auto& selector = *set.as<api::StatefulSet>().spec->selector;
  Revisions out;
  for (const ObjectPtr& revision : cache.list(Kind::ControllerRevision, set.key.ns)) {
    const api::OwnerReference* owner = revision->controller();
    const bool match = selector.matches(revision->labels);
    if (match && owner == nullptr) {
      if (set.terminating()) {
        plan.error = fmt::format(
            "{} is being deleted and cannot adopt {}", set.key.text(), revision->key.text());
      }
      add_adoption(plan, set, *revision, "SS-64");
      out.own.push_back(std::make_shared<const Object>(adopted(set, *revision)));
    } else if (match && owner->uid == set.uid) {
      out.own.push_back(revision);
    } else {
      out.others.push_back(revision);
    }
  }
  sort_revisions(out.own);
  return out;
}

void write_revision(const Picked& picked, Plan& plan) {
  if (picked.write == Picked::Write::None) {
    return;
  }
  Call call;
  call.target = picked.update->key;
  call.object = picked.update;
  call.rule = picked.rule;
  const std::int64_t number = picked.update->as<api::ControllerRevision>().revision;
  if (picked.write == Picked::Write::Create) {
    call.verb = Call::Verb::Create;
    call.why = fmt::format("the pod template is new: revision {}", number);
  } else {
    call.verb = Call::Verb::Update;
    call.why = fmt::format(
        "the pod template is that of an earlier revision, which becomes number {}", number);
  }
  Group group;
  group.on_error = Group::OnError::Abort;
  group.calls.push_back(std::move(call));
  plan.groups.push_back(std::move(group));
}

/// When the set has to be looked at again although nothing will have changed. Rules: SS-46, SS-250.
void plan_next_look(const Object& set,
                    const std::vector<ObjectPtr>& pods,
                    const Conditions& conditions,
                    Plan& plan) {
  const std::int32_t wait = conditions.min_ready_seconds;
  const api::StatefulSetStatus& status = plan.status->status;
  if (wait <= 0) {
    return;
  }
  if (!conditions.release.at_least(35)) {
    if (status.available_replicas != set.as<api::StatefulSet>().spec->replicas) {
      plan.again.push_back({set.key, std::chrono::seconds{wait}});
    }
    return;
  }
  if (status.ready_replicas == status.available_replicas) {
    return;
  }
  std::optional<SimDuration> soonest;
  for (const ObjectPtr& pod : pods) {
    const api::PodCondition& ready =
        pod->as<api::Pod>().status.condition(api::PodConditionType::Ready);
    if (ready.status && !conditions.available(*pod)) {
      const SimDuration left = ready.last_transition + std::chrono::seconds{wait} - conditions.now;
      soonest = std::min(soonest.value_or(left), left);
    }
  }
  plan.again.push_back({set.key, soonest.value_or(std::chrono::seconds{wait})});
}

void truncate_history(const Object& set,
                      const std::vector<ObjectPtr>& revisions,
                      const std::vector<ObjectPtr>& pods,
                      const Picked& picked,
                      Release release,
                      Plan& plan) {
  for (const ObjectPtr& revision : superfluous(set, revisions, pods, picked, release)) {
    Call call;
    call.verb = Call::Verb::Delete;
    call.target = revision->key;
    call.why = "history has no room for it: revisionHistoryLimit";
    call.rule = "SS-95";
    plan.afterwards.emplace_back().calls.push_back(std::move(call));
  }
}

}  // namespace

Plan decide(const ObjectKey& key, const store::Cache& cache, SimTime now) {
  Plan plan;
  const ObjectPtr set = cache.find(key);
  if (!set || !set->as<api::StatefulSet>().spec->selector) {
    return plan;  // SS-60.2, SS-60.3
  }
  const Release release = cache.features().release;
  const Revisions revisions = claim_revisions(*set, cache, plan);
  if (plan.error) {
    plan.groups.clear();
    return plan;
  }
  const std::vector<ObjectPtr> pods = claim_pods(*set, cache, plan);
  const Picked picked = pick_revisions(*set, revisions.own, revisions.others, cache.features());
  write_revision(picked, plan);
  const Conditions conditions{now, set->as<api::StatefulSet>().spec->min_ready_seconds, release};
  run_update_loop({*set, pods, picked, cache, conditions}, plan);
  plan_next_look(*set, pods, conditions, plan);
  truncate_history(*set, revisions.own, pods, picked, release, plan);
  return plan;
}

std::vector<Call> repairs(const Object& set,
                          const Object& pod,
                          const store::Cache& cache,
                          SimTime now) {
  const Conditions conditions{
      now, set.as<api::StatefulSet>().spec->min_ready_seconds, cache.features().release};
  const std::vector<ObjectPtr> pods;
  const Picked revisions;
  const LoopInput input{set, pods, revisions, cache, conditions};
  return PodActions(input).repair(pod).calls;
}

}  // namespace stsim::controllers::statefulset
