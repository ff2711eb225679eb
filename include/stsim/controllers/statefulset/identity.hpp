#pragma once
// Names, identities and storage of a set's pods. Rules: SS-20 to SS-30.

#include <stsim/api/decode.hpp>
#include <stsim/api/object.hpp>

namespace stsim::controllers::statefulset {

/// What all pods of a set at one revision share.
struct PodTemplate {
  api::Labels labels;  ///< with the revision's name; those of the pod's own are empty
  Boxed<api::SeldomMetadata> seldom;
  api::Labels annotations;
  SharedVector<Text> finalizers;
  SharedVector<api::OwnerReference> owners;  ///< the set
  std::shared_ptr<const api::PodSpec> spec;
};

/// The template of a set's pods at a revision, from the revision's template document. Rule: SS-23.
[[nodiscard]] PodTemplate make_template(const api::Object& set,
                                        const std::string& revision,
                                        const api::Json& pod_template,
                                        const api::Features& features);

/// `web-3`. Rule: SS-21.
[[nodiscard]] std::string pod_name(const api::Object& set, std::int32_t ordinal);

/// The name that a pod's ordinal asks for: its own, but `web-3` of `web-03`. Rule: SS-24.
[[nodiscard]] std::string usual_name(const api::Object& set, const api::Object& pod);

/// `data-web-3`. Rule: SS-22.
[[nodiscard]] std::string claim_name(const api::ClaimTemplate& claim, std::string_view pod);

/// The reference by which a set owns something as its controller. Rule: SS-23.
[[nodiscard]] api::OwnerReference controller_reference(const api::Object& owner);

/// The pod to be created for an ordinal. Rule: SS-23.
[[nodiscard]] api::Object make_pod(const api::Object& set,
                                   const PodTemplate& pod_template,
                                   std::int32_t ordinal,
                                   Release release);

/// The claim to be created for a pod. Rule: SS-26.
[[nodiscard]] api::Object make_claim(const api::Object& set,
                                     const api::ClaimTemplate& claim,
                                     std::string_view pod);

/// Whether a pod's name says that it belongs to the set. Rule: SS-20.
[[nodiscard]] bool is_member(const api::Object& set, const api::Object& pod);

/// Rule: SS-24.
[[nodiscard]] bool identity_matches(const api::Object& set, const api::Object& pod);

/// Rule: SS-25.
[[nodiscard]] bool storage_matches(const api::Object& set, const api::Object& pod);

}  // namespace stsim::controllers::statefulset
