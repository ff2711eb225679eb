// The schema of sources that only persistent volumes have.

#include "api/schema_shared.hpp"

namespace stsim::api::rows {

namespace {

constexpr Field kAzureFilePersistentVolumeSource[] = {
    shared::kReadOnly,
    shared::kSecretName,
    text("secretNamespace", "Namespace of the Secret. That of the pod if left out.").pointer(),
    text("shareName", "Name of the share.").required().always(),
};

constexpr Field kCSIPersistentVolumeSource[] = {
    object("controllerExpandSecretRef", "SecretReference", "Secret for making the volume larger."),
    object("controllerPublishSecretRef", "SecretReference", "Secret for attaching the volume."),
    text("driver", "Name of the driver.").required().always(),
    shared::kFsType,
    object("nodeExpandSecretRef", "SecretReference", "Secret for making the file system larger."),
    object("nodePublishSecretRef", "SecretReference", "Secret for mounting the volume into a pod."),
    object("nodeStageSecretRef", "SecretReference", "Secret for mounting the volume on a node."),
    shared::kReadOnly,
    map(text("volumeAttributes", "Settings for the driver.")),
    text("volumeHandle", "The driver's name of the volume.").required().always(),
};

constexpr Field kCephFSPersistentVolumeSource[] = {
    shared::kMonitors,
    text("path", "Directory to mount. / if left out."),
    shared::kReadOnly,
    shared::kSecretFile,
    object("secretRef", "SecretReference", "Secret with the key, which wins over secretFile."),
    text("user", "Name of the user. admin if left out."),
};

constexpr Field kCinderPersistentVolumeSource[] = {
    shared::kFsType,
    shared::kReadOnly,
    object("secretRef", "SecretReference", "Secret with what is needed to reach OpenStack."),
    shared::kVolumeID,
};

constexpr Field kFlexPersistentVolumeSource[] = {
    text("driver", "Name of the plug-in.").required().always(),
    shared::kFsType,
    map(text("options", "Settings for the plug-in.")),
    shared::kReadOnly,
    object("secretRef", "SecretReference", "Secret that the plug-in gets."),
};

constexpr Field kGlusterfsPersistentVolumeSource[] = {
    shared::kEndpoints,
    text("endpointsNamespace", "Namespace of the Endpoints object. That of the claim if left out.")
        .pointer(),
    text("path", "Name of the volume.").required().always(),
    shared::kReadOnly,
};

constexpr Field kISCSIPersistentVolumeSource[] = {
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
    object("secretRef", "SecretReference", "Secret for CHAP."),
    shared::kTargetPortal,
};

constexpr Field kLocalVolumeSource[] = {
    text("fsType", "File system to format a block device with, if it has none.").pointer(),
    text("path", "Path on the node.").required().always(),
};

constexpr Field kRBDPersistentVolumeSource[] = {
    shared::kFsType,
    text("image", "Name of the image.").required().always(),
    shared::kKeyringUntil30,
    shared::kKeyringSince31,
    shared::kMonitors,
    shared::kPoolUntil30,
    shared::kPoolSince31,
    shared::kReadOnly,
    object("secretRef", "SecretReference", "Secret with the key, which wins over keyring."),
    shared::kUserUntil30,
    shared::kUserSince31,
};

constexpr Field kScaleIOPersistentVolumeSource[] = {
    shared::kFsTypeUntil30,
    shared::kFsTypeSince31,
    shared::kGateway,
    text("protectionDomain", "Name of the protection domain."),
    shared::kReadOnly,
    object("secretRef", "SecretReference", "Secret with user and password.").required(),
    shared::kSslEnabled,
    shared::kStorageModeUntil30,
    shared::kStorageModeSince31,
    text("storagePool", "Name of the storage pool."),
    shared::kSystem,
    shared::kVolumeName,
};

constexpr Field kStorageOSPersistentVolumeSource[] = {
    shared::kFsType,
    shared::kReadOnly,
    object("secretRef", "ObjectReference", "Secret with what is needed to reach StorageOS."),
    shared::kVolumeName,
    shared::kVolumeNamespace,
};

constexpr Type kTypes[] = {
    {"AzureFilePersistentVolumeSource",
     "Names a file share of Azure and says how to mount it.",
     kAzureFilePersistentVolumeSource},
    {"CSIPersistentVolumeSource",
     "Names a volume of a CSI driver and says how to mount it.",
     kCSIPersistentVolumeSource},
    {"CephFSPersistentVolumeSource",
     "Names a Ceph file system and says how to mount it.",
     kCephFSPersistentVolumeSource},
    {"CinderPersistentVolumeSource",
     "Names a disk of OpenStack and says how to mount it.",
     kCinderPersistentVolumeSource},
    {"FlexPersistentVolumeSource",
     "A volume of a FlexVolume plug-in on the node.",
     kFlexPersistentVolumeSource},
    {"GlusterfsPersistentVolumeSource",
     "Names a GlusterFS volume and says how to mount it.",
     kGlusterfsPersistentVolumeSource},
    {"ISCSIPersistentVolumeSource",
     "Names an iSCSI disk and says how to reach and mount it.",
     kISCSIPersistentVolumeSource},
    {"LocalVolumeSource",
     "A disk or directory of one node. The volume's node affinity must name that node.",
     kLocalVolumeSource},
    {"RBDPersistentVolumeSource",
     "Names a Ceph block device and says how to mount it.",
     kRBDPersistentVolumeSource},
    {"ScaleIOPersistentVolumeSource",
     "Names a ScaleIO volume and says how to mount it.",
     kScaleIOPersistentVolumeSource},
    {"StorageOSPersistentVolumeSource",
     "Names a StorageOS volume and says how to mount it.",
     kStorageOSPersistentVolumeSource},
};

}  // namespace

std::span<const Type> persistent_source_types() {
  return kTypes;
}

}  // namespace stsim::api::rows
