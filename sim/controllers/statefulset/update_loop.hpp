#pragma once
// Section 6 of the StatefulSet rules: what becomes of the pods. What is to be done a policy
// decides; here is how it is done.

#include <stsim/controllers/plan.hpp>
#include <stsim/controllers/statefulset/revisions.hpp>
#include <stsim/controllers/statefulset/set_views.hpp>
#include <stsim/controllers/statefulset/statefulset.hpp>
#include <stsim/store/watch.hpp>

#include <map>

namespace stsim::controllers::statefulset {

/// What the loop looks at. Holds references: for the length of one decision.
struct LoopInput {
  const api::Object& set;
  const SetPods& pods;  ///< those that this sync adopts among them
  /// The latter by ordinal, as they will be; the cache has them without their owner.
  const std::map<std::int32_t, api::ObjectPtr>& adopted;
  const Picked& revisions;
  const store::Cache& cache;
  const Conditions& conditions;
  const policy::Policy& policy;
  const Text& state;  ///< what the policy has kept for the set
};

/// Asks the policy, and appends the groups that create, repair and delete pods, the status and the
/// reason for stopping. A policy that breaks its contract gets a plan with Plan::misconduct, and
/// nothing else. Rules: SS-100 to SS-130, SS-150; POL-1 to POL-6 in stsim/policy/policy.h.
void run_update_loop(const LoopInput& input, Plan& plan);

/// The calls that bring a pod's claims into being and give them their owners, and the pod itself.
/// Rules: SS-115 to SS-118, SS-120, SS-170.
class PodActions {
 public:
  /// Keeps references to all of them.
  PodActions(const api::Object& set, const store::Cache& cache, const Conditions& conditions)
      : set_(set), cache_(cache), conditions_(conditions) {}

  /// Rule: SS-115. The claims, the pod, then the claims' owners.
  [[nodiscard]] Group create(const api::Object& pod, std::string why, std::string_view rule) const;
  /// Appends to a group what create() would do. Rule: SS-250.
  void then_create(Group& group,
                   const api::Object& pod,
                   std::string why,
                   std::string_view rule) const;
  /// Rules: SS-110, SS-122, SS-125.
  [[nodiscard]] Group remove(const api::ObjectKey& pod,
                             std::string why,
                             std::string_view rule) const;
  /// Whether a pod differs from a revision in images, labels and annotations alone. Rule: OP-55.
  [[nodiscard]] bool can_change_in_place(const api::Object& pod, const api::Object& revision) const;
  /// Brings a pod to a revision: first it is not ready any more, then it has the images, labels and
  /// annotations. Pre: can_change_in_place(). Rule: OP-55.
  [[nodiscard]] Group change_in_place(const api::Object& pod,
                                      const api::Object& revision,
                                      std::string why,
                                      std::string_view rule) const;
  /// Rule: SS-116. No calls where nothing is missing.
  [[nodiscard]] Group complete_claims(const api::Object& pod) const;
  /// Rule: SS-118. No calls where nothing has to be repaired.
  [[nodiscard]] Group repair(const api::Object& pod) const;
  /// Rule: SS-120. No calls where the owners are as they should be.
  [[nodiscard]] Group claim_owners(const api::Object& pod) const;
  /// Whether repair() has nothing to do. Rule: SS-118.
  [[nodiscard]] bool is_consistent(const api::Object& pod) const;
  /// Whether all claims that are there have the owners that they should have. Rule: SS-170.
  [[nodiscard]] bool claims_match(const api::Object& pod) const;
  /// Whether a claim of an earlier pod of this name stands in the way. Rule: SS-177.
  [[nodiscard]] bool waits_for_stale_claim(const std::string& pod) const;

 private:
  void add_missing_claims(const api::Object& pod, Group& group, bool for_create) const;
  void add_owner_updates(const api::Object& pod, Group& group, bool after_create) const;
  [[nodiscard]] EventText event(bool success, std::string_view verb, const std::string& pod) const;
  [[nodiscard]] std::string capitalised(std::string_view verb) const;

  const api::Object& set_;
  const store::Cache& cache_;
  const Conditions& conditions_;
};

}  // namespace stsim::controllers::statefulset
