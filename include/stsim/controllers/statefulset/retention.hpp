#pragma once
// persistentVolumeClaimRetentionPolicy: which owners a pod's claims have. Rules: SS-170 to SS-177.

#include <stsim/api/object.hpp>
#include <stsim/base/version.hpp>

#include <optional>
#include <vector>

namespace stsim::controllers::statefulset {

/// What has to change on a claim.
struct ClaimOwners {
  std::optional<std::vector<api::OwnerReference>> wanted;  ///< nothing where all is as it should be
  bool conflicting{};  ///< somebody else's controller owns it, SS-172
};

/// Whether a pod's ordinal lies outside the set's range. Rule: SS-30.
[[nodiscard]] bool condemned(const api::Object& set, const api::Object& pod);

/// The owners that the policy asks for on one of a pod's claims. Rules: SS-170 to SS-173.
[[nodiscard]] ClaimOwners claim_owners(const api::Object& set,
                                       const api::Object& pod,
                                       const api::Object& claim);

/// Whether a claim still belongs to an earlier pod of this name, so that the pod must not be
/// created yet. Rule: SS-177.
[[nodiscard]] bool stale(const api::Object& claim, const std::string& pod);

/// Whether the release has the policy at all. Rule: SS-240.
[[nodiscard]] bool has_retention(const api::Object& set);

}  // namespace stsim::controllers::statefulset
