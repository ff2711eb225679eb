// The schema of nodes.

#include "api/schema_shared.hpp"

namespace stsim::api::rows {

namespace {

constexpr Field kAttachedVolume[] = {
    text("devicePath", "Path of its device on the node.").required().always(),
    shared::kNameOfVolume.go("v1.UniqueVolumeName"),
};

constexpr Field kConfigMapNodeConfigSource[] = {
    text("kubeletConfigKey", "Key of the entry with the settings.").required().always(),
    shared::kNameOfConfigMap.required().always(),
    text("namespace", "Namespace of the ConfigMap.").required().always(),
    text("resourceVersion", "Version of the ConfigMap."),
    text("uid", "Identity of the ConfigMap.").go("types.UID"),
};

constexpr Field kContainerImage[] = {
    list(text("names", "Names that it is known by.")).always(),
    int64("sizeBytes", "Size of the image in bytes."),
};

constexpr Field kDaemonEndpoint[] = {
    int32("Port", "Number of the port.").required().always(),
};

constexpr Field kNode[] = {
    shared::kApiVersion,
    shared::kKind,
    shared::kMetadata,
    object("spec", "NodeSpec", "How the node is to be used.").always(),
    object("status", "NodeStatus", "What the node reports about itself.").always(),
};

constexpr Field kNodeAddress[] = {
    text("address", "The address or name.").required().always(),
    text("type", "Hostname, InternalIP, ExternalIP, InternalDNS or ExternalDNS.")
        .required()
        .always()
        .go("v1.NodeAddressType"),
};

constexpr Field kNodeCondition[] = {
    time("lastHeartbeatTime", "When the node last reported it.").always(),
    shared::kLastTransitionTime,
    shared::kMessage,
    shared::kReason,
    shared::kStatus,
    text("type",
         "What it is about: Ready, MemoryPressure, DiskPressure, PIDPressure, NetworkUnavailable.")
        .required()
        .always()
        .go("v1.NodeConditionType"),
};

constexpr Field kNodeConfigSource[] = {
    object("configMap", "ConfigMapNodeConfigSource", "ConfigMap with the settings."),
};

constexpr Field kNodeConfigStatus[] = {
    object("active", "NodeConfigSource", "Settings in use."),
    object("assigned", "NodeConfigSource", "Settings that were asked for."),
    text("error", "What is wrong with them."),
    object("lastKnownGood", "NodeConfigSource", "Settings to fall back to."),
};

constexpr Field kNodeDaemonEndpoints[] = {
    object("kubeletEndpoint", "DaemonEndpoint", "Port of the kubelet.").always(),
};

constexpr Field kNodeFeatures[] = {
    boolean("supplementalGroupsPolicy", "Whether it knows the policy for supplemental groups.")
        .pointer()
        .since(31),
};

constexpr Field kNodeRuntimeHandler[] = {
    object("features", "NodeRuntimeHandlerFeatures", "What this handler can do.").since(30),
    text("name", "Name of the handler; empty for the default one.").always().since(30),
};

constexpr Field kNodeRuntimeHandlerFeatures[] = {
    boolean("recursiveReadOnlyMounts", "Whether it can make mounts inside of mounts read-only.")
        .pointer()
        .since(30),
    boolean("userNamespaces", "Whether it can give pods user numbers of their own.")
        .pointer()
        .since(31),
};

constexpr Field kNodeSpec[] = {
    object("configSource", "NodeConfigSource", "Settings for the kubelet. No longer used."),
    text("externalID", "No longer used."),
    text("podCIDR", "Range of addresses for the node's pods."),
    list(text("podCIDRs",
              "Ranges of addresses for the node's pods, at most one of each family. The first is "
              "podCIDR."))
        .merges(),
    text("providerID", "The cloud provider's identity of the machine."),
    list(object("taints", "Taint", "Taints, which keep away pods that do not tolerate them.")),
    boolean("unschedulable", "Whether new pods are kept away, as kubectl cordon does."),
};

constexpr Field kNodeStatus[] = {
    list(object("addresses", "NodeAddress", "Addresses and names of the node.")).merges("type"),
    map(quantity("allocatable", "Resources that pods can have.")).go("v1.ResourceList"),
    map(quantity("capacity", "Resources of the machine.")).go("v1.ResourceList"),
    list(object("conditions", "NodeCondition", "Aspects of the node's state, above all Ready."))
        .merges("type"),
    object("config", "NodeConfigStatus", "State of the kubelet's settings. No longer used."),
    object("daemonEndpoints", "NodeDaemonEndpoints", "Ports of the node's own programs.").always(),
    list(text("declaredFeatures", "Features that the node says it has.")).since(35),
    object("features", "NodeFeatures", "What the container runtime can do.").since(31),
    list(object("images", "ContainerImage", "Images on the node.")),
    object("nodeInfo", "NodeSystemInfo", "Versions and identities of the node.").always(),
    text("phase", "No longer used.").one_of("Pending Running Terminated").go("v1.NodePhase"),
    list(object("runtimeHandlers", "NodeRuntimeHandler", "Ways in which containers can be run."))
        .since(30),
    list(object("volumesAttached", "AttachedVolume", "Volumes that are attached to the node.")),
    list(text("volumesInUse", "Attached volumes that pods of the node use."))
        .go("[]v1.UniqueVolumeName"),
};

constexpr Field kNodeSwapStatus[] = {
    int64("capacity", "Size of the swap space in bytes.").pointer().since(33),
};

constexpr Field kNodeSystemInfo[] = {
    text("architecture", "Processor architecture.").required().always(),
    text("bootID", "Identity of the node's last start.").required().always(),
    text("containerRuntimeVersion", "Container runtime and its version.").required().always(),
    text("kernelVersion", "Version of the kernel.").required().always(),
    text("kubeProxyVersion", "No longer filled in reliably.").required().always(),
    text("kubeletVersion", "Version of the kubelet.").required().always(),
    text("machineID", "Identity of the machine.").required().always(),
    text("operatingSystem", "Operating system, such as linux.").required().always(),
    text("osImage", "Name of the installed system.").required().always(),
    object("swap", "NodeSwapStatus", "Swap space of the node.").since(33),
    text("systemUUID", "Identity of the hardware.").required().always(),
};

constexpr Type kNodeTypes[] = {
    {"AttachedVolume", "A volume that is attached to a node.", kAttachedVolume},
    {"ConfigMapNodeConfigSource",
     "A ConfigMap with settings of a kubelet. No longer used.",
     kConfigMapNodeConfigSource},
    {"ContainerImage", "An image on a node.", kContainerImage},
    {"DaemonEndpoint", "A port that a program of the node listens on.", kDaemonEndpoint},
    {"Node", "A machine of the cluster that runs pods.", kNode},
    {"NodeAddress", "An address of a node.", kNodeAddress},
    {"NodeCondition", "One aspect of a node's state.", kNodeCondition},
    {"NodeConfigSource",
     "Where a kubelet took its settings from. No longer used.",
     kNodeConfigSource},
    {"NodeConfigStatus", "State of a kubelet's settings. No longer used.", kNodeConfigStatus},
    {"NodeDaemonEndpoints", "Ports that programs of the node listen on.", kNodeDaemonEndpoints},
    {"NodeFeatures", "What the container runtime of a node can do.", kNodeFeatures},
    {"NodeRuntimeHandler", "One way in which a node can run containers.", kNodeRuntimeHandler},
    {"NodeRuntimeHandlerFeatures", "What a runtime handler can do.", kNodeRuntimeHandlerFeatures},
    {"NodeSpec", "How a node is to be used.", kNodeSpec},
    {"NodeStatus", "What a node reports about itself.", kNodeStatus},
    {"NodeSwapStatus", "Swap space of a node.", kNodeSwapStatus},
    {"NodeSystemInfo", "Versions and identities of a node.", kNodeSystemInfo},
};

}  // namespace

std::span<const Type> node_types() {
  return kNodeTypes;
}

}  // namespace stsim::api::rows
