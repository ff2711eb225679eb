#include "kubectl/node_text.hpp"

#include <set>
#include <string_view>

namespace stsim::kubectl {

std::vector<std::string> node_roles(const api::Json& node) {
  constexpr std::string_view kPrefix = "node-role.kubernetes.io/";
  std::set<std::string> roles;
  const api::Json& labels = api::at_path(node, {"metadata", "labels"});
  if (labels.is_object()) {
    for (const auto& [key, value] : labels.items()) {
      if (key.starts_with(kPrefix) && key.size() > kPrefix.size()) {
        roles.insert(key.substr(kPrefix.size()));
      } else if (key == "kubernetes.io/role" && value.is_string() && value != "") {
        roles.insert(value.get<std::string>());
      }
    }
  }
  return {roles.begin(), roles.end()};
}

}  // namespace stsim::kubectl
