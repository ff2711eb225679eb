#pragma once
// What the parts of a step share. Steps write to the store through write() alone: each write is
// traced, and its change is delivered to whoever watches. What is there from the start is put in by
// make_world().

#include <stsim/world/faults.hpp>
#include <stsim/world/world.hpp>

#include <functional>
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
engine::TraceId record(Context& context, engine::TraceRecord record);

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

/// Traces a write that was performed and delivers the change.
void finish_write(Context& context,
                  const Write& write,
                  const store::WriteResult& result,
                  std::uint64_t position_before,
                  const api::ObjectPtr& before);

/// Whether a key still comes back at that time, and not sooner by another event.
[[nodiscard]] bool counts(const World& world, const engine::Requeue& event, SimTime due);

/// Whether placement still looks at the pod then, and not at another time by another event.
[[nodiscard]] bool counts(const World& world, const engine::PlacementLook& event, SimTime due);

/// Whether a pending event would only find or do again what it has found or done before.
[[nodiscard]] bool only_repeats(const World& world, const engine::PendingEvent& event);

/// Delivers the changes up to a position to one actor.
void deliver(Context& context, engine::Actor actor, std::uint64_t up_to);

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

/// What kubelets do because of a change, and what becomes of what is on their nodes.
void kubelets_see(Context& context, const store::Change& change);

/// A pod's timer has come to its end.
void pod_timer(Context& context, const engine::PodTimer& timer, const engine::Causes& causes);

/// What a kubelet that has started again does about a pod of its node.
void kubelet_starts(Context& context,
                    const api::Object& pod,
                    bool rebooted,
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

/// The object of a node that is well.
[[nodiscard]] api::Object make_node(const Settings& settings, const std::string& name, SimTime now);

template <class Perform>
store::WriteResult write(Context& context, Write write, Perform perform) {
  const std::uint64_t position = context.world.store.position();
  const api::ObjectPtr before = context.world.store.find(write.target);
  store::WriteResult result = perform(context.world.last_record + 1);
  finish_write(context, write, result, position, before);
  return result;
}

}  // namespace stsim::world
