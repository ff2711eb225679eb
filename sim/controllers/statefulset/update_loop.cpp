#include "update_loop.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/controllers/statefulset/identity.hpp>

#include <algorithm>
#include <map>

namespace stsim::controllers::statefulset {

using api::Object;
using api::ObjectPtr;
using api::PodPhase;

std::string_view revision_of(const Object& pod) {
  return pod.label(api::kRevisionLabel);
}

bool Conditions::created(const Object& pod) {
  return pod.as<api::Pod>().status.phase != PodPhase::None;
}

bool Conditions::running_and_ready(const Object& pod) {
  const api::PodStatus& status = pod.as<api::Pod>().status;
  return status.phase == PodPhase::Running && status.ready();
}

bool Conditions::available(const Object& pod) const {
  const api::PodStatus& status = pod.as<api::Pod>().status;
  if (!status.ready()) {
    return false;
  }
  return long_enough(status.condition(api::PodConditionType::Ready).last_transition());
}

bool Conditions::long_enough(SimTime since) const {
  if (min_ready_seconds == 0) {
    return true;
  }
  const SimTime then = since + std::chrono::seconds{min_ready_seconds};
  return release.at_least(34) ? then <= now : then < now;  // SS-250
}

bool Conditions::unavailable(const Object& pod) const {
  const bool up = release.at_least(34) ? available(pod) : running_and_ready(pod);
  return !up || pod.terminating();
}

bool Conditions::ended(const Object& pod) const {
  const PodPhase phase = pod.as<api::Pod>().status.phase;
  return phase == PodPhase::Failed || (phase == PodPhase::Succeeded && release.at_least(27));
}

bool Conditions::completes_claims(const Object& pod) const {
  return release.at_least(27) && pod.as<api::Pod>().status.phase == PodPhase::Pending;
}

namespace {

/// The loop over one set. Its methods follow the phases of section 6 and append to the plan. The
/// rules visit every replica; what a visit would find is known beforehand, so only those are
/// visited where it would do something or stop.
class UpdateLoop {
 public:
  UpdateLoop(const LoopInput& input, Plan& plan)
      : in_(input),
        plan_(plan),
        spec_(*input.set.as<api::StatefulSet>().spec),
        actions_(input.set, input.cache, input.conditions),
        monotonic_(!spec_.parallel),
        counts_as_it_goes_(!input.conditions.release.at_least(26)),
        start_(spec_.start_ordinal),
        end_(std::min<std::int64_t>(start_ + std::max(spec_.replicas, 0), kOrdinals)) {}

  void run() {
    plan_.status = StatusPlan{std::make_shared<const Object>(in_.set), {}, {}};
    if (in_.set.terminating()) {
      count();  // SS-106
      wait(in_.set.key,
           fmt::format("{} is being deleted: nothing is created or deleted any more",
                       in_.set.key.name),
           "SS-106");
      return;
    }
    if (counts_as_it_goes_) {
      count();
    }
    const bool go_on = process_replicas() && process_condemned();
    if (!counts_as_it_goes_) {
      count();
    }
    if (go_on && spec_.strategy == api::UpdateStrategy::RollingUpdate) {
      roll();
    }
  }

 private:
  using Place = std::optional<std::int64_t>;

  /// The name of the first pod that is missing or unavailable, first among the replicas, then among
  /// the condemned; empty if there is none. Rule: SS-105.
  [[nodiscard]] std::string first_unavailable() const {
    const std::int64_t gap = in_.pods.present.next_missing(start_);
    const auto found = in_.pods.unavailable.next(start_);
    if (const std::int64_t first = std::min(gap, found.value_or(gap)); first < end_) {
      return in_.pods.name_of(in_.set, static_cast<std::int32_t>(first));
    }
    const auto condemned = in_.pods.unavailable.next(0);
    return condemned ? in_.pods.name_of(in_.set, static_cast<std::int32_t>(*condemned)) : "";
  }

  [[nodiscard]] ObjectPtr find(std::int32_t ordinal) const {
    if (const auto it = in_.adopted.find(ordinal); it != in_.adopted.end()) {
      return it->second;
    }
    return in_.cache.find({api::Kind::Pod, in_.set.key.ns, in_.pods.name_of(in_.set, ordinal)});
  }

  /// The pod of an ordinal, or the placeholder for it. Rule: SS-103.
  ObjectPtr replica(std::int32_t ordinal) {
    if (const auto it = replaced_.find(ordinal); it != replaced_.end()) {
      return it->second.next;
    }
    return in_.pods.present.contains(ordinal) ? find(ordinal) : placeholder(ordinal);
  }

  /// SS-103, SS-117.
  ObjectPtr placeholder(std::int32_t ordinal) {
    const std::int64_t index = std::int64_t{ordinal} - spec_.start_ordinal;
    bool current = false;
    if (spec_.strategy == api::UpdateStrategy::RollingUpdate) {
      current = spec_.rolling_update_block
                    ? index < spec_.partition
                    : index < in_.set.as<api::StatefulSet>().status.current_replicas;
    }
    const ObjectPtr& revision = current ? in_.revisions.current : in_.revisions.update;
    Object pod = make_pod(in_.set, template_at(*revision), ordinal, in_.conditions.release);
    pod.as<api::Pod>().status.phase = PodPhase::None;
    return std::make_shared<const Object>(std::move(pod));
  }

  const PodTemplate& template_at(const Object& revision) {
    if (const auto* known = in_.pods.templates.find(revision.key.name)) {
      return **known;
    }
    auto [it, added] = templates_.try_emplace(revision.key.name);  // of one not stored, or adopted
    if (added) {
      it->second =
          make_template(in_.set, revision.key.name, template_of(revision), in_.cache.features());
    }
    return it->second;
  }

  /// Appends a group, in the given batch. Returns whether there was anything to do.
  bool add(Group group, int batch) {
    if (group.calls.empty()) {
      return false;
    }
    group.batch = batch;
    plan_.groups.push_back(std::move(group));
    return true;
  }

  void wait(const api::ObjectKey& about, std::string text, std::string_view rule) {
    plan_.waits.push_back({about, std::move(text), rule});
  }

  /// A batch of a Parallel set: 1, 2, 4, … 256 pods, then 500 each. Rule: SS-110.
  struct Batch {
    std::int64_t first{};
    std::int64_t size{};
  };

  /// The batch that a place belongs to.
  static Batch batch_of(std::int64_t place) {
    constexpr std::int64_t kGrowing = 511;  // 1 + 2 + 4 + … + 256
    constexpr std::int64_t kLargest = 500;
    if (place >= kGrowing) {
      return {place - (place - kGrowing) % kLargest, kLargest};
    }
    std::int64_t size = 1;
    while (place >= 2 * size - 1) {
      size *= 2;
    }
    return {size - 1, size};
  }

  /// Calls `process` with the places, of 0 … count-1, that `next` names, the first from a place on:
  /// one after the other until it returns false, or in a Parallel set all of them, in batches. A
  /// batch is concurrent; its order is free. Ours is what recordings of real clusters show most:
  /// the last one first, then the others. Returns whether the loop goes on. Rule: SS-110.
  template <class Next, class Process>
  bool for_all(std::int64_t count, Next next, Process process) {
    Place place = next(0);
    if (monotonic_ || counts_as_it_goes_) {
      for (; place; place = next(*place + 1)) {
        ++batch_;
        if (!process(*place) && monotonic_) {
          return false;
        }
      }
      return true;
    }
    while (place) {
      ++batch_;
      const Batch batch = batch_of(*place);
      const std::int64_t last = std::min(batch.first + batch.size, count) - 1;
      if (next(last) == last) {
        process(last);
      }
      for (; place && *place < last; place = next(*place + 1)) {
        process(*place);
      }
      place = next(last + 1);
      if (plan_.groups.size() > kMostGroups) {
        // The rest is found missing by the next sync, which follows at once.
        plan_.again.push_back({in_.set.key, {}});
        return false;
      }
    }
    return true;
  }

  /// Phase A. Rule: SS-110.
  bool process_replicas() {
    const auto next = [this](std::int64_t index) -> Place {
      const std::int64_t from = start_ + index;
      const std::int64_t missing = in_.pods.present.next_missing(from);
      const std::int64_t first = std::min(missing, in_.pods.unsettled.next(from).value_or(missing));
      return first < end_ ? Place(first - start_) : std::nullopt;
    };
    return for_all(end_ - start_, next, [this](std::int64_t index) {
      const auto ordinal = static_cast<std::int32_t>(start_ + index);
      const ObjectPtr pod = replica(ordinal);
      return process_replica(ordinal, *pod);
    });
  }

  /// SS-111.1.
  void remove_ended(const Object& pod) {
    const std::string phase(api::to_string(pod.as<api::Pod>().status.phase));
    if (pod.terminating()) {
      wait(pod.key, fmt::format("{} has ended and is still there", pod.key.name), "SS-111");
      return;
    }
    add(actions_.remove(
            pod, fmt::format("{} is {} and has to be made anew", pod.key.name, phase), "SS-111"),
        batch_);
  }

  /// Up to 1.27 there is an event of its own, and the pod is created again in the same sync; from
  /// there on the new one stands for it, in the rollout and in the counts. SS-250.
  void replace_ended(std::int32_t ordinal, const Object& pod) {
    const PodPhase phase = pod.as<api::Pod>().status.phase;
    const bool failed = phase == PodPhase::Failed;
    const ObjectPtr next = placeholder(ordinal);
    Group group = actions_.remove(
        pod,
        fmt::format("{} is {} and has to be made anew", pod.key.name, api::to_string(phase)),
        "SS-111");
    group.calls.insert(group.calls.begin(),
                       tell({failed ? "Warning" : "Normal",
                             failed ? "RecreatingFailedPod" : "RecreatingTerminatedPod",
                             fmt::format("StatefulSet {}/{} is recreating {} Pod {}",
                                         in_.set.key.ns,
                                         in_.set.key.name,
                                         failed ? "failed" : "terminated",
                                         pod.key.name)}));
    if (counts_as_it_goes_) {
      add(std::move(group), batch_);
      adjust({.replicas = -1}, pod, -1);
      ++batch_;  // which a failure of the deletion stops
      create(*next, fmt::format("{} has ended", pod.key.name));
    } else if (actions_.waits_for_stale_claim(*next)) {
      add(std::move(group), batch_);
    } else {
      actions_.then_create(group, *next, fmt::format("{} has ended", pod.key.name));
      add(std::move(group), batch_);
    }
    replaced_[ordinal] = {find(ordinal), next};
  }

  void create(const Object& pod, std::string why) {
    add(actions_.create(pod, std::move(why)), batch_);
    if (counts_as_it_goes_) {
      adjust({.replicas = 1}, pod, 1);
    }
  }

  /// What the success of the last group changes in the counts: `change`, and `by` for a pod at the
  /// current or the update revision.
  void adjust(CountChange change, const Object& pod, int by) {
    const std::string_view revision = revision_of(pod);
    change.group = plan_.groups.size() - 1;
    change.current += revision == in_.revisions.current->key.name ? by : 0;
    change.updated += revision == in_.revisions.update->key.name ? by : 0;
    plan_.status->changes.push_back(change);
  }

  /// SS-111. Returns whether a monotonic set goes on to the next.
  bool process_replica(std::int32_t ordinal, const Object& pod) {
    const Text& name = pod.key.name;
    if (in_.conditions.ended(pod)) {
      if (in_.conditions.release.at_least(28)) {
        remove_ended(pod);
      } else {
        replace_ended(ordinal, pod);
      }
      return false;
    }
    if (!Conditions::created(pod)) {
      if (actions_.waits_for_stale_claim(pod)) {
        wait(pod.key,
             fmt::format(
                 "{} is not created: a claim of the earlier pod of this name is still there", name),
             "SS-177");
        return false;
      }
      create(pod, fmt::format("{} is missing", name));
      return false;
    }
    const bool completed =
        in_.conditions.completes_claims(pod) && add(actions_.complete_claims(pod), batch_);
    if (monotonic_) {
      if (pod.terminating()) {
        wait(pod.key,
             fmt::format("{} is terminating: its place is taken until it is gone", name),
             "SS-111");
        return false;
      }
      if (!Conditions::running_and_ready(pod)) {
        wait(pod.key,
             fmt::format("{} is not Running and Ready, and everything after it waits", name),
             "SS-111");
        return false;
      }
      if (!in_.conditions.available(pod)) {
        wait(pod.key, fmt::format("{} is Ready, but not yet for minReadySeconds", name), "SS-111");
        return false;
      }
    }
    if (!completed) {  // otherwise the claims' owners are being put right already
      add(actions_.repair(pod), batch_);
    }
    return true;
  }

  /// Condemned pods to be visited, the highest first, by their places among all condemned.
  using Condemned = std::map<std::int64_t, std::int32_t>;

  /// How many of some pods lie outside the range.
  [[nodiscard]] std::int64_t outside(const Ordinals& pods) const {
    return pods.count(0, start_ - 1) + pods.count(end_, kOrdinals);
  }

  /// The highest condemned pod up to an ordinal, of those that `pods` and not `but` holds.
  [[nodiscard]] Place condemned_up_to(std::int64_t most,
                                      const Ordinals& pods,
                                      const Ordinals& but) const {
    while (most >= 0) {
      Place found = pods.previous(most);
      if (found && *found >= start_ && *found < end_) {
        found = pods.previous(start_ - 1);
      }
      if (!found || !but.contains(static_cast<std::int32_t>(*found))) {
        return found;
      }
      most = but.previous_missing(*found);
    }
    return std::nullopt;
  }

  /// Those condemned pods that `pods` and not `but` holds, of more than `most` the highest.
  [[nodiscard]] Condemned condemned(const Ordinals& pods,
                                    const Ordinals& but,
                                    std::size_t most) const {
    Condemned out;
    std::int64_t place = 0;
    std::int64_t above = kOrdinals;
    for (Place at = condemned_up_to(kOrdinals, pods, but); at && out.size() < most;
         at = condemned_up_to(*at - 1, pods, but)) {
      place += in_.pods.present.count(*at, above - 1);
      if (*at < start_ && above >= end_) {
        place -= in_.pods.present.count(start_, end_ - 1);
      }
      out.emplace(place - 1, static_cast<std::int32_t>(*at));
      above = *at;
    }
    return out;
  }

  template <class Process>
  bool for_all_condemned(const Condemned& pods, Process process) {
    const auto next = [&pods](std::int64_t place) -> Place {
      const auto found = pods.lower_bound(place);
      return found == pods.end() ? std::nullopt : Place(found->first);
    };
    return for_all(outside(in_.pods.present), next, [&](std::int64_t place) {
      const ObjectPtr pod = find(pods.at(place));
      return process(*pod);
    });
  }

  /// Phases B and C. Rules: SS-120 to SS-123.
  bool process_condemned() {
    for_all_condemned(condemned(in_.pods.mismatched, {}, kMostCondemned),
                      [this](const Object& pod) {
                        add(actions_.claim_owners(pod), batch_);
                        return true;
                      });
    // An ordered set stops at the first one; a Parallel one has nothing to do with those that go.
    const Condemned pods = monotonic_
                               ? condemned(in_.pods.present, {}, 1)
                               : condemned(in_.pods.present, in_.pods.terminating, kMostCondemned);
    return for_all_condemned(pods,
                             [this](const Object& pod) { return process_condemned_pod(pod); });
  }

  bool process_condemned_pod(const Object& pod) {
    const Text& name = pod.key.name;
    if (pod.terminating()) {
      if (monotonic_) {
        wait(pod.key,
             fmt::format("{} is terminating: the next one goes when it is gone", name),
             "SS-122");
      }
      return false;
    }
    if (monotonic_ && (!Conditions::running_and_ready(pod) || !in_.conditions.available(pod))) {
      const std::string first = first_unavailable();
      if (first != name) {
        wait(pod.key,
             first.empty()
                 ? fmt::format("{} is Ready, but not yet for minReadySeconds", name)
                 : fmt::format(
                       "{} is not available, and neither is {}, which comes first", name, first),
             "SS-122");
        return false;
      }
    }
    add(actions_.remove(pod,
                        fmt::format("{} lies outside the {} replicas wanted", name, spec_.replicas),
                        "SS-122"),
        batch_);
    if (counts_as_it_goes_) {
      adjust({}, pod, -1);
    }
    return false;
  }

  /// Phases D and D'. Rules: SS-125 to SS-130.
  void roll() {
    if (in_.cache.features().enabled("MaxUnavailableStatefulSet")) {
      roll_with_budget();
      return;
    }
    for (Place at = next_to_roll(end_ - 1); at; at = next_to_roll(*at - 1)) {
      const ObjectPtr held = replica(static_cast<std::int32_t>(*at));
      const Object& pod = *held;
      if (outdated(pod) && !pod.terminating()) {
        replace(pod, "SS-125");
        return;
      }
      if (in_.conditions.unavailable(pod)) {
        wait(pod.key,
             fmt::format("{} has to be available before the next pod is updated", pod.key.name),
             "SS-125");
        return;
      }
    }
  }

  void roll_with_budget() {
    const std::int64_t present = in_.pods.present.size() - outside(in_.pods.present);
    const std::int64_t unavailable = in_.pods.unavailable.size() - outside(in_.pods.unavailable);
    const std::int64_t missing = end_ - start_ - present + unavailable;
    std::int64_t left = budget() - missing;
    if (left <= 0) {
      if (any_outdated()) {
        wait(in_.set.key,
             fmt::format("{} pods are unavailable, and maxUnavailable is {}", missing, budget()),
             "SS-130");
      }
      return;
    }
    for (Place at = next_to_roll(end_ - 1); at && left > 0; at = next_to_roll(*at - 1)) {
      const ObjectPtr held = replica(static_cast<std::int32_t>(*at));
      const Object& pod = *held;
      if (outdated(pod) && !pod.terminating()) {
        replace(pod, "SS-130");
        --left;
      }
    }
  }

  /// The highest replica, up to an ordinal and above the partition, that is missing, unavailable or
  /// at another revision than the update revision.
  [[nodiscard]] Place next_to_roll(std::int64_t most) const {
    std::int64_t out = in_.pods.present.previous_missing(most);
    out = std::max(out, in_.pods.unavailable.previous(most).value_or(-1));
    for (const auto& [revision, at] : in_.pods.revisions) {
      if (revision != in_.revisions.update->key.name) {
        out = std::max(out, at.live.previous(most).value_or(-1));
      }
    }
    return out >= start_ + first_to_roll() ? Place(out) : std::nullopt;
  }

  [[nodiscard]] bool any_outdated() const {
    const auto in_range = [this](const Ordinals& pods) {
      const auto found = pods.next(start_);
      return found && *found < end_;
    };
    return std::ranges::any_of(in_.pods.revisions, [&](const auto& entry) {
      return entry.key != in_.revisions.update->key.name &&
             (in_range(entry.value.live) || in_range(entry.value.terminating));
    });
  }

  [[nodiscard]] bool outdated(const Object& pod) const {
    return revision_of(pod) != in_.revisions.update->key.name;
  }

  [[nodiscard]] std::int64_t first_to_roll() const {
    return spec_.rolling_update_block ? spec_.partition : 0;
  }

  /// SS-130: of a percentage the whole pods, at least one.
  [[nodiscard]] std::int64_t budget() const {
    if (!spec_.rolling_update_block || !spec_.max_unavailable) {
      return 1;
    }
    const api::IntOrPercent& max = *spec_.max_unavailable;
    return std::max<std::int64_t>(1, max.percent ? max.value * spec_.replicas / 100 : max.value);
  }

  void replace(const Object& pod, std::string_view rule) {
    ++batch_;
    Group group = actions_.remove(
        pod,
        fmt::format(
            "{} is not at the update revision {}", pod.key.name, in_.revisions.update->key.name),
        rule);
    group.calls.front().tolerated = {"NotFound"};  // here a pod that has gone meanwhile is no error
    add(std::move(group), batch_);
    plan_.status->changes.push_back({.group = plan_.groups.size() - 1, .current = -1});
  }

  /// SS-150, SS-152.
  void count() {
    api::StatefulSetStatus& status = plan_.status->status;
    status = {};
    status.observed_generation = in_.set.generation;
    status.current_revision = in_.revisions.current->key.name;
    status.update_revision = in_.revisions.update->key.name;
    status.collision_count = in_.revisions.collision_count;
    status.has_collision_count = true;
    status.replicas = static_cast<std::int32_t>(in_.pods.present.size());
    status.ready_replicas = static_cast<std::int32_t>(in_.pods.ready.size());
    status.available_replicas = static_cast<std::int32_t>(in_.pods.available.size());
    status.current_replicas = in_.pods.live_at(status.current_revision);
    status.updated_replicas = in_.pods.live_at(status.update_revision);
    for (const auto& [ordinal, pod] : replaced_) {  // they have ended, and so are not ready
      --status.replicas;
      if (!pod.old->terminating()) {
        status.current_replicas -= revision_of(*pod.old) == status.current_revision ? 1 : 0;
        status.updated_replicas -= revision_of(*pod.old) == status.update_revision ? 1 : 0;
      }
    }
  }

  /// A pod that has ended, and the one that stands for it in the rest of the sync.
  struct Replaced {
    ObjectPtr old;
    ObjectPtr next;
  };

  static constexpr std::int64_t kOrdinals = std::int64_t{1} << 31;
  /// So many groups are planned at once, to bound a plan's size; no cluster has so many pods.
  static constexpr std::size_t kMostGroups = 20'000;
  static constexpr std::size_t kMostCondemned = kMostGroups + 501;  // and the batch that exceeds it

  const LoopInput& in_;
  Plan& plan_;
  const api::StatefulSetSpec& spec_;
  PodActions actions_;
  bool monotonic_;
  /// Up to 1.25 the counts of the start follow what the sync does, and nothing is done in batches,
  /// SS-250.
  bool counts_as_it_goes_;
  std::int64_t start_;  ///< the first ordinal, SS-30
  std::int64_t end_;    ///< the one behind the last that can be the number of a pod: SS-20, SS-30
  int batch_{0};
  std::map<std::int32_t, Replaced> replaced_;  ///< by ordinal
  std::map<Text, PodTemplate> templates_;      ///< by the revision's name
};

}  // namespace

void run_update_loop(const LoopInput& input, Plan& plan) {
  UpdateLoop(input, plan).run();
}

}  // namespace stsim::controllers::statefulset
