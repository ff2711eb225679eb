#pragma once
// What the parts of a step share. Steps write to the store through write() alone: each write is
// traced, and its change is delivered to whoever watches. What is there from the start is put in by
// make_world().

#include <stsim/dns/resolver.hpp>
#include <stsim/world/faults.hpp>
#include <stsim/world/world.hpp>

#include <functional>
#include <optional>
#include <string>

namespace stsim::world {

/// What a step works with.
struct Context {
  World& world;
  engine::Chooser& chooser;
  engine::TraceSink& trace;
};

/// How long an act of an actor about an object takes. Draws are counted for each actor and object,
/// so that one decision that differs does not shift those about others.
SimDuration draw(Context& context,
                 engine::Actor actor,
                 const engine::Latency& latency,
                 std::string_view point,
                 const api::ObjectKey& about);

/// Puts the groups of each batch of an actor's plan for an object into an order that is drawn.
void draw_batches(Context& context,
                  engine::Actor actor,
                  const api::ObjectKey& about,
                  controllers::Plan& plan);

/// Gives a record its id and time and writes it.
engine::TraceId record(Context& context, engine::TraceRecord& record);

/// A write about to be made.
struct Write {
  engine::Actor actor{};
  std::string_view verb;
  std::string subresource;  ///< `status`, `binding`; empty for the object itself
  api::ObjectKey target;
  std::string why;
  std::string_view rule;
  engine::Causes causes;
};

/// Makes it: `perform` is called with the id of the trace record that will tell of it.
template <class Perform>
store::WriteResult write(Context& context, Write write, Perform perform);

/// Traces a write that was performed, unless it is one of an API Event, and delivers the change.
void finish_write(Context& context,
                  const Write& write,
                  const store::WriteResult& result,
                  std::uint64_t position_before,
                  const api::ObjectPtr& before);

/// What a fault does to a call.
struct Strike {
  api::ApiError error;     ///< what the caller is told
  bool takes_effect{};     ///< although it is told so
  engine::TraceId record;  ///< of the fault
};

/// Whether a fault of the API server concerns a write that is about to be made. It counts as used
/// then.
[[nodiscard]] std::optional<Strike> struck(World& world, const Write& write);

/// Whether a key still comes back at that time, and not sooner by another event.
[[nodiscard]] bool counts(const World& world, const engine::Requeue& event, SimTime due);

/// Whether placement still looks at the pod then, and not at another time by another event.
[[nodiscard]] bool counts(const World& world, const engine::PlacementLook& event, SimTime due);

/// Whether a pending event would only find or do again what it has found or done before.
[[nodiscard]] bool only_repeats(const World& world, const engine::PendingEvent& event);

/// Delivers the changes up to a position to one actor, but for those that are held.
void deliver(Context& context, engine::Actor actor, std::uint64_t up_to);

/// Whether the changes of a kind are held and will come; else they do not come, or have come.
[[nodiscard]] bool late(const store::Watch& watch, api::Kind kind);

/// Delivers the changes of a kind that are held, up to a position.
void deliver_held(Context& context, engine::Actor actor, api::Kind kind, std::uint64_t up_to);

/// Puts the keys that a change concerns into a controller's queue.
void enqueue_concerned(Context& context,
                       const controllers::Controller& controller,
                       const store::Change& change);

/// Sees that a controller that looks at everything again and again does so, if there is anything
/// that time could change.
void schedule_resync(Context& context,
                     const controllers::Controller& controller,
                     const engine::Causes& causes);

/// Puts a key into a controller's queue and sees that a worker comes.
void enqueue(Context& context,
             engine::Actor actor,
             const api::ObjectKey& key,
             const engine::Causes& causes);

/// Puts a key into a controller's queue after a while, unless it comes back sooner anyway. Of two
/// delays of one key only the shorter counts. `idle_since` as of engine::Requeue.
void enqueue_after(Context& context,
                   engine::Actor actor,
                   const api::ObjectKey& key,
                   SimDuration after,
                   const engine::Causes& causes,
                   std::uint64_t idle_since);

/// Takes away the API Events that were last reported an hour ago. Rule: SS-194.
void expire_events(Context& context);

/// Writes the API Events of the scheduler's series that are due. Rule: PN-54.
void write_series(Context& context);

/// Records an API Event, folded as SS-194 says.
void record_event(Context& context,
                  engine::Actor source,
                  const api::Object& about,
                  const controllers::EventText& event,
                  const engine::Causes& causes,
                  std::string_view rule);

/// A free worker takes keys and decides.
void work(Context& context, engine::Actor actor);

/// The next call of a sync takes effect.
void call_lands(Context& context, engine::Actor actor, std::uint64_t sync);

// --- placement_agent.cpp, kubelets.cpp

/// What placement does because of a change.
void placement_sees(Context& context, const store::Change& change);

/// A look of placement at a pod is due, unless it was put off or done meanwhile.
void look(Context& context, const api::ObjectKey& pod, const engine::Causes& causes);

/// The scheduler turns to the pods that wait for it, if it is done with the one before.
void next_cycle(Context& context);

/// What kubelets do because of a change, and what becomes of what is on their nodes.
void kubelets_see(Context& context, const store::Change& change);

/// A pod's timer has come to its end.
void pod_timer(Context& context, const engine::PodTimer& timer, const engine::Causes& causes);

/// What a kubelet that has started again does about a pod of its node.
void kubelet_starts(Context& context,
                    const api::Object& pod,
                    bool rebooted,
                    const engine::Causes& causes);

/// What a kubelet sees of a pod on its node whose containers behave otherwise than before.
void behave_now(Context& context,
                const api::Object& pod,
                bool by_itself,
                const engine::Causes& causes);

/// The containers of an image or a pod behave otherwise from now on. `of` tells those concerned.
void behave_now(Context& context,
                const std::function<bool(const api::Object& pod)>& of,
                const engine::Causes& causes);

// --- nodes.cpp

/// Something happens to a node. Returns false, and does nothing, where it has happened already.
bool strike(Context& context, const std::string& name, NodeFault fault, engine::TraceId cause);

/// A node's timer has come to its end.
void node_timer(Context& context, const engine::NodeTimer& timer, const engine::Causes& causes);

// --- hampered.cpp

/// An NFS server becomes what it was not. Returns false, and does nothing, where it is so.
bool strike(Context& context,
            const std::string& server,
            node::ServerState becomes,
            engine::TraceId cause);

/// Containers that waited for an NFS server are gone with their node's power.
void wake(Context& context, const api::Object& pod, const engine::Causes& causes);

/// Looks whether pods have those other pods that they need. Rules: SD-8, SD-21.
void look_at_needs(Context& context, const engine::Causes& causes);

/// Why a volume of a pod cannot be mounted, as its kubelet says it; empty where all can be.
[[nodiscard]] std::string unmountable(const World& world, const api::Object& pod);

/// A pod is gone for the API: where its kubelet does not hear of that, its containers run on.
/// Rule: PN-62.
void abandon(Context& context, const api::Object& pod, const engine::Causes& causes);

/// The containers of pods that are gone for the API end on a node: with its power, or because its
/// kubelet finds them.
void end_orphans(Context& context,
                 std::string_view node,
                 std::string_view why,
                 const engine::Causes& causes);

// --- names.cpp

/// Client::ask_names().
[[nodiscard]] dns::Ask ask_names(World& world, engine::Chooser& chooser, const api::ObjectKey& pod);

/// A DNS server of the cluster goes stale, or hears of changes again. Returns false, and does
/// nothing, where that is so.
bool strike(Context& context, const DnsFault& fault, engine::TraceId cause);

// --- channels.cpp

/// Something happens to a controller. Returns false, and does nothing, where it has happened
/// already. Pre: the actor is a controller.
bool strike(Context& context, engine::Actor actor, ControllerFault fault, engine::TraceId cause);

/// Something happens to the watches of an actor. Returns false, and does nothing, where all was
/// well and is to be so.
bool strike(Context& context, const WatchFault& fault, engine::TraceId cause);

/// From now on some calls are answered as the fault says; with nothing all as they should be.
/// Returns false, and does nothing, where that is so.
bool strike(Context& context, std::optional<ApiFault> fault, engine::TraceId cause);

/// The object of a node that is well.
[[nodiscard]] api::Object make_node(const Settings& settings, const std::string& name, SimTime now);

template <class Perform>
store::WriteResult write(Context& context, Write write, Perform perform) {
  const std::uint64_t position = context.world.store.position();
  const bool traced = write.target.kind != api::Kind::Event;  // those have records of their own
  const api::ObjectPtr before = traced ? context.world.store.find(write.target) : nullptr;
  const std::optional<Strike> strike = struck(context.world, write);
  store::WriteResult result = strike && !strike->takes_effect
                                  ? store::WriteResult(tl::unexpected(strike->error))
                                  : perform(context.world.last_record + 1);
  if (strike) {
    write.causes.add(strike->record);
    if (result) {
      result = tl::unexpected(strike->error);
    }
  }
  finish_write(context, write, result, position, before);
  return result;
}

}  // namespace stsim::world
