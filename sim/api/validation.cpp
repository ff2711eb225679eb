#include "api/validation_parts.hpp"

#include <stsim/api/decode.hpp>
#include <stsim/api/names.hpp>
#include <stsim/base/characters.hpp>

namespace stsim::api {

namespace {

using validation::Errors;
using validation::NameForm;
using validation::Path;

void config_map(Errors& errors, const Json& document) {
  validation::metadata(errors, document, NameForm::Subdomain);
}

void storage_class(Errors& errors, const Json& document) {
  validation::metadata(errors, document, NameForm::Subdomain);
  if (const std::string provisioner = text(document, "provisioner"); provisioner.empty()) {
    errors.required(Path("provisioner"));
  } else {
    errors.invalid(Path("provisioner"),
                   Json(provisioner),
                   names::label_key(to_lower(provisioner), errors.release()));
  }
  const std::string policy = text(document, "reclaimPolicy");
  if (policy != "Delete" && policy != "Retain") {
    errors.not_supported(Path("reclaimPolicy"), Json(policy), {"Delete", "Retain"});
  }
  const std::string mode = text(document, "volumeBindingMode");
  if (mode != "Immediate" && mode != "WaitForFirstConsumer") {
    errors.not_supported(
        Path("volumeBindingMode"), Json(mode), {"Immediate", "WaitForFirstConsumer"});
  }
}

void controller_revision(Errors& errors, const Json& document) {
  validation::metadata(errors, document, NameForm::Subdomain);
  if (!validation::has(document, "data")) {
    errors.required(Path("data"), "data is mandatory");
  }
  validation::nonnegative(errors, Path("revision"), integer(document, "revision"));
}

}  // namespace

FieldErrors validate(Kind kind, const Json& document, const Features& features) {
  Errors errors(features.release);
  switch (kind) {
    case Kind::StatefulSet:
      validation::stateful_set(errors, document, features);
      break;
    case Kind::Pod:
      validation::pod(errors, document);
      break;
    case Kind::PersistentVolume:
      validation::persistent_volume(errors, document);
      break;
    case Kind::PersistentVolumeClaim:
      validation::claim(errors, document);
      break;
    case Kind::Service:
      validation::service(errors, document);
      break;
    case Kind::StorageClass:
      storage_class(errors, document);
      break;
    case Kind::ControllerRevision:
      controller_revision(errors, document);
      break;
    case Kind::Namespace:
      validation::metadata(errors, document, NameForm::Label);
      break;
    case Kind::Node:
    case Kind::Endpoints:
    case Kind::EndpointSlice:
    case Kind::ConfigMap:
    case Kind::Secret:
    case Kind::ServiceAccount:
    case Kind::Event:
      config_map(errors, document);
      break;
  }
  return errors.take();
}

FieldErrors validate_update(Kind kind,
                            const Json& document,
                            const Json& old,
                            const Features& features) {
  Errors errors(features.release);
  switch (kind) {
    case Kind::StatefulSet:
      validation::stateful_set_update(errors, document, old, features);
      break;
    case Kind::Pod:
      validation::pod_update(errors, document, old);
      break;
    case Kind::PersistentVolume:
      validation::persistent_volume_update(errors, document, old);
      break;
    case Kind::PersistentVolumeClaim:
      validation::claim_update(errors, document, old);
      break;
    case Kind::Service:
      validation::service_update(errors, document, old);
      break;
    case Kind::StorageClass:
      validation::metadata_update(errors, document, old);
      for (const std::string_view key :
           {"parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"}) {
        if (member(document, key) != member(old, key)) {
          errors.forbidden(Path(std::string(key)),
                           "updates to " + std::string(key) + " are forbidden.");
        }
      }
      break;
    case Kind::ControllerRevision:
      validation::metadata_update(errors, document, old);
      controller_revision(errors, document);
      if (member(document, "data") != member(old, "data")) {
        errors.invalid(Path("data"), member(document, "data"), "field is immutable");
      }
      break;
    case Kind::Namespace:
    case Kind::Node:
    case Kind::Endpoints:
    case Kind::EndpointSlice:
    case Kind::ConfigMap:
    case Kind::Secret:
    case Kind::ServiceAccount:
    case Kind::Event:
      validation::metadata_update(errors, document, old);
      break;
  }
  return errors.take();
}

}  // namespace stsim::api
