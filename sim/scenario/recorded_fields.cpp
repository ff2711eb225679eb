#include "scenario/recorded_fields.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace stsim::scenario {

using api::Endpoint;
using api::Kind;
using api::Object;

namespace {

api::Json owners(const Object& object) {
  std::vector<std::string> out;
  for (const api::OwnerReference& owner : object.owners) {
    out.push_back(fmt::format("{}/{}{}", owner.kind, owner.name, owner.controller ? "*" : ""));
  }
  std::ranges::sort(out);
  return out;
}

api::Json labels(const Object& object) {
  api::Json out = api::Json::object();
  for (const auto& [key, value] : object.labels) {
    out[key] = value;
  }
  return out;
}

api::Json terminating(const Object& object) {
  return object.terminating();
}

api::Json text_or_null(std::string_view text) {
  return text.empty() ? api::Json() : api::Json(text);
}

api::Json images(const Object& pod) {
  api::Json out = api::Json::array();
  for (const api::ContainerSpec& container : pod.as<api::Pod>().spec->containers) {
    out.push_back(container.image);
  }
  return out;
}

api::Json claims(const Object& pod) {
  api::Json out = api::Json::array();
  for (const api::ClaimVolume& volume : api::claims(pod)) {
    out.push_back(volume.claim);
  }
  return out;
}

constexpr std::array kStatus{
    Member{"availableReplicas", MemberType::Number},
    Member{"collisionCount", MemberType::Number},
    Member{"currentReplicas", MemberType::Number},
    Member{"currentRevision", MemberType::Text},
    Member{"observedGeneration", MemberType::Number},
    Member{"readyReplicas", MemberType::Number},
    Member{"replicas", MemberType::Number},
    Member{"updateRevision", MemberType::Text},
    Member{"updatedReplicas", MemberType::Number},
};

api::Json status(const Object& set) {
  const api::Json document = api::to_json(set);
  const api::Json& all = api::member(document, "status");
  api::Json out = {{"collisionCount", 0}};  // also before the controller has written a status
  for (const Member& member : kStatus) {
    if (const api::Json& value = api::member(all, member.name); !value.is_null()) {
      out[std::string(member.name)] = value;
    }
  }
  return out;
}

using ObjectField = RecordedField<Object>;
using EndpointField = RecordedField<Endpoint>;

constexpr ObjectField kLabels{{"labels", MemberType::TextMap}, labels};
constexpr ObjectField kOwners{{"owners", MemberType::Texts}, owners};
constexpr ObjectField kTerminating{{"terminating", MemberType::Flag}, terminating};

constexpr std::array kRevision{
    kOwners,
    ObjectField{{"revision", MemberType::Number},
                [](const Object& object) -> api::Json {
                  return object.as<api::ControllerRevision>().revision;
                }},
};

constexpr std::array kClaim{
    kLabels,
    kOwners,
    ObjectField{{"phase", MemberType::Text},
                [](const Object& object) -> api::Json {
                  return api::to_string(object.as<api::Claim>().phase);
                }},
    kTerminating,
    ObjectField{
        {"volume", MemberType::Text},
        [](const Object& object) { return text_or_null(object.as<api::Claim>().volume_name); }},
};

constexpr std::array kVolume{
    ObjectField{{"claim", MemberType::Text},
                [](const Object& object) {
                  const auto& claim = object.as<api::Volume>().claim_ref;
                  return claim ? api::Json(claim->name) : api::Json();
                }},
    ObjectField{{"phase", MemberType::Text},
                [](const Object& object) -> api::Json {
                  return api::to_string(object.as<api::Volume>().phase);
                }},
};

constexpr std::array kPod{
    ObjectField{{"claims", MemberType::Texts}, claims},
    ObjectField{{"hostname", MemberType::Text},
                [](const Object& object) { return text_or_null(api::hostname(object)); }},
    ObjectField{{"images", MemberType::Texts}, images},
    kLabels,
    kOwners,
    ObjectField{{"phase", MemberType::Text},
                [](const Object& object) -> api::Json {
                  return api::to_string(object.as<api::Pod>().status.phase);
                }},
    ObjectField{
        {"ready", MemberType::Flag},
        [](const Object& object) -> api::Json { return object.as<api::Pod>().status.ready(); }},
    ObjectField{
        {"revision", MemberType::Text},
        [](const Object& object) { return text_or_null(object.label(api::kRevisionLabel)); }},
    ObjectField{
        {"subdomain", MemberType::Text},
        [](const Object& object) { return text_or_null(object.as<api::Pod>().spec->subdomain); }},
    kTerminating,
};

constexpr std::array kStatefulSet{
    ObjectField{{"deleting", MemberType::Flag}, terminating},
    ObjectField{{"generation", MemberType::Number},
                [](const Object& object) -> api::Json { return object.generation; }},
    ObjectField{{"replicas", MemberType::Number},
                [](const Object& object) -> api::Json {
                  return object.as<api::StatefulSet>().spec->replicas;
                }},
    ObjectField{{"status", MemberType::Status}, status},
};

constexpr std::array kEndpoint{
    EndpointField{{"hostname", MemberType::Text},
                  [](const Endpoint& endpoint) { return text_or_null(endpoint.hostname); }},
    EndpointField{{"pod", MemberType::Text},
                  [](const Endpoint& endpoint) -> api::Json { return endpoint.pod; }},
    EndpointField{{"ready", MemberType::Flag},
                  [](const Endpoint& endpoint) -> api::Json { return endpoint.ready; }},
    EndpointField{{"serving", MemberType::Flag},
                  [](const Endpoint& endpoint) -> api::Json { return endpoint.serving; }},
    EndpointField{{"terminating", MemberType::Flag},
                  [](const Endpoint& endpoint) -> api::Json { return endpoint.terminating; }},
};

constexpr std::array kKinds{
    RecordedKind{Kind::ControllerRevision, "a controller revision", kRevision},
    RecordedKind{Kind::PersistentVolumeClaim, "a persistent volume claim", kClaim},
    RecordedKind{Kind::PersistentVolume, "a persistent volume", kVolume},
    RecordedKind{Kind::Pod, "a pod", kPod},
    RecordedKind{Kind::StatefulSet, "a stateful set", kStatefulSet},
};

}  // namespace

std::span<const RecordedKind> recorded_kinds() {
  return kKinds;
}

std::span<const EndpointField> endpoint_fields() {
  return kEndpoint;
}

std::span<const Member> status_members() {
  return kStatus;
}

}  // namespace stsim::scenario
