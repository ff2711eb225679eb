// Volumes of pods and sources of PersistentVolumes in descriptions. Rules: KC-50, KC-52, KC-53.

#include "kubectl/describe_parts.hpp"
#include "kubectl/document.hpp"

#include <stsim/api/quantity.hpp>

#include <span>

namespace stsim::kubectl {

namespace {

using api::Json;

// A line of a volume's description: its label, the field it shows, and what stands for a missing
// one.
struct Line {
  std::string_view label;
  std::string_view key;
  std::string_view missing;
};

constexpr Line kHostPath[]{{"Path", "path", ""}, {"HostPathType", "type", "<none>"}};
constexpr Line kDisk[]{{"PDName", "pdName", ""},
                       {"FSType", "fsType", ""},
                       {"Partition", "partition", "0"},
                       {"ReadOnly", "readOnly", "false"}};
constexpr Line kBlockStore[]{{"VolumeID", "volumeID", ""},
                             {"FSType", "fsType", ""},
                             {"Partition", "partition", "0"},
                             {"ReadOnly", "readOnly", "false"}};
constexpr Line kGitRepo[]{{"Repository", "repository", ""}, {"Revision", "revision", ""}};
constexpr Line kSecret[]{{"SecretName", "secretName", ""}, {"Optional", "optional", "false"}};
constexpr Line kConfigMap[]{{"Name", "name", ""}, {"Optional", "optional", "false"}};
constexpr Line kNfs[]{
    {"Server", "server", ""}, {"Path", "path", ""}, {"ReadOnly", "readOnly", "false"}};
constexpr Line kClaim[]{{"ClaimName", "claimName", ""}, {"ReadOnly", "readOnly", "false"}};
constexpr Line kLocal[]{{"Path", "path", ""}};
constexpr Line kCsi[]{
    {"Driver", "driver", ""}, {"FSType", "fsType", ""}, {"ReadOnly", "readOnly", "false"}};
constexpr Line kPersistentCsi[]{{"Driver", "driver", ""},
                                {"FSType", "fsType", ""},
                                {"VolumeHandle", "volumeHandle", ""},
                                {"ReadOnly", "readOnly", "false"}};
constexpr Line kImage[]{{"Reference", "reference", ""}, {"PullPolicy", "pullPolicy", ""}};

// A kind of volume that is described line by line.
struct Source {
  std::string_view member;
  std::string_view type;
  std::span<const Line> lines;
};

constexpr Source kSources[]{
    {"hostPath", "HostPath (bare host directory volume)", kHostPath},
    {"gcePersistentDisk",
     "GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)",
     kDisk},
    {"awsElasticBlockStore",
     "AWSElasticBlockStore (a Persistent Disk resource in AWS)",
     kBlockStore},
    {"gitRepo", "GitRepo (a volume that is pulled from git when the pod is created)", kGitRepo},
    {"secret", "Secret (a volume populated by a Secret)", kSecret},
    {"configMap", "ConfigMap (a volume populated by a ConfigMap)", kConfigMap},
    {"nfs", "NFS (an NFS mount that lasts the lifetime of a pod)", kNfs},
    {"persistentVolumeClaim",
     "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
     kClaim},
    {"local", "LocalVolume (a persistent volume backed by local storage on a node)", kLocal},
    {"image", "Image (a container image or OCI artifact)", kImage}};

void write_source_lines(DescribeWriter& writer, const Json& source, std::span<const Line> lines) {
  for (const Line& line : lines) {
    writer.field(2, line.label, value_or(source, line.key, line.missing));
  }
}

void write_empty_dir(DescribeWriter& writer, const Json& source) {
  const std::string limit = value_or(source, "sizeLimit");
  const auto quantity = api::Quantity::parse(limit);
  writer.field(2, "Type", "EmptyDir (a temporary directory that shares a pod's lifetime)");
  writer.field(2, "Medium", api::text(source, "medium"));
  writer.field(2, "SizeLimit", quantity && quantity->nano() > 0 ? limit : "<unset>");
}

void write_projected(DescribeWriter& writer, const Json& source) {
  writer.field(2, "Type", "Projected (a volume that contains injected data from multiple sources)");
  for (const Json& part : elements(api::member(source, "sources"))) {
    const Json& secret = api::member(part, "secret");
    const Json& map = api::member(part, "configMap");
    const Json& token = api::member(part, "serviceAccountToken");
    if (secret.is_object()) {
      writer.field(2, "SecretName", api::text(secret, "name"));
      writer.field(2, "Optional", value_or(secret, "optional", "false"));
    } else if (api::member(part, "downwardAPI").is_object()) {
      writer.field(2, "DownwardAPI", "true");
    } else if (map.is_object()) {
      writer.field(2, "ConfigMapName", api::text(map, "name"));
      writer.field(2, "Optional", value_or(map, "optional", "false"));
    } else if (token.is_object()) {
      writer.field(2, "TokenExpirationSeconds", value_or(token, "expirationSeconds", "3600"));
    }
  }
}

void write_downward_api(DescribeWriter& writer, const Json& source) {
  writer.field(2, "Type", "DownwardAPI (a volume populated by information about the pod)");
  writer.write(2, "Items:\n");
  for (const Json& item : elements(api::member(source, "items"))) {
    for (const auto& [reference, key] :
         {std::pair("fieldRef", "fieldPath"), std::pair("resourceFieldRef", "resource")}) {
      const Json& from = api::member(item, reference);
      if (from.is_object()) {
        writer.write(3, api::text(from, key) + " -> " + api::text(item, "path") + "\n");
      }
    }
  }
}

void write_csi(DescribeWriter& writer, const Json& source) {
  writer.field(2, "Type", "CSI (a Container Storage Interface (CSI) volume source)");
  // Only persistent volumes have a handle.
  const bool persistent = source.contains("volumeHandle");
  write_source_lines(
      writer,
      source,
      persistent ? std::span<const Line>(kPersistentCsi) : std::span<const Line>(kCsi));
  const Json& attributes = api::member(source, "volumeAttributes");
  if (!attributes.is_object() || attributes.empty()) {
    writer.field(2, "VolumeAttributes", "<none>");
    return;
  }
  writer.write(2, "VolumeAttributes:\t");
  for (auto it = attributes.begin(); it != attributes.end(); ++it) {
    if (it != attributes.begin()) {
      writer.write(2, "");
      writer.write(2, "\t");
    }
    constexpr std::size_t kLongest = 140;
    std::string line = it.key() + "=" + scalar_text(*it);
    if (line.size() > kLongest) {
      line = line.substr(0, kLongest) + "...";
    }
    writer.write(2, line + "\n");
  }
}

// The template of a claim that lives as long as the pod, two levels further in.
void write_ephemeral(DescribeWriter& writer, const Json& source) {
  writer.field(
      2,
      "Type",
      "EphemeralVolume (an inline specification for a volume that gets created and deleted "
      "with the pod)");
  const Json& claim = api::member(source, "volumeClaimTemplate");
  if (!claim.is_object()) {
    return;
  }
  const Json& metadata = api::member(claim, "metadata");
  writer.field(2, "StorageClass", storage_class_of(claim));
  writer.field(2, "Volume", api::text(api::member(claim, "spec"), "volumeName"));
  write_labels(writer, "    Labels", api::member(metadata, "labels"));
  write_annotations(writer, "    Annotations", api::member(metadata, "annotations"));
  writer.field(2, "Capacity", "");
  writer.field(2, "Access Modes", "");
  const std::string mode = api::text(api::member(claim, "spec"), "volumeMode");
  if (!mode.empty()) {
    writer.field(2, "VolumeMode", mode);
  }
}

}  // namespace

void write_volume_source(DescribeWriter& writer, const Json& spec) {
  struct Special {
    std::string_view member;
    void (*write)(DescribeWriter&, const Json&);
  };
  static constexpr Special kSpecial[]{{"emptyDir", write_empty_dir},
                                      {"projected", write_projected},
                                      {"downwardAPI", write_downward_api},
                                      {"csi", write_csi},
                                      {"ephemeral", write_ephemeral}};
  for (const Source& source : kSources) {
    const Json& member = api::member(spec, source.member);
    if (member.is_object()) {
      writer.field(2, "Type", source.type);
      write_source_lines(writer, member, source.lines);
      return;
    }
  }
  for (const Special& special : kSpecial) {
    const Json& member = api::member(spec, special.member);
    if (member.is_object()) {
      special.write(writer, member);
      return;
    }
  }
  writer.write(1, "<unknown>\n");
}

void write_volumes(DescribeWriter& writer, const Json& volumes, std::string_view indent) {
  const Json& list = elements(volumes);
  writer.write(0, std::string(indent) + (list.empty() ? "Volumes:\t<none>\n" : "Volumes:\n"));
  for (const Json& volume : list) {
    writer.write(1, (indent.empty() ? "" : " ") + api::text(volume, "name") + ":\n");
    write_volume_source(writer, volume);
  }
}

}  // namespace stsim::kubectl
