#include "empty_types.hpp"

#include <fmt/format.h>
#include <stsim/base/characters.hpp>

#include <algorithm>
#include <array>

namespace stsim::kubectl {

namespace {

// Facts: the discovery documents of Kubernetes 1.36. Types of which a fresh cluster has objects
// (roles, priority classes, flow schemas) are not here.
constexpr std::array kEmptyTypes{
    EmptyType{"certificatesigningrequests",
              "certificatesigningrequest",
              "csr",
              "certificates.k8s.io",
              false},
    EmptyType{"cronjobs", "cronjob", "cj", "batch", true},
    EmptyType{"csidrivers", "csidriver", "", "storage.k8s.io", false},
    EmptyType{"csinodes", "csinode", "", "storage.k8s.io", false},
    EmptyType{"csistoragecapacities", "csistoragecapacity", "", "storage.k8s.io", true},
    EmptyType{"customresourcedefinitions",
              "customresourcedefinition",
              "crd",
              "apiextensions.k8s.io",
              false},
    EmptyType{"daemonsets", "daemonset", "ds", "apps", true},
    EmptyType{"deployments", "deployment", "deploy", "apps", true},
    EmptyType{"horizontalpodautoscalers", "horizontalpodautoscaler", "hpa", "autoscaling", true},
    EmptyType{"ingressclasses", "ingressclass", "", "networking.k8s.io", false},
    EmptyType{"ingresses", "ingress", "ing", "networking.k8s.io", true},
    EmptyType{"jobs", "job", "", "batch", true},
    EmptyType{"limitranges", "limitrange", "limits", "", true},
    EmptyType{"networkpolicies", "networkpolicy", "netpol", "networking.k8s.io", true},
    EmptyType{"poddisruptionbudgets", "poddisruptionbudget", "pdb", "policy", true},
    EmptyType{"podtemplates", "podtemplate", "", "", true},
    EmptyType{"replicasets", "replicaset", "rs", "apps", true},
    EmptyType{"replicationcontrollers", "replicationcontroller", "rc", "", true},
    EmptyType{"resourcequotas", "resourcequota", "quota", "", true},
    EmptyType{"runtimeclasses", "runtimeclass", "", "node.k8s.io", false},
    EmptyType{"volumeattachments", "volumeattachment", "", "storage.k8s.io", false},
};

}  // namespace

const EmptyType* find_empty_type(std::string_view word) {
  const std::string wanted = to_lower(word);
  const auto names = [&wanted](const EmptyType& type, std::string_view name) {
    return !name.empty() && (wanted == name || (!type.group.empty() &&
                                                wanted == fmt::format("{}.{}", name, type.group)));
  };
  const auto found = std::ranges::find_if(kEmptyTypes, [&names](const EmptyType& type) {
    return names(type, type.plural) || names(type, type.singular) || names(type, type.short_name);
  });
  return found == kEmptyTypes.end() ? nullptr : &*found;
}

std::string resource_name(const EmptyType& type) {
  return type.group.empty() ? std::string(type.plural)
                            : fmt::format("{}.{}", type.plural, type.group);
}

}  // namespace stsim::kubectl
