#include "admission.hpp"

#include <fmt/format.h>
#include <stsim/api/storage_class.hpp>

namespace stsim::store {

namespace {

using api::integer;
using api::Json;
using api::text;

/// The number that a class stands for; nothing where there is no such class.
std::optional<std::int64_t> priority_of(std::string_view priority_class) {
  if (priority_class.empty()) {
    return 0;
  }
  if (priority_class == "system-cluster-critical") {
    return 2'000'000'000;
  }
  if (priority_class == "system-node-critical") {
    return 2'000'001'000;
  }
  return std::nullopt;
}

std::string wrong_priority(const Json& spec) {
  const std::string name = text(spec, "priorityClassName");
  const std::optional<std::int64_t> priority = priority_of(name);
  if (!priority) {
    return fmt::format("no PriorityClass with name {} was found", name);
  }
  constexpr std::string_view kComputed =
      "must not be provided in pod spec; priority admission controller computed";
  if (const std::int64_t given = integer(spec, "priority", *priority); given != *priority) {
    return fmt::format("the integer value of priority ({}) {} {} from the given PriorityClass name",
                       given,
                       kComputed,
                       *priority);
  }
  constexpr std::string_view kPreempts = "PreemptLowerPriority";
  if (const std::string given = text(spec, "preemptionPolicy", kPreempts); given != kPreempts) {
    return fmt::format(
        "the string value of PreemptionPolicy ({}) {} {} from the given PriorityClass name",
        given,
        kComputed,
        kPreempts);
  }
  return "";
}

std::string wrong_runtime(const Json& spec) {
  if (!api::member(spec, "runtimeClassName").is_null()) {
    return fmt::format("pod rejected: RuntimeClass \"{}\" not found",
                       text(spec, "runtimeClassName"));
  }
  if (!api::member(spec, "overhead").empty()) {
    return "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead";
  }
  return "";
}

bool may_grow(const Store& store, const api::Object& claim, const api::Object& stored) {
  const std::string name = api::storage_class(claim);
  if (name.empty() || name != api::storage_class(stored)) {
    return false;
  }
  const api::ObjectPtr found = store.find({api::Kind::StorageClass, "", name});
  return found &&
         api::member(*found->as<api::Generic>().document, "allowVolumeExpansion") == Json(true);
}

}  // namespace

std::optional<api::ApiError> refuse_pod(const api::ObjectKey& pod, const Json& spec) {
  for (const auto wrong : {wrong_priority, wrong_runtime}) {
    if (const std::string why = wrong(spec); !why.empty()) {
      return api::forbidden(pod.kind, pod.name, why);
    }
  }
  return std::nullopt;
}

std::optional<api::ApiError> refuse_growth(const Store& store,
                                           const api::Object& claim,
                                           const api::Object& stored) {
  if (claim.as<api::Claim>().spec->request <= stored.as<api::Claim>().spec->request) {
    return std::nullopt;
  }
  if (!may_grow(store, claim, stored)) {
    return api::forbidden(claim.key.kind,
                          claim.key.name,
                          "only dynamically provisioned pvc can be resized and the storageclass "
                          "that provisions the pvc must support resize");
  }
  return std::nullopt;
}

}  // namespace stsim::store
