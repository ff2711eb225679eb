#include "api/defaults_parts.hpp"

#include <algorithm>

namespace stsim::api::defaults {

namespace {

bool is_headless(const Json& spec) {
  return text(spec, "clusterIP") == "None";
}

/// Families and addresses of a single-stack cluster of IPv4.
void addresses(Json& spec) {
  const bool selectorless = member(spec, "selector").empty();
  if (is_headless(spec) && selectorless) {
    // Whoever writes the endpoints by hand may use both families.
    set(spec, "ipFamilyPolicy", "RequireDualStack");
    set(spec,
        "ipFamilies",
        text(spec, "ipFamilyPolicy") == "SingleStack" ? Json::array({"IPv4"})
                                                      : Json::array({"IPv4", "IPv6"}));
  }
  set(spec, "ipFamilyPolicy", "SingleStack");
  set(spec, "ipFamilies", Json::array({"IPv4"}));
  const std::string address = text(spec, "clusterIP");
  if (const Json& all = member(spec, "clusterIPs");
      address.empty() && all.is_array() && !all.empty()) {
    spec["clusterIP"] = all.front();
  } else if (!address.empty()) {
    set(spec, "clusterIPs", Json::array({address}));
  }
}

/// A change of the one address alone means the list of addresses, too.
void follow_address(Json& spec, const Json& old_spec) {
  const Json& old_list = member(old_spec, "clusterIPs");
  if (!old_list.is_null() && member(spec, "clusterIPs") == old_list &&
      member(spec, "clusterIP") != member(old_spec, "clusterIP")) {
    spec.erase("clusterIPs");
  }
}

/// An update that leaves out address or families keeps those that the service has.
void keep_address(Json& spec, const Json& old_spec) {
  for (const std::string_view key : {"ipFamilyPolicy", "ipFamilies"}) {
    if (const Json& stored = member(old_spec, key); !stored.is_null()) {
      set(spec, key, stored);
    }
  }
  if (text(spec, "clusterIP").empty() && !text(old_spec, "clusterIP").empty() &&
      text(old_spec, "type") != "ExternalName" && text(spec, "type") != "ExternalName") {
    spec["clusterIP"] = member(old_spec, "clusterIP");
    set(spec, "clusterIPs", member(old_spec, "clusterIPs"));
  }
}

}  // namespace

void service(Json& document, const Json& old) {
  Json& spec = document["spec"];
  if (!spec.is_object()) {
    return;
  }
  set(spec, "type", "ClusterIP");
  set(spec, "sessionAffinity", "None");
  if (text(spec, "sessionAffinity") == "None") {
    spec.erase("sessionAffinityConfig");
  } else if (text(spec, "sessionAffinity") == "ClientIP" &&
             at_path(spec, {"sessionAffinityConfig", "clientIP", "timeoutSeconds"}).is_null()) {
    spec["sessionAffinityConfig"] = {{"clientIP", {{"timeoutSeconds", 10800}}}};
  }
  each(spec, "ports", [](Json& port) {
    set(port, "protocol", "TCP");
    const Json& target = member(port, "targetPort");
    if (target.is_null() || target == Json(0) || target == Json("")) {
      port["targetPort"] = Json(member(port, "port"));
    }
  });
  const std::string type = text(spec, "type");
  const bool external = type == "NodePort" || type == "LoadBalancer";
  const Json& external_addresses = member(spec, "externalIPs");
  if (external ||
      (type == "ClusterIP" && external_addresses.is_array() && !external_addresses.empty())) {
    set(spec, "externalTrafficPolicy", "Cluster");
  }
  if (external || type == "ClusterIP") {
    set(spec, "internalTrafficPolicy", "Cluster");
    keep_address(spec, member(old, "spec"));
    follow_address(spec, member(old, "spec"));
    addresses(spec);
  }
  if (type == "LoadBalancer") {
    set(spec, "allocateLoadBalancerNodePorts", true);
  }
  set(document["status"], "loadBalancer", Json::object());
}

}  // namespace stsim::api::defaults
