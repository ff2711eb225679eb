#include "kubectl/document.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/kubectl/describe.hpp>
#include <stsim/kubectl/rollout.hpp>
#include <stsim/kubectl/tab_writer.hpp>

#include <map>

namespace stsim::kubectl {

namespace {

using api::Json;

using RevisionsByNumber = std::map<std::int64_t, const Json*>;

// Of several revisions with one number the last one counts.
RevisionsByNumber by_number(const std::vector<const Json*>& revisions) {
  RevisionsByNumber result;
  for (const Json* revision : revisions) {
    result[api::integer(*revision, "revision")] = revision;
  }
  return result;
}

std::string change_cause(const Json& revision) {
  const Json& annotations = api::at_path(revision, {"metadata", "annotations"});
  return or_none(api::text(annotations, api::kChangeCauseAnnotation));
}

}  // namespace

Result<RolloutStatus, std::string> rollout_status(const Json& set) {
  const Json& spec = api::member(set, "spec");
  const Json& status = api::member(set, "status");
  const Json& strategy = api::member(spec, "updateStrategy");
  if (api::text(strategy, "type") != "RollingUpdate") {
    return tl::unexpected<std::string>(
        "rollout status is only available for RollingUpdate strategy type");
  }
  const std::int64_t generation = api::integer(api::member(set, "metadata"), "generation");
  const std::int64_t observed = api::integer(status, "observedGeneration");
  if (observed == 0 || generation > observed) {
    return RolloutStatus{"Waiting for statefulset spec update to be observed...\n", false};
  }
  const std::int64_t replicas = api::integer(spec, "replicas");
  const std::int64_t ready = api::integer(status, "readyReplicas");
  if (ready < replicas) {
    return RolloutStatus{fmt::format("Waiting for {} pods to be ready...\n", replicas - ready),
                         false};
  }
  const std::int64_t updated = api::integer(status, "updatedReplicas");
  const Json& rolling = api::member(strategy, "rollingUpdate");
  if (rolling.is_object()) {
    const std::int64_t wanted = replicas - api::integer(rolling, "partition");
    if (rolling.contains("partition") && updated < wanted) {
      return RolloutStatus{
          fmt::format("Waiting for partitioned roll out to finish: {} out of {} new pods have been "
                      "updated...\n",
                      updated,
                      wanted),
          false};
    }
    return RolloutStatus{
        fmt::format("partitioned roll out complete: {} new pods have been updated...\n", updated),
        true};
  }
  const std::string update_revision = api::text(status, "updateRevision");
  const std::string current_revision = api::text(status, "currentRevision");
  if (update_revision != current_revision) {
    return RolloutStatus{
        fmt::format(
            "waiting for statefulset rolling update to complete {} pods at revision {}...\n",
            updated,
            update_revision),
        false};
  }
  return RolloutStatus{
      fmt::format("statefulset rolling update complete {} pods at revision {}...\n",
                  api::integer(status, "currentReplicas"),
                  current_revision),
      true};
}

std::string rollout_history(const Json& set, const std::vector<const Json*>& revisions) {
  // The space is where the number of a single revision stands otherwise.
  std::string text = "statefulset.apps/" + name_of(set) + " \n";
  if (revisions.empty()) {
    return text + "No rollout history found.\n";
  }
  std::string lines = "REVISION\tCHANGE-CAUSE\n";
  for (const auto& [number, revision] : by_number(revisions)) {
    lines += std::to_string(number) + "\t" + change_cause(*revision) + "\n";
  }
  return text + align(kDescribeStyle, lines) + "\n";
}

Result<std::string, std::string> rollout_history_of(const Json& set,
                                                    const std::vector<const Json*>& revisions,
                                                    std::int64_t revision) {
  const std::string head =
      fmt::format("statefulset.apps/{} with revision #{}\n", name_of(set), revision);
  if (revisions.empty()) {
    return head + "No rollout history found.\n";
  }
  const RevisionsByNumber numbered = by_number(revisions);
  const auto found = numbered.find(revision);
  if (found == numbered.end()) {
    return tl::unexpected<std::string>("unable to find the specified revision");
  }
  return head + pod_template_text(api::at_path(*found->second, {"data", "spec", "template"})) +
         "\n";
}

}  // namespace stsim::kubectl
