// What a volume must be like for a claim to get it, and which one a claim gets that has waited for
// a pod. Rules: PV-31, PV-51.
#include "writes.hpp"

#include <stsim/api/storage_class.hpp>
#include <stsim/controllers/volume/binder.hpp>

#include <algorithm>

namespace stsim::controllers::volume {

using api::Object;
using api::ObjectPtr;
using api::Volume;

bool reserved_for(const Object& volume, const Object& claim) {
  const auto& reference = volume.as<Volume>().claim_ref;
  return reference && reference->ns == claim.key.ns && reference->name == claim.key.name &&
         (reference->uid.empty() || reference->uid == claim.uid);
}

bool could_hold(const Object& volume, const Object& claim) {
  const auto& wanted = *claim.as<api::Claim>().spec;
  const auto& offered = *volume.as<Volume>().spec;
  return offered.capacity >= wanted.request && offered.volume_mode == wanted.volume_mode &&
         offered.attributes_class == wanted.attributes_class && !volume.terminating();
}

bool is_wanted(const Object& volume, const Object& claim) {
  const auto& wanted = *claim.as<api::Claim>().spec;
  return volume.as<Volume>().phase == api::VolumePhase::Available &&
         (!wanted.selector || wanted.selector->matches(volume.labels)) &&
         api::storage_class(volume) == api::storage_class(claim);
}

namespace {

bool smaller(const ObjectPtr& a, const ObjectPtr& b) {
  return !b || a->as<Volume>().spec->capacity < b->as<Volume>().spec->capacity;
}

}  // namespace

ObjectPtr find_volume_for_pod(const Object& claim,
                              const std::vector<ObjectPtr>& volumes,
                              const std::function<bool(const Object&)>& reachable) {
  const api::AccessModes wanted = claim.as<api::Claim>().spec->modes;
  ObjectPtr best;
  for (const ObjectPtr& candidate : volumes) {
    const auto& volume = candidate->as<Volume>();
    const bool reserved = reserved_for(*candidate, claim);
    if ((volume.claim_ref && !reserved) || !could_hold(*candidate, claim)) {
      continue;
    }
    if (reserved) {
      return reachable(*candidate) ? candidate : nullptr;
    }
    if (is_wanted(*candidate, claim) && volume.spec->modes.contains(wanted) &&
        smaller(candidate, best) && reachable(*candidate)) {
      best = candidate;
    }
  }
  return best;
}

}  // namespace stsim::controllers::volume
