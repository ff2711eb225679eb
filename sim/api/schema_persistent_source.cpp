// The schema of sources that only persistent volumes have.

#include "api/schema_rows.hpp"

namespace stsim::api::rows {

namespace {

constexpr Field kAzureFilePersistentVolumeSource[] = {
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
    text("secretName", "Secret with the name and key of the storage account.").required().always(),
    text("secretNamespace", "Namespace of the Secret. That of the pod if left out.").pointer(),
    text("shareName", "Name of the share.").required().always(),
};

constexpr Field kCSIPersistentVolumeSource[] = {
    object("controllerExpandSecretRef", "SecretReference", "Secret for making the volume larger."),
    object("controllerPublishSecretRef", "SecretReference", "Secret for attaching the volume."),
    text("driver", "Name of the driver.").required().always(),
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own."),
    object("nodeExpandSecretRef", "SecretReference", "Secret for making the file system larger."),
    object("nodePublishSecretRef", "SecretReference", "Secret for mounting the volume into a pod."),
    object("nodeStageSecretRef", "SecretReference", "Secret for mounting the volume on a node."),
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
    map(text("volumeAttributes", "Settings for the driver.")),
    text("volumeHandle", "The driver's name of the volume.").required().always(),
};

constexpr Field kCephFSPersistentVolumeSource[] = {
    list(text("monitors", "Addresses of the Ceph monitors.")).required().always(),
    text("path", "Directory to mount. / if left out."),
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
    text("secretFile", "File on the node with the key of the user."),
    object("secretRef", "SecretReference", "Secret with the key, which wins over secretFile."),
    text("user", "Name of the user. admin if left out."),
};

constexpr Field kCinderPersistentVolumeSource[] = {
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own."),
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
    object("secretRef", "SecretReference", "Secret with what is needed to reach OpenStack."),
    text("volumeID", "Identity of the disk.").required().always(),
};

constexpr Field kFlexPersistentVolumeSource[] = {
    text("driver", "Name of the plug-in.").required().always(),
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own."),
    map(text("options", "Settings for the plug-in.")),
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
    object("secretRef", "SecretReference", "Secret that the plug-in gets."),
};

constexpr Field kGlusterfsPersistentVolumeSource[] = {
    text("endpoints", "Endpoints object with the addresses of the servers.").required().always(),
    text("endpointsNamespace", "Namespace of the Endpoints object. That of the claim if left out.")
        .pointer(),
    text("path", "Name of the volume.").required().always(),
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
};

constexpr Field kISCSIPersistentVolumeSource[] = {
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
    object("secretRef", "SecretReference", "Secret for CHAP."),
    text("targetPortal", "Address of the target, with a port unless it is the usual one.")
        .required()
        .always(),
};

constexpr Field kLocalVolumeSource[] = {
    text("fsType", "File system to format a block device with, if it has none.").pointer(),
    text("path", "Path on the node.").required().always(),
};

constexpr Field kRBDPersistentVolumeSource[] = {
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
    object("secretRef", "SecretReference", "Secret with the key, which wins over keyring."),
    text("user", "Name of the user. admin if left out.").until(30),
    text("user", "Name of the user. admin if left out.").by_default("\"admin\"").since(31),
};

constexpr Field kScaleIOPersistentVolumeSource[] = {
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
    object("secretRef", "SecretReference", "Secret with user and password.").required(),
    boolean("sslEnabled", "Whether to talk to the gateway over TLS."),
    text("storageMode", "ThinProvisioned or ThickProvisioned.").until(30),
    text("storageMode", "ThinProvisioned or ThickProvisioned.")
        .by_default("\"ThinProvisioned\"")
        .since(31),
    text("storagePool", "Name of the storage pool."),
    text("system", "Name of the storage system.").required().always(),
    text("volumeName", "Name of the volume."),
};

constexpr Field kStorageOSPersistentVolumeSource[] = {
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own."),
    boolean("readOnly", "Whether the volume may only be read. False if left out."),
    object("secretRef", "ObjectReference", "Secret with what is needed to reach StorageOS."),
    text("volumeName", "Name of the volume."),
    text("volumeNamespace", "Namespace of the volume in StorageOS."),
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
