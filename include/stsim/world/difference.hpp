#pragma once
// A world written down: for people who ask where two differ, and for explorers, who have to know
// whether they have been in a situation before.

#include <stsim/api/json.hpp>
#include <stsim/base/digest.hpp>
#include <stsim/world/world.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace stsim::world {

/// How a world is written down.
enum class Form : unsigned char {
  /// As it is: objects as `kubectl get -o json` shows them, absolute times.
  Exact,
  /// So that worlds that will go on alike, whatever a chooser decides, read alike: times that
  /// decisions read relative to now, creations by their order where that decides anything, uids,
  /// resource versions and addresses numbered in the order of their first use, counters by rank,
  /// and without what decides nothing (other times, API Events and what they were folded from,
  /// records of the trace, counts of draws).
  Canonical,
};

/// The world as a document: objects by kind, namespace and name, then what is under way. In the
/// canonical form objects are one list, each followed by what tells it from others like it.
[[nodiscard]] api::Json to_json(const World& world, Form form);

/// Stands for a situation: equal situations have the same one, others with near certainty not.
using Fingerprint = Digest;

/// Of the canonical form, which is not written down for it: 128 bits, of which 64 stand for what
/// each object and each plan under way is. The same on every machine and compiler.
[[nodiscard]] Fingerprint fingerprint(const World& world);

/// Where two worlds differ, a line each, in the exact form:
/// `/objects/Pod/default/web-0/status/phase: "Pending", then "Running"`. Empty if and only if they
/// are the same(). At most `most` lines, then how many more there are.
[[nodiscard]] std::vector<std::string> difference(const World& a,
                                                  const World& b,
                                                  std::size_t most = 20);

}  // namespace stsim::world
