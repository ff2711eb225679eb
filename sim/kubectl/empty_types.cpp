#include "empty_types.hpp"

#include <fmt/format.h>
#include <stsim/api/kinds.hpp>

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
              "v1",
              false},
    EmptyType{"cronjobs", "cronjob", "cj", "batch", "v1", true},
    EmptyType{"csidrivers", "csidriver", "", "storage.k8s.io", "v1", false},
    EmptyType{"csinodes", "csinode", "", "storage.k8s.io", "v1", false},
    EmptyType{"csistoragecapacities", "csistoragecapacity", "", "storage.k8s.io", "v1", true},
    EmptyType{"customresourcedefinitions",
              "customresourcedefinition",
              "crd",
              "apiextensions.k8s.io",
              "v1",
              false},
    EmptyType{"daemonsets", "daemonset", "ds", "apps", "v1", true},
    EmptyType{"deployments", "deployment", "deploy", "apps", "v1", true},
    EmptyType{
        "horizontalpodautoscalers", "horizontalpodautoscaler", "hpa", "autoscaling", "v2", true},
    EmptyType{"ingressclasses", "ingressclass", "", "networking.k8s.io", "v1", false},
    EmptyType{"ingresses", "ingress", "ing", "networking.k8s.io", "v1", true},
    EmptyType{"jobs", "job", "", "batch", "v1", true},
    EmptyType{"limitranges", "limitrange", "limits", "", "v1", true},
    EmptyType{"networkpolicies", "networkpolicy", "netpol", "networking.k8s.io", "v1", true},
    EmptyType{"poddisruptionbudgets", "poddisruptionbudget", "pdb", "policy", "v1", true},
    EmptyType{"podtemplates", "podtemplate", "", "", "v1", true},
    EmptyType{"replicasets", "replicaset", "rs", "apps", "v1", true},
    EmptyType{"replicationcontrollers", "replicationcontroller", "rc", "", "v1", true},
    EmptyType{"resourcequotas", "resourcequota", "quota", "", "v1", true},
    EmptyType{"runtimeclasses", "runtimeclass", "", "node.k8s.io", "v1", false},
    EmptyType{"volumeattachments", "volumeattachment", "", "storage.k8s.io", "v1", false},
};

}  // namespace

const EmptyType* find_empty_type(std::string_view word) {
  const auto found = std::ranges::find_if(kEmptyTypes, [word](const EmptyType& type) {
    return api::names_type(
        word, {type.plural, type.singular, type.short_name}, type.group, type.version);
  });
  return found == kEmptyTypes.end() ? nullptr : &*found;
}

std::string resource_name(const EmptyType& type) {
  return type.group.empty() ? std::string(type.plural)
                            : fmt::format("{}.{}", type.plural, type.group);
}

}  // namespace stsim::kubectl
