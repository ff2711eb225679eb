#pragma once
// What every controller offers to the world: which keys a change concerns, and what to do for a
// key. Both are pure functions of what the controller has seen.

#include <stsim/controllers/plan.hpp>
#include <stsim/controllers/views.hpp>
#include <stsim/engine/actor.hpp>
#include <stsim/store/watch.hpp>

#include <span>
#include <vector>

namespace stsim::controllers {

/// A controller as a table entry.
struct Controller {
  engine::Actor actor{};
  int workers{1};
  bool of_nodes{};      ///< it looks after nodes: VA-14
  bool hears_events{};  ///< it acts on API Events, as nearly nobody does
  bool reads_live{};    ///< it decides by what the API server says now, and not by its cache
  /// The keys to look at because of a change, now or (`after`) later. The cache has seen the
  /// change.
  std::vector<Again> (*concerned)(const store::Change& change,
                                  const store::Cache& cache,
                                  SimTime now){};
  /// What to do for a key. The views have observed what the cache has seen, and were advanced for
  /// the key.
  Plan (*decide)(const api::ObjectKey& key,
                 const store::Cache& cache,
                 const Views& views,
                 SimTime now){};
  /// The keys of a periodic look at everything; nullptr where there is none. Rule: PV-11.
  std::vector<api::ObjectKey> (*resync)(const store::Cache& cache, const Views& views){};
  /// Takes note of a change that the cache has just seen; nullptr where nothing is kept.
  void (*observe)(Views& views,
                  const store::Change& change,
                  const store::Cache& cache,
                  SimTime now){};
  /// Takes note of the time that has passed for a key; nullptr where that changes nothing.
  void (*advance)(Views& views,
                  const api::ObjectKey& key,
                  const store::Cache& cache,
                  SimTime now){};
};

/// All controllers, in the order of their actors.
[[nodiscard]] std::span<const Controller> controllers();

/// The controller of an actor, or nullptr if the actor is none.
[[nodiscard]] const Controller* controller(engine::Actor actor);

}  // namespace stsim::controllers
