// The schema of persistent volumes, claims to them and storage classes.

#include "api/schema_shared.hpp"

namespace stsim::api::rows {

namespace {

constexpr Field kModifyVolumeStatus[] = {
    text("status", "Pending, InProgress or Infeasible.")
        .required()
        .always()
        .one_of("InProgress Infeasible Pending")
        .go("v1.PersistentVolumeClaimModifyVolumeStatus")
        .since(29),
    text("targetVolumeAttributesClassName", "Class that the volume is changed to.").since(29),
};

constexpr Field kPersistentVolume[] = {
    shared::kApiVersion,
    shared::kKind,
    shared::kMetadata,
    object("spec", "PersistentVolumeSpec", "What the storage is and who may have it.").always(),
    object("status", "PersistentVolumeStatus", "Where the volume is in its life.").always(),
};

constexpr Field kPersistentVolumeClaim[] = {
    shared::kApiVersion,
    shared::kKind,
    shared::kMetadata,
    object("spec", "PersistentVolumeClaimSpec", "What is asked for.").always(),
    object("status", "PersistentVolumeClaimStatus", "What was given.").always(),
};

constexpr Field kPersistentVolumeClaimCondition[] = {
    shared::kLastProbeTime,
    shared::kLastTransitionTime,
    shared::kMessage,
    shared::kReason,
    shared::kStatus,
    text("type", "What it is about, such as Resizing.")
        .required()
        .always()
        .go("v1.PersistentVolumeClaimConditionType"),
};

constexpr Row kDataSourceRef =
    object("dataSourceRef",
           "TypedObjectReference",
           "As dataSource, for any kind of object, possibly in another namespace.");

constexpr Row kStorageResources =
    object("resources",
           "VolumeResourceRequirements",
           "How much storage is needed, as requests.storage. A volume has at least that much.")
        .always();

constexpr Field kPersistentVolumeClaimSpec[] = {
    list(text("accessModes",
              "How the storage is to be used; a volume must allow all of these. ReadWriteOnce: by "
              "one node. ReadOnlyMany: read by many nodes. ReadWriteMany: by many nodes. "
              "ReadWriteOncePod: by one pod."))
        .go("[]v1.PersistentVolumeAccessMode"),
    object("dataSource",
           "TypedLocalObjectReference",
           "A snapshot or another claim to fill the new volume from."),
    kDataSourceRef.of_type("TypedLocalObjectReference").until(25),
    kDataSourceRef.since(26),
    kStorageResources.of_type("ResourceRequirements").until(28),
    kStorageResources.since(29),
    object("selector", "LabelSelector", "Labels that a volume must have."),
    text("storageClassName",
         "Class of the storage. Empty text means volumes without a class; if left out, the default "
         "class is taken where there is one.")
        .pointer(),
    text("volumeAttributesClassName",
         "Class of attributes, such as speed, that the volume is to have.")
        .pointer()
        .since(29),
    shared::kVolumeModeUntil26,
    shared::kVolumeModeSince27,
    text("volumeName",
         "The volume that the claim is bound to. Filled in by the binder; a user who sets it "
         "chooses the volume."),
};

constexpr Row kResizeStatus = text("resizeStatus", "How far a change of size has come.")
                                  .pointer()
                                  .go("v1.PersistentVolumeClaimResizeStatus");

constexpr Field kPersistentVolumeClaimStatus[] = {
    list(text("accessModes", "Access modes of the volume that the claim is bound to."))
        .go("[]v1.PersistentVolumeAccessMode"),
    map(text("allocatedResourceStatuses", "How far a change of size has come, by resource."))
        .go("map[v1.ResourceName]v1.ClaimResourceStatus")
        .since(28),
    map(quantity("allocatedResources", "Size that a change is under way to, by resource."))
        .go("v1.ResourceList"),
    map(quantity("capacity", "Size of the volume. It may be more than was asked for."))
        .go("v1.ResourceList"),
    list(object("conditions", "PersistentVolumeClaimCondition", "Aspects of the claim's state."))
        .merges("type"),
    text("currentVolumeAttributesClassName", "Class of attributes that the volume has.")
        .pointer()
        .since(29),
    object("modifyVolumeStatus", "ModifyVolumeStatus", "How far a change of attributes has come.")
        .since(29),
    text("phase", "Pending: no volume yet. Bound: it has one. Lost: its volume is gone.")
        .one_of("Bound Lost Pending")
        .go("v1.PersistentVolumeClaimPhase"),
    kResizeStatus.until(26),
    kResizeStatus
        .one_of("\"\" ControllerExpansionFailed ControllerExpansionInProgress NodeExpansionFailed "
                "NodeExpansionInProgress NodeExpansionPending")
        .since(27)
        .until(27),
};

constexpr Field kPersistentVolumeSpec[] = {
    list(text("accessModes",
              "How the storage can be used. ReadWriteOnce: by one node. ReadOnlyMany: read by many "
              "nodes. ReadWriteMany: by many nodes. ReadWriteOncePod: by one pod."))
        .go("[]v1.PersistentVolumeAccessMode"),
    shared::kAwsElasticBlockStore,
    shared::kAzureDisk,
    shared::kAzureFile.of_type("AzureFilePersistentVolumeSource"),
    map(quantity("capacity", "How much it holds, as storage.")).go("v1.ResourceList"),
    shared::kCephfs.of_type("CephFSPersistentVolumeSource"),
    shared::kCinder.of_type("CinderPersistentVolumeSource"),
    object("claimRef",
           "ObjectReference",
           "The claim that has the volume. Written by the binder; set beforehand it reserves the "
           "volume for that claim."),
    shared::kCsi.of_type("CSIPersistentVolumeSource"),
    shared::kFc,
    shared::kFlexVolume.of_type("FlexPersistentVolumeSource"),
    shared::kFlocker,
    shared::kGcePersistentDisk,
    shared::kGlusterfs.of_type("GlusterfsPersistentVolumeSource"),
    shared::kHostPath,
    shared::kIscsi.of_type("ISCSIPersistentVolumeSource"),
    object("local", "LocalVolumeSource", "A disk or directory of one node."),
    list(text("mountOptions", "Options for mounting. They are not checked.")),
    shared::kNfs,
    object("nodeAffinity",
           "VolumeNodeAffinity",
           "Nodes from which the volume can be reached. All if left out."),
    text("persistentVolumeReclaimPolicy",
         "What happens once the claim is gone: Retain keeps volume and data for the administrator, "
         "Delete removes both, Recycle empties it for the next claim. Retain if left out for "
         "volumes made by hand.")
        .one_of("Delete Recycle Retain")
        .go("v1.PersistentVolumeReclaimPolicy"),
    shared::kPhotonPersistentDisk,
    shared::kPortworxVolume,
    shared::kQuobyte,
    shared::kRbd.of_type("RBDPersistentVolumeSource"),
    shared::kScaleIO.of_type("ScaleIOPersistentVolumeSource"),
    text("storageClassName",
         "Class of the volume; only claims of that class get it. Empty for none."),
    shared::kStorageos.of_type("StorageOSPersistentVolumeSource"),
    text("volumeAttributesClassName", "Class of attributes of the volume.").pointer().since(29),
    shared::kVolumeModeUntil26,
    shared::kVolumeModeSince27,
    shared::kVsphereVolume,
};

constexpr Field kPersistentVolumeStatus[] = {
    time("lastPhaseTransitionTime", "When the phase last changed.").since(28),
    text("message", "Why it is in this phase, for people."),
    text("phase",
         "Pending, Available: free, Bound: it has a claim, Released: its claim is gone, Failed: it "
         "could not be reclaimed.")
        .one_of("Available Bound Failed Pending Released")
        .go("v1.PersistentVolumePhase"),
    text("reason", "Why it is in this phase, in one word."),
};

constexpr Row kReclaimPolicy =
    text("reclaimPolicy", "Reclaim policy of the volumes made. Delete if left out.")
        .pointer()
        .go("v1.PersistentVolumeReclaimPolicy");

constexpr Row kVolumeBindingMode =
    text("volumeBindingMode",
         "Immediate binds a claim at once, WaitForFirstConsumer when a pod that uses it is "
         "scheduled. Immediate if left out.")
        .pointer()
        .go("v1.VolumeBindingMode");

constexpr Field kStorageClass[] = {
    boolean("allowVolumeExpansion", "Whether claims of the class may grow.").pointer(),
    list(object("allowedTopologies", "TopologySelectorTerm", "Places where volumes may be made.")),
    shared::kApiVersion,
    shared::kKind,
    shared::kMetadata,
    list(text("mountOptions", "Options for mounting, given to every volume made.")),
    map(text("parameters", "Settings for the provisioner.")),
    text("provisioner", "Who makes the volumes.").required().always(),
    kReclaimPolicy.until(26),
    kReclaimPolicy.one_of("Delete Recycle Retain").since(27),
    kVolumeBindingMode.until(26),
    kVolumeBindingMode.one_of("Immediate WaitForFirstConsumer").since(27),
};

constexpr Field kTopologySelectorLabelRequirement[] = {
    shared::kKeyOfLabel,
    list(text("values", "Values, one of which it must have.")).required().always(),
};

constexpr Field kTopologySelectorTerm[] = {
    list(object("matchLabelExpressions",
                "TopologySelectorLabelRequirement",
                "Requirements on labels, all of which must hold.")),
};

constexpr Field kVolumeNodeAffinity[] = {
    object("required", "NodeSelector", "What such a node must fulfil."),
};

constexpr Field kVolumeResourceRequirements[] = {
    map(quantity("limits", "Most storage that is of use.")).go("v1.ResourceList").since(29),
    map(quantity("requests", "Least storage that is needed, as storage."))
        .go("v1.ResourceList")
        .since(29),
};

constexpr Type kStorageTypes[] = {
    {"ModifyVolumeStatus",
     "How far a change of the volume's attributes class has come.",
     kModifyVolumeStatus},
    {"PersistentVolume",
     "A piece of storage in the cluster, made by an administrator or on demand. It outlives the "
     "pods and claims that use it.",
     kPersistentVolume},
    {"PersistentVolumeClaim",
     "A user's request for storage. It is bound to one volume, and pods use the volume through it.",
     kPersistentVolumeClaim},
    {"PersistentVolumeClaimCondition",
     "One aspect of a claim's state, such as a change of size that is under way.",
     kPersistentVolumeClaimCondition},
    {"PersistentVolumeClaimSpec",
     "What a claim asks for. Only the requested size, which can grow, and the attributes class "
     "change later.",
     kPersistentVolumeClaimSpec},
    {"PersistentVolumeClaimStatus", "What became of a claim.", kPersistentVolumeClaimStatus},
    {"PersistentVolumeSpec",
     "What a persistent volume is: exactly one source, and the terms of its use.",
     kPersistentVolumeSpec},
    {"PersistentVolumeStatus", "Where a volume is in its life.", kPersistentVolumeStatus},
    {"StorageClass",
     "A kind of storage that claims can ask for, and who makes volumes of it.",
     kStorageClass},
    {"TopologySelectorLabelRequirement", "Values of one label.", kTopologySelectorLabelRequirement},
    {"TopologySelectorTerm", "A place, described by labels of nodes.", kTopologySelectorTerm},
    {"VolumeNodeAffinity", "Nodes from which a volume can be reached.", kVolumeNodeAffinity},
    {"VolumeResourceRequirements",
     "How much storage a claim asks for.",
     kVolumeResourceRequirements},
};

}  // namespace

std::span<const Type> storage_types() {
  return kStorageTypes;
}

}  // namespace stsim::api::rows
