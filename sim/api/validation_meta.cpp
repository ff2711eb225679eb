// Metadata and label selectors.

#include "api/validation_parts.hpp"

#include <fmt/format.h>
#include <stsim/api/names.hpp>
#include <stsim/api/well_known.hpp>
#include <stsim/base/characters.hpp>

#include <algorithm>
#include <array>

namespace stsim::api::validation {

namespace {

constexpr std::size_t kAnnotationsMost = 256 * 1024;
constexpr std::array<std::string_view, 3> kStandardFinalizers{
    kForegroundFinalizer, "kubernetes", kOrphanFinalizer};

std::vector<std::string> wrong_name(std::string_view name, NameForm form, Release release) {
  switch (form) {
    case NameForm::Label:
      return names::dns1123_label(name, release);
    case NameForm::Label1035:
      return names::dns1035_label(name);
    case NameForm::Subdomain:
      return names::dns1123_subdomain(name);
  }
  return {};
}

void owner_references(Errors& errors, const Path& path, const Json& references) {
  std::string controller;
  for (std::size_t i = 0; i < references.size(); ++i) {
    const Json& reference = references[i];
    for (const std::string_view key : {"apiVersion", "kind", "name", "uid"}) {
      if (text(reference, key).empty()) {
        errors.required(path.index(i).child(key), "must not be empty");
      }
    }
    if (member(reference, "controller") == Json(true)) {
      const std::string name = text(reference, "kind") + "/" + text(reference, "name");
      if (!controller.empty()) {
        errors.invalid(path,
                       references,
                       fmt::format("Only one reference can have Controller set to true. Found "
                                   "\"true\" in references for {} and {}",
                                   controller,
                                   name));
      }
      controller = name;
    }
  }
}

void finalizers(Errors& errors, const Path& path, const Json& finalizers) {
  for (const Json& finalizer : finalizers) {
    if (finalizer.is_string()) {
      errors.invalid(
          path, finalizer, names::label_key(finalizer.get<std::string>(), errors.release()));
    }
  }
}

void standard_finalizers(Errors& errors, const Path& path, const Json& finalizers) {
  for (std::size_t i = 0; i < finalizers.size(); ++i) {
    const std::string name = finalizers[i].is_string() ? finalizers[i].get<std::string>() : "";
    if (name.find('/') == std::string::npos &&
        std::ranges::find(kStandardFinalizers, name) == kStandardFinalizers.end()) {
      errors.invalid(path.index(i),
                     finalizers[i],
                     "name is neither a standard finalizer name nor is it fully qualified");
    }
  }
}

void common(Errors& errors, const Json& meta) {
  const Path path("metadata");
  labels(errors, path.child("labels"), map(meta, "labels"));
  annotations(errors, path.child("annotations"), map(meta, "annotations"));
  owner_references(errors, path.child("ownerReferences"), list(meta, "ownerReferences"));
}

}  // namespace

void metadata(Errors& errors, const Json& document, NameForm form) {
  const Json& meta = member(document, "metadata");
  const Path path("metadata");
  const Release release = errors.release();
  if (std::string prefix = text(meta, "generateName"); !prefix.empty()) {
    const Json value(prefix);
    if (prefix.size() > 1 && prefix.back() == '-') {
      // Something that fits will follow the dash.
      prefix.replace(prefix.size() - 2, 2, "a");
    }
    errors.invalid(path.child("generateName"), value, wrong_name(prefix, form, release));
  }
  const std::string name = text(meta, "name");
  if (name.empty()) {
    errors.required(path.child("name"), "name or generateName is required");
  } else {
    errors.invalid(path.child("name"), Json(name), wrong_name(name, form, release));
  }
  if (const std::string space = text(meta, "namespace"); !space.empty()) {
    dns_label(errors, path.child("namespace"), space);
  }
  common(errors, meta);
  finalizers(errors, path.child("finalizers"), list(meta, "finalizers"));
  standard_finalizers(errors, path.child("finalizers"), list(meta, "finalizers"));
}

void metadata_update(Errors& errors, const Json& document, const Json& old) {
  const Json& meta = member(document, "metadata");
  const Path path("metadata");
  finalizers(errors, path.child("finalizers"), list(meta, "finalizers"));
  if (const std::string name = text(meta, "name"); name != text(member(old, "metadata"), "name")) {
    errors.invalid(path.child("name"), Json(name), "field is immutable");
  }
  if (const std::string uid = text(meta, "uid");
      !uid.empty() && uid != text(member(old, "metadata"), "uid")) {
    errors.invalid(path.child("uid"), Json(uid), "field is immutable");
  }
  common(errors, meta);
  standard_finalizers(errors, path.child("finalizers"), list(meta, "finalizers"));
}

void labels(Errors& errors, const Path& path, const Json& labels) {
  for (const auto& [key, value] : labels.items()) {
    errors.invalid(path, Json(key), names::label_key(key, errors.release()));
    if (value.is_string()) {
      errors.invalid(path, value, names::label_value(value.get<std::string>(), errors.release()));
    }
  }
}

void annotations(Errors& errors, const Path& path, const Json& annotations) {
  std::size_t size = 0;
  for (const auto& [key, value] : annotations.items()) {
    errors.invalid(path, Json(key), names::label_key(to_lower(key), errors.release()));
    size += key.size() + (value.is_string() ? value.get_ref<const std::string&>().size() : 0);
  }
  if (size > kAnnotationsMost) {
    errors.too_long(path, kAnnotationsMost);
  }
}

void label_selector(Errors& errors, const Path& path, const Json& selector) {
  labels(errors, path.child("matchLabels"), map(selector, "matchLabels"));
  const Json& expressions = list(selector, "matchExpressions");
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    const Path at = path.child("matchExpressions").index(i);
    const std::string op = text(expressions[i], "operator");
    const Json& values = list(expressions[i], "values");
    if (op == "In" || op == "NotIn") {
      if (values.empty()) {
        errors.required(at.child("values"), "must be specified when `operator` is 'In' or 'NotIn'");
      }
    } else if (op == "Exists" || op == "DoesNotExist") {
      if (!values.empty()) {
        errors.forbidden(at.child("values"),
                         "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
      }
    } else {
      errors.invalid(at.child("operator"), Json(op), "not a valid selector operator");
    }
    const std::string key = text(expressions[i], "key");
    errors.invalid(at.child("key"), Json(key), names::label_key(key, errors.release()));
    for (std::size_t v = 0; v < values.size() && errors.release().at_least(26); ++v) {
      if (values[v].is_string()) {
        errors.invalid(at.child("values").index(v),
                       values[v],
                       names::label_value(values[v].get<std::string>(), errors.release()));
      }
    }
  }
}

}  // namespace stsim::api::validation
