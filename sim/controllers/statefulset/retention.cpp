#include <stsim/controllers/statefulset/identity.hpp>
#include <stsim/controllers/statefulset/retention.hpp>

#include <algorithm>

namespace stsim::controllers::statefulset {

using api::Object;
using api::OwnerReference;
using api::Retention;

namespace {

bool names(const OwnerReference& reference, const Object& object) {
  return reference.api_version == api::api_version(object.key.kind) &&
         reference.kind == api::info(object.key.kind).name && reference.name == object.key.name;
}

}  // namespace

bool condemned(const Object& set, const Object& pod) {
  const api::StatefulSetSpec& spec = *set.as<api::StatefulSet>().spec;
  const std::int64_t ordinal = api::parent_and_ordinal(pod.key.name).ordinal;
  return ordinal >= 0 && (ordinal < spec.start_ordinal ||
                          ordinal >= std::int64_t{spec.start_ordinal} + spec.replicas);
}

bool has_retention(const Object& set) {
  // Where the gate is off the server drops the field.
  return !api::member(*set.as<api::StatefulSet>().spec->document,
                      "persistentVolumeClaimRetentionPolicy")
              .is_null();
}

ClaimOwners claim_owners(const Object& set, const Object& pod, const Object& claim) {
  const api::StatefulSetSpec& spec = *set.as<api::StatefulSet>().spec;
  bool stale_reference = false;
  bool other_controller = false;
  for (const OwnerReference& owner : claim.owners) {
    const bool ours = names(owner, set) || names(owner, pod);
    // A pod about to be created has no uid yet; an older reference to it is stale all the same.
    stale_reference = stale_reference || (names(owner, set) && owner.uid != set.uid) ||
                      (names(owner, pod) && owner.uid != pod.uid);
    other_controller = other_controller || (owner.controller && !ours);
  }
  if (stale_reference) {
    return {};  // SS-172: the garbage collector sees to it
  }
  std::vector<OwnerReference> wanted;
  for (const OwnerReference& owner : claim.owners) {
    if (!names(owner, set) && !names(owner, pod)) {
      wanted.push_back(owner);
    }
  }
  const bool retains =
      spec.when_scaled == Retention::Retain && spec.when_deleted == Retention::Retain;
  const bool conflicting = other_controller && !retains;
  if (!conflicting) {
    // SS-170
    if (spec.when_scaled == Retention::Delete && condemned(set, pod)) {
      wanted.push_back(controller_reference(pod));
    } else if (spec.when_deleted == Retention::Delete) {
      wanted.push_back(controller_reference(set));
    }
  }
  ClaimOwners out;
  out.conflicting = conflicting;
  const auto contains = [](const std::vector<OwnerReference>& list, const OwnerReference& one) {
    return std::ranges::find(list, one) != list.end();
  };
  const bool same = wanted.size() == claim.owners.size() &&
                    std::ranges::all_of(wanted, [&](const OwnerReference& owner) {
                      return contains(claim.owners, owner);
                    });
  if (!same) {
    out.wanted = std::move(wanted);
  }
  return out;
}

bool stale(const Object& claim, const std::string& pod) {
  return std::ranges::any_of(claim.owners, [&pod](const OwnerReference& owner) {
    return owner.api_version == "v1" && owner.kind == "Pod" && owner.name == pod;
  });
}

}  // namespace stsim::controllers::statefulset
