// Descriptions of pods, pod templates and StatefulSets. Rules: KC-50, KC-52.

#include "kubectl/describe_parts.hpp"
#include "kubectl/document.hpp"
#include "kubectl/go_sort.hpp"

#include <fmt/format.h>
#include <stsim/api/selector.hpp>
#include <stsim/kubectl/columns.hpp>

#include <algorithm>
#include <array>

namespace stsim::kubectl {

namespace {

using api::Json;

bool is_over(const Json& pod) {
  const std::string phase = api::text(api::member(pod, "status"), "phase");
  return phase == "Succeeded" || phase == "Failed";
}

// Writes a field that is left out where the object has none.
void write_known(DescribeWriter& writer,
                 std::string_view label,
                 const Json& object,
                 std::string_view key) {
  const std::string text = value_or(object, key);
  if (!text.empty()) {
    writer.field(0, label, text);
  }
}

void write_conditions(DescribeWriter& writer, const Json& pod) {
  const Json& conditions = elements(api::at_path(pod, {"status", "conditions"}));
  const Json& gates = elements(api::at_path(pod, {"spec", "readinessGates"}));
  if (!gates.empty()) {
    writer.write(0, "Readiness Gates:\n  Type\tStatus\n");
    for (const Json& gate : gates) {
      const std::string type = api::text(gate, "conditionType");
      const auto condition = std::find_if(conditions.begin(), conditions.end(), [&](const Json& c) {
        return api::text(c, "type") == type;
      });
      const std::string status =
          condition == conditions.end() ? "<none>" : api::text(*condition, "status");
      writer.write(1, type + " \t" + status + " \n");
    }
  }
  if (!conditions.empty()) {
    writer.write(0, "Conditions:\n  Type\tStatus\n");
    for (const Json& condition : conditions) {
      writer.write(1,
                   api::text(condition, "type") + " \t" + api::text(condition, "status") + " \n");
    }
  }
}

void write_pod_status(DescribeWriter& writer, const Json& pod, const DescribeContext& context) {
  const Json& metadata = api::member(pod, "metadata");
  const Json& status = api::member(pod, "status");
  if (is_terminating(pod) && !is_over(pod)) {
    writer.field(0,
                 "Status",
                 "Terminating (lasts " +
                     age_of(api::member(metadata, "deletionTimestamp"), context.now) + ")");
    writer.field(
        0, "Termination Grace Period", value_or(metadata, "deletionGracePeriodSeconds", "0") + "s");
  } else {
    writer.field(0, "Status", api::text(status, "phase"));
  }
  write_known(writer, "Reason", status, "reason");
  write_known(writer, "Message", status, "message");
  const Json& profile = api::at_path(pod, {"spec", "securityContext", "seccompProfile"});
  if (profile.is_object()) {
    writer.field(0, "SeccompProfile", api::text(profile, "type"));
    write_known(writer, "LocalhostProfile", profile, "localhostProfile");
  }
  writer.field(0, "IP", api::text(status, "podIP"));
  const Json& addresses = elements(api::member(status, "podIPs"));
  writer.write(0, addresses.empty() ? "IPs:\t<none>\n" : "IPs:\n");
  for (const Json& address : addresses) {
    writer.field(1, "IP", api::text(address, "ip"));
  }
}

// Pods of a set by phase. Those being deleted still count by their phase.
std::string pods_status(const Json& set, const DescribeContext& context) {
  const auto selector = api::parse_label_selector(api::at_path(set, {"spec", "selector"}));
  const std::string uid = api::text(api::member(set, "metadata"), "uid");
  static constexpr std::array<std::string_view, 4> kPhases{
      "Running", "Pending", "Succeeded", "Failed"};
  std::array<int, 4> counts{};
  for (const Json* pod : context.pods) {
    const auto phase =
        std::find(kPhases.begin(), kPhases.end(), api::text(api::member(*pod, "status"), "phase"));
    const bool owned = api::text(controller_of(*pod), "uid") == uid;
    if (owned && phase != kPhases.end() && selector &&
        selector->matches(api::labels_of(api::at_path(*pod, {"metadata", "labels"})))) {
      ++counts[static_cast<std::size_t>(phase - kPhases.begin())];
    }
  }
  return fmt::format("{} Running / {} Waiting / {} Succeeded / {} Failed",
                     counts[0],
                     counts[1],
                     counts[2],
                     counts[3]);
}

void write_claim_templates(DescribeWriter& writer, const Json& templates) {
  writer.write(0, elements(templates).empty() ? "Volume Claims:\t<none>\n" : "Volume Claims:\n");
  for (const Json& claim : elements(templates)) {
    const Json& metadata = api::member(claim, "metadata");
    const Json& spec = api::member(claim, "spec");
    writer.field(1, "Name", api::text(metadata, "name"));
    writer.field(1, "StorageClass", storage_class_of(claim));
    write_labels(writer, "  Labels", api::member(metadata, "labels"));
    write_labels(writer, "  Annotations", api::member(metadata, "annotations"));
    writer.field(1,
                 "Capacity",
                 value_or(api::at_path(spec, {"resources", "requests"}), "storage", "<default>"));
    writer.field(1, "Access Modes", list_text(api::member(spec, "accessModes")));
  }
}

}  // namespace

void write_spread_constraints(DescribeWriter& writer, const Json& spec, std::string_view indent) {
  std::vector<const Json*> sorted;
  for (const Json& constraint : elements(api::member(spec, "topologySpreadConstraints"))) {
    sorted.push_back(&constraint);
  }
  if (sorted.empty()) {
    return;
  }
  go_sort(sorted, [](const Json* a, const Json* b) {
    return api::text(*a, "topologyKey") < api::text(*b, "topologyKey");
  });
  std::string prefix = std::string(indent) + "Topology Spread Constraints:\t";
  for (const Json* constraint : sorted) {
    std::string line = fmt::format("{}:{} when max skew {} is exceeded",
                                   api::text(*constraint, "topologyKey"),
                                   api::text(*constraint, "whenUnsatisfiable"),
                                   api::integer(*constraint, "maxSkew"));
    const Json& selector = api::member(*constraint, "labelSelector");
    if (selector.is_object()) {
      const auto parsed = api::parse_label_selector(selector);
      line += " for selector " + or_none(parsed ? parsed->text() : "");
    }
    writer.write(0, prefix + line + "\n");
    prefix = std::string(indent) + "\t";
  }
}

void write_pod_template(DescribeWriter& writer, const Json& pod_template) {
  const Json& metadata = api::member(pod_template, "metadata");
  const Json& spec = api::member(pod_template, "spec");
  writer.write(0, "Pod Template:\n");
  write_labels(writer, "  Labels", api::member(metadata, "labels"));
  const Json& annotations = api::member(metadata, "annotations");
  if (annotations.is_object() && !annotations.empty()) {
    write_annotations(writer, "  Annotations", annotations);
  }
  write_known(writer, "  Service Account", spec, "serviceAccountName");
  if (!elements(api::member(spec, "initContainers")).empty()) {
    write_containers(writer, "Init Containers", api::member(spec, "initContainers"), {}, {}, "  ");
  }
  write_containers(writer, "Containers", api::member(spec, "containers"), {}, {}, "  ");
  write_volumes(writer, api::member(spec, "volumes"), "  ");
  write_spread_constraints(writer, spec, "  ");
  write_known(writer, "  Priority Class Name", spec, "priorityClassName");
  write_labels(writer, "  Node-Selectors", api::member(spec, "nodeSelector"));
  write_tolerations(writer, "  Tolerations", api::member(spec, "tolerations"));
}

void describe_pod(DescribeWriter& writer, const Json& pod, const DescribeContext& context) {
  const Json& metadata = api::member(pod, "metadata");
  const Json& spec = api::member(pod, "spec");
  const Json& status = api::member(pod, "status");
  writer.field(0, "Name", name_of(pod));
  writer.field(0, "Namespace", namespace_of(pod));
  write_known(writer, "Priority", spec, "priority");
  write_known(writer, "Priority Class Name", spec, "priorityClassName");
  write_known(writer, "Runtime Class Name", spec, "runtimeClassName");
  write_known(writer, "Service Account", spec, "serviceAccountName");
  const std::string node = api::text(spec, "nodeName");
  writer.field(0, "Node", node.empty() ? "<none>" : node + "/" + api::text(status, "hostIP"));
  const Json& start = api::member(status, "startTime");
  if (!start.is_null()) {
    writer.field(0, "Start Time", date_text(start));
  }
  write_labels(writer, "Labels", api::member(metadata, "labels"));
  write_annotations(writer, "Annotations", api::member(metadata, "annotations"));
  write_pod_status(writer, pod, context);
  const Json& controller = controller_of(pod);
  if (!controller.is_null()) {
    writer.field(
        0, "Controlled By", api::text(controller, "kind") + "/" + api::text(controller, "name"));
  }
  write_known(writer, "NominatedNodeName", status, "nominatedNodeName");
  if (!elements(api::member(spec, "initContainers")).empty()) {
    write_containers(writer,
                     "Init Containers",
                     api::member(spec, "initContainers"),
                     api::member(status, "initContainerStatuses"),
                     pod,
                     "");
  }
  write_containers(writer,
                   "Containers",
                   api::member(spec, "containers"),
                   api::member(status, "containerStatuses"),
                   pod,
                   "");
  write_conditions(writer, pod);
  write_volumes(writer, api::member(spec, "volumes"), "");
  writer.field(0, "QoS Class", api::text(api::member(pod, "status"), "qosClass"));
  write_labels(writer, "Node-Selectors", api::member(spec, "nodeSelector"));
  write_tolerations(writer, "Tolerations", api::member(spec, "tolerations"));
  write_spread_constraints(writer, spec, "");
  write_events(writer, context);
}

void describe_stateful_set(DescribeWriter& writer,
                           const Json& set,
                           const DescribeContext& context) {
  const Json& metadata = api::member(set, "metadata");
  const Json& spec = api::member(set, "spec");
  const auto selector = api::parse_label_selector(api::member(spec, "selector"));
  writer.field(0, "Name", name_of(set));
  writer.field(0, "Namespace", namespace_of(set));
  writer.field(0, "CreationTimestamp", date_text(api::member(metadata, "creationTimestamp")));
  writer.field(0, "Selector", selector ? selector->text() : "");
  write_labels(writer, "Labels", api::member(metadata, "labels"));
  write_annotations(writer, "Annotations", api::member(metadata, "annotations"));
  writer.field(0,
               "Replicas",
               fmt::format("{} desired | {} total",
                           api::integer(spec, "replicas"),
                           api::integer(api::member(set, "status"), "replicas")));
  const Json& strategy = api::member(spec, "updateStrategy");
  writer.field(0, "Update Strategy", api::text(strategy, "type"));
  const Json& rolling = api::member(strategy, "rollingUpdate");
  if (rolling.contains("partition")) {
    writer.field(1, "Partition", value_or(rolling, "partition"));
    write_known(writer, "  MaxUnavailable", rolling, "maxUnavailable");
  }
  writer.field(0, "Pods Status", pods_status(set, context));
  write_pod_template(writer, api::member(spec, "template"));
  write_claim_templates(writer, api::member(spec, "volumeClaimTemplates"));
  write_events(writer, context);
}

}  // namespace stsim::kubectl
