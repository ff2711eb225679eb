#pragma once
// Parts of descriptions: containers, volumes and whole kinds, each in a file of its own.

#include "kubectl/describe_writer.hpp"

#include <stsim/api/json.hpp>
#include <stsim/kubectl/describe.hpp>

#include <string_view>

namespace stsim::kubectl {

/// A list of containers under `label`. `statuses` and `pod` are null in a template; `indent` is " "
/// there and "" in a pod.
void write_containers(DescribeWriter& writer,
                      std::string_view label,
                      const api::Json& containers,
                      const api::Json& statuses,
                      const api::Json& pod,
                      std::string_view indent);

/// `Volumes:` of a pod or template.
void write_volumes(DescribeWriter& writer, const api::Json& volumes, std::string_view indent);

/// The source of a volume: the members `Type`, `Server` and so on of the first source that `spec`
/// has, or `<unknown>`.
void write_volume_source(DescribeWriter& writer, const api::Json& spec);

/// The block `Pod Template:`.
void write_pod_template(DescribeWriter& writer, const api::Json& pod_template);

/// Constraints on how pods are spread; nothing where there are none.
void write_spread_constraints(DescribeWriter& writer,
                              const api::Json& spec,
                              std::string_view indent);

/// The block `Conditions:` of a node (`looked` is `Heartbeat`) or claim (`Probe`).
void write_conditions(DescribeWriter& writer, const api::Json& object, std::string_view looked);

/// `Terminating (lasts 5s)` while the object is being deleted, otherwise its phase.
[[nodiscard]] std::string phase_text(const api::Json& object, const DescribeContext& context);

void describe_stateful_set(DescribeWriter& writer,
                           const api::Json& set,
                           const DescribeContext& context);
void describe_pod(DescribeWriter& writer, const api::Json& pod, const DescribeContext& context);
void describe_claim(DescribeWriter& writer, const api::Json& claim, const DescribeContext& context);
void describe_volume(DescribeWriter& writer,
                     const api::Json& volume,
                     const DescribeContext& context);
void describe_storage_class(DescribeWriter& writer,
                            const api::Json& storage_class,
                            const DescribeContext& context);
void describe_service(DescribeWriter& writer,
                      const api::Json& service,
                      const DescribeContext& context);
void describe_endpoints(DescribeWriter& writer,
                        const api::Json& endpoints,
                        const DescribeContext& context);
void describe_endpoint_slice(DescribeWriter& writer,
                             const api::Json& slice,
                             const DescribeContext& context);
void describe_node(DescribeWriter& writer, const api::Json& node, const DescribeContext& context);
void describe_namespace(DescribeWriter& writer,
                        const api::Json& object,
                        const DescribeContext& context);
void describe_config_map(DescribeWriter& writer,
                         const api::Json& object,
                         const DescribeContext& context);
void describe_secret(DescribeWriter& writer,
                     const api::Json& object,
                     const DescribeContext& context);
void describe_service_account(DescribeWriter& writer,
                              const api::Json& object,
                              const DescribeContext& context);

/// The form for kinds that kubectl has no words for: all fields with labels made of their names.
void describe_generic(DescribeWriter& writer,
                      const api::Json& object,
                      const DescribeContext& context);

}  // namespace stsim::kubectl
