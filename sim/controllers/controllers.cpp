#include <stsim/controllers/controller.hpp>
#include <stsim/controllers/endpoints/endpoints.hpp>
#include <stsim/controllers/gc/gc.hpp>
#include <stsim/controllers/node/nodes.hpp>
#include <stsim/controllers/statefulset/statefulset.hpp>
#include <stsim/controllers/volume/binder.hpp>
#include <stsim/controllers/volume/protection.hpp>

#include <array>

namespace stsim::controllers {

namespace {

using engine::Actor;

void observe_pods(Views& views,
                  const store::Change& change,
                  const store::Cache& cache,
                  SimTime now) {
  views.sets.observe(change, cache, now);
}

void observe_volumes(Views& views,
                     const store::Change& change,
                     const store::Cache& cache,
                     SimTime /*now*/) {
  views.volumes.observe(change, cache);
}

void advance_pods(Views& views, const api::ObjectKey& set, const store::Cache& cache, SimTime now) {
  views.sets.advance(set, cache, now);
}

const std::array kControllers{
    Controller{.actor = Actor::StatefulSetController,
               .workers = 5,
               .concerned = statefulset::concerned,
               .decide = statefulset::decide,
               .observe = observe_pods,
               .advance = advance_pods},
    Controller{.actor = Actor::VolumeBinder,
               .hears_events = true,  // of the pod that empties a volume, PV-60
               .concerned = volume::concerned,
               .decide = volume::decide,
               .resync = volume::resync,
               .observe = observe_volumes},
    Controller{.actor = Actor::ClaimProtection,
               .reads_live = true,  // of the pods before it lets a claim go, PV-70
               .concerned = volume::concerned_claims,
               .decide = volume::decide_claim},
    Controller{.actor = Actor::VolumeProtection,
               .concerned = volume::concerned_volumes,
               .decide = volume::decide_volume},
    Controller{.actor = Actor::GarbageCollector,
               .workers = 20,
               .reads_live = true,  // of an object and its owners before it deletes it, GC-6
               .concerned = gc::concerned,
               .decide = gc::decide},
    Controller{.actor = Actor::EndpointsController,
               .workers = 5,
               .concerned = endpoints::concerned,
               .decide = endpoints::decide_endpoints},
    Controller{.actor = Actor::EndpointSliceController,
               .workers = 5,
               .concerned = endpoints::concerned,
               .decide = endpoints::decide_slice},
    Controller{.actor = Actor::NodeController,
               .of_nodes = true,
               .concerned = node::concerned_nodes,
               .decide = node::decide_node},
    Controller{.actor = Actor::TaintEvictionController,
               .of_nodes = true,
               .concerned = node::concerned_evictions,
               .decide = node::decide_eviction,
               .advance = node::advance_evictions},
    Controller{.actor = Actor::PodGarbageCollector,
               .of_nodes = true,
               .concerned = node::concerned_garbage,
               .decide = node::decide_garbage,
               .advance = node::advance_garbage},
};

}  // namespace

std::span<const Controller> controllers() {
  return kControllers;
}

const Controller* controller(engine::Actor actor) {
  static const auto kByActor = [] {
    std::array<const Controller*, engine::kActors> out{};
    for (const Controller& each : kControllers) {
      out[static_cast<std::size_t>(each.actor)] = &each;
    }
    return out;
  }();
  return kByActor[static_cast<std::size_t>(actor)];
}

}  // namespace stsim::controllers
