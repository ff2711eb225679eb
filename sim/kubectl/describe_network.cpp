// Descriptions of Services, Endpoints and EndpointSlices. Rule: KC-54.

#include "kubectl/describe_parts.hpp"
#include "kubectl/document.hpp"

#include <stsim/kubectl/columns.hpp>

namespace stsim::kubectl {

namespace {

using api::Json;

constexpr std::size_t kShown = 3;

bool is_ready(const Json& endpoint) {
  return api::at_path(endpoint, {"conditions", "ready"}) != false;
}

std::string first_address(const Json& endpoint) {
  const Json& addresses = elements(api::member(endpoint, "addresses"));
  return addresses.empty() ? std::string() : scalar_text(addresses.front());
}

// What a Service's port leads to. kubectl says that there are more already when it meets a fourth
// endpoint, ready or not, and counts ready ones only.
class EndpointList {
 public:
  void add(const Json& endpoint, const std::string& port) {
    more_ = more_ || shown_.size() == kShown;
    if (!is_ready(endpoint)) {
      return;
    }
    if (!more_) {
      const std::string address = first_address(endpoint);
      shown_.push_back(port.empty() ? address : host_and_port(address, port));
    }
    ++count_;
  }

  [[nodiscard]] std::string text() const {
    const std::string list = join(shown_, ",");
    return more_ ? list + " + " + std::to_string(count_ - kShown) + " more..." : list;
  }

 private:
  std::vector<std::string> shown_;
  bool more_{};
  std::size_t count_{};
};

std::string endpoints_text(const std::vector<const Json*>& slices, const std::string& port_name) {
  if (slices.empty()) {
    return "<none>";
  }
  EndpointList list;
  for (const Json* slice : slices) {
    const Json& endpoints = elements(api::member(*slice, "endpoints"));
    const Json& ports = elements(api::member(*slice, "ports"));
    if (ports.empty()) {
      for (const Json& endpoint : endpoints) {
        list.add(endpoint, "");
      }
    }
    for (const Json& port : ports) {
      if (api::text(port, "name") != port_name) {
        continue;
      }
      for (const Json& endpoint : endpoints) {
        list.add(endpoint, value_or(port, "port"));
      }
    }
  }
  return list.text();
}

void write_port(DescribeWriter& writer, const Json& port, const DescribeContext& context) {
  const std::string name = api::text(port, "name");
  const std::string shown = name.empty() ? "<unset>" : name;
  const std::string protocol = "/" + api::text(port, "protocol");
  writer.field(0, "Port", shown + "\t" + value_or(port, "port", "0") + protocol);
  writer.field(0, "TargetPort", value_or(port, "targetPort", "0") + protocol);
  if (const std::int64_t node_port = api::integer(port, "nodePort"); node_port != 0) {
    writer.field(0, "NodePort", shown + "\t" + std::to_string(node_port) + protocol);
  }
  writer.field(0, "Endpoints", endpoints_text(context.endpoint_slices, name));
}

void write_unless_empty(DescribeWriter& writer, std::string_view label, const std::string& text) {
  if (!text.empty()) {
    writer.field(0, label, text);
  }
}

std::string ingress_text(const Json& service) {
  std::vector<std::string> parts;
  for (const Json& ingress :
       elements(api::at_path(service, {"status", "loadBalancer", "ingress"}))) {
    const std::string ip = api::text(ingress, "ip");
    const std::string mode = api::text(ingress, "ipMode");
    if (ip.empty()) {
      parts.push_back(api::text(ingress, "hostname"));
    } else {
      parts.push_back(mode.empty() ? ip : ip + " (" + mode + ")");
    }
  }
  return join(parts, ", ");
}

void write_addresses(DescribeWriter& writer, const Json& service) {
  const Json& spec = api::member(service, "spec");
  write_unless_empty(writer, "IP Family Policy", api::text(spec, "ipFamilyPolicy"));
  writer.field(0, "IP Families", or_none(join(texts_of(api::member(spec, "ipFamilies")), ",")));
  writer.field(0, "IP", api::text(spec, "clusterIP"));
  writer.field(0, "IPs", or_none(join(texts_of(api::member(spec, "clusterIPs")), ",")));
  write_unless_empty(writer, "External IPs", join(texts_of(api::member(spec, "externalIPs")), ","));
  write_unless_empty(writer, "Desired LoadBalancer IP", api::text(spec, "loadBalancerIP"));
  write_unless_empty(writer, "External Name", api::text(spec, "externalName"));
  write_unless_empty(writer, "LoadBalancer Ingress", ingress_text(service));
}

std::string ips_of(const Json& addresses) {
  std::vector<std::string> parts;
  for (const Json& address : elements(addresses)) {
    parts.push_back(api::text(address, "ip"));
  }
  return or_none(join(parts, ","));
}

void write_head(DescribeWriter& writer, const Json& object) {
  const Json& metadata = api::member(object, "metadata");
  writer.field(0, "Name", name_of(object));
  writer.field(0, "Namespace", namespace_of(object));
  write_labels(writer, "Labels", api::member(metadata, "labels"));
  write_annotations(writer, "Annotations", api::member(metadata, "annotations"));
}

void write_port_table(DescribeWriter& writer, std::size_t level, const Json& ports) {
  writer.write(level, "Ports:\n");
  writer.write(level + 1, "Name\tPort\tProtocol\n");
  writer.write(level + 1, "----\t----\t--------\n");
  for (const Json& port : ports) {
    const std::string name = api::text(port, "name");
    writer.write(level + 1,
                 (name.empty() ? "<unset>" : name) + "\t" + value_or(port, "port", "<unset>") +
                     "\t" + api::text(port, "protocol") + "\n");
  }
}

void write_endpoint(DescribeWriter& writer, const Json& endpoint) {
  writer.field(1, "- Addresses", or_none(join(texts_of(api::member(endpoint, "addresses")), ", ")));
  writer.write(2, "Conditions:\n");
  writer.field(3, "Ready", value_or(api::member(endpoint, "conditions"), "ready", "<unset>"));
  writer.field(2, "Hostname", value_or(endpoint, "hostname", "<unset>"));
  if (const Json& target = api::member(endpoint, "targetRef"); target.is_object()) {
    writer.field(2, "TargetRef", api::text(target, "kind") + "/" + api::text(target, "name"));
  }
  writer.field(2, "NodeName", value_or(endpoint, "nodeName", "<unset>"));
  writer.field(2, "Zone", value_or(endpoint, "zone", "<unset>"));
}

}  // namespace

void describe_service(DescribeWriter& writer, const Json& service, const DescribeContext& context) {
  const Json& spec = api::member(service, "spec");
  write_head(writer, service);
  writer.field(0, "Selector", labels_text(api::member(spec, "selector")));
  writer.field(0, "Type", api::text(spec, "type"));
  write_addresses(writer, service);
  for (const Json& port : elements(api::member(spec, "ports"))) {
    write_port(writer, port, context);
  }
  writer.field(0, "Session Affinity", api::text(spec, "sessionAffinity"));
  write_unless_empty(writer, "External Traffic Policy", api::text(spec, "externalTrafficPolicy"));
  write_unless_empty(writer, "Internal Traffic Policy", api::text(spec, "internalTrafficPolicy"));
  if (const std::int64_t port = api::integer(spec, "healthCheckNodePort"); port != 0) {
    writer.field(0, "HealthCheck NodePort", std::to_string(port));
  }
  write_unless_empty(writer,
                     "LoadBalancer Source Ranges",
                     join(texts_of(api::member(spec, "loadBalancerSourceRanges")), ","));
  write_unless_empty(writer, "Traffic Distribution", api::text(spec, "trafficDistribution"));
  write_events(writer, context);
}

void describe_endpoints(DescribeWriter& writer,
                        const Json& endpoints,
                        const DescribeContext& context) {
  write_head(writer, endpoints);
  writer.write(0, "Subsets:\n");
  for (const Json& subset : elements(api::member(endpoints, "subsets"))) {
    writer.field(1, "Addresses", ips_of(api::member(subset, "addresses")));
    writer.field(1, "NotReadyAddresses", ips_of(api::member(subset, "notReadyAddresses")));
    const Json& ports = elements(api::member(subset, "ports"));
    if (!ports.empty()) {
      write_port_table(writer, 1, ports);
    }
    writer.write(0, "\n");
  }
  write_events(writer, context);
}

void describe_endpoint_slice(DescribeWriter& writer,
                             const Json& slice,
                             const DescribeContext& context) {
  write_head(writer, slice);
  writer.field(0, "AddressType", api::text(slice, "addressType"));
  const Json& ports = elements(api::member(slice, "ports"));
  if (ports.empty()) {
    writer.write(0, "Ports: <unset>\n");
  } else {
    write_port_table(writer, 0, ports);
  }
  const Json& endpoints = elements(api::member(slice, "endpoints"));
  writer.write(0, endpoints.empty() ? "Endpoints: <none>\n" : "Endpoints:\n");
  for (const Json& endpoint : endpoints) {
    write_endpoint(writer, endpoint);
  }
  write_events(writer, context);
}

}  // namespace stsim::kubectl
