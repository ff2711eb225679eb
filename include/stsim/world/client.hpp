#pragma once
// How somebody outside the controllers talks to the API server: the user, and whoever moves pods by
// hand. Every call takes time, during which the cluster goes on.

#include <stsim/dns/resolver.hpp>
#include <stsim/world/faults.hpp>
#include <stsim/world/world.hpp>

#include <atomic>
#include <functional>

namespace stsim::world {

/// How a wait for rest ends.
enum class Rest : unsigned char {
  Reached,  ///< nothing is left to happen
  Later,    ///< what is left happens after more than a day
  Circles,  ///< controllers go round in circles
  Spent,    ///< the run may take no more events
};

/// When time stops for whoever waits: the World is `spent` then, in the middle of what he does.
struct Halt {
  SimTime at{SimTime::max()};        ///< no event after this instant is taken
  const std::atomic<bool>* asked{};  ///< nor any once this is true; nullptr: nobody asks
};

/// One actor's connection. Holds references: for the length of a step of a scenario.
class Client {
 public:
  /// `cause` is the record that everything done through this client is caused by.
  Client(World& world,
         engine::Chooser& chooser,
         engine::TraceSink& trace,
         engine::Actor actor,
         engine::TraceId cause,
         Halt halt = {})
      : world_(world),
        chooser_(chooser),
        trace_(trace),
        actor_(actor),
        cause_(cause),
        halt_(halt) {}

  [[nodiscard]] const World& world() const { return world_; }
  /// The store as it is now: reads take no time.
  [[nodiscard]] const store::Store& store() const { return world_.store; }
  /// The time it is.
  [[nodiscard]] SimTime now() const { return world_.now; }

  /// Rules and errors of the writes: store/store.hpp. All are traced.
  store::WriteResult create(api::Kind kind,
                            const api::Json& manifest,
                            std::string_view default_namespace);
  /// Makes the new document of an object's stored one, or refuses.
  using DocumentChange = std::function<Result<api::Json, api::ApiError>(const api::Json& stored)>;
  /// Changes an object as it is when the call lands. Errors: NotFound, and those of `change` and of
  /// the write.
  store::WriteResult patch(const api::ObjectKey& key,
                           const DocumentChange& change,
                           std::string subresource = "");
  /// Replaces the status.
  store::WriteResult update_status(api::Object object);
  /// Places a pod on a node.
  store::WriteResult bind(api::Object pod);
  store::WriteResult remove(const api::ObjectKey& key, const store::DeleteOptions& options);

  /// Deletes a pod as the Eviction API does: with a condition that tells why, and its own grace.
  /// There are no PodDisruptionBudgets that could refuse it. Rule: PN-64.
  store::WriteResult evict(const api::ObjectKey& pod);

  /// Something happens to a node. Returns false, and nothing changes, where it has happened
  /// already. Pre: kubelets move pods (Settings::auto_kubelet).
  bool strike(const std::string& node, NodeFault fault);
  /// Something happens to a controller, to watches, to calls. Likewise; with no fault of calls all
  /// is well with them again. Pre: the actor is a controller.
  bool strike(engine::Actor controller, ControllerFault fault);
  bool strike(const WatchFault& fault);
  bool strike(std::optional<ApiFault> fault);
  /// Something happens to a DNS server, to an NFS server. Likewise.
  bool strike(const DnsFault& fault);
  bool strike(const std::string& nfs_server, node::ServerState becomes);
  /// What containers of an image never do, and when they end, is so from now on; how long things
  /// take stays.
  void image_becomes(const std::string& image, const node::Behaviour& behaviour);
  /// Likewise those of a pod of that name, whatever their images do.
  void pod_becomes(const std::string& pod, const node::Behaviour& behaviour);

  /// Records that a step of a scenario begins. Returns the record, the cause of what it does.
  engine::TraceId step_begins(std::string text);
  /// Records that somebody does something to a thing that no user of the API does. Returns the
  /// record, the cause of what it does.
  engine::TraceId note_accident(const api::ObjectKey& about, std::string text);
  /// Records that something was written to a place of files, node::FileKey, in a pod.
  void note_write(const api::ObjectKey& pod, const node::FileKey& file);

  /// Lets time pass up to an instant, whatever happens until then. Time stands still in a World
  /// that is `spent`, here and in the calls below. Whoever waits like this or for something finds
  /// no API Events afterwards that were last reported an hour ago. Rule: SS-194.
  void run_until(SimTime time);
  /// Lets time pass until nothing is left to happen; a day at most, and less where it is clear
  /// before that controllers go round in circles.
  Rest run_to_rest();
  /// Lets time pass until `done` holds, or `deadline` has come; without one as run_to_rest() does.
  /// Returns whether it holds.
  bool run_until(const std::function<bool()>& done, std::optional<SimTime> deadline);

  /// Lets time pass as run_to_rest() does, and shows every change of an object meanwhile, but for
  /// those of API Events.
  void watch(
      const std::function<void(const api::ObjectPtr& before, const api::ObjectPtr& after)>& seen);

  /// How a pod asks the cluster's DNS: what it and the servers keep for a while comes first. Holds
  /// references. Rule: SD-27.
  [[nodiscard]] dns::Ask ask_names(const api::ObjectKey& pod);

  /// The world, for whoever changes what lies beyond the API (files on volumes).
  [[nodiscard]] World& mutable_world() { return world_; }

 private:
  engine::TraceId tell(engine::TraceRecord told);
  void take_time(const api::ObjectKey& about);
  /// Takes the next event, unless the run may take no more. Returns whether it did.
  bool take_event();
  /// Lets the clock go on to a time, or to where it halts.
  void let_clock_come_to(SimTime time);
  void forget_old_events();

  World& world_;
  engine::Chooser& chooser_;
  engine::TraceSink& trace_;
  engine::Actor actor_;
  engine::TraceId cause_;
  Halt halt_;
};

}  // namespace stsim::world
