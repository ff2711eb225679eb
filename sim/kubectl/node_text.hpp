#pragma once
// What tables and descriptions say about nodes. Rule: KC-41.

#include <stsim/api/json.hpp>

#include <string>
#include <vector>

namespace stsim::kubectl {

/// The roles that a node's labels give it, sorted.
[[nodiscard]] std::vector<std::string> node_roles(const api::Json& node);

}  // namespace stsim::kubectl
