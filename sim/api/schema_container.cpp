// The schema of containers: image, environment, ports, resources and mounts.

#include "api/schema_shared.hpp"

namespace stsim::api::rows {

namespace {

constexpr Field kConfigMapEnvSource[] = {
    shared::kNameOfConfigMapUntil29,
    shared::kNameOfConfigMapSince30,
    boolean("optional", "Whether the pod may start although the ConfigMap does not exist.")
        .pointer(),
};

constexpr Field kConfigMapKeySelector[] = {
    shared::kKey,
    shared::kNameOfConfigMapUntil29,
    shared::kNameOfConfigMapSince30,
    boolean("optional",
            "Whether the pod may start although the ConfigMap or the key does not exist.")
        .pointer(),
};

constexpr Field kContainer[] = {
    shared::kArgs,
    shared::kCommand,
    shared::kEnv,
    shared::kEnvFrom,
    shared::kImage,
    shared::kImagePullPolicy,
    object("lifecycle",
           "Lifecycle",
           "What to do right after the start and before the end of the container."),
    object("livenessProbe",
           "Probe",
           "Check whether the container still works. It is restarted when the check fails."),
    text("name", "Name of the container, unique in the pod. It cannot change.").required().always(),
    list(object(
             "ports",
             "ContainerPort",
             "Ports that the container listens on. This is information: others are reachable too."))
        .merges("containerPort"),
    object("readinessProbe",
           "Probe",
           "Check whether the container can do its work. While it fails, the pod is not ready and "
           "gets no traffic from Services."),
    list(object("resizePolicy",
                "ContainerResizePolicy",
                "Whether the container must be restarted when its resources are changed in place, "
                "for each resource."))
        .since(27),
    object("resources",
           "ResourceRequirements",
           "CPU, memory and other resources that the container needs and may use.")
        .always(),
    text("restartPolicy",
         "Restart policy of this container, in place of the pod's. Always makes a sidecar of an "
         "init container.")
        .pointer()
        .go("v1.ContainerRestartPolicy")
        .since(28),
    list(object("restartPolicyRules",
                "ContainerRestartRule",
                "Rules about exit codes that decide on a restart before restartPolicy does. The "
                "first that fits counts."))
        .since(34),
    object("securityContext",
           "SecurityContext",
           "Security settings of the container, which win over those of the pod."),
    object("startupProbe",
           "Probe",
           "Check whether the container has finished starting. Until it succeeds the other probes "
           "wait; when it fails the container is restarted."),
    shared::kStdin,
    shared::kStdinOnce,
    shared::kTerminationMessagePath,
    shared::kTerminationMessagePolicy,
    shared::kTty,
    shared::kVolumeDevices,
    list(object("volumeMounts", "VolumeMount", "Volumes to mount, and where.")).merges("mountPath"),
    shared::kWorkingDir,
};

constexpr Field kContainerPort[] = {
    int32("containerPort", "Number of the port, 1 to 65535.").required().always(),
    text("hostIP", "Address of the node that hostPort is opened on."),
    int32("hostPort",
          "Port of the node that leads to this one. Only one pod on a node can have it."),
    text("name",
         "Name of the port, unique in the pod. Services and probes can use it in place of the "
         "number."),
    shared::kProtocolOrTcp,
};

constexpr Field kContainerResizePolicy[] = {
    text("resourceName", "Name of the resource: cpu or memory.")
        .required()
        .always()
        .go("v1.ResourceName")
        .since(27),
    text("restartPolicy",
         "NotRequired changes it in place, RestartContainer restarts the container.")
        .required()
        .always()
        .go("v1.ResourceResizeRestartPolicy")
        .since(27),
};

constexpr Field kContainerRestartRule[] = {
    text("action", "What to do when the rule fits, such as Restart.")
        .required()
        .go("v1.ContainerRestartRuleAction")
        .since(34),
    object("exitCodes", "ContainerRestartRuleOnExitCodes", "Exit codes that the rule is about.")
        .since(34),
};

constexpr Field kContainerRestartRuleOnExitCodes[] = {
    text("operator", "In or NotIn.")
        .required()
        .go("v1.ContainerRestartRuleOnExitCodesOperator")
        .since(34),
    list(int32("values", "Exit codes to compare with.")).since(34),
};

constexpr Field kEnvFromSource[] = {
    object("configMapRef", "ConfigMapEnvSource", "The ConfigMap."),
    text("prefix", "Text to put before each name."),
    object("secretRef", "SecretEnvSource", "The Secret."),
};

constexpr Field kEnvVar[] = {
    text("name", "Name of the variable.").required().always(),
    text("value",
         "Value of the variable. $(NAME) stands for a variable defined before it, $$ for a dollar "
         "sign."),
    object("valueFrom", "EnvVarSource", "Where to take the value from. Excludes value."),
};

constexpr Field kEnvVarSource[] = {
    object("configMapKeyRef", "ConfigMapKeySelector", "An entry of a ConfigMap."),
    object("fieldRef",
           "ObjectFieldSelector",
           "A field of the pod: its name, namespace, labels, annotations, node, service account or "
           "addresses."),
    object("fileKeyRef", "FileKeySelector", "An entry of a file of variables in a volume.")
        .since(34),
    shared::kResourceFieldRef,
    object("secretKeyRef", "SecretKeySelector", "An entry of a Secret."),
};

constexpr Field kEphemeralContainer[] = {
    shared::kArgs,
    shared::kCommand,
    shared::kEnv,
    shared::kEnvFrom,
    shared::kImage,
    shared::kImagePullPolicy,
    object("lifecycle", "Lifecycle", "Not allowed here."),
    object("livenessProbe", "Probe", "Not allowed here."),
    text("name", "Name of the container, unique among all containers of the pod.")
        .required()
        .always(),
    list(object("ports", "ContainerPort", "Not allowed here.")).merges("containerPort"),
    object("readinessProbe", "Probe", "Not allowed here."),
    list(object("resizePolicy",
                "ContainerResizePolicy",
                "Whether a change of resources would need a restart."))
        .since(27),
    object("resources",
           "ResourceRequirements",
           "Not allowed here: the container lives on what the pod leaves over.")
        .always(),
    text("restartPolicy", "Restart policy of the container. It cannot be set for such a container.")
        .pointer()
        .go("v1.ContainerRestartPolicy")
        .since(28),
    list(object("restartPolicyRules",
                "ContainerRestartRule",
                "Rules about exit codes. They cannot be set for such a container."))
        .since(34),
    object("securityContext", "SecurityContext", "Security settings of the container."),
    object("startupProbe", "Probe", "Not allowed here."),
    shared::kStdin,
    shared::kStdinOnce,
    text("targetContainerName",
         "Container whose processes this one can see. Those of the pod if left out."),
    shared::kTerminationMessagePath,
    shared::kTerminationMessagePolicy,
    shared::kTty,
    shared::kVolumeDevices,
    list(object("volumeMounts",
                "VolumeMount",
                "Volumes to mount, and where. Parts of volumes cannot be mounted."))
        .merges("mountPath"),
    shared::kWorkingDir,
};

constexpr Field kFileKeySelector[] = {
    text("key", "Name of the variable in the file.").required().always().since(34),
    boolean("optional",
            "Whether the pod may start although the file or the variable does not exist.")
        .pointer()
        .by_default("false")
        .since(34),
    shared::kPathOfFile.since(34),
    shared::kVolumeName.required().always().since(34),
};

constexpr Field kObjectFieldSelector[] = {
    text("apiVersion", "Version of the schema that fieldPath is written for. v1 if left out."),
    text("fieldPath", "Path of the field, such as metadata.name.").required().always(),
};

constexpr Field kResourceClaim[] = {
    text("name", "Name of an entry of the pod's resourceClaims.").required().always().since(26),
    text("request", "Name of one request in the claim; all of it if left out.").since(31),
};

constexpr Field kResourceFieldSelector[] = {
    text("containerName",
         "Name of the container. Needed in volumes; in variables it is the own container if left "
         "out."),
    quantity("divisor", "Unit of the result, such as 1Mi. 1 if left out.").always(),
    text("resource", "Which one, such as limits.cpu.").required().always(),
};

constexpr Field kResourceRequirements[] = {
    list(object("claims", "ResourceClaim", "Claims to devices that the container uses.")).since(26),
    map(quantity("limits", "Most that may be used, by resource.")).go("v1.ResourceList"),
    map(quantity("requests",
                 "Amount that is set aside for it, by resource. The limit if left out."))
        .go("v1.ResourceList"),
};

constexpr Field kSecretEnvSource[] = {
    shared::kNameOfSecretUntil29,
    shared::kNameOfSecretSince30,
    boolean("optional", "Whether the pod may start although the Secret does not exist.").pointer(),
};

constexpr Field kSecretKeySelector[] = {
    shared::kKey,
    shared::kNameOfSecretUntil29,
    shared::kNameOfSecretSince30,
    boolean("optional", "Whether the pod may start although the Secret or the key does not exist.")
        .pointer(),
};

constexpr Field kVolumeDevice[] = {
    text("devicePath", "Path of the device in the container.").required().always(),
    text("name", "Name of a volume of the pod that is a claim of mode Block.").required().always(),
};

constexpr Row kMountPropagation = text("mountPropagation",
                                       "Whether mounts made later are seen across: None, "
                                       "HostToContainer or Bidirectional. None if left out.")
                                      .pointer()
                                      .go("v1.MountPropagationMode");

constexpr Field kVolumeMount[] = {
    text("mountPath", "Where in the container the volume stands. No colon is allowed in it.")
        .required()
        .always(),
    kMountPropagation.until(26),
    kMountPropagation.one_of("Bidirectional HostToContainer None").since(27),
    text("name", "Name of a volume of the pod, or of a claim template of its StatefulSet.")
        .required()
        .always(),
    boolean("readOnly", "Whether the container may only read the volume. False if left out."),
    text("recursiveReadOnly",
         "Whether mounts inside the volume are read-only too: Disabled, IfPossible or Enabled.")
        .pointer()
        .go("v1.RecursiveReadOnlyMode")
        .since(30),
    text("subPath", "Directory or file in the volume to mount, in place of all of it."),
    text("subPathExpr", "As subPath, with $(NAME) for environment variables. Excludes subPath."),
};

constexpr Type kContainerTypes[] = {
    {"ConfigMapEnvSource",
     "Takes all entries of a ConfigMap as environment variables.",
     kConfigMapEnvSource},
    {"ConfigMapKeySelector", "One entry of a ConfigMap.", kConfigMapKeySelector},
    {"Container", "One program of a pod, run from an image.", kContainer},
    {"ContainerPort", "A port that a container listens on.", kContainerPort},
    {"ContainerResizePolicy",
     "What a change of one resource means for a running container.",
     kContainerResizePolicy},
    {"ContainerRestartRule", "What to do after an exit with certain codes.", kContainerRestartRule},
    {"ContainerRestartRuleOnExitCodes",
     "Compares an exit code with a list.",
     kContainerRestartRuleOnExitCodes},
    {"EnvFromSource",
     "A ConfigMap or a Secret whose entries become environment variables.",
     kEnvFromSource},
    {"EnvVar", "One environment variable.", kEnvVar},
    {"EnvVarSource",
     "Where the value of a variable comes from: exactly one must be set.",
     kEnvVarSource},
    {"EphemeralContainer",
     "A container added to a running pod to look into it. It is never restarted and has no "
     "resources of its own.",
     kEphemeralContainer},
    {"FileKeySelector", "One variable in a file of NAME=VALUE lines.", kFileKeySelector},
    {"ObjectFieldSelector", "A field of the pod.", kObjectFieldSelector},
    {"ResourceClaim", "A claim of the pod that a container uses.", kResourceClaim},
    {"ResourceFieldSelector",
     "Names a limit or request of a container, and the unit to tell it in.",
     kResourceFieldSelector},
    {"ResourceRequirements",
     "What a container needs and what it may use at most.",
     kResourceRequirements},
    {"SecretEnvSource",
     "Takes all entries of a Secret as environment variables.",
     kSecretEnvSource},
    {"SecretKeySelector", "One entry of a Secret.", kSecretKeySelector},
    {"VolumeDevice", "A block device in a container.", kVolumeDevice},
    {"VolumeMount", "A volume at a place in a container.", kVolumeMount},
};

}  // namespace

std::span<const Type> container_types() {
  return kContainerTypes;
}

}  // namespace stsim::api::rows
