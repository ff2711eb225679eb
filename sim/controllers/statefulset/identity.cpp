#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/controllers/statefulset/identity.hpp>

#include <algorithm>

namespace stsim::controllers::statefulset {

using api::Object;

namespace {

/// The specification of the pods of a set that are made from a template with this one.
std::shared_ptr<const api::PodSpec> pod_spec(const Object& set,
                                             const api::Json& template_spec,
                                             const api::Features& features) {
  const api::StatefulSetSpec& spec = *set.as<api::StatefulSet>().spec;
  api::Json pod = {{"apiVersion", "v1"},
                   {"kind", "Pod"},
                   {"metadata", {{"name", set.key.name}, {"namespace", set.key.ns}}},
                   {"spec", template_spec}};
  if (!pod["spec"].is_object()) {
    pod["spec"] = api::Json::object();
  }
  api::set_defaults(api::Kind::Pod, pod, api::Json(), features);
  api::Json document = std::move(pod["spec"]);
  document.erase("hostname");
  document.erase("subdomain");
  const auto is_claim = [&spec](const std::string& volume) {
    return std::ranges::any_of(spec.claim_templates,
                               [&volume](const auto& claim) { return claim.name == volume; });
  };
  if (const api::Json& volumes = api::member(document, "volumes"); volumes.is_array()) {
    // SS-23: a claim template takes the place of a volume of the same name.
    api::Json kept = api::Json::array();
    for (const api::Json& volume : volumes) {
      if (!is_claim(api::text(volume, "name"))) {
        kept.push_back(volume);
      }
    }
    if (kept.empty()) {
      document.erase("volumes");
    } else {
      document["volumes"] = std::move(kept);
    }
  }
  auto typed = std::make_shared<api::PodSpec>(
      *api::read_pod_spec(std::make_shared<const api::Json>(std::move(document))));
  std::vector<api::ClaimVolume> volumes;
  for (const api::ClaimTemplate& claim : spec.claim_templates) {
    volumes.push_back({claim.name, ""});
  }
  typed->claims.insert(typed->claims.begin(), volumes.begin(), volumes.end());
  typed->of_set = true;
  typed->subdomain = spec.service_name;
  return typed;
}

/// Names are made very often: no part of one is put behind the other by a call.
std::string dashed(std::string_view a, std::string_view b) {
  std::string out(a.size() + 1 + b.size(), '-');
  std::ranges::copy(a, out.begin());
  std::ranges::copy(b, out.end() - static_cast<std::ptrdiff_t>(b.size()));
  return out;
}

}  // namespace

PodTemplate make_template(const Object& set,
                          const std::string& revision,
                          const api::Json& pod_template,
                          const api::Features& features) {
  const api::StatefulSetSpec& spec = *set.as<api::StatefulSet>().spec;
  const api::Json& template_spec = api::member(pod_template, "spec");
  const auto make = [&] { return pod_spec(set, template_spec, features); };
  PodTemplate out;
  const api::Json& metadata = api::member(pod_template, "metadata");
  out.labels = api::labels_of(api::member(metadata, "labels"));
  out.labels[api::kRevisionLabel] = revision;
  // These two are each pod's own; what is here is only the place for them, whose key all share.
  out.labels[api::kPodNameLabel] = {};
  if (features.release.at_least(28)) {
    out.labels[api::kPodIndexLabel] = {};
  }
  out.seldom.edit().generate_name = set.key.name + "-";
  out.annotations = api::labels_of(api::member(metadata, "annotations"));
  for (const api::Json& finalizer : api::member(metadata, "finalizers")) {
    if (finalizer.is_string()) {
      out.finalizers.push_back(finalizer.get<std::string>());
    }
  }
  out.owners.push_back(controller_reference(set));
  const bool newest = template_spec == api::member(*spec.pod_template, "spec");
  out.spec = newest ? spec.made_pods.get(make) : make();
  return out;
}

std::string pod_name(const Object& set, std::int32_t ordinal) {
  const fmt::format_int digits(ordinal);
  return dashed(set.key.name, {digits.data(), digits.size()});
}

std::string usual_name(const Object& set, const Object& pod) {
  return pod_name(set, api::parent_and_ordinal(pod.key.name).ordinal);
}

std::string claim_name(const api::ClaimTemplate& claim, std::string_view pod) {
  return dashed(claim.name, pod);
}

api::OwnerReference controller_reference(const Object& owner) {
  return {api::api_version(owner.key.kind),
          std::string(api::info(owner.key.kind).name),
          owner.key.name,
          owner.uid,
          true,
          true};
}

Object make_pod(const Object& set,
                const PodTemplate& pod_template,
                std::int32_t ordinal,
                Release release) {
  Object pod;
  pod.key = {api::Kind::Pod, set.key.ns, pod_name(set, ordinal)};
  pod.seldom = pod_template.seldom;
  pod.labels = pod_template.labels;
  pod.labels[api::kPodNameLabel] = pod.key.name;
  if (release.at_least(28)) {  // SS-240: PodIndexLabel
    pod.labels[api::kPodIndexLabel] = std::to_string(ordinal);
  }
  pod.annotations = pod_template.annotations;
  pod.finalizers = pod_template.finalizers;
  pod.owners = pod_template.owners;
  pod.body = api::Pod{pod_template.spec, "", {}};
  return pod;
}

Object make_claim(const Object& set, const api::ClaimTemplate& claim, std::string_view pod) {
  Object out = *claim.claim;
  out.key.ns = set.key.ns;
  out.key.name = claim_name(claim, pod);
  return out;
}

bool is_member(const Object& set, const Object& pod) {
  return api::parent_and_ordinal(pod.key.name).parent == set.key.name;
}

bool identity_matches(const Object& set, const Object& pod) {
  const std::string_view name = pod.key.name;
  const auto [parent, ordinal] = api::parent_and_ordinal(name);
  if (ordinal < 0 || parent != set.key.name) {
    return false;
  }
  const fmt::format_int digits(ordinal);  // `web-03` has others
  return name.substr(parent.size() + 1) == std::string_view(digits.data(), digits.size()) &&
         pod.key.ns == set.key.ns && pod.label(api::kPodNameLabel) == name;
}

bool storage_matches(const Object& set, const Object& pod) {
  const auto& templates = set.as<api::StatefulSet>().spec->claim_templates;
  if (templates.empty()) {
    return true;
  }
  const std::vector<api::ClaimVolume>& volumes = pod.as<api::Pod>().spec->claims;
  const std::string name = usual_name(set, pod);
  return std::ranges::all_of(templates, [&](const api::ClaimTemplate& claim) {
    return std::ranges::any_of(volumes, [&](const api::ClaimVolume& volume) {
      return volume.volume == claim.name &&
             (volume.claim.empty() ? pod.key.name == name
                                   : volume.claim == claim_name(claim, name));
    });
  });
}

}  // namespace stsim::controllers::statefulset
