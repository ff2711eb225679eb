// Environment variables and the fields that they, and volumes, may refer to.

#include "api/validation_parts.hpp"

#include <fmt/format.h>
#include <stsim/api/names.hpp>
#include <stsim/base/characters.hpp>

#include <algorithm>
#include <array>

namespace stsim::api::validation {

namespace {

/// Fields that the downward API knows at all.
constexpr std::array<std::string_view, 14> kFields{"metadata.annotations",
                                                   "metadata.labels",
                                                   "metadata.name",
                                                   "metadata.namespace",
                                                   "metadata.uid",
                                                   "spec.nodeName",
                                                   "spec.restartPolicy",
                                                   "spec.schedulerName",
                                                   "spec.serviceAccountName",
                                                   "status.hostIP",
                                                   "status.hostIPs",
                                                   "status.phase",
                                                   "status.podIP",
                                                   "status.podIPs"};

std::vector<std::string> variable_fields(Release release) {
  std::vector<std::string> fields{"metadata.name",
                                  "metadata.namespace",
                                  "metadata.uid",
                                  "spec.nodeName",
                                  "spec.serviceAccountName",
                                  "status.hostIP"};
  if (release.at_least(29)) {
    fields.emplace_back("status.hostIPs");
  }
  fields.emplace_back("status.podIP");
  fields.emplace_back("status.podIPs");
  return fields;
}

void key_reference(Errors& errors, const Path& path, const Json& reference) {
  dns_subdomain(errors, path.child("name"), text(reference, "name"));
  if (const std::string key = text(reference, "key"); key.empty()) {
    errors.required(path.child("key"));
  } else {
    errors.invalid(path.child("key"), Json(key), names::config_map_key(key));
  }
}

void file_key_reference(Errors& errors, const Path& path, const Json& reference) {
  if (const std::string key = text(reference, "key"); key.empty()) {
    errors.required(path.child("key"));
  } else {
    errors.invalid(path.child("key"), Json(key), names::environment_variable(key, true));
  }
  if (const std::string volume = text(reference, "volumeName"); volume.empty()) {
    errors.required(path.child("volumeName"));
  } else {
    dns_label(errors, path.child("volumeName"), volume);
  }
  if (const std::string file = text(reference, "path"); file.empty()) {
    errors.required(path.child("path"));
  } else if (steps_up(file)) {
    errors.invalid(path.child("path"), Json(file), "must not contain '..'");
  }
}

void value_from(Errors& errors, const Path& path, const Json& variable) {
  const Json& from = member(variable, "valueFrom");
  if (from.is_null()) {
    return;
  }
  int sources = 0;
  for (const std::string_view key :
       {"fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef"}) {
    const Json& source = member(from, key);
    if (source.is_null()) {
      continue;
    }
    ++sources;
    const Path at = path.child(key);
    if (key == "fieldRef") {
      field_reference(errors, at, source, variable_fields(errors.release()));
    } else if (key == "resourceFieldRef") {
      resource_field_reference(errors, at, source, false);
    } else {
      key_reference(errors, at, source);
    }
  }
  if (const Json& source = member(from, "fileKeyRef"); !source.is_null()) {
    ++sources;
    file_key_reference(errors, path.child("fileKeyRef"), source);
  }
  const Json nothing("");
  if (sources == 0) {
    // Files of variables are on by default since 1.35.
    errors.invalid(path,
                   nothing,
                   errors.release().at_least(35)
                       ? "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, "
                         "`secretKeyRef` or `fileKeyRef`"
                       : "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` "
                         "or `secretKeyRef`");
  } else if (!text(variable, "value").empty()) {
    errors.invalid(path, nothing, "may not be specified when `value` is not empty");
  } else if (sources > 1) {
    errors.invalid(path, nothing, "may not have more than one field specified at a time");
  }
}

void named_source(Errors& errors, const Path& path, const Json& source) {
  if (const std::string name = text(source, "name"); name.empty()) {
    errors.required(path.child("name"));
  } else {
    dns_subdomain(errors, path.child("name"), name);
  }
}

}  // namespace

void field_reference(Errors& errors,
                     const Path& path,
                     const Json& reference,
                     const std::vector<std::string>& supported) {
  const std::string version = text(reference, "apiVersion");
  const std::string field = text(reference, "fieldPath");
  if (version.empty()) {
    errors.required(path.child("apiVersion"));
    return;
  }
  if (field.empty()) {
    errors.required(path.child("fieldPath"));
    return;
  }
  const auto unconvertible = [&](std::string_view why) {
    errors.invalid(
        path.child("fieldPath"), Json(field), fmt::format("error converting fieldPath: {}", why));
  };
  if (version != "v1") {
    unconvertible(fmt::format("unsupported pod version: {}", version));
    return;
  }
  const std::size_t open = field.find("['");
  if (open != std::string::npos && field.ends_with("']")) {
    const std::string base = field.substr(0, open);
    if (base != "metadata.annotations" && base != "metadata.labels") {
      unconvertible(fmt::format("field label does not support subscript: {}", field));
      return;
    }
    std::string key = field.substr(open + 2, field.size() - open - 4);
    if (base == "metadata.annotations") {
      key = to_lower(key);
    }
    errors.invalid(path, Json(key), names::label_key(key, errors.release()));
    return;
  }
  if (std::ranges::find(kFields, field) == kFields.end()) {
    unconvertible(fmt::format("field label not supported: {}", field));
  } else if (std::ranges::find(supported, field) == supported.end()) {
    errors.not_supported(path.child("fieldPath"), Json(field), supported);
  }
}

void resource_field_reference(Errors& errors,
                              const Path& path,
                              const Json& reference,
                              bool in_volume) {
  const std::string resource = text(reference, "resource");
  const std::vector<std::string> supported{"limits.cpu",
                                           "limits.ephemeral-storage",
                                           "limits.memory",
                                           "requests.cpu",
                                           "requests.ephemeral-storage",
                                           "requests.memory"};
  if (in_volume && text(reference, "containerName").empty()) {
    errors.required(path.child("containerName"));
  } else if (resource.empty()) {
    errors.required(path.child("resource"));
  } else if (std::ranges::find(supported, resource) == supported.end() &&
             !resource.starts_with("requests.hugepages-") &&
             !resource.starts_with("limits.hugepages-")) {
    errors.not_supported(path.child("resource"), Json(resource), supported);
  }
  const Quantity divisor = quantity(member(reference, "divisor"));
  const std::string unit = divisor.text();
  if (divisor.nano() == 0) {
    return;
  }
  if (resource.ends_with(".cpu")) {
    if (unit != "1m" && unit != "1") {
      errors.invalid(path.child("divisor"),
                     Json(resource),
                     "only divisor's values 1m and 1 are supported with the cpu resource");
    }
  } else if (unit.front() != '1' || (unit.size() > 1 && unit[1] <= '9') || unit == "1m") {
    const std::string_view what =
        resource.ends_with(".memory") ? "memory" : "local ephemeral storage";
    errors.invalid(
        path.child("divisor"),
        Json(resource),
        fmt::format("only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, "
                    "1Pi, 1Ei are supported with the {} resource",
                    what));
  }
}

void environment(Errors& errors, const Path& path, const Json& container) {
  // The names were freed in 1.30, by default since 1.32.
  const bool relaxed = errors.release().at_least(32);
  const Json& variables = list(container, "env");
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const Path at = path.child("env").index(i);
    if (const std::string name = text(variables[i], "name"); name.empty()) {
      errors.required(at.child("name"));
    } else {
      errors.invalid(at.child("name"), Json(name), names::environment_variable(name, relaxed));
    }
    value_from(errors, at.child("valueFrom"), variables[i]);
  }
  const Json& groups = list(container, "envFrom");
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const Path at = path.child("envFrom").index(i);
    if (const std::string prefix = text(groups[i], "prefix"); !prefix.empty()) {
      errors.invalid(
          at.child("prefix"), Json(prefix), names::environment_variable(prefix, relaxed));
    }
    int sources = 0;
    for (const std::string_view key : {"configMapRef", "secretRef"}) {
      if (const Json& source = member(groups[i], key); !source.is_null()) {
        ++sources;
        named_source(errors, at.child(key), source);
      }
    }
    if (sources == 0) {
      errors.invalid(
          path.child("envFrom"), Json(""), "must specify one of: `configMapRef` or `secretRef`");
    } else if (sources > 1) {
      errors.invalid(
          path.child("envFrom"), Json(""), "may not have more than one field specified at a time");
    }
  }
}

}  // namespace stsim::api::validation
