#include "membership.hpp"

#include <algorithm>

namespace stsim::controllers::endpoints {

using api::Endpoint;
using api::EndpointPort;
using api::Kind;
using api::Object;
using api::ObjectPtr;
using api::ServiceSpec;

namespace {

/// SD-3: pods that have ended or have no address are no endpoints.
bool has_address(const api::PodStatus& status) {
  return !status.pod_ip.empty() && !status.ended();
}

/// The number behind a Service's port on a pod; 0 where the pod has no port of that name.
std::int32_t target_port(const api::ServicePort& port, const Object& pod) {
  if (port.target_name.empty()) {
    return port.target_port;
  }
  for (const api::Json& container : api::member(*pod.as<api::Pod>().spec->document, "containers")) {
    for (const api::Json& candidate : api::member(container, "ports")) {
      if (api::text(candidate, "name") == port.target_name &&
          api::text(candidate, "protocol", "TCP") == port.protocol) {
        return static_cast<std::int32_t>(api::integer(candidate, "containerPort"));
      }
    }
  }
  return 0;
}

}  // namespace

const ServiceSpec& spec_of(const Object& service) {
  return *service.as<api::Service>().spec;
}

bool selects(const ServiceSpec& service, const Object& pod) {
  return service.has_selector && api::equalities(service.selector).matches(pod.labels);
}

std::vector<EndpointPort> ports_of(const ServiceSpec& service, const Object& pod) {
  std::vector<EndpointPort> out;
  for (const api::ServicePort& port : service.ports) {
    if (const std::int32_t number = target_port(port, pod); number != 0) {
      out.push_back({port.name, port.protocol, number});
    }
  }
  return out;
}

std::vector<ObjectPtr> pods_behind(const Object& service, const store::Cache& cache) {
  std::vector<ObjectPtr> out;
  for (const ObjectPtr& pod : cache.list(Kind::Pod, service.key.ns)) {
    if (selects(spec_of(service), *pod) && has_address(pod->as<api::Pod>().status)) {
      out.push_back(pod);
    }
  }
  std::ranges::sort(out, [](const ObjectPtr& a, const ObjectPtr& b) {
    return api::natural_less(a->key.name, b->key.name);
  });
  return out;
}

Endpoint endpoint_of(const Object& service, const Object& pod) {
  const auto& body = pod.as<api::Pod>();
  Endpoint out;
  out.pod = pod.key.name;
  out.pod_uid = pod.uid;
  out.address = body.status.pod_ip;
  out.node_name = body.node_name;
  if (!api::hostname(pod).empty() && body.spec->subdomain == service.key.name) {
    out.hostname = api::hostname(pod);  // SD-6
  }
  out.serving = body.status.ready();
  out.terminating = pod.terminating();
  out.ready = spec_of(service).publish_not_ready || (out.serving && !out.terminating);
  return out;
}

/// The labels of a Service, and those that tell of its endpoints.
api::Labels labels_of(const Object& service) {
  api::Labels out = service.labels;
  if (spec_of(service).headless()) {
    out["service.kubernetes.io/headless"] = "";
  }
  return out;
}

}  // namespace stsim::controllers::endpoints
