// The schema of StatefulSets and their revisions.

#include "api/schema_shared.hpp"

namespace stsim::api::rows {

namespace {

constexpr Field kControllerRevision[] = {
    shared::kApiVersion,
    raw("data", "RawExtension", "The recorded state, as a patch that brings it back.").always(),
    shared::kKind,
    shared::kMetadata,
    int64("revision", "Number of the revision. Among those of one set the highest is the newest.")
        .required()
        .always(),
};

constexpr Field kRollingUpdateStatefulSetStrategy[] = {
    int_or_string("maxUnavailable",
                  "How many pods may be unavailable at once during an update, as a number or a "
                  "percentage of replicas (rounded down, but at least 1). 1 if left out; it has an "
                  "effect only where the feature is switched on."),
    int32("partition",
          "Lowest ordinal that is updated: pods with a smaller one keep the old revision, even "
          "when they are created anew. 0 updates all, replicas or more updates none.")
        .pointer(),
};

constexpr Field kStatefulSet[] = {
    shared::kApiVersion,
    shared::kKind,
    shared::kMetadata,
    object("spec", "StatefulSetSpec", "The pods that are wanted and how to get there.").always(),
    object("status", "StatefulSetStatus", "What the controller last saw. It may lag behind.")
        .always(),
};

constexpr Field kStatefulSetCondition[] = {
    shared::kLastTransitionTime,
    shared::kMessage,
    shared::kReason,
    shared::kStatus,
    text("type", "What the condition is about.")
        .required()
        .always()
        .go("v1.StatefulSetConditionType"),
};

constexpr Field kStatefulSetOrdinals[] = {
    int32("start",
          "Ordinal of the first pod; the others count up from it. 0 if left out. Raising it moves "
          "the pods to higher numbers, which helps to carry a set over to another namespace or "
          "cluster.")
        .always()
        .since(26),
};

constexpr Field kStatefulSetPersistentVolumeClaimRetentionPolicy[] = {
    text("whenDeleted",
         "When the set is deleted: Retain keeps its claims, Delete removes them after their pods. "
         "Retain if left out.")
        .go("v1.PersistentVolumeClaimRetentionPolicyType"),
    text("whenScaled",
         "When replicas goes down: Retain keeps the claims of the pods above, so that scaling up "
         "finds them again; Delete removes each after its pod. Retain if left out.")
        .go("v1.PersistentVolumeClaimRetentionPolicyType"),
};

constexpr Row kServiceName = text("serviceName",
                                  "Name of the headless Service under which the pods get their DNS "
                                  "names. Nothing creates it for you, and it cannot change.")
                                 .always();

constexpr Field kStatefulSetSpec[] = {
    int32("minReadySeconds",
          "Seconds that a new pod must stay ready before it counts as available. With 0, ready is "
          "available."),
    object("ordinals",
           "StatefulSetOrdinals",
           "How the pods are numbered. They begin with 0 if left out.")
        .since(26),
    object("persistentVolumeClaimRetentionPolicy",
           "StatefulSetPersistentVolumeClaimRetentionPolicy",
           "Whether claims made from volumeClaimTemplates are kept or deleted when they are no "
           "longer needed. They are kept if left out."),
    text("podManagementPolicy",
         "OrderedReady creates pods one by one, lowest ordinal first, each after its predecessors "
         "are ready, and removes them in the opposite order. Parallel creates and removes without "
         "waiting. Updates follow updateStrategy in both.")
        .one_of("OrderedReady Parallel")
        .go("v1.PodManagementPolicyType"),
    int32("replicas", "How many pods there should be. 1 if left out.").pointer(),
    int32("revisionHistoryLimit",
          "How many old revisions to keep for rolling back, besides those in use. 10 if left out.")
        .pointer(),
    object(
        "selector",
        "LabelSelector",
        "Which pods belong to the set. It must fit the labels of the template and cannot change.")
        .required(),
    kServiceName.required().until(32),
    kServiceName.since(33),
    object(
        "template",
        "PodTemplateSpec",
        "What each pod looks like. Pods are called NAME-ORDINAL; a change here starts an update.")
        .required()
        .always(),
    object("updateStrategy", "StatefulSetUpdateStrategy", "How pods get a changed template.")
        .always(),
    list(object(
        "volumeClaimTemplates",
        "PersistentVolumeClaim",
        "Claims that each pod gets for itself, called TEMPLATE-SET-ORDINAL. A pod created anew "
        "finds its claims again. A template takes the place of a volume of the same name.")),
};

constexpr Field kStatefulSetStatus[] = {
    int32("availableReplicas", "Pods that have been ready for at least minReadySeconds.").always(),
    int32("collisionCount",
          "How often the name of a new revision was taken already. It enters the next name.")
        .pointer(),
    list(object("conditions", "StatefulSetCondition", "Aspects of the set's state; normally none."))
        .merges("type"),
    int32("currentReplicas", "Pods of the revision currentRevision."),
    text("currentRevision",
         "Revision that an update is leaving. It becomes updateRevision when the update is "
         "complete."),
    int64("observedGeneration", "metadata.generation of the spec that the counts belong to."),
    int32("readyReplicas", "Pods that are ready."),
    int32("replicas", "Pods that the controller has created and that still exist.")
        .required()
        .always(),
    text("updateRevision",
         "Revision that an update leads to: the one of the template as it is now."),
    int32("updatedReplicas", "Pods of the revision updateRevision."),
};

constexpr Field kStatefulSetUpdateStrategy[] = {
    object("rollingUpdate", "RollingUpdateStatefulSetStrategy", "Settings of RollingUpdate."),
    text("type",
         "RollingUpdate replaces pods by itself, from the highest ordinal down. OnDelete waits for "
         "somebody to delete a pod and creates it anew from the changed template. RollingUpdate if "
         "left out.")
        .one_of("OnDelete RollingUpdate")
        .go("v1.StatefulSetUpdateStrategyType"),
};

constexpr Type kAppsTypes[] = {
    {"ControllerRevision",
     "A state of a StatefulSet's pod template that was recorded under a number. Updates and "
     "rollbacks work with these; the recorded data never changes.",
     kControllerRevision},
    {"RollingUpdateStatefulSetStrategy",
     "How far and how fast a rolling update goes.",
     kRollingUpdateStatefulSetStrategy},
    {"StatefulSet",
     "Runs a number of pods that each have an identity of their own: a name with an ordinal, a DNS "
     "name and claims to storage, all of which outlive a single pod.",
     kStatefulSet},
    {"StatefulSetCondition",
     "One aspect of a StatefulSet's state. The controller itself sets none.",
     kStatefulSetCondition},
    {"StatefulSetOrdinals", "How pods are numbered.", kStatefulSetOrdinals},
    {"StatefulSetPersistentVolumeClaimRetentionPolicy",
     "What becomes of the claims that were made from the templates once nothing of the set uses "
     "them.",
     kStatefulSetPersistentVolumeClaimRetentionPolicy},
    {"StatefulSetSpec",
     "The pods of a StatefulSet, their storage, and how changes are carried out.",
     kStatefulSetSpec},
    {"StatefulSetStatus", "What the controller last counted.", kStatefulSetStatus},
    {"StatefulSetUpdateStrategy",
     "Whether pods are replaced by themselves after a change of the template, and which of them.",
     kStatefulSetUpdateStrategy},
};

}  // namespace

std::span<const Type> apps_types() {
  return kAppsTypes;
}

}  // namespace stsim::api::rows
