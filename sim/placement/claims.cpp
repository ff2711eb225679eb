#include "rules.hpp"

#include <fmt/format.h>
#include <stsim/api/storage_class.hpp>

namespace stsim::placement {

using api::Kind;
using api::Object;
using api::ObjectPtr;

namespace {

bool waits_for_consumer(const Object& claim, const store::Cache& cache) {
  const std::string name = api::storage_class(claim);
  const ObjectPtr found = name.empty() ? nullptr : cache.find({Kind::StorageClass, "", name});
  return found && api::delays_binding(*found);
}

bool for_one_pod_only(const Object& claim) {
  return claim.as<api::Claim>().spec->modes.contains(api::kReadWriteOncePod);
}

bool mounts(const Object& pod, const api::ObjectKey& claim) {
  if (pod.key.ns != claim.ns) {
    return false;
  }
  for (const api::ClaimVolume& volume : api::claims(pod)) {
    if (volume.claim == claim.name) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string check_claims(Situation& situation) {
  bool unbound = false;
  for (const api::ClaimVolume& volume : api::claims(situation.pod)) {
    const ObjectPtr claim =
        situation.cache.find({Kind::PersistentVolumeClaim, situation.pod.key.ns, volume.claim});
    if (!claim) {
      return fmt::format("persistentvolumeclaim \"{}\" not found", volume.claim);
    }
    const auto& body = claim->as<api::Claim>();
    if (body.phase == api::ClaimPhase::Lost) {
      return fmt::format(
          "persistentvolumeclaim \"{}\" bound to non-existent persistentvolume \"{}\"",
          volume.claim,
          body.volume_name);
    }
    if (claim->terminating()) {
      return fmt::format("persistentvolumeclaim \"{}\" is being deleted", volume.claim);
    }
    if (body.phase != api::ClaimPhase::Bound) {
      const bool waits = body.volume_name.empty() && waits_for_consumer(*claim, situation.cache);
      (waits ? situation.waits_for_consumer : unbound) = true;
    } else if (ObjectPtr bound =
                   situation.cache.find({Kind::PersistentVolume, "", body.volume_name})) {
      situation.volumes.push_back(std::move(bound));
    } else {
      situation.volume_missing = true;
    }
  }
  return unbound ? "pod has unbound immediate PersistentVolumeClaims" : "";
}

Verdict check_volumes(const Situation& situation, const Object& node) {
  for (const api::ClaimVolume& volume : api::claims(situation.pod)) {
    const api::ObjectKey key{Kind::PersistentVolumeClaim, situation.pod.key.ns, volume.claim};
    const ObjectPtr claim = situation.cache.find(key);
    if (!claim || !for_one_pod_only(*claim)) {
      continue;
    }
    for (const auto& [where, pods] : situation.pods) {
      for (const ObjectPtr& other : pods) {
        if (other->key != situation.pod.key && mounts(*other, key)) {
          return {
              {"node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod "
               "access mode"},
              true};
        }
      }
    }
  }
  if (situation.volume_missing) {
    return {{"node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)"}, false};
  }
  for (const ObjectPtr& volume : situation.volumes) {
    const api::Json& terms = api::at_path(*volume->as<api::Volume>().spec->document,
                                          {"nodeAffinity", "required", "nodeSelectorTerms"});
    if (terms.is_array() && !matches_terms(terms, node)) {
      return {
          {situation.release.at_least(33) ? "node(s) didn't match PersistentVolume's node affinity"
                                          : "node(s) had volume node affinity conflict"},
          false};
    }
  }
  if (situation.waits_for_consumer) {
    return {{"node(s) didn't find available persistent volumes to bind"}, false};
  }
  return {};
}

}  // namespace stsim::placement
