#include "rules.hpp"

#include <fmt/format.h>
#include <stsim/api/storage_class.hpp>
#include <stsim/controllers/volume/binder.hpp>

#include <algorithm>

namespace stsim::placement {

using api::Kind;
using api::Object;
using api::ObjectPtr;

namespace {

bool waits_for_consumer(const Object& claim, const store::Cache& cache) {
  const ObjectPtr found = controllers::volume::class_of(claim, cache);
  return found && api::delays_binding(*found);
}

bool reachable(const Object& volume, const Object& node) {
  const api::VolumeSpec& spec = *volume.as<api::Volume>().spec;
  if (!spec.has_node_affinity) {
    return true;
  }
  const api::Json document = spec.document.json();
  const api::Json& terms =
      api::at_path(document, {"nodeAffinity", "required", "nodeSelectorTerms"});
  return !terms.is_array() || matches_terms(terms, node);
}

bool in_topology(const api::Json& storage_class, const Object& node) {
  const api::Json& terms = api::member(storage_class, "allowedTopologies");
  if (!terms.is_array() || terms.empty()) {
    return true;
  }
  const auto holds = [&node](const api::Json& expression) {
    const Text* label = node.labels.find(api::text(expression, "key"));
    return label != nullptr &&
           std::ranges::any_of(api::member(expression, "values"), [&label](const api::Json& value) {
             return value.is_string() && value.get_ref<const std::string&>() == *label;
           });
  };
  return std::ranges::any_of(terms, [&holds](const api::Json& term) {
    return std::ranges::all_of(api::member(term, "matchLabelExpressions"), holds);
  });
}

/// Whether somebody could make a volume for a claim that is used on a node.
bool can_be_provisioned(const Object& claim, const store::Cache& cache, const Object& node) {
  const ObjectPtr found = controllers::volume::class_of(claim, cache);
  if (!found) {
    return false;
  }
  const api::Json& storage_class = *found->as<api::Generic>().document;
  const std::string provisioner = api::text(storage_class, "provisioner");
  return !provisioner.empty() && provisioner != "kubernetes.io/no-provisioner" &&
         in_topology(storage_class, node);
}

bool for_one_pod_only(const Object& claim) {
  return claim.as<api::Claim>().spec->modes.contains(api::kReadWriteOncePod);
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
      if (waits) {
        situation.waiting.push_back(claim);
      }
      unbound = unbound || !waits;
    } else if (ObjectPtr bound =
                   situation.cache.find({Kind::PersistentVolume, "", body.volume_name})) {
      situation.volumes.push_back(std::move(bound));
    } else {
      situation.volume_missing = true;
    }
  }
  std::ranges::stable_sort(situation.waiting, {}, [](const ObjectPtr& claim) {
    return claim->as<api::Claim>().spec->request;
  });
  return unbound ? "pod has unbound immediate PersistentVolumeClaims" : "";
}

std::optional<std::vector<ClaimOnNode>> claims_on(const Situation& situation, const Object& node) {
  std::vector<ClaimOnNode> out;
  if (situation.waiting.empty()) {
    return out;
  }
  std::vector<ObjectPtr> volumes = situation.cache.list(Kind::PersistentVolume);
  for (const ObjectPtr& claim : situation.waiting) {
    const Text* selected = claim->annotations.find(controllers::volume::kSelectedNode);
    const bool is_selected = selected != nullptr;
    if (is_selected && *selected != node.key.name) {
      return std::nullopt;
    }
    ObjectPtr volume;
    if (!is_selected) {
      volume = controllers::volume::find_volume_for_pod(
          *claim, volumes, [&node](const Object& candidate) { return reachable(candidate, node); });
    }
    if (volume) {
      std::erase(volumes, volume);
    } else if (!can_be_provisioned(*claim, situation.cache, node)) {
      return std::nullopt;
    }
    out.push_back({claim, std::move(volume)});
  }
  return out;
}

Verdict check_volumes(const Situation& situation, const Object& node) {
  for (const api::ClaimVolume& volume : api::claims(situation.pod)) {
    const api::ObjectKey key{Kind::PersistentVolumeClaim, situation.pod.key.ns, volume.claim};
    const ObjectPtr claim = situation.cache.find(key);
    if (!claim || !for_one_pod_only(*claim)) {
      continue;
    }
    for (const ObjectPtr& other : situation.cache.list(Kind::Pod)) {
      if (is_on_node(*other) && other->key != situation.pod.key && api::mounts(*other, key)) {
        return {{"node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod "
                 "access mode"},
                true};
      }
    }
  }
  if (situation.volume_missing) {
    return {{"node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)"}, false};
  }
  for (const ObjectPtr& volume : situation.volumes) {
    if (!reachable(*volume, node)) {
      return {
          {situation.release.at_least(33) ? "node(s) didn't match PersistentVolume's node affinity"
                                          : "node(s) had volume node affinity conflict"},
          false};
    }
  }
  if (!claims_on(situation, node)) {
    return {{"node(s) didn't find available persistent volumes to bind"}, false};
  }
  return {};
}

}  // namespace stsim::placement
