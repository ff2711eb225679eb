// Columns of Services, Endpoints and EndpointSlices. Rule: KC-41.

#include "kubectl/document.hpp"
#include "kubectl/kind_columns.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace stsim::kubectl {

namespace {

using api::Json;

// How many addresses or ports a cell shows before it says how many more there are.
constexpr std::size_t kShown = 3;

// Addresses of a load balancer, cut to 16 characters in narrow tables.
std::string load_balancer_text(const Json& service, bool wide) {
  std::set<std::string> addresses;
  for (const Json& ingress :
       elements(api::at_path(service, {"status", "loadBalancer", "ingress"}))) {
    const std::string address = api::text(ingress, "ip", api::text(ingress, "hostname"));
    if (!address.empty()) {
      addresses.insert(address);
    }
  }
  std::string text = join({addresses.begin(), addresses.end()}, ",");
  constexpr std::size_t kWidth = 16;
  if (!wide && text.size() > kWidth) {
    text = text.substr(0, kWidth - 3) + "...";
  }
  return text;
}

std::string external_address(const Json& service, bool wide) {
  const Json& spec = api::member(service, "spec");
  const std::string type = api::text(spec, "type");
  const std::string external = join(texts_of(api::member(spec, "externalIPs")), ",");
  if (type == "ClusterIP" || type == "NodePort") {
    return or_none(external);
  }
  if (type == "ExternalName") {
    return api::text(spec, "externalName");
  }
  if (type != "LoadBalancer") {
    return "<unknown>";
  }
  const std::string balancer = load_balancer_text(service, wide);
  if (balancer.empty() && external.empty()) {
    return "<pending>";
  }
  return balancer.empty() || external.empty() ? balancer + external : balancer + "," + external;
}

std::string service_ports(const Json& service) {
  std::vector<std::string> parts;
  for (const Json& port : elements(api::at_path(service, {"spec", "ports"}))) {
    std::string part = std::to_string(api::integer(port, "port"));
    if (const std::int64_t node_port = api::integer(port, "nodePort"); node_port > 0) {
      part += ":" + std::to_string(node_port);
    }
    parts.push_back(part + "/" + api::text(port, "protocol"));
  }
  return or_none(join(parts, ","));
}

Cells service_cells(const Json& service, const TableOptions& options) {
  const Json& spec = api::member(service, "spec");
  return {name_of(service),
          api::text(spec, "type"),
          or_none(api::text(spec, "clusterIP")),
          external_address(service, options.wide),
          service_ports(service),
          object_age(service, options),
          labels_text(api::member(spec, "selector"))};
}

Cells endpoints_cells(const Json& endpoints, const TableOptions& options) {
  std::vector<std::string> list;
  const Json& subsets = elements(api::member(endpoints, "subsets"));
  for (const Json& subset : subsets) {
    const Json& addresses = elements(api::member(subset, "addresses"));
    const Json& ports = elements(api::member(subset, "ports"));
    if (ports.empty()) {
      for (const Json& address : addresses) {
        list.push_back(api::text(address, "ip"));
      }
    }
    for (const Json& port : ports) {
      for (const Json& address : addresses) {
        list.push_back(
            host_and_port(api::text(address, "ip"), std::to_string(api::integer(port, "port"))));
      }
    }
  }
  return {name_of(endpoints),
          subsets.empty() ? "<none>" : some_of(list, kShown),
          object_age(endpoints, options)};
}

std::string or_unset(std::string text) {
  return text.empty() ? "<unset>" : text;
}

Cells endpoint_slice_cells(const Json& slice, const TableOptions& options) {
  std::vector<std::string> ports;
  for (const Json& port : elements(api::member(slice, "ports"))) {
    const Json& number = api::member(port, "port");
    ports.push_back(number.is_null() ? api::text(port, "name", "*") : scalar_text(number));
  }
  std::vector<std::string> addresses;
  for (const Json& endpoint : elements(api::member(slice, "endpoints"))) {
    std::vector<std::string> more = texts_of(api::member(endpoint, "addresses"));
    std::move(more.begin(), more.end(), std::back_inserter(addresses));
  }
  return {name_of(slice),
          api::text(slice, "addressType"),
          or_unset(some_of(ports, kShown)),
          or_unset(some_of(addresses, kShown)),
          object_age(slice, options)};
}

}  // namespace

KindColumns service_columns() {
  return {{{"NAME", false, true},
           {"TYPE"},
           {"CLUSTER-IP"},
           {"EXTERNAL-IP"},
           {"PORT(S)"},
           {"AGE"},
           {"SELECTOR", true}},
          service_cells};
}

KindColumns endpoints_columns() {
  return {{{"NAME", false, true}, {"ENDPOINTS"}, {"AGE"}}, endpoints_cells};
}

KindColumns endpoint_slice_columns() {
  return {{{"NAME", false, true}, {"ADDRESSTYPE"}, {"PORTS"}, {"ENDPOINTS"}, {"AGE"}},
          endpoint_slice_cells};
}

}  // namespace stsim::kubectl
