#include "update_loop.hpp"

#include <fmt/format.h>
#include <stsim/controllers/statefulset/identity.hpp>

#include <algorithm>
#include <map>

namespace stsim::controllers::statefulset {

using api::Object;
using api::ObjectPtr;
using api::PodPhase;

const std::string& revision_of(const Object& pod) {
  return pod.label("controller-revision-hash");
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
        monotonic_(!spec_.parallel) {}

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
    const bool go_on = process_replicas() && process_condemned();
    std::vector<ObjectPtr> counted = replicas_;
    counted.insert(counted.end(), condemned_.begin(), condemned_.end());
    count(counted);
    if (go_on && spec_.strategy == api::UpdateStrategy::RollingUpdate) {
      roll();
    }
  }

 private:
  /// SS-101 to SS-105.
  void prepare() {
    plan_.status = StatusPlan{std::make_shared<const Object>(in_.set), {}, {}};
    replicas_.resize(static_cast<std::size_t>(std::max(spec_.replicas, 0)));
    for (const ObjectPtr& pod : in_.pods) {
      const std::int64_t ordinal = api::parent_and_ordinal(pod->key.name).ordinal;
      const std::int64_t index = ordinal - spec_.start_ordinal;
      if (ordinal >= 0 && index >= 0 && index < spec_.replicas) {
        replicas_[static_cast<std::size_t>(index)] = pod;
      } else if (ordinal >= 0) {
        condemned_.push_back(pod);
      }
    }
    std::ranges::sort(condemned_, [](const ObjectPtr& a, const ObjectPtr& b) {
      return api::parent_and_ordinal(a->key.name).ordinal >
             api::parent_and_ordinal(b->key.name).ordinal;
    });
    for (std::size_t i = 0; i < replicas_.size(); ++i) {
      if (!replicas_[i]) {
        replicas_[i] = placeholder(static_cast<std::int32_t>(i) + spec_.start_ordinal);
      }
    }
    const auto unavailable = [this](const ObjectPtr& pod) {
      return in_.conditions.unavailable(*pod);
    };
    if (const auto it = std::ranges::find_if(replicas_, unavailable); it != replicas_.end()) {
      first_unavailable_ = *it;
    } else if (const auto last = std::find_if(condemned_.rbegin(), condemned_.rend(), unavailable);
               last != condemned_.rend()) {
      first_unavailable_ = *last;
    }
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

  /// Calls `process` with each of `pods`: one after the other until it returns false, or in a
  /// Parallel set all of them, in batches of 1, 2, 4, … A batch is concurrent; its order is free.
  /// Ours is what recordings of real clusters show most: the last one first, then the others.
  /// Returns whether the loop goes on. Rule: SS-110.
  template <class Process>
  bool for_all(const std::vector<ObjectPtr>& pods, Process process) {
    std::size_t first = 0;
    for (std::size_t size = 1; first < pods.size(); size = std::min(size * 2, kLargestBatch)) {
      ++batch_;
      if (monotonic_) {
        if (!process(*pods[first])) {
          return false;
        }
        ++first;
        continue;
      }
      const std::size_t last = std::min(first + size, pods.size()) - 1;
      process(*pods[last]);
      for (; first < last; ++first) {
        process(*pods[first]);
      }
      first = last + 1;
    }
    return true;
  }

  /// Phase A. Rule: SS-110.
  bool process_replicas() {
    return for_all(replicas_, [this](const Object& pod) { return process_replica(pod); });
  }

  /// Whether a pod is over and has to be made anew. Up to 1.26 only a Failed one, SS-250.
  [[nodiscard]] bool ended(PodPhase phase) const {
    return phase == PodPhase::Failed ||
           (phase == PodPhase::Succeeded && in_.conditions.release.at_least(27));
  }

  /// SS-111.1. Up to 1.27 there is an event of its own, and the pod is created again in the same
  /// sync, SS-250.
  void replace_ended(const Object& pod) {
    const std::string phase(api::to_string(pod.as<api::Pod>().status.phase));
    const bool at_once = !in_.conditions.release.at_least(28);
    if (pod.terminating() && !at_once) {
      wait(pod.key, fmt::format("{} has ended and is still there", pod.key.name), "SS-111");
      return;
    }
    if (at_once) {
      const bool failed = pod.as<api::Pod>().status.phase == PodPhase::Failed;
      Group told;
      told.batch = batch_;
      told.success = EventText{failed ? "Warning" : "Normal",
                               failed ? "RecreatingFailedPod" : "RecreatingTerminatedPod",
                               fmt::format("StatefulSet {}/{} is recreating {} Pod {}",
                                           in_.set.key.ns,
                                           in_.set.key.name,
                                           failed ? "failed" : "terminated",
                                           pod.key.name)};
      plan_.groups.push_back(std::move(told));
    }
    add(actions_.remove(
            pod, fmt::format("{} is {} and has to be made anew", pod.key.name, phase), "SS-111"),
        batch_);
    if (at_once) {
      const ObjectPtr next = placeholder(api::parent_and_ordinal(pod.key.name).ordinal);
      add(actions_.create(*next, fmt::format("{} has ended", pod.key.name)), batch_);
    }
  }

  /// SS-111. Returns whether a monotonic set goes on to the next.
  bool process_replica(const Object& pod) {
    const api::PodStatus& status = pod.as<api::Pod>().status;
    const std::string& name = pod.key.name;
    if (ended(status.phase)) {
      replace_ended(pod);
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
      add(actions_.create(pod, fmt::format("{} is missing", name)), batch_);
      return false;
    }
    const bool completed =
        status.phase == PodPhase::Pending && add(actions_.complete_claims(pod), batch_);
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
    for_all(condemned_, [this](const Object& pod) {
      add(actions_.claim_owners(pod), batch_);
      return true;
    });
    return for_all(condemned_, [this](const Object& pod) { return process_condemned_pod(pod); });
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
    if (monotonic_ && first_unavailable_ && first_unavailable_->key != pod.key) {
      if (!Conditions::running_and_ready(pod) || !in_.conditions.available(pod)) {
        wait(pod.key,
             fmt::format("{} is not available, and neither is {}, which comes first",
                         name,
                         first_unavailable_->key.name),
             "SS-122");
        return false;
      }
    }
    add(actions_.remove(pod,
                        fmt::format("{} lies outside the {} replicas wanted", name, spec_.replicas),
                        "SS-122"),
        batch_);
    return false;
  }

  /// Phases D and D'. Rules: SS-125 to SS-130.
  void roll() {
    if (in_.cache.features().enabled("MaxUnavailableStatefulSet")) {
      roll_with_budget();
      return;
    }
    for (std::size_t i = replicas_.size(); i > first_to_roll(); --i) {
      const Object& pod = *replicas_[i - 1];
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
    const auto missing = static_cast<std::int64_t>(std::ranges::count_if(
        replicas_, [this](const ObjectPtr& pod) { return in_.conditions.unavailable(*pod); }));
    std::int64_t left = budget() - missing;
    if (left <= 0) {
      if (std::ranges::any_of(replicas_, [this](const ObjectPtr& pod) { return outdated(*pod); })) {
        wait(in_.set.key,
             fmt::format("{} pods are unavailable, and maxUnavailable is {}", missing, budget()),
             "SS-130");
      }
      return;
    }
    for (std::size_t i = replicas_.size(); i > first_to_roll() && left > 0; --i) {
      const Object& pod = *replicas_[i - 1];
      if (outdated(pod) && !pod.terminating()) {
        replace(pod, "SS-130");
        --left;
      }
    }
  }

  [[nodiscard]] bool outdated(const Object& pod) const {
    return revision_of(pod) != in_.revisions.update->key.name;
  }

  [[nodiscard]] std::size_t first_to_roll() const {
    return spec_.rolling_update_block ? static_cast<std::size_t>(std::max(spec_.partition, 0)) : 0;
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
    add(actions_.remove(pod,
                        fmt::format("{} is not at the update revision {}",
                                    pod.key.name,
                                    in_.revisions.update->key.name),
                        rule),
        batch_);
    plan_.status->replaces.push_back(plan_.groups.size() - 1);
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

  static constexpr std::size_t kLargestBatch = 500;

  const LoopInput& in_;
  Plan& plan_;
  const api::StatefulSetSpec& spec_;
  PodActions actions_;
  bool monotonic_;
  int batch_{0};
  std::vector<ObjectPtr> replicas_;
  std::vector<ObjectPtr> condemned_;
  ObjectPtr first_unavailable_;
  std::map<std::string, PodTemplate, std::less<>> templates_;
};

}  // namespace

void run_update_loop(const LoopInput& input, Plan& plan) {
  UpdateLoop(input, plan).run();
}

}  // namespace stsim::controllers::statefulset
