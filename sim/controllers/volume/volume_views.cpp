#include "writes.hpp"

#include <stsim/api/storage_class.hpp>
#include <stsim/controllers/volume/volume_views.hpp>

#include <algorithm>
#include <array>
#include <tuple>

namespace stsim::controllers::volume {

using api::AccessModes;
using api::Kind;
using api::Object;
using api::ObjectKey;
using api::ObjectPtr;
using api::Volume;
using api::VolumePhase;

namespace {

constexpr unsigned kSetsOfModes = 16;

/// All sets of access modes in the order in which volumes are tried: the fewest first, then as they
/// are printed. Rule: PV-30.
std::array<AccessModes, kSetsOfModes> sets_of_modes() {
  std::array<AccessModes, kSetsOfModes> out;
  for (unsigned bits = 0; bits < kSetsOfModes; ++bits) {
    out[bits].bits = static_cast<std::uint8_t>(bits);
  }
  std::ranges::sort(
      out, {}, [](AccessModes modes) { return std::tuple(modes.count(), modes.text()); });
  return out;
}

bool is_free(const Object& volume) {
  const auto& body = volume.as<Volume>();
  return !body.claim_ref && body.phase == VolumePhase::Available && !volume.terminating();
}

bool is_unsettled(const Object& volume) {
  const VolumePhase phase = volume.as<Volume>().phase;
  // In any other phase it is an event of its own, or of its claim, that brings something new.
  return phase == VolumePhase::Failed ||
         (phase == VolumePhase::Released && volume.as<Volume>().spec->reclaim_policy != "Retain");
}

}  // namespace

VolumeViews::Free VolumeViews::free(const Object& volume) {
  const api::VolumeSpec& spec = *volume.as<Volume>().spec;
  return {spec.modes,
          api::storage_class(volume),
          spec.volume_mode,
          spec.attributes_class,
          spec.capacity,
          volume.key.name};
}

void VolumeViews::file(const Object& volume, bool is_there) {
  if (is_free(volume)) {
    if (is_there) {
      free_.set(free(volume), {});
    } else {
      free_.erase(free(volume));
    }
  }
  if (const auto& reference = volume.as<Volume>().claim_ref) {
    Reserved reserved{reference->ns, reference->name, volume.key.name};
    if (is_there) {
      reserved_.set(std::move(reserved), {});
    } else {
      reserved_.erase(reserved);
    }
  }
  if (is_there && is_unsettled(volume)) {
    unsettled_volumes_.set(volume.key, {});
  } else {
    unsettled_volumes_.erase(volume.key);
  }
}

void VolumeViews::observe(const store::Change& change, const store::Cache& cache) {
  const ObjectKey& key = change.object().key;
  if (key.kind == Kind::PersistentVolumeClaim) {
    look_at_claim(key, cache);
    if (!change.after && change.before->as<api::Claim>().volume_name.empty()) {
      lose_claim(*change.before, cache);
    }
  } else if (key.kind == Kind::PersistentVolume) {
    if (change.before) {
      file(*change.before, false);
    }
    if (change.after) {
      file(*change.after, true);
    }
    // A claim that is bound to it was, or is, the one that it names.
    look_at_claim_of(change.before, cache);
    look_at_claim_of(change.after, cache);
  }
}

void VolumeViews::lose_claim(const Object& claim, const store::Cache& cache) {
  for (auto it = reserved_.lower_bound(Reserved{claim.key.ns, claim.key.name, ""});
       it != reserved_.end() && it->key.ns == claim.key.ns && it->key.claim == claim.key.name;
       ++it) {
    const ObjectKey key{Kind::PersistentVolume, "", it->key.name};
    const ObjectPtr volume = cache.find(key);
    if (volume && volume->as<Volume>().claim_ref->uid == claim.uid) {
      unsettled_volumes_.set(key, {});
    }
  }
}

void VolumeViews::look_at_claim_of(const ObjectPtr& volume, const store::Cache& cache) {
  if (volume && volume->as<Volume>().claim_ref) {
    const api::ClaimReference& reference = *volume->as<Volume>().claim_ref;
    look_at_claim({Kind::PersistentVolumeClaim, reference.ns, reference.name}, cache);
  }
}

void VolumeViews::look_at_claim(const ObjectKey& key, const store::Cache& cache) {
  const ObjectPtr claim = cache.find(key);
  const ObjectPtr volume =
      claim ? cache.find({Kind::PersistentVolume, "", claim->as<api::Claim>().volume_name})
            : nullptr;
  if (!claim || (volume && all_is_bound(*claim, *volume))) {
    unsettled_claims_.erase(key);
  } else {
    unsettled_claims_.set(key, {});
  }
}

ObjectPtr VolumeViews::find_volume(const Object& claim,
                                   const store::Cache& cache,
                                   bool delay_binding) const {
  const auto volume_named = [&](const Text& name) {
    return cache.find({Kind::PersistentVolume, "", name});
  };
  const api::ClaimSpec& wanted = *claim.as<api::Claim>().spec;
  std::vector<ObjectPtr> reserved;
  for (auto it = reserved_.lower_bound(Reserved{claim.key.ns, claim.key.name, ""});
       it != reserved_.end() && it->key.ns == claim.key.ns && it->key.claim == claim.key.name;
       ++it) {
    ObjectPtr volume = volume_named(it->key.name);
    if (reserved_for(*volume, claim) && could_hold(*volume, claim)) {
      reserved.push_back(std::move(volume));
    }
  }
  static const std::array kInOrder = sets_of_modes();
  for (const AccessModes modes : kInOrder) {
    if (!modes.contains(wanted.modes)) {
      continue;
    }
    const auto own = std::ranges::find_if(reserved, [modes](const ObjectPtr& volume) {
      return volume->as<Volume>().spec->modes == modes;
    });
    if (own != reserved.end()) {
      return *own;
    }
    if (delay_binding) {
      continue;
    }
    const Free least{modes,
                     api::storage_class(claim),
                     wanted.volume_mode,
                     wanted.attributes_class,
                     wanted.request,
                     ""};
    for (auto it = free_.lower_bound(least); it != free_.end(); ++it) {
      if (std::tie(it->key.modes,
                   it->key.storage_class,
                   it->key.volume_mode,
                   it->key.attributes_class) !=
          std::tie(least.modes, least.storage_class, least.volume_mode, least.attributes_class)) {
        break;
      }
      ObjectPtr volume = volume_named(it->key.name);
      if (is_wanted(*volume, claim)) {
        return volume;
      }
    }
  }
  return nullptr;
}

}  // namespace stsim::controllers::volume
