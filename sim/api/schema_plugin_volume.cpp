// The schema of volumes that need a storage system; many of these plug-ins are gone, their fields
// are still accepted.

#include "api/schema_rows.hpp"

namespace stsim::api::rows {

namespace {

constexpr Field kAWSElasticBlockStoreVolumeSource[] = {
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own."),
    int32("partition", "Number of the partition to mount; the whole disk if left out."),
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
    text("volumeID", "Identity of the disk.").required().always(),
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
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
    text("secretName", "Secret with the name and key of the storage account.").required().always(),
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
    list(text("monitors", "Addresses of the Ceph monitors.")).required().always(),
    text("path", "Directory to mount. / if left out."),
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
    text("secretFile", "File on the node with the key of the user."),
    object("secretRef", "LocalObjectReference", "Secret with the key, which wins over secretFile."),
    text("user", "Name of the user. admin if left out."),
};

constexpr Field kCinderVolumeSource[] = {
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own."),
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
    object("secretRef", "LocalObjectReference", "Secret with what is needed to reach OpenStack."),
    text("volumeID", "Identity of the disk.").required().always(),
};

constexpr Field kFCVolumeSource[] = {
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own."),
    int32("lun", "Number of the logical unit.").pointer(),
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
    list(text("targetWWNs", "World wide names of the target.")),
    list(text("wwids", "Identities of the disk, in place of targetWWNs and lun.")),
};

constexpr Field kFlexVolumeSource[] = {
    text("driver", "Name of the plug-in.").required().always(),
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own."),
    map(text("options", "Settings for the plug-in.")),
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
    object("secretRef", "LocalObjectReference", "Secret that the plug-in gets."),
};

constexpr Field kFlockerVolumeSource[] = {
    text("datasetName", "Name of the dataset."),
    text("datasetUUID", "Identity of the dataset."),
};

constexpr Field kGCEPersistentDiskVolumeSource[] = {
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own."),
    int32("partition", "Number of the partition to mount; the whole disk if left out."),
    text("pdName", "Name of the disk.").required().always(),
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
};

constexpr Field kGitRepoVolumeSource[] = {
    text("directory", "Directory in the volume to clone into."),
    text("repository", "Address of the repository.").required().always(),
    text("revision", "Commit to check out."),
};

constexpr Field kGlusterfsVolumeSource[] = {
    text("endpoints", "Endpoints object with the addresses of the servers.").required().always(),
    text("path", "Name of the volume.").required().always(),
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
};

constexpr Field kISCSIVolumeSource[] = {
    boolean("chapAuthDiscovery", "Whether to log in with CHAP when looking for targets."),
    boolean("chapAuthSession", "Whether to log in with CHAP for sessions."),
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own."),
    text("initiatorName", "Name of the initiator, in place of the node's.").pointer(),
    text("iqn", "Name of the target.").required().always(),
    text("iscsiInterface", "Interface to use. default if left out.").until(30),
    text("iscsiInterface", "Interface to use. default if left out.")
        .by_default("\"default\"")
        .since(31),
    int32("lun", "Number of the logical unit.").required().always(),
    list(text("portals", "Further addresses of the target.")),
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
    object("secretRef", "LocalObjectReference", "Secret for CHAP."),
    text("targetPortal", "Address of the target, with a port unless it is the usual one.")
        .required()
        .always(),
};

constexpr Field kPhotonPersistentDiskVolumeSource[] = {
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own."),
    text("pdID", "Identity of the disk.").required().always(),
};

constexpr Field kPortworxVolumeSource[] = {
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own."),
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
    text("volumeID", "Identity of the volume.").required().always(),
};

constexpr Field kQuobyteVolumeSource[] = {
    text("group", "Group that owns what is written."),
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
    text("registry", "Addresses of the registry.").required().always(),
    text("tenant", "Tenant that owns the volume."),
    text("user", "User that owns what is written."),
    text("volume", "Name of the volume.").required().always(),
};

constexpr Field kRBDVolumeSource[] = {
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own."),
    text("image", "Name of the image.").required().always(),
    text("keyring", "File on the node with the keys.").until(30),
    text("keyring", "File on the node with the keys.")
        .by_default("\"/etc/ceph/keyring\"")
        .since(31),
    list(text("monitors", "Addresses of the Ceph monitors.")).required().always(),
    text("pool", "Name of the pool. rbd if left out.").until(30),
    text("pool", "Name of the pool. rbd if left out.").by_default("\"rbd\"").since(31),
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
    object("secretRef", "LocalObjectReference", "Secret with the key, which wins over keyring."),
    text("user", "Name of the user. admin if left out.").until(30),
    text("user", "Name of the user. admin if left out.").by_default("\"admin\"").since(31),
};

constexpr Field kScaleIOVolumeSource[] = {
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own.")
        .until(30),
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own.")
        .by_default("\"xfs\"")
        .since(31),
    text("gateway", "Address of the gateway.").required().always(),
    text("protectionDomain", "Name of the protection domain."),
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
    object("secretRef", "LocalObjectReference", "Secret with user and password.").required(),
    boolean("sslEnabled", "Whether to talk to the gateway over TLS."),
    text("storageMode", "ThinProvisioned or ThickProvisioned.").until(30),
    text("storageMode", "ThinProvisioned or ThickProvisioned.")
        .by_default("\"ThinProvisioned\"")
        .since(31),
    text("storagePool", "Name of the storage pool."),
    text("system", "Name of the storage system.").required().always(),
    text("volumeName", "Name of the volume."),
};

constexpr Field kStorageOSVolumeSource[] = {
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own."),
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
    object("secretRef", "LocalObjectReference", "Secret with what is needed to reach StorageOS."),
    text("volumeName", "Name of the volume."),
    text("volumeNamespace", "Namespace of the volume in StorageOS."),
};

constexpr Field kVsphereVirtualDiskVolumeSource[] = {
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own."),
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
