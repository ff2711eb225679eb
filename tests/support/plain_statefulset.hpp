#pragma once
// One sync of a StatefulSet, transcribed from the rules SS-60 to SS-177 as they stand in
// conformance/reference/statefulset.md: full scans, and loops in the order in which the rules tell
// of them. It shares no decision with sim/controllers/statefulset, so that a mistake in one shows
// as a difference to the other.

#include <stsim/controllers/plan.hpp>
#include <stsim/store/watch.hpp>

#include <optional>
#include <string>
#include <vector>

namespace stsim::test {

/// What a sync comes to if the API server accepts every call.
struct PlainSync {
  /// The calls in order, each as a line: `create pods web-0 revision web-799f7ff7c4`,
  /// `update persistentvolumeclaims data-web-1 owners Pod/web-1*`, `delete pods web-2`. What is
  /// known to fail before it is called: `fail persistentvolumeclaims data-web-0: …`.
  std::vector<std::string> calls;
  std::optional<api::StatefulSetStatus> status;  ///< to be written; nothing where it is stored
  std::optional<SimDuration> again;              ///< after which the set is looked at again, SS-46
  bool failed{};                                 ///< the sync is to be retried

  bool operator==(const PlainSync&) const = default;
};

/// What the rules say for a set. Releases from 1.26 on.
[[nodiscard]] PlainSync plain_sync(const api::ObjectKey& set,
                                   const store::Cache& cache,
                                   SimTime now);

/// A controller's plan in the same form.
[[nodiscard]] PlainSync reduce(const controllers::Plan& plan, Release release);

/// A line for each call, then the status and the rest.
[[nodiscard]] std::string to_string(const PlainSync& sync);

}  // namespace stsim::test
