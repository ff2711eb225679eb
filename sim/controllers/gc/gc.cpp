#include "owner_graph.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/controllers/gc/gc.hpp>

#include <algorithm>

namespace stsim::controllers::gc {

using api::Kind;
using api::Object;
using api::ObjectKey;
using api::ObjectPtr;
using api::OwnerReference;
using Propagation = store::DeleteOptions::Propagation;

namespace {

bool waits_for_dependents(const Object& object) {
  return object.terminating() && object.has_finalizer(api::kForegroundFinalizer);
}

/// The owner a reference names, if it is there with that uid. Rule: GC-1.
ObjectPtr owner_of(const Object& object,
                   const OwnerReference& reference,
                   const store::Cache& cache) {
  const auto kind = api::find_kind(reference.api_version, reference.kind);
  if (!kind) {
    return nullptr;
  }
  const std::string ns = api::info(*kind).namespaced ? object.key.ns : "";
  const ObjectPtr owner = cache.find({*kind, ns, reference.name});
  return owner && owner->uid == reference.uid ? owner : nullptr;
}

Call& add_call(
    Plan& plan, Call::Verb verb, const Object& object, std::string why, std::string_view rule) {
  Group& group = plan.groups.emplace_back();
  group.on_error = Group::OnError::GoOn;
  Call& call = group.calls.emplace_back();
  call.verb = verb;
  call.target = object.key;
  call.harmless = {"NotFound"};
  call.why = std::move(why);
  call.rule = rule;
  return call;
}

void add_delete(
    Plan& plan, const Object& object, Propagation how, std::string why, std::string_view rule) {
  Call& call = add_call(plan, Call::Verb::Delete, object, std::move(why), rule);
  call.options.propagation = how;
  call.options.uid = object.uid;
}

Plan orphan_dependents(const Object& owner, const store::Cache& cache) {
  Plan plan;
  for (const ObjectPtr& dependent : cache.owned_by(owner.uid)) {
    Call& call = add_call(plan,
                          Call::Verb::Patch,
                          *dependent,
                          fmt::format("{} is deleted and leaves its dependents", owner.key.text()),
                          "GC-5");
    call.mutation = RemoveOwner{owner.uid};
    // All are patched at once, and the owner waits until all are.
    plan.groups.back().batch = 1;
    plan.groups.back().on_error = Group::OnError::Stop;
  }
  Call& call = add_call(plan, Call::Verb::Patch, owner, "its dependents are orphans now", "GC-5");
  call.mutation = RemoveFinalizer{api::kOrphanFinalizer};
  plan.groups.back().on_error = Group::OnError::Stop;
  return plan;
}

bool blocks(const Object& dependent, const api::Uid& owner) {
  return std::ranges::any_of(dependent.owners, [&owner](const OwnerReference& reference) {
    return reference.uid == owner && reference.block_owner_deletion;
  });
}

/// Rules: GC-3, GC-6, GC-7.
Plan check_owners(const Object& object, const store::Cache& cache) {
  Plan plan;
  std::vector<const OwnerReference*> gone;
  std::vector<const OwnerReference*> waiting;
  bool kept = false;
  for (const OwnerReference& reference : object.owners) {
    if (!api::find_kind(reference.api_version, reference.kind)) {
      kept = true;  // of a kind that nobody here knows
      continue;
    }
    const ObjectPtr owner = owner_of(object, reference, cache);
    if (!owner) {
      gone.push_back(&reference);
    } else if (waits_for_dependents(*owner)) {
      waiting.push_back(&reference);
    } else {
      kept = true;
    }
  }
  if (gone.empty() && waiting.empty()) {
    return plan;
  }
  if (kept) {
    for (const auto* list : {&gone, &waiting}) {
      for (const OwnerReference* reference : *list) {
        Call& call = add_call(plan,
                              Call::Verb::Patch,
                              object,
                              fmt::format("{} is gone, another owner is there", reference->name),
                              "GC-6");
        call.mutation = RemoveOwner{reference->uid};
      }
    }
    return plan;
  }
  const bool has_dependents = !cache.owned_by(object.uid).empty();
  const OwnerReference& owner = gone.empty() ? *waiting.front() : *gone.front();
  const auto how =
      object.has_finalizer(api::kOrphanFinalizer) ? Propagation::Orphan
      : object.has_finalizer(api::kForegroundFinalizer) || (!waiting.empty() && has_dependents)
          ? Propagation::Foreground
          : Propagation::Background;
  add_delete(plan,
             object,
             how,
             fmt::format("its owner {}/{} is {}",
                         owner.kind,
                         owner.name,
                         gone.empty() ? "waiting for it to go" : "gone"),
             gone.empty() ? "GC-4" : "GC-3");
  return plan;
}

/// The dependents are looked at like all objects whose owners go: one that has another living owner
/// stays. Rule: GC-4.
Plan delete_dependents(const Object& owner, const store::Cache& cache) {
  Plan plan;
  const OwnerGraph graph(cache);
  bool blocked = false;
  for (const ObjectPtr& dependent : cache.owned_by(owner.uid)) {
    if (waits_for_dependents(*dependent) && reaches(graph, dependent->uid, owner.uid)) {
      continue;  // the two wait for each other: somebody has to go first
    }
    blocked = blocked || blocks(*dependent, owner.uid);
    if (!dependent->terminating()) {
      for (Group& group : check_owners(*dependent, cache).groups) {
        plan.groups.push_back(std::move(group));
      }
    }
  }
  if (!blocked) {
    Call& call = add_call(plan, Call::Verb::Patch, owner, "its dependents are gone", "GC-4");
    call.mutation = RemoveFinalizer{api::kForegroundFinalizer};
  } else if (plan.groups.empty()) {
    plan.waits.push_back(
        {owner.key, fmt::format("{} waits for its dependents to go", owner.key.name), "GC-4"});
  }
  return plan;
}

void add_owners_waiting(const Object& object, const store::Cache& cache, std::vector<Again>& out) {
  for (const OwnerReference& reference : object.owners) {
    if (const ObjectPtr owner = owner_of(object, reference, cache);
        owner && waits_for_dependents(*owner)) {
      out.push_back({owner->key, {}});
    }
  }
}

/// Whether an owner is missing. One that waits for its dependents is looked at again when one of
/// them has gone. Rules: GC-7, GC-16.
bool orphaned(const Object& object, const store::Cache& cache) {
  return std::ranges::any_of(object.owners, [&](const OwnerReference& reference) {
    return owner_of(object, reference, cache) == nullptr;
  });
}

}  // namespace

std::vector<Again> concerned(const store::Change& change,
                             const store::Cache& cache,
                             SimTime /*now*/) {
  std::vector<Again> out;
  const Object& object = change.object();
  if (object.key.kind == Kind::Event) {
    return out;
  }
  if (!change.after) {
    for (const ObjectPtr& dependent : cache.owned_by(object.uid)) {
      out.push_back({dependent->key, {}});
    }
    add_owners_waiting(object, cache, out);
    return out;
  }
  const auto starts = [&](std::string_view finalizer) {
    return object.terminating() && object.has_finalizer(finalizer) &&
           !(change.before && change.before->terminating() &&
             change.before->has_finalizer(finalizer));
  };
  if (starts(api::kForegroundFinalizer) || starts(api::kOrphanFinalizer)) {
    out.push_back({object.key, {}});
  }
  const bool owners_changed = !change.before || !(change.before->owners == object.owners);
  if (owners_changed && orphaned(object, cache)) {
    out.push_back({object.key, {}});
  }
  if (owners_changed && change.before) {
    add_owners_waiting(*change.before, cache, out);
  }
  return out;
}

Plan decide(const ObjectKey& key,
            const store::Cache& cache,
            const Views& /*views*/,
            SimTime /*now*/) {
  const ObjectPtr object = cache.find(key);
  if (!object) {
    return {};
  }
  if (object->terminating()) {
    if (object->has_finalizer(api::kOrphanFinalizer)) {
      return orphan_dependents(*object, cache);
    }
    if (object->has_finalizer(api::kForegroundFinalizer)) {
      return delete_dependents(*object, cache);
    }
    return {};  // GC-8
  }
  return check_owners(*object, cache);
}

}  // namespace stsim::controllers::gc
