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

const std::string& revision_of(const Object& pod) {
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
  if (min_ready_seconds == 0) {
    return true;
  }
  const SimTime since = status.condition(api::PodConditionType::Ready).last_transition;
  const SimTime then = since + std::chrono::seconds{min_ready_seconds};
  return release.at_least(34) ? then <= now : then < now;  // SS-250
}

bool Conditions::unavailable(const Object& pod) const {
  const bool up = release.at_least(34) ? available(pod) : running_and_ready(pod);
  return !up || pod.terminating();
}

namespace {

/// The loop over one set. Its methods follow the phases of section 6 and append to the plan.
class UpdateLoop {
 public:
  UpdateLoop(const LoopInput& input, Plan& plan)
      : in_(input),
        plan_(plan),
        spec_(*input.set.as<api::StatefulSet>().spec),
        actions_(input),
        monotonic_(!spec_.parallel),
        counts_as_it_goes_(!input.conditions.release.at_least(26)),
        wanted_(std::min<std::int64_t>(spec_.replicas, kOrdinals - spec_.start_ordinal)) {}

  void run() {
    prepare();
    if (in_.set.terminating()) {
      count(in_.pods);  // SS-106
      wait(in_.set.key,
           fmt::format("{} is being deleted: nothing is created or deleted any more",
                       in_.set.key.name),
           "SS-106");
      return;
    }
    if (counts_as_it_goes_) {
      count(in_.pods);
    }
    const bool go_on = process_replicas() && process_condemned();
    if (!counts_as_it_goes_) {
      std::vector<ObjectPtr> counted = condemned_;
      for (const auto& [index, pod] : replicas_) {
        counted.push_back(pod);
      }
      count(counted);
    }
    if (go_on && spec_.strategy == api::UpdateStrategy::RollingUpdate) {
      roll();
    }
  }

 private:
  /// SS-101 to SS-105.
  void prepare() {
    plan_.status = StatusPlan{std::make_shared<const Object>(in_.set), {}, {}};
    for (const ObjectPtr& pod : in_.pods) {
      const std::int64_t ordinal = api::parent_and_ordinal(pod->key.name).ordinal;
      const std::int64_t index = ordinal - spec_.start_ordinal;
      if (ordinal >= 0 && index >= 0 && index < wanted_) {
        replicas_[index] = pod;
      } else if (ordinal >= 0) {
        condemned_.push_back(pod);
      }
    }
    std::ranges::sort(condemned_, [](const ObjectPtr& a, const ObjectPtr& b) {
      return api::parent_and_ordinal(a->key.name).ordinal >
             api::parent_and_ordinal(b->key.name).ordinal;
    });
    find_first_unavailable();
  }

  /// SS-105.
  void find_first_unavailable() {
    std::int64_t next = 0;
    for (const auto& [index, pod] : replicas_) {
      if (index != next) {
        break;  // a gap
      }
      if (in_.conditions.unavailable(*pod)) {
        first_unavailable_ = pod->key.name;
        return;
      }
      ++next;
    }
    if (next < wanted_) {
      first_unavailable_ = pod_name(in_.set, ordinal_of(next));
      return;
    }
    const auto last = std::find_if(condemned_.rbegin(), condemned_.rend(), [this](const auto& pod) {
      return in_.conditions.unavailable(*pod);
    });
    if (last != condemned_.rend()) {
      first_unavailable_ = (*last)->key.name;
    }
  }

  [[nodiscard]] std::int32_t ordinal_of(std::int64_t index) const {
    return static_cast<std::int32_t>(index + spec_.start_ordinal);
  }

  /// The pod at an index, or the placeholder for it. Rule: SS-103.
  ObjectPtr replica(std::int64_t index) {
    const auto it = replicas_.find(index);
    return it != replicas_.end() ? it->second : placeholder(ordinal_of(index));
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
    auto [it, added] = templates_.try_emplace(revision->key.name);
    if (added) {
      it->second =
          make_template(in_.set, revision->key.name, template_of(*revision), in_.cache.features());
    }
    Object pod = make_pod(in_.set, it->second, ordinal, in_.conditions.release);
    pod.as<api::Pod>().status.phase = PodPhase::None;
    return std::make_shared<const Object>(std::move(pod));
  }

  /// Appends a group, in the given batch. Returns whether there was anything to do.
  bool add(Group group, int batch) {
    if (group.calls.empty() && group.told.empty()) {
      return false;
    }
    group.batch = batch;
    plan_.groups.push_back(std::move(group));
    return true;
  }

  void wait(const api::ObjectKey& about, std::string text, std::string_view rule) {
    plan_.waits.push_back({about, std::move(text), rule});
  }

  /// Calls `process` with 0 … count-1: one after the other until it returns false, or in a Parallel
  /// set all of them, in batches of 1, 2, 4, … A batch is concurrent; its order is free. Ours is
  /// what recordings of real clusters show most: the last one first, then the others. Returns
  /// whether the loop goes on. Rule: SS-110.
  template <class Process>
  bool for_all(std::int64_t count, Process process) {
    std::int64_t first = 0;
    for (std::int64_t size = 1; first < count; size = std::min(size * 2, kLargestBatch)) {
      ++batch_;
      if (monotonic_ || counts_as_it_goes_) {
        if (!process(first) && monotonic_) {
          return false;
        }
        ++first;
        continue;
      }
      const std::int64_t last = std::min(first + size, count) - 1;
      process(last);
      for (; first < last; ++first) {
        process(first);
      }
      first = last + 1;
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
    return for_all(wanted_, [this](std::int64_t index) {
      const ObjectPtr pod = replica(index);
      return process_replica(index, *pod);
    });
  }

  /// Whether a pod is over and has to be made anew. Up to 1.26 only a Failed one, SS-250.
  [[nodiscard]] bool ended(PodPhase phase) const {
    return phase == PodPhase::Failed ||
           (phase == PodPhase::Succeeded && in_.conditions.release.at_least(27));
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
  void replace_ended(std::int64_t index, const Object& pod) {
    const PodPhase phase = pod.as<api::Pod>().status.phase;
    const bool failed = phase == PodPhase::Failed;
    const ObjectPtr next = placeholder(ordinal_of(index));
    Group group = actions_.remove(
        pod,
        fmt::format("{} is {} and has to be made anew", pod.key.name, api::to_string(phase)),
        "SS-111");
    group.told.push_back({failed ? "Warning" : "Normal",
                          failed ? "RecreatingFailedPod" : "RecreatingTerminatedPod",
                          fmt::format("StatefulSet {}/{} is recreating {} Pod {}",
                                      in_.set.key.ns,
                                      in_.set.key.name,
                                      failed ? "failed" : "terminated",
                                      pod.key.name)});
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
    replicas_[index] = next;
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
    const std::string& revision = revision_of(pod);
    change.group = plan_.groups.size() - 1;
    change.current += revision == in_.revisions.current->key.name ? by : 0;
    change.updated += revision == in_.revisions.update->key.name ? by : 0;
    plan_.status->changes.push_back(change);
  }

  /// SS-111. Returns whether a monotonic set goes on to the next.
  bool process_replica(std::int64_t index, const Object& pod) {
    const api::PodStatus& status = pod.as<api::Pod>().status;
    const std::string& name = pod.key.name;
    if (ended(status.phase)) {
      if (in_.conditions.release.at_least(28)) {
        remove_ended(pod);
      } else {
        replace_ended(index, pod);
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
    // SS-250: since 1.27.
    const bool completed = in_.conditions.release.at_least(27) &&
                           status.phase == PodPhase::Pending &&
                           add(actions_.complete_claims(pod), batch_);
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

  /// Phases B and C. Rules: SS-120 to SS-123.
  bool process_condemned() {
    const auto count = static_cast<std::int64_t>(condemned_.size());
    const auto pod_at = [this](std::int64_t i) -> const Object& {
      return *condemned_[static_cast<std::size_t>(i)];
    };
    for_all(count, [&](std::int64_t i) {
      add(actions_.claim_owners(pod_at(i)), batch_);
      return true;
    });
    return for_all(count, [&](std::int64_t i) { return process_condemned_pod(pod_at(i)); });
  }

  bool process_condemned_pod(const Object& pod) {
    const std::string& name = pod.key.name;
    if (pod.terminating()) {
      if (monotonic_) {
        wait(pod.key,
             fmt::format("{} is terminating: the next one goes when it is gone", name),
             "SS-122");
      }
      return false;
    }
    if (monotonic_ && first_unavailable_ != name &&
        (!Conditions::running_and_ready(pod) || !in_.conditions.available(pod))) {
      wait(pod.key,
           first_unavailable_.empty()
               ? fmt::format("{} is Ready, but not yet for minReadySeconds", name)
               : fmt::format("{} is not available, and neither is {}, which comes first",
                             name,
                             first_unavailable_),
           "SS-122");
      return false;
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
    for (std::int64_t i = wanted_ - 1; i >= first_to_roll(); --i) {
      const ObjectPtr held = replica(i);
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
    std::int64_t missing = wanted_ - static_cast<std::int64_t>(replicas_.size());
    bool any_outdated = false;
    for (const auto& [index, pod] : replicas_) {
      missing += in_.conditions.unavailable(*pod) ? 1 : 0;
      any_outdated = any_outdated || outdated(*pod);
    }
    std::int64_t left = budget() - missing;
    if (left <= 0) {
      if (any_outdated) {
        wait(in_.set.key,
             fmt::format("{} pods are unavailable, and maxUnavailable is {}", missing, budget()),
             "SS-130");
      }
      return;
    }
    for (std::int64_t i = wanted_ - 1; i >= first_to_roll() && left > 0; --i) {
      const ObjectPtr held = replica(i);
      const Object& pod = *held;
      if (outdated(pod) && !pod.terminating()) {
        replace(pod, "SS-130");
        --left;
      }
    }
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
  void count(const std::vector<ObjectPtr>& pods) {
    api::StatefulSetStatus& status = plan_.status->status;
    status = {};
    status.observed_generation = in_.set.generation;
    status.current_revision = in_.revisions.current->key.name;
    status.update_revision = in_.revisions.update->key.name;
    status.collision_count = in_.revisions.collision_count;
    status.has_collision_count = true;
    for (const ObjectPtr& pod : pods) {
      if (!Conditions::created(*pod)) {
        continue;
      }
      ++status.replicas;
      if (Conditions::running_and_ready(*pod)) {
        ++status.ready_replicas;
        status.available_replicas += in_.conditions.available(*pod) ? 1 : 0;
      }
      if (!pod->terminating()) {
        status.current_replicas += revision_of(*pod) == status.current_revision ? 1 : 0;
        status.updated_replicas += revision_of(*pod) == status.update_revision ? 1 : 0;
      }
    }
  }

  static constexpr std::int64_t kOrdinals = std::int64_t{1} << 31;
  static constexpr std::int64_t kLargestBatch = 500;
  /// So many groups are planned at once, to bound a plan's size; no cluster has so many pods.
  static constexpr std::size_t kMostGroups = 20'000;

  const LoopInput& in_;
  Plan& plan_;
  const api::StatefulSetSpec& spec_;
  PodActions actions_;
  bool monotonic_;
  /// Up to 1.25 the counts of the start follow what the sync does, and nothing is done in batches,
  /// SS-250.
  bool counts_as_it_goes_;
  std::int64_t wanted_;  ///< replicas whose ordinals can be numbers of a pod, SS-20
  int batch_{0};
  std::map<std::int64_t, ObjectPtr> replicas_;  ///< by index; those that exist
  std::vector<ObjectPtr> condemned_;
  std::string first_unavailable_;  ///< the name; empty if there is none
  std::map<std::string, PodTemplate, std::less<>> templates_;
};

}  // namespace

void run_update_loop(const LoopInput& input, Plan& plan) {
  UpdateLoop(input, plan).run();
}

}  // namespace stsim::controllers::statefulset
