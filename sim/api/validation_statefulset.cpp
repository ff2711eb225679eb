// StatefulSets. Rules: SS-5 to SS-8, SS-250.

#include "api/validation_parts.hpp"

#include <fmt/format.h>
#include <stsim/api/names.hpp>
#include <stsim/api/selector.hpp>

#include <algorithm>
#include <charconv>

namespace stsim::api::validation {

namespace {

/// What an update repeats of the checks of a create.
struct Scope {
  bool service_name{true};
  bool pod_template{true};
  bool claim_templates{true};
  bool recreates{};  ///< it is an update of a set with type Recreate: OP-3
};

std::string go_int_or_string(const Json& value) {
  return value.is_string()
             ? fmt::format("intstr.IntOrString{{Type:1, IntVal:0, StrVal:{}}}",
                           go_quote(value.get<std::string>()))
             : fmt::format("intstr.IntOrString{{Type:0, IntVal:{}, StrVal:\"\"}}", value.dump());
}

/// The percentage or the number that is meant; 0 where the text is neither.
std::int64_t amount(const Json& value) {
  if (!value.is_string()) {
    return value.is_number_integer() ? value.get<std::int64_t>() : 0;
  }
  const std::string& text = value.get_ref<const std::string&>();
  std::int64_t number = 0;
  const char* end = text.data() + text.size() - (text.ends_with('%') ? 1 : 0);
  const auto [at, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && at == end ? number : 0;
}

void max_unavailable(Errors& errors, const Path& path, const Json& value) {
  const auto refuse = [&](std::string_view detail) {
    errors.invalid(path, to_go_json(value), go_int_or_string(value), detail);
  };
  const bool percent = value.is_string() && names::percent(value.get<std::string>()).empty();
  if (value.is_string()) {
    for (const std::string& wrong : names::percent(value.get<std::string>())) {
      refuse(wrong);
    }
  } else {
    nonnegative(errors, path, amount(value));
  }
  if (amount(value) == 0) {
    refuse("cannot be 0");
  }
  if (percent && amount(value) > 100) {
    refuse("must not be greater than 100%");
  }
}

/// The internal type of the update strategy, as it is printed. Rule: KC-32.
struct RollingUpdateText {
  std::string json;
  std::string go;
};

RollingUpdateText rolling_update_text(const Json& block) {
  const Json& unavailable = member(block, "maxUnavailable");
  return {fmt::format(R"({{"Partition":{},"MaxUnavailable":{}}})",
                      integer(block, "partition"),
                      to_go_json(unavailable)),
          fmt::format("apps.RollingUpdateStatefulSetStrategy{{Partition:{}, "
                      "MaxUnavailable:(*intstr.IntOrString)({})}}",
                      integer(block, "partition"),
                      unavailable.is_null() ? "nil" : "0xc000000000")};
}

/// Rules: SS-5; of Recreate OP-3, OP-4.
void update_strategy(Errors& errors, const Path& path, const Json& strategy, bool can_recreate) {
  const std::string type = text(strategy, "type");
  const Json& block = member(strategy, "rollingUpdate");
  const Path block_path = path.child("rollingUpdate");
  if (type == "OnDelete" || (type == "Recreate" && can_recreate)) {
    if (!block.is_null()) {
      const RollingUpdateText printed = rolling_update_text(block);
      errors.invalid(
          block_path, printed.json, printed.go, "only allowed for updateStrategy 'RollingUpdate'");
    }
  } else if (type == "RollingUpdate") {
    nonnegative(errors, block_path.child("partition"), integer(block, "partition"));
    if (const Json& unavailable = member(block, "maxUnavailable"); !unavailable.is_null()) {
      max_unavailable(errors, block_path.child("maxUnavailable"), unavailable);
    }
  } else {
    const std::string inner = block.is_null() ? "null" : rolling_update_text(block).json;
    errors.invalid(
        path,
        fmt::format(R"({{"Type":{},"RollingUpdate":{}}})", to_go_json(Json(type)), inner),
        fmt::format("apps.StatefulSetUpdateStrategy{{Type:{}, "
                    "RollingUpdate:(*apps.RollingUpdateStatefulSetStrategy)({})}}",
                    go_quote(type),
                    block.is_null() ? "nil" : "0xc000000000"),
        "must be 'RollingUpdate' or 'OnDelete'");
  }
}

void retention_policy(Errors& errors, const Path& path, const Json& policy) {
  for (const std::string_view key : {"whenDeleted", "whenScaled"}) {
    const std::string value = text(policy, key);
    if (value != "Retain" && value != "Delete") {
      errors.not_supported(path.child(key), Json(value), {"Retain", "Delete"});
    }
  }
}

void selector(Errors& errors, const Path& path, const Json& selector) {
  if (selector.is_null()) {
    errors.required(path);
    return;
  }
  label_selector(errors, path, selector);
  if (map(selector, "matchLabels").empty() && list(selector, "matchExpressions").empty()) {
    errors.invalid(path,
                   "{}",
                   "v1.LabelSelector{MatchLabels:map[string]string(nil), "
                   "MatchExpressions:[]v1.LabelSelectorRequirement(nil)}",
                   "empty selector is invalid for statefulset");
  }
}

std::vector<std::string> claim_names(const Json& spec) {
  std::vector<std::string> out;
  for (const Json& claim : list(spec, "volumeClaimTemplates")) {
    const std::string name = text(member(claim, "metadata"), "name");
    if (std::ranges::find(out, name) == out.end()) {
      out.push_back(name);
    }
  }
  return out;
}

void pod_template(Errors& errors, const Path& path, const Json& spec, const Scope& scope) {
  const Json& pod_template = member(spec, "template");
  const Json& meta = member(pod_template, "metadata");
  const auto wanted = parse_label_selector(member(spec, "selector"));
  if (!wanted) {
    errors.invalid(path.child("selector"), member(spec, "selector"), "");
    return;
  }
  const Path at = path.child("template");
  // No selector matches nothing, an empty one everything.
  const bool none = member(spec, "selector").is_null();
  if (none ||
      (!wanted->requirements.empty() && !wanted->matches(labels_of(member(meta, "labels"))))) {
    const Json& given = map(meta, "labels");
    errors.invalid(at.child("metadata").child("labels"),
                   has(meta, "labels") ? to_go_json(given) : "null",
                   has(meta, "labels")
                       ? fmt::format("map[string]string{{{}}}",
                                     [&given] {
                                       std::string out;
                                       for (const auto& [key, value] : given.items()) {
                                         out += (out.empty() ? "" : ", ") + go_quote(key) + ":" +
                                                go_quote(value.get<std::string>());
                                       }
                                       return out;
                                     }())
                       : "map[string]string(nil)",
                   "`selector` does not match template `labels`");
  }
  if (!scope.pod_template) {
    return;
  }
  labels(errors, at.child("labels"), map(meta, "labels"));
  annotations(errors, at.child("annotations"), map(meta, "annotations"));
  // Earlier releases leave a pod's spec to the creation of the pods.
  if (errors.release().at_least(34)) {
    pod_spec(errors, at.child("spec"), member(pod_template, "spec"), false, claim_names(spec));
  }
}

void spec_checks(Errors& errors,
                 const Json& document,
                 const Features& features,
                 const Scope& scope) {
  const Json& spec = member(document, "spec");
  const Path path("spec");
  if (const std::string policy = text(spec, "podManagementPolicy");
      policy != "OrderedReady" && policy != "Parallel") {
    errors.invalid(
        path.child("podManagementPolicy"), Json(policy), "must be 'OrderedReady' or 'Parallel'");
  }
  update_strategy(errors,
                  path.child("updateStrategy"),
                  member(spec, "updateStrategy"),
                  scope.recreates || features.enabled("StatefulSetRecreateStrategy"));
  if (const Json& policy = member(spec, "persistentVolumeClaimRetentionPolicy");
      !policy.is_null()) {
    retention_policy(errors, path.child("persistentVolumeClaimRetentionPolicy"), policy);
  }
  nonnegative(errors, path.child("replicas"), integer(spec, "replicas"));
  nonnegative(errors, path.child("minReadySeconds"), integer(spec, "minReadySeconds"));
  nonnegative(errors, path.child("ordinals.start"), integer(member(spec, "ordinals"), "start"));
  const std::string service_name = text(spec, "serviceName");
  if (scope.service_name && !service_name.empty() && errors.release().at_least(33)) {
    dns_label(errors, path.child("serviceName"), service_name);
  }
  selector(errors, path.child("selector"), member(spec, "selector"));
  if (scope.claim_templates && errors.release().at_least(34)) {
    const Json& claims = list(spec, "volumeClaimTemplates");
    for (std::size_t i = 0; i < claims.size(); ++i) {
      claim_spec(errors,
                 path.child("volumeClaimTemplates").index(i).child("spec"),
                 member(claims[i], "spec"));
    }
  }
  pod_template(errors, path, spec, scope);
  const Json& pod = at_path(spec, {"template", "spec"});
  const Path pod_path = path.child("template").child("spec");
  if (const std::string policy = text(pod, "restartPolicy"); policy != "Always") {
    errors.not_supported(pod_path.child("restartPolicy"), Json(policy), {"Always"});
  }
  if (has(pod, "activeDeadlineSeconds")) {
    errors.forbidden(pod_path.child("activeDeadlineSeconds"),
                     "activeDeadlineSeconds in StatefulSet is not Supported");
  }
}

/// The spec without what an update may change. Rules: SS-7, SS-250.
Json frozen(const Json& document, Release release) {
  Json spec = member(document, "spec");
  if (!spec.is_object()) {
    return spec;
  }
  for (const std::string_view key : {"replicas",
                                     "ordinals",
                                     "template",
                                     "updateStrategy",
                                     "persistentVolumeClaimRetentionPolicy",
                                     "minReadySeconds"}) {
    spec.erase(std::string(key));
  }
  if (release.at_least(33)) {
    spec.erase("revisionHistoryLimit");
  }
  return spec;
}

std::string mutable_fields(Release release) {
  return fmt::format(
      "updates to statefulset spec for fields other than 'replicas', {}'template', "
      "'updateStrategy', {}'persistentVolumeClaimRetentionPolicy' and "
      "'minReadySeconds' are forbidden",
      release.at_least(26) ? "'ordinals', " : "",
      release.at_least(33) ? "'revisionHistoryLimit', " : "");
}

}  // namespace

void stateful_set(Errors& errors, const Json& document, const Features& features) {
  metadata(errors, document, features.release.at_least(27) ? NameForm::Label : NameForm::Subdomain);
  spec_checks(errors, document, features, {});
}

void stateful_set_update(Errors& errors,
                         const Json& document,
                         const Json& old,
                         const Features& features) {
  metadata_update(errors, document, old);
  Errors before(features.release);
  const bool recreates = text(at_path(old, {"spec", "updateStrategy"}), "type") == "Recreate";
  spec_checks(before, old, features, {false, true, false, recreates});
  spec_checks(errors, document, features, {false, before.empty(), false, recreates});
  if (frozen(document, features.release) != frozen(old, features.release)) {
    errors.forbidden(Path("spec"), mutable_fields(features.release));
  }
}

}  // namespace stsim::api::validation
