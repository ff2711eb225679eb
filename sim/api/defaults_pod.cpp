#include "api/defaults_parts.hpp"

#include <stsim/api/quantity.hpp>
#include <stsim/api/taints.hpp>

#include <algorithm>
#include <array>

namespace stsim::api::defaults {

namespace {

constexpr std::array<std::string_view, 3> kContainerLists{
    "initContainers", "containers", "ephemeralContainers"};

/// The tag that Docker's reference grammar finds in an image: `latest` where there is neither tag
/// nor digest, nothing where there is only a digest.
std::string_view tag_of(std::string_view image) {
  const std::size_t digest = image.find('@');
  const std::string_view name = image.substr(0, digest);
  const std::size_t colon = name.rfind(':');
  const std::size_t slash = name.rfind('/');
  // A colon before the last slash belongs to the registry's port.
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) {
    return name.substr(colon + 1);
  }
  return digest == std::string_view::npos ? "latest" : "";
}

/// `Always` for the tag latest, which may move. Rule: PN-11.
std::string_view pull_policy(const Json& object, std::string_view image_key) {
  const std::string image = text(object, image_key);
  // An empty image is no reference at all, so no tag is found in it.
  return !image.empty() && tag_of(image) == "latest" ? "Always" : "IfNotPresent";
}

void http_get(Json& owner) {
  if (Json* action = object_in(owner, "httpGet")) {
    set(*action, "path", "/");
    set(*action, "scheme", "HTTP");
  }
}

void probe(Json& container, std::string_view key) {
  if (Json* at = object_in(container, key)) {
    set(*at, "timeoutSeconds", 1);
    set(*at, "periodSeconds", 10);
    set(*at, "successThreshold", 1);
    set(*at, "failureThreshold", 3);
    http_get(*at);
  }
}

void field_reference(Json& owner) {
  if (Json* at = object_in(owner, "fieldRef")) {
    set(*at, "apiVersion", "v1");
  }
}

void container(Json& c) {
  set(c, "imagePullPolicy", pull_policy(c, "image"));
  set(c, "terminationMessagePath", "/dev/termination-log");
  set(c, "terminationMessagePolicy", "File");
  each(c, "ports", [](Json& port) { set(port, "protocol", "TCP"); });
  each(c, "env", [](Json& variable) {
    if (Json* from = object_in(variable, "valueFrom")) {
      field_reference(*from);
    }
  });
  for (const std::string_view key : {"livenessProbe", "readinessProbe", "startupProbe"}) {
    probe(c, key);
  }
  if (Json* lifecycle = object_in(c, "lifecycle")) {
    for (const std::string_view key : {"postStart", "preStop"}) {
      if (Json* hook = object_in(*lifecycle, key)) {
        http_get(*hook);
      }
    }
  }
}

void projected(Json& volume) {
  each(volume, "sources", [](Json& source) {
    if (Json* fields = object_in(source, "downwardAPI")) {
      each(*fields, "items", field_reference);
    }
    if (Json* token = object_in(source, "serviceAccountToken")) {
      set(*token, "expirationSeconds", 3600);
    }
  });
}

void volume(Json& v, Release release) {
  if (v.size() == (v.contains("name") ? 1u : 0u)) {
    v["emptyDir"] = Json::object();
  }
  for (const std::string_view key : {"configMap", "secret", "projected", "downwardAPI"}) {
    if (Json* source = object_in(v, key)) {
      set(*source, "defaultMode", 420);
    }
  }
  if (Json* path = object_in(v, "hostPath")) {
    set(*path, "type", "");
  }
  if (Json* fields = object_in(v, "downwardAPI")) {
    each(*fields, "items", field_reference);
  }
  if (Json* sources = object_in(v, "projected")) {
    projected(*sources);
  }
  if (Json* ephemeral = object_in(v, "ephemeral")) {
    if (Json* claim = object_in(*ephemeral, "volumeClaimTemplate")) {
      set((*claim)["spec"], "volumeMode", "Filesystem");
    }
  }
  // Volumes of images have been on by default since 1.35.
  if (Json* image = object_in(v, "image"); image != nullptr && release.at_least(35)) {
    set(*image, "pullPolicy", pull_policy(*image, "reference"));
  }
}

void requests_from_limits(Json& c) {
  const Json limits = at_path(c, {"resources", "limits"});
  if (!limits.is_object()) {
    return;
  }
  Json& requests = c["resources"]["requests"];
  for (const auto& [name, value] : limits.items()) {
    set(requests, name, value);
  }
}

void host_ports(Json& c) {
  each(c, "ports", [](Json& port) {
    if (integer(port, "hostPort") == 0) {
      port["hostPort"] = Json(member(port, "containerPort"));
    }
  });
}

/// Whether a toleration covers taint `key` with effect NoExecute.
bool tolerates(const Json& tolerations, std::string_view key) {
  return tolerations.is_array() && std::ranges::any_of(tolerations, [key](const Json& t) {
           const std::string effect = text(t, "effect");
           const std::string own = text(t, "key");
           return (own.empty() || own == key) && (effect.empty() || effect == "NoExecute");
         });
}

/// A failed node's pods are evicted after five minutes. Rule: PN-61.
void tolerations(Json& spec) {
  for (const std::string_view key : {kNotReadyTaint, kUnreachableTaint}) {
    if (tolerates(member(spec, "tolerations"), key)) {
      continue;
    }
    set(spec, "tolerations", Json::array());
    spec["tolerations"].push_back({{"key", key},
                                   {"operator", "Exists"},
                                   {"effect", "NoExecute"},
                                   {"tolerationSeconds", 300}});
  }
}

void priority(Json& spec) {
  const std::string name = text(spec, "priorityClassName");
  std::int64_t value = 0;
  if (name == "system-node-critical") {
    value = 2'000'001'000;
  } else if (name == "system-cluster-critical") {
    value = 2'000'000'000;
  }
  set(spec, "priority", value);
  set(spec, "preemptionPolicy", "PreemptLowerPriority");
}

}  // namespace

void pod_spec(Json& spec, Release release) {
  if (!spec.is_object()) {
    return;
  }
  set(spec, "dnsPolicy", "ClusterFirst");
  set(spec, "restartPolicy", "Always");
  set(spec, "securityContext", Json::object());
  set(spec, "terminationGracePeriodSeconds", 30);
  set(spec, "schedulerName", "default-scheduler");
  // An old name of the same field, kept equal to it. No account is given to a pod that names none,
  // and so no volume with its token: VA-14.
  if (const std::string account = text(spec, "serviceAccountName"); !account.empty()) {
    spec["serviceAccount"] = account;
  } else if (const std::string old_name = text(spec, "serviceAccount"); !old_name.empty()) {
    spec["serviceAccountName"] = old_name;
  }
  for (const std::string_view key : kContainerLists) {
    each(spec, key, container);
  }
  each(spec, "volumes", [release](Json& v) { volume(v, release); });
}

void pod(Json& document, bool creating) {
  Json& spec = document["spec"];
  if (!spec.is_object()) {
    return;
  }
  const bool host_network = member(spec, "hostNetwork") == Json(true);
  for (const std::string_view key : {kContainerLists[0], kContainerLists[1]}) {
    each(spec, key, [host_network](Json& c) {
      requests_from_limits(c);
      if (host_network) {
        host_ports(c);
      }
    });
  }
  set(spec, "enableServiceLinks", true);
  if (creating) {
    priority(spec);
    tolerations(spec);
    document["status"] = {{"phase", "Pending"}, {"qosClass", qos_class(spec)}};
  }
}

std::string_view qos_class(const Json& spec) {
  constexpr std::array<std::string_view, 2> kCounted{"cpu", "memory"};
  bool any = false;
  bool guaranteed = true;
  for (const std::string_view key : {kContainerLists[0], kContainerLists[1]}) {
    const Json& containers = member(spec, key);
    for (const Json& c : containers.is_array() ? containers : Json::array()) {
      for (const std::string_view resource : kCounted) {
        const auto request =
            Quantity::parse(text(at_path(c, {"resources", "requests"}), resource, "0"));
        const auto limit =
            Quantity::parse(text(at_path(c, {"resources", "limits"}), resource, "0"));
        const bool has_request = request && request->nano() != 0;
        const bool has_limit = limit && limit->nano() != 0;
        any = any || has_request || has_limit;
        guaranteed = guaranteed && has_limit && (!has_request || *request == *limit);
      }
    }
  }
  if (!any) {
    return "BestEffort";
  }
  return guaranteed ? "Guaranteed" : "Burstable";
}

}  // namespace stsim::api::defaults
