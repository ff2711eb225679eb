#include <stsim/api/packed_json.hpp>

#include <string>

namespace stsim::api {

PackedJson::PackedJson(const Json& document) {
  if (!document.is_null()) {
    std::string bytes;
    Json::to_cbor(document, bytes);
    bytes_ = Text(bytes);
  }
}

Json PackedJson::json() const {
  return is_null() ? Json() : Json::from_cbor(bytes_.view());
}

}  // namespace stsim::api
