#pragma once
// Taints of nodes, tolerations of pods, and what conditions say of a node.

#include <stsim/api/object.hpp>

#include <optional>
#include <string_view>

namespace stsim::api {

/// The taints that the node controller sets, and those that somebody sets who knows better.
inline constexpr const char* kUnreachableTaint = "node.kubernetes.io/unreachable";
inline constexpr const char* kNotReadyTaint = "node.kubernetes.io/not-ready";
inline constexpr const char* kUnschedulableTaint = "node.kubernetes.io/unschedulable";
inline constexpr const char* kOutOfServiceTaint = "node.kubernetes.io/out-of-service";

/// The taints of a node: documents with key, value, effect and timeAdded. Pre: it is a node.
[[nodiscard]] const Json& taints_of(const Object& node);

/// Whether a toleration is one for a taint.
[[nodiscard]] bool tolerates(const Json& toleration, const Json& taint);

/// The first of a pod's tolerations that is one for a taint, or null. Pre: it is a pod.
[[nodiscard]] const Json* toleration_for(const Object& pod, const Json& taint);

/// What a node's condition Ready says. Pre: it is a node. Rule: PN-60.
enum class NodeReady : unsigned char { True, False, Unknown };
/// Likewise; a node that says nothing counts as ready.
[[nodiscard]] NodeReady node_ready(const Object& node);

/// The node's document with its condition Ready changed; the time of the transition is new only if
/// the status is. Pre: it is a node.
[[nodiscard]] Json with_node_ready(const Object& node,
                                   NodeReady ready,
                                   std::string_view reason,
                                   std::string_view message,
                                   SimTime now);

}  // namespace stsim::api
