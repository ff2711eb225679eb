#include "context.hpp"

#include <stsim/world/rest.hpp>

#include <algorithm>

namespace stsim::world {

namespace {

/// Whether an event would only find or do again what it has found or done before.
struct OnlyRepeats {
  const World& world;
  SimTime due;

  [[nodiscard]] bool idle(std::uint64_t since) const {
    return since != 0 && since == world.changes;
  }
  bool operator()(const engine::Requeue& event) const {
    return idle(event.idle_since) || !counts(world, event, due);
  }
  bool operator()(const engine::PlacementLook& event) const {
    // A pod that waits for something to help is looked at in the end, too, but in vain.
    const bool in_vain = world.refused.find(event.pod) != nullptr;
    return in_vain || idle(event.idle_since) || !counts(world, event, due);
  }
  bool operator()(const engine::Resync& event) const { return idle(event.idle_since); }
  bool operator()(const engine::PodTimer& event) const {
    const api::ObjectPtr pod = world.store.find(event.pod);
    // A timer of a pod that is gone finds nothing.
    return !pod || pod->uid != event.uid ||
           !node::counts(event, *pod, world.settings->timing, world.nodes) ||
           node::only_repeats(
               event,
               *pod,
               world.settings->timing,
               world.nodes,
               event.what != engine::PodTimer::What::Mounted || unmountable(world, *pod).empty());
  }
  bool operator()(const engine::NodeTimer& event) const {
    return event.trouble != world.nodes.state_of(event.node).troubles;
  }
  bool operator()(const engine::Delivery& event) const {
    // Nobody does anything because an API Event is reported again, or has expired.
    const store::Watch& watch = world.of(event.to).watch;
    if (event.kind && !late(watch, *event.kind)) {
      return true;
    }
    const std::uint64_t seen = event.kind ? watch.seen(*event.kind) : watch.position();
    for (std::uint64_t at = seen + 1; at <= event.up_to; ++at) {
      const store::Change& change = world.store.change(at);
      if (event.kind && change.object().key.kind != *event.kind) {
        continue;
      }
      if (change.object().key.kind != api::Kind::Event || !change.before) {
        return false;
      }
    }
    return true;
  }
  bool operator()(const engine::Work&) const { return false; }
  bool operator()(const engine::CallLands& event) const {
    return world.of(event.of).syncs.find(event.sync) ==
           nullptr;  // of a controller that has stopped
  }
};

}  // namespace

bool only_repeats(const World& world, const engine::PendingEvent& event) {
  return engine::visit(OnlyRepeats{world, event.time}, event.body);
}

bool at_rest(const World& world) {
  return RestWatch(world).at_rest();
}

bool RestWatch::at_rest() {
  // Of each sync under way a call is pending.
  const bool at_work = std::ranges::any_of(world_.actors, [](const ActorState& actor) {
    return actor.work_pending || !actor.syncs.empty();
  });
  if (at_work) {
    return false;
  }
  // What is due later was not taken yet.
  if (unrest_ && unrest_->time > world_.now &&
      !only_repeats(
          world_,
          {unrest_->time, unrest_->actor, unrest_->sequence, unrest_->causes, unrest_->body})) {
    return false;
  }
  // The one that is due last stands for the answer longest.
  unrest_.reset();
  world_.queue.for_each([this](const engine::PendingEvent& event) {
    if ((!unrest_ || event.time > unrest_->time) && !only_repeats(world_, event)) {
      unrest_ = {event.time, event.actor, event.sequence, event.causes, event.body};
    }
  });
  return !unrest_;
}

}  // namespace stsim::world
