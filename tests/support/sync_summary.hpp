#pragma once
// What a sync of a StatefulSet comes to, in lines that can be compared.

#include <stsim/controllers/plan.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::test {

/// What a sync comes to if the API server accepts every call.
struct SyncSummary {
  /// The calls in order, each as a line: `create pods web-0 revision web-799f7ff7c4`,
  /// `update persistentvolumeclaims data-web-1 owners Pod/web-1*`, `delete pods web-2`. What is
  /// known to fail before it is called: `fail persistentvolumeclaims data-web-0: …`.
  std::vector<std::string> calls;
  std::optional<api::StatefulSetStatus> status;  ///< to be written; nothing where it is stored
  std::optional<SimDuration> again;              ///< after which the set is looked at again, SS-46
  bool failed{};                                 ///< the sync is to be retried

  bool operator==(const SyncSummary&) const = default;
};

/// `create pods web-0`.
[[nodiscard]] std::string call_text(std::string_view verb, const api::ObjectKey& key);

/// `StatefulSet/web*,Pod/web-1`, with a star for a controller; `none`.
[[nodiscard]] std::string owners_text(const SharedVector<api::OwnerReference>& owners);

/// A controller's plan in this form.
[[nodiscard]] SyncSummary reduce(const controllers::Plan& plan);

/// A line for each call, then the status and the rest.
[[nodiscard]] std::string to_string(const SyncSummary& sync);

}  // namespace stsim::test
