#pragma once
// The whole simulated cluster as one value: it copies and compares, and holds ids, never references
// or callbacks. A run is step(), again and again.

#include <stsim/base/boxed.hpp>
#include <stsim/controllers/controller.hpp>
#include <stsim/controllers/event_correlator.hpp>
#include <stsim/controllers/plan_progress.hpp>
#include <stsim/controllers/work_queue.hpp>
#include <stsim/dns/cache.hpp>
#include <stsim/engine/actor.hpp>
#include <stsim/engine/chooser.hpp>
#include <stsim/engine/event_queue.hpp>
#include <stsim/engine/latency.hpp>
#include <stsim/engine/trace.hpp>
#include <stsim/node/kubelet.hpp>
#include <stsim/placement/placed_pods.hpp>
#include <stsim/placement/unplaced_pod.hpp>
#include <stsim/store/store.hpp>
#include <stsim/store/watch.hpp>
#include <stsim/world/faults.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::world {

/// What is fixed for a run.
struct Settings {
  api::Features features;
  /// What decides what becomes of the pods of sets; the release's own if there is none here. It
  /// lives as long as the process.
  const policy::Policy* policy{};
  std::uint64_t seed{};
  bool auto_kubelet{true};  ///< false: pods are placed and moved only from outside
  /// Whether what a real cluster decides by a race is drawn: the order of a batch, SS-110. If not,
  /// it is the usual one.
  bool draw_races{};
  std::size_t most_objects{store::Store::kMostObjects};
  /// How many events a run may take if nothing else is said: enough for a million pods, and an end
  /// to years of failing probes.
  static constexpr std::uint64_t kMostEvents = 100'000'000;
  std::uint64_t most_events{kMostEvents};  ///< Client keeps to it
  /// The nodes of a cluster of which nothing else is said.
  static constexpr std::array<std::string_view, 3> kUsualNodes{"node1", "node2", "node3"};
  std::vector<std::string> nodes{kUsualNodes.begin(), kUsualNodes.end()};
  std::map<std::string, api::Labels, std::less<>> node_labels;  ///< by node, beside its hostname
  /// What is there from the start, as a live cluster had it: with uids, owners, times and status.
  /// Controllers look at all of it first; what runs goes on running. Each of its pods' nodes is one
  /// of `nodes`; at most one object of a key.
  std::vector<api::ObjectPtr> objects;
  engine::Latency api_call{std::chrono::milliseconds{2}, std::chrono::milliseconds{2}};
  engine::Latency watch{};  ///< from a write until a controller has seen it
  engine::Latency placement{std::chrono::milliseconds{5}, std::chrono::milliseconds{20}};
  /// How long the scheduler works at one pod. Its scheduling cycles run one after the other
  /// (https://kubernetes.io/docs/concepts/scheduling-eviction/scheduling-framework), and its own
  /// benchmark has placed 800 to 900 pods a second (scheduler_perf, SchedulingBasic, 500 nodes).
  SimDuration scheduling_cycle{std::chrono::milliseconds{1}};
  engine::Latency node_start{std::chrono::seconds{20}, std::chrono::seconds{60}};   ///< of machines
  engine::Latency kubelet_start{std::chrono::seconds{1}, std::chrono::seconds{5}};  ///< alone
  /// How often a kubelet is heard, and how often the node controller looks whether it was. PN-60.
  SimDuration node_lease{std::chrono::seconds{10}};
  SimDuration node_monitor{std::chrono::seconds{5}};
  /// After how long a node that was not heard counts as unreachable; as the release has it if zero.
  SimDuration node_grace{};
  Backoff retries{controllers::WorkQueue::kUsualBackoff};  ///< of a controller's key, SS-210
  SimDuration binder_resync{std::chrono::seconds{15}};     ///< PV-11
  node::Timing timing;
  dns::Settings dns;
};

/// What the DNS servers of the cluster, and pods with caches of their own, keep beyond the API.
struct Names {
  /// One of the servers.
  struct Server {
    dns::Cache cache;
    std::shared_ptr<const dns::Zone> stale;  ///< the records that it serves if it hears no changes
    std::uint64_t stale_at{};                ///< the log position of these records
    SimTime stale_since;                     ///< when it ceased to hear
    bool operator==(const Server& other) const {
      return cache == other.cache && stale_at == other.stale_at && stale_since == other.stale_since;
    }
  };
  PersistentMap<int, Server> servers;                  ///< those that keep something
  PersistentMap<api::ObjectKey, dns::Cache> clients;   ///< by pod
  PersistentMap<api::ObjectKey, std::uint32_t> draws;  ///< by pod: how often it chose a server
  bool operator==(const Names&) const = default;
};

/// A sync that is being carried out.
struct Sync {
  api::ObjectKey key;
  std::shared_ptr<const controllers::Plan> plan;
  engine::TraceId record{};
  controllers::PlanProgress progress;
  int status_attempts{};
  bool renew{};       ///< after a conflict, SS-118: the pod is looked at again first
  bool found_news{};  ///< whether anything had changed since the key's last sync

  /// Everything but the plan, which is a function of what the controller has seen and, after
  /// conflicts, of what it saw then.
  bool operator==(const Sync& other) const;
};

/// What an actor remembers of an object.
struct KeyMemory {
  std::uint64_t own_write{};  ///< the log position of its last own write, SS-212; 0 if none that
                              ///< was unseen when anything was remembered of the key
  SimTime requeue_at;         ///< when its key comes back into the queue; the epoch if it does not
  bool operator==(const KeyMemory&) const = default;
};

/// The keys whose last sync has ended since the last change.
class SyncedKeys {
 public:
  /// Whether there are any. `changes` is World::changes, here and below.
  [[nodiscard]] bool any(std::uint64_t changes) const {
    return changes == changes_ && !keys_.empty();
  }
  /// Whether a key is one of them.
  [[nodiscard]] bool contains(const api::ObjectKey& key, std::uint64_t changes) const {
    return changes == changes_ && keys_.find(key) != nullptr;
  }
  /// A sync of a key has ended.
  void add(const api::ObjectKey& key, std::uint64_t changes) {
    if (changes != changes_) {
      *this = {};
      changes_ = changes;
    }
    keys_.set(key, {});
  }
  /// All that are if any() are; else those that were before the last change.
  [[nodiscard]] const PersistentSet<api::ObjectKey>& all() const { return keys_; }
  /// The World::changes with which all() are.
  [[nodiscard]] std::uint64_t changes() const { return changes_; }
  bool operator==(const SyncedKeys&) const = default;

 private:
  std::uint64_t changes_{};
  PersistentSet<api::ObjectKey> keys_;
};

/// How many latencies that have to do with an object were drawn for an actor.
struct Draws {
  std::uint32_t acts{};        ///< of its own acts
  std::uint32_t deliveries{};  ///< of changes of the object
  bool operator==(const Draws&) const = default;
};

/// A controller, or another reader of the change log, at work.
struct ActorState {
  store::Watch watch;
  controllers::WorkQueue queue;
  PersistentMap<std::uint64_t, Sync> syncs;
  SyncedKeys synced;
  PersistentMap<api::ObjectKey, KeyMemory> memory;  ///< of keys of which there is any
  PersistentMap<std::uint64_t, Draws> draws;  ///< by api::short_digest() of the key: there are many
  bool work_pending{};
  bool resync_pending{};
  bool down{};  ///< it does not run; what it hears it hears all the same, as if it had run
  /// As long as its watch of a kind is out of order: by its keys, the position of the last own
  /// write of an object of that kind. SS-212.
  Boxed<std::map<std::pair<api::ObjectKey, api::Kind>, std::uint64_t>> held_writes;
  bool operator==(const ActorState&) const = default;

  /// What is remembered of a key; of one never met, nothing.
  [[nodiscard]] KeyMemory remembered(const api::ObjectKey& key) const {
    const KeyMemory* found = memory.find(key);
    return found == nullptr ? KeyMemory{} : *found;
  }
  /// Remembers that of a key, but for a write that it has seen by now.
  void remember(const api::ObjectKey& key, KeyMemory of_key);
  /// What was drawn; of a key never met, nothing.
  [[nodiscard]] Draws drawn(const api::ObjectKey& key) const {
    const Draws* found = draws.find(api::short_digest(key));
    return found == nullptr ? Draws{} : *found;
  }
};

/// Where a policy has broken its contract.
struct Misconduct {
  SimTime time;
  engine::TraceId record{};  ///< of the sync
  api::ObjectKey set;
  std::string text;
  std::string rule;  ///< POL-1 to POL-6
  bool operator==(const Misconduct&) const = default;
};

/// The world.
struct World {
  SimTime now{kStartOfTime};
  std::shared_ptr<const Settings> settings;
  store::Store store{{}, 0};
  engine::EventQueue queue;
  std::array<ActorState, engine::kActors> actors;
  /// What controllers keep: it follows from what they have seen, but for Views::nodes, for which it
  /// counts when they looked, and for what a policy has kept.

  controllers::Views views;
  controllers::EventCorrelator correlator;
  node::Nodes nodes;             ///< what is on the nodes and NFS servers, beyond the API
  placement::PlacedPods placed;  ///< what placement keeps; it follows from what it has seen
  /// The pods that placement knows and has to find a node for, and those whose binding it has yet
  /// to see; none with `auto_kubelet` off.
  PersistentMap<api::ObjectKey, placement::UnplacedPod> unplaced;
  PersistentSet<api::ObjectKey> refused;  ///< those of them that wait for something to help
  SimTime cycle_ends;                     ///< of the pod that the scheduler works at, or did last
  engine::TraceId last_record{};
  Boxed<Names> names;
  Boxed<std::vector<ApiFault>> api_faults;  ///< the first one that concerns a call decides
  std::uint64_t last_sync{};
  std::uint64_t changes{};  ///< writes that changed anything but API Events, and ends of faults
  std::uint64_t events{};   ///< how many simulation events were taken
  SimTime events_expire{SimTime::max()};  ///< no API Event does so before, SS-194
  bool spent{};  ///< one was not taken any more because of Settings::most_events, or of misconduct
  /// How the policy has broken its contract; nothing is done any more then.
  OptionalBox<Misconduct> misconduct;

  /// The state of one actor.
  [[nodiscard]] ActorState& of(engine::Actor actor) {
    return actors[static_cast<std::size_t>(actor)];
  }
  /// The state of one actor.
  [[nodiscard]] const ActorState& of(engine::Actor actor) const {
    return actors[static_cast<std::size_t>(actor)];
  }
};

/// A cluster with its namespaces, its own Service and its nodes, and nothing else. Rule: VA-12.
/// Writes the trace's first record.
[[nodiscard]] World make_world(std::shared_ptr<const Settings> settings, engine::TraceSink& trace);

/// Runs the next event. Pre: one is pending. Nothing else but this and Client moves time.
void step(World& world, engine::Chooser& chooser, engine::TraceSink& trace);

/// Whether both are the same in every respect: one is a copy of the other, or both have come from
/// copies by the same steps.
[[nodiscard]] bool same(const World& a, const World& b);

}  // namespace stsim::world
