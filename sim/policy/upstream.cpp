// The policy of kube-controller-manager's StatefulSet controller, of the releases 1.25 to 1.36 and,
// as a preview, of 1.37. Written against the public headers alone and installed with them: a copy
// of this file, built as a shared library with STSIM_POLICY_NAME defined, is a policy that can be
// changed and tried. Rules: SS-46, SS-100 to SS-130, SS-153, SS-250; of 1.37: OP-7 to OP-10, OP-13,
// OP-22.
#include <fmt/format.h>
#include <stsim/policy/policy.hpp>

#include <algorithm>
#include <limits>
#include <map>
#include <string>

namespace stsim::policy {

namespace {

/// One decision. The rules visit every replica; what a visit would find is known beforehand, so
/// only those are visited where it would do something or stop.
class UpstreamDecision {
 public:
  UpstreamDecision(const View& view, Plan& plan)
      : view_(view),
        plan_(plan),
        set_(view.set()),
        monotonic_(set_.parallel == 0),
        recreates_(set_.strategy == STSIM_STRATEGY_RECREATE && view.at_least(37) &&
                   view.feature("StatefulSetRecreateStrategy")),
        counts_as_it_goes_(!view.at_least(26)),
        start_(set_.start_ordinal),
        end_(std::min<Ordinal>(start_ + std::max(set_.replicas, 0), kOrdinals)) {}

  void run() {
    if (set_.terminating != 0) {
      plan_.wait(
          fmt::format("{} is being deleted: nothing is created or deleted any more", view_.name()),
          "SS-106");
      say_when_complete();
      look_again();
      return;
    }
    if (counts_as_it_goes_) {
      plan_.count();
    }
    if (recreates_ && !recreate_all()) {
      look_again();
      return;
    }
    if (process_replicas() && process_condemned() && set_.strategy != STSIM_STRATEGY_ON_DELETE &&
        !recreates_) {
      roll();
    }
    say_when_complete();
    look_again();
  }

 private:
  using Place = std::optional<Ordinal>;

  /// `web-3`, of a pod that is there or is to be.
  [[nodiscard]] std::string usual_name(Ordinal ordinal) const {
    return fmt::format("{}-{}", view_.name(), ordinal);
  }
  [[nodiscard]] std::string name_of(Ordinal ordinal) const {
    const auto pod = view_.pod(ordinal);
    return pod ? std::string(to_view(pod->name)) : usual_name(ordinal);
  }

  /// The first pod that is missing or unavailable, first among the replicas, then among the
  /// condemned. Rule: SS-105.
  [[nodiscard]] Place first_unavailable() const {
    const Ordinal gap = view_.next_missing(Pods::Present, start_);
    const Place found = view_.next(Pods::Unavailable, start_);
    if (const Ordinal first = std::min(gap, found.value_or(gap)); first < end_) {
      return first;
    }
    return view_.next(Pods::Unavailable, 0);
  }

  /// The revision of a pod that is to be created. Rules: SS-103, SS-117.
  [[nodiscard]] Revision revision_for(Ordinal ordinal) const {
    if (set_.strategy != STSIM_STRATEGY_ROLLING_UPDATE) {
      return Revision::Update;
    }
    const Ordinal index = ordinal - start_;
    const bool current =
        set_.has_rolling_update != 0 ? index < set_.partition : index < set_.status_current;
    return current ? Revision::Current : Revision::Update;
  }

  [[nodiscard]] std::string_view name_of(Revision revision) const {
    return to_view(revision == Revision::Current ? set_.current_revision : set_.update_revision);
  }

  /// What the creation (1) or the end (-1) of a pod at a revision changes in counts that follow
  /// what the sync does; nothing where they do not. Rule: SS-250.
  [[nodiscard]] stsim_counts counted(int replicas, std::string_view revision, int by) const {
    if (!counts_as_it_goes_) {
      return {};
    }
    return {replicas,
            revision == to_view(set_.current_revision) ? by : 0,
            revision == to_view(set_.update_revision) ? by : 0};
  }

  void batch() { plan_.batch(); }

  /// A batch of a Parallel set: 1, 2, 4, … 256 pods, then 500 each. Rule: SS-110.
  struct Batch {
    Ordinal first{};
    Ordinal size{};
  };

  /// The batch that a place belongs to.
  static Batch batch_of(Ordinal place) {
    constexpr Ordinal kGrowing = 511;  // 1 + 2 + 4 + … + 256
    constexpr Ordinal kLargest = 500;
    if (place >= kGrowing) {
      return {place - (place - kGrowing) % kLargest, kLargest};
    }
    Ordinal size = 1;
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
  bool for_all(Ordinal count, Next next, Process process) {
    Place place = next(0);
    if (monotonic_ || counts_as_it_goes_) {
      for (; place; place = next(*place + 1)) {
        batch();
        if (!process(*place) && monotonic_) {
          return false;
        }
      }
      return true;
    }
    while (place) {
      batch();
      const Batch of = batch_of(*place);
      const Ordinal last = std::min(of.first + of.size, count) - 1;
      if (next(last) == last) {
        process(last);
      }
      for (; place && *place < last; place = next(*place + 1)) {
        process(*place);
      }
      place = next(last + 1);
      if (acts_ > kMostActs) {
        // The rest is found missing by the next sync, which follows at once.
        plan_.again(0, false);
        return false;
      }
    }
    return true;
  }

  /// Phase A. Rule: SS-110.
  bool process_replicas() {
    const auto next = [this](Ordinal index) -> Place {
      const Ordinal from = start_ + index;
      const Ordinal missing = view_.next_missing(Pods::Present, from);
      const Ordinal first = std::min(missing, view_.next(Pods::Unsettled, from).value_or(missing));
      return first < end_ ? Place(first - start_) : std::nullopt;
    };
    return for_all(end_ - start_, next, [this](Ordinal index) {
      const Ordinal ordinal = start_ + index;
      const auto pod = view_.pod(ordinal);
      return pod ? process_replica(ordinal, *pod) : create_replica(ordinal);
    });
  }

  /// SS-111.2. Returns whether a monotonic set goes on to the next.
  bool create_replica(Ordinal ordinal) {
    const std::string name = usual_name(ordinal);
    if ((view_.needs(ordinal) & STSIM_NEEDS_TIME) != 0) {
      plan_.wait(
          ordinal,
          fmt::format("{} is not created: a claim of the earlier pod of this name is still there",
                      name),
          "SS-177");
      return false;
    }
    create(ordinal, revision_for(ordinal), fmt::format("{} is missing", name));
    return false;
  }

  void create(Ordinal ordinal, Revision revision, std::string_view why) {
    plan_.create(ordinal, revision, why, "SS-115", counted(1, name_of(revision), 1));
    ++acts_;
  }

  /// SS-111, of a pod that is there. Returns whether a monotonic set goes on to the next.
  bool process_replica(Ordinal ordinal, const stsim_pod& pod) {
    const std::string_view name = to_view(pod.name);
    if (pod.ended != 0) {
      if (view_.at_least(28)) {
        remove_ended(ordinal, pod);
      } else {
        replace_ended(ordinal, pod);
      }
      return false;
    }
    const std::uint32_t needs = view_.needs(ordinal);
    const bool completed = (needs & STSIM_NEEDS_CLAIMS) != 0;
    if (completed) {
      plan_.complete_claims(ordinal);
      ++acts_;
    }
    if (monotonic_) {
      if (pod.terminating != 0) {
        plan_.wait(ordinal,
                   fmt::format("{} is terminating: its place is taken until it is gone", name),
                   "SS-111");
        return false;
      }
      if (pod.ready == 0) {
        plan_.wait(ordinal,
                   fmt::format("{} is not Running and Ready, and everything after it waits", name),
                   "SS-111");
        return false;
      }
      if (pod.available == 0) {
        plan_.wait(
            ordinal, fmt::format("{} is Ready, but not yet for minReadySeconds", name), "SS-111");
        return false;
      }
    }
    if (!completed && (needs & STSIM_NEEDS_REPAIR) != 0) {
      // Otherwise the claims' owners are being put right already.
      plan_.repair(ordinal);
      ++acts_;
    }
    return true;
  }

  [[nodiscard]] static std::string_view phase_of(const stsim_pod& pod) {
    return pod.phase == STSIM_PHASE_FAILED ? "Failed" : "Succeeded";
  }

  /// SS-111.1.
  void remove_ended(Ordinal ordinal, const stsim_pod& pod) {
    const std::string_view name = to_view(pod.name);
    if (pod.terminating != 0) {
      plan_.wait(ordinal, fmt::format("{} has ended and is still there", name), "SS-111");
      return;
    }
    plan_.remove(
        ordinal, fmt::format("{} is {} and has to be made anew", name, phase_of(pod)), "SS-111");
    ++acts_;
  }

  /// Up to 1.27 there is an event of its own, and the pod is created again in the same sync; from
  /// there on the new one stands for it, in the rollout and in the counts. SS-250.
  void replace_ended(Ordinal ordinal, const stsim_pod& pod) {
    const std::string_view name = to_view(pod.name);
    const std::string why = fmt::format("{} is {} and has to be made anew", name, phase_of(pod));
    const Revision next = revision_for(ordinal);
    if (counts_as_it_goes_) {
      plan_.recreate(ordinal, std::nullopt, why, "SS-111", counted(-1, to_view(pod.revision), -1));
      batch();  // which a failure of the deletion stops
      ++acts_;
      create(ordinal, next, fmt::format("{} has ended", name));
    } else if ((view_.needs(ordinal) & STSIM_NEEDS_TIME) != 0) {
      plan_.recreate(ordinal, std::nullopt, why, "SS-111");
      ++acts_;
    } else {
      plan_.recreate(ordinal, next, why, "SS-111");
      ++acts_;
    }
    replaced_[ordinal] = next;
  }

  /// Condemned pods to be visited, the highest first, by their places among all condemned.
  using Condemned = std::map<Ordinal, Ordinal>;

  /// How many of a class lie outside the range.
  [[nodiscard]] Ordinal outside(Pods pods) const {
    return view_.count(pods, 0, start_ - 1) + view_.count(pods, end_, kOrdinals);
  }

  /// The highest condemned pod up to an ordinal, of those of `pods` that are not of `but`.
  [[nodiscard]] Place condemned_up_to(Ordinal most, Pods pods, std::optional<Pods> but) const {
    while (most >= 0) {
      Place found = view_.previous(pods, most);
      if (found && *found >= start_ && *found < end_) {
        found = view_.previous(pods, start_ - 1);
      }
      if (!found || !but || !view_.contains(*but, *found)) {
        return found;
      }
      most = view_.previous_missing(*but, *found);
    }
    return std::nullopt;
  }

  /// Those condemned pods of `pods` that are not of `but`, of more than `most` the highest.
  [[nodiscard]] Condemned condemned(Pods pods, std::optional<Pods> but, std::size_t most) const {
    Condemned out;
    Ordinal place = 0;
    Ordinal above = kOrdinals;
    for (Place at = condemned_up_to(kOrdinals, pods, but); at && out.size() < most;
         at = condemned_up_to(*at - 1, pods, but)) {
      place += view_.count(Pods::Present, *at, above - 1);
      if (*at < start_ && above >= end_) {
        place -= view_.count(Pods::Present, start_, end_ - 1);
      }
      out.emplace(place - 1, *at);
      above = *at;
    }
    return out;
  }

  template <class Process>
  bool for_all_condemned(const Condemned& pods, Process process) {
    if (pods.empty()) {
      return true;
    }
    const auto next = [&pods](Ordinal place) -> Place {
      const auto found = pods.lower_bound(place);
      return found == pods.end() ? std::nullopt : Place(found->first);
    };
    return for_all(
        outside(Pods::Present), next, [&](Ordinal place) { return process(pods.at(place)); });
  }

  /// Phases B and C. Rules: SS-120 to SS-123.
  bool process_condemned() {
    for_all_condemned(condemned(Pods::Mismatched, std::nullopt, kMostCondemned),
                      [this](Ordinal ordinal) {
                        plan_.give_owners(ordinal);
                        ++acts_;
                        return true;
                      });
    // An ordered set stops at the first one; a Parallel one has nothing to do with those that go.
    const Condemned pods = monotonic_ ? condemned(Pods::Present, std::nullopt, 1)
                                      : condemned(Pods::Present, Pods::Terminating, kMostCondemned);
    return for_all_condemned(pods,
                             [this](Ordinal ordinal) { return process_condemned_pod(ordinal); });
  }

  bool process_condemned_pod(Ordinal ordinal) {
    const auto pod = view_.pod(ordinal);
    const std::string_view name = to_view(pod->name);
    if (pod->terminating != 0) {
      if (monotonic_) {
        plan_.wait(ordinal,
                   fmt::format("{} is terminating: the next one goes when it is gone", name),
                   "SS-122");
      }
      return false;
    }
    if (monotonic_ && (pod->ready == 0 || pod->available == 0)) {
      const Place first = first_unavailable();
      if (first != ordinal) {
        plan_.wait(ordinal,
                   first ? fmt::format("{} is not available, and neither is {}, which comes first",
                                       name,
                                       name_of(*first))
                         : fmt::format("{} is Ready, but not yet for minReadySeconds", name),
                   "SS-122");
        return false;
      }
    }
    plan_.remove(ordinal,
                 fmt::format("{} lies outside the {} replicas wanted", name, set_.replicas),
                 "SS-122",
                 counted(0, to_view(pod->revision), -1));
    ++acts_;
    return false;
  }

  /// Phases D and D'. Rules: SS-125 to SS-130; since 1.37 OP-20, OP-22.
  void roll() {
    if (!view_.feature("MaxUnavailableStatefulSet")) {
      roll_one_by_one();
    } else if (view_.at_least(37)) {
      roll_in_two_phases();
    } else {
      roll_with_budget();
    }
  }

  /// A replica as it is for the rollout: what is missing is a placeholder, and so is what was made
  /// anew in this sync. Rule: SS-103.
  struct Replica {
    std::string name;
    bool outdated{};
    bool terminating{};
    bool available{};
    bool unavailable{};
  };

  [[nodiscard]] Replica replica(Ordinal ordinal) const {
    const auto replaced = replaced_.find(ordinal);
    const auto pod = replaced == replaced_.end() ? view_.pod(ordinal) : std::nullopt;
    if (pod) {
      return {std::string(to_view(pod->name)),
              to_view(pod->revision) != to_view(set_.update_revision),
              pod->terminating != 0,
              pod->available != 0,
              pod->unavailable != 0};
    }
    const Revision revision =
        replaced == replaced_.end() ? revision_for(ordinal) : replaced->second;
    const bool outdated = name_of(revision) != to_view(set_.update_revision);
    return {usual_name(ordinal), outdated, false, false, true};
  }

  void roll_one_by_one() {
    for (Place at = next_to_roll(end_ - 1); at; at = next_to_roll(*at - 1)) {
      const Replica pod = replica(*at);
      if (pod.outdated && !pod.terminating) {
        replace(*at, pod, "SS-125");
        return;
      }
      if (pod.unavailable) {
        plan_.wait(*at,
                   fmt::format("{} has to be available before the next pod is updated", pod.name),
                   "SS-125");
        return;
      }
    }
  }

  /// How many replicas are missing or unavailable.
  [[nodiscard]] Ordinal unavailable_replicas() const {
    return end_ - start_ - view_.count(Pods::Present, start_, end_ - 1) +
           view_.count(Pods::Unavailable, start_, end_ - 1);
  }

  void wait_for_budget(Ordinal unavailable, std::string_view rule) {
    const auto in_range = [this](Pods pods) {
      const Place found = view_.next(pods, start_);
      return found && *found < end_;
    };
    if (in_range(Pods::Outdated) || in_range(Pods::OutdatedTerminating)) {
      plan_.wait(
          fmt::format("{} pods are unavailable, and maxUnavailable is {}", unavailable, budget()),
          rule);
    }
  }

  void roll_with_budget() {
    const Ordinal unavailable = unavailable_replicas();
    Ordinal left = budget() - unavailable;
    if (left <= 0) {
      wait_for_budget(unavailable, "SS-130");
      return;
    }
    for (Place at = next_to_roll(end_ - 1); at && left > 0; at = next_to_roll(*at - 1)) {
      const Replica pod = replica(*at);
      if (pod.outdated && !pod.terminating) {
        replace(*at, pod, "SS-130");
        --left;
      }
    }
  }

  /// OP-22: what is down at an old revision goes at once and uses up nothing; only then is there a
  /// budget for what is up.
  void roll_in_two_phases() {
    const Ordinal unavailable = unavailable_replicas();
    Ordinal left = budget() - unavailable;
    bool any_down = false;
    if (!monotonic_) {
      for (Place at = next_to_roll(end_ - 1); at; at = next_to_roll(*at - 1)) {
        const Replica pod = replica(*at);
        if (pod.outdated && !pod.terminating && !pod.available) {
          replace(*at, pod, "OP-22");
          any_down = true;
        }
      }
    }
    if (left <= 0) {
      if (!any_down) {
        wait_for_budget(unavailable, "OP-22");
      }
      return;
    }
    for (Place at = next_to_roll(end_ - 1); at && left > 0; at = next_to_roll(*at - 1)) {
      const Replica pod = replica(*at);
      if (pod.outdated && !pod.terminating && (monotonic_ || pod.available)) {
        replace(*at, pod, "OP-22");
        --left;
      }
    }
  }

  /// The highest replica, up to an ordinal and above the partition, that is missing, unavailable or
  /// at another revision than the update revision.
  [[nodiscard]] Place next_to_roll(Ordinal most) const {
    const Ordinal out = std::max({view_.previous_missing(Pods::Present, most),
                                  view_.previous(Pods::Unavailable, most).value_or(-1),
                                  view_.previous(Pods::Outdated, most).value_or(-1)});
    return out >= start_ + first_to_roll() ? Place(out) : std::nullopt;
  }

  [[nodiscard]] Ordinal first_to_roll() const {
    return set_.has_rolling_update != 0 ? set_.partition : 0;
  }

  /// SS-130: of a percentage the whole pods, at least one.
  [[nodiscard]] Ordinal budget() const {
    if (set_.has_rolling_update == 0 || set_.max_unavailable_kind == STSIM_AMOUNT_ABSENT) {
      return 1;
    }
    const bool percent = set_.max_unavailable_kind == STSIM_AMOUNT_PERCENT;
    const Ordinal max = set_.max_unavailable;
    return std::max<Ordinal>(1, percent ? max * set_.replicas / 100 : max);
  }

  void replace(Ordinal ordinal, const Replica& pod, std::string_view rule) {
    batch();
    // Here a pod that has gone meanwhile is no error.
    plan_.remove_if_there(
        ordinal,
        fmt::format("{} is not at the update revision {}", pod.name, to_view(set_.update_revision)),
        rule,
        {.replicas = 0, .current = -1, .updated = 0});
    ++acts_;
  }

  /// OP-7: with type Recreate all pods of other revisions go first, whatever their health and
  /// order. Returns whether none of them is left.
  bool recreate_all() {
    batch();
    bool any = false;
    for (Place at = view_.previous(Pods::Outdated, kOrdinals); at && acts_ <= kMostActs;
         at = view_.previous(Pods::Outdated, *at - 1)) {
      plan_.remove(*at,
                   fmt::format("{} is not at the update revision {}, and all pods are recreated",
                               name_of(*at),
                               to_view(set_.update_revision)),
                   "OP-7");
      ++acts_;
      any = true;
    }
    const Place left = view_.next(Pods::OutdatedTerminating, 0);
    if (left) {
      plan_.wait(
          *left,
          fmt::format("{} is terminating, and no pod is created before it is gone", name_of(*left)),
          "OP-7");
    }
    return !any && !left;
  }

  /// SS-153. Up to 1.26 the count of pods stood in for the number wanted, SS-250; OP-10.
  void say_when_complete() {
    if (set_.strategy != STSIM_STRATEGY_ON_DELETE) {
      plan_.completes_with(view_.at_least(27) ? set_.replicas : -1);
    }
  }

  /// When the set has to be looked at again although nothing will have changed. Rules: SS-46,
  /// SS-250.
  void look_again() {
    constexpr std::int64_t kSecond = 1'000'000;
    const std::int64_t wait = set_.min_ready_seconds * kSecond;
    if (wait <= 0) {
      return;
    }
    const std::int64_t available = view_.count(Pods::Available, 0, kOrdinals);
    const std::int64_t oldest = set_.oldest_unavailable_us;
    if (!view_.at_least(35)) {
      if (available != set_.replicas) {
        plan_.again(wait, oldest >= 0);
      }
      return;
    }
    if (view_.count(Pods::Ready, 0, kOrdinals) != available) {
      plan_.again((oldest >= 0 ? oldest : set_.now_us) + wait - set_.now_us, true);
    }
  }

  static constexpr Ordinal kOrdinals = Ordinal{1} << 31;
  /// So many acts are planned at once, to bound a plan's size; no cluster has so many pods.
  static constexpr std::size_t kMostActs = 20'000;
  static constexpr std::size_t kMostCondemned = kMostActs + 501;  // and the batch that exceeds it

  const View& view_;
  Plan& plan_;
  const stsim_set& set_;
  bool monotonic_;
  /// Without the gate the strategy is there and does nothing of its own: OP-2, OP-13.
  bool recreates_;
  /// Up to 1.25 the counts of the start follow what the sync does, and nothing is done in batches,
  /// SS-250.
  bool counts_as_it_goes_;
  Ordinal start_;  ///< the first ordinal, SS-30
  Ordinal end_;    ///< the one behind the last that can be the number of a pod: SS-20, SS-30
  std::size_t acts_{0};
  std::map<Ordinal, Revision> replaced_;  ///< made anew in this sync, and at which revision
};

}  // namespace

void decide_upstream(const View& view, Plan& plan) {
  UpstreamDecision(view, plan).run();
}

}  // namespace stsim::policy

#ifdef STSIM_POLICY_NAME
STSIM_POLICY(
    STSIM_POLICY_NAME, "a copy of Kubernetes' own", nullptr, false, stsim::policy::decide_upstream)
#endif
