// The schema of volumes that need a storage system; many of these plug-ins are gone, their fields
// are still accepted.

#include "api/schema_shared.hpp"

namespace stsim::api::rows {

namespace {

constexpr Field kAWSElasticBlockStoreVolumeSource[] = {
    shared::kFsType,
    shared::kPartition,
    shared::kReadOnly,
    shared::kVolumeID,
};

constexpr Field kAzureDiskVolumeSource[] = {
    text("cachingMode", "How the node caches it: None, ReadOnly or ReadWrite.")
        .pointer()
        .go("v1.AzureDataDiskCachingMode")
        .until(26),
    text("cachingMode", "How the node caches it: None, ReadOnly or ReadWrite.")
        .pointer()
        .one_of("None ReadOnly ReadWrite")
        .go("v1.AzureDataDiskCachingMode")
        .since(27)
        .until(30),
    text("cachingMode", "How the node caches it: None, ReadOnly or ReadWrite.")
        .pointer()
        .by_default("\"ReadWrite\"")
        .one_of("None ReadOnly ReadWrite")
        .go("v1.AzureDataDiskCachingMode")
        .since(31),
    text("diskName", "Name of the disk.").required().always(),
    text("diskURI", "Address of the disk.").required().always(),
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own.")
        .pointer()
        .until(30),
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own.")
        .pointer()
        .by_default("\"ext4\"")
        .since(31),
    text("kind", "Shared or Dedicated for blobs in a storage account, Managed for a managed disk.")
        .pointer()
        .go("v1.AzureDataDiskKind")
        .until(26),
    text("kind", "Shared or Dedicated for blobs in a storage account, Managed for a managed disk.")
        .pointer()
        .one_of("Dedicated Managed Shared")
        .go("v1.AzureDataDiskKind")
        .since(27)
        .until(30),
    text("kind", "Shared or Dedicated for blobs in a storage account, Managed for a managed disk.")
        .pointer()
        .by_default("\"Shared\"")
        .one_of("Dedicated Managed Shared")
        .go("v1.AzureDataDiskKind")
        .since(31),
    boolean("readOnly", "Whether the volume may only be read. False if left out.")
        .pointer()
        .until(30),
    boolean("readOnly", "Whether the volume may only be read. False if left out.")
        .pointer()
        .by_default("false")
        .since(31),
};

constexpr Field kAzureFileVolumeSource[] = {
    shared::kReadOnly,
    shared::kSecretName,
    text("shareName", "Name of the share.").required().always(),
};

constexpr Field kCSIVolumeSource[] = {
    text("driver", "Name of the driver.").required().always(),
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own.")
        .pointer(),
    object("nodePublishSecretRef",
           "LocalObjectReference",
           "Secret that the driver gets when it mounts the volume."),
    boolean("readOnly", "Whether the volume may only be read. False if left out.").pointer(),
    map(text("volumeAttributes", "Settings for the driver.")),
};

constexpr Field kCephFSVolumeSource[] = {
    shared::kMonitors,
    text("path", "Directory to mount. / if left out."),
    shared::kReadOnly,
    shared::kSecretFile,
    object("secretRef", "LocalObjectReference", "Secret with the key, which wins over secretFile."),
    text("user", "Name of the user. admin if left out."),
};

constexpr Field kCinderVolumeSource[] = {
    shared::kFsType,
    shared::kReadOnly,
    object("secretRef", "LocalObjectReference", "Secret with what is needed to reach OpenStack."),
    shared::kVolumeID,
};

constexpr Field kFCVolumeSource[] = {
    shared::kFsType,
    int32("lun", "Number of the logical unit.").pointer(),
    shared::kReadOnly,
    list(text("targetWWNs", "World wide names of the target.")),
    list(text("wwids", "Identities of the disk, in place of targetWWNs and lun.")),
};

constexpr Field kFlexVolumeSource[] = {
    text("driver", "Name of the plug-in.").required().always(),
    shared::kFsType,
    map(text("options", "Settings for the plug-in.")),
    shared::kReadOnly,
    object("secretRef", "LocalObjectReference", "Secret that the plug-in gets."),
};

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
    text("path", "Name of the volume.").required().always(),
    shared::kReadOnly,
};

constexpr Field kISCSIVolumeSource[] = {
    shared::kChapAuthDiscovery,
    shared::kChapAuthSession,
    shared::kFsType,
    shared::kInitiatorName,
    text("iqn", "Name of the target.").required().always(),
    shared::kIscsiInterfaceUntil30,
    shared::kIscsiInterfaceSince31,
    shared::kLun,
    list(text("portals", "Further addresses of the target.")),
    shared::kReadOnly,
    object("secretRef", "LocalObjectReference", "Secret for CHAP."),
    shared::kTargetPortal,
};

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

constexpr Field kRBDVolumeSource[] = {
    shared::kFsType,
    text("image", "Name of the image.").required().always(),
    shared::kKeyringUntil30,
    shared::kKeyringSince31,
    shared::kMonitors,
    shared::kPoolUntil30,
    shared::kPoolSince31,
    shared::kReadOnly,
    object("secretRef", "LocalObjectReference", "Secret with the key, which wins over keyring."),
    shared::kUserUntil30,
    shared::kUserSince31,
};

constexpr Field kScaleIOVolumeSource[] = {
    shared::kFsTypeUntil30,
    shared::kFsTypeSince31,
    shared::kGateway,
    text("protectionDomain", "Name of the protection domain."),
    shared::kReadOnly,
    object("secretRef", "LocalObjectReference", "Secret with user and password.").required(),
    shared::kSslEnabled,
    shared::kStorageModeUntil30,
    shared::kStorageModeSince31,
    text("storagePool", "Name of the storage pool."),
    shared::kSystem,
    shared::kVolumeName,
};

constexpr Field kStorageOSVolumeSource[] = {
    shared::kFsType,
    shared::kReadOnly,
    object("secretRef", "LocalObjectReference", "Secret with what is needed to reach StorageOS."),
    shared::kVolumeName,
    shared::kVolumeNamespace,
};

constexpr Field kVsphereVirtualDiskVolumeSource[] = {
    shared::kFsType,
    text("storagePolicyID", "Identity of the storage policy."),
    text("storagePolicyName", "Name of the storage policy."),
    text("volumePath", "Path of the disk.").required().always(),
};

constexpr Type kTypes[] = {
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
  return kTypes;
}

}  // namespace stsim::api::rows
