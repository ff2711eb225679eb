#pragma once
// Labels, annotations, finalizers and addresses that have a meaning for more than one part of a
// cluster.

namespace stsim::api {

/// On a pod of a set: its own name. Rule: SS-23.
inline constexpr const char* kPodNameLabel = "statefulset.kubernetes.io/pod-name";
/// On a pod of a set: its ordinal. Rule: SS-23.
inline constexpr const char* kPodIndexLabel = "apps.kubernetes.io/pod-index";
/// On a pod of a set: its revision. Rule: SS-23.
inline constexpr const char* kRevisionLabel = "controller-revision-hash";
/// On a namespace: its own name.
inline constexpr const char* kNamespaceNameLabel = "kubernetes.io/metadata.name";
/// On an EndpointSlice: the Service it belongs to. Rule: SD-7.
inline constexpr const char* kServiceNameLabel = "kubernetes.io/service-name";

/// What `kubectl apply` was given last. Rule: KC-13.
inline constexpr const char* kLastAppliedAnnotation =
    "kubectl.kubernetes.io/last-applied-configuration";
/// Why a set's pod template was changed, for `rollout history`. Rule: KC-17.
inline constexpr const char* kChangeCauseAnnotation = "kubernetes.io/change-cause";
/// The class of a claim or volume, in its older form. Rule: PV-3.
inline constexpr const char* kStorageClassAnnotation = "volume.beta.kubernetes.io/storage-class";
/// On the class of claims that name none. Rule: PV-2.
inline constexpr const char* kDefaultClassAnnotation =
    "storageclass.kubernetes.io/is-default-class";
/// The same, in its older form.
inline constexpr const char* kBetaDefaultClassAnnotation =
    "storageclass.beta.kubernetes.io/is-default-class";

/// What an affinity requires of a node, and what it only prefers. Rule: PN-50.
inline constexpr const char* kRequired = "requiredDuringSchedulingIgnoredDuringExecution";
inline constexpr const char* kPreferred = "preferredDuringSchedulingIgnoredDuringExecution";

/// The garbage collector deletes the dependents first. Rule: GC-4.
inline constexpr const char* kForegroundFinalizer = "foregroundDeletion";
/// The garbage collector takes the dependents' references away first. Rule: GC-5.
inline constexpr const char* kOrphanFinalizer = "orphan";
/// A claim that a pod uses stays. Rule: PV-70.
inline constexpr const char* kClaimProtectionFinalizer = "kubernetes.io/pvc-protection";
/// A volume that is bound stays. Rule: PV-71.
inline constexpr const char* kVolumeProtectionFinalizer = "kubernetes.io/pv-protection";

/// The namespace of what says none.
inline constexpr const char* kDefaultNamespace = "default";

/// The address of the cluster's DNS server, which no Service may have. Rule: VA-12.
inline constexpr const char* kDnsAddress = "10.0.0.10";

}  // namespace stsim::api
