// The addresses of Services, and their ports on the nodes. Rule: VA-11.
#include "admission.hpp"

#include <fmt/format.h>
#include <stsim/api/service.hpp>
#include <stsim/api/well_known.hpp>

#include <charconv>
#include <map>
#include <set>

namespace stsim::store {

using api::ApiError;
using api::FieldError;
using api::Kind;
using api::Object;
using api::ObjectPtr;

namespace {

void set_cluster_ip(Object& service, const std::string& address) {
  auto spec = std::make_shared<api::ServiceSpec>(*service.as<api::Service>().spec);
  api::Json document = *spec->document;
  document["clusterIP"] = address;
  document["clusterIPs"] = {address};
  spec->cluster_ip = address;
  spec->document = std::make_shared<const api::Json>(std::move(document));
  service.as<api::Service>().spec = std::move(spec);
}

/// The addresses of Services are those of 10.0.0.0/24 without the first and the last. Rule: VA-11.
constexpr std::string_view kServiceNetwork = "10.0.0.";
constexpr int kFirstServiceHost = 1;
constexpr int kLastServiceHost = 254;

/// The ports of the nodes that Services can have, and the first of those that are given away
/// without being asked for. Source: the server's --service-node-port-range and the allocator's
/// upper band (pkg/registry/core/service/portallocator).
constexpr std::int64_t kFirstNodePort = 30000;
constexpr std::int64_t kFirstFreeNodePort = 30086;
constexpr std::int64_t kLastNodePort = 32767;

using Addresses = std::set<std::string, std::less<>>;

/// Why a Service does not get the address it asks for; empty if it does. Since 1.33 there may be
/// several ranges, and an address that is in none of them belongs to another network.
/// Source: the server's allocators of addresses (pkg/registry/core/service/ipallocator).
std::string why_not_given(const std::string& address,
                          const Addresses& taken,
                          const Release& release) {
  if (taken.contains(address)) {
    return "provided IP is already allocated";
  }
  int host = -1;  // within the network; any other address keeps this
  if (address.starts_with(kServiceNetwork)) {
    std::from_chars(address.data() + kServiceNetwork.size(), address.data() + address.size(), host);
  }
  if (host >= kFirstServiceHost && host <= kLastServiceHost) {
    return "";
  }
  constexpr int kSeveralRanges = 33;
  if (host < 0 && release.at_least(kSeveralRanges)) {
    return "the provided network does not match the current range";
  }
  return fmt::format(
      "the provided IP ({}) is not in the valid range. The range of valid IPs is {}0/24",
      address,
      kServiceNetwork);
}

}  // namespace

std::optional<ApiError> give_cluster_ip(const Store& store, Object& service) {
  const api::ServiceSpec& spec = *service.as<api::Service>().spec;
  if (spec.headless() || api::text(*spec.document, "type") == "ExternalName") {
    return std::nullopt;
  }
  Addresses taken{api::kDnsAddress};
  for (const ObjectPtr& other : store.list(Kind::Service)) {
    taken.insert(other->as<api::Service>().spec->cluster_ip);
  }
  if (!spec.cluster_ip.empty()) {
    const std::string why = why_not_given(spec.cluster_ip, taken, store.features().release);
    if (why.empty()) {
      return std::nullopt;
    }
    return api::invalid(Kind::Service,
                        service.key.name,
                        {{FieldError::Type::Invalid,
                          "spec.clusterIPs",
                          store.features().release.at_least(34)
                              ? fmt::format("[\"{}\"]", spec.cluster_ip)
                              : fmt::format("[]string{{\"{}\"}}", spec.cluster_ip),
                          fmt::format("failed to allocate IP {}: {}", spec.cluster_ip, why)}});
  }
  for (int i = kFirstServiceHost; i <= kLastServiceHost; ++i) {
    const std::string address = fmt::format("{}{}", kServiceNetwork, i);
    if (!taken.contains(address)) {
      set_cluster_ip(service, address);
      return std::nullopt;
    }
  }
  return api::internal_error("failed to allocate a serviceIP: range is full");
}

namespace {

/// Ports of the nodes.
using NodePorts = std::set<std::int64_t>;

NodePorts node_ports_of(const Object& service) {
  NodePorts out;
  for (const api::Json& port : api::member(*service.as<api::Service>().spec->document, "ports")) {
    out.insert(api::integer(port, "nodePort"));
  }
  out.erase(0);
  return out;
}

/// Free ports, one after the other: those that are given away first, then the others.
class FreeNodePorts {
 public:
  explicit FreeNodePorts(const NodePorts& taken) : taken_(taken) {}

  /// The next one; 0 if none is left.
  std::int64_t next() {
    while (offset_ <= kLastNodePort - kFirstNodePort) {
      std::int64_t port = kFirstFreeNodePort + offset_++;
      port -= port > kLastNodePort ? kLastNodePort - kFirstNodePort + 1 : 0;
      if (!taken_.contains(port)) {
        return port;
      }
    }
    return 0;
  }

 private:
  const NodePorts& taken_;
  std::int64_t offset_{};
};

std::string why_not_given(std::int64_t port, const NodePorts& taken) {
  if (taken.contains(port)) {
    return "provided port is already allocated";
  }
  return port >= kFirstNodePort && port <= kLastNodePort
             ? ""
             : fmt::format(
                   "provided port is not in the valid range. The range of valid ports is "
                   "{}-{}",
                   kFirstNodePort,
                   kLastNodePort);
}

}  // namespace

std::optional<ApiError> give_node_ports(const Store& store, Object& service, const Object* old) {
  api::Json document = *service.as<api::Service>().spec->document;
  const std::string type = api::text(document, "type");
  if (type != "NodePort" && type != "LoadBalancer") {
    return std::nullopt;
  }
  NodePorts taken;
  for (const ObjectPtr& other : store.list(Kind::Service)) {
    if (other->key != service.key) {
      taken.merge(node_ports_of(*other));
    }
  }
  const NodePorts own = old == nullptr ? NodePorts() : node_ports_of(*old);
  NodePorts asked;
  std::map<std::int64_t, std::int64_t> by_port;  // one port of the nodes for TCP and UDP alike
  std::size_t index = 0;
  for (const api::Json& port : api::member(document, "ports")) {
    const std::int64_t wanted = api::integer(port, "nodePort");
    if (wanted != 0 && !own.contains(wanted) && asked.insert(wanted).second) {
      if (const std::string why = why_not_given(wanted, taken); !why.empty()) {
        return api::invalid(Kind::Service,
                            service.key.name,
                            {{FieldError::Type::Invalid,
                              fmt::format("spec.ports[{}].nodePort", index),
                              std::to_string(wanted),
                              why}});
      }
    }
    if (wanted != 0 && old == nullptr) {
      by_port.emplace(api::integer(port, "port"), wanted);
    }
    ++index;
  }
  taken.merge(asked);
  taken.insert(own.begin(), own.end());
  if (api::needs_node_ports(document)) {
    FreeNodePorts free(taken);
    for (api::Json& port : document["ports"]) {
      if (api::integer(port, "nodePort") != 0) {
        continue;
      }
      const std::int64_t number = api::integer(port, "port");
      const auto shared = by_port.find(number);
      const std::int64_t given = shared == by_port.end() ? free.next() : shared->second;
      if (given == 0) {
        return api::internal_error("failed to allocate a nodePort: range is full");
      }
      if (old == nullptr) {
        by_port.emplace(number, given);
      }
      port["nodePort"] = given;
    }
  }
  auto changed = std::make_shared<api::ServiceSpec>(*service.as<api::Service>().spec);
  changed->document = std::make_shared<const api::Json>(std::move(document));
  service.as<api::Service>().spec = std::move(changed);
  return std::nullopt;
}

}  // namespace stsim::store
