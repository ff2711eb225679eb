#include "api/defaults_parts.hpp"
#include "api/go_form.hpp"

#include <stsim/api/decode.hpp>
#include <stsim/api/well_known.hpp>

#include <algorithm>

namespace stsim::api {

namespace defaults {

void set(Json& object, std::string_view key, Json value) {
  Json& at = object[std::string(key)];
  if (at.is_null()) {
    at = std::move(value);
  }
}

Json* object_in(Json& owner, std::string_view key) {
  const auto at = owner.find(key);
  return at != owner.end() && at->is_object() ? &*at : nullptr;
}

}  // namespace defaults

namespace {

using defaults::set;

/// Where a disabled feature's field is dropped unless the stored object already uses it.
void drop_unless_stored(Json& parent, std::string_view key, const Json& stored) {
  if (stored.is_null() && parent.is_object()) {
    parent.erase(std::string(key));
  }
}

void update_strategy(Json& spec, const Json& old, const Features& features) {
  set(spec, "updateStrategy", Json::object());
  Json& strategy = spec["updateStrategy"];
  if (text(strategy, "type").empty()) {
    strategy["type"] = "RollingUpdate";
    // Only here: a set that names its type keeps a missing block. Rule: SS-2.
    set(strategy, "rollingUpdate", Json::object());
  }
  Json* block = defaults::object_in(strategy, "rollingUpdate");
  if (block == nullptr) {
    return;
  }
  const bool max_unavailable = features.enabled("MaxUnavailableStatefulSet");
  if (text(strategy, "type") == "RollingUpdate") {
    set(*block, "partition", 0);
    if (max_unavailable) {
      set(*block, "maxUnavailable", 1);
    }
  }
  if (!max_unavailable) {
    drop_unless_stored(*block,
                       "maxUnavailable",
                       at_path(old, {"spec", "updateStrategy", "rollingUpdate", "maxUnavailable"}));
  }
}

void claim_spec(Json& spec) {
  if (spec.is_object()) {
    set(spec, "volumeMode", "Filesystem");
  }
}

void stateful_set(Json& document, const Json& old, const Features& features) {
  Json& spec = document["spec"];
  if (!spec.is_object()) {
    return;
  }
  if (text(spec, "podManagementPolicy").empty()) {
    spec["podManagementPolicy"] = "OrderedReady";
  }
  update_strategy(spec, old, features);
  if (features.enabled("StatefulSetAutoDeletePVC")) {
    set(spec, "persistentVolumeClaimRetentionPolicy", Json::object());
    Json& policy = spec["persistentVolumeClaimRetentionPolicy"];
    set(policy, "whenDeleted", "Retain");
    set(policy, "whenScaled", "Retain");
  } else {
    drop_unless_stored(spec,
                       "persistentVolumeClaimRetentionPolicy",
                       at_path(old, {"spec", "persistentVolumeClaimRetentionPolicy"}));
  }
  if (!features.enabled("StatefulSetStartOrdinal")) {
    drop_unless_stored(spec, "ordinals", at_path(old, {"spec", "ordinals"}));
  }
  set(spec, "replicas", 1);
  set(spec, "revisionHistoryLimit", 10);
  if (Json* pod_template = defaults::object_in(spec, "template")) {
    defaults::pod_spec((*pod_template)["spec"], features.release);
  }
  defaults::each(spec, "volumeClaimTemplates", [](Json& claim) {
    claim["apiVersion"] = "v1";
    claim["kind"] = "PersistentVolumeClaim";
    claim_spec(claim["spec"]);
    set(claim["status"], "phase", "Pending");
  });
}

void persistent_volume(Json& document, bool creating) {
  if (Json& spec = document["spec"]; spec.is_object()) {
    set(spec, "persistentVolumeReclaimPolicy", "Retain");
    set(spec, "volumeMode", "Filesystem");
  }
  if (creating) {
    document["status"] = {{"phase", "Pending"}};
  }
}

void claim(Json& document, bool creating) {
  claim_spec(document["spec"]);
  if (creating) {
    document["status"] = {{"phase", "Pending"}};
  }
}

void name_space(Json& document) {
  if (const std::string name = text(document["metadata"], "name"); !name.empty()) {
    document["metadata"]["labels"][kNamespaceNameLabel] = name;
  }
  set(document["spec"], "finalizers", Json::array({"kubernetes"}));
  set(document["status"], "phase", "Active");
}

void storage_class(Json& document) {
  set(document, "reclaimPolicy", "Delete");
  set(document, "volumeBindingMode", "Immediate");
}

void node(Json& document) {
  Json& status = document["status"];
  if (const Json& capacity = member(status, "capacity"); capacity.is_object()) {
    set(status, "allocatable", capacity);
  }
}

void endpoints(Json& document) {
  defaults::each(document, "subsets", [](Json& subset) {
    defaults::each(subset, "ports", [](Json& port) { set(port, "protocol", "TCP"); });
  });
}

void endpoint_slice(Json& document) {
  defaults::each(document, "ports", [](Json& port) {
    set(port, "name", "");
    set(port, "protocol", "TCP");
  });
}

}  // namespace

void set_defaults(Kind kind, Json& document, const Json& old, const Features& features) {
  if (!document.is_object()) {
    return;
  }
  const bool creating = old.is_null();
  // The server wipes what a user says about the status of a new object. Rule: SS-3.
  if (creating && (kind == Kind::StatefulSet || kind == Kind::Pod || kind == Kind::Service)) {
    document.erase("status");
  }
  if (const Type* type = find_type(info(kind).name)) {
    to_go_form(document, *type, features.release);
  }
  // Up to 1.33 templates carry an empty time; an object's own one comes from the store.
  if (Json* metadata = defaults::object_in(document, "metadata");
      metadata != nullptr && member(*metadata, "creationTimestamp").is_null()) {
    metadata->erase("creationTimestamp");
  }
  switch (kind) {
    case Kind::StatefulSet:
      stateful_set(document, old, features);
      break;
    case Kind::Pod:
      defaults::pod_spec(document["spec"], features.release);
      defaults::pod(document, creating);
      break;
    case Kind::PersistentVolume:
      persistent_volume(document, creating);
      break;
    case Kind::PersistentVolumeClaim:
      claim(document, creating);
      break;
    case Kind::Service:
      defaults::service(document, old);
      break;
    case Kind::Namespace:
      name_space(document);
      break;
    case Kind::StorageClass:
      storage_class(document);
      break;
    case Kind::Node:
      node(document);
      break;
    case Kind::Endpoints:
      endpoints(document);
      break;
    case Kind::EndpointSlice:
      endpoint_slice(document);
      break;
    case Kind::Secret:
      set(document, "type", "Opaque");
      break;
    case Kind::ControllerRevision:
    case Kind::ConfigMap:
    case Kind::ServiceAccount:
    case Kind::Event:
      break;
  }
}

}  // namespace stsim::api
