#include "api/defaults_parts.hpp"

#include <stsim/api/service.hpp>

#include <algorithm>
#include <map>
#include <set>

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

bool has_address(const Json& spec) {
  const std::string type = text(spec, "type");
  return type == "ClusterIP" || type == "NodePort" || type == "LoadBalancer";
}

bool faces_outside(const Json& spec) {
  const std::string type = text(spec, "type");
  return type == "NodePort" || type == "LoadBalancer" ||
         (type == "ClusterIP" && !member(spec, "externalIPs").empty());
}

/// Those that are given.
std::set<std::int64_t> node_ports(const Json& spec) {
  std::set<std::int64_t> out;
  for (const Json& port : member(spec, "ports")) {
    out.insert(integer(port, "nodePort"));
  }
  out.erase(0);
  return out;
}

/// What goes with a type goes with a change of it, unless the user has changed it, too.
/// Source: dropTypeDependentFields of the server's strategy (pkg/registry/core/service).
void drop_with_type(Json& spec, const Json& old_spec) {
  const auto drop_if_same = [&](std::initializer_list<std::string_view> keys) {
    const bool same = std::ranges::all_of(
        keys, [&](std::string_view key) { return member(spec, key) == member(old_spec, key); });
    for (const std::string_view key : keys) {
      if (same) {
        spec.erase(std::string(key));
      }
    }
  };
  if (has_address(old_spec) && !has_address(spec)) {
    drop_if_same({"clusterIP", "clusterIPs"});
    drop_if_same({"ipFamilies"});
    drop_if_same({"ipFamilyPolicy"});
  }
  if (needs_node_ports(old_spec) && !needs_node_ports(spec) &&
      node_ports(spec) == node_ports(old_spec)) {
    each(spec, "ports", [](Json& port) { port.erase("nodePort"); });
  }
  if (text(old_spec, "type") == "LoadBalancer" && text(spec, "type") != "LoadBalancer") {
    drop_if_same({"allocateLoadBalancerNodePorts"});
    drop_if_same({"loadBalancerClass"});
  }
  if (faces_outside(old_spec) && !faces_outside(spec)) {
    drop_if_same({"externalTrafficPolicy"});
  }
}

/// An update that leaves out a port on the nodes keeps that of the port of the same name.
void keep_node_ports(Json& spec, const Json& old_spec) {
  if (!needs_node_ports(spec) || !needs_node_ports(old_spec)) {
    return;
  }
  std::set<std::int64_t> used = node_ports(spec);
  std::map<std::string, std::int64_t> known;
  for (const Json& port : member(old_spec, "ports")) {
    known[text(port, "name")] = integer(port, "nodePort");
  }
  each(spec, "ports", [&](Json& port) {
    const auto found = known.find(text(port, "name"));
    if (integer(port, "nodePort") == 0 && found != known.end() && found->second != 0 &&
        used.insert(found->second).second) {
      port["nodePort"] = found->second;
    }
  });
}

}  // namespace

void service(Json& document, const Json& old) {
  Json& spec = document["spec"];
  if (!spec.is_object()) {
    return;
  }
  set(spec, "type", "ClusterIP");
  drop_with_type(spec, member(old, "spec"));
  keep_node_ports(spec, member(old, "spec"));
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
  if (faces_outside(spec)) {
    set(spec, "externalTrafficPolicy", "Cluster");
  }
  if (has_address(spec)) {
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
