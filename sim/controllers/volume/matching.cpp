// Which volume a claim gets. Rules: PV-30 to PV-33.
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

/// The best of one group of equal access modes. Rule: PV-31.
ObjectPtr best_of_group(const Object& claim,
                        const std::vector<ObjectPtr>& group,
                        bool delay_binding) {
  const auto& wanted = *claim.as<api::Claim>().spec;
  ObjectPtr best;
  for (const ObjectPtr& candidate : group) {
    const auto& volume = candidate->as<Volume>();
    const bool reserved = reserved_for(volume, claim);
    if ((volume.claim_ref && !reserved) || volume.spec->capacity < wanted.request ||
        volume.spec->volume_mode != wanted.volume_mode || candidate->terminating()) {
      continue;
    }
    if (reserved) {
      return candidate;
    }
    if (delay_binding || volume.phase != api::VolumePhase::Available ||
        (wanted.selector && !wanted.selector->matches(candidate->labels)) ||
        api::storage_class(*candidate) != api::storage_class(claim)) {
      continue;
    }
    if (!best || volume.spec->capacity < best->as<Volume>().spec->capacity) {
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

}  // namespace stsim::controllers::volume
