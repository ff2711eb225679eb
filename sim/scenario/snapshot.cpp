#include "scenario/recorded_fields.hpp"

#include <stsim/api/well_known.hpp>
#include <stsim/scenario/snapshot.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::scenario {

using api::Json;
using api::Kind;
using api::ObjectPtr;

namespace {

template <class T>
Json shown(const T& object, std::span<const RecordedField<T>> fields) {
  Json out = Json::object();
  for (const RecordedField<T>& field : fields) {
    out[std::string(field.name)] = field.read(object);
  }
  return out;
}

}  // namespace

Json snapshot(const world::World& world) {
  Json out = Json::object();
  for (const RecordedKind& recorded : recorded_kinds()) {
    const api::KindInfo& kind = api::info(recorded.kind);
    const std::string_view ns = kind.namespaced ? api::kDefaultNamespace : "";
    for (const ObjectPtr& object : world.store.list(recorded.kind, ns)) {
      out[std::string(kind.plural)][object->key.name] = shown(*object, recorded.fields);
    }
  }
  std::map<std::string, std::vector<api::Endpoint>> of_service;
  for (const ObjectPtr& slice : world.store.list(Kind::EndpointSlice, api::kDefaultNamespace)) {
    const auto& body = slice->as<api::EndpointSlice>();
    std::ranges::copy(body.endpoints, std::back_inserter(of_service[body.service]));
  }
  for (auto& [service, all] : of_service) {
    std::ranges::stable_sort(all, [](const api::Endpoint& a, const api::Endpoint& b) {
      return api::natural_less(a.pod, b.pod);
    });
    for (const api::Endpoint& endpoint : all) {
      out[std::string(kEndpointsMember)][service].push_back(shown(endpoint, endpoint_fields()));
    }
  }
  return out;
}

Json changes(const Json& before, const Json& after) {
  Json out = Json::object();
  for (const auto& [kind, objects] : after.items()) {
    const Json& known = api::member(before, kind);
    for (const auto& [name, object] : objects.items()) {
      if (api::member(known, name) != object) {
        out[kind][name] = object;
      }
    }
  }
  for (const auto& [kind, objects] : before.items()) {
    const Json& left = api::member(after, kind);
    for (const auto& [name, object] : objects.items()) {
      if (api::member(left, name).is_null()) {
        out[kind][name] = nullptr;
      }
    }
  }
  return out;
}

}  // namespace stsim::scenario
