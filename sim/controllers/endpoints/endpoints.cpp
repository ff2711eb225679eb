#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/base/hash.hpp>
#include <stsim/controllers/endpoints/endpoints.hpp>

#include <algorithm>
#include <tuple>

namespace stsim::controllers::endpoints {

using api::Endpoint;
using api::EndpointPort;
using api::Kind;
using api::Object;
using api::ObjectKey;
using api::ObjectPtr;
using api::ServiceSpec;

namespace {

const ServiceSpec& spec_of(const Object& service) {
  return *service.as<api::Service>().spec;
}

bool selects(const ServiceSpec& service, const Object& pod) {
  return service.has_selector && api::equalities(service.selector).matches(pod.labels);
}

/// SD-3: pods that have ended or have no address are no endpoints.
bool has_address(const api::PodStatus& status) {
  return !status.pod_ip.empty() && status.phase != api::PodPhase::Succeeded &&
         status.phase != api::PodPhase::Failed;
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

std::vector<EndpointPort> ports_of(const ServiceSpec& service, const Object& pod) {
  std::vector<EndpointPort> out;
  for (const api::ServicePort& port : service.ports) {
    if (const std::int32_t number = target_port(port, pod); number != 0) {
      out.push_back({port.name, port.protocol, number});
    }
  }
  return out;
}

struct Members {
  std::vector<ObjectPtr> pods;  ///< in natural order
  std::vector<EndpointPort> ports;
};

Members members(const Object& service, const store::Cache& cache) {
  Members out;
  for (const ObjectPtr& pod : cache.list(Kind::Pod, service.key.ns)) {
    if (selects(spec_of(service), *pod) && has_address(pod->as<api::Pod>().status)) {
      out.pods.push_back(pod);
    }
  }
  std::ranges::sort(out.pods, [](const ObjectPtr& a, const ObjectPtr& b) {
    return api::natural_less(a->key.name, b->key.name);
  });
  // Pods that name their ports alike: the first that has any stands for all.
  for (const ObjectPtr& pod : out.pods) {
    out.ports = ports_of(spec_of(service), *pod);
    if (!out.ports.empty()) {
      break;
    }
  }
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

Plan write(const ObjectPtr& known, Object wanted, std::string why, std::string_view rule) {
  Plan plan;
  Call& call = plan.groups.emplace_back().calls.emplace_back();
  call.verb = known ? Call::Verb::Update : Call::Verb::Create;
  call.target = wanted.key;
  call.object = std::make_shared<const Object>(std::move(wanted));
  call.why = std::move(why);
  call.rule = rule;
  return plan;
}

/// Rule: SD-7.
std::string slice_name(const Object& service) {
  return service.key.name + "-" + name_suffix(mix64(service.uid.low));
}

/// The labels of a Service, and those that tell of its endpoints.
api::Labels labels_of(const Object& service) {
  api::Labels out = service.labels;
  if (spec_of(service).headless()) {
    out["service.kubernetes.io/headless"] = "";
  }
  return out;
}

}  // namespace

std::vector<Again> concerned(const store::Change& change,
                             const store::Cache& cache,
                             SimTime /*now*/) {
  const Object& object = change.object();
  std::vector<Again> out;
  if (object.key.kind == Kind::Service) {
    out.push_back({object.key, {}});
  } else if (!change.after && object.key.kind == Kind::Endpoints) {
    out.push_back({{Kind::Service, object.key.ns, object.key.name}, {}});
  } else if (!change.after && object.key.kind == Kind::EndpointSlice) {
    out.push_back({{Kind::Service, object.key.ns, object.as<api::EndpointSlice>().service}, {}});
  } else if (object.key.kind == Kind::Pod) {
    for (const ObjectPtr& service : cache.list(Kind::Service, object.key.ns)) {
      if ((change.before && selects(spec_of(*service), *change.before)) ||
          (change.after && selects(spec_of(*service), *change.after))) {
        out.push_back({service->key, {}});
      }
    }
  }
  return out;
}

Plan decide_slice(const ObjectKey& key, const store::Cache& cache, SimTime /*now*/) {
  const ObjectPtr service = cache.find(key);
  if (!service || service->terminating() || !spec_of(*service).has_selector) {
    return {};
  }
  const Members found = members(*service, cache);
  api::EndpointSlice body;
  body.service = key.name;
  body.ports = found.ports;
  for (const ObjectPtr& pod : found.pods) {
    body.endpoints.push_back(endpoint_of(*service, *pod));
  }
  api::Labels labels = labels_of(*service);
  labels[api::kServiceNameLabel] = key.name;
  labels["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io";
  const ObjectPtr known = cache.find({Kind::EndpointSlice, key.ns, slice_name(*service)});
  if (known && known->as<api::EndpointSlice>() == body && known->labels == labels) {
    return {};
  }
  Object wanted;
  if (known) {
    wanted = *known;
  } else {
    wanted.key = {Kind::EndpointSlice, key.ns, slice_name(*service)};
    wanted.generate_name = key.name + "-";
    wanted.owners.push_back({"v1", "Service", key.name, service->uid, true, true});
  }
  wanted.labels = std::move(labels);
  wanted.body = std::move(body);
  return write(known,
               std::move(wanted),
               fmt::format("{} pods with an address match {}", found.pods.size(), key.text()),
               "SD-4");
}

Plan decide_endpoints(const ObjectKey& key, const store::Cache& cache, SimTime /*now*/) {
  const ObjectPtr service = cache.find(key);
  const ObjectPtr known = cache.find({Kind::Endpoints, key.ns, key.name});
  if (!service) {
    if (!known) {
      return {};
    }
    Plan plan;
    Call& call = plan.groups.emplace_back().calls.emplace_back();
    call.verb = Call::Verb::Delete;
    call.target = known->key;
    call.harmless = {"NotFound"};
    call.why = "its Service is gone";
    call.rule = "SD-5";
    return plan;
  }
  if (!spec_of(*service).has_selector) {
    return {};
  }
  const Members found = members(*service, cache);
  const bool publish = spec_of(*service).publish_not_ready;
  api::Endpoints body;
  for (const ObjectPtr& pod : found.pods) {
    if (pod->terminating() && !publish) {
      continue;  // SD-3
    }
    Endpoint endpoint = endpoint_of(*service, *pod);
    endpoint.ready = publish || endpoint.serving;  // SD-5
    body.endpoints.push_back(std::move(endpoint));
  }
  if (!body.endpoints.empty()) {
    body.ports = found.ports;
  }
  // Addresses stand in the order of their numbers.
  std::ranges::stable_sort(body.endpoints, [](const Endpoint& a, const Endpoint& b) {
    return api::natural_less(a.address, b.address);
  });
  api::Labels labels = labels_of(*service);
  if (known && known->as<api::Endpoints>() == body && known->labels == labels) {
    return {};
  }
  Object wanted;
  if (known) {
    wanted = *known;
  } else {
    wanted.key = {Kind::Endpoints, key.ns, key.name};
  }
  wanted.labels = std::move(labels);
  wanted.body = std::move(body);
  return write(known,
               std::move(wanted),
               fmt::format("{} pods with an address match {}", found.pods.size(), key.text()),
               "SD-5");
}

}  // namespace stsim::controllers::endpoints
