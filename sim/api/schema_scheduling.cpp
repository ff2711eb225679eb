// The schema of what decides on which node a pod may run.

#include "api/schema_shared.hpp"

namespace stsim::api::rows {

namespace {

constexpr Field kAffinity[] = {
    object("nodeAffinity", "NodeAffinity", "Rules about labels of nodes."),
    object("podAffinity", "PodAffinity", "Rules that bring the pod near other pods."),
    object("podAntiAffinity", "PodAntiAffinity", "Rules that keep the pod away from other pods."),
};

constexpr Row kPreferredDuringScheduling =
    list(object("preferredDuringSchedulingIgnoredDuringExecution",
                "PreferredSchedulingTerm",
                "Rules that make a place better: the scheduler adds up the weights of those that "
                "hold. The pod runs elsewhere if need be."));

constexpr Field kNodeAffinity[] = {
    kPreferredDuringScheduling,
    object(
        "requiredDuringSchedulingIgnoredDuringExecution",
        "NodeSelector",
        "What a node must fulfil for the pod to be placed there. A pod that already runs stays."),
};

constexpr Field kNodeSelector[] = {
    list(object("nodeSelectorTerms", "NodeSelectorTerm", "Terms of which one must hold."))
        .required()
        .always(),
};

constexpr Field kNodeSelectorRequirement[] = {
    text("key", "Key of the label or field.").required().always(),
    text("operator", "How it is compared: In, NotIn, Exists, DoesNotExist, Gt or Lt.")
        .required()
        .always()
        .one_of("DoesNotExist Exists Gt In Lt NotIn")
        .go("v1.NodeSelectorOperator"),
    list(text("values",
              "Values to compare with: some for In and NotIn, none for Exists and DoesNotExist, "
              "one number for Gt and Lt.")),
};

constexpr Field kNodeSelectorTerm[] = {
    list(object(
        "matchExpressions", "NodeSelectorRequirement", "Requirements on labels of the node.")),
    list(object("matchFields", "NodeSelectorRequirement", "Requirements on fields of the node.")),
};

constexpr Field kPodAffinity[] = {
    kPreferredDuringScheduling.of_type("WeightedPodAffinityTerm"),
    list(
        object("requiredDuringSchedulingIgnoredDuringExecution",
               "PodAffinityTerm",
               "Rules that must all hold where the pod is placed. A pod that already runs stays.")),
};

constexpr Row kMatchLabelKeys = list(text(
    "matchLabelKeys", "Labels whose value on the pod to be placed is added to labelSelector."));

constexpr Field kPodAffinityTerm[] = {
    object("labelSelector",
           "LabelSelector",
           "Which pods are meant, by their labels. None if left out."),
    kMatchLabelKeys.since(29),
    list(text("mismatchLabelKeys",
              "Labels whose value on the pod to be placed is excluded in labelSelector."))
        .since(29),
    object("namespaceSelector",
           "LabelSelector",
           "Namespaces of the pods, by their labels. An empty selector means all."),
    list(text("namespaces",
              "Namespaces of the pods, by name. The pod's own if this and namespaceSelector are "
              "left out.")),
    shared::kTopologyKey,
};

constexpr Field kPodAntiAffinity[] = {
    list(object("preferredDuringSchedulingIgnoredDuringExecution",
                "WeightedPodAffinityTerm",
                "Rules whose breach makes a place worse, by their weights. The pod runs there if "
                "need be.")),
    list(object("requiredDuringSchedulingIgnoredDuringExecution",
                "PodAffinityTerm",
                "Rules none of which may be broken where the pod is placed. A pod that already "
                "runs stays.")),
};

constexpr Field kPreferredSchedulingTerm[] = {
    object("preference", "NodeSelectorTerm", "Requirement on a node.").required().always(),
    int32("weight", "Weight from 1 to 100 that a node gains by fulfilling it.").required().always(),
};

constexpr Field kTaint[] = {
    text("effect",
         "NoSchedule places no new pods here, PreferNoSchedule only if there is no other place, "
         "NoExecute also removes those that run.")
        .required()
        .always()
        .one_of("NoExecute NoSchedule PreferNoSchedule")
        .go("v1.TaintEffect"),
    text("key", "Key of the taint.").required().always(),
    time("timeAdded", "When a taint with NoExecute was added."),
    text("value", "Value that belongs to the key."),
};

constexpr Row kOperatorOfToleration = text("operator",
                                           "Equal compares the value, Exists does not; Lt and Gt "
                                           "compare it as a number. Equal if left out.")
                                          .go("v1.TolerationOperator");

constexpr Field kToleration[] = {
    text("effect", "Effect of the taints that are meant; all effects if left out.")
        .one_of("NoExecute NoSchedule PreferNoSchedule")
        .go("v1.TaintEffect"),
    text(
        "key",
        "Key of the taints that are meant; all keys if left out, which needs the operator Exists."),
    kOperatorOfToleration.one_of("Equal Exists").until(34),
    kOperatorOfToleration.one_of("Equal Exists Gt Lt").since(35),
    int64("tolerationSeconds",
          "Seconds that the pod may stay after a taint with NoExecute appeared. For ever if left "
          "out.")
        .pointer(),
    text("value", "Value to compare with."),
};

constexpr Row kNodeAffinityPolicy =
    text("nodeAffinityPolicy",
         "Whether nodes that the pod's node rules exclude are counted: Honor leaves them out, "
         "Ignore counts them. Honor if left out.")
        .pointer()
        .go("v1.NodeInclusionPolicy");

constexpr Row kNodeTaintsPolicy =
    text("nodeTaintsPolicy",
         "Whether tainted nodes are counted: Honor leaves out those that the pod does not "
         "tolerate, Ignore counts all. Ignore if left out.")
        .pointer()
        .go("v1.NodeInclusionPolicy");

constexpr Field kTopologySpreadConstraint[] = {
    object("labelSelector", "LabelSelector", "Which pods are counted."),
    kMatchLabelKeys,
    int32("maxSkew",
          "By how much the number of pods at one place may exceed the smallest number at any.")
        .required()
        .always(),
    int32("minDomains",
          "How many places there must be at least; with fewer, the smallest number counts as 0.")
        .pointer(),
    kNodeAffinityPolicy.until(26),
    kNodeAffinityPolicy.one_of("Honor Ignore").since(27),
    kNodeTaintsPolicy.until(26),
    kNodeTaintsPolicy.one_of("Honor Ignore").since(27),
    shared::kTopologyKey,
    text("whenUnsatisfiable",
         "DoNotSchedule leaves the pod waiting, ScheduleAnyway takes the place that is least "
         "uneven.")
        .required()
        .always()
        .one_of("DoNotSchedule ScheduleAnyway")
        .go("v1.UnsatisfiableConstraintAction"),
};

constexpr Field kWeightedPodAffinityTerm[] = {
    object("podAffinityTerm", "PodAffinityTerm", "Rule about other pods.").required().always(),
    int32("weight", "Weight of the rule, from 1 to 100.").required().always(),
};

constexpr Type kSchedulingTypes[] = {
    {"Affinity", "Rules about where a pod may or should run.", kAffinity},
    {"NodeAffinity", "Which nodes a pod needs or prefers, by their labels.", kNodeAffinity},
    {"NodeSelector", "Chooses nodes: one of the terms must hold.", kNodeSelector},
    {"NodeSelectorRequirement",
     "One requirement on one label or field of a node.",
     kNodeSelectorRequirement},
    {"NodeSelectorTerm",
     "Requirements that must all hold. A term without any fits no node.",
     kNodeSelectorTerm},
    {"PodAffinity", "Rules that bring a pod near other pods.", kPodAffinity},
    {"PodAffinityTerm",
     "Some pods, and what counts as the same place as theirs.",
     kPodAffinityTerm},
    {"PodAntiAffinity", "Rules that keep a pod away from other pods.", kPodAntiAffinity},
    {"PreferredSchedulingTerm", "A requirement on nodes with a weight.", kPreferredSchedulingTerm},
    {"Taint", "Keeps pods away from a node, except those that tolerate it.", kTaint},
    {"Toleration", "Lets a pod onto nodes with fitting taints.", kToleration},
    {"TopologySpreadConstraint",
     "How evenly pods are to be spread over places.",
     kTopologySpreadConstraint},
    {"WeightedPodAffinityTerm", "A rule about other pods with a weight.", kWeightedPodAffinityTerm},
};

}  // namespace

std::span<const Type> scheduling_types() {
  return kSchedulingTypes;
}

}  // namespace stsim::api::rows
