#include <stsim/api/storage_class.hpp>
#include <stsim/api/well_known.hpp>

namespace stsim::api {

namespace {

bool is_default(const Object& storage_class) {
  for (const char* name : {kDefaultClassAnnotation, kBetaDefaultClassAnnotation}) {
    const Text* is = storage_class.annotations.find(name);
    if (is != nullptr && *is == "true") {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string storage_class(const Object& object) {
  if (const Text* annotation = object.annotations.find(kStorageClassAnnotation)) {
    return *annotation;
  }
  if (object.key.kind == Kind::PersistentVolume) {
    return object.as<Volume>().spec->storage_class;
  }
  return object.as<Claim>().spec->storage_class.value_or("");
}

bool has_storage_class(const Object& claim) {
  return claim.as<Claim>().spec->storage_class.has_value() ||
         claim.annotations.contains(kStorageClassAnnotation);
}

void set_storage_class(Object& claim, const std::string& name) {
  Json document = *claim.as<Claim>().spec->document;
  document["storageClassName"] = name;
  claim.as<Claim>().spec = read_claim_spec(std::make_shared<const Json>(std::move(document)));
}

ObjectPtr default_class(const std::vector<ObjectPtr>& storage_classes) {
  ObjectPtr found;
  for (const ObjectPtr& candidate : storage_classes) {
    if (is_default(*candidate) && (!found || candidate->created > found->created)) {
      found = candidate;
    }
  }
  return found;
}

bool delays_binding(const Object& storage_class) {
  return text(*storage_class.as<Generic>().document, "volumeBindingMode") == "WaitForFirstConsumer";
}

}  // namespace stsim::api
