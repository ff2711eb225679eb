// The schema of sources that only persistent volumes have.

#include "api/schema_plugin_fields.hpp"

namespace stsim::api::rows {

namespace {

constexpr Field kAzureFilePersistentVolumeSource[] = {
    shared::kReadOnly,
    shared::kSecretName,
    text("secretNamespace", "Namespace of the Secret. That of the pod if left out.").pointer(),
    shared::kShareName,
};

constexpr Field kCSIPersistentVolumeSource[] = {
    object("controllerExpandSecretRef", "SecretReference", "Secret for making the volume larger."),
    object("controllerPublishSecretRef", "SecretReference", "Secret for attaching the volume."),
    shared::kDriver,
    shared::kFsType,
    object("nodeExpandSecretRef", "SecretReference", "Secret for making the file system larger."),
    object("nodePublishSecretRef", "SecretReference", "Secret for mounting the volume into a pod."),
    object("nodeStageSecretRef", "SecretReference", "Secret for mounting the volume on a node."),
    shared::kReadOnly,
    shared::kVolumeAttributes,
    text("volumeHandle", "The driver's name of the volume.").required().always(),
};

constexpr auto kCephFSPersistentVolumeSource = plugin::cephfs("SecretReference");

constexpr auto kCinderPersistentVolumeSource = plugin::cinder("SecretReference");

constexpr auto kFlexPersistentVolumeSource = plugin::flex("SecretReference");

constexpr Field kGlusterfsPersistentVolumeSource[] = {
    shared::kEndpoints,
    text("endpointsNamespace", "Namespace of the Endpoints object. That of the claim if left out.")
        .pointer(),
    shared::kGlusterfsPath,
    shared::kReadOnly,
};

constexpr auto kISCSIPersistentVolumeSource = plugin::iscsi("SecretReference");

constexpr Field kLocalVolumeSource[] = {
    text("fsType", "File system to format a block device with, if it has none.").pointer(),
    shared::kPathOnNode,
};

constexpr auto kRBDPersistentVolumeSource = plugin::rbd("SecretReference");

constexpr auto kScaleIOPersistentVolumeSource = plugin::scale_io("SecretReference");

constexpr auto kStorageOSPersistentVolumeSource = plugin::storage_os("ObjectReference");

constexpr Type kPersistentSourceTypes[] = {
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
  return kPersistentSourceTypes;
}

}  // namespace stsim::api::rows
