// Claims and volumes.
#include "families.hpp"

#include <stsim/api/storage_class.hpp>
#include <stsim/api/well_known.hpp>

#include <algorithm>
#include <map>

namespace stsim::check {

using api::Claim;
using api::ClaimPhase;
using api::Kind;
using api::Object;
using api::ObjectPtr;
using api::Volume;
using api::VolumePhase;

void one_claim_for_a_volume(const world::World& world, Found& found) {
  std::map<std::string, ObjectPtr> bound;
  for (const ObjectPtr& claim : world.store.list(Kind::PersistentVolumeClaim)) {
    const auto& body = claim->as<Claim>();
    if (body.phase != ClaimPhase::Bound) {
      continue;
    }
    if (const auto [it, first] = bound.emplace(body.volume_name, claim); !first) {
      add(found, *claim, "{} has {}, too", it->second->key.name, body.volume_name);
    }
  }
}

void phases_of_volumes(const world::World& world, Found& found) {
  for (const ObjectPtr& volume : world.store.list(Kind::PersistentVolume)) {
    const auto& body = volume->as<Volume>();
    const bool taken = body.claim_ref && !body.claim_ref->uid.empty();
    const ObjectPtr claim =
        taken ? world.store.find(
                    {Kind::PersistentVolumeClaim, body.claim_ref->ns, body.claim_ref->name})
              : nullptr;
    const bool there = claim && claim->uid == body.claim_ref->uid;
    const bool right = body.phase == VolumePhase::Available ? !taken
                       : body.phase == VolumePhase::Bound
                           ? there && claim->as<Claim>().volume_name == volume->key.name
                       : body.phase == VolumePhase::Released ? taken && !there
                                                             : body.phase == VolumePhase::Failed;
    if (!right) {
      add(found,
          *volume,
          "{}, {}",
          to_string(body.phase),
          !taken  ? "it has no claim"
          : there ? "its claim is there"
                  : "its claim is gone");
    }
  }
}

namespace {

/// spec.volumeAttributesClassName of a claim or volume.
std::string attributes_class(const Object& object) {
  return object.key.kind == Kind::PersistentVolume ? object.as<Volume>().spec->attributes_class
                                                   : object.as<Claim>().spec->attributes_class;
}

}  // namespace

void nothing_suits_a_pending_claim(const world::World& world, Found& found) {
  const std::vector<ObjectPtr> volumes = world.store.list(Kind::PersistentVolume);
  for (const ObjectPtr& claim : world.store.list(Kind::PersistentVolumeClaim)) {
    const auto& body = claim->as<Claim>();
    const std::string name = api::storage_class(*claim);
    const std::string attributes = attributes_class(*claim);
    const ObjectPtr storage_class =
        name.empty() ? nullptr : world.store.find({Kind::StorageClass, "", name});
    if (body.phase != ClaimPhase::Pending || !body.volume_name.empty() ||
        (storage_class && api::delays_binding(*storage_class))) {
      continue;
    }
    const auto suits = [&](const ObjectPtr& volume) {
      const auto& offered = volume->as<Volume>();
      return offered.phase == VolumePhase::Available && !offered.claim_ref &&
             !volume->terminating() && offered.spec->modes.contains(body.spec->modes) &&
             offered.spec->capacity >= body.spec->request &&
             offered.spec->volume_mode == body.spec->volume_mode &&
             api::storage_class(*volume) == name && attributes_class(*volume) == attributes &&
             (!body.spec->selector || body.spec->selector->matches(volume->labels));
    };
    if (const auto it = std::ranges::find_if(volumes, suits); it != volumes.end()) {
      add(found, *claim, "{} is free", (*it)->key.name);
    }
  }
}

void protected_claims_are_used(const world::World& world, Found& found) {
  const std::vector<ObjectPtr> pods = world.store.list(Kind::Pod);
  for (const ObjectPtr& claim : world.store.list(Kind::PersistentVolumeClaim)) {
    const auto uses = [&claim](const ObjectPtr& pod) {
      return pod->key.ns == claim->key.ns &&
             std::ranges::any_of(api::claims(*pod), [&claim](const api::ClaimVolume& volume) {
               return volume.claim == claim->key.name;
             });
    };
    if (claim->terminating() && claim->has_finalizer(api::kClaimProtectionFinalizer) &&
        std::ranges::none_of(pods, uses)) {
      add(found, *claim, "no pod uses it");
    }
  }
}

void protected_volumes_are_bound(const world::World& world, Found& found) {
  for (const ObjectPtr& volume : world.store.list(Kind::PersistentVolume)) {
    const VolumePhase phase = volume->as<Volume>().phase;
    if (volume->terminating() && volume->has_finalizer(api::kVolumeProtectionFinalizer) &&
        phase != VolumePhase::Bound) {
      add(found, *volume, "it is {}", to_string(phase));
    }
  }
}

}  // namespace stsim::check
