#include "update_loop.hpp"

#include <stsim/controllers/statefulset/identity.hpp>
#include <stsim/controllers/statefulset/set_views.hpp>

#include <algorithm>
#include <tuple>

namespace stsim::controllers::statefulset {

using api::Kind;
using api::Object;
using api::ObjectKey;
using api::ObjectPtr;
using api::OwnerReference;
using api::StatefulSetSpec;

namespace {

const std::shared_ptr<const StatefulSetSpec>& spec_pointer(const Object& set) {
  return set.as<api::StatefulSet>().spec;
}

Conditions conditions_of(const Object& set, Release rules, SimTime now) {
  return {now, spec_pointer(set)->min_ready_seconds, rules};
}

/// Whether pods may have to be sorted anew when this of a set has changed.
bool same_for_pods(const StatefulSetSpec& a, const StatefulSetSpec& b) {
  const auto same_member = [&](const char* name) {
    return api::member(*a.document, name) == api::member(*b.document, name);
  };
  const bool same_range = a.replicas == b.replicas && a.start_ordinal == b.start_ordinal;
  return a.parallel == b.parallel && a.min_ready_seconds == b.min_ready_seconds &&
         (same_range || a.when_scaled == api::Retention::Retain) && same_member("selector") &&
         same_member("volumeClaimTemplates") && same_member("serviceName") &&
         same_member("persistentVolumeClaimRetentionPolicy");
}

bool matches(const Object& set, const Object& pod) {
  const auto& selector = spec_pointer(set)->selector;
  return selector && selector->matches(pod.labels) && is_member(set, pod);
}

bool is_controlled_by(const Object& dependent, const Object& set) {
  const OwnerReference* owner = dependent.controller();
  return owner != nullptr && owner->uid == set.uid;
}

std::shared_ptr<const std::string> text_of(const Object& set, const store::Cache& cache) {
  return std::make_shared<const std::string>(
      revision_text(*spec_pointer(set)->pod_template, cache.features().release));
}

/// The template of the set's pods at a revision.
std::shared_ptr<const PodTemplate> template_at(const Object& set,
                                               const Object& revision,
                                               const store::Cache& cache) {
  return std::make_shared<const PodTemplate>(
      make_template(set, revision.key.name, template_of(revision), cache.features()));
}

void set_member(PersistentMap<Text, SetPods::AtRevision>& revisions,
                const Text& revision,
                std::int32_t ordinal,
                bool live,
                bool terminating) {
  SetPods::AtRevision* at = revisions.edit(revision);
  if (at == nullptr) {
    if (!live && !terminating) {
      return;
    }
    revisions.set(revision, {});
    at = revisions.edit(revision);
  }
  at->live.set(ordinal, live);
  at->terminating.set(ordinal, terminating);
  if (at->live.empty() && at->terminating.empty()) {
    revisions.erase(revision);
  }
}

void sort_by_revision(SetPods& pods, const Object* pod, std::int32_t ordinal) {
  std::vector<Text> others;
  for (const auto& [revision, at] : pods.revisions) {
    if ((at.live.contains(ordinal) || at.terminating.contains(ordinal)) &&
        (pod == nullptr || revision != revision_of(*pod))) {
      others.push_back(revision);
    }
  }
  for (const Text& revision : others) {
    set_member(pods.revisions, revision, ordinal, false, false);
  }
  if (pod != nullptr) {
    set_member(pods.revisions, revision_of(*pod), ordinal, !pod->terminating(), pod->terminating());
  }
}

void sort_by_age(SetPods& pods, std::int32_t ordinal, std::optional<SimTime> since) {
  if (const SimTime* known = pods.young.find(ordinal)) {
    pods.by_age.erase(SetPods::Age{*known, ordinal});
    pods.young.erase(ordinal);
  }
  if (since) {
    pods.young.set(ordinal, *since);
    pods.by_age.set({*since, ordinal}, {});
  }
}

/// Sorts in whichever pod of an ordinal counts now.
void look_at_ordinal(SetPods& pods,
                     const Object& set,
                     std::int32_t ordinal,
                     const store::Cache& cache,
                     Release rules,
                     SimTime now) {
  std::string name = pod_name(set, ordinal);
  ObjectPtr pod = cache.find({Kind::Pod, set.key.ns, name});
  if (pod && (!is_controlled_by(*pod, set) || !matches(set, *pod))) {
    pod = nullptr;
  }
  for (const auto& [odd, of] : pods.oddly_named) {
    if (of == ordinal && (!pod || odd > name)) {
      name = odd;
      pod = cache.find({Kind::Pod, set.key.ns, name});
    }
  }
  sort_in(pods, set, pod.get(), ordinal, cache, rules, now);
}

/// Whether process_replica() would only go on to the next one.
bool passes(const Object& pod,
            bool parallel,
            const Conditions& conditions,
            const PodActions& actions) {
  if (conditions.ended(pod)) {
    return false;
  }
  if (conditions.completes_claims(pod)) {
    if (!actions.complete_claims(pod).calls.empty()) {
      return false;
    }
  }
  const bool may_pass =
      !pod.terminating() && Conditions::running_and_ready(pod) && conditions.available(pod);
  return (parallel || may_pass) && actions.is_consistent(pod);
}

/// Looks at a pod that is or was controlled by the set.
void look_at_pod(SetPods& pods,
                 const Object& set,
                 const ObjectKey& key,
                 const store::Cache& cache,
                 Release rules,
                 SimTime now) {
  const ObjectPtr pod = cache.find(key);
  const bool is_controlled = pod && is_controlled_by(*pod, set);
  const bool is_one = is_controlled && matches(set, *pod);
  if (is_controlled && !is_one) {
    pods.strangers.set(key.name, {});
  } else {
    pods.strangers.erase(key.name);
  }
  const auto [parent, ordinal] = api::parent_and_ordinal(key.name);
  if (parent != set.key.name || ordinal < 0) {
    return;
  }
  if (is_one && key.name != pod_name(set, ordinal)) {
    pods.oddly_named.set(key.name, ordinal);
  } else {
    pods.oddly_named.erase(key.name);
  }
  look_at_ordinal(pods, set, ordinal, cache, rules, now);
}

}  // namespace

bool SetPods::operator==(const SetPods& other) const {
  const auto all = [](const SetPods& p) {
    return std::tie(p.owner,
                    p.spec,
                    p.present,
                    p.ready,
                    p.available,
                    p.unavailable,
                    p.terminating,
                    p.unsettled,
                    p.mismatched,
                    p.revisions,
                    p.young,
                    p.by_age,
                    p.oddly_named,
                    p.odd_names,
                    p.strangers);
  };
  return all(*this) == all(other);
}

std::int32_t SetPods::live_at(std::string_view revision) const {
  const AtRevision* at = revisions.find(revision);
  return at == nullptr ? 0 : static_cast<std::int32_t>(at->live.size());
}

std::string SetPods::name_of(const Object& set, std::int32_t ordinal) const {
  const std::string* odd = odd_names.find(ordinal);
  return odd == nullptr ? pod_name(set, ordinal) : *odd;
}

void sort_in(SetPods& pods,
             const Object& set,
             const Object* pod,
             std::int32_t ordinal,
             const store::Cache& cache,
             Release rules,
             SimTime now) {
  const Conditions conditions = conditions_of(set, rules, now);
  const PodActions actions(set, cache, conditions);
  const bool ready = pod != nullptr && Conditions::running_and_ready(*pod);
  const bool available = pod != nullptr && conditions.available(*pod);
  pods.present.set(ordinal, pod != nullptr);
  if (pod != nullptr && pod->key.name != pod_name(set, ordinal)) {
    pods.odd_names.set(ordinal, pod->key.name);
  } else {
    pods.odd_names.erase(ordinal);
  }
  pods.ready.set(ordinal, ready);
  pods.available.set(ordinal, ready && available);
  pods.unavailable.set(ordinal, pod != nullptr && conditions.unavailable(*pod));
  pods.terminating.set(ordinal, pod != nullptr && pod->terminating());
  pods.unsettled.set(
      ordinal, pod != nullptr && !passes(*pod, spec_pointer(set)->parallel, conditions, actions));
  pods.mismatched.set(ordinal, pod != nullptr && !actions.claims_match(*pod));
  sort_by_revision(pods, pod, ordinal);
  const bool young = pod != nullptr && pod->as<api::Pod>().status.ready() && !available;
  sort_by_age(pods,
              ordinal,
              young ? std::optional(pod->as<api::Pod>()
                                        .status.condition(api::PodConditionType::Ready)
                                        .last_transition())
                    : std::nullopt);
}

const policy::Policy& SetViews::policy() const {
  return policy_ == nullptr ? *policy::built_in().front() : *policy_;
}

Release SetViews::rules(const store::Cache& cache) const {
  const std::optional<Release> own = policy_ == nullptr ? std::nullopt : policy_->release();
  return own.value_or(cache.features().release);
}

const Text& SetViews::kept(const api::ObjectKey& set) const {
  static const Text kNothing;
  const Text* found = kept_.find(set);
  return found == nullptr ? kNothing : *found;
}

void SetViews::keep(const api::ObjectKey& set, Text state) {
  if (state.empty()) {
    kept_.erase(set);
  } else {
    kept_.set(set, std::move(state));
  }
}

void SetViews::observe(const store::Change& change, const store::Cache& cache, SimTime now) {
  const ObjectKey& key = change.object().key;
  if (key.kind == Kind::Pod) {
    observe_pod(change, cache, now);
  } else if (key.kind == Kind::StatefulSet) {
    observe_set(change, cache, now);
  } else if (key.kind == Kind::PersistentVolumeClaim) {
    observe_claim(key, cache, now);
  } else if (key.kind == Kind::ControllerRevision) {
    observe_revision(change, cache);
  }
}

void SetViews::observe_revision(const store::Change& change, const store::Cache& cache) {
  const ObjectKey& key = change.object().key;
  const OwnerReference* before = change.before ? change.before->controller() : nullptr;
  const OwnerReference* after = change.after ? change.after->controller() : nullptr;
  if (change.after && after == nullptr) {
    orphan_revisions_.set(key, {});
  } else {
    orphan_revisions_.erase(key);
  }
  const auto views_of = [&](const OwnerReference* owner) {
    SetPods* pods = owner == nullptr ? nullptr : sets_.edit(owner->uid);
    return pods != nullptr && pods->owner.ns == key.ns ? pods : nullptr;
  };
  if (SetPods* pods = views_of(before)) {
    pods->templates.erase(key.name);
  }
  if (SetPods* pods = views_of(after)) {
    pods->templates.set(key.name, template_at(*cache.find(pods->owner), *change.after, cache));
  }
}

void SetViews::observe_set(const store::Change& change, const store::Cache& cache, SimTime now) {
  if (change.before && (!change.after || change.after->uid != change.before->uid)) {
    sets_.erase(change.before->uid);
    kept_.erase(change.before->key);
  }
  if (!change.after) {
    return;
  }
  const Object& set = *change.after;
  if (SetPods* known = sets_.edit(set.uid);
      known != nullptr &&
      (known->spec == spec_pointer(set) || same_for_pods(*known->spec, *spec_pointer(set)))) {
    if (known->spec->pod_template != spec_pointer(set)->pod_template) {
      known->revision_text = text_of(set, cache);
    }
    known->spec = spec_pointer(set);
    return;
  }
  SetPods pods;
  pods.spec = spec_pointer(set);
  pods.revision_text = text_of(set, cache);
  pods.owner = set.key;
  for (const ObjectPtr& pod : cache.owned_by(set.uid, Kind::Pod)) {
    if (pod->key.ns == set.key.ns) {
      look_at_pod(pods, set, pod->key, cache, rules(cache), now);
    }
  }
  for (const ObjectPtr& revision : cache.owned_by(set.uid, Kind::ControllerRevision)) {
    if (revision->key.ns == set.key.ns && is_controlled_by(*revision, set)) {
      pods.templates.set(revision->key.name, template_at(set, *revision, cache));
    }
  }
  sets_.set(set.uid, std::move(pods));
}

void SetViews::observe_pod(const store::Change& change, const store::Cache& cache, SimTime now) {
  const ObjectKey& key = change.object().key;
  const OwnerReference* before = change.before ? change.before->controller() : nullptr;
  const OwnerReference* after = change.after ? change.after->controller() : nullptr;
  if (before != nullptr && (after == nullptr || after->uid != before->uid)) {
    look_at(key, before, cache, now);
  }
  look_at(key, after, cache, now);
  if ((change.before && before == nullptr) || (change.after && after == nullptr)) {
    const Orphan orphan{key.ns, std::string(api::parent_and_ordinal(key.name).parent), key.name};
    if (change.after && after == nullptr) {
      orphans_.set(orphan, {});
    } else {
      orphans_.erase(orphan);
    }
  }
}

/// A claim's name is that of its template and of its pod, both of which may have dashes.
void SetViews::observe_claim(const ObjectKey& claim, const store::Cache& cache, SimTime now) {
  const std::string_view name = claim.name;
  for (std::size_t dash = name.find('-'); dash != std::string_view::npos;
       dash = name.find('-', dash + 1)) {
    const auto [parent, ordinal] = api::parent_and_ordinal(name.substr(dash + 1));
    const ObjectPtr set = ordinal < 0 ? nullptr : cache.find({Kind::StatefulSet, claim.ns, parent});
    if (SetPods* pods = set ? sets_.edit(set->uid) : nullptr) {
      look_at_ordinal(*pods, *set, ordinal, cache, rules(cache), now);
    }
  }
}

void SetViews::look_at(const ObjectKey& pod,
                       const OwnerReference* owner,
                       const store::Cache& cache,
                       SimTime now) {
  // Only the uid tells whose a pod is, whatever else the reference says. Rule: SS-61.
  SetPods* pods = owner == nullptr ? nullptr : sets_.edit(owner->uid);
  if (pods != nullptr && pods->owner.ns == pod.ns) {
    look_at_pod(*pods, *cache.find(pods->owner), pod, cache, rules(cache), now);
  }
}

void SetViews::advance(const ObjectKey& key, const store::Cache& cache, SimTime now) {
  const ObjectPtr set = cache.find(key);
  if (!set) {
    return;
  }
  const Conditions conditions = conditions_of(*set, rules(cache), now);
  while (true) {
    const SetPods* known = sets_.find(set->uid);
    if (known == nullptr || known->by_age.empty() ||
        !conditions.long_enough(known->by_age.begin()->key.since)) {
      return;
    }
    const std::int32_t ordinal = known->by_age.begin()->key.ordinal;
    look_at_ordinal(*sets_.edit(set->uid), *set, ordinal, cache, conditions.release, now);
  }
}

const SetPods& SetViews::of(const Object& set) const {
  const SetPods* found = sets_.find(set.uid);
  STSIM_ASSERT(found != nullptr);
  return *found;
}

std::vector<ObjectPtr> SetViews::orphans(const Object& set, const store::Cache& cache) const {
  std::vector<ObjectPtr> out;
  for (auto it = orphans_.lower_bound(Orphan{set.key.ns, set.key.name, ""});
       it != orphans_.end() && it->key.ns == set.key.ns && it->key.parent == set.key.name;
       ++it) {
    out.push_back(cache.find({Kind::Pod, set.key.ns, it->key.name}));
  }
  return out;
}

std::vector<ObjectPtr> SetViews::orphan_revisions(const std::string& ns,
                                                  const store::Cache& cache) const {
  std::vector<ObjectPtr> out;
  for (auto it = orphan_revisions_.lower_bound(ObjectKey{Kind::ControllerRevision, ns, ""});
       it != orphan_revisions_.end() && it->key.ns == ns;
       ++it) {
    out.push_back(cache.find(it->key));
  }
  return out;
}

}  // namespace stsim::controllers::statefulset
