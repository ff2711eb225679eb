#include "context.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>

#include <tuple>

namespace stsim::world {

using engine::Actor;
using engine::TraceRecord;

static_assert(std::copyable<World>);

void ActorState::remember(const api::ObjectKey& key, KeyMemory of_key) {
  if (of_key.own_write <= watch.all_seen()) {
    of_key.own_write = 0;
  }
  if (of_key == KeyMemory{}) {
    memory.erase(key);
  } else {
    memory.set(key, of_key);
  }
}

bool counts(const World& world, const engine::Requeue& event, SimTime due) {
  return world.of(event.of).remembered(event.key).requeue_at == due;
}

bool counts(const World& world, const engine::PlacementLook& event, SimTime due) {
  const placement::UnplacedPod* pod = world.unplaced.find(event.pod);
  return pod != nullptr && pod->next_look == due;
}

namespace {

/// Handles one type of event each; a type that is missing here does not compile.
struct Handler {
  Context& context;
  const engine::Causes& causes;

  void operator()(const engine::Delivery& event) const {
    if (event.kind) {
      if (late(context.world.of(event.to).watch, *event.kind)) {
        deliver_held(context, event.to, *event.kind, event.up_to);
      }
    } else {
      deliver(context, event.to, event.up_to);
    }
  }
  void operator()(const engine::Work& event) const {
    if (event.of == Actor::Placement) {
      context.world.of(event.of).work_pending = false;
      next_cycle(context);
    } else {
      work(context, event.of);
    }
  }
  void operator()(const engine::CallLands& event) const {
    call_lands(context, event.of, event.sync);
  }
  void operator()(const engine::Requeue& event) const {
    if (!counts(context.world, event, context.world.now)) {
      return;
    }
    ActorState& state = context.world.of(event.of);
    KeyMemory memory = state.remembered(event.key);
    memory.requeue_at = {};
    state.remember(event.key, memory);
    enqueue(context, event.of, event.key, causes);
  }
  void operator()(const engine::PlacementLook& event) const { look(context, event.pod, causes); }
  void operator()(const engine::Resync& event) const {
    World& world = context.world;
    const controllers::Controller& controller = *controllers::controller(event.of);
    ActorState& state = world.of(event.of);
    state.resync_pending = false;
    if (state.down) {
      return;
    }
    const auto keys = controller.resync(store::Cache(world.store, state.watch), world.views);
    for (const api::ObjectKey& key : keys) {
      enqueue(context, event.of, key, causes);
    }
    if (!keys.empty()) {
      state.resync_pending = true;
      world.queue.schedule(world.now + world.settings->binder_resync,
                           event.of,
                           causes,
                           engine::Resync{event.of, world.changes});
    }
  }
  void operator()(const engine::PodTimer& event) const { pod_timer(context, event, causes); }
  void operator()(const engine::NodeTimer& event) const { node_timer(context, event, causes); }
};

api::Json named(std::string_view version, std::string_view kind, std::string_view name) {
  return {{"apiVersion", version}, {"kind", kind}, {"metadata", {{"name", name}}}};
}

void must_create(World& world, api::Kind kind, const api::Json& document, engine::TraceId cause) {
  const auto made = world.store.create(kind, document, api::kDefaultNamespace, world.now, cause);
  STSIM_ASSERT(made.has_value());
}

/// A node is closed to pods as another one is: by a cordon and by taints.
void close_as(World& world,
              const api::Object& own,
              const api::Object& other,
              engine::TraceId cause) {
  const auto spec_of = [](const api::Object& node) {
    return api::member(*node.as<api::Generic>().document, "spec");
  };
  api::Object changed = own;
  api::Json document = *own.as<api::Generic>().document;
  for (const char* key : {"unschedulable", "taints"}) {
    if (const api::Json spec = spec_of(other); spec.contains(key)) {
      document["spec"][key] = spec[key];
    }
  }
  changed.as<api::Generic>().document = std::make_shared<const api::Json>(std::move(document));
  STSIM_ASSERT(world.store.update(std::move(changed), cause).has_value());
}

/// Puts in what is there from the start.
void restore_objects(World& world, engine::TraceSink& trace, engine::TraceId cause) {
  const Settings& settings = *world.settings;
  engine::SeededChooser chooser(settings.seed);
  Context context{world, chooser, trace};
  for (const api::ObjectPtr& object : settings.objects) {
    const std::string ns = object->key.ns;
    if (!ns.empty() && !world.store.find({api::Kind::Namespace, "", ns})) {
      must_create(world, api::Kind::Namespace, named("v1", "Namespace", ns), cause);
    }
    const api::ObjectPtr own = world.store.find(object->key);  // of nodes, and of a few others
    if (own && object->key.kind == api::Kind::Node) {
      close_as(world, *own, *object, cause);
    } else if (!own) {
      world.store.restore(*object, cause);
    }
  }
  for (std::size_t i = 0; i < world.actors.size(); ++i) {
    const auto actor = static_cast<Actor>(i);
    if (actor != Actor::Kubelet) {
      deliver(context, actor, world.store.position());
      continue;
    }
    ActorState& kubelets = world.of(actor);
    while (kubelets.watch.position() < world.store.position()) {
      static_cast<void>(kubelets.watch.deliver(world.store));
    }
  }
  // The kubelets find what runs on their nodes, with its images.
  for (const api::ObjectPtr& pod : world.store.list(api::Kind::Pod)) {
    const auto& body = pod->as<api::Pod>();
    if (body.node_name.empty() || !settings.auto_kubelet) {
      continue;
    }
    for (std::size_t i = 0; i < body.status.containers.size(); ++i) {
      const api::ContainerStatus& container = body.status.containers[i];
      if (container.restart_count > 0 ||
          container.state.type != api::ContainerState::Type::Waiting) {
        world.nodes.add_image(body.node_name, body.spec->containers[i].image);
      }
    }
    kubelet_starts(context, *pod, false, engine::Causes(cause));
  }
}

}  // namespace

World make_world(std::shared_ptr<const Settings> settings, engine::TraceSink& trace) {
  World world;
  world.store = store::Store(settings->features, settings->seed, settings->most_objects);
  world.settings = settings;
  world.views.sets = controllers::statefulset::SetViews(settings->policy);

  engine::SeededChooser nothing_to_choose(0);
  Context context{world, nothing_to_choose, trace};
  TraceRecord start;
  start.type = TraceRecord::Type::Start;
  start.text = "the cluster is there";
  const engine::TraceId id = record(context, start);
  for (const char* name : {"default", "kube-node-lease", "kube-public", "kube-system"}) {
    api::Json document = named("v1", "Namespace", name);
    document["metadata"]["labels"] = {{api::kNamespaceNameLabel, name}};
    must_create(world, api::Kind::Namespace, document, id);
  }
  api::Json service = named("v1", "Service", "kubernetes");
  service["metadata"]["labels"] = {{"component", "apiserver"}, {"provider", "kubernetes"}};
  service["spec"] = {{"clusterIP", "10.0.0.1"},
                     {"ports", {{{"name", "https"}, {"port", 443}, {"targetPort", 6443}}}}};
  must_create(world, api::Kind::Service, service, id);
  for (const std::string& name : settings->nodes) {
    api::Object node = make_node(*settings, name, world.now);
    STSIM_ASSERT(world.store.create(std::move(node), world.now, id).has_value());
  }
  // The controllers have seen all of that: nothing is left to be done about it.
  for (std::uint64_t position = 1; position <= world.store.position(); ++position) {
    for (ActorState& actor : world.actors) {
      static_cast<void>(actor.watch.deliver(world.store));
    }
  }
  world.store.compact(world.store.position());
  if (!settings->objects.empty()) {
    restore_objects(world, trace, id);
  }
  return world;
}

void step(World& world, engine::Chooser& chooser, engine::TraceSink& trace) {
  const engine::Event event = world.queue.pop();
  STSIM_ASSERT(event.time >= world.now);
  world.now = event.time;
  ++world.events;
  Context context{world, chooser, trace};
  engine::visit(Handler{context, event.causes}, event.body);
}

bool Sync::operator==(const Sync& other) const {
  const auto all_but_plan = [](const Sync& s) {
    return std::tie(s.key, s.record, s.progress, s.status_attempts, s.renew, s.found_news);
  };
  return all_but_plan(*this) == all_but_plan(other);
}

bool same(const World& a, const World& b) {
  return a.now == b.now && a.settings == b.settings && a.store == b.store && a.queue == b.queue &&
         a.actors == b.actors && a.correlator == b.correlator && a.nodes == b.nodes &&
         a.unplaced == b.unplaced && a.refused == b.refused && a.cycle_ends == b.cycle_ends &&
         a.placed == b.placed && a.views.nodes == b.views.nodes &&
         a.views.sets.all_kept() == b.views.sets.all_kept() && a.api_faults == b.api_faults &&
         a.names == b.names && a.last_record == b.last_record && a.last_sync == b.last_sync &&
         a.changes == b.changes && a.events == b.events && a.events_expire == b.events_expire &&
         a.spent == b.spent && a.misconduct == b.misconduct;
}

}  // namespace stsim::world
