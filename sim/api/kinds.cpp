#include <stsim/api/kinds.hpp>
#include <stsim/base/characters.hpp>
#include <stsim/base/error.hpp>

#include <algorithm>

namespace stsim::api {

namespace {

constexpr std::array kKinds{
    KindInfo{Kind::Namespace, "Namespace", "namespaces", "namespace", "ns", "", "v1", false, false},
    KindInfo{Kind::Node, "Node", "nodes", "node", "no", "", "v1", false, false},
    KindInfo{Kind::PersistentVolume,
             "PersistentVolume",
             "persistentvolumes",
             "persistentvolume",
             "pv",
             "",
             "v1",
             false,
             false},
    KindInfo{Kind::StorageClass,
             "StorageClass",
             "storageclasses",
             "storageclass",
             "sc",
             "storage.k8s.io",
             "v1",
             false,
             false},
    KindInfo{Kind::PersistentVolumeClaim,
             "PersistentVolumeClaim",
             "persistentvolumeclaims",
             "persistentvolumeclaim",
             "pvc",
             "",
             "v1",
             true,
             false},
    KindInfo{Kind::Service, "Service", "services", "service", "svc", "", "v1", true, true},
    KindInfo{Kind::Endpoints, "Endpoints", "endpoints", "endpoints", "ep", "", "v1", true, false},
    KindInfo{Kind::EndpointSlice,
             "EndpointSlice",
             "endpointslices",
             "endpointslice",
             "",
             "discovery.k8s.io",
             "v1",
             true,
             false},
    KindInfo{Kind::Pod, "Pod", "pods", "pod", "po", "", "v1", true, true},
    KindInfo{Kind::StatefulSet,
             "StatefulSet",
             "statefulsets",
             "statefulset",
             "sts",
             "apps",
             "v1",
             true,
             true},
    KindInfo{Kind::ControllerRevision,
             "ControllerRevision",
             "controllerrevisions",
             "controllerrevision",
             "",
             "apps",
             "v1",
             true,
             false},
    KindInfo{Kind::ConfigMap, "ConfigMap", "configmaps", "configmap", "cm", "", "v1", true, false},
    KindInfo{Kind::Secret, "Secret", "secrets", "secret", "", "", "v1", true, false},
    KindInfo{Kind::ServiceAccount,
             "ServiceAccount",
             "serviceaccounts",
             "serviceaccount",
             "sa",
             "",
             "v1",
             true,
             false},
    KindInfo{Kind::Event, "Event", "events", "event", "ev", "", "v1", true, false},
};

}  // namespace

std::span<const KindInfo> kinds() {
  return kKinds;
}

const KindInfo& info(Kind kind) {
  const auto index = static_cast<std::size_t>(kind);
  STSIM_ASSERT(index < kKinds.size() && kKinds[index].kind == kind);
  return kKinds[index];
}

bool names_type(std::string_view word,
                std::initializer_list<std::string_view> names,
                std::string_view group,
                std::string_view version) {
  const std::string wanted = to_lower(word);
  const std::size_t dot = std::min(wanted.find('.'), wanted.size());
  const std::string_view head = std::string_view(wanted).substr(0, dot);
  const std::string_view tail = std::string_view(wanted).substr(std::min(dot + 1, wanted.size()));
  if (head.empty() || std::ranges::find(names, head) == names.end()) {
    return false;
  }
  return tail.empty() || tail == group || tail == std::string(version) + "." + std::string(group);
}

std::optional<Kind> find_kind(std::string_view word) {
  const auto found = std::ranges::find_if(kKinds, [word](const KindInfo& k) {
    return names_type(
        word, {k.plural, k.singular, k.short_name, to_lower(k.name)}, k.group, k.version);
  });
  return found == kKinds.end() ? std::nullopt : std::optional(found->kind);
}

std::optional<Kind> find_kind(std::string_view version, std::string_view kind) {
  for (const KindInfo& k : kKinds) {
    if (kind == k.name && version == api_version(k.kind)) {
      return k.kind;
    }
  }
  return std::nullopt;
}

std::string api_version(Kind kind) {
  const KindInfo& k = info(kind);
  return k.group.empty() ? std::string(k.version)
                         : std::string(k.group) + "/" + std::string(k.version);
}

std::string resource_name(Kind kind) {
  const KindInfo& k = info(kind);
  return k.group.empty() ? std::string(k.plural)
                         : std::string(k.plural) + "." + std::string(k.group);
}

std::string singular_name(Kind kind) {
  const KindInfo& k = info(kind);
  return k.group.empty() ? std::string(k.singular)
                         : std::string(k.singular) + "." + std::string(k.group);
}

}  // namespace stsim::api
