#pragma once
// Fields that several types have in the same words.

#include "api/schema_rows.hpp"

namespace stsim::api::rows::shared {

inline constexpr Field kApiVersion =
    text("apiVersion", "Group and version of the schema that the object follows, such as apps/v1.");
inline constexpr Field kAppArmorProfile =
    object("appArmorProfile", "AppArmorProfile", "AppArmor profile.").since(30);
inline constexpr Field kAppProtocol =
    text("appProtocol", "Protocol that is spoken over the port, as a hint.").pointer();
inline constexpr Field kArgs =
    list(text("args",
              "Arguments of the command, in place of the image's CMD. $(NAME) stands for an "
              "environment variable, $$ for a dollar sign."));
inline constexpr Field kAwsElasticBlockStore =
    object("awsElasticBlockStore", "AWSElasticBlockStoreVolumeSource", "A disk of AWS.");
inline constexpr Field kAzureDisk =
    object("azureDisk", "AzureDiskVolumeSource", "A disk of Azure.");
inline constexpr Row kAzureFile =
    object("azureFile", "AzureFileVolumeSource", "A file share of Azure.");
inline constexpr Row kCephfs = object("cephfs", "CephFSVolumeSource", "A Ceph file system.");
inline constexpr Row kCinder = object("cinder", "CinderVolumeSource", "A disk of OpenStack.");
inline constexpr Field kCommand =
    list(text("command",
              "Program to run, in place of the image's ENTRYPOINT; no shell is involved. $(NAME) "
              "stands for an environment variable, $$ for a dollar sign."));
inline constexpr Row kCsi = object("csi", "CSIVolumeSource", "A volume of a CSI driver.");
inline constexpr Field kDefaultMode =
    int32("defaultMode",
          "Permissions of the files, unless an item has its own. 0644 if left out; written in "
          "octal in YAML, in decimal in JSON.")
        .pointer();
inline constexpr Field kDriver = text("driver", "Name of the driver.").required().always();
inline constexpr Field kEndpoints =
    text("endpoints", "Endpoints object with the addresses of the servers.").required().always();
inline constexpr Field kEnv =
    list(object("env", "EnvVar", "Environment variables.")).merges("name");
inline constexpr Field kEnvFrom =
    list(object("envFrom",
                "EnvFromSource",
                "ConfigMaps and Secrets whose entries become environment variables. The last one "
                "wins, and env wins over all."));
inline constexpr Field kFc = object("fc", "FCVolumeSource", "A Fibre Channel disk.");
inline constexpr Row kFlexVolume =
    object("flexVolume", "FlexVolumeSource", "A volume of a FlexVolume plug-in.");
inline constexpr Field kFlocker = object("flocker", "FlockerVolumeSource", "A Flocker dataset.");
inline constexpr Row kFsType =
    text("fsType",
         "File system to format and mount the volume with, such as ext4. The plug-in has a default "
         "of its own.");
inline constexpr Field kGcePersistentDisk =
    object("gcePersistentDisk", "GCEPersistentDiskVolumeSource", "A disk of Google Cloud.");
inline constexpr Row kGlusterfs =
    object("glusterfs", "GlusterfsVolumeSource", "A GlusterFS volume.");
inline constexpr Field kGlusterfsPath = text("path", "Name of the volume.").required().always();
inline constexpr Field kHost = text("host", "Host to connect to. The pod's address if left out.");
inline constexpr Field kHostPath =
    object("hostPath", "HostPathVolumeSource", "A file or directory of the node.");
inline constexpr Field kImage = text("image", "Image to run. Without a tag, latest is meant.");
inline constexpr Field kImagePullPolicy =
    text("imagePullPolicy",
         "When to fetch the image: Always, IfNotPresent or Never. If left out, Always for the tag "
         "latest or no tag, otherwise IfNotPresent.")
        .one_of("Always IfNotPresent Never")
        .go("v1.PullPolicy");
inline constexpr Field kImmutable =
    boolean("immutable", "If true, the entries can never be changed again.").pointer();
inline constexpr Row kIp = text("ip", "The address.");
inline constexpr Row kIscsi = object("iscsi", "ISCSIVolumeSource", "An iSCSI disk.");
inline constexpr Field kItemsOfFields =
    list(object("items", "DownwardAPIVolumeFile", "Files, each with a field of the pod."));
inline constexpr Field kItemsOfKeys = list(object(
    "items",
    "KeyToPath",
    "Which entries become files, and where. All of them, named by their keys, if left out."));
inline constexpr Field kKey = text("key", "Key of the entry.").required().always();
inline constexpr Row kKeyOfLabel = text("key", "Key of the label.").required().always();
inline constexpr Field kKind = text("kind", "Name of the object's schema, such as StatefulSet.");
inline constexpr Field kLastProbeTime =
    time("lastProbeTime", "When the condition was last checked.").always();
inline constexpr Row kLastTransitionTime =
    time("lastTransitionTime", "When the status last became another one.").always();
inline constexpr Row kLun = int32("lun", "Number of the logical unit.");
inline constexpr Row kMessage = text("message", "Details for people.");
inline constexpr Row kMetadata =
    object(
        "metadata", "ObjectMeta", "Name, namespace, labels and whatever else every object carries.")
        .always();
inline constexpr Field kMode =
    int32("mode", "Permissions of this file. Those of the volume if left out.").pointer();
inline constexpr Field kMonitors =
    list(text("monitors", "Addresses of the Ceph monitors.")).required().always();
inline constexpr Row kNameOfConfigMap = text("name", "Name of the ConfigMap.");
inline constexpr Field kNameOfConfigMapSince30 = kNameOfConfigMap.by_default("\"\"").since(30);
inline constexpr Field kNameOfConfigMapUntil29 = kNameOfConfigMap.until(29);
inline constexpr Row kNameOfSecret = text("name", "Name of the Secret.");
inline constexpr Field kNameOfSecretSince30 = kNameOfSecret.by_default("\"\"").since(30);
inline constexpr Field kNameOfSecretUntil29 = kNameOfSecret.until(29);
inline constexpr Row kNameOfVolume = text("name", "Name of the volume.").required().always();
inline constexpr Field kNfs = object("nfs", "NFSVolumeSource", "A directory of an NFS server.");
inline constexpr Field kOptionalConfigMap =
    boolean("optional",
            "Whether the pod may start although the ConfigMap or an entry does not exist.")
        .pointer();
inline constexpr Field kOptionalSecret =
    boolean("optional", "Whether the pod may start although the Secret or an entry does not exist.")
        .pointer();
inline constexpr Field kPartition =
    int32("partition", "Number of the partition to mount; the whole disk if left out.");
inline constexpr Field kPath =
    text("path", "Path of the file in the volume. It must not lead out of it.").required().always();
inline constexpr Row kPathOfFile =
    text("path", "Path of the file in the volume.").required().always();
inline constexpr Field kPathOnNode = text("path", "Path on the node.").required().always();
inline constexpr Field kPhotonPersistentDisk =
    object("photonPersistentDisk", "PhotonPersistentDiskVolumeSource", "A disk of Photon.");
inline constexpr Field kPort =
    int_or_string("port", "Port, as a number or by its name.").required().always();
inline constexpr Row kPortNumber = int32("port", "Number of the port.");
inline constexpr Field kPortworxVolume =
    object("portworxVolume", "PortworxVolumeSource", "A Portworx volume.");
inline constexpr Row kProtocol =
    text("protocol", "TCP, UDP or SCTP. TCP if left out.").go("v1.Protocol");
inline constexpr Row kProtocolListed = kProtocol.one_of("SCTP TCP UDP");
inline constexpr Field kProtocolOrTcp = kProtocolListed.by_default("\"TCP\"");
inline constexpr Field kQuobyte = object("quobyte", "QuobyteVolumeSource", "A Quobyte volume.");
inline constexpr Row kRbd = object("rbd", "RBDVolumeSource", "A Ceph block device.");
inline constexpr Row kReadOnly =
    boolean("readOnly", "Whether the volume may only be read. False if left out.");
inline constexpr Field kReason = text("reason", "One word for why the condition has its status.");
inline constexpr Field kResourceFieldRef =
    object("resourceFieldRef", "ResourceFieldSelector", "A limit or request of a container.");
inline constexpr Field kRunAsGroup =
    int64(
        "runAsGroup",
        "Number of the group that the program runs as. That of the container runtime if left out.")
        .pointer();
inline constexpr Field kRunAsNonRoot =
    boolean("runAsNonRoot",
            "Whether the container must not run as root. The kubelet then refuses to start one "
            "that would.")
        .pointer();
inline constexpr Field kRunAsUser =
    int64("runAsUser",
          "Number of the user that the program runs as. That of the image if left out.")
        .pointer();
inline constexpr Row kScaleIO = object("scaleIO", "ScaleIOVolumeSource", "A ScaleIO volume.");
inline constexpr Field kSeLinuxOptions =
    object("seLinuxOptions", "SELinuxOptions", "SELinux context.");
inline constexpr Field kSeccompProfile =
    object("seccompProfile", "SeccompProfile", "Filter of system calls.");
inline constexpr Field kSecretName =
    text("secretName", "Secret with the name and key of the storage account.").required().always();
inline constexpr Field kShareName = text("shareName", "Name of the share.").required().always();
inline constexpr Field kStatus =
    text("status", "True, False or Unknown.").required().always().go("v1.ConditionStatus");
inline constexpr Field kStdin =
    boolean("stdin", "Whether standard input is kept open for somebody to attach to.");
inline constexpr Field kStdinOnce =
    boolean("stdinOnce", "Whether standard input is closed after the first who attached has left.");
inline constexpr Row kStorageos =
    object("storageos", "StorageOSVolumeSource", "A StorageOS volume.");
inline constexpr Field kTargetRef =
    object("targetRef", "ObjectReference", "The pod that stands behind it.");
inline constexpr Field kTerminationMessagePath =
    text("terminationMessagePath",
         "File in the container whose content at the end becomes its message. /dev/termination-log "
         "if left out.");
inline constexpr Field kTerminationMessagePolicy =
    text("terminationMessagePolicy",
         "File takes the message from that file only; FallbackToLogsOnError takes the end of the "
         "log where the file is empty and the container failed.")
        .one_of("FallbackToLogsOnError File")
        .go("v1.TerminationMessagePolicy");
inline constexpr Field kTopologyKey =
    text("topologyKey", "Label of nodes; those with the same value are the same place.")
        .required()
        .always();
inline constexpr Field kTty =
    boolean("tty", "Whether the container gets a terminal. It needs stdin.");
inline constexpr Field kVolumeAttributes =
    map(text("volumeAttributes", "Settings for the driver."));
inline constexpr Field kVolumeDevices =
    list(object("volumeDevices", "VolumeDevice", "Block devices that the container gets."))
        .merges("devicePath");
inline constexpr Field kVolumeID = text("volumeID", "Identity of the disk.").required().always();
inline constexpr Row kVolumeMode =
    text("volumeMode",
         "Filesystem for a mounted directory, Block for a bare device. Filesystem if left out.")
        .pointer()
        .go("v1.PersistentVolumeMode");
inline constexpr Field kVolumeModeSince27 = kVolumeMode.one_of("Block Filesystem").since(27);
inline constexpr Field kVolumeModeUntil26 = kVolumeMode.until(26);
inline constexpr Row kVolumeName = text("volumeName", "Name of the volume.");
inline constexpr Field kVsphereVolume =
    object("vsphereVolume", "VsphereVirtualDiskVolumeSource", "A disk of vSphere.");
inline constexpr Field kWindowsOptions =
    object("windowsOptions", "WindowsSecurityContextOptions", "Settings for Windows.");
inline constexpr Field kWorkingDir =
    text("workingDir", "Directory to start the program in. That of the image if left out.");

}  // namespace stsim::api::rows::shared
