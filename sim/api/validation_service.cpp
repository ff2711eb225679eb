// Services. Rule: VA-11.

#include "api/validation_parts.hpp"

#include <fmt/format.h>
#include <stsim/api/names.hpp>

#include <algorithm>
#include <set>

namespace stsim::api::validation {

namespace {

bool is_headless(const Json& spec) {
  const Json& addresses = list(spec, "clusterIPs");
  return !addresses.empty() && addresses.front() == "None";
}

bool is_external_name(const Json& spec) {
  return text(spec, "type") == "ExternalName";
}

void external_name(Errors& errors, const Path& path, const Json& spec) {
  for (const std::string_view key : {"clusterIPs", "ipFamilies", "ipFamilyPolicy"}) {
    if (has(spec, key)) {
      errors.forbidden(path.child(key), "may not be set for ExternalName services");
    }
  }
  std::string name = text(spec, "externalName");
  if (name.ends_with('.')) {
    name.pop_back();
  }
  if (name.empty()) {
    errors.required(path.child("externalName"));
  } else {
    dns_subdomain(errors, path.child("externalName"), name);
  }
}

void service_ports(Errors& errors, const Path& path, const Json& ports) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const Path at = path.index(i);
    if (const std::string name = text(ports[i], "name"); !name.empty()) {
      dns_label(errors, at.child("name"), name);
      if (!seen.insert(name).second) {
        errors.duplicate(at.child("name"), Json(name));
      }
    } else if (ports.size() > 1) {
      errors.required(at.child("name"));
    }
    port_number(errors, at.child("port"), integer(ports[i], "port"));
    if (const std::string protocol = text(ports[i], "protocol");
        protocol != "TCP" && protocol != "UDP" && protocol != "SCTP") {
      errors.not_supported(at.child("protocol"), Json(protocol), {"SCTP", "TCP", "UDP"});
    }
    port_number_or_name(errors, at.child("targetPort"), member(ports[i], "targetPort"));
    if (const std::string name = text(ports[i], "appProtocol"); !name.empty()) {
      errors.invalid(at.child("appProtocol"), Json(name), names::label_key(name, errors.release()));
    }
  }
}

void duplicate_ports(Errors& errors, const Path& path, const Json& ports) {
  std::set<std::pair<std::string, std::int64_t>> node_ports;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::int64_t port = integer(ports[i], "nodePort");
    if (port != 0 && !node_ports.emplace(text(ports[i], "protocol"), port).second) {
      errors.duplicate(path.index(i).child("nodePort"), Json(port));
    }
  }
  std::set<std::pair<std::string, std::int64_t>> seen;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::string protocol = text(ports[i], "protocol");
    const std::int64_t port = integer(ports[i], "port");
    if (!seen.emplace(protocol, port).second) {
      errors.duplicate(path.index(i),
                       fmt::format(R"({{"Name":"","Protocol":"{0}","AppProtocol":null,)"
                                   R"("Port":{1},"TargetPort":0,"NodePort":0}})",
                                   protocol,
                                   port),
                       fmt::format("core.ServicePort{{Name:\"\", Protocol:\"{0}\", "
                                   "AppProtocol:(*string)(nil), Port:{1}, "
                                   "TargetPort:intstr.IntOrString{{Type:0, IntVal:0, "
                                   "StrVal:\"\"}}, NodePort:0}}",
                                   protocol,
                                   port));
    }
  }
}

/// The cluster has addresses of IPv4 alone.
/// Source: validateServiceClusterIPsRelatedFields and the server's allocators of addresses.
void families(Errors& errors, const Path& path, const Json& spec) {
  const std::string policy = text(spec, "ipFamilyPolicy");
  if (!policy.empty() && policy != "SingleStack" && policy != "PreferDualStack" &&
      policy != "RequireDualStack") {
    errors.not_supported(path.child("ipFamilyPolicy"),
                         Json(policy),
                         {"PreferDualStack", "RequireDualStack", "SingleStack"});
  }
  // Whoever writes the endpoints by hand may use both families.
  const bool free = is_headless(spec) && map(spec, "selector").empty();
  if (policy == "RequireDualStack" && !free) {
    errors.invalid(path.child("ipFamilyPolicy"),
                   Json(policy),
                   "this cluster is not configured for dual-stack services");
  }
  const Json& all = list(spec, "ipFamilies");
  if (all.size() > 1 && policy == "SingleStack") {
    errors.invalid(path.child("ipFamilyPolicy"),
                   Json(policy),
                   "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are "
                   "specified");
    return;
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Path at = path.child("ipFamilies").index(i);
    if (std::find(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i), all[i]) !=
        all.begin() + static_cast<std::ptrdiff_t>(i)) {
      errors.duplicate(at, all[i]);
    } else if (all[i] != Json("IPv4") && all[i] != Json("IPv6")) {
      errors.not_supported(at, all[i], {"IPv4", "IPv6"});
    } else if (all[i] == Json("IPv6") && !free) {
      errors.invalid(at, all[i], "not configured on this cluster");
    }
  }
}

void addresses(Errors& errors, const Path& path, const Json& spec) {
  if (is_external_name(spec)) {
    return;
  }
  families(errors, path, spec);
  const Json& all = list(spec, "clusterIPs");
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string address = all[i].is_string() ? all[i].get<std::string>() : "";
    const Path at = path.child("clusterIPs").index(i);
    if (address == "None") {
      if (all.size() > 1) {
        errors.invalid(path.child("clusterIPs"), all, "'None' must be the first and only value");
      }
    } else if (!address.empty()) {
      ip_address(errors, at, address);
    }
  }
}

}  // namespace

void service(Errors& errors, const Json& document) {
  // Names may begin with a digit since 1.36.
  metadata(errors, document, errors.release().at_least(36) ? NameForm::Label : NameForm::Label1035);
  const Json& spec = member(document, "spec");
  const Path path("spec");
  const std::string type = text(spec, "type");
  const bool headless = is_headless(spec);
  const Json& port_list = list(spec, "ports");
  if (port_list.empty() && !headless && !is_external_name(spec)) {
    errors.required(path.child("ports"));
  }
  if (headless && (type == "LoadBalancer" || type == "NodePort")) {
    errors.invalid(path.child("clusterIPs").index(0),
                   Json("None"),
                   fmt::format("may not be set to 'None' for {} services", type));
  } else if (is_external_name(spec)) {
    external_name(errors, path, spec);
  }
  service_ports(errors, path.child("ports"), port_list);
  labels(errors, path.child("selector"), map(spec, "selector"));
  const std::string affinity = text(spec, "sessionAffinity");
  if (affinity != "ClientIP" && affinity != "None") {
    errors.not_supported(path.child("sessionAffinity"), Json(affinity), {"ClientIP", "None"});
  } else if (affinity == "ClientIP") {
    const std::int64_t seconds =
        integer(at_path(spec, {"sessionAffinityConfig", "clientIP"}), "timeoutSeconds");
    if (seconds <= 0 || seconds > 86400) {
      errors.invalid(path.child("sessionAffinityConfig").child("clientIP").child("timeoutSeconds"),
                     Json(seconds),
                     "must be greater than 0 and less than 86400");
    }
  }
  addresses(errors, path, spec);
  const Json& external = list(spec, "externalIPs");
  for (std::size_t i = 0; i < external.size(); ++i) {
    ip_address(errors,
               path.child("externalIPs").index(i),
               external[i].is_string() ? external[i].get<std::string>() : "");
  }
  if (type != "ClusterIP" && type != "NodePort" && type != "LoadBalancer" &&
      type != "ExternalName") {
    errors.not_supported(
        path.child("type"), Json(type), {"ClusterIP", "ExternalName", "LoadBalancer", "NodePort"});
  }
  if (type == "ClusterIP") {
    for (std::size_t i = 0; i < port_list.size(); ++i) {
      if (integer(port_list[i], "nodePort") != 0) {
        errors.forbidden(path.child("ports").index(i).child("nodePort"),
                         "may not be used when `type` is 'ClusterIP'");
      }
    }
  }
  duplicate_ports(errors, path.child("ports"), port_list);
  const std::string traffic = text(spec, "externalTrafficPolicy");
  const bool exposed = type == "NodePort" || type == "LoadBalancer" || !external.empty();
  if (!exposed && !traffic.empty()) {
    errors.invalid(path.child("externalTrafficPolicy"),
                   Json(traffic),
                   "may only be set for externally-accessible services");
  } else if (exposed && traffic != "Cluster" && traffic != "Local") {
    errors.not_supported(path.child("externalTrafficPolicy"), Json(traffic), {"Cluster", "Local"});
  }
  if (const std::string internal = text(spec, "internalTrafficPolicy");
      has(spec, "internalTrafficPolicy") && internal != "Cluster" && internal != "Local") {
    errors.not_supported(path.child("internalTrafficPolicy"), Json(internal), {"Cluster", "Local"});
  }
}

void service_update(Errors& errors, const Json& document, const Json& old) {
  metadata_update(errors, document, old);
  const Json& spec = member(document, "spec");
  const Json& old_spec = member(old, "spec");
  const bool both_headless = is_headless(spec) && is_headless(old_spec);
  if (!is_external_name(spec) && !is_external_name(old_spec) && !both_headless) {
    const Path path = Path("spec").child("clusterIPs");
    const Json& now = list(spec, "clusterIPs");
    const Json& before = list(old_spec, "clusterIPs");
    if (now.empty() && !before.empty()) {
      errors.invalid(path.index(0), now, "primary clusterIP can not be unset");
    }
    for (std::size_t i = 0; i < std::min(now.size(), before.size()); ++i) {
      if (now[i] != before[i]) {
        errors.invalid(path.index(i), now, "may not change once set");
      }
    }
  }
  service(errors, document);
}

}  // namespace stsim::api::validation
