// The kubelets: what they decide about the pods on their nodes is carried out here.
#include "context.hpp"

#include <fmt/format.h>
#include <stsim/controllers/volume/binder.hpp>

namespace stsim::world {

using api::ObjectPtr;
using engine::Actor;

namespace {

node::NodeView node_view(Context& context, const api::Object& pod) {
  World& world = context.world;
  return {world.settings->timing,
          world.nodes,
          context.chooser,
          world.settings->features.release,
          world.now,
          world.settings->nodes,
          unmountable(world, pod)};
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
  record(context, told);
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
    world.nodes.add_image(pod.as<api::Pod>().node_name, reaction.pulled);
  }
  if (reaction.address_given) {
    world.nodes.add_address(pod.as<api::Pod>().node_name);
  }
  for (const node::PodEvent& event : reaction.events) {
    record_event(context,
                 Actor::Kubelet,
                 pod,
                 {event.type, event.reason, event.message, field_path(event)},
                 because,
                 reaction.rule);
  }
  const std::uint32_t kubelet = world.nodes.state_of(pod.as<api::Pod>().node_name).starts;
  // What comes of a report is caused by it: its record is the next one.
  const engine::Causes from = reported ? engine::Causes(world.last_record + 1) : because;
  for (const node::Timer& timer : reaction.timers) {
    world.queue.schedule(world.now + timer.after,
                         Actor::Kubelet,
                         from,
                         engine::PodTimer{timer.what, key, uid, timer.data, kubelet});
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

}  // namespace

void kubelets_see(Context& context, const store::Change& change) {
  const api::Kind kind = change.object().key.kind;
  if (kind == api::Kind::Pod && !change.after) {
    abandon(context, *change.before, engine::Causes(change.cause));
    context.world.nodes.forget(*change.before);
    if (context.world.names->clients.find(change.before->key) != nullptr) {
      context.world.names.edit().clients.erase(change.before->key);
    }
  }
  if (kind == api::Kind::Pod || kind == api::Kind::EndpointSlice) {
    look_at_needs(context, engine::Causes(change.cause));
  }
  if (kind != api::Kind::Pod) {
    return;
  }
  empty_volume(context.world, change);
  if (!context.world.settings->auto_kubelet || !change.after ||
      change.after->as<api::Pod>().node_name.empty() ||
      !context.world.nodes.state_of(change.after->as<api::Pod>().node_name).kubelet) {
    return;
  }
  const bool known = change.before && !change.before->as<api::Pod>().node_name.empty();
  // What comes late may be older than what the kubelet itself has reported since.
  ObjectPtr pod = change.after;
  if (const ObjectPtr stored = context.world.store.find(pod->key);
      stored && stored != pod && stored->uid == pod->uid) {
    api::Object seen = *pod;
    seen.as<api::Pod>().status = stored->as<api::Pod>().status;
    pod = std::make_shared<const api::Object>(std::move(seen));
  }
  carry_out(context,
            *pod,
            node::on_change(known ? change.before.get() : nullptr, *pod, node_view(context, *pod)),
            engine::Causes(change.cause));
}

void kubelet_starts(Context& context,
                    const api::Object& pod,
                    bool rebooted,
                    const engine::Causes& causes) {
  if (rebooted) {
    wake(context, pod, causes);
  }
  carry_out(context, pod, node::on_start(pod, rebooted, node_view(context, pod)), causes);
}

void behave_now(Context& context,
                const api::Object& pod,
                bool by_itself,
                const engine::Causes& causes) {
  const World& world = context.world;
  const Text& node = pod.as<api::Pod>().node_name;
  if (world.settings->auto_kubelet && !node.empty() && world.nodes.state_of(node).kubelet) {
    carry_out(context, pod, node::on_behaviour(pod, by_itself, node_view(context, pod)), causes);
  }
}

void behave_now(Context& context,
                const std::function<bool(const api::Object& pod)>& of,
                const engine::Causes& causes) {
  for (const ObjectPtr& pod : context.world.store.list(api::Kind::Pod)) {
    if (of(*pod)) {
      behave_now(context, *pod, true, causes);
    }
  }
}

void pod_timer(Context& context, const engine::PodTimer& timer, const engine::Causes& causes) {
  const ObjectPtr pod = context.world.store.find(timer.pod);
  if (!pod || pod->uid != timer.uid ||
      !context.world.nodes.heeds(pod->as<api::Pod>().node_name, timer)) {
    return;  // the pod that it was set for is gone, or the kubelet that has set it
  }
  carry_out(context, *pod, node::on_timer(timer, *pod, node_view(context, *pod)), causes);
}

}  // namespace stsim::world
