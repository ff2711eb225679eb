#pragma once
// persistentVolumeClaimRetentionPolicy: which owners a pod's claims have. Rules: SS-170 to SS-177.

#include <stsim/api/object.hpp>
#include <stsim/base/version.hpp>

#include <optional>
#include <vector>

namespace stsim::controllers::statefulset {

/// What has to change on a claim.
struct ClaimOwners {
  std::optional<SharedVector<api::OwnerReference>>
      wanted;          ///< nothing where all is as it should be
  bool conflicting{};  ///< somebody else's controller or an earlier set or pod owns it, SS-172
};

/// Whether a pod's ordinal lies outside the set's range. Rule: SS-30.
[[nodiscard]] bool condemned(const api::Object& set, const api::Object& pod);

/// The reference by which a set or pod owns a claim. Rules: SS-170, SS-250.
[[nodiscard]] api::OwnerReference claim_owner(const api::Object& owner, Release release);

/// The owners that the policy asks for on one of a pod's claims. Rules: SS-170 to SS-173, SS-250.
[[nodiscard]] ClaimOwners claim_owners(const api::Object& set,
                                       const api::Object& pod,
                                       const api::Object& claim,
                                       Release release);

/// Whether a claim still belongs to an earlier pod of this name, so that the pod must not be
/// created yet. Up to 1.27 whatever has its name counts. Rules: SS-177, SS-250.
[[nodiscard]] bool stale(const api::Object& claim, std::string_view pod, Release release);

}  // namespace stsim::controllers::statefulset
