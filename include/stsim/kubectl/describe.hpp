#pragma once
// What `kubectl describe` and `kubectl rollout history` say about objects. The words are those of
// kubectl 1.36 whatever the cluster's release. Rules: KC-17, KC-50 to KC-54.

#include <stsim/api/json.hpp>
#include <stsim/api/kinds.hpp>
#include <stsim/base/time.hpp>

#include <string>
#include <vector>

namespace stsim::kubectl {

/// What a description shows besides the object itself.
struct DescribeContext {
  SimTime now{};
  bool show_events{true};                ///< --show-events
  std::vector<const api::Json*> events;  ///< of this object, in the order of a list
  std::vector<const api::Json*> pods;    ///< candidates: all pods of the namespace (of a node: of
                                         ///< all namespaces); describe() picks those that belong
  std::vector<const api::Json*> endpoint_slices;  ///< of this Service, in the order of a list
};

/// The description of one object; ends with a newline. Several are separated by two empty lines.
[[nodiscard]] std::string describe(api::Kind kind,
                                   const api::Json& object,
                                   const DescribeContext& context);

/// The block `Pod Template:` with tabs in place of alignment, as `rollout history --revision`
/// prints it. `pod_template` is a PodTemplateSpec document. Rule: KC-17.
[[nodiscard]] std::string pod_template_text(const api::Json& pod_template);

}  // namespace stsim::kubectl
