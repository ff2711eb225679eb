#include "context.hpp"

#include <stsim/world/rest.hpp>

#include <tuple>

namespace stsim::world {

bool counts(const World& world, const engine::Requeue& event, SimTime due) {
  return world.of(event.of).remembered(event.key).requeue_at == due;
}

bool counts(const World& world, const engine::PlacementLook& event, SimTime due) {
  const placement::UnplacedPod* pod = world.unplaced.find(event.pod);
  return pod != nullptr && pod->next_look == due;
}

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
    return !pod || pod->uid != event.uid || node::only_repeats(event, *pod, world.settings->timing);
  }
  bool operator()(const engine::Delivery& event) const {
    // Nobody does anything because an API Event is reported again, or has expired.
    for (std::uint64_t at = world.of(event.to).watch.position() + 1; at <= event.up_to; ++at) {
      const store::Change& change = world.store.change(at);
      if (change.object().key.kind != api::Kind::Event || !change.before) {
        return false;
      }
    }
    return true;
  }
  bool operator()(const engine::Work&) const { return false; }
  bool operator()(const engine::CallLands&) const { return false; }
};

}  // namespace

bool only_repeats(const World& world, const engine::PendingEvent& event) {
  return engine::visit(OnlyRepeats{world, event.time}, event.body);
}

bool at_rest(const World& world) {
  return RestWatch(world).at_rest();
}

bool RestWatch::at_rest() {
  if (unrest_ && !is_over(*unrest_) &&
      !only_repeats(
          world_,
          {unrest_->time, unrest_->actor, unrest_->sequence, unrest_->causes, unrest_->body})) {
    return false;
  }
  unrest_.reset();
  return world_.queue.all_of([this](const engine::PendingEvent& event) {
    const bool repeats = only_repeats(world_, event);
    if (!repeats) {
      unrest_ = {event.time, event.actor, event.sequence, event.causes, event.body};
    }
    return repeats;
  });
}

/// Whether an event that was pending is not any more: events are taken in their order.
bool RestWatch::is_over(const engine::Event& event) const {
  if (world_.queue.empty()) {
    return true;
  }
  const engine::PendingEvent next = world_.queue.next();
  return std::tie(event.time, event.actor, event.sequence) <
         std::tie(next.time, next.actor, next.sequence);
}

}  // namespace stsim::world
