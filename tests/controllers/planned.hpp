#pragma once
// What is planned for a set of which a few words say all.

#include "support/cluster.hpp"

#include <stsim/policy/policies.hpp>
#include <stsim/policy/policy.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::test {

inline const PodState kIsReady{};
inline const PodState kIsUnready{.ready = false};
inline const PodState kIsYoung{.ready_for = std::chrono::seconds{1}};
inline const PodState kIsGoing{.terminating = true};
inline const PodState kIsOld{.revision = "web-old"};
inline const PodState kIsOldUnready{.ready = false, .revision = "web-old"};
inline const PodState kIsOldYoung{.revision = "web-old", .ready_for = std::chrono::seconds{1}};
inline const PodState kIsOldGoing{.terminating = true, .revision = "web-old"};
inline const PodState kIsFailed{.ready = false, .phase = api::PodPhase::Failed};

/// What is planned for a set with these pods, the first at ordinal 0; those without a value are not
/// there.
inline controllers::Plan planned(Cluster& cluster,
                                 const SetSpec& spec,
                                 const std::vector<std::optional<PodState>>& pods) {
  cluster.make_set(spec);
  for (std::size_t i = 0; i < pods.size(); ++i) {
    if (pods[i]) {
      cluster.make_pod(static_cast<int>(i), *pods[i]);
    }
  }
  return cluster.plan();
}

/// The same by the policy of a name.
inline controllers::Plan planned(std::string_view policy,
                                 const SetSpec& spec,
                                 const std::vector<std::optional<PodState>>& pods) {
  Cluster cluster;
  cluster.use(**policy::find_policy(std::string(policy)));
  return planned(cluster, spec, pods);
}

}  // namespace stsim::test
