#pragma once
// Runs of a set through Control, one pod a step further at a time, with what must hold after every
// sync: what Kubernetes' own tests of the update loop are told in.

#include "support/control.hpp"

#include <functional>

namespace stsim::test {

/// A way to run a set: its pod management and what becomes of its claims.
struct Way {
  bool parallel;
  const char* release;
  const char* when_scaled;
  const char* when_deleted;
};

/// Both pod managements with every retention policy; 1.26 has no policy. Each in turn, as Catch2's
/// GENERATE.
[[nodiscard]] Way any_way();

[[nodiscard]] SetSpec spec_of(const Way& way, int replicas);

/// A controller with the set, which has not synced yet.
[[nodiscard]] Control made(const SetSpec& spec,
                           std::string_view release = "1.36",
                           std::map<std::string, bool, std::less<>> gates = {});
[[nodiscard]] Control made(const Way& way, int replicas);

/// Whether a pod is running and ready.
[[nodiscard]] bool up(const api::ObjectPtr& pod);

/// `StatefulSet/web`.
[[nodiscard]] std::vector<std::string> owners_of(const api::Object& object);

/// What holds of every pod after every sync.
void check_pods(Control& c);

/// What must hold after every sync, besides.
using Check = void (*)(Control&);

/// Without Parallel: no gaps, and nobody is ready before his predecessor.
void check_order(Control& c);

/// In a rollout the first pods are at the current revision and the last at the update revision.
void check_update(Control& c);

/// Syncs and lets pods come up until `done`. Returns the first error of a sync.
[[nodiscard]] std::string run_until(Control& c, Check check, const std::function<bool()>& done);

/// Until all replicas are ready, or all that are too many are gone. Return the first error.
[[nodiscard]] std::string scale_up(Control& c);
[[nodiscard]] std::string scale_down(Control& c);

/// Whether a rollout is over.
[[nodiscard]] bool update_complete(Control& c);

/// Changes a set and syncs until it has come to rest. Returns the first error.
[[nodiscard]] std::string update(Control& c, int replicas, std::string_view image);

/// All replicas are there, ready and updated.
void require_counts(Control& c, int replicas);

}  // namespace stsim::test
