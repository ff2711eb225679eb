#pragma once
// What the type of a Service asks for.

#include <stsim/api/json.hpp>

namespace stsim::api {

/// Whether nodes serve the ports of a Service of this spec, so that each port has one of theirs.
/// Source: needsNodePort of the server (pkg/registry/core/service).
[[nodiscard]] inline bool needs_node_ports(const Json& spec) {
  const std::string type = text(spec, "type");
  return type == "NodePort" ||
         (type == "LoadBalancer" && member(spec, "allocateLoadBalancerNodePorts") != Json(false));
}

}  // namespace stsim::api
