#pragma once
// One sync of a StatefulSet, transcribed from the rules SS-60 to SS-177 as they stand in
// conformance/reference/statefulset.md: full scans, and loops in the order in which the rules tell
// of them. It shares no decision with sim/controllers/statefulset, so that a mistake in one shows
// as a difference to the other.

#include "support/sync_summary.hpp"

#include <stsim/store/watch.hpp>

namespace stsim::test {

/// What the rules say for a set. Releases from 1.26 on.
[[nodiscard]] SyncSummary plain_sync(const api::ObjectKey& set,
                                     const store::Cache& cache,
                                     SimTime now);

}  // namespace stsim::test
