#include "api/internal_form.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace stsim::api {

namespace {

using Ordered = nlohmann::ordered_json;

/// The members of a type in its own order, separated by one space.
struct Order {
  std::string_view type;
  std::string_view keys;
};

/// The types whose order is not that of the alphabet, but for those of volume plug-ins that
/// Kubernetes has dropped.
constexpr std::array kOrders{
    Order{"AppArmorProfile", "type localhostProfile"},
    Order{"CSIPersistentVolumeSource",
          "driver volumeHandle readOnly fsType volumeAttributes controllerPublishSecretRef "
          "nodeStageSecretRef nodePublishSecretRef controllerExpandSecretRef nodeExpandSecretRef"},
    Order{"CSIVolumeSource", "driver readOnly fsType volumeAttributes nodePublishSecretRef"},
    Order{"ClusterTrustBundleProjection", "name signerName labelSelector optional path"},
    Order{"ConfigMapProjection", "name items optional"},
    Order{"ConfigMapEnvSource", "name optional"},
    Order{"ConfigMapKeySelector", "name key optional"},
    Order{"ConfigMapVolumeSource", "name items defaultMode optional"},
    Order{"Container",
          "name image command args workingDir ports envFrom env resources resizePolicy "
          "restartPolicy restartPolicyRules volumeMounts volumeDevices livenessProbe "
          "readinessProbe startupProbe lifecycle terminationMessagePath terminationMessagePolicy "
          "imagePullPolicy securityContext stdin stdinOnce tty"},
    Order{"ContainerPort", "name hostPort containerPort protocol hostIP"},
    Order{"ContainerResizePolicy", "resourceName restartPolicy"},
    Order{"DownwardAPIVolumeFile", "path fieldRef resourceFieldRef mode"},
    Order{"DownwardAPIVolumeSource", "items defaultMode"},
    Order{"EmptyDirVolumeSource", "medium sizeLimit"},
    Order{"EnvFromSource", "prefix configMapRef secretRef"},
    Order{"EnvVar", "name value valueFrom"},
    Order{"EnvVarSource", "fieldRef resourceFieldRef configMapKeyRef secretKeyRef fileKeyRef"},
    Order{"FCVolumeSource", "targetWWNs lun fsType readOnly wwids"},
    Order{"FileKeySelector", "volumeName path key optional"},
    Order{"HTTPGetAction", "path port host scheme httpHeaders"},
    Order{"HTTPHeader", "name value"},
    Order{"HostAlias", "ip hostnames"},
    Order{"HostPathVolumeSource", "path type"},
    Order{"ISCSIPersistentVolumeSource",
          "targetPortal iqn lun iscsiInterface fsType readOnly portals chapAuthDiscovery "
          "chapAuthSession secretRef initiatorName"},
    Order{"ISCSIVolumeSource",
          "targetPortal iqn lun iscsiInterface fsType readOnly portals chapAuthDiscovery "
          "chapAuthSession secretRef initiatorName"},
    Order{"ImageVolumeSource", "reference pullPolicy"},
    Order{"KeyToPath", "key path mode"},
    Order{"Lifecycle", "postStart preStop stopSignal"},
    Order{"LifecycleHandler", "exec httpGet tcpSocket sleep"},
    Order{"LocalVolumeSource", "path fsType"},
    Order{"NFSVolumeSource", "server path readOnly"},
    Order{"NodeAffinity",
          "requiredDuringSchedulingIgnoredDuringExecution "
          "preferredDuringSchedulingIgnoredDuringExecution"},
    Order{"NodeSelectorRequirement", "key operator values"},
    Order{"NodeSelectorTerm", "matchExpressions matchFields"},
    Order{"ObjectFieldSelector", "apiVersion fieldPath"},
    Order{"PersistentVolumeClaimSpec",
          "accessModes selector resources volumeName storageClassName volumeMode dataSource "
          "dataSourceRef volumeAttributesClassName"},
    Order{"PersistentVolumeClaimVolumeSource", "claimName readOnly"},
    Order{"PodAffinity",
          "requiredDuringSchedulingIgnoredDuringExecution "
          "preferredDuringSchedulingIgnoredDuringExecution"},
    Order{"PodAffinityTerm",
          "labelSelector namespaces topologyKey namespaceSelector matchLabelKeys "
          "mismatchLabelKeys"},
    Order{"PodAntiAffinity",
          "requiredDuringSchedulingIgnoredDuringExecution "
          "preferredDuringSchedulingIgnoredDuringExecution"},
    Order{"PodDNSConfig", "nameservers searches options"},
    Order{"PodDNSConfigOption", "name value"},
    Order{"PodSecurityContext",
          "hostNetwork hostPID hostIPC shareProcessNamespace hostUsers seLinuxOptions "
          "windowsOptions runAsUser runAsGroup runAsNonRoot supplementalGroups "
          "supplementalGroupsPolicy fsGroup fsGroupChangePolicy sysctls seccompProfile "
          "appArmorProfile seLinuxChangePolicy"},
    Order{"PodSpec",
          "volumes initContainers containers ephemeralContainers restartPolicy "
          "terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy nodeSelector "
          "serviceAccountName automountServiceAccountToken nodeName securityContext "
          "imagePullSecrets hostname subdomain setHostnameAsFQDN affinity schedulerName "
          "tolerations hostAliases priorityClassName priority preemptionPolicy dnsConfig "
          "readinessGates runtimeClassName overhead enableServiceLinks topologySpreadConstraints "
          "os schedulingGates resourceClaims resources hostnameOverride schedulingGroup"},
    Order{"PreferredSchedulingTerm", "weight preference"},
    Order{"Probe",
          "exec httpGet tcpSocket grpc initialDelaySeconds timeoutSeconds periodSeconds "
          "successThreshold failureThreshold terminationGracePeriodSeconds"},
    Order{"ProjectedVolumeSource", "sources defaultMode"},
    Order{"ResourceFieldSelector", "containerName resource divisor"},
    Order{"ResourceRequirements", "limits requests claims"},
    Order{"SELinuxOptions", "user role type level"},
    Order{"SeccompProfile", "type localhostProfile"},
    Order{"SecretEnvSource", "name optional"},
    Order{"SecretKeySelector", "name key optional"},
    Order{"SecretProjection", "name items optional"},
    Order{"SecretVolumeSource", "secretName items defaultMode optional"},
    Order{"SecurityContext",
          "capabilities privileged seLinuxOptions windowsOptions runAsUser runAsGroup "
          "runAsNonRoot readOnlyRootFilesystem allowPrivilegeEscalation procMount seccompProfile "
          "appArmorProfile"},
    Order{"Sysctl", "name value"},
    Order{"TCPSocketAction", "port host"},
    Order{"Toleration", "key operator value effect tolerationSeconds"},
    Order{"TopologySpreadConstraint",
          "maxSkew topologyKey whenUnsatisfiable labelSelector minDomains nodeAffinityPolicy "
          "nodeTaintsPolicy matchLabelKeys"},
    Order{"Volume",
          "name hostPath emptyDir gcePersistentDisk awsElasticBlockStore gitRepo secret nfs iscsi "
          "glusterfs persistentVolumeClaim rbd quobyte flexVolume cinder cephfs flocker "
          "downwardAPI fc azureFile configMap vsphereVolume azureDisk photonPersistentDisk "
          "projected portworxVolume scaleIO storageos csi ephemeral image"},
    Order{"VolumeDevice", "name devicePath"},
    Order{"VolumeMount",
          "name readOnly recursiveReadOnly mountPath subPath mountPropagation subPathExpr"},
    Order{"VolumeProjection",
          "secret downwardAPI configMap serviceAccountToken clusterTrustBundle podCertificate"},
    Order{"VolumeResourceRequirements", "limits requests"},
    Order{"WeightedPodAffinityTerm", "weight podAffinityTerm"},
    Order{"WindowsSecurityContextOptions",
          "gmsaCredentialSpecName gmsaCredentialSpec runAsUserName hostProcess"},
};

/// Members of those types whose Go name is not the JSON name with a capital.
struct GoName {
  std::string_view key;
  std::string_view name;
};

constexpr std::array kGoNames{
    GoName{"apiGroup", "APIGroup"},
    GoName{"apiVersion", "APIVersion"},
    GoName{"awsElasticBlockStore", "AWSElasticBlockStore"},
    GoName{"cephfs", "CephFS"},
    GoName{"chapAuthDiscovery", "DiscoveryCHAPAuth"},
    GoName{"chapAuthSession", "SessionCHAPAuth"},
    GoName{"csi", "CSI"},
    GoName{"dnsConfig", "DNSConfig"},
    GoName{"dnsPolicy", "DNSPolicy"},
    GoName{"fc", "FC"},
    GoName{"fsGroup", "FSGroup"},
    GoName{"fsGroupChangePolicy", "FSGroupChangePolicy"},
    GoName{"fsType", "FSType"},
    GoName{"gcePersistentDisk", "GCEPersistentDisk"},
    GoName{"gmsaCredentialSpec", "GMSACredentialSpec"},
    GoName{"gmsaCredentialSpecName", "GMSACredentialSpecName"},
    GoName{"grpc", "GRPC"},
    GoName{"httpGet", "HTTPGet"},
    GoName{"httpHeaders", "HTTPHeaders"},
    GoName{"ip", "IP"},
    GoName{"iqn", "IQN"},
    GoName{"iscsi", "ISCSI"},
    GoName{"iscsiInterface", "ISCSIInterface"},
    GoName{"nfs", "NFS"},
    GoName{"os", "OS"},
    GoName{"rbd", "RBD"},
    GoName{"seLinuxChangePolicy", "SELinuxChangePolicy"},
    GoName{"seLinuxOptions", "SELinuxOptions"},
    GoName{"storageos", "StorageOS"},
    GoName{"tcpSocket", "TCPSocket"},
    GoName{"tty", "TTY"},
    GoName{"wwids", "WWIDs"},
};

std::string go_name(std::string_view key) {
  const auto found = std::ranges::find(kGoNames, key, &GoName::key);
  std::string out(found == kGoNames.end() ? key : found->name);
  if (out.front() >= 'a' && out.front() <= 'z') {
    out.front() = static_cast<char>(out.front() - 'a' + 'A');
  }
  return out;
}

/// The names in a text of them, separated by one space.
std::vector<std::string> split(std::string_view keys) {
  std::vector<std::string> out;
  while (!keys.empty()) {
    const std::size_t end = std::min(keys.find(' '), keys.size());
    out.emplace_back(keys.substr(0, end));
    keys.remove_prefix(std::min(end + 1, keys.size()));
  }
  return out;
}

class Writer {
 public:
  explicit Writer(Release release) : release_(release) {}

  Ordered members(const Json& value, const Type& type, const std::vector<std::string>& keys) {
    if (type.name == "PodSpec") {
      note_shared(value);
    }
    Ordered out = Ordered::object();
    for (const std::string& key : keys) {
      if (const Field* field = type.find(key, release_.minor)) {
        out[go_name(key)] = of_field(api::member(value, key), *field);
      } else if (type.name == "PodSecurityContext" && shared_.contains(key)) {
        out[go_name(key)] = shared_[key];
      }
    }
    return out;
  }

  [[nodiscard]] std::vector<std::string> keys_of(const Type& type) const {
    const auto found = std::ranges::find(kOrders, type.name, &Order::type);
    if (found != kOrders.end()) {
      return split(found->keys);
    }
    std::vector<std::string> out;
    for (const Field& field : type.fields) {
      if (field.in_release(release_.minor)) {
        out.emplace_back(field.name);
      }
    }
    return out;
  }

 private:
  /// What a pod shares with its node belongs to the security context in the server's own type.
  void note_shared(const Json& spec) {
    for (const char* key : {"hostNetwork", "hostPID", "hostIPC"}) {
      shared_[key] = api::member(spec, key) == Json(true);
    }
    for (const char* key : {"shareProcessNamespace", "hostUsers"}) {
      shared_[key] = Ordered::parse(api::member(spec, key).dump());
    }
  }

  Ordered of_field(const Json& value, const Field& field) {
    if (field.shape == Shape::One) {
      return one(value, field);
    }
    if (value.is_null()) {
      return nullptr;
    }
    Ordered out = field.shape == Shape::List ? Ordered::array() : Ordered::object();
    for (const auto& [key, element] : value.items()) {
      if (field.shape == Shape::List) {
        out.push_back(one(element, field));
      } else {
        out[key] = one(element, field);
      }
    }
    return out;
  }

  Ordered one(const Json& value, const Field& field) {
    const bool pointer = field.zero == ZeroValue::Kept;
    if (field.value == ValueType::Object && field.type_name != "LabelSelector") {
      const Type* type = find_type(field.type_name);
      const bool by_value = field.zero == ZeroValue::Written;
      if (type != nullptr && (!value.is_null() || by_value)) {
        return members(value, *type, keys_of(*type));
      }
    }
    if (!value.is_null() || pointer) {
      return Ordered::parse(value.dump());
    }
    switch (field.value) {
      case ValueType::String:
        return "";
      case ValueType::Integer:
      case ValueType::Number:
      case ValueType::IntOrString:
        return 0;
      case ValueType::Boolean:
        return false;
      case ValueType::Quantity:
        return "0";
      case ValueType::Object:
      case ValueType::Time:
      case ValueType::MicroTime:
      case ValueType::Raw:
        break;
    }
    return nullptr;
  }

  Release release_;
  Ordered shared_ = Ordered::object();
};

}  // namespace

nlohmann::ordered_json internal_form(const Json& value,
                                     std::string_view type,
                                     Release release,
                                     std::string_view keys) {
  const Type& known = *find_type(type);
  Writer writer(release);
  return writer.members(value, known, keys.empty() ? writer.keys_of(known) : split(keys));
}

}  // namespace stsim::api
