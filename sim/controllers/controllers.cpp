#include <stsim/controllers/controller.hpp>
#include <stsim/controllers/endpoints/endpoints.hpp>
#include <stsim/controllers/gc/gc.hpp>
#include <stsim/controllers/statefulset/statefulset.hpp>
#include <stsim/controllers/volume/binder.hpp>
#include <stsim/controllers/volume/protection.hpp>

#include <array>

namespace stsim::controllers {

namespace {

using engine::Actor;

constexpr SimDuration kBinderPeriod = std::chrono::seconds{15};  // PV-11

const std::array kControllers{
    Controller{
        Actor::StatefulSetController, 5, statefulset::concerned, statefulset::decide, nullptr, {}},
    Controller{
        Actor::VolumeBinder, 1, volume::concerned, volume::decide, volume::resync, kBinderPeriod},
    Controller{
        Actor::ClaimProtection, 1, volume::concerned_claims, volume::decide_claim, nullptr, {}},
    Controller{
        Actor::VolumeProtection, 1, volume::concerned_volumes, volume::decide_volume, nullptr, {}},
    Controller{Actor::GarbageCollector, 20, gc::concerned, gc::decide, nullptr, {}},
    Controller{Actor::EndpointsController,
               5,
               endpoints::concerned,
               endpoints::decide_endpoints,
               nullptr,
               {}},
    Controller{Actor::EndpointSliceController,
               5,
               endpoints::concerned,
               endpoints::decide_slice,
               nullptr,
               {}},
};

}  // namespace

std::span<const Controller> controllers() {
  return kControllers;
}

const Controller* controller(engine::Actor actor) {
  for (const Controller& candidate : kControllers) {
    if (candidate.actor == actor) {
      return &candidate;
    }
  }
  return nullptr;
}

}  // namespace stsim::controllers
