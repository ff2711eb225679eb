// The schema of volumes of a pod, but for those that need a storage system of their own.

#include "api/schema_shared.hpp"

namespace stsim::api::rows {

namespace {

constexpr Field kClusterTrustBundleProjection[] = {
    object("labelSelector", "LabelSelector", "Which bundles of signerName, by their labels.")
        .since(29),
    text("name", "Name of one bundle. Excludes signerName.").pointer().since(29),
    boolean("optional", "Whether the pod may start although there is no such bundle.")
        .pointer()
        .since(29),
    shared::kPathOfFile.since(29),
    text("signerName", "Take all bundles of this signer. Excludes name.").pointer().since(29),
};

constexpr Field kConfigMapProjection[] = {
    shared::kItemsOfKeys,
    shared::kNameOfConfigMapUntil29,
    shared::kNameOfConfigMapSince30,
    shared::kOptionalConfigMap,
};

constexpr Field kConfigMapVolumeSource[] = {
    shared::kDefaultMode,
    shared::kItemsOfKeys,
    shared::kNameOfConfigMapUntil29,
    shared::kNameOfConfigMapSince30,
    shared::kOptionalConfigMap,
};

constexpr Field kDownwardAPIProjection[] = {
    shared::kItemsOfFields,
};

constexpr Field kDownwardAPIVolumeFile[] = {
    object("fieldRef",
           "ObjectFieldSelector",
           "A field of the pod: name, namespace, labels, annotations or uid."),
    shared::kMode,
    shared::kPath,
    shared::kResourceFieldRef,
};

constexpr Field kDownwardAPIVolumeSource[] = {
    shared::kDefaultMode,
    shared::kItemsOfFields,
};

constexpr Field kEmptyDirVolumeSource[] = {
    text("medium", "Memory puts it into memory. The node's disk if left out.")
        .go("v1.StorageMedium"),
    quantity("sizeLimit", "Most that it may hold. A pod that exceeds it is evicted."),
};

constexpr Field kEphemeralVolumeSource[] = {
    object("volumeClaimTemplate",
           "PersistentVolumeClaimTemplate",
           "What the claim looks like. It is called POD-VOLUME."),
};

constexpr Row kTypeOfHostPath = text("type",
                                     "What must be at the path, or is to be made there. Nothing is "
                                     "checked if left out or empty.")
                                    .pointer()
                                    .go("v1.HostPathType");

constexpr Field kHostPathVolumeSource[] = {
    shared::kPathOnNode,
    kTypeOfHostPath.until(26),
    kTypeOfHostPath
        .one_of("\"\" BlockDevice CharDevice Directory DirectoryOrCreate File FileOrCreate Socket")
        .since(27),
};

constexpr Field kImageVolumeSource[] = {
    text("pullPolicy",
         "When to fetch the image: Always, IfNotPresent or Never. If left out, Always for the tag "
         "latest or no tag, otherwise IfNotPresent.")
        .one_of("Always IfNotPresent Never")
        .go("v1.PullPolicy")
        .since(31),
    text("reference", "Name of the image.").since(31),
};

constexpr Field kKeyToPath[] = {
    shared::kKey,
    shared::kMode,
    shared::kPath,
};

constexpr Field kNFSVolumeSource[] = {
    text("path", "Path that the server exports.").required().always(),
    boolean("readOnly", "Whether the volume is mounted read-only. False if left out."),
    text("server", "Name or address of the server.").required().always(),
};

constexpr Field kPersistentVolumeClaimTemplate[] = {
    object("metadata", "ObjectMeta", "Labels and annotations for the claim.").always(),
    object("spec", "PersistentVolumeClaimSpec", "What the claim asks for.").required().always(),
};

constexpr Field kPersistentVolumeClaimVolumeSource[] = {
    text("claimName", "Name of the claim.").required().always(),
    boolean("readOnly", "Whether all mounts of the volume are read-only. False if left out."),
};

constexpr Field kPodCertificateProjection[] = {
    text("certificateChainPath", "Path of the file with the certificates.").since(34),
    text("credentialBundlePath", "Path of a file with both, the key first.").since(34),
    text("keyPath", "Path of the file with the key.").since(34),
    text("keyType", "Kind of key to make, such as ED25519 or RSA3072.").required().since(34),
    int32("maxExpirationSeconds",
          "How long the certificate may be valid at most. A day if left out.")
        .pointer()
        .since(34),
    text("signerName", "Who signs the certificate.").required().since(34),
    map(text("userAnnotations", "Further data for the signer.")).since(35),
};

constexpr Field kProjectedVolumeSource[] = {
    shared::kDefaultMode,
    list(object("sources", "VolumeProjection", "What to put into the directory.")).always(),
};

constexpr Field kSecretProjection[] = {
    shared::kItemsOfKeys,
    shared::kNameOfSecretUntil29,
    shared::kNameOfSecretSince30,
    shared::kOptionalSecret,
};

constexpr Field kSecretVolumeSource[] = {
    shared::kDefaultMode,
    shared::kItemsOfKeys,
    shared::kOptionalSecret,
    text("secretName", "Name of the Secret."),
};

constexpr Field kServiceAccountTokenProjection[] = {
    text("audience", "Who is to accept the token. The API server if left out."),
    int64("expirationSeconds",
          "Seconds that a token is valid. An hour if left out, ten minutes at least.")
        .pointer(),
    shared::kPathOfFile,
};

constexpr Field kVolume[] = {
    shared::kAwsElasticBlockStore,
    shared::kAzureDisk,
    shared::kAzureFile,
    shared::kCephfs,
    shared::kCinder,
    object("configMap", "ConfigMapVolumeSource", "Entries of a ConfigMap as files."),
    shared::kCsi,
    object("downwardAPI", "DownwardAPIVolumeSource", "Fields of the pod as files."),
    object("emptyDir",
           "EmptyDirVolumeSource",
           "An empty directory that lives as long as the pod. The source if none is given."),
    object(
        "ephemeral", "EphemeralVolumeSource", "A claim that is made for the pod and goes with it."),
    shared::kFc,
    shared::kFlexVolume,
    shared::kFlocker,
    shared::kGcePersistentDisk,
    object("gitRepo", "GitRepoVolumeSource", "A clone of a Git repository. No longer supported."),
    shared::kGlusterfs,
    shared::kHostPath,
    object("image", "ImageVolumeSource", "The files of an image.").since(31),
    shared::kIscsi,
    text("name", "Name of the volume, unique in the pod.").required().always(),
    shared::kNfs,
    object("persistentVolumeClaim", "PersistentVolumeClaimVolumeSource", "The storage of a claim."),
    shared::kPhotonPersistentDisk,
    shared::kPortworxVolume,
    object("projected", "ProjectedVolumeSource", "Several sources in one directory."),
    shared::kQuobyte,
    shared::kRbd,
    shared::kScaleIO,
    object("secret", "SecretVolumeSource", "Entries of a Secret as files."),
    shared::kStorageos,
    shared::kVsphereVolume,
};

constexpr Field kVolumeProjection[] = {
    object("clusterTrustBundle",
           "ClusterTrustBundleProjection",
           "Certificates of authorities to trust.")
        .since(29),
    object("configMap", "ConfigMapProjection", "Entries of a ConfigMap."),
    object("downwardAPI", "DownwardAPIProjection", "Fields of the pod."),
    object("podCertificate", "PodCertificateProjection", "A key and a certificate for the pod.")
        .since(34),
    object("secret", "SecretProjection", "Entries of a Secret."),
    object("serviceAccountToken",
           "ServiceAccountTokenProjection",
           "A token of the pod's service account."),
};

constexpr Type kVolumeTypes[] = {
    {"ClusterTrustBundleProjection",
     "Certificates of authorities to trust, in one file.",
     kClusterTrustBundleProjection},
    {"ConfigMapProjection",
     "Entries of a ConfigMap as files of a projected volume.",
     kConfigMapProjection},
    {"ConfigMapVolumeSource",
     "Makes a directory of the entries of a ConfigMap. It follows changes of the ConfigMap after a "
     "while.",
     kConfigMapVolumeSource},
    {"DownwardAPIProjection",
     "Fields of the pod as files of a projected volume.",
     kDownwardAPIProjection},
    {"DownwardAPIVolumeFile", "A file with a field of the pod.", kDownwardAPIVolumeFile},
    {"DownwardAPIVolumeSource",
     "Makes files that tell the containers about their own pod.",
     kDownwardAPIVolumeSource},
    {"EmptyDirVolumeSource",
     "An empty directory that lives as long as the pod is on its node.",
     kEmptyDirVolumeSource},
    {"EphemeralVolumeSource",
     "Asks for storage by a claim that belongs to the pod.",
     kEphemeralVolumeSource},
    {"HostPathVolumeSource",
     "Names a file or directory of the node that the pod runs on. Another node has other content "
     "there.",
     kHostPathVolumeSource},
    {"ImageVolumeSource", "The files of an image, read-only.", kImageVolumeSource},
    {"KeyToPath", "Gives an entry a path in the volume.", kKeyToPath},
    {"NFSVolumeSource",
     "A directory of an NFS server. Its files outlive the pods that use it.",
     kNFSVolumeSource},
    {"PersistentVolumeClaimTemplate",
     "What a claim that belongs to one pod looks like.",
     kPersistentVolumeClaimTemplate},
    {"PersistentVolumeClaimVolumeSource",
     "The storage that a claim in the pod's namespace is bound to.",
     kPersistentVolumeClaimVolumeSource},
    {"PodCertificateProjection",
     "A private key and a certificate for the pod, renewed in time.",
     kPodCertificateProjection},
    {"ProjectedVolumeSource",
     "Puts files from several sources into one directory.",
     kProjectedVolumeSource},
    {"SecretProjection", "Entries of a Secret as files of a projected volume.", kSecretProjection},
    {"SecretVolumeSource",
     "Makes a directory, kept in memory, of the entries of a Secret. It follows changes of the "
     "Secret after a while.",
     kSecretVolumeSource},
    {"ServiceAccountTokenProjection",
     "A token of the pod's service account, renewed in time.",
     kServiceAccountTokenProjection},
    {"Volume",
     "Storage that the containers of a pod can mount: a name and exactly one source.",
     kVolume},
    {"VolumeProjection",
     "One source of a projected volume: one of them must be set.",
     kVolumeProjection},
};

}  // namespace

std::span<const Type> volume_types() {
  return kVolumeTypes;
}

}  // namespace stsim::api::rows
