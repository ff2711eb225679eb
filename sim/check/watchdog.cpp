#include "families.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/check/invariants.hpp>
#include <stsim/check/watchdog.hpp>

#include <algorithm>
#include <array>

namespace stsim::check {

using api::Kind;
using api::Object;
using api::ObjectPtr;
using engine::Actor;
using engine::TraceRecord;

namespace {

constexpr std::size_t kGuarantees = 13;
enum What : std::size_t {
  kCreatedInOrder,
  kScaledDownInOrder,
  kUpdatedInOrder,
  kOneOfAnOrdinal,
  kPartition,
  kPartitionRevision,
  kOnDelete,
  kOwnClaims,
  kNoClaimDeleted,
  kRetention,
  kOneVolume,
  kCollected,
  kRest,
  kStaleOrder,
  kBudget,
  kComplete,
  kOnDeleteCounts,
  kTwoOfOne,
  kElsewhere,
  kLeftBehind,
};

constexpr std::array kWatched{
    Watched{Promise::Guarantee, "SS-112", "under OrderedReady pods are created in order"},
    Watched{Promise::Guarantee, "SS-123", "under OrderedReady pods are removed in reverse order"},
    Watched{Promise::Guarantee,
            "SS-126",
            "under OrderedReady an update waits until all pods are ready"},
    Watched{Promise::Guarantee, "SS-20", "of an ordinal there is one pod"},
    Watched{Promise::Guarantee, "SS-127", "no pod below the partition is updated"},
    Watched{Promise::Guarantee,
            "SS-117",
            "a pod below the partition is created at the current revision"},
    Watched{Promise::Guarantee, "SS-125", "with OnDelete no pod is updated"},
    Watched{Promise::Guarantee, "SS-22", "a pod has the claims of its ordinal"},
    Watched{Promise::Guarantee, "SS-124", "a set's controller deletes no claims"},
    Watched{Promise::Guarantee,
            "SS-170",
            "claims get only those owners that the retention policy wants"},
    Watched{Promise::Guarantee, "PV-40", "a volume is bound to one claim"},
    Watched{Promise::Guarantee, "GC-3", "the collector deletes only what has lost its owners"},
    Watched{Promise::Guarantee, "at rest", "what is told of things is true once all is at rest"},
    Watched{Promise::Hope, "S10", "controllers act on what is so, and not on what was so"},
    Watched{Promise::Hope, "R4", "an update takes no more pods down than maxUnavailable allows"},
    Watched{Promise::Hope, "R6", "an update is complete once all pods are available"},
    Watched{Promise::Hope, "R14", "the status tells that all pods are at the update revision"},
    Watched{Promise::Hope, "N2", "one pod of an identity runs at a time"},
    Watched{Promise::Hope, "PV-84", "a pod comes back to its data"},
    Watched{Promise::Notice, "PV-60", "data was left behind"},
};
static_assert(kWatched.size() == kLeftBehind + 1);
static_assert(kWatched[kGuarantees - 1].promise == Promise::Guarantee &&
              kWatched[kGuarantees].promise == Promise::Hope);

bool is_healthy(const Object& pod) {
  const api::PodStatus& status = pod.as<api::Pod>().status;
  return !pod.terminating() && status.phase == api::PodPhase::Running && status.ready();
}

const api::StatefulSetSpec& spec_of(const Object& set) {
  return *set.as<api::StatefulSet>().spec;
}

const api::OwnerReference* owning_set(const Object& dependent) {
  const api::OwnerReference* owner = dependent.controller();
  return owner != nullptr && owner->kind == "StatefulSet" ? owner : nullptr;
}

/// Whether an object has owners, and none that is there and stays. Rules: GC-3, GC-4, GC-6.
bool has_lost_owners(const Object& object, const world::World& world) {
  const auto stays = [&](const api::OwnerReference& owner) {
    const auto kind = api::find_kind(owner.api_version, owner.kind);
    if (!kind) {
      return false;
    }
    const std::string_view ns = api::info(*kind).namespaced ? object.key.ns.view() : "";
    const ObjectPtr found = world.store.find({*kind, ns, owner.name});
    return found && found->uid == owner.uid &&
           !(found->terminating() && found->has_finalizer(api::kForegroundFinalizer));
  };
  return !object.owners.empty() && std::ranges::none_of(object.owners, stays);
}

std::string name_of(const Object& object) {
  return fmt::format("{}/{}", object.key.ns, object.key.name);
}

/// How many pods may be unavailable while a set is updated. Rule: SS-130.
std::int64_t budget_of(const api::StatefulSetSpec& spec, const api::Features& features) {
  if (!features.enabled("MaxUnavailableStatefulSet") || !spec.rolling_update_block ||
      !spec.max_unavailable) {
    return 1;
  }
  const api::IntOrPercent& max = *spec.max_unavailable;
  return std::max<std::int64_t>(1, max.percent ? max.value * spec.replicas / 100 : max.value);
}

bool owned_by(const Object& claim, std::string_view kind) {
  return std::ranges::any_of(
      claim.owners, [kind](const api::OwnerReference& owner) { return owner.kind == kind; });
}

}  // namespace

std::span<const Watched> watched() {
  return kWatched;
}

void Watchdog::begin(const world::World& world) {
  for (const Kind kind : {Kind::StatefulSet, Kind::Pod}) {
    world.store.for_each(kind, [&](const ObjectPtr& object) {
      TraceRecord there;
      there.object = object->key;
      there.after = object;
      keep(there, world);
    });
  }
}

void Watchdog::see(const TraceRecord& record, const world::World& world) {
  own_order_ = world.views.sets.policy().has_own_order();
  for (DataFinding& finding : data_.see(record, world)) {
    const What what = finding.what == DataFinding::What::Elsewhere ? kElsewhere : kLeftBehind;
    broke(kWatched[what], record.time, record.id, std::move(finding.text));
  }
  if (record.object.kind == Kind::Pod && !world.nodes.orphans.empty()) {
    look_for_two(record, world);
  }
  history_left_ = history_left_ || may_leave_history(record);
  if (record.type == TraceRecord::Type::Sync) {
    if (record.actor == Actor::StatefulSetController) {
      sync(record, world);
    }
  } else if (record.type == TraceRecord::Type::Call && record.before != record.after) {
    call(record, world);
    keep(record, world);
  }
}

/// Whether a pod of a name runs, and another one of which the API does not know any more. Each pair
/// is told once. Rule: PN-62.
void Watchdog::look_for_two(const TraceRecord& record, const world::World& world) {
  const ObjectPtr pod = world.store.find(record.object);
  if (!pod || !runs(*pod)) {
    return;
  }
  for (const auto& [uid, orphan] : world.nodes.orphans) {
    if (orphan.pod->key != pod->key || !pairs_.emplace(uid, pod->uid).second) {
      continue;
    }
    std::string both = fmt::format("{} runs on {}, and another pod of that name on {}",
                                   name_of(*pod),
                                   pod->as<api::Pod>().node_name,
                                   orphan.pod->as<api::Pod>().node_name);
    const std::vector<std::string> places = data_.places_of(uid);
    for (const std::string& place : data_.places_of(pod->uid)) {
      if (std::ranges::find(places, place) != places.end()) {
        both += fmt::format("; both write to {}", place);
      }
    }
    broke(kWatched[kTwoOfOne], record.time, record.id, std::move(both));
  }
}

/// Whether a controller of sets has yet to see something that it goes by.
bool is_stale(const store::Watch& watch, const store::Store& store) {
  bool out = false;
  for (const Kind kind : {Kind::Pod, Kind::StatefulSet, Kind::ControllerRevision}) {
    if (watch.seen(kind) != store.position()) {
      store.for_each_changed(kind, watch.seen(kind), [&out](const store::Change&) { out = true; });
    }
  }
  return out;
}

void Watchdog::sync(const TraceRecord& record, const world::World& world) {
  const ObjectPtr set = world.store.find(record.object);
  if (!set) {
    return;
  }
  Seen seen;
  seen.record = record.id;
  seen.set = set;
  seen.stale = is_stale(world.of(record.actor).watch, world.store);
  if (const auto found = pods_.find(set->uid); found != pods_.end()) {
    const Pods& pods = found->second;
    const auto first_of = [&pods]<class Ordinal>(const std::set<Ordinal>& ordinals) {
      const auto lowest = ordinals.lower_bound(static_cast<Ordinal>(pods.first));
      return lowest != ordinals.end() && pods.in_range(*lowest) ? std::optional(*lowest)
                                                                : std::nullopt;
    };
    seen.lowest_unhealthy = first_of(pods.unhealthy);
    seen.lowest_absent = first_of(pods.absent);
    seen.highest = pods.highest;
    seen.oddly_named = pods.oddly_named;
  }
  Seen& kept = seen_[set->uid];
  sets_.erase(kept.record);
  sets_.emplace(seen.record, set->uid);
  kept = std::move(seen);
}

void Watchdog::call(const TraceRecord& record, const world::World& world) {
  const bool by_sets = record.actor == Actor::StatefulSetController;
  if (record.actor == Actor::GarbageCollector && record.verb == "delete" &&
      !has_lost_owners(*record.before, world)) {
    broke(kWatched[kCollected], record.time, record.id, name_of(*record.before));
  }
  switch (record.object.kind) {
    case Kind::Pod:
      if (by_sets && !record.before) {
        pod_created(record, world);
      } else if (by_sets && record.verb == "delete" && !record.before->terminating()) {
        pod_deleted(record, world);
      }
      break;
    case Kind::PersistentVolumeClaim:
      if (by_sets) {
        claim_changed(record);
      }
      if (record.before && record.after &&
          record.before->as<api::Claim>().phase != api::ClaimPhase::Bound &&
          record.after->as<api::Claim>().phase == api::ClaimPhase::Bound) {
        const auto& claim = record.after->as<api::Claim>();
        const ObjectPtr volume = world.store.find({Kind::PersistentVolume, "", claim.volume_name});
        const auto* body = volume ? &volume->as<api::Volume>() : nullptr;
        if (body != nullptr && body->claim_ref && body->claim_ref->uid != record.after->uid) {
          broke(kWatched[kOneVolume],
                record.time,
                record.id,
                fmt::format("{} is bound to {}, which is {}'s",
                            name_of(*record.after),
                            volume->key.name,
                            body->claim_ref->name));
        }
      }
      break;
    case Kind::StatefulSet:
      if (by_sets && record.before && record.after) {
        status_written(record, world);
      }
      break;
    default:
      break;
  }
}

const Watchdog::Seen* Watchdog::seen_of(const Object& dependent) const {
  const api::OwnerReference* owner = owning_set(dependent);
  const auto seen = owner == nullptr ? seen_.end() : seen_.find(owner->uid);
  return seen == seen_.end() ? nullptr : &seen->second;
}

/// Who has not seen everything cannot be blamed.
void Watchdog::out_of_order(const Watched& what,
                            const Seen& seen,
                            const TraceRecord& record,
                            std::string text) {
  if (own_order_ && &what != &kWatched[kOneOfAnOrdinal]) {
    return;
  }
  broke(seen.stale ? kWatched[kStaleOrder] : what, record.time, record.id, std::move(text));
}

void Watchdog::pod_created(const TraceRecord& record, const world::World& world) {
  const Object& pod = *record.after;
  const Seen* seen = seen_of(pod);
  const auto [parent, ordinal] = api::parent_and_ordinal(pod.key.name.view());
  if (seen == nullptr || ordinal < 0) {
    return;
  }
  const api::StatefulSetSpec& spec = spec_of(*seen->set);
  if (seen->oddly_named.contains(ordinal)) {
    out_of_order(kWatched[kOneOfAnOrdinal],
                 *seen,
                 record,
                 fmt::format("{} is there under another name", name_of(pod)));
  }
  if (!spec.parallel) {
    const std::int64_t next =
        std::max(seen->highest + 1, static_cast<std::int64_t>(spec.start_ordinal));
    const std::int64_t absent = std::min(seen->lowest_absent.value_or(next), next);
    if (seen->lowest_unhealthy && *seen->lowest_unhealthy < ordinal) {
      out_of_order(
          kWatched[kCreatedInOrder],
          *seen,
          record,
          fmt::format("{}: {}-{} is not ready", name_of(pod), parent, *seen->lowest_unhealthy));
    } else if (absent < ordinal &&  // it may be adopted, and then it is there
               !world.store.find({Kind::Pod, pod.key.ns, fmt::format("{}-{}", parent, absent)})) {
      out_of_order(kWatched[kCreatedInOrder],
                   *seen,
                   record,
                   fmt::format("{}: {}-{} is not there", name_of(pod), parent, absent));
    }
  }
  const api::StatefulSetStatus& status = seen->set->as<api::StatefulSet>().status;
  const bool held_back = spec.strategy == api::UpdateStrategy::RollingUpdate &&
                         spec.rolling_update_block &&
                         ordinal < std::int64_t{spec.start_ordinal} + spec.partition;
  if (held_back && !status.current_revision.empty() &&
      world.store.find({Kind::ControllerRevision, pod.key.ns, status.current_revision}) &&
      pod.label(api::kRevisionLabel) != status.current_revision) {
    out_of_order(kWatched[kPartitionRevision],
                 *seen,
                 record,
                 fmt::format("{} is at {}, and {} is current",
                             name_of(pod),
                             pod.label(api::kRevisionLabel),
                             status.current_revision));
  }
  const std::vector<api::ClaimVolume> claims = api::claims(pod);
  for (const api::ClaimTemplate& wanted : spec.claim_templates) {
    const std::string name = fmt::format("{}-{}", wanted.name, pod.key.name);
    if (std::ranges::none_of(claims, [&](const api::ClaimVolume& claim) {
          return claim.volume == wanted.name && claim.claim == name;
        })) {
      broke(kWatched[kOwnClaims],
            record.time,
            record.id,
            fmt::format("{} does not have {}", name_of(pod), name));
    }
  }
}

void Watchdog::pod_deleted(const TraceRecord& record, const world::World& world) {
  const Object& pod = *record.before;
  const Seen* seen = seen_of(pod);
  const std::int32_t ordinal = api::parent_and_ordinal(pod.key.name.view()).ordinal;
  if (seen == nullptr || ordinal < 0) {
    return;
  }
  const api::StatefulSetSpec& spec = spec_of(*seen->set);
  const bool wanted =
      ordinal >= spec.start_ordinal && ordinal < std::int64_t{spec.start_ordinal} + spec.replicas;
  if (!wanted) {
    scaled_down(record, world, *seen, ordinal);
  } else if (!pod.as<api::Pod>().status.ended()) {
    updated(record, world, *seen, ordinal);
  }
}

void Watchdog::scaled_down(const TraceRecord& record,
                           const world::World& world,
                           const Seen& seen,
                           std::int32_t ordinal) {
  const api::StatefulSetSpec& spec = spec_of(*seen.set);
  if (spec.parallel || spec.strategy == api::UpdateStrategy::Recreate ||  // OP-7
      ordinal < spec.start_ordinal) {
    return;
  }
  const Object& pod = *record.before;
  const std::string_view parent = api::parent_and_ordinal(pod.key.name.view()).parent;
  const ObjectPtr next =
      world.store.find({Kind::Pod, pod.key.ns, fmt::format("{}-{}", parent, ordinal + 1)});
  if (next && next->controller() != nullptr && next->controller()->uid == seen.set->uid) {
    out_of_order(kWatched[kScaledDownInOrder],
                 seen,
                 record,
                 fmt::format("{}: {} is still there", name_of(pod), next->key.name));
  } else if (seen.lowest_unhealthy) {
    out_of_order(
        kWatched[kScaledDownInOrder],
        seen,
        record,
        fmt::format("{}: {}-{} is not ready", name_of(pod), parent, *seen.lowest_unhealthy));
  }
}

void Watchdog::updated(const TraceRecord& record,
                       const world::World& world,
                       const Seen& seen,
                       std::int32_t ordinal) {
  const Object& pod = *record.before;
  const api::StatefulSetSpec& spec = spec_of(*seen.set);
  if (spec.strategy == api::UpdateStrategy::Recreate) {
    return;  // all pods at once: OP-7
  }
  if (spec.strategy == api::UpdateStrategy::OnDelete) {
    out_of_order(kWatched[kOnDelete], seen, record, name_of(pod));
    return;
  }
  if (spec.rolling_update_block && ordinal < std::int64_t{spec.start_ordinal} + spec.partition) {
    out_of_order(kWatched[kPartition],
                 seen,
                 record,
                 fmt::format("{}: the partition is {}", name_of(pod), spec.partition));
  }
  if (!spec.parallel && seen.lowest_unhealthy) {
    out_of_order(kWatched[kUpdatedInOrder],
                 seen,
                 record,
                 fmt::format("{}: {}-{} is not ready",
                             name_of(pod),
                             api::parent_and_ordinal(pod.key.name.view()).parent,
                             *seen.lowest_unhealthy));
  }
  const Pods& pods = pods_[seen.set->uid];
  std::int64_t down = pods.unhealthy_in_range;
  const std::int64_t budget = budget_of(spec, world.store.features());
  const SimTime since = record.time - seconds_of(spec.min_ready_seconds);
  for (auto it = pods.ready.rbegin(); it != pods.ready.rend() && it->first > since && down < budget;
       ++it) {
    down += it->second != ordinal && pods.in_range(it->second) ? 1 : 0;
  }
  if (down >= budget && is_healthy(pod) && !own_order_) {
    broke(kWatched[kBudget],
          record.time,
          record.id,
          fmt::format("{} is taken down, and {} of {} pods {} not available already",
                      name_of(pod),
                      down,
                      spec.replicas,
                      down == 1 ? "is" : "are"));
  }
}

void Watchdog::claim_changed(const TraceRecord& record) {
  if (record.verb == "delete") {
    broke(kWatched[kNoClaimDeleted], record.time, record.id, name_of(*record.before));
    return;
  }
  for (const engine::TraceId cause : record.causes.ids()) {
    const auto set = sets_.find(cause);
    if (set == sets_.end()) {
      continue;
    }
    const Seen& seen = seen_.at(set->second);
    const api::StatefulSetSpec& spec = spec_of(*seen.set);
    const auto gains = [&record](std::string_view kind) {
      return owned_by(*record.after, kind) && !(record.before && owned_by(*record.before, kind));
    };
    if ((gains("StatefulSet") && spec.when_deleted != api::Retention::Delete) ||
        (gains("Pod") && spec.when_scaled != api::Retention::Delete)) {
      out_of_order(kWatched[kRetention], seen, record, name_of(*record.after));
    }
    return;
  }
}

void Watchdog::status_written(const TraceRecord& record, const world::World& /*world*/) {
  const auto& before = record.before->as<api::StatefulSet>().status;
  const auto& after = record.after->as<api::StatefulSet>().status;
  const bool completes = !before.current_revision.empty() &&
                         before.current_revision != after.current_revision &&
                         after.current_revision == after.update_revision;
  const auto found = pods_.find(record.after->uid);
  const api::StatefulSetSpec& spec = spec_of(*record.after);
  if (!completes || found == pods_.end() || spec.min_ready_seconds == 0) {
    return;
  }
  const Pods& pods = found->second;
  const SimTime since = record.time - seconds_of(spec.min_ready_seconds);
  if (!pods.ready.empty() && pods.ready.rbegin()->first > since) {
    broke(kWatched[kComplete],
          record.time,
          record.id,
          fmt::format("{} counts as updated, and {}-{} is not available yet",
                      name_of(*record.after),
                      record.after->key.name,
                      pods.ready.rbegin()->second));
  }
}

void Watchdog::keep(const TraceRecord& record, const world::World& world) {
  if (record.object.kind == Kind::StatefulSet) {
    if (record.after) {
      keep_set(*record.after);
    } else {
      pods_.erase(record.before->uid);
      if (const auto seen = seen_.find(record.before->uid); seen != seen_.end()) {
        sets_.erase(seen->second.record);
        seen_.erase(seen);
      }
    }
    return;
  }
  if (record.object.kind != Kind::Pod) {
    return;
  }
  const auto young = [&world](const Object& pod) {
    const api::OwnerReference* owner = owning_set(pod);
    const ObjectPtr set =
        owner == nullptr ? nullptr : world.store.find({Kind::StatefulSet, pod.key.ns, owner->name});
    return set && spec_of(*set).min_ready_seconds > 0;
  };
  const bool same_owner = record.before && record.after && owning_set(*record.before) != nullptr &&
                          owning_set(*record.after) != nullptr &&
                          owning_set(*record.before)->uid == owning_set(*record.after)->uid;
  if (record.before && !same_owner) {
    keep_pod(*record.before, false, false);
  }
  if (record.after) {
    keep_pod(*record.after, true, young(*record.after));
  }
}

void Watchdog::keep_set(const Object& set) {
  Pods& pods = pods_[set.uid];
  const api::StatefulSetSpec& spec = spec_of(set);
  const std::int64_t first = spec.start_ordinal;
  const std::int64_t end = first + spec.replicas;
  pods.ordered = !spec.parallel;
  if (first != pods.first || end != pods.end) {
    pods.first = first;
    pods.end = end;
    pods.unhealthy_in_range = std::ranges::count_if(
        pods.unhealthy, [&pods](std::int32_t ordinal) { return pods.in_range(ordinal); });
  }
}

void Watchdog::Pods::mark(std::int32_t ordinal, bool there) {
  if (!ordered) {
    return;
  }
  if (!there && ordinal == highest) {
    do {
      absent.erase(highest);
      --highest;
    } while (absent.contains(highest));
  } else if (!there) {
    absent.insert(ordinal);
  } else {
    // Those of a range are created one after the other; of others nobody expects anything.
    const std::int64_t below = std::clamp<std::int64_t>(ordinal, first, end);
    for (std::int64_t k = std::max(highest + 1, first); k < below; ++k) {
      absent.insert(k);
    }
    absent.erase(ordinal);
    highest = std::max<std::int64_t>(highest, ordinal);
  }
}

void Watchdog::keep_pod(const Object& pod, bool there, bool young) {
  const api::OwnerReference* owner = owning_set(pod);
  const auto [parent, ordinal] = api::parent_and_ordinal(pod.key.name.view());
  if (owner == nullptr || ordinal < 0 || parent != owner->name) {
    return;
  }
  Pods& pods = pods_[owner->uid];
  if (pod.key.name.view() != fmt::format("{}-{}", parent, ordinal)) {
    if (there) {
      pods.oddly_named.insert(ordinal);
    } else {
      pods.oddly_named.erase(ordinal);
    }
    pods.mark(ordinal, there);
    return;
  }
  pods.mark(ordinal, there);
  const bool unhealthy = there && !is_healthy(pod);
  const bool changed =
      unhealthy ? pods.unhealthy.insert(ordinal).second : pods.unhealthy.erase(ordinal) > 0;
  if (changed && pods.in_range(ordinal)) {
    pods.unhealthy_in_range += unhealthy ? 1 : -1;
  }
  if (const auto since = pods.ready_since.find(ordinal); since != pods.ready_since.end()) {
    pods.ready.erase({since->second, ordinal});
    pods.ready_since.erase(since);
  }
  if (there && young && !unhealthy) {
    const SimTime since =
        pod.as<api::Pod>().status.condition(api::PodConditionType::Ready).last_transition();
    pods.ready.emplace(since, ordinal);
    pods.ready_since.emplace(ordinal, since);
  }
}

void Watchdog::rests(const world::World& world) {
  if (!undisturbed(world)) {
    return;
  }
  for (const Finding& finding : findings(world, When::AtRest)) {
    if (history_left_ && finding.invariant->rule == "SS-95") {
      continue;
    }
    broke(kWatched[kRest], world.now, 0, to_string(finding));
  }
  for (const ObjectPtr& set : world.store.list(Kind::StatefulSet)) {
    const api::StatefulSetStatus& status = set->as<api::StatefulSet>().status;
    const api::StatefulSetSpec& spec = spec_of(*set);
    if (spec.strategy == api::UpdateStrategy::OnDelete && spec.replicas > 0 &&
        status.updated_replicas == spec.replicas && status.ready_replicas == spec.replicas &&
        status.current_revision != status.update_revision) {
      broke(kWatched[kOnDeleteCounts],
            world.now,
            0,
            fmt::format("{}: all {} pods are at {}, and currentRevision is {}",
                        name_of(*set),
                        spec.replicas,
                        status.update_revision,
                        status.current_revision));
    }
  }
}

void Watchdog::broke(const Watched& what, SimTime time, engine::TraceId record, std::string text) {
  Broken broken{&what, time, record, std::move(text)};
  if (what.promise == Promise::Guarantee) {
    if (!broken_) {
      broken_ = std::move(broken);
    }
    return;
  }
  const auto [known, first] = others_.try_emplace(what.source, Repeated{broken, 0});
  ++known->second.times;
}

std::string to_string(const Broken& broken) {
  return fmt::format("{}: {}: {}", broken.watched->source, broken.watched->text, broken.text);
}

}  // namespace stsim::check
