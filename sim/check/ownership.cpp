// Owners, finalizers and deletion.
#include "families.hpp"

#include <stsim/api/well_known.hpp>

#include <algorithm>
#include <set>

namespace stsim::check {

using api::Object;
using api::ObjectPtr;
using api::OwnerReference;

void one_controller(const world::World& world, Found& found) {
  world.store.for_each_but_rows([&](const ObjectPtr& object) {
    const auto controllers = std::ranges::count_if(object->owners, &OwnerReference::controller);
    if (controllers > 1) {
      add(found, *object, "{} controllers", controllers);
    }
  });
}

void something_keeps_what_terminates(const world::World& world, Found& found) {
  world.store.for_each_but_rows([&](const ObjectPtr& object) {
    const bool on_node =
        object->key.kind == api::Kind::Pod && !object->as<api::Pod>().node_name.empty();
    if (object->terminating() && object->finalizers.empty() && !on_node) {
      add(found, *object, "nothing keeps it");
    }
  });
}

void owners_exist(const world::World& world, Found& found) {
  std::set<api::Uid> there;
  world.store.for_each_but_rows([&there](const ObjectPtr& object) { there.insert(object->uid); });
  world.store.for_each_but_rows([&](const ObjectPtr& object) {
    for (const OwnerReference& owner : object->owners) {
      const auto kind = api::find_kind(owner.api_version, owner.kind);
      if (!kind || there.contains(owner.uid) || object->terminating()) {
        continue;
      }
      const ObjectPtr event = world.store.find({api::Kind::Event, object->key.ns, owner.name});
      if (*kind != api::Kind::Event || !event || event->uid != owner.uid) {
        add(found, *object, "its owner {} {} is gone", owner.kind, owner.name);
      }
    }
  });
}

void foreground_waits_for_somebody(const world::World& world, Found& found) {
  world.store.for_each_but_rows([&](const ObjectPtr& object) {
    if (!object->terminating() || !object->has_finalizer(api::kForegroundFinalizer)) {
      return;
    }
    const auto blocks = [&owner = object->uid](const ObjectPtr& dependent) {
      return std::ranges::any_of(dependent->owners, [&owner](const OwnerReference& reference) {
        return reference.uid == owner && reference.block_owner_deletion;
      });
    };
    if (std::ranges::none_of(world.store.owned_by(object->uid), blocks)) {
      add(found, *object, "no dependent is left");
    }
  });
}

}  // namespace stsim::check
