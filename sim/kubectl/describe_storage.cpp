// Descriptions of claims, volumes and storage classes. Rule: KC-53.

#include "kubectl/describe_parts.hpp"
#include "kubectl/document.hpp"

#include <fmt/format.h>
#include <stsim/api/object.hpp>
#include <stsim/base/characters.hpp>
#include <stsim/kubectl/columns.hpp>

#include <algorithm>

namespace stsim::kubectl {

namespace {

using api::Json;

bool uses_claim(const Json& pod, const std::string& claim) {
  const Json& volumes = elements(api::at_path(pod, {"spec", "volumes"}));
  return std::any_of(volumes.begin(), volumes.end(), [&](const Json& volume) {
    return api::text(api::member(volume, "persistentVolumeClaim"), "claimName") == claim;
  });
}

bool is_owner(const Json& pod, const Json& claim) {
  const Json& owners = elements(api::at_path(claim, {"metadata", "ownerReferences"}));
  const std::string uid = api::text(api::member(pod, "metadata"), "uid");
  return std::any_of(owners.begin(), owners.end(), [&](const Json& owner) {
    return api::text(owner, "kind") == "Pod" && api::text(owner, "uid") == uid;
  });
}

// `title:` and requirements like `zone in [a, b]` below each other.
void write_requirements(DescribeWriter& writer,
                        std::size_t level,
                        const std::string& title,
                        const Json& requirements,
                        std::string_view fixed_operator) {
  writer.write(level, title + ":\t");
  if (elements(requirements).empty()) {
    writer.write(0, "<none>\n");
  }
  bool first = true;
  for (const Json& requirement : elements(requirements)) {
    if (!first) {
      writer.write(level, "\t");
    }
    first = false;
    std::string line = api::text(requirement, "key") + " " +
                       (fixed_operator.empty() ? to_lower(api::text(requirement, "operator"))
                                               : std::string(fixed_operator));
    if (!elements(api::member(requirement, "values")).empty()) {
      line += " [" + join(texts_of(api::member(requirement, "values")), ", ") + "]";
    }
    writer.write(0, line + "\n");
  }
}

void write_node_affinity(DescribeWriter& writer, const Json& affinity) {
  const Json& required = api::member(affinity, "required");
  if (!required.is_object()) {
    writer.field(0, "Node Affinity", "<none>");
    return;
  }
  writer.field(0, "Node Affinity", "");
  const Json& terms = elements(api::member(required, "nodeSelectorTerms"));
  writer.field(1, "Required Terms", terms.empty() ? "<none>" : "");
  std::size_t index = 0;
  for (const Json& term : terms) {
    write_requirements(
        writer, 2, "Term " + std::to_string(index++), api::member(term, "matchExpressions"), "");
  }
}

}  // namespace

void write_conditions(DescribeWriter& writer, const Json& object, std::string_view looked) {
  const Json& conditions = elements(api::at_path(object, {"status", "conditions"}));
  if (conditions.empty()) {
    return;
  }
  writer.write(0, "Conditions:\n");
  writer.write(
      1, fmt::format("Type\tStatus\tLast{}Time\tLastTransitionTime\tReason\tMessage\n", looked));
  writer.write(1, "----\t------\t-----------------\t------------------\t------\t-------\n");
  const std::string last = fmt::format("last{}Time", looked);
  for (const Json& condition : conditions) {
    writer.write(1,
                 fmt::format("{} \t{} \t{} \t{} \t{} \t{}\n",
                             api::text(condition, "type"),
                             api::text(condition, "status"),
                             date_text(api::member(condition, last)),
                             date_text(api::member(condition, "lastTransitionTime")),
                             api::text(condition, "reason"),
                             api::text(condition, "message")));
  }
}

std::string phase_text(const Json& object, const DescribeContext& context) {
  if (!is_terminating(object)) {
    return api::text(api::member(object, "status"), "phase");
  }
  const Json& since = api::at_path(object, {"metadata", "deletionTimestamp"});
  return "Terminating (lasts " + age_of(since, context.now) + ")";
}

void describe_claim(DescribeWriter& writer, const Json& claim, const DescribeContext& context) {
  const Json& metadata = api::member(claim, "metadata");
  const Json& spec = api::member(claim, "spec");
  const Json& status = api::member(claim, "status");
  const std::string volume = api::text(spec, "volumeName");
  writer.field(0, "Name", name_of(claim));
  writer.field(0, "Namespace", namespace_of(claim));
  writer.field(0, "StorageClass", storage_class_of(claim));
  writer.field(0, "Status", phase_text(claim, context));
  writer.field(0, "Volume", volume);
  write_labels(writer, "Labels", api::member(metadata, "labels"));
  write_annotations(writer, "Annotations", api::member(metadata, "annotations"));
  writer.field(0, "Finalizers", list_text(api::member(metadata, "finalizers")));
  writer.field(0,
               "Capacity",
               volume.empty() ? "" : value_or(api::member(status, "capacity"), "storage", "0"));
  writer.field(0,
               "Access Modes",
               volume.empty() ? "" : api::access_modes(api::member(status, "accessModes")).text());
  if (const std::string mode = api::text(spec, "volumeMode"); !mode.empty()) {
    writer.field(0, "VolumeMode", mode);
  }
  if (const Json& source = api::member(spec, "dataSource"); source.is_object()) {
    writer.write(0, "DataSource:\n");
    if (!api::member(source, "apiGroup").is_null()) {
      writer.field(1, "APIGroup", api::text(source, "apiGroup"));
    }
    writer.field(1, "Kind", api::text(source, "kind"));
    writer.field(1, "Name", api::text(source, "name"));
  }
  std::vector<std::string> users;
  for (const Json* pod : context.pods) {
    if (uses_claim(*pod, name_of(claim)) || is_owner(*pod, claim)) {
      users.push_back(name_of(*pod));
    }
  }
  std::sort(users.begin(), users.end());
  write_lines(writer, "Used By", users);
  write_conditions(writer, claim, "Probe");
  write_events(writer, context);
}

void describe_volume(DescribeWriter& writer, const Json& volume, const DescribeContext& context) {
  const Json& metadata = api::member(volume, "metadata");
  const Json& spec = api::member(volume, "spec");
  const Json& claim = api::member(spec, "claimRef");
  writer.field(0, "Name", name_of(volume));
  write_labels(writer, "Labels", api::member(metadata, "labels"));
  write_annotations(writer, "Annotations", api::member(metadata, "annotations"));
  writer.field(0, "Finalizers", list_text(api::member(metadata, "finalizers")));
  writer.field(0, "StorageClass", storage_class_of(volume));
  writer.field(0, "Status", phase_text(volume, context));
  writer.field(
      0,
      "Claim",
      claim.is_object() ? api::text(claim, "namespace") + "/" + api::text(claim, "name") : "");
  writer.field(0, "Reclaim Policy", api::text(spec, "persistentVolumeReclaimPolicy"));
  writer.field(0, "Access Modes", api::access_modes(api::member(spec, "accessModes")).text());
  if (const std::string mode = api::text(spec, "volumeMode"); !mode.empty()) {
    writer.field(0, "VolumeMode", mode);
  }
  writer.field(0, "Capacity", value_or(api::member(spec, "capacity"), "storage", "0"));
  write_node_affinity(writer, api::member(spec, "nodeAffinity"));
  writer.field(0, "Message", api::text(api::member(volume, "status"), "message"));
  writer.write(0, "Source:\n");
  write_volume_source(writer, spec);
  write_events(writer, context);
}

void describe_storage_class(DescribeWriter& writer,
                            const Json& storage_class,
                            const DescribeContext& context) {
  const Json& annotations = api::at_path(storage_class, {"metadata", "annotations"});
  writer.field(0, "Name", name_of(storage_class));
  writer.field(0, "IsDefaultClass", is_default_class(storage_class) ? "Yes" : "No");
  writer.field(0, "Annotations", labels_text(annotations));
  writer.field(0, "Provisioner", api::text(storage_class, "provisioner"));
  writer.field(0, "Parameters", labels_text(api::member(storage_class, "parameters")));
  const Json& expansion = api::member(storage_class, "allowVolumeExpansion");
  writer.field(0,
               "AllowVolumeExpansion",
               expansion.is_null() ? "<unset>"
               : expansion == true ? "True"
                                   : "False");
  const Json& mount_options = elements(api::member(storage_class, "mountOptions"));
  writer.write(0, mount_options.empty() ? "MountOptions:\t<none>\n" : "MountOptions:\n");
  for (const std::string& option : texts_of(mount_options)) {
    writer.write(1, option + "\n");
  }
  if (const std::string policy = api::text(storage_class, "reclaimPolicy"); !policy.empty()) {
    writer.field(0, "ReclaimPolicy", policy);
  }
  if (const std::string mode = api::text(storage_class, "volumeBindingMode"); !mode.empty()) {
    writer.field(0, "VolumeBindingMode", mode);
  }
  if (const Json& topologies = api::member(storage_class, "allowedTopologies");
      topologies.is_array()) {
    writer.field(0, "AllowedTopologies", topologies.empty() ? "<none>" : "");
    std::size_t index = 0;
    for (const Json& term : topologies) {
      write_requirements(writer,
                         1,
                         "Term " + std::to_string(index++),
                         api::member(term, "matchLabelExpressions"),
                         "in");
    }
  }
  write_events(writer, context);
}

}  // namespace stsim::kubectl
