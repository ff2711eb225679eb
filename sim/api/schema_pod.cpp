// The schema of pods: what to run, and where.

#include "api/schema_shared.hpp"

namespace stsim::api::rows {

namespace {

constexpr Row kResourceClaimTemplateName =
    text("resourceClaimTemplateName",
         "A ResourceClaimTemplate from which a claim is made for this pod and goes with it.")
        .pointer();

constexpr Field kClaimSource[] = {
    text("resourceClaimName", "An existing ResourceClaim in the pod's namespace.")
        .pointer()
        .since(26)
        .until(30),
    kResourceClaimTemplateName.since(26).until(30),
};

constexpr Field kHostAlias[] = {
    list(text("hostnames", "Names for the address.")),
    shared::kIp.until(29),
    shared::kIp.required().always().since(30),
};

constexpr Field kPod[] = {
    shared::kApiVersion,
    shared::kKind,
    shared::kMetadata,
    object("spec", "PodSpec", "What to run and where.").always(),
    object("status", "PodStatus", "What became of it, as last reported. It may lag behind.")
        .always(),
};

constexpr Field kPodDNSConfig[] = {
    list(text("nameservers", "Addresses of further name servers. Duplicates are dropped.")),
    list(object(
        "options", "PodDNSConfigOption", "Resolver options, which win over those of dnsPolicy.")),
    list(text("searches", "Further domains to try short names in. Duplicates are dropped.")),
};

constexpr Field kPodDNSConfigOption[] = {
    text("name", "Name of the option, such as ndots."),
    text("value", "Value of the option, if it takes one.").pointer(),
};

constexpr Field kPodOS[] = {
    text("name", "linux or windows.").required().always().go("v1.OSName"),
};

constexpr Field kPodReadinessGate[] = {
    text("conditionType", "Type of a condition in the pod's status; it must be True.")
        .required()
        .always()
        .go("v1.PodConditionType"),
};

constexpr Field kPodResourceClaim[] = {
    text("name", "Name of the claim inside the pod.").required().always().since(26),
    text("resourceClaimName",
         "An existing ResourceClaim in the pod's namespace. Set this or resourceClaimTemplateName.")
        .pointer()
        .since(31),
    kResourceClaimTemplateName.since(31),
    object("source", "ClaimSource", "Where the claim comes from.").always().since(26).until(30),
};

constexpr Field kPodSchedulingGate[] = {
    text("name", "Name of the gate, unique in the pod.").required().always().since(26),
};

constexpr Field kPodSchedulingGroup[] = {
    text("podGroupName", "Name of the PodGroup in the pod's namespace.").pointer().since(36),
};

constexpr Row kPreemptionPolicy = text("preemptionPolicy",
                                       "Whether the pod may push out pods of lower priority to "
                                       "find room. PreemptLowerPriority if left out.")
                                      .pointer()
                                      .go("v1.PreemptionPolicy");

constexpr Field kPodSpec[] = {
    int64("activeDeadlineSeconds",
          "Seconds after its start at which the pod is ended and marked failed. Not allowed in a "
          "StatefulSet.")
        .pointer(),
    object("affinity",
           "Affinity",
           "Rules about nodes and about other pods that decide where the pod may or should run."),
    boolean("automountServiceAccountToken",
            "Whether a token of the service account is mounted into the containers.")
        .pointer(),
    list(object("containers",
                "Container",
                "The containers, at least one. None can be added or removed later."))
        .required()
        .always()
        .merges("name"),
    object("dnsConfig", "PodDNSConfig", "Further settings of the resolver, on top of dnsPolicy."),
    text("dnsPolicy",
         "ClusterFirst asks the cluster's DNS, Default uses the node's settings, None leaves "
         "everything to dnsConfig; ClusterFirstWithHostNet is ClusterFirst for pods on the node's "
         "network.")
        .one_of("ClusterFirst ClusterFirstWithHostNet Default None")
        .go("v1.DNSPolicy"),
    boolean("enableServiceLinks",
            "Whether containers get environment variables for the Services of the namespace. True "
            "if left out.")
        .pointer(),
    list(object("ephemeralContainers",
                "EphemeralContainer",
                "Containers added to a running pod to look into it. They can be set only through "
                "the pod's subresource ephemeralcontainers."))
        .merges("name"),
    list(object("hostAliases", "HostAlias", "Lines to add to /etc/hosts of the containers."))
        .merges("ip"),
    boolean("hostIPC", "Whether the pod shares the node's inter-process communication."),
    boolean("hostNetwork",
            "Whether the pod uses the node's network instead of one of its own. Its container "
            "ports are then ports of the node."),
    boolean("hostPID", "Whether the pod sees the node's processes."),
    boolean("hostUsers",
            "Whether the pod uses the node's user numbers. False gives it numbers of its own, so "
            "that root inside is nobody outside.")
        .pointer(),
    text("hostname",
         "Host name of the pod. The pod's name if left out; a StatefulSet sets it to that."),
    text("hostnameOverride",
         "Host name that the pod sees of itself, with no effect on DNS. It excludes hostNetwork "
         "and setHostnameAsFQDN.")
        .pointer()
        .since(34),
    list(object("imagePullSecrets",
                "LocalObjectReference",
                "Secrets with the passwords of image registries."))
        .merges("name"),
    list(object("initContainers",
                "Container",
                "Containers that run before the others, one after the other, each to its end. One "
                "with restartPolicy Always keeps running beside the others instead."))
        .merges("name"),
    text("nodeName",
         "Node that the pod runs on. The scheduler fills it in; whoever sets it by hand goes "
         "around the scheduler."),
    map(text("nodeSelector", "Labels that a node must have for the pod to run there.")),
    object("os",
           "PodOS",
           "Operating system that the pod needs. Some fields are refused for the other one."),
    map(quantity("overhead",
                 "Resources that running the pod takes beside its containers. It comes from the "
                 "runtime class."))
        .go("v1.ResourceList"),
    kPreemptionPolicy.until(26),
    kPreemptionPolicy.one_of("Never PreemptLowerPriority").since(27),
    int32("priority",
          "Priority of the pod as a number, worked out from priorityClassName. Higher ones come "
          "first.")
        .pointer(),
    text("priorityClassName",
         "Name of a PriorityClass, or one of the two built-in ones for system pods."),
    list(object("readinessGates",
                "PodReadinessGate",
                "Conditions from outside that must be True, besides ready containers, for the pod "
                "to be ready.")),
    list(object("resourceClaims",
                "PodResourceClaim",
                "Claims to devices that must be granted before the pod starts."))
        .merges_retaining("name")
        .since(26),
    object("resources",
           "ResourceRequirements",
           "CPU and memory for the pod as a whole, shared by its containers.")
        .since(32),
    text("restartPolicy",
         "Whether ended containers are started again: Always, OnFailure or Never. Pods of a "
         "StatefulSet have Always.")
        .one_of("Always Never OnFailure")
        .go("v1.RestartPolicy"),
    text("runtimeClassName", "Name of a RuntimeClass that says how the containers are run.")
        .pointer(),
    text("schedulerName",
         "Scheduler that finds a node for the pod. default-scheduler if left out."),
    list(object("schedulingGates",
                "PodSchedulingGate",
                "While there are any, the pod is not scheduled. They can only be removed."))
        .merges("name")
        .since(26),
    object("schedulingGroup",
           "PodSchedulingGroup",
           "Group of pods that are scheduled together with this one.")
        .since(36),
    object("securityContext",
           "PodSecurityContext",
           "Security settings for the whole pod. Those of a container win over them."),
    text("serviceAccount", "Old name of serviceAccountName, kept equal to it."),
    text("serviceAccountName", "Service account that the pod acts as."),
    boolean("setHostnameAsFQDN",
            "Whether the pod's host name is its full DNS name instead of the first part of it.")
        .pointer(),
    boolean("shareProcessNamespace", "Whether the containers see each other's processes.")
        .pointer(),
    text("subdomain",
         "Name of the headless Service under which the pod has a DNS name, HOSTNAME.SUBDOMAIN. A "
         "StatefulSet sets it to serviceName."),
    int64("terminationGracePeriodSeconds",
          "Seconds between asking the containers to end and killing them. 30 if left out; 0 kills "
          "at once.")
        .pointer(),
    list(object("tolerations", "Toleration", "Taints of nodes that do not keep this pod away.")),
    list(object("topologySpreadConstraints",
                "TopologySpreadConstraint",
                "How evenly pods should be spread over zones, nodes and the like. All of them must "
                "hold."))
        .merges("topologyKey"),
    list(object("volumes", "Volume", "Volumes that containers can mount."))
        .merges_retaining("name"),
    object("workloadRef", "WorkloadReference", "The Workload and group that the pod belongs to.")
        .since(35)
        .until(35),
};

constexpr Field kPodTemplateSpec[] = {
    object("metadata",
           "ObjectMeta",
           "Labels and annotations for the pods. Names are given by the controller.")
        .always(),
    object("spec", "PodSpec", "What the pods run. The whole spec is copied into each of them.")
        .always(),
};

constexpr Field kWorkloadReference[] = {
    text("name", "Name of the Workload in the pod's namespace.")
        .required()
        .always()
        .since(35)
        .until(35),
    text("podGroup", "Name of the group in the Workload.").required().always().since(35).until(35),
    text("podGroupReplicaKey",
         "Which copy of the group the pod belongs to, where there are several.")
        .since(35)
        .until(35),
};

constexpr Type kPodTypes[] = {
    {"ClaimSource",
     "Where a pod's claim to a device comes from: one of the two must be set.",
     kClaimSource},
    {"HostAlias", "A line for the pod's /etc/hosts.", kHostAlias},
    {"Pod",
     "One or more containers that run on one node together and share its network address and "
     "volumes.",
     kPod},
    {"PodDNSConfig",
     "Settings of the pod's resolver. They are added to what dnsPolicy gives.",
     kPodDNSConfig},
    {"PodDNSConfigOption", "One option of the resolver.", kPodDNSConfigOption},
    {"PodOS", "The operating system that a pod is made for.", kPodOS},
    {"PodReadinessGate",
     "A condition from outside that a pod waits for before it is ready.",
     kPodReadinessGate},
    {"PodResourceClaim",
     "A claim to a device under a name that containers can refer to.",
     kPodResourceClaim},
    {"PodSchedulingGate",
     "Keeps a pod from being scheduled until it is removed.",
     kPodSchedulingGate},
    {"PodSchedulingGroup", "The group of pods that a pod is scheduled with.", kPodSchedulingGroup},
    {"PodSpec", "What a pod runs, with which storage, and on which nodes it may do so.", kPodSpec},
    {"PodTemplateSpec", "What the pods that a controller makes look like.", kPodTemplateSpec},
    {"WorkloadReference", "The place of a pod in a Workload.", kWorkloadReference},
};

}  // namespace

std::span<const Type> pod_types() {
  return kPodTypes;
}

}  // namespace stsim::api::rows
