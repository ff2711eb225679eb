#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/controllers/volume/protection.hpp>

#include <algorithm>

namespace stsim::controllers::volume {

using api::Kind;
using api::Object;
using api::ObjectKey;
using api::ObjectPtr;

namespace {

Plan patch(const Object& object, Mutation mutation, std::string why, std::string_view rule) {
  Plan plan;
  Call& call = plan.groups.emplace_back().calls.emplace_back();
  call.verb = Call::Verb::Patch;
  call.target = object.key;
  call.mutation = std::move(mutation);
  call.harmless = {"NotFound"};
  call.why = std::move(why);
  call.rule = rule;
  return plan;
}

/// Whether somebody has taken the finalizer off an object that stays.
bool unprotected(const Object& object, const char* finalizer) {
  return !object.terminating() && !object.has_finalizer(finalizer);
}

Plan protect(const Object& object, const char* finalizer) {
  return patch(object, AddFinalizer{finalizer}, "its finalizer was taken off", "PV-9");
}

}  // namespace

std::vector<Again> concerned_claims(const store::Change& change,
                                    const store::Cache& cache,
                                    SimTime /*now*/) {
  std::vector<Again> out;
  const Object& object = change.object();
  if (object.key.kind == Kind::PersistentVolumeClaim && change.after &&
      (object.terminating() || unprotected(object, api::kClaimProtectionFinalizer))) {
    out.push_back({object.key, {}});
  } else if (object.key.kind == Kind::Pod && (!change.after || object.terminating())) {
    for (const api::ClaimVolume& volume : api::claims(object)) {
      const ObjectKey key{Kind::PersistentVolumeClaim, object.key.ns, volume.claim};
      if (const ObjectPtr claim = cache.find(key); claim && claim->terminating()) {
        out.push_back({key, {}});
      }
    }
  }
  return out;
}

Plan decide_claim(const ObjectKey& key,
                  const store::Cache& cache,
                  const Views& /*views*/,
                  SimTime /*now*/) {
  const ObjectPtr claim = cache.find(key);
  if (claim && unprotected(*claim, api::kClaimProtectionFinalizer)) {
    return protect(*claim, api::kClaimProtectionFinalizer);
  }
  if (!claim || !claim->terminating() || !claim->has_finalizer(api::kClaimProtectionFinalizer)) {
    return {};
  }
  for (const ObjectPtr& pod : cache.list(Kind::Pod, key.ns)) {
    const std::vector<api::ClaimVolume> volumes = api::claims(*pod);
    if (!pod->as<api::Pod>().node_name.empty() &&
        std::ranges::any_of(volumes,
                            [&key](const auto& volume) { return volume.claim == key.name; })) {
      Plan plan;
      plan.waits.push_back(
          {key, fmt::format("{} is in use by {}", key.name, pod->key.name), "PV-70"});
      return plan;
    }
  }
  return patch(
      *claim, RemoveFinalizer{api::kClaimProtectionFinalizer}, "no pod on a node uses it", "PV-70");
}

std::vector<Again> concerned_volumes(const store::Change& change,
                                     const store::Cache& /*cache*/,
                                     SimTime /*now*/) {
  const Object& object = change.object();
  if (object.key.kind == Kind::PersistentVolume && change.after &&
      (object.terminating() || unprotected(object, api::kVolumeProtectionFinalizer))) {
    return {{object.key, {}}};
  }
  return {};
}

Plan decide_volume(const ObjectKey& key,
                   const store::Cache& cache,
                   const Views& /*views*/,
                   SimTime /*now*/) {
  const ObjectPtr volume = cache.find(key);
  if (volume && unprotected(*volume, api::kVolumeProtectionFinalizer)) {
    return protect(*volume, api::kVolumeProtectionFinalizer);
  }
  if (!volume || !volume->terminating() ||
      !volume->has_finalizer(api::kVolumeProtectionFinalizer)) {
    return {};
  }
  if (volume->as<api::Volume>().phase == api::VolumePhase::Bound) {
    Plan plan;
    plan.waits.push_back({key, fmt::format("{} is bound", key.name), "PV-71"});
    return plan;
  }
  return patch(
      *volume, RemoveFinalizer{api::kVolumeProtectionFinalizer}, "it is not bound", "PV-71");
}

}  // namespace stsim::controllers::volume
