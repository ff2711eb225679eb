#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/scenario/snapshot.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <vector>

namespace stsim::scenario {

using api::Json;
using api::Kind;
using api::Object;
using api::ObjectPtr;

namespace {

Json owners_of(const Object& object) {
  std::vector<std::string> out;
  for (const api::OwnerReference& owner : object.owners) {
    out.push_back(fmt::format("{}/{}{}", owner.kind, owner.name, owner.controller ? "*" : ""));
  }
  std::ranges::sort(out);
  return out;
}

Json labels_json(const Object& object) {
  Json out = Json::object();
  for (const auto& [key, value] : object.labels) {
    out[key] = value;
  }
  return out;
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json stateful_set(const Object& object) {
  Json status = api::to_json(object)["status"];
  if (!status.contains("collisionCount")) {
    status["collisionCount"] = 0;
  }
  return {{"generation", object.generation},
          {"replicas", object.as<api::StatefulSet>().spec->replicas},
          {"deleting", object.terminating()},
          {"status", std::move(status)}};
}

Json pod(const Object& object) {
  const auto& body = object.as<api::Pod>();
  Json images = Json::array();
  for (const api::ContainerSpec& container : body.spec->containers) {
    images.push_back(container.image);
  }
  Json claims = Json::array();
  for (const api::ClaimVolume& volume : api::claims(object)) {
    claims.push_back(volume.claim);
  }
  return {{"phase", api::to_string(body.status.phase)},
          {"ready", body.status.ready()},
          {"terminating", object.terminating()},
          {"revision", text_or_null(object.label(api::kRevisionLabel))},
          {"images", std::move(images)},
          {"labels", labels_json(object)},
          {"hostname", text_or_null(api::hostname(object))},
          {"subdomain", text_or_null(body.spec->subdomain)},
          {"claims", std::move(claims)},
          {"owners", owners_of(object)}};
}

Json claim(const Object& object) {
  const auto& body = object.as<api::Claim>();
  return {{"phase", api::to_string(body.phase)},
          {"volume", text_or_null(body.volume_name)},
          {"terminating", object.terminating()},
          {"labels", labels_json(object)},
          {"owners", owners_of(object)}};
}

Json volume(const Object& object) {
  const auto& body = object.as<api::Volume>();
  return {{"phase", api::to_string(body.phase)},
          {"claim", body.claim_ref ? Json(body.claim_ref->name) : Json()}};
}

Json revision(const Object& object) {
  return {{"revision", object.as<api::ControllerRevision>().revision},
          {"owners", owners_of(object)}};
}

Json endpoints(const std::vector<api::Endpoint>& all) {
  Json out = Json::array();
  for (const api::Endpoint& endpoint : all) {
    out.push_back({{"pod", endpoint.pod},
                   {"hostname", text_or_null(endpoint.hostname)},
                   {"ready", endpoint.ready},
                   {"serving", endpoint.serving},
                   {"terminating", endpoint.terminating}});
  }
  return out;
}

}  // namespace

Json snapshot(const world::World& world) {
  Json out = Json::object();
  const auto add = [&](Kind kind, std::string_view ns, Json (*shown)(const Object&)) {
    for (const ObjectPtr& object : world.store.list(kind, ns)) {
      out[std::string(api::info(kind).plural)][object->key.name] = shown(*object);
    }
  };
  add(Kind::StatefulSet, api::kDefaultNamespace, stateful_set);
  add(Kind::Pod, api::kDefaultNamespace, pod);
  add(Kind::PersistentVolumeClaim, api::kDefaultNamespace, claim);
  add(Kind::PersistentVolume, "", volume);
  add(Kind::ControllerRevision, api::kDefaultNamespace, revision);
  std::map<std::string, std::vector<api::Endpoint>> of_service;
  for (const ObjectPtr& slice : world.store.list(Kind::EndpointSlice, api::kDefaultNamespace)) {
    const auto& body = slice->as<api::EndpointSlice>();
    std::ranges::copy(body.endpoints, std::back_inserter(of_service[body.service]));
  }
  for (auto& [service, all] : of_service) {
    std::ranges::stable_sort(all, [](const api::Endpoint& a, const api::Endpoint& b) {
      return api::natural_less(a.pod, b.pod);
    });
    if (!all.empty()) {
      out["endpoints"][service] = endpoints(all);
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
