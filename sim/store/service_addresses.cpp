// The addresses of Services, and their ports on the nodes. Rule: VA-11.
#include "admission.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>

#include <charconv>
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

std::optional<ApiError> give_node_ports(const Store& store, Object& service) {
  const api::Json& spec = *service.as<api::Service>().spec->document;
  const std::string type = api::text(spec, "type");
  if (type != "NodePort" &&
      (type != "LoadBalancer" ||
       api::member(spec, "allocateLoadBalancerNodePorts") == api::Json(false))) {
    return std::nullopt;
  }
  std::set<std::int64_t> taken;
  for (const ObjectPtr& other : store.list(Kind::Service)) {
    if (other->key != service.key) {
      for (const api::Json& port :
           api::member(*other->as<api::Service>().spec->document, "ports")) {
        taken.insert(api::integer(port, "nodePort"));
      }
    }
  }
  api::Json document = spec;
  api::FieldErrors errors;
  std::size_t index = 0;
  std::int64_t next = kFirstFreeNodePort;
  for (api::Json& port : document["ports"]) {
    const std::int64_t wanted = api::integer(port, "nodePort");
    if (wanted == 0) {
      while (taken.contains(next)) {
        ++next;
      }
      port["nodePort"] = next;
      taken.insert(next);
    } else if (wanted < kFirstNodePort || wanted > kLastNodePort || taken.contains(wanted)) {
      errors.push_back({FieldError::Type::Invalid,
                        fmt::format("spec.ports[{}].nodePort", index),
                        std::to_string(wanted),
                        taken.contains(wanted)
                            ? "provided port is already allocated"
                            : fmt::format("provided port is not in the valid range. The range of "
                                          "valid ports is {}-{}",
                                          kFirstNodePort,
                                          kLastNodePort)});
    }
    ++index;
  }
  if (!errors.empty()) {
    return api::invalid(Kind::Service, service.key.name, std::move(errors));
  }
  auto changed = std::make_shared<api::ServiceSpec>(*service.as<api::Service>().spec);
  changed->document = std::make_shared<const api::Json>(std::move(document));
  service.as<api::Service>().spec = std::move(changed);
  return std::nullopt;
}

}  // namespace stsim::store
