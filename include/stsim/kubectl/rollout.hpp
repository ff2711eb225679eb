#pragma once
// What `kubectl rollout status` and `rollout history` say about a StatefulSet.
// Rules: KC-16, KC-17.

#include <stsim/api/json.hpp>
#include <stsim/base/error.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace stsim::kubectl {

/// How far a rollout is.
struct RolloutStatus {
  std::string message;  ///< one line, ends with a newline
  bool done{};
  bool operator==(const RolloutStatus&) const = default;
};

/// The status of a set's rollout as its document shows it.
/// Errors: what kubectl says after `error: `. Rule: KC-16.
[[nodiscard]] Result<RolloutStatus, std::string> rollout_status(const api::Json& set);

/// What `rollout history` prints for a set, given its ControllerRevisions in any order; ends with
/// an empty line. Rule: KC-17.
[[nodiscard]] std::string rollout_history(const api::Json& set,
                                          const std::vector<const api::Json*>& revisions);

/// What `rollout history --revision=N` prints. Errors: kubectl's words after `error: ` where there
/// is no such revision. Rule: KC-17.
[[nodiscard]] Result<std::string, std::string> rollout_history_of(
    const api::Json& set, const std::vector<const api::Json*>& revisions, std::int64_t revision);

}  // namespace stsim::kubectl
