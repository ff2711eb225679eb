#include "kubectl/document.hpp"

#include <stsim/api/well_known.hpp>

#include <algorithm>

namespace stsim::kubectl {

using api::Json;

std::string name_of(const Json& object) {
  return api::text(api::member(object, "metadata"), "name");
}

std::string namespace_of(const Json& object) {
  return api::text(api::member(object, "metadata"), "namespace");
}

bool is_terminating(const Json& object) {
  return !api::at_path(object, {"metadata", "deletionTimestamp"}).is_null();
}

std::string scalar_text(const Json& value) {
  if (value.is_string()) {
    return value.get<std::string>();
  }
  return value.is_null() ? std::string() : value.dump();
}

std::string or_none(std::string text) {
  return text.empty() ? "<none>" : text;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string result;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) {
      result += separator;
    }
    result += part;
  }
  return result;
}

const Json& elements(const Json& list) {
  static const Json kNone = Json::array();
  return list.is_array() ? list : kNone;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  while (true) {
    const std::size_t at = text.find(separator);
    out.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) {
      return out;
    }
    text.remove_prefix(at + 1);
  }
}

std::vector<std::string> texts_of(const Json& list) {
  std::vector<std::string> result;
  for (const Json& element : elements(list)) {
    result.push_back(scalar_text(element));
  }
  return result;
}

std::string some_of(const std::vector<std::string>& parts, std::size_t max) {
  const std::size_t shown = std::min(max, parts.size());
  std::string text = join({parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(shown)}, ",");
  if (parts.size() > max) {
    text += " + " + std::to_string(parts.size() - max) + " more...";
  }
  return text;
}

const Json& controller_of(const Json& object) {
  static const Json kNone;
  for (const Json& owner : elements(api::at_path(object, {"metadata", "ownerReferences"}))) {
    if (api::member(owner, "controller") == true) {
      return owner;
    }
  }
  return kNone;
}

std::string storage_class_of(const Json& object) {
  const Json& annotated =
      api::at_path(object, {"metadata", "annotations", api::kStorageClassAnnotation});
  return annotated.is_string() ? annotated.get<std::string>()
                               : api::text(api::member(object, "spec"), "storageClassName");
}

bool is_default_class(const Json& storage_class) {
  const Json& annotations = api::at_path(storage_class, {"metadata", "annotations"});
  return api::text(annotations, api::kDefaultClassAnnotation) == "true" ||
         api::text(annotations, api::kBetaDefaultClassAnnotation) == "true";
}

std::string host_and_port(const std::string& host, const std::string& port) {
  const bool bracketed = host.find(':') != std::string::npos;
  return (bracketed ? "[" + host + "]" : host) + ":" + port;
}

}  // namespace stsim::kubectl
