#include "membership.hpp"

#include <fmt/format.h>
#include <stsim/controllers/endpoints/endpoints.hpp>

#include <algorithm>

namespace stsim::controllers::endpoints {

using api::Endpoint;
using api::EndpointPort;
using api::Kind;
using api::Object;
using api::ObjectKey;
using api::ObjectPtr;
using api::ServiceSpec;

namespace {

/// Pods name their ports alike: the first that has any stands for all.
std::vector<EndpointPort> common_ports(const ServiceSpec& service,
                                       const std::vector<ObjectPtr>& pods) {
  for (const ObjectPtr& pod : pods) {
    if (std::vector<EndpointPort> ports = ports_of(service, *pod); !ports.empty()) {
      return ports;
    }
  }
  return {};
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

Plan decide_endpoints(const ObjectKey& key,
                      const store::Cache& cache,
                      const Views& /*views*/,
                      SimTime /*now*/) {
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
  const std::vector<ObjectPtr> pods = pods_behind(*service, cache);
  const bool publish = spec_of(*service).publish_not_ready;
  api::Endpoints body;
  for (const ObjectPtr& pod : pods) {
    if (pod->terminating() && !publish) {
      continue;  // SD-3
    }
    Endpoint endpoint = endpoint_of(*service, *pod);
    endpoint.ready = publish || endpoint.serving;  // SD-5, which knows nothing else of a pod
    endpoint.serving = endpoint.ready;
    endpoint.terminating = false;
    body.endpoints.push_back(std::move(endpoint));
  }
  if (!body.endpoints.empty()) {
    body.ports = common_ports(spec_of(*service), pods);
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
               fmt::format("{} pods with an address match {}", pods.size(), key.text()),
               "SD-5");
}

}  // namespace stsim::controllers::endpoints
