#pragma once
// The StatefulSet controller. Rules: SS-40 to SS-177.

#include <stsim/controllers/controller.hpp>

namespace stsim::controllers::statefulset {

/// The sets that a change of a set or pod concerns. Rules: SS-41 to SS-45.
[[nodiscard]] std::vector<Again> concerned(const store::Change& change,
                                           const store::Cache& cache,
                                           SimTime now);

/// What one sync of a set does. Pre: the views have seen what the cache has, and the time of the
/// set. Rules: SS-60 to SS-177.
[[nodiscard]] Plan decide(const api::ObjectKey& key,
                          const store::Cache& cache,
                          const Views& views,
                          SimTime now);

/// What is still to be repaired on a pod as the cache shows it now, in calls like those of a plan's
/// group; nothing where nothing is. For a repair that met a conflict. `rules` are those of the
/// policy, SetViews::rules(). Rule: SS-118.
[[nodiscard]] std::vector<Call> repairs(const api::Object& set,
                                        const api::Object& pod,
                                        const store::Cache& cache,
                                        Release rules,
                                        SimTime now);

/// The status that a plan's groups lead to: `succeeded[i]` tells what became of group i.
/// Nothing where the stored status says the same already. Rules: SS-125, SS-153, SS-160.
[[nodiscard]] std::optional<api::StatefulSetStatus> final_status(
    const StatusPlan& plan, const std::vector<bool>& succeeded);

/// What decisions ask of a pod. `now` is one instant for the whole sync. Rule: SS-100.
struct Conditions {
  SimTime now;
  std::int32_t min_ready_seconds{};
  Release release;

  /// Whether it is a stored pod and no placeholder. Rule: SS-100.
  [[nodiscard]] static bool created(const api::Object& pod);
  /// Rule: SS-100.
  [[nodiscard]] static bool running_and_ready(const api::Object& pod);
  /// Rule: SS-100.
  [[nodiscard]] bool available(const api::Object& pod) const;
  /// Whether a pod that has been Ready since then is so for long enough. Rules: SS-100; how the
  /// time is compared: SS-250.
  [[nodiscard]] bool long_enough(SimTime since) const;
  /// What holds up a rolling update and decides which pod is the first unhealthy one. Rule: SS-250:
  /// availability since 1.34, before that running and ready.
  [[nodiscard]] bool unavailable(const api::Object& pod) const;
  /// Whether a pod is over and has to be made anew. Up to 1.26 only a Failed one. Rules: SS-111,
  /// SS-250.
  [[nodiscard]] bool ended(const api::Object& pod) const;
  /// Whether the pod is one whose missing claims are created. Rules: SS-116; since 1.27: SS-250.
  [[nodiscard]] bool completes_claims(const api::Object& pod) const;
};

/// `controller-revision-hash`, "" where there is none. Rule: SS-100.
[[nodiscard]] std::string_view revision_of(const api::Object& pod);

}  // namespace stsim::controllers::statefulset
