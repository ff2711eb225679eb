// One sync of a StatefulSet as a pure function. Rules: SS-60 to SS-177.
#include "update_loop.hpp"

#include <fmt/format.h>
#include <stsim/controllers/statefulset/identity.hpp>
#include <stsim/controllers/statefulset/revisions.hpp>
#include <stsim/controllers/statefulset/statefulset.hpp>
#include <stsim/controllers/views.hpp>

#include <algorithm>
#include <map>
#include <set>

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

/// The pods of a set as one sync sees them.
struct Claimed {
  SetPods pods;
  std::map<std::int32_t, ObjectPtr> adopted;  ///< by ordinal, as they will be
};

/// Takes in the orphans that match the set and lets go of what no longer does, in order of name.
/// Rule: SS-61.
Claimed claim_pods(
    const Object& set, const store::Cache& cache, const SetViews& views, SimTime now, Plan& plan) {
  Claimed out{views.of(set), {}};
  if (set.terminating()) {
    return out;
  }
  const auto& selector = *set.as<api::StatefulSet>().spec->selector;
  std::map<std::string, ObjectPtr> changed;
  for (const auto& [name, is_one] : out.pods.strangers) {
    changed.emplace(name, cache.find({Kind::Pod, set.key.ns, name}));
  }
  for (const ObjectPtr& pod : views.orphans(set, cache)) {
    if (selector.matches(pod->labels) && !pod->terminating()) {
      changed.emplace(pod->key.name, pod);
    }
  }
  for (const auto& [name, pod] : changed) {
    if (pod->controller() != nullptr) {
      add_claiming(plan, release(set, *pod));
      continue;
    }
    add_adoption(plan, set, *pod, "SS-61");
    const std::int32_t ordinal = api::parent_and_ordinal(name).ordinal;
    if (ordinal >= 0 &&
        (!out.pods.present.contains(ordinal) || out.pods.name_of(set, ordinal) < name)) {
      const auto own = std::make_shared<const Object>(adopted(set, *pod));
      sort_in(out.pods, set, own.get(), ordinal, cache, views.rules(cache), now);
      out.adopted[ordinal] = own;
    }
  }
  return out;
}

/// The revisions of a set, sorted. Rules: SS-64, SS-84.
std::vector<ObjectPtr> claim_revisions(const Object& set,
                                       const store::Cache& cache,
                                       const SetViews& views,
                                       Plan& plan) {
  const auto& selector = *set.as<api::StatefulSet>().spec->selector;
  std::vector<ObjectPtr> out;
  for (const ObjectPtr& revision : cache.owned_by(set.uid, Kind::ControllerRevision)) {
    const api::OwnerReference* owner = revision->controller();
    if (revision->key.ns == set.key.ns && owner != nullptr && owner->uid == set.uid &&
        selector.matches(revision->labels)) {
      out.push_back(revision);
    }
  }
  for (const ObjectPtr& revision : views.orphan_revisions(set.key.ns, cache)) {
    if (!selector.matches(revision->labels)) {
      continue;
    }
    if (set.terminating()) {
      plan.error = fmt::format(
          "{} is being deleted and cannot adopt {}", set.key.text(), revision->key.text());
    }
    add_adoption(plan, set, *revision, "SS-64");
    out.push_back(std::make_shared<const Object>(adopted(set, *revision)));
  }
  sort_revisions(out);
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

void truncate_history(const Object& set,
                      const std::vector<ObjectPtr>& revisions,
                      const SetPods& pods,
                      const Picked& picked,
                      Release release,
                      Plan& plan) {
  std::set<std::string, std::less<>> in_use;
  for (const auto& [revision, at] : pods.revisions) {
    in_use.insert(revision);
  }
  for (const ObjectPtr& revision :
       superfluous(set, revisions, std::move(in_use), picked, release)) {
    Call call;
    call.verb = Call::Verb::Delete;
    call.target = revision->key;
    call.why = "history has no room for it: revisionHistoryLimit";
    call.rule = "SS-95";
    plan.afterwards.emplace_back().calls.push_back(std::move(call));
  }
}

}  // namespace

Plan decide(const ObjectKey& key, const store::Cache& cache, const Views& views, SimTime now) {
  Plan plan;
  const ObjectPtr set = cache.find(key);
  if (!set || !set->as<api::StatefulSet>().spec->selector) {
    return plan;  // SS-60.2, SS-60.3
  }
  const Release release = cache.features().release;
  const std::vector<ObjectPtr> revisions = claim_revisions(*set, cache, views.sets, plan);
  if (plan.error) {
    plan.groups.clear();
    return plan;
  }
  const Claimed claimed = claim_pods(*set, cache, views.sets, now, plan);
  const auto named = [&](const std::string& name) {
    return cache.find({Kind::ControllerRevision, set->key.ns, name});
  };
  const Picked picked =
      pick_revisions(*set, revisions, named, cache.features(), claimed.pods.revision_text);
  write_revision(picked, plan);
  const Conditions conditions{
      now, set->as<api::StatefulSet>().spec->min_ready_seconds, views.sets.rules(cache)};
  run_update_loop({*set,
                   claimed.pods,
                   claimed.adopted,
                   picked,
                   cache,
                   conditions,
                   views.sets.policy(),
                   views.sets.kept(key)},
                  plan);
  truncate_history(*set, revisions, claimed.pods, picked, release, plan);
  return plan;
}

std::vector<Call> repairs(
    const Object& set, const Object& pod, const store::Cache& cache, Release rules, SimTime now) {
  const Conditions conditions{now, set.as<api::StatefulSet>().spec->min_ready_seconds, rules};
  return PodActions(set, cache, conditions).repair(pod).calls;
}

}  // namespace stsim::controllers::statefulset
