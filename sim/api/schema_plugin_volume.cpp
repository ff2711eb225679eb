// The schema of volumes that need a storage system; many of these plug-ins are gone, their fields
// are still accepted.

#include "api/schema_plugin_fields.hpp"

namespace stsim::api::rows {

namespace {

constexpr Field kAWSElasticBlockStoreVolumeSource[] = {
    shared::kFsType,
    shared::kPartition,
    shared::kReadOnly,
    shared::kVolumeID,
};

constexpr Row kCachingMode =
    text("cachingMode", "How the node caches it: None, ReadOnly or ReadWrite.")
        .pointer()
        .go("v1.AzureDataDiskCachingMode");
constexpr Row kCachingModeListed = kCachingMode.one_of("None ReadOnly ReadWrite");

constexpr Row kKindOfDisk =
    text("kind", "Shared or Dedicated for blobs in a storage account, Managed for a managed disk.")
        .pointer()
        .go("v1.AzureDataDiskKind");
constexpr Row kKindOfDiskListed = kKindOfDisk.one_of("Dedicated Managed Shared");

constexpr Field kAzureDiskVolumeSource[] = {
    kCachingMode.until(26),
    kCachingModeListed.since(27).until(30),
    kCachingModeListed.by_default("\"ReadWrite\"").since(31),
    text("diskName", "Name of the disk.").required().always(),
    text("diskURI", "Address of the disk.").required().always(),
    shared::kFsType.pointer().until(30),
    shared::kFsType.pointer().by_default("\"ext4\"").since(31),
    kKindOfDisk.until(26),
    kKindOfDiskListed.since(27).until(30),
    kKindOfDiskListed.by_default("\"Shared\"").since(31),
    shared::kReadOnly.pointer().until(30),
    shared::kReadOnly.pointer().by_default("false").since(31),
};

constexpr Field kAzureFileVolumeSource[] = {
    shared::kReadOnly,
    shared::kSecretName,
    shared::kShareName,
};

constexpr Field kCSIVolumeSource[] = {
    shared::kDriver,
    shared::kFsType.pointer(),
    object("nodePublishSecretRef",
           "LocalObjectReference",
           "Secret that the driver gets when it mounts the volume."),
    shared::kReadOnly.pointer(),
    shared::kVolumeAttributes,
};

constexpr auto kCephFSVolumeSource = plugin::cephfs("LocalObjectReference");

constexpr auto kCinderVolumeSource = plugin::cinder("LocalObjectReference");

constexpr Field kFCVolumeSource[] = {
    shared::kFsType,
    shared::kLun.pointer(),
    shared::kReadOnly,
    list(text("targetWWNs", "World wide names of the target.")),
    list(text("wwids", "Identities of the disk, in place of targetWWNs and lun.")),
};

constexpr auto kFlexVolumeSource = plugin::flex("LocalObjectReference");

constexpr Field kFlockerVolumeSource[] = {
    text("datasetName", "Name of the dataset."),
    text("datasetUUID", "Identity of the dataset."),
};

constexpr Field kGCEPersistentDiskVolumeSource[] = {
    shared::kFsType,
    shared::kPartition,
    text("pdName", "Name of the disk.").required().always(),
    shared::kReadOnly,
};

constexpr Field kGitRepoVolumeSource[] = {
    text("directory", "Directory in the volume to clone into."),
    text("repository", "Address of the repository.").required().always(),
    text("revision", "Commit to check out."),
};

constexpr Field kGlusterfsVolumeSource[] = {
    shared::kEndpoints,
    shared::kGlusterfsPath,
    shared::kReadOnly,
};

constexpr auto kISCSIVolumeSource = plugin::iscsi("LocalObjectReference");

constexpr Field kPhotonPersistentDiskVolumeSource[] = {
    shared::kFsType,
    text("pdID", "Identity of the disk.").required().always(),
};

constexpr Field kPortworxVolumeSource[] = {
    shared::kFsType,
    shared::kReadOnly,
    text("volumeID", "Identity of the volume.").required().always(),
};

constexpr Field kQuobyteVolumeSource[] = {
    text("group", "Group that owns what is written."),
    shared::kReadOnly,
    text("registry", "Addresses of the registry.").required().always(),
    text("tenant", "Tenant that owns the volume."),
    text("user", "User that owns what is written."),
    text("volume", "Name of the volume.").required().always(),
};

constexpr auto kRBDVolumeSource = plugin::rbd("LocalObjectReference");

constexpr auto kScaleIOVolumeSource = plugin::scale_io("LocalObjectReference");

constexpr auto kStorageOSVolumeSource = plugin::storage_os("LocalObjectReference");

constexpr Field kVsphereVirtualDiskVolumeSource[] = {
    shared::kFsType,
    text("storagePolicyID", "Identity of the storage policy."),
    text("storagePolicyName", "Name of the storage policy."),
    text("volumePath", "Path of the disk.").required().always(),
};

constexpr Type kPluginVolumeTypes[] = {
    {"AWSElasticBlockStoreVolumeSource",
     "A disk of AWS. It must exist, in the zone of the node.",
     kAWSElasticBlockStoreVolumeSource},
    {"AzureDiskVolumeSource",
     "Names a disk of Azure and says how to mount it.",
     kAzureDiskVolumeSource},
    {"AzureFileVolumeSource",
     "Names a file share of Azure and says how to mount it.",
     kAzureFileVolumeSource},
    {"CSIVolumeSource",
     "Settings of a volume that a CSI driver makes for the pod alone.",
     kCSIVolumeSource},
    {"CephFSVolumeSource",
     "Names a Ceph file system and says how to mount it.",
     kCephFSVolumeSource},
    {"CinderVolumeSource",
     "Names a disk of OpenStack and says how to mount it.",
     kCinderVolumeSource},
    {"FCVolumeSource", "Names a Fibre Channel disk and says how to mount it.", kFCVolumeSource},
    {"FlexVolumeSource", "A volume of a FlexVolume plug-in on the node.", kFlexVolumeSource},
    {"FlockerVolumeSource",
     "Names a Flocker dataset and says how to mount it.",
     kFlockerVolumeSource},
    {"GCEPersistentDiskVolumeSource",
     "A disk of Google Cloud. It must exist, in the zone of the node.",
     kGCEPersistentDiskVolumeSource},
    {"GitRepoVolumeSource", "Names a Git repository to clone.", kGitRepoVolumeSource},
    {"GlusterfsVolumeSource",
     "Names a GlusterFS volume and says how to mount it.",
     kGlusterfsVolumeSource},
    {"ISCSIVolumeSource",
     "Names an iSCSI disk and says how to reach and mount it.",
     kISCSIVolumeSource},
    {"PhotonPersistentDiskVolumeSource",
     "Names a disk of Photon and says how to mount it.",
     kPhotonPersistentDiskVolumeSource},
    {"PortworxVolumeSource",
     "Names a Portworx volume and says how to mount it.",
     kPortworxVolumeSource},
    {"QuobyteVolumeSource",
     "Names a Quobyte volume and says how to mount it.",
     kQuobyteVolumeSource},
    {"RBDVolumeSource", "Names a Ceph block device and says how to mount it.", kRBDVolumeSource},
    {"ScaleIOVolumeSource",
     "Names a ScaleIO volume and says how to mount it.",
     kScaleIOVolumeSource},
    {"StorageOSVolumeSource",
     "Names a StorageOS volume and says how to mount it.",
     kStorageOSVolumeSource},
    {"VsphereVirtualDiskVolumeSource",
     "Names a disk of vSphere and says how to mount it.",
     kVsphereVirtualDiskVolumeSource},
};

}  // namespace

std::span<const Type> plugin_volume_types() {
  return kPluginVolumeTypes;
}

}  // namespace stsim::api::rows
