// Which sets have to be looked at because of a change. Rules: SS-40 to SS-45.
#include <stsim/controllers/statefulset/statefulset.hpp>

namespace stsim::controllers::statefulset {

using api::Kind;
using api::Object;
using api::ObjectKey;
using api::ObjectPtr;

namespace {

/// The set that a controller reference points at, if it is there with that uid. Rule: SS-42.
ObjectPtr resolve(const Object& pod, const api::OwnerReference* owner, const store::Cache& cache) {
  if (owner == nullptr || owner->kind != "StatefulSet") {
    return nullptr;
  }
  const ObjectPtr set = cache.find({Kind::StatefulSet, pod.key.ns, owner->name});
  return set && set->uid == owner->uid ? set : nullptr;
}

void add_matching(const Object& pod, const store::Cache& cache, std::vector<Again>& out) {
  if (pod.labels.empty()) {
    return;
  }
  for (const ObjectPtr& set : cache.list(Kind::StatefulSet, pod.key.ns)) {
    const auto& selector = set->as<api::StatefulSet>().spec->selector;
    if (selector && !selector->requirements.empty() && selector->matches(pod.labels)) {
      out.push_back({set->key, {}});
    }
  }
}

void add_owner(const Object& pod, const store::Cache& cache, std::vector<Again>& out) {
  if (const ObjectPtr set = resolve(pod, pod.controller(), cache)) {
    out.push_back({set->key, {}});
  }
}

void pod_changed(const Object& before,
                 const Object& after,
                 const store::Cache& cache,
                 std::vector<Again>& out) {
  const api::OwnerReference* old_owner = before.controller();
  const api::OwnerReference* owner = after.controller();
  const bool owner_changed =
      (old_owner == nullptr) != (owner == nullptr) || (owner != nullptr && !(*old_owner == *owner));
  if (owner_changed && old_owner != nullptr) {
    if (const ObjectPtr set = resolve(before, old_owner, cache)) {
      out.push_back({set->key, {}});
    }
  }
  if (owner != nullptr) {
    const ObjectPtr set = resolve(after, owner, cache);
    if (!set) {
      return;
    }
    out.push_back({set->key, {}});
    const std::int32_t wait = set->as<api::StatefulSet>().spec->min_ready_seconds;
    if (wait > 0 && !before.as<api::Pod>().status.ready() && after.as<api::Pod>().status.ready()) {
      // SS-43; up to 1.34 a second more, SS-250.
      const int more = cache.features().release.at_least(35) ? 0 : 1;
      out.push_back({set->key, std::chrono::seconds{wait + more}});
    }
    return;
  }
  if (owner_changed || before.labels != after.labels) {
    add_matching(after, cache, out);
  }
}

}  // namespace

std::vector<Again> concerned(const store::Change& change,
                             const store::Cache& cache,
                             SimTime /*now*/) {
  std::vector<Again> out;
  const Object& object = change.object();
  if (object.key.kind == Kind::StatefulSet) {
    out.push_back({object.key, {}});  // SS-41
  } else if (object.key.kind == Kind::Pod) {
    if (!change.after) {
      add_owner(object, cache, out);  // SS-44
    } else if (change.before && change.before->uid == change.after->uid) {
      pod_changed(*change.before, *change.after, cache, out);
    } else if (object.terminating() || object.controller() != nullptr) {
      add_owner(object, cache, out);  // SS-42
    } else {
      add_matching(object, cache, out);
    }
  }
  return out;
}

}  // namespace stsim::controllers::statefulset
