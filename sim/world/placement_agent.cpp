// Placement: what it decides about the pods without a node is carried out here.
#include "context.hpp"

#include <fmt/format.h>
#include <stsim/controllers/volume/binder.hpp>
#include <stsim/placement/placement.hpp>

namespace stsim::world {

using api::ObjectPtr;
using engine::Actor;

namespace {

/// Sees that a pod is looked at, not before `earliest`. `idle_since` as of engine::PlacementLook.
void look_at(Context& context,
             const api::ObjectKey& pod,
             SimTime earliest,
             const engine::Causes& causes,
             std::uint64_t idle_since = 0) {
  World& world = context.world;
  const placement::UnplacedPod* known = world.unplaced.find(pod);
  placement::UnplacedPod unplaced = known == nullptr ? placement::UnplacedPod{} : *known;
  unplaced.next_look = std::max(earliest, world.now) +
                       draw(context, Actor::Placement, world.settings->placement, "placement", pod);
  world.unplaced.set(pod, unplaced);
  world.queue.schedule(
      unplaced.next_look, Actor::Placement, causes, engine::PlacementLook{pod, idle_since});
}

/// Sees that a refused pod is looked at in the end. It may be refused again and again before: there
/// is one event for that, which comes too early then and is put off.
void wait_in_vain(World& world,
                  const api::ObjectKey& pod,
                  placement::UnplacedPod& unplaced,
                  const engine::Causes& causes) {
  if (unplaced.last_resort <= world.now) {
    unplaced.last_resort = unplaced.next_look;
    world.queue.schedule(unplaced.next_look, Actor::Placement, causes, engine::PlacementLook{pod});
  }
}

/// PN-51: a pod could not be placed. It waits for something that may help, but not for ever.
void refuse(Context& context, const api::ObjectKey& pod, const engine::Causes& causes) {
  World& world = context.world;
  placement::UnplacedPod* unplaced = world.unplaced.edit(pod);
  unplaced->last_refusal = world.now;
  unplaced->refusals = std::min(unplaced->refusals + 1, placement::UnplacedPod::kMostRefusals);
  unplaced->next_look = world.now + placement::kLongestWait;
  world.refused.set(pod, {});
  wait_in_vain(world, pod, *unplaced, causes);
}

/// A pod could not be given its node: it is looked at again after its back-off. Rule: PN-51.
void try_again(Context& context,
               const api::Object& pod,
               std::string_view error,
               const engine::Causes& causes) {
  World& world = context.world;
  record_event(context,
               Actor::Placement,
               pod,
               {"Warning",
                "FailedScheduling",
                fmt::format("running Bind plugin \"DefaultBinder\": {}", error)},
               causes,
               "PN-51");
  placement::UnplacedPod* unplaced = world.unplaced.edit(pod.key);
  if (unplaced != nullptr) {
    unplaced->last_refusal = world.now;
    unplaced->refusals = std::min(unplaced->refusals + 1, placement::UnplacedPod::kMostRefusals);
    look_at(context, pod.key, SimTime{unplaced->backoff_ends()}, causes);
  }
}

/// PN-51: something has changed that may help the refused pods, or the one that has changed itself.
void retry_refused(Context& context, const store::Change& change, const engine::Causes& causes) {
  World& world = context.world;
  PersistentSet<api::ObjectKey> helped;
  const api::ObjectKey& key = change.object().key;
  if (placement::may_help(change)) {
    helped = std::exchange(world.refused, {});
  } else if (world.refused.find(key) != nullptr &&
             (change.before->labels != change.after->labels ||
              change.before->as<api::Pod>().spec != change.after->as<api::Pod>().spec)) {
    helped.set(key, {});
    world.refused.erase(key);
  }
  for (const auto& [pod, is] : helped) {
    look_at(context, pod, world.unplaced.find(pod)->backoff_ends(), causes);
  }
}

void forget_unplaced(World& world, const api::ObjectKey& pod) {
  world.unplaced.erase(pod);
  world.refused.erase(pod);
}

/// Writes for one claim that the pod's node is known now; false if that was written already.
bool see_to(Context& context,
            const placement::ClaimOnNode& given,
            const placement::Decision& decision,
            const engine::Causes& causes) {
  World& world = context.world;
  if (given.volume) {
    std::optional<api::Object> reserved = controllers::volume::reserve(*given.volume, *given.claim);
    if (reserved) {
      const std::string why = fmt::format("{} gets {}", given.claim->key.name, reserved->key.name);
      Write intent{Actor::Placement, "update", "", reserved->key, why, "PV-51", causes};
      write(context, std::move(intent), [&](engine::TraceId id) {
        return world.store.update(*std::move(reserved), id);
      });
      return true;
    }
    return false;
  }
  if (given.claim->annotations.contains(controllers::volume::kSelectedNode)) {
    return false;
  }
  const std::string why = fmt::format("{} is needed on {}", given.claim->key.name, decision.node);
  Write intent{Actor::Placement, "update", "", given.claim->key, why, "PV-51", causes};
  write(context, std::move(intent), [&](engine::TraceId id) {
    api::Object changed = *given.claim;
    changed.annotations[controllers::volume::kSelectedNode] = decision.node;
    return world.store.update(std::move(changed), id);
  });
  return true;
}

/// PV-51: the claims that waited for the pod are seen to, and the pod is looked at again.
void bind_claims(Context& context,
                 const api::ObjectKey& pod,
                 const placement::Decision& decision,
                 const engine::Causes& causes) {
  bool written = false;
  for (const placement::ClaimOnNode& given : decision.claims) {
    written = see_to(context, given, decision, causes) || written;
  }
  constexpr SimDuration kPoll = std::chrono::seconds{1};
  look_at(context, pod, context.world.now + kPoll, causes, written ? 0 : context.world.changes);
}

/// The placement of a pod is worked out.
void place(Context& context, const api::ObjectKey& key, const engine::Causes& causes) {
  World& world = context.world;
  world.refused.erase(key);
  const ObjectPtr pod = world.store.find(key);
  if (!pod || !placement::waits_for_node(*pod)) {
    return;  // which placement has yet to see
  }
  const placement::Decision decision = placement::decide(
      *pod, store::Cache(world.store, world.of(Actor::Placement).watch), world.placed);
  if (decision.node.empty()) {
    refuse(context, key, causes);
    const api::PodCondition& known =
        pod->as<api::Pod>().status.condition(api::PodConditionType::PodScheduled);
    record_event(context,
                 Actor::Placement,
                 *pod,
                 {"Warning", "FailedScheduling", decision.message},
                 causes,
                 decision.rule);
    if (known.present && !known.status &&
        pod->as<api::Pod>().status.why.of(api::PodConditionType::PodScheduled).message ==
            decision.message) {
      return;
    }
    Write intent{Actor::Placement, "patch", "status", key, decision.message, decision.rule, causes};
    write(context, std::move(intent), [&](engine::TraceId id) {
      api::Object changed = *pod;
      changed.as<api::Pod>().status.set_condition(
          api::PodConditionType::PodScheduled, false, world.now, "Unschedulable", decision.message);
      return world.store.update_status(std::move(changed), id);
    });
    return;
  }
  if (!decision.claims.empty()) {
    bind_claims(context, key, decision, causes);
    return;
  }
  Write intent{Actor::Placement,
               "create",
               "binding",
               key,
               fmt::format("{} goes to {}: {}", key.name, decision.node, decision.why),
               decision.rule,
               causes};
  const auto bound = write(context, std::move(intent), [&](engine::TraceId id) {
    api::Object changed = *pod;
    changed.as<api::Pod>().node_name = decision.node;
    return world.store.update(std::move(changed), id);
  });
  if (bound) {
    record_event(
        context,
        Actor::Placement,
        *pod,
        {"Normal",
         "Scheduled",
         fmt::format("Successfully assigned {}/{} to {}", key.ns, key.name, decision.node)},
        engine::Causes(world.last_record),
        "PN-10");
  } else if (world.store.find(key) != nullptr) {
    try_again(context, *pod, bound.error().message, causes);
  }
}

}  // namespace

void placement_sees(Context& context, const store::Change& change) {
  World& world = context.world;
  world.placed.observe(change);
  if (!world.settings->auto_kubelet) {
    return;
  }
  const engine::Causes causes(change.cause);
  const api::ObjectKey& key = change.object().key;
  if (key.kind == api::Kind::Pod && !(change.after && placement::waits_for_node(*change.after))) {
    forget_unplaced(world, key);
  } else if (key.kind == api::Kind::Pod && !change.before) {
    look_at(context, key, world.now, causes);
  }
  retry_refused(context, change, causes);
}

void look(Context& context, const api::ObjectKey& pod, const engine::Causes& causes) {
  World& world = context.world;
  placement::UnplacedPod* unplaced = world.unplaced.edit(pod);
  if (unplaced == nullptr) {
    return;
  }
  if (unplaced->next_look == world.now) {
    world.of(Actor::Placement).queue.add(pod, causes);
    next_cycle(context);
  } else if (world.refused.find(pod) != nullptr) {
    wait_in_vain(world, pod, *unplaced, causes);
  }
}

void next_cycle(Context& context) {
  World& world = context.world;
  ActorState& state = world.of(Actor::Placement);
  while (state.queue.ready() && world.cycle_ends <= world.now) {
    const auto next = *state.queue.take();
    state.queue.done(next.key);
    const placement::UnplacedPod* unplaced = world.unplaced.find(next.key);
    if (unplaced != nullptr && unplaced->next_look <= world.now) {  // else its turn is over
      world.cycle_ends = world.now + world.settings->scheduling_cycle;
      place(context, next.key, next.causes);
    }
  }
  if (state.queue.ready() && !state.work_pending) {
    state.work_pending = true;
    world.queue.schedule(world.cycle_ends, Actor::Placement, {}, engine::Work{Actor::Placement});
  }
}

}  // namespace stsim::world
