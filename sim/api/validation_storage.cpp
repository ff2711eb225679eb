// Persistent volumes and claims. Rules: PV-4 to PV-8.

#include "api/internal_form.hpp"
#include "api/validation_parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/api/names.hpp>
#include <stsim/api/object.hpp>

#include <algorithm>
#include <array>
#include <iterator>

namespace stsim::api::validation {

namespace {

using Ordered = nlohmann::ordered_json;

/// The sources of a volume, in the order of the server's own type.
constexpr std::array<std::string_view, 22> kPersistentSources{"gcePersistentDisk",
                                                              "awsElasticBlockStore",
                                                              "hostPath",
                                                              "glusterfs",
                                                              "nfs",
                                                              "rbd",
                                                              "quobyte",
                                                              "iscsi",
                                                              "flexVolume",
                                                              "cinder",
                                                              "cephfs",
                                                              "fc",
                                                              "flocker",
                                                              "azureFile",
                                                              "vsphereVolume",
                                                              "azureDisk",
                                                              "photonPersistentDisk",
                                                              "portworxVolume",
                                                              "scaleIO",
                                                              "local",
                                                              "storageos",
                                                              "csi"};

void check_access_modes(Errors& errors, const Path& path, const Json& modes) {
  std::vector<std::string> names;
  for (const AccessModeName& mode : kAccessModeNames) {
    names.emplace_back(mode.name);
  }
  std::ranges::sort(names);
  for (const Json& mode : modes) {
    if (!mode.is_string() || std::ranges::find(names, mode.get<std::string>()) == names.end()) {
      errors.not_supported(path, mode, names);
    }
  }
  const AccessModes known = access_modes(modes);
  if (known.contains(kReadWriteOncePod) && known.count() > 1) {
    errors.forbidden(path, "may not use ReadWriteOncePod with other access modes");
  }
}

void positive(Errors& errors, const Path& path, const Json& value) {
  if (const Quantity amount = quantity(value); amount.nano() <= 0) {
    errors.invalid(path, Json(amount.text()), "must be greater than zero");
  }
}

void volume_mode(Errors& errors, const Path& path, const Json& spec) {
  const std::string mode = text(spec, "volumeMode");
  if (has(spec, "volumeMode") && mode != "Block" && mode != "Filesystem") {
    errors.not_supported(path.child("volumeMode"), Json(mode), {"Block", "Filesystem"});
  }
}

void class_name(Errors& errors, const Path& path, const Json& spec) {
  if (const std::string name = text(spec, "storageClassName"); !name.empty()) {
    dns_subdomain(errors, path.child("storageClassName"), name);
  }
}

void capacity(Errors& errors, const Path& path, const Json& spec) {
  const Json& capacity = map(spec, "capacity");
  if (capacity.empty()) {
    errors.required(path);
  }
  if (!capacity.contains("storage") || capacity.size() > 1) {
    errors.not_supported(path, has(spec, "capacity") ? capacity : Json(nullptr), {"storage"});
  }
  for (const auto& [name, value] : capacity.items()) {
    const Quantity amount = quantity(value);
    if (amount.units() < 0) {
      errors.invalid(path.key(name), Json(amount.units()), "must be a valid resource quantity");
    }
    positive(errors, path.key(name), value);
  }
}

void source(Errors& errors, const Path& path, const Json& spec) {
  // The server looks at the host's path first, then at the rest in the order of its type.
  std::vector<std::string_view> order{"hostPath"};
  std::ranges::remove_copy(kPersistentSources, std::back_inserter(order), "hostPath");
  bool found = false;
  for (const std::string_view key : order) {
    const Json& value = member(spec, key);
    if (value.is_null()) {
      continue;
    }
    const Path at = path.child(key);
    if (found) {
      errors.forbidden(at, "may not specify more than 1 volume type");
    } else if (key == "hostPath") {
      host_path(errors, at, value);
    } else if (key == "nfs") {
      nfs(errors, at, value);
    } else if (key == "local") {
      if (text(value, "path").empty()) {
        errors.required(at.child("path"));
      }
      if (!has(spec, "nodeAffinity")) {
        errors.required(path.child("nodeAffinity"), "Local volume requires node affinity");
      }
    } else if (key == "csi") {
      for (const std::string_view name : {"driver", "volumeHandle"}) {
        if (text(value, name).empty()) {
          errors.required(at.child(name));
        }
      }
    }
    found = true;
  }
  if (!found) {
    errors.required(path, "must specify a volume type");
  }
}

/// A volume's source in the server's own type.
Ordered internal_source(const Json& spec, Release release) {
  return internal_form(
      spec, "PersistentVolumeSpec", release, fmt::format("{}", fmt::join(kPersistentSources, " ")));
}

void unchanged(Errors& errors, const Path& path, const Json& value, const Json& old) {
  if (value != old) {
    errors.invalid(path, value, "field is immutable");
  }
}

}  // namespace

void persistent_volume(Errors& errors, const Json& document) {
  metadata(errors, document, NameForm::Subdomain);
  const Json& spec = member(document, "spec");
  const Path path("spec");
  const Json& modes = list(spec, "accessModes");
  if (modes.empty()) {
    errors.required(path.child("accessModes"));
  }
  check_access_modes(errors, path.child("accessModes"), modes);
  capacity(errors, path.child("capacity"), spec);
  const std::string policy = text(spec, "persistentVolumeReclaimPolicy");
  if (!policy.empty() && policy != "Delete" && policy != "Recycle" && policy != "Retain") {
    errors.not_supported(
        path.child("persistentVolumeReclaimPolicy"), Json(policy), {"Delete", "Recycle", "Retain"});
  }
  if (const Json& affinity = member(spec, "nodeAffinity"); !affinity.is_null()) {
    const Path at = path.child("nodeAffinity").child("required");
    if (const Json& required = member(affinity, "required"); required.is_null()) {
      errors.required(at, "must specify required node constraints");
    } else {
      node_selector(errors, at, required);
    }
  }
  source(errors, path, spec);
  if (policy == "Recycle" && text(member(spec, "hostPath"), "path") == "/") {
    errors.forbidden(path.child("persistentVolumeReclaimPolicy"),
                     "may not be 'recycle' for a hostPath mount of '/'");
  }
  class_name(errors, path, spec);
  volume_mode(errors, path, spec);
}

void persistent_volume_update(Errors& errors, const Json& document, const Json& old) {
  persistent_volume(errors, document);
  const Json& spec = member(document, "spec");
  const Json& old_spec = member(old, "spec");
  const Ordered before = internal_source(old_spec, errors.release());
  const Ordered after = internal_source(spec, errors.release());
  if (before != after) {
    errors.forbidden(
        Path("spec").child("persistentvolumesource"),
        "spec.persistentvolumesource is immutable after creation\n" + difference(before, after));
  }
  unchanged(errors, Path("volumeMode"), member(spec, "volumeMode"), member(old_spec, "volumeMode"));
  if (const Json& affinity = member(old_spec, "nodeAffinity"); !affinity.is_null()) {
    if (const Json& now = member(spec, "nodeAffinity"); now != affinity) {
      errors.invalid(Path("nodeAffinity"),
                     now.is_null()
                         ? "null"
                         : internal_form(now, "VolumeNodeAffinity", errors.release()).dump(),
                     now.dump(),
                     "field is immutable");
    }
  }
}

void claim_spec(Errors& errors, const Path& path, const Json& spec) {
  const Json& modes = list(spec, "accessModes");
  if (modes.empty()) {
    errors.required(path.child("accessModes"), "at least 1 access mode is required");
  }
  if (const Json& selector = member(spec, "selector"); !selector.is_null()) {
    label_selector(errors, path.child("selector"), selector);
  }
  check_access_modes(errors, path.child("accessModes"), modes);
  const Path storage_path = path.child("resources").key("storage");
  const Json& storage = at_path(spec, {"resources", "requests", "storage"});
  if (storage.is_null()) {
    errors.required(storage_path);
  } else {
    positive(errors, storage_path, storage);
  }
  class_name(errors, path, spec);
  volume_mode(errors, path, spec);
}

void claim(Errors& errors, const Json& document) {
  metadata(errors, document, NameForm::Subdomain);
  claim_spec(errors, Path("spec"), member(document, "spec"));
}

void claim_update(Errors& errors, const Json& document, const Json& old) {
  // The server checks the metadata of claims twice.
  metadata_update(errors, document, old);
  claim(errors, document);
  Json after = member(document, "spec");
  Json before = member(old, "spec");
  if (!after.is_object() || !before.is_object()) {
    return;
  }
  if (text(before, "volumeName").empty() && has(after, "volumeName")) {
    before["volumeName"] = after["volumeName"];
  }
  if (!has(before, "storageClassName") && has(after, "storageClassName")) {
    after.erase("storageClassName");
  }
  const Json new_size = at_path(after, {"resources", "requests", "storage"});
  const Json old_size = at_path(before, {"resources", "requests", "storage"});
  if (text(member(document, "status"), "phase") == "Bound") {
    if (has(member(after, "resources"), "requests")) {
      after["resources"]["requests"]["storage"] = old_size;
    }
    if (has(after, "volumeAttributesClassName") && errors.release().at_least(31)) {
      after["volumeAttributesClassName"] = member(before, "volumeAttributesClassName");
    }
  }
  const Ordered from = internal_form(before, "PersistentVolumeClaimSpec", errors.release());
  const Ordered to = internal_form(after, "PersistentVolumeClaimSpec", errors.release());
  if (from != to) {
    errors.forbidden(
        Path("spec"),
        fmt::format("spec is immutable after creation except resources.requests {}for bound "
                    "claims\n{}",
                    errors.release().at_least(29) ? "and volumeAttributesClassName " : "",
                    difference(from, to)));
  }
  if (quantity(new_size) < quantity(old_size)) {
    const Path at = Path("spec").child("resources").child("requests").child("storage");
    // Taking back an expansion that failed has been possible by default since 1.32.
    if (!errors.release().at_least(32)) {
      errors.forbidden(at, "field can not be less than previous value");
    } else if (quantity(new_size) <= quantity(at_path(old, {"status", "capacity", "storage"}))) {
      errors.forbidden(at, "field can not be less than status.capacity");
    }
  }
  unchanged(errors, Path("volumeMode"), member(after, "volumeMode"), member(before, "volumeMode"));
}

}  // namespace stsim::api::validation
