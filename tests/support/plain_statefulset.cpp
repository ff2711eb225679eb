#include "support/plain_statefulset.hpp"

#include <fmt/format.h>
#include <stsim/api/decode.hpp>
#include <stsim/api/well_known.hpp>
#include <stsim/base/hash.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <tuple>

namespace stsim::test {

using api::Kind;
using api::Object;
using api::ObjectPtr;
using api::OwnerReference;
using api::PodPhase;
using api::Retention;

namespace {

/// A pod as the loop sees it: one of the cache, or a placeholder.
struct Pod {
  ObjectPtr object;      ///< null for a placeholder, SS-103
  std::int32_t ordinal;  ///< SS-20
  std::string name;
  api::Uid uid;
  std::string revision;  ///< SS-100

  explicit Pod(ObjectPtr stored)
      : object(std::move(stored)),
        ordinal(api::parent_and_ordinal(object->key.name).ordinal),
        name(object->key.name),
        uid(object->uid),
        revision(object->label(api::kRevisionLabel)) {}
  Pod(std::string set, std::int32_t number, std::string made_at)
      : ordinal(number), name(fmt::format("{}-{}", set, number)), revision(std::move(made_at)) {}

  [[nodiscard]] PodPhase phase() const {
    return object ? object->as<api::Pod>().status.phase : PodPhase::None;
  }
  [[nodiscard]] bool ready_condition() const {
    return object && object->as<api::Pod>().status.ready();
  }
  [[nodiscard]] SimTime ready_since() const {
    return object->as<api::Pod>().status.condition(api::PodConditionType::Ready).last_transition();
  }
  [[nodiscard]] bool terminating() const { return object && object->terminating(); }
};

/// What a step of the loop says to the one after it. Rule: SS-110.
enum class Go : unsigned char { On, Stop, Error };

class Sync {
 public:
  Sync(ObjectPtr set, const store::Cache& cache, SimTime now)
      : object_(std::move(set)),
        set_(*object_),
        spec_(*set_.as<api::StatefulSet>().spec),
        stored_(set_.as<api::StatefulSet>().status),
        cache_(cache),
        features_(cache.features()),
        release_(features_.release),
        now_(now) {
    for (const ObjectPtr& claim : cache_.list(Kind::PersistentVolumeClaim, set_.key.ns)) {
      claims_.emplace(claim->key.name, Claim{claim->owners, claim->terminating(), true});
    }
  }

  /// SS-60.
  SyncSummary run() {
    if (!spec_.selector) {
      return out_;
    }
    revisions_ = list_revisions();
    if (!adopt_revisions()) {
      out_.failed = true;
      return out_;
    }
    sort_revisions();
    claim_pods();
    pick_revisions();
    out_.failed = update() == Go::Error;
    write_status();
    truncate_history();
    look_again();
    return out_;
  }

 private:
  struct Claim {
    SharedVector<OwnerReference> owners;
    bool terminating{};
    bool seen{true};  ///< false of one that was created a moment ago, until another call was made
  };

  void call(std::string line) { out_.calls.push_back(std::move(line)); }

  // --- Ownership ------------------------------------------------------------------------------

  /// SS-84.
  [[nodiscard]] std::vector<ObjectPtr> list_revisions() const {
    std::vector<ObjectPtr> out;
    for (const ObjectPtr& revision : cache_.list(Kind::ControllerRevision, set_.key.ns)) {
      const OwnerReference* owner = revision->controller();
      if (spec_.selector->matches(revision->labels) &&
          (owner == nullptr || owner->uid == set_.uid)) {
        out.push_back(revision);
      }
    }
    return out;
  }

  /// SS-84. Orphans are adopted before, in no order that a rule tells of.
  void sort_revisions() {
    std::ranges::sort(revisions_, [](const ObjectPtr& a, const ObjectPtr& b) {
      return std::tuple(number(*a), a->created, a->key.name) <
             std::tuple(number(*b), b->created, b->key.name);
    });
  }

  static std::int64_t number(const Object& revision) {
    return revision.as<api::ControllerRevision>().revision;
  }

  /// SS-64.
  bool adopt_revisions() {
    bool rechecked = false;
    for (const ObjectPtr& revision : revisions_) {
      if (revision->controller() != nullptr) {
        continue;
      }
      if (set_.terminating()) {
        return false;
      }
      if (!rechecked) {
        call(call_text("get", set_.key));
        rechecked = true;
      }
      call(call_text("patch", revision->key) + " adopt");
    }
    return true;
  }

  /// SS-61.
  void claim_pods() {
    bool rechecked = false;
    for (const ObjectPtr& pod : cache_.list(Kind::Pod, set_.key.ns)) {
      const OwnerReference* owner = pod->controller();
      const bool match = spec_.selector->matches(pod->labels) &&
                         api::parent_and_ordinal(pod->key.name).parent == set_.key.name;
      if (owner != nullptr && owner->uid != set_.uid) {
        continue;
      }
      if (owner != nullptr) {
        if (match) {
          pods_.emplace_back(pod);
        } else if (!set_.terminating()) {
          call(call_text("patch", pod->key) + " release");
        }
        continue;
      }
      if (set_.terminating() || !match || pod->terminating()) {
        continue;
      }
      if (!rechecked) {
        call(call_text("get", set_.key));
        rechecked = true;
      }
      call(call_text("patch", pod->key) + " adopt");
      pods_.emplace_back(pod);
    }
  }

  // --- Revisions ------------------------------------------------------------------------------

  /// SS-80.
  [[nodiscard]] std::string data_of(api::Json pod_template) const {
    pod_template["$patch"] = "replace";
    if (!release_.at_least(34)) {
      pod_template["metadata"]["creationTimestamp"] = nullptr;
    }
    api::Json data;
    data["spec"]["template"] = std::move(pod_template);
    return api::to_go_json(data);
  }

  /// SS-81.
  static std::string hash_of(const std::string& data, std::int32_t collisions) {
    return safe_encode(fnv1_32(std::to_string(collisions), fnv1_32(data)));
  }

  static const std::string& data_of(const Object& revision) {
    return *revision.as<api::ControllerRevision>().data_text;
  }

  /// SS-85.3: what the template of a revision becomes if it is applied to the set.
  [[nodiscard]] std::string applied_again(const Object& revision) const {
    api::Json document = api::to_json(set_);
    api::Json old =
        api::at_path(*revision.as<api::ControllerRevision>().data, {"spec", "template"});
    old.erase("$patch");
    if (old.contains("metadata")) {
      old["metadata"].erase("creationTimestamp");
    }
    document["spec"]["template"] = std::move(old);
    api::set_defaults(Kind::StatefulSet, document, nullptr, features_);
    return data_of(document["spec"]["template"]);
  }

  /// SS-85.
  void pick_revisions() {
    const std::string data = data_of(*spec_.pod_template);
    const std::int64_t next = revisions_.empty() ? 1 : number(*revisions_.back()) + 1;
    collisions_ = stored_.collision_count;
    ObjectPtr equal;
    for (const ObjectPtr& revision : revisions_) {
      if (data_of(*revision) == data) {
        equal = revision;  // the last one has the highest number
      }
    }
    if (equal && equal == revisions_.back()) {
      update_ = equal->key.name;
    } else if (equal) {
      update_ = equal->key.name;
      call(fmt::format("{} revision {}", call_text("update", equal->key), next));
    } else if (!revisions_.empty() && features_.enabled("StatefulSetSemanticRevisionComparison") &&
               applied_again(*revisions_.back()) == data) {
      update_ = revisions_.back()->key.name;
    } else {
      create_revision(data, next);
    }
    current_ = update_;
    for (const ObjectPtr& revision : revisions_) {
      if (revision->key.name == stored_.current_revision) {
        current_ = revision->key.name;
      }
    }
  }

  /// SS-82, SS-85.4.
  void create_revision(const std::string& data, std::int64_t next) {
    while (true) {
      const api::ObjectKey key{
          Kind::ControllerRevision,
          set_.key.ns,
          std::string(set_.key.name).substr(0, 223) + "-" + hash_of(data, collisions_)};
      update_ = key.name;
      const ObjectPtr existing = cache_.find(key);
      if (!existing) {
        call(fmt::format("{} revision {}", call_text("create", key), next));
        return;
      }
      if (data_of(*existing) == data) {
        return;
      }
      ++collisions_;
    }
  }

  // --- The update loop ------------------------------------------------------------------------

  [[nodiscard]] static bool created(const Pod& pod) { return pod.phase() != PodPhase::None; }

  [[nodiscard]] static bool running_and_ready(const Pod& pod) {
    return pod.phase() == PodPhase::Running && pod.ready_condition();
  }

  /// SS-100; up to 1.33 the time must have passed, SS-250.
  [[nodiscard]] bool available(const Pod& pod) const {
    if (!pod.ready_condition()) {
      return false;
    }
    if (spec_.min_ready_seconds == 0) {
      return true;
    }
    const SimTime since = pod.ready_since() + std::chrono::seconds{spec_.min_ready_seconds};
    return release_.at_least(34) ? since <= now_ : since < now_;
  }

  /// SS-100; up to 1.33 availability does not count, SS-250.
  [[nodiscard]] bool unavailable(const Pod& pod) const {
    const bool good = release_.at_least(34) ? available(pod) : running_and_ready(pod);
    return !good || pod.terminating();
  }

  [[nodiscard]] bool monotonic() const { return !spec_.parallel; }

  /// SS-150.
  void count(const std::vector<const std::vector<Pod>*>& lists) {
    status_.replicas = status_.ready_replicas = status_.available_replicas = 0;
    status_.current_replicas = status_.updated_replicas = 0;
    for (const std::vector<Pod>* list : lists) {
      for (const Pod& pod : *list) {
        status_.replicas += created(pod) ? 1 : 0;
        if (running_and_ready(pod)) {
          ++status_.ready_replicas;
          status_.available_replicas += available(pod) ? 1 : 0;
        }
        if (created(pod) && !pod.terminating()) {
          status_.current_replicas += pod.revision == current_ ? 1 : 0;
          status_.updated_replicas += pod.revision == update_ ? 1 : 0;
        }
      }
    }
  }

  void count_all() { count({&replicas_, &condemned_}); }

  /// SS-117.
  [[nodiscard]] Pod placeholder(std::int32_t ordinal) const {
    bool at_current = false;
    if (spec_.strategy == api::UpdateStrategy::RollingUpdate) {
      at_current = spec_.rolling_update_block
                       ? ordinal < spec_.start_ordinal + spec_.partition
                       : ordinal < spec_.start_ordinal + stored_.current_replicas;
    }
    return Pod(set_.key.name, ordinal, at_current ? current_ : update_);
  }

  /// SS-101 to SS-107, then the phases.
  Go update() {
    status_.observed_generation = set_.generation;
    status_.current_revision = current_;
    status_.update_revision = update_;
    status_.collision_count = collisions_;
    status_.has_collision_count = true;
    count({&pods_});

    // SS-102, SS-103
    std::map<std::int32_t, Pod> in_range;
    for (const Pod& pod : pods_) {
      if (in_the_range(pod)) {
        in_range.insert_or_assign(pod.ordinal, pod);
      } else if (pod.ordinal >= 0) {
        condemned_.push_back(pod);
      }
    }
    for (std::int32_t index = 0; index < spec_.replicas; ++index) {
      const std::int32_t ordinal = spec_.start_ordinal + index;
      const auto found = in_range.find(ordinal);
      replicas_.push_back(found == in_range.end() ? placeholder(ordinal) : found->second);
    }
    // SS-104
    std::ranges::stable_sort(condemned_, std::greater<>{}, &Pod::ordinal);

    // SS-105
    std::optional<std::string> first_unavailable;
    for (const Pod& pod : replicas_) {
      if (!first_unavailable && unavailable(pod)) {
        first_unavailable = pod.name;
      }
    }
    for (auto pod = condemned_.rbegin(); pod != condemned_.rend(); ++pod) {
      if (!first_unavailable && unavailable(*pod)) {
        first_unavailable = pod->name;
      }
    }

    // SS-106
    if (set_.terminating()) {
      return Go::On;
    }

    // Phases A, B and C
    Go go = for_all(replicas_, [this](Pod& pod) { return process_replica(pod); });
    if (go == Go::On && has_policy()) {
      go = for_all(condemned_, [this](Pod& pod) {
        if (!claims_match(pod)) {
          update_claims(pod);
        }
        return Go::On;
      });
    }
    if (go == Go::On) {
      go = for_all(condemned_, [&](Pod& pod) { return process_condemned(pod, first_unavailable); });
    }
    count_all();
    if (go != Go::On || spec_.strategy == api::UpdateStrategy::OnDelete) {
      return go;
    }
    if (features_.enabled("MaxUnavailableStatefulSet")) {
      roll_several();
    } else {
      roll_one();
    }
    return Go::On;
  }

  /// SS-110.
  Go for_all(std::vector<Pod>& pods, const std::function<Go(Pod&)>& process) {
    if (monotonic()) {
      for (Pod& pod : pods) {
        if (const Go go = process(pod); go != Go::On) {
          return go;
        }
      }
      return Go::On;
    }
    std::size_t done = 0;
    for (std::size_t batch = 1; done < pods.size(); batch = std::min<std::size_t>(2 * batch, 500)) {
      const std::size_t end = std::min(done + batch, pods.size());
      bool error = process(pods[end - 1]) == Go::Error;  // the last of a batch is the first to run
      for (std::size_t i = done; i + 1 < end; ++i) {
        error = process(pods[i]) == Go::Error || error;
      }
      if (error) {
        return Go::Error;
      }
      done = end;
    }
    return Go::On;
  }

  /// SS-111.
  Go process_replica(Pod& pod) {
    const bool failed = pod.phase() == PodPhase::Failed;
    const bool succeeded = pod.phase() == PodPhase::Succeeded;
    if (release_.at_least(28)) {
      if (failed || succeeded) {
        if (!pod.terminating()) {
          call(call_text("delete", key_of(pod)));
        }
        return Go::Stop;
      }
    } else if (failed || (succeeded && release_.at_least(27))) {
      // SS-250: deleted and created in one sync, terminating or not
      call(call_text("delete", key_of(pod)));
      pod = placeholder(pod.ordinal);
    }
    if (!created(pod)) {
      if (has_policy() && spec_.when_scaled != Retention::Retain && has_stale_claim(pod)) {
        return Go::Stop;
      }
      if (!create(pod)) {
        return Go::Error;
      }
      if (monotonic()) {
        return Go::Stop;
      }
    }
    if (pod.phase() == PodPhase::Pending && release_.at_least(27)) {
      // SS-116
      if (!create_claims(pod)) {
        return Go::Error;
      }
      update_claims(pod);
    }
    if (monotonic() && (pod.terminating() || !running_and_ready(pod) || !available(pod))) {
      return Go::Stop;
    }
    if (identity_matches(pod) && storage_matches(pod) && claims_match(pod)) {
      return Go::On;
    }
    return repair(pod);
  }

  /// SS-115. False if it is known to fail.
  bool create(const Pod& pod) {
    if (!create_claims(pod)) {
      return false;
    }
    call(fmt::format("{} revision {}", call_text("create", key_of(pod)), pod.revision));
    for (auto& [name, claim] : claims_) {
      claim.seen = true;
    }
    update_claims(pod);
    return true;
  }

  /// SS-115: all templates are tried.
  bool create_claims(const Pod& pod) {
    bool good = true;
    for (const api::ClaimTemplate& wanted : spec_.claim_templates) {
      const api::ObjectKey key = claim_key(wanted, pod);
      const auto found = claims_.find(key.name);
      if (found == claims_.end()) {
        call(call_text("create", key));
        claims_.emplace(key.name, Claim{{}, false, false});
      } else if (found->second.terminating) {
        call(fmt::format("{}: pvc {} is being deleted", call_text("fail", key), key.name));
        good = false;
      }
    }
    return good;
  }

  /// SS-24.
  [[nodiscard]] bool identity_matches(const Pod& pod) const {
    return !pod.object ||
           (pod.ordinal >= 0 && pod.name == fmt::format("{}-{}", set_.key.name, pod.ordinal) &&
            pod.object->label(api::kPodNameLabel) == pod.name);
  }

  /// SS-25.
  [[nodiscard]] bool storage_matches(const Pod& pod) const {
    if (!pod.object) {
      return true;
    }
    const std::vector<api::ClaimVolume> volumes = api::claims(*pod.object);
    return std::ranges::all_of(spec_.claim_templates, [&](const api::ClaimTemplate& wanted) {
      return std::ranges::any_of(volumes, [&](const api::ClaimVolume& volume) {
        return volume.volume == wanted.name && volume.claim == claim_key(wanted, pod).name;
      });
    });
  }

  /// SS-118.
  Go repair(const Pod& pod) {
    if (!storage_matches(pod) && !create_claims(pod)) {
      return Go::Error;
    }
    if (!claims_match(pod)) {
      update_claims(pod);
    }
    call(call_text("update", placeholder_key(pod.ordinal)));
    return Go::On;
  }

  /// SS-122.
  Go process_condemned(const Pod& pod, const std::optional<std::string>& first_unavailable) {
    if (pod.terminating()) {
      return Go::Stop;
    }
    if (monotonic() && pod.name != first_unavailable &&
        (!running_and_ready(pod) || !available(pod))) {
      return Go::Stop;
    }
    call(call_text("delete", key_of(pod)));
    return Go::Stop;
  }

  [[nodiscard]] std::int32_t lowest_to_update() const {
    return spec_.rolling_update_block ? spec_.partition : 0;
  }

  /// Phase D. Rule: SS-125.
  void roll_one() {
    for (std::int32_t target = spec_.replicas - 1; target >= lowest_to_update(); --target) {
      const Pod& pod = replicas_[static_cast<std::size_t>(target)];
      if (pod.revision != update_ && !pod.terminating()) {
        call(call_text("delete", key_of(pod)));
        --status_.current_replicas;
        return;
      }
      if (unavailable(pod)) {
        return;
      }
    }
  }

  /// Phase D'. Rule: SS-130.
  void roll_several() {
    std::int64_t most = 1;
    if (spec_.rolling_update_block && spec_.max_unavailable) {
      const std::int64_t value = spec_.max_unavailable->value;
      most = spec_.max_unavailable->percent ? value * spec_.replicas / 100 : value;
    }
    most = std::max<std::int64_t>(most, 1);
    const std::int64_t now_unavailable =
        std::ranges::count_if(replicas_, [this](const Pod& pod) { return unavailable(pod); });
    std::int64_t deletions = most - now_unavailable;
    for (std::int32_t target = spec_.replicas - 1; target >= lowest_to_update() && deletions > 0;
         --target) {
      const Pod& pod = replicas_[static_cast<std::size_t>(target)];
      if (pod.revision != update_ && !pod.terminating()) {
        call(call_text("delete", key_of(pod)));
        --status_.current_replicas;
        --deletions;
      }
    }
  }

  // --- Claims ---------------------------------------------------------------------------------

  [[nodiscard]] bool has_policy() const {
    return release_.at_least(32) || features_.enabled("StatefulSetAutoDeletePVC");
  }

  [[nodiscard]] api::ObjectKey key_of(const Pod& pod) const {
    return {Kind::Pod, set_.key.ns, pod.name};
  }

  /// SS-21, SS-24: where a repaired pod is written to.
  [[nodiscard]] api::ObjectKey placeholder_key(std::int32_t ordinal) const {
    return {Kind::Pod, set_.key.ns, fmt::format("{}-{}", set_.key.name, ordinal)};
  }

  /// SS-22.
  [[nodiscard]] api::ObjectKey claim_key(const api::ClaimTemplate& wanted, const Pod& pod) const {
    return {Kind::PersistentVolumeClaim,
            set_.key.ns,
            fmt::format("{}-{}-{}", wanted.name, set_.key.name, pod.ordinal)};
  }

  /// SS-30.
  [[nodiscard]] bool in_the_range(const Pod& pod) const {
    return pod.ordinal >= spec_.start_ordinal &&
           pod.ordinal < std::int64_t{spec_.start_ordinal} + spec_.replicas;
  }

  [[nodiscard]] bool names_set(const OwnerReference& owner) const {
    return owner.api_version == "apps/v1" && owner.kind == "StatefulSet" &&
           owner.name == set_.key.name;
  }

  [[nodiscard]] static bool names_pod(const OwnerReference& owner, const Pod& pod) {
    return owner.api_version == "v1" && owner.kind == "Pod" && owner.name == pod.name;
  }

  /// SS-177.
  [[nodiscard]] bool has_stale_claim(const Pod& pod) const {
    for (const api::ClaimTemplate& wanted : spec_.claim_templates) {
      const auto found = claims_.find(claim_key(wanted, pod).name);
      if (found == claims_.end()) {
        continue;
      }
      for (const OwnerReference& owner : found->second.owners) {
        const bool names = release_.at_least(28) ? names_pod(owner, pod) : owner.name == pod.name;
        if (names && owner.uid != pod.uid) {
          return true;
        }
      }
    }
    return false;
  }

  /// SS-170: the owner that the policy asks for, if any.
  [[nodiscard]] std::optional<OwnerReference> wanted_owner(const Pod& pod) const {
    const bool controls = release_.at_least(28);
    if (spec_.when_scaled == Retention::Delete && !in_the_range(pod)) {
      return OwnerReference{"v1", "Pod", pod.name, pod.uid, controls, controls};
    }
    if (spec_.when_deleted == Retention::Delete) {
      return OwnerReference{"apps/v1", "StatefulSet", set_.key.name, set_.uid, controls, controls};
    }
    return std::nullopt;
  }

  /// The owners that a claim should have instead of those it has. Rules: SS-170 to SS-173.
  [[nodiscard]] std::optional<SharedVector<OwnerReference>> better_owners(
      const SharedVector<OwnerReference>& owners, const Pod& pod) const {
    const auto is_ours = [&](const OwnerReference& owner) {
      return names_set(owner) || names_pod(owner, pod);
    };
    const auto is_us = [&](const OwnerReference& owner) {
      return owner.uid == set_.uid || (owner.uid == pod.uid && !pod.uid.empty());
    };
    const std::optional<OwnerReference> wanted = wanted_owner(pod);
    if (!release_.at_least(28)) {
      // SS-250: plain references, told apart by their uid
      SharedVector<OwnerReference> better = owners;
      better.erase_if([&](const OwnerReference& owner) {
        return is_us(owner) && !(wanted && owner.uid == wanted->uid);
      });
      if (wanted && std::ranges::find(better, wanted->uid, &OwnerReference::uid) == better.end()) {
        better.push_back(*wanted);
      }
      return better == owners ? std::nullopt : std::optional(better);
    }
    bool somebody_else = false;
    bool not_as_controller = false;
    for (const OwnerReference& owner : owners) {
      if (is_ours(owner) && !is_us(owner)) {
        return std::nullopt;  // SS-172: stale
      }
      somebody_else = somebody_else || (owner.controller && !is_ours(owner));
      not_as_controller = not_as_controller || (is_us(owner) && !owner.controller);
    }
    const bool retain_all =
        spec_.when_scaled == Retention::Retain && spec_.when_deleted == Retention::Retain;
    SharedVector<OwnerReference> better = owners;
    better.erase_if(is_ours);
    if (somebody_else && !retain_all) {
      return std::ranges::any_of(owners, is_us) ? std::optional(better) : std::nullopt;
    }
    const auto here = [&](const api::Uid& uid) {
      return std::ranges::find(owners, uid, &OwnerReference::uid) != owners.end();
    };
    const bool set_wanted = wanted && wanted->kind == "StatefulSet";
    const bool pod_wanted = wanted && wanted->kind == "Pod";
    const bool pod_here = !pod.uid.empty() && here(pod.uid);
    if (!not_as_controller && here(set_.uid) == set_wanted && pod_here == pod_wanted) {
      return std::nullopt;
    }
    if (wanted) {
      better.push_back(*wanted);
    }
    return better;
  }

  [[nodiscard]] bool claims_match(const Pod& pod) const {
    if (!has_policy()) {
      return true;
    }
    for (const api::ClaimTemplate& wanted : spec_.claim_templates) {
      const auto found = claims_.find(claim_key(wanted, pod).name);
      if (found != claims_.end() && found->second.seen &&
          better_owners(found->second.owners, pod)) {
        return false;
      }
    }
    return true;
  }

  /// SS-171, SS-174.
  void update_claims(const Pod& pod) {
    if (!has_policy()) {
      return;
    }
    for (const api::ClaimTemplate& wanted : spec_.claim_templates) {
      const api::ObjectKey key = claim_key(wanted, pod);
      const auto found = claims_.find(key.name);
      if (found == claims_.end() || !found->second.seen) {
        continue;
      }
      if (auto better = better_owners(found->second.owners, pod)) {
        call(fmt::format("{} owners {}", call_text("update", key), owners_text(*better)));
        found->second.owners = std::move(*better);
      }
    }
  }

  // --- Status, history, and when to look again ------------------------------------------------

  void write_status() {
    // SS-153; up to 1.26 against the pods that there are, SS-250
    const std::int32_t all = release_.at_least(27) ? spec_.replicas : status_.replicas;
    if (spec_.strategy == api::UpdateStrategy::RollingUpdate && status_.updated_replicas == all &&
        status_.ready_replicas == all && status_.replicas == all) {
      status_.current_replicas = status_.updated_replicas;
      status_.current_revision = status_.update_revision;
    }
    // SS-160
    const auto told = [](const api::StatefulSetStatus& s) {
      return std::tuple(s.replicas,
                        s.current_replicas,
                        s.ready_replicas,
                        s.updated_replicas,
                        s.current_revision,
                        s.available_replicas,
                        s.update_revision);
    };
    if (status_.observed_generation > stored_.observed_generation ||
        told(status_) != told(stored_)) {
      out_.status = status_;
    }
  }

  /// SS-95.
  void truncate_history() {
    std::set<std::string> live{current_, update_};
    for (const Pod& pod : pods_) {
      live.insert(pod.revision);
    }
    std::vector<ObjectPtr> old;
    for (const ObjectPtr& revision : revisions_) {
      if (!live.contains(revision->key.name)) {
        old.push_back(revision);
      }
    }
    // SS-250: before 1.29 a negative limit makes the real controller panic; here it is none.
    if (spec_.revision_history_limit < 0 && release_.at_least(29)) {
      return;
    }
    const auto limit = static_cast<std::size_t>(std::max(spec_.revision_history_limit, 0));
    for (std::size_t i = 0; i + limit < old.size(); ++i) {
      call(call_text("delete", old[i]->key));
    }
  }

  /// SS-46; up to 1.34 until all replicas are available, SS-250.
  void look_again() {
    if (spec_.min_ready_seconds == 0 || out_.failed) {
      return;
    }
    const SimDuration whole = std::chrono::seconds{spec_.min_ready_seconds};
    if (!release_.at_least(35)) {
      if (status_.available_replicas != spec_.replicas) {
        out_.again = whole;
      }
      return;
    }
    if (status_.ready_replicas == status_.available_replicas) {
      return;
    }
    for (const Pod& pod : pods_) {
      if (pod.ready_condition() && !available(pod)) {
        const SimDuration left = pod.ready_since() + whole - now_;
        out_.again = std::min(out_.again.value_or(left), left);
      }
    }
    out_.again = std::max(out_.again.value_or(whole), SimDuration{});
  }

  ObjectPtr object_;
  const Object& set_;
  const api::StatefulSetSpec& spec_;
  const api::StatefulSetStatus& stored_;
  const store::Cache& cache_;
  const api::Features& features_;
  Release release_;
  SimTime now_;
  SyncSummary out_;
  std::map<std::string, Claim, std::less<>> claims_;  ///< with what this sync has written itself
  std::vector<ObjectPtr> revisions_;
  std::string current_;
  std::string update_;
  std::int32_t collisions_{};
  std::vector<Pod> pods_;
  std::vector<Pod> replicas_;
  std::vector<Pod> condemned_;
  api::StatefulSetStatus status_;
};

}  // namespace

SyncSummary plain_sync(const api::ObjectKey& key, const store::Cache& cache, SimTime now) {
  ObjectPtr set = cache.find(key);
  return set ? Sync(std::move(set), cache, now).run() : SyncSummary{};
}

}  // namespace stsim::test
