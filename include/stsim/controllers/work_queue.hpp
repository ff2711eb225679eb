#pragma once
// The queue of keys that a controller has to look at. A key stands in it once; one that is added
// while it is being processed is processed again afterwards; failures are retried with growing
// delays. Rules: SS-40, SS-210.

#include <stsim/api/object.hpp>
#include <stsim/base/backoff.hpp>
#include <stsim/base/persistent_map.hpp>
#include <stsim/base/time.hpp>
#include <stsim/engine/trace.hpp>

#include <optional>

namespace stsim::controllers {

/// A value, like everything in the world.
class WorkQueue {
 public:
  /// A key that was taken, with the records that caused it to be looked at.
  struct Item {
    api::ObjectKey key;
    engine::Causes causes;
  };

  /// Puts a key in; if it is there already, only what caused it is added.
  void add(const api::ObjectKey& key, const engine::Causes& causes);

  /// Whether a key is ready to be taken.
  [[nodiscard]] bool ready() const { return !order_.empty(); }

  /// Takes the key that has waited longest; it counts as being processed until done().
  [[nodiscard]] std::optional<Item> take();

  /// Ends the processing of a key; puts it back in if it was added meanwhile.
  void done(const api::ObjectKey& key);

  /// The delays of one key's retries. Rule: SS-210.
  static constexpr Backoff kUsualBackoff{std::chrono::milliseconds{5}, std::chrono::seconds{1000}};

  /// Counts a failure of a key and returns how long to wait before the retry: as `backoff` says,
  /// and so that all keys together retry ten times a second after the first hundred. Rule: SS-210.
  [[nodiscard]] SimDuration retry_delay(const api::ObjectKey& key,
                                        const Backoff& backoff,
                                        SimTime now);

  /// Forgets the failures of a key.
  void forget(const api::ObjectKey& key) { failures_.erase(key); }

  /// Whether there is no key in it, none being processed and none that has failed.
  [[nodiscard]] bool empty() const {
    // A key that is ready is one to be looked at, too.
    return dirty_.empty() && processing_.empty() && failures_.empty();
  }
  /// The keys that are ready to be taken, in the order in which they will be.
  [[nodiscard]] const PersistentMap<std::uint64_t, api::ObjectKey>& order() const { return order_; }
  /// The keys to be looked at, those included that were added while being processed.
  [[nodiscard]] const PersistentMap<api::ObjectKey, engine::Causes>& dirty() const {
    return dirty_;
  }
  /// The keys being processed.
  [[nodiscard]] const PersistentSet<api::ObjectKey>& processing() const { return processing_; }
  /// When the retries of all keys so far will have been made up for.
  [[nodiscard]] SimTime retries_until() const { return retries_until_; }
  /// How often each key has failed since it last did not.
  [[nodiscard]] const PersistentMap<api::ObjectKey, int>& failures() const { return failures_; }

  bool operator==(const WorkQueue&) const = default;

 private:
  PersistentMap<std::uint64_t, api::ObjectKey> order_;
  PersistentMap<api::ObjectKey, engine::Causes> dirty_;
  PersistentSet<api::ObjectKey> processing_;
  PersistentMap<api::ObjectKey, int> failures_;
  SimTime retries_until_;
  std::uint64_t added_{};
};

}  // namespace stsim::controllers
