// The schema of security settings of pods and containers.

#include "api/schema_shared.hpp"

namespace stsim::api::rows {

namespace {

constexpr Field kAppArmorProfile[] = {
    text("localhostProfile",
         "Name of a profile on the node. Needed for type Localhost, not allowed otherwise.")
        .pointer()
        .since(30),
    text("type",
         "RuntimeDefault for that of the container runtime, Localhost for one of the node, "
         "Unconfined for none.")
        .required()
        .always()
        .one_of("Localhost RuntimeDefault Unconfined")
        .go("v1.AppArmorProfileType")
        .since(30),
};

constexpr Field kCapabilities[] = {
    list(text("add", "Capabilities to give.")).go("[]v1.Capability"),
    list(text("drop", "Capabilities to take away.")).go("[]v1.Capability"),
};

constexpr Row kFsGroupChangePolicy =
    text("fsGroupChangePolicy",
         "Whether the owner of files in volumes is set at every start (Always) or only where the "
         "top directory has another one (OnRootMismatch). Always if left out.")
        .pointer()
        .go("v1.PodFSGroupChangePolicy");

constexpr Field kPodSecurityContext[] = {
    shared::kAppArmorProfile,
    int64("fsGroup",
          "Number of a group that owns the pod's volumes and that its programs belong to.")
        .pointer(),
    kFsGroupChangePolicy.until(26),
    kFsGroupChangePolicy.one_of("Always OnRootMismatch").since(27),
    shared::kRunAsGroup,
    shared::kRunAsNonRoot,
    shared::kRunAsUser,
    text("seLinuxChangePolicy", "How volumes get their SELinux label: MountOption or Recursive.")
        .pointer()
        .go("v1.PodSELinuxChangePolicy")
        .since(32),
    shared::kSeLinuxOptions,
    shared::kSeccompProfile,
    list(int64("supplementalGroups", "Numbers of further groups that the programs belong to.")),
    text("supplementalGroupsPolicy",
         "Merge adds the groups of the image, Strict leaves them out. Merge if left out.")
        .pointer()
        .one_of("Merge Strict")
        .go("v1.SupplementalGroupsPolicy")
        .since(31),
    list(object("sysctls", "Sysctl", "Kernel parameters of the pod.")),
    shared::kWindowsOptions,
};

constexpr Field kSELinuxOptions[] = {
    text("level", "Level part of the label."),
    text("role", "Role part of the label."),
    text("type", "Type part of the label."),
    text("user", "User part of the label."),
};

constexpr Field kSeccompProfile[] = {
    text("localhostProfile",
         "File on the node with the profile. Needed for type Localhost, not allowed otherwise.")
        .pointer(),
    text("type",
         "RuntimeDefault for the filter of the container runtime, Localhost for a file on the "
         "node, Unconfined for none.")
        .required()
        .always()
        .one_of("Localhost RuntimeDefault Unconfined")
        .go("v1.SeccompProfileType"),
};

constexpr Row kProcMount =
    text("procMount", "How /proc is mounted: Default hides some of it, Unmasked does not.")
        .pointer()
        .go("v1.ProcMountType");

constexpr Field kSecurityContext[] = {
    boolean("allowPrivilegeEscalation",
            "Whether the program may gain more rights than its parent has.")
        .pointer(),
    shared::kAppArmorProfile,
    object("capabilities", "Capabilities", "Linux capabilities to give or take."),
    boolean("privileged",
            "Whether the container may do nearly everything that root on the node may. False if "
            "left out.")
        .pointer(),
    kProcMount.until(26),
    kProcMount.one_of("Default Unmasked").since(27),
    boolean("readOnlyRootFilesystem",
            "Whether the container's own file system is read-only. False if left out.")
        .pointer(),
    shared::kRunAsGroup,
    shared::kRunAsNonRoot,
    shared::kRunAsUser,
    shared::kSeLinuxOptions,
    shared::kSeccompProfile,
    shared::kWindowsOptions,
};

constexpr Field kSysctl[] = {
    text("name", "Name of the parameter.").required().always(),
    text("value", "Value of the parameter.").required().always(),
};

constexpr Field kWindowsSecurityContextOptions[] = {
    text("gmsaCredentialSpec", "Content of the credential spec of a group account.").pointer(),
    text("gmsaCredentialSpecName", "Name of the credential spec of a group account.").pointer(),
    boolean("hostProcess",
            "Whether the container runs as a process of the node. All containers of a pod must "
            "agree, and hostNetwork must be true.")
        .pointer(),
    text("runAsUserName", "Name of the user that the program runs as.").pointer(),
};

constexpr Type kSecurityTypes[] = {
    {"AppArmorProfile", "The AppArmor profile of a container.", kAppArmorProfile},
    {"Capabilities",
     "Linux capabilities to give to a container or to take from it.",
     kCapabilities},
    {"PodSecurityContext",
     "Security settings that hold for all containers of a pod, unless a container has its own.",
     kPodSecurityContext},
    {"SELinuxOptions", "The parts of an SELinux label.", kSELinuxOptions},
    {"SeccompProfile", "Which system calls are allowed.", kSeccompProfile},
    {"SecurityContext",
     "Security settings of one container. They win over those of the pod.",
     kSecurityContext},
    {"Sysctl", "A kernel parameter.", kSysctl},
    {"WindowsSecurityContextOptions",
     "Security settings for Windows.",
     kWindowsSecurityContextOptions},
};

}  // namespace

std::span<const Type> security_types() {
  return kSecurityTypes;
}

}  // namespace stsim::api::rows
