#pragma once
// What validation says of documents, for tests.

#include "support/catch.hpp"

#include <stsim/api/decode.hpp>
#include <stsim/api/patch.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stsim::test {

using api::Features;
using api::Json;
using api::Kind;

using Texts = std::vector<std::string>;

/// The features of a release.
inline Features in(std::string_view release) {
  return {*parse_release(release), {}};
}

/// What errors say.
inline Texts texts(const api::FieldErrors& errors) {
  Texts out;
  for (const api::FieldError& error : errors) {
    out.push_back(error.text());
  }
  return out;
}

/// A set that is valid.
inline Json web() {
  return Json::parse(R"({"apiVersion": "apps/v1", "kind": "StatefulSet",
      "metadata": {"name": "web", "namespace": "default"},
      "spec": {"replicas": 3, "serviceName": "web-svc", "selector": {"matchLabels": {"app": "web"}},
               "template": {"metadata": {"labels": {"app": "web"}},
                            "spec": {"containers": [{"name": "web", "image": "web:v1"}]}}}})");
}

/// A document with its defaults.
inline Json stored(Kind kind, Json document, std::string_view release) {
  api::set_defaults(kind, document, nullptr, in(release));
  return document;
}

/// What is said about creating a document changed by a merge patch.
inline Texts creating(Kind kind,
                      Json document,
                      const Json& change,
                      std::string_view release = "1.36") {
  document.merge_patch(change);
  return texts(api::validate(kind, stored(kind, std::move(document), release), in(release)));
}

/// The same of the set above.
inline Texts creating(const char* change, std::string_view release = "1.36") {
  return creating(Kind::StatefulSet, web(), Json::parse(change), release);
}

/// What is said about a strategic patch of a stored object.
inline Texts patching(Kind kind,
                      const Json& old,
                      const Json& patch,
                      std::string_view release = "1.36") {
  auto document = api::strategic_merge(api::info(kind).name, old, patch);
  REQUIRE(document);
  api::set_defaults(kind, *document, old, in(release));
  return texts(api::validate_update(kind, *document, old, in(release)));
}

/// The same of the set above.
inline Texts patching(const char* patch, std::string_view release = "1.36") {
  return patching(
      Kind::StatefulSet, stored(Kind::StatefulSet, web(), release), Json::parse(patch), release);
}

}  // namespace stsim::test
