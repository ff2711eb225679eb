// Which volume a claim gets. Rules: PV-30 to PV-33.
#include "writes.hpp"

#include <stsim/api/storage_class.hpp>
#include <stsim/controllers/volume/binder.hpp>

#include <algorithm>
#include <tuple>

namespace stsim::controllers::volume {

using api::Object;
using api::ObjectPtr;
using api::Volume;

namespace {

bool reserved_for(const Volume& volume, const Object& claim) {
  const auto& reference = volume.claim_ref;
  return reference && reference->ns == claim.key.ns && reference->name == claim.key.name &&
         (reference->uid.empty() || reference->uid == claim.uid);
}

/// Whether a volume is large enough for a claim, of its kind, and there to stay. Rule: PV-31.1-5.
bool could_hold(const Object& volume, const Object& claim) {
  const auto& wanted = *claim.as<api::Claim>().spec;
  const auto& offered = *volume.as<Volume>().spec;
  return offered.capacity >= wanted.request && offered.volume_mode == wanted.volume_mode &&
         attributes_class(*offered.document) == attributes_class(*wanted.document) &&
         !volume.terminating();
}

/// Whether an unreserved volume is what a claim asks for. Rule: PV-31.8-10.
bool is_wanted(const Object& volume, const Object& claim) {
  const auto& wanted = *claim.as<api::Claim>().spec;
  return volume.as<Volume>().phase == api::VolumePhase::Available &&
         (!wanted.selector || wanted.selector->matches(volume.labels)) &&
         api::storage_class(volume) == api::storage_class(claim);
}

bool smaller(const ObjectPtr& a, const ObjectPtr& b) {
  return !b || a->as<Volume>().spec->capacity < b->as<Volume>().spec->capacity;
}

/// The best of one group of equal access modes. Rule: PV-31.
ObjectPtr best_of_group(const Object& claim,
                        const std::vector<ObjectPtr>& group,
                        bool delay_binding) {
  ObjectPtr best;
  for (const ObjectPtr& candidate : group) {
    const auto& volume = candidate->as<Volume>();
    const bool reserved = reserved_for(volume, claim);
    if ((volume.claim_ref && !reserved) || !could_hold(*candidate, claim)) {
      continue;
    }
    if (reserved) {
      return candidate;
    }
    if (!delay_binding && is_wanted(*candidate, claim) && smaller(candidate, best)) {
      best = candidate;
    }
  }
  return best;
}

}  // namespace

ObjectPtr find_volume(const Object& claim,
                      const std::vector<ObjectPtr>& volumes,
                      bool delay_binding) {
  const api::AccessModes wanted = claim.as<api::Claim>().spec->modes;
  std::vector<ObjectPtr> fitting;
  for (const ObjectPtr& volume : volumes) {
    if (volume->as<Volume>().spec->modes.contains(wanted)) {
      fitting.push_back(volume);
    }
  }
  // PV-30: fewest modes first, then the modes as printed, then (for equal volumes) the name.
  std::ranges::sort(fitting, {}, [](const ObjectPtr& volume) {
    const api::AccessModes modes = volume->as<Volume>().spec->modes;
    return std::tuple(modes.count(), modes.text(), volume->key.name);
  });
  for (auto first = fitting.begin(); first != fitting.end();) {
    const api::AccessModes modes = (*first)->as<Volume>().spec->modes;
    const auto last = std::find_if(first, fitting.end(), [modes](const ObjectPtr& volume) {
      return volume->as<Volume>().spec->modes != modes;
    });
    if (ObjectPtr found = best_of_group(claim, {first, last}, delay_binding)) {
      return found;
    }
    first = last;
  }
  return nullptr;
}

ObjectPtr find_volume_for_pod(const Object& claim,
                              const std::vector<ObjectPtr>& volumes,
                              const std::function<bool(const Object&)>& reachable) {
  const api::AccessModes wanted = claim.as<api::Claim>().spec->modes;
  ObjectPtr best;
  for (const ObjectPtr& candidate : volumes) {
    const auto& volume = candidate->as<Volume>();
    const bool reserved = reserved_for(volume, claim);
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
