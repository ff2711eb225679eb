#pragma once
// Section 6 of the StatefulSet rules: what becomes of the pods.

#include <stsim/controllers/plan.hpp>
#include <stsim/controllers/statefulset/revisions.hpp>
#include <stsim/controllers/statefulset/statefulset.hpp>
#include <stsim/store/watch.hpp>

#include <vector>

namespace stsim::controllers::statefulset {

/// What the loop looks at. Holds references: for the length of one decision.
struct LoopInput {
  const api::Object& set;
  const std::vector<api::ObjectPtr>& pods;  ///< claimed, in order of name
  const Picked& revisions;
  const store::Cache& cache;
  const Conditions& conditions;
};

/// Appends the groups that create, repair and delete pods, the status and the reason for stopping.
/// Rules: SS-100 to SS-130, SS-150.
void run_update_loop(const LoopInput& input, Plan& plan);

/// The calls that bring a pod's claims into being and give them their owners, and the pod itself.
/// Rules: SS-115 to SS-118, SS-120, SS-170.
class PodActions {
 public:
  explicit PodActions(const LoopInput& input) : in_(input) {}

  /// Rule: SS-115. The claims, the pod, then the claims' owners.
  [[nodiscard]] Group create(const api::Object& pod, std::string why) const;
  /// Appends to a group what create() would do. Rule: SS-250.
  void then_create(Group& group, const api::Object& pod, std::string why) const;
  /// Rules: SS-110, SS-122, SS-125.
  [[nodiscard]] Group remove(const api::Object& pod, std::string why, std::string_view rule) const;
  /// Rule: SS-116. No calls where nothing is missing.
  [[nodiscard]] Group complete_claims(const api::Object& pod) const;
  /// Rule: SS-118. No calls where nothing has to be repaired.
  [[nodiscard]] Group repair(const api::Object& pod) const;
  /// Rule: SS-120. No calls where the owners are as they should be.
  [[nodiscard]] Group claim_owners(const api::Object& pod) const;
  /// Whether a claim of an earlier pod of this name stands in the way. Rule: SS-177.
  [[nodiscard]] bool waits_for_stale_claim(const api::Object& pod) const;

 private:
  void add_missing_claims(const api::Object& pod, Group& group, bool for_create) const;
  /// Whether all claims that are there have the owners that they should have.
  [[nodiscard]] bool claims_match(const api::Object& pod) const;
  void add_owner_updates(const api::Object& pod, Group& group, bool after_create) const;
  [[nodiscard]] EventText event(bool success, std::string_view verb, const std::string& pod) const;
  [[nodiscard]] std::string capitalised(std::string_view verb) const;

  const LoopInput& in_;
};

}  // namespace stsim::controllers::statefulset
