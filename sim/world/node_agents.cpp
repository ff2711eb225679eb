// Placement and the kubelets: what they decide is carried out here.
#include "api_server.hpp"

#include <fmt/format.h>
#include <stsim/controllers/volume/binder.hpp>
#include <stsim/placement/placement.hpp>

namespace stsim::world {

using api::ObjectPtr;
using engine::Actor;

namespace {

node::NodeView node_view(Context& context) {
  World& world = context.world;
  return {world.settings->timing,
          world.nodes,
          context.chooser,
          world.settings->features.release,
          world.now,
          world.settings->nodes};
}

void tell(Context& context,
          const api::ObjectKey& pod,
          const std::string& text,
          std::string_view rule,
          const engine::Causes& causes) {
  engine::TraceRecord told;
  told.type = engine::TraceRecord::Type::Kubelet;
  told.actor = Actor::Kubelet;
  told.object = pod;
  told.text = text;
  told.rule = rule;
  told.causes = causes;
  record(context, std::move(told));
}

/// The part of the pod that an event is about. Rule: PN-10.
std::string field_path(const node::PodEvent& event) {
  return event.container.empty() ? "" : fmt::format("spec.containers{{{}}}", event.container);
}

/// Does what a kubelet has decided about a pod.
void carry_out(Context& context,
               const api::Object& pod,
               const node::Reaction& reaction,
               const engine::Causes& causes) {
  World& world = context.world;
  const api::ObjectKey key = pod.key;
  const api::Uid uid = pod.uid;
  // What is reported to the API server tells of itself.
  const bool reported = reaction.status || reaction.remove;
  engine::Causes because = causes;
  if (!reaction.what.empty() && !reported) {
    tell(context, key, reaction.what, reaction.rule, causes);
    because = engine::Causes(world.last_record);
  }
  if (!reaction.pulled.empty()) {
    world.nodes.images.set(pod.as<api::Pod>().node_name + "/" + reaction.pulled, true);
  }
  if (reaction.address_given) {
    const std::string& name = pod.as<api::Pod>().node_name;
    const int* given = world.nodes.addresses.find(name);
    world.nodes.addresses.set(name, given == nullptr ? 1 : *given + 1);
  }
  for (const node::PodEvent& event : reaction.events) {
    record_event(context,
                 Actor::Kubelet,
                 pod,
                 {event.type, event.reason, event.message, field_path(event)},
                 because,
                 reaction.rule);
  }
  for (const node::Timer& timer : reaction.timers) {
    world.queue.schedule(world.now + timer.after,
                         Actor::Kubelet,
                         because,
                         engine::PodTimer{timer.what, key, uid, timer.container, timer.attempt});
  }
  if (reaction.status) {
    Write intent{Actor::Kubelet, "patch", "status", key, reaction.what, reaction.rule, because};
    write(context, std::move(intent), [&](engine::TraceId id) {
      const ObjectPtr stored = world.store.find(key);
      if (!stored || stored->uid != uid) {
        return store::WriteResult(tl::unexpected(api::not_found(key.kind, key.name)));
      }
      api::Object changed = *stored;
      changed.as<api::Pod>().status = *reaction.status;
      return world.store.update_status(std::move(changed), id);
    });
  }
  if (reaction.remove) {
    Write intent{Actor::Kubelet, "delete", "", key, reaction.what, reaction.rule, because};
    write(context, std::move(intent), [&](engine::TraceId id) {
      return world.store.remove(
          key, {0, store::DeleteOptions::Propagation::Background, uid}, world.now, id);
    });
  }
}

/// Sees that a pod is looked at, not before `earliest`. `idle_since` as of engine::Requeue.
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
  world.queue.schedule(unplaced.next_look,
                       Actor::Placement,
                       causes,
                       engine::Requeue{Actor::Placement, pod, idle_since});
}

/// PN-51: a pod could not be placed. It waits for something that may help, but not for ever.
void refuse(Context& context, const api::ObjectKey& pod, const engine::Causes& causes) {
  World& world = context.world;
  placement::UnplacedPod* unplaced = world.unplaced.edit(pod);
  unplaced->last_refusal = world.now;
  unplaced->refusals = std::min(unplaced->refusals + 1, placement::UnplacedPod::kMostRefusals);
  unplaced->next_look = world.now + placement::kLongestWait;
  world.refused.set(pod, true);
  world.queue.schedule(
      unplaced->next_look, Actor::Placement, causes, engine::Requeue{Actor::Placement, pod, 0});
}

/// PN-51: something has changed that may help the refused pods, or the one that has changed itself.
void retry_refused(Context& context, const store::Change& change, const engine::Causes& causes) {
  World& world = context.world;
  PersistentMap<api::ObjectKey, bool> helped;
  const api::ObjectKey& key = change.object().key;
  if (placement::may_help(change)) {
    helped = std::exchange(world.refused, {});
  } else if (world.refused.find(key) != nullptr &&
             (change.before->labels != change.after->labels ||
              change.before->as<api::Pod>().spec != change.after->as<api::Pod>().spec)) {
    helped.set(key, true);
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

/// PV-60: once the pod that is there to empty a volume has succeeded, nothing is left on the
/// volume.
void empty_volume(World& world, const store::Change& change) {
  const auto succeeded = [](const ObjectPtr& pod) {
    return pod && pod->as<api::Pod>().status.phase == api::PodPhase::Succeeded;
  };
  const auto key = controllers::volume::scrubbed_by(change.object().key);
  const ObjectPtr volume = key ? world.store.find(*key) : nullptr;
  if (!volume || !succeeded(change.after) || succeeded(change.before)) {
    return;
  }
  world.nodes.remove_files(node::file_place(*volume));
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

}  // namespace

void react(Context& context, Actor actor, const store::Change& change) {
  if (actor == Actor::Kubelet && change.object().key.kind == api::Kind::Pod && !change.after) {
    context.world.nodes.forget(*change.before);
  }
  if (actor == Actor::Kubelet) {
    empty_volume(context.world, change);
  }
  if (actor == Actor::Placement) {
    context.world.placed.observe(change);
  }
  if (!context.world.settings->auto_kubelet) {
    return;
  }
  const engine::Causes causes(change.cause);
  const api::Kind kind = change.object().key.kind;
  if (actor == Actor::Placement) {
    if (kind == api::Kind::Pod && !(change.after && placement::waits_for_node(*change.after))) {
      forget_unplaced(context.world, change.object().key);
    } else if (kind == api::Kind::Pod && !change.before) {
      look_at(context, change.after->key, context.world.now, causes);
    }
    retry_refused(context, change, causes);
    return;
  }
  if (actor != Actor::Kubelet || kind != api::Kind::Pod || !change.after ||
      change.after->as<api::Pod>().node_name.empty()) {
    return;
  }
  const bool known = change.before && !change.before->as<api::Pod>().node_name.empty();
  carry_out(
      context,
      *change.after,
      node::on_change(known ? change.before.get() : nullptr, *change.after, node_view(context)),
      causes);
}

void pod_timer(Context& context, const engine::PodTimer& timer, const engine::Causes& causes) {
  const ObjectPtr pod = context.world.store.find(timer.pod);
  if (!pod || pod->uid != timer.uid) {
    return;  // the pod that it was set for is gone
  }
  carry_out(context, *pod, node::on_timer(timer, *pod, node_view(context)), causes);
}

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
    if (known.present && !known.status && known.message == decision.message) {
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
  }
}

}  // namespace stsim::world
