// Volumes of pods, and sources that persistent volumes share with them. Rules: PV-4, PV-5.

#include "api/validation_parts.hpp"

#include <fmt/format.h>
#include <stsim/api/names.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace stsim::api::validation {

namespace {

/// In the order in which the server looks at them.
constexpr std::array<std::string_view, 30> kPodSources{"emptyDir",
                                                       "hostPath",
                                                       "gitRepo",
                                                       "gcePersistentDisk",
                                                       "awsElasticBlockStore",
                                                       "secret",
                                                       "nfs",
                                                       "iscsi",
                                                       "glusterfs",
                                                       "flocker",
                                                       "persistentVolumeClaim",
                                                       "rbd",
                                                       "cinder",
                                                       "cephfs",
                                                       "quobyte",
                                                       "downwardAPI",
                                                       "fc",
                                                       "flexVolume",
                                                       "configMap",
                                                       "azureFile",
                                                       "vsphereVolume",
                                                       "photonPersistentDisk",
                                                       "portworxVolume",
                                                       "azureDisk",
                                                       "storageos",
                                                       "projected",
                                                       "scaleIO",
                                                       "csi",
                                                       "ephemeral",
                                                       "image"};

/// A path below the volume: relative, without steps upwards, not beginning with two dots.
void local_path(Errors& errors, const Path& path, const std::string& value) {
  if (value.starts_with('/')) {
    errors.invalid(path, Json(value), "must be a relative path");
  }
  if (steps_up(value)) {
    errors.invalid(path, Json(value), "must not contain '..'");
  }
  if (value.starts_with("..") && !value.starts_with("../") && value != "..") {
    errors.invalid(path, Json(value), "must not start with '..'");
  }
}

void items(Errors& errors, const Path& path, const Json& source) {
  const Json& items = list(source, "items");
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Path at = path.child("items").index(i);
    for (const std::string_view key : {"key", "path"}) {
      if (text(items[i], key).empty()) {
        errors.required(at.child(key));
      }
    }
    local_path(errors, at.child("path"), text(items[i], "path"));
    file_mode(errors, at, items[i], "mode");
  }
}

void downward_files(Errors& errors, const Path& path, const Json& source) {
  const std::vector<std::string> supported{"metadata.annotations",
                                           "metadata.labels",
                                           "metadata.name",
                                           "metadata.namespace",
                                           "metadata.uid"};
  const Json& files = list(source, "items");
  for (std::size_t i = 0; i < files.size(); ++i) {
    const Path at = path.child("items").index(i);
    if (text(files[i], "path").empty()) {
      errors.required(at.child("path"));
    }
    local_path(errors, at.child("path"), text(files[i], "path"));
    const Json& field = member(files[i], "fieldRef");
    const Json& resource = member(files[i], "resourceFieldRef");
    if (!field.is_null()) {
      field_reference(errors, at.child("fieldRef"), field, supported);
      if (!resource.is_null()) {
        errors.invalid(at,
                       Json("resource"),
                       "fieldRef and resourceFieldRef can not be specified simultaneously");
      }
    } else if (!resource.is_null()) {
      resource_field_reference(errors, at.child("resourceFieldRef"), resource, true);
    } else {
      errors.required(at, "one of fieldRef and resourceFieldRef is required");
    }
    file_mode(errors, at, files[i], "mode");
  }
}

void projected(Errors& errors, const Path& path, const Json& source) {
  file_mode(errors, path, source, "defaultMode");
  const Json& sources = list(source, "sources");
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const Path at = path.child("sources").index(i);
    for (const std::string_view key : {"secret", "configMap"}) {
      if (const Json& one = member(sources[i], key); !one.is_null()) {
        if (text(one, "name").empty()) {
          errors.required(at.child(key).child("name"));
        }
        items(errors, at.child(key), one);
      }
    }
    if (const Json& one = member(sources[i], "downwardAPI"); !one.is_null()) {
      downward_files(errors, at.child("downwardAPI"), one);
    }
    if (const Json& one = member(sources[i], "serviceAccountToken"); !one.is_null()) {
      const Path token = at.child("serviceAccountToken");
      if (integer(one, "expirationSeconds") < 600) {
        errors.invalid(token.child("expirationSeconds"),
                       member(one, "expirationSeconds"),
                       "may not specify a duration less than 10 minutes");
      }
      if (text(one, "path").empty()) {
        errors.required(token.child("path"));
      }
    }
    if (!sources[i].is_object() || sources[i].empty()) {
      errors.required(at,
                      "must specify at least one of: `secret`, `configMap`, `downwardAPI`, "
                      "`serviceAccountToken`");
    }
  }
}

void source(Errors& errors, const Path& path, std::string_view key, const Json& value) {
  const Path at = path.child(key);
  if (key == "emptyDir") {
    if (has(value, "sizeLimit") && quantity(member(value, "sizeLimit")).nano() < 0) {
      errors.forbidden(at.child("sizeLimit"), "SizeLimit field must be a valid resource quantity");
    }
  } else if (key == "hostPath") {
    host_path(errors, at, value);
  } else if (key == "nfs") {
    nfs(errors, at, value);
  } else if (key == "secret" || key == "configMap") {
    const std::string_view name = key == "secret" ? "secretName" : "name";
    if (text(value, name).empty()) {
      errors.required(at.child(name));
    }
    file_mode(errors, at, value, "defaultMode");
    items(errors, at, value);
  } else if (key == "persistentVolumeClaim") {
    if (text(value, "claimName").empty()) {
      errors.required(at.child("claimName"));
    }
  } else if (key == "downwardAPI") {
    file_mode(errors, at, value, "defaultMode");
    downward_files(errors, at, value);
  } else if (key == "projected") {
    projected(errors, at, value);
  } else if (key == "csi") {
    if (text(value, "driver").empty()) {
      errors.required(at.child("driver"));
    }
  } else if (key == "ephemeral") {
    if (const Json& claim = member(value, "volumeClaimTemplate"); claim.is_null()) {
      errors.required(at.child("volumeClaimTemplate"));
    } else {
      claim_spec(errors, at.child("volumeClaimTemplate").child("spec"), member(claim, "spec"));
    }
  }
}

}  // namespace

void nfs(Errors& errors, const Path& path, const Json& source) {
  if (text(source, "server").empty()) {
    errors.required(path.child("server"));
  }
  const std::string where = text(source, "path");
  if (where.empty()) {
    errors.required(path.child("path"));
  }
  if (!where.starts_with('/')) {
    errors.invalid(path.child("path"), Json(where), "must be an absolute path");
  }
}

void host_path(Errors& errors, const Path& path, const Json& source) {
  const std::string where = text(source, "path");
  if (where.empty()) {
    errors.required(path.child("path"));
    return;
  }
  if (steps_up(where)) {
    errors.invalid(path.child("path"), Json(where), "must not contain '..'");
  }
  static const std::vector<std::string> kTypes{"",
                                               "BlockDevice",
                                               "CharDevice",
                                               "Directory",
                                               "DirectoryOrCreate",
                                               "File",
                                               "FileOrCreate",
                                               "Socket"};
  if (const std::string type = text(source, "type");
      std::ranges::find(kTypes, type) == kTypes.end()) {
    errors.not_supported(path.child("type"), Json(type), kTypes);
  }
}

Json volumes(Errors& errors, const Path& path, const Json& volumes) {
  Json valid = Json::object();
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    const Json& volume = volumes[i];
    const Path at = path.index(i);
    const std::size_t before = errors.size();
    bool found = false;
    for (const std::string_view key : kPodSources) {
      const Json& value = member(volume, key);
      if (value.is_null()) {
        continue;
      }
      if (found) {
        errors.forbidden(at.child(key), "may not specify more than 1 volume type");
      } else {
        source(errors, at, key, value);
      }
      found = true;
    }
    if (!found) {
      errors.required(at, "must specify a volume type");
    }
    const std::string name = text(volume, "name");
    if (name.empty()) {
      errors.required(at.child("name"));
    } else {
      dns_label(errors, at.child("name"), name);
    }
    if (valid.contains(name)) {
      errors.duplicate(at.child("name"), Json(name));
    }
    if (errors.size() == before) {
      valid[name] = volume;
    }
  }
  return valid;
}

}  // namespace stsim::api::validation
