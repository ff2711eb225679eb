// Services and their endpoints.
#include "families.hpp"

#include <set>

namespace stsim::check {

using api::Kind;
using api::Object;
using api::ObjectPtr;

namespace {

std::set<std::string> names_in_slices(const world::World& world, const Object& service) {
  std::set<std::string> out;
  for (const ObjectPtr& slice : world.store.list(Kind::EndpointSlice, service.key.ns)) {
    const auto& body = slice->as<api::EndpointSlice>();
    for (const api::Endpoint& endpoint : body.endpoints) {
      if (body.service == service.key.name) {
        out.insert(endpoint.pod);
      }
    }
  }
  return out;
}

std::set<std::string> names_of_pods(const world::World& world, const Object& service) {
  std::set<std::string> out;
  const api::Selector selector = api::equalities(service.as<api::Service>().spec->selector);
  for (const ObjectPtr& pod : world.store.list(Kind::Pod, service.key.ns)) {
    const api::PodStatus& status = pod->as<api::Pod>().status;
    if (selector.matches(pod->labels) && !status.pod_ip.empty() && !status.ended()) {
      out.insert(pod->key.name);
    }
  }
  return out;
}

}  // namespace

void slices_hold_the_pods(const world::World& world, Found& found) {
  for (const ObjectPtr& service : world.store.list(Kind::Service)) {
    if (!service->as<api::Service>().spec->has_selector || service->terminating()) {
      continue;
    }
    const auto told = names_in_slices(world, *service);
    const auto there = names_of_pods(world, *service);
    if (told != there) {
      add(found, *service, "{} pods in slices, {} pods", told.size(), there.size());
    }
  }
}

}  // namespace stsim::check
