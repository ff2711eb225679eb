// The schema of what the kubelet reports about a pod and its containers.

#include "api/schema_shared.hpp"

namespace stsim::api::rows {

namespace {

constexpr Field kContainerExtendedResourceRequest[] = {
    text("containerName", "Name of the container.").required().always().since(34),
    text("requestName", "Name of the request in the claim.").required().always().since(34),
    text("resourceName", "Name of the extended resource.").required().always().since(34),
};

constexpr Field kContainerState[] = {
    object("running", "ContainerStateRunning", "Set while it runs."),
    object("terminated", "ContainerStateTerminated", "Set after it has ended."),
    object("waiting", "ContainerStateWaiting", "Set before it starts."),
};

constexpr Field kContainerStateRunning[] = {
    time("startedAt", "When it was started.").always(),
};

constexpr Row kContainerID = text("containerID", "Identity of the container, as RUNTIME://ID.");

constexpr Field kContainerStateTerminated[] = {
    kContainerID,
    int32("exitCode", "Exit code of the program.").required().always(),
    time("finishedAt", "When it ended.").always(),
    text("message", "What the program left behind as its message."),
    text("reason", "Why it ended, in one word: Completed, Error, OOMKilled."),
    int32("signal", "Signal that ended it, if one did."),
    time("startedAt", "When it had been started.").always(),
};

constexpr Field kContainerStateWaiting[] = {
    shared::kMessage,
    text("reason",
         "Why it waits, in one word: ContainerCreating, ImagePullBackOff, CrashLoopBackOff."),
};

constexpr Field kContainerStatus[] = {
    map(quantity("allocatedResources", "Resources that the node has set aside for the container."))
        .go("v1.ResourceList")
        .since(27),
    list(object("allocatedResourcesStatus",
                "ResourceStatus",
                "Health of the devices that the container was given."))
        .merges("name")
        .since(31),
    kContainerID,
    text("image", "Image that runs. It may be written differently than in the spec.")
        .required()
        .always(),
    text("imageID", "Exact identity of that image.").required().always(),
    object("lastState",
           "ContainerState",
           "How the container ended the last time, if it was restarted.")
        .always(),
    text("name", "Name of the container.").required().always(),
    boolean("ready", "Whether the container passes its readiness probe.").required().always(),
    object("resources", "ResourceRequirements", "Requests and limits that are in force.").since(27),
    int32("restartCount", "How often it was restarted.").required().always(),
    boolean("started", "Whether it runs and has passed its startup probe.").pointer(),
    object("state", "ContainerState", "State of the container now.").always(),
    text("stopSignal", "Signal that will ask it to end.")
        .pointer()
        .one_of(kSignals)
        .go("v1.Signal")
        .since(33),
    object("user", "ContainerUser", "User and groups that the program was started with.").since(31),
    list(object("volumeMounts", "VolumeMountStatus", "How its volumes were mounted."))
        .merges("mountPath")
        .since(30),
};

constexpr Field kContainerUser[] = {
    object("linux", "LinuxContainerUser", "User and groups on Linux.").since(31),
};

constexpr Row kIpOfNode = text("ip", "Address of the node.");

constexpr Field kHostIP[] = {
    kIpOfNode.since(28).until(29),
    kIpOfNode.required().always().since(30),
};

constexpr Field kImageVolumeStatus[] = {
    text("imageRef", "Exact identity of the image.").required().since(36),
};

constexpr Field kLinuxContainerUser[] = {
    int64("gid", "Number of its main group.").required().always().since(31),
    list(int64("supplementalGroups", "Numbers of its further groups.")).since(31),
    int64("uid", "Number of its user.").required().always().since(31),
};

constexpr Row kResourceClaimName =
    text("resourceClaimName", "Name of the ResourceClaim.").required().always();

constexpr Field kNodeAllocatableResourceClaimStatus[] = {
    list(text("containers", "Names of the containers that use the claim.")).since(36),
    kResourceClaimName.since(36),
    map(quantity("resources", "Amounts, by resource."))
        .required()
        .always()
        .go("map[v1.ResourceName]resource.Quantity")
        .since(36),
};

constexpr Field kPodCondition[] = {
    shared::kLastProbeTime,
    shared::kLastTransitionTime,
    shared::kMessage,
    int64("observedGeneration", "The pod's generation that the condition was worked out from.")
        .since(33),
    shared::kReason,
    shared::kStatus,
    text("type", "What it is about: PodScheduled, Initialized, ContainersReady, Ready and others.")
        .required()
        .always()
        .go("v1.PodConditionType"),
};

constexpr Field kPodExtendedResourceClaimStatus[] = {
    list(object("requestMappings",
                "ContainerExtendedResourceRequest",
                "Which request belongs to which container and resource."))
        .required()
        .always()
        .since(34),
    kResourceClaimName.since(34),
};

constexpr Row kIpOfPod = text("ip", "Address of the pod.");

constexpr Field kPodIP[] = {
    kIpOfPod.until(29),
    kIpOfPod.required().always().since(30),
};

constexpr Field kPodResourceClaimStatus[] = {
    text("name", "Name of the entry.").required().always().since(28),
    text("resourceClaimName", "Name of the ResourceClaim that was made; none if none was needed.")
        .pointer()
        .since(28),
};

constexpr Field kPodStatus[] = {
    map(quantity("allocatedResources",
                 "Resources that the node has set aside for the pod as a whole."))
        .go("v1.ResourceList")
        .since(35),
    list(object("conditions",
                "PodCondition",
                "Aspects of the pod's state: whether it is scheduled, initialized, ready."))
        .merges("type"),
    list(object("containerStatuses", "ContainerStatus", "State of the containers.")),
    list(object("ephemeralContainerStatuses",
                "ContainerStatus",
                "State of the containers that were added to look into the pod.")),
    object("extendedResourceClaimStatus",
           "PodExtendedResourceClaimStatus",
           "The claim that was made for extended resources.")
        .since(34),
    text("hostIP", "Address of the node."),
    list(object("hostIPs", "HostIP", "All addresses of the node; the first is hostIP."))
        .merges("ip")
        .since(28),
    list(object("initContainerStatuses",
                "ContainerStatus",
                "State of the init containers, in their order.")),
    text("message", "Why the pod is in this state, for people."),
    list(object("nodeAllocatableResourceClaimStatuses",
                "NodeAllocatableResourceClaimStatus",
                "CPU and memory that came to the pod by claims."))
        .since(36),
    text("nominatedNodeName", "Node on which room is being made for the pod by removing others."),
    int64("observedGeneration", "The pod's generation that the status belongs to.").since(33),
    text("phase", "Where the pod is in its life: Pending, Running, Succeeded, Failed or Unknown.")
        .one_of("Failed Pending Running Succeeded Unknown")
        .go("v1.PodPhase"),
    text("podIP", "Address of the pod."),
    list(object("podIPs", "PodIP", "All addresses of the pod; the first is podIP.")).merges("ip"),
    text("qosClass",
         "Guaranteed, Burstable or BestEffort, by its requests and limits. It decides who goes "
         "first when memory runs out.")
        .one_of("BestEffort Burstable Guaranteed")
        .go("v1.PodQOSClass"),
    text("reason", "Why the pod is in this state, in one word, such as Evicted."),
    text("resize", "State of a change of its resources.").go("v1.PodResizeStatus").since(27),
    list(object("resourceClaimStatuses",
                "PodResourceClaimStatus",
                "The claims that stand behind resourceClaims."))
        .merges_retaining("name")
        .since(28),
    object("resources",
           "ResourceRequirements",
           "Requests and limits of the pod as a whole that are in force.")
        .since(35),
    time("startTime", "When the kubelet took the pod on."),
};

constexpr Field kResourceHealth[] = {
    text("health", "Healthy, Unhealthy or Unknown.").go("v1.ResourceHealthStatus").since(31),
    shared::kMessage.pointer().since(36),
    text("resourceID", "Identity of the device.").required().always().go("v1.ResourceID").since(31),
};

constexpr Field kResourceStatus[] = {
    text("name", "Name of the resource, or of the claim.")
        .required()
        .always()
        .go("v1.ResourceName")
        .since(31),
    list(object("resources", "ResourceHealth", "Health of each device.")).since(31),
};

constexpr Field kVolumeMountStatus[] = {
    text("mountPath", "Where in the container the volume stands.").required().always().since(30),
    shared::kNameOfVolume.since(30),
    boolean("readOnly", "Whether it may only be read.").since(30),
    text("recursiveReadOnly", "Whether mounts inside it are read-only too: Disabled or Enabled.")
        .pointer()
        .go("v1.RecursiveReadOnlyMode")
        .since(30),
    object("volumeStatus", "VolumeStatus", "What is known about the volume itself.").since(36),
};

constexpr Field kVolumeStatus[] = {
    object("image", "ImageVolumeStatus", "What an image volume was mounted from.").since(36),
};

constexpr Type kPodStatusTypes[] = {
    {"ContainerExtendedResourceRequest",
     "Which request of a claim stands for an extended resource of a container.",
     kContainerExtendedResourceRequest},
    {"ContainerState",
     "The state of a container: one of the three. Waiting if none is set.",
     kContainerState},
    {"ContainerStateRunning", "A container that runs.", kContainerStateRunning},
    {"ContainerStateTerminated", "A container that has ended.", kContainerStateTerminated},
    {"ContainerStateWaiting", "A container that is not running yet.", kContainerStateWaiting},
    {"ContainerStatus", "What the kubelet reports about one container.", kContainerStatus},
    {"ContainerUser", "Who a container's program runs as.", kContainerUser},
    {"HostIP", "One address of a node.", kHostIP},
    {"ImageVolumeStatus", "Tells which image an image volume really has.", kImageVolumeStatus},
    {"LinuxContainerUser", "User and groups of a program on Linux.", kLinuxContainerUser},
    {"NodeAllocatableResourceClaimStatus",
     "CPU or memory that came to the pod by a claim.",
     kNodeAllocatableResourceClaimStatus},
    {"PodCondition", "One aspect of a pod's state.", kPodCondition},
    {"PodExtendedResourceClaimStatus",
     "The claim that was made for a pod's extended resources.",
     kPodExtendedResourceClaimStatus},
    {"PodIP", "One address of a pod.", kPodIP},
    {"PodResourceClaimStatus",
     "The claim that stands behind an entry of the pod's resourceClaims.",
     kPodResourceClaimStatus},
    {"PodStatus", "What is known about a pod, mostly from the kubelet of its node.", kPodStatus},
    {"ResourceHealth", "Health of one device.", kResourceHealth},
    {"ResourceStatus", "Health of what a container was given of one resource.", kResourceStatus},
    {"VolumeMountStatus", "How a volume was mounted.", kVolumeMountStatus},
    {"VolumeStatus", "What is known about a mounted volume.", kVolumeStatus},
};

}  // namespace

std::span<const Type> pod_status_types() {
  return kPodStatusTypes;
}

}  // namespace stsim::api::rows
