#include <stsim/controllers/statefulset/identity.hpp>
#include <stsim/controllers/statefulset/retention.hpp>

#include <algorithm>

namespace stsim::controllers::statefulset {

using api::Object;
using api::OwnerReference;
using Owners = SharedVector<OwnerReference>;
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

OwnerReference claim_owner(const Object& owner, Release release) {
  OwnerReference out = controller_reference(owner);
  if (!release.at_least(28)) {  // SS-250: a plain reference
    out.controller = false;
    out.block_owner_deletion = false;
  }
  return out;
}

namespace {

/// The one of pod and set that shall own the claim, or nullptr. Rule: SS-170.
const Object* wanted_owner(const Object& set, const Object& pod) {
  const api::StatefulSetSpec& spec = *set.as<api::StatefulSet>().spec;
  if (spec.when_scaled == Retention::Delete && condemned(set, pod)) {
    return &pod;
  }
  return spec.when_deleted == Retention::Delete ? &set : nullptr;
}

/// What has to change where the owners shall be `wanted`, in whatever order.
std::optional<Owners> unless_same(Owners wanted, const Owners& owners) {
  const bool same = wanted.size() == owners.size() &&
                    std::ranges::all_of(wanted, [&owners](const OwnerReference& owner) {
                      return std::ranges::find(owners, owner) != owners.end();
                    });
  return same ? std::nullopt : std::optional(std::move(wanted));
}

/// Up to 1.27 only the uid tells whose a reference is, and nothing else is looked at. Rule: SS-250.
ClaimOwners plain_claim_owners(const Object& set,
                               const Object& pod,
                               const Object& claim,
                               Release release) {
  const Object* owner = wanted_owner(set, pod);
  Owners wanted;
  bool there = false;
  for (const OwnerReference& reference : claim.owners) {
    const bool ours = reference.uid == set.uid || reference.uid == pod.uid;
    const bool keep = owner != nullptr && reference.uid == owner->uid;
    there = there || keep;
    if (keep || !ours) {
      wanted.push_back(reference);
    }
  }
  if (owner != nullptr && !there) {
    wanted.push_back(claim_owner(*owner, release));
  }
  return {unless_same(std::move(wanted), claim.owners), false};
}

}  // namespace

ClaimOwners claim_owners(const Object& set,
                         const Object& pod,
                         const Object& claim,
                         Release release) {
  if (!release.at_least(28)) {
    return plain_claim_owners(set, pod, claim, release);
  }
  const api::StatefulSetSpec& spec = *set.as<api::StatefulSet>().spec;
  bool stale_reference = false;
  bool other_controller = false;
  Owners wanted;
  for (const OwnerReference& owner : claim.owners) {
    const bool ours = names(owner, set) || names(owner, pod);
    // A pod about to be created has no uid yet; an older reference to it is stale all the same.
    stale_reference = stale_reference || (names(owner, set) && owner.uid != set.uid) ||
                      (names(owner, pod) && owner.uid != pod.uid);
    other_controller = other_controller || (owner.controller && !ours);
    if (!ours) {
      wanted.push_back(owner);
    }
  }
  const bool retains =
      spec.when_scaled == Retention::Retain && spec.when_deleted == Retention::Retain;
  ClaimOwners out;
  out.conflicting = !retains && (other_controller || stale_reference);
  if (stale_reference) {
    return out;  // SS-172: the garbage collector sees to it
  }
  if (const Object* owner = wanted_owner(set, pod); owner != nullptr && !out.conflicting) {
    wanted.push_back(claim_owner(*owner, release));
  }
  out.wanted = unless_same(std::move(wanted), claim.owners);
  return out;
}

bool stale(const Object& claim, std::string_view pod, Release release) {
  return std::ranges::any_of(claim.owners, [&](const OwnerReference& owner) {
    return owner.name == pod &&
           (!release.at_least(28) || (owner.api_version == "v1" && owner.kind == "Pod"));
  });
}

}  // namespace stsim::controllers::statefulset
