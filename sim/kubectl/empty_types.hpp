#pragma once
// Types that every cluster has, and of which this one has no objects: nothing here makes any.

#include <string>
#include <string_view>

namespace stsim::kubectl {

/// One such type.
struct EmptyType {
  std::string_view plural;
  std::string_view singular;
  std::string_view short_name;  ///< or empty
  std::string_view group;       ///< empty for the core
  std::string_view version;
  bool namespaced{};
};

/// The type that a word means; null if there is none. Rule: KC-1.
[[nodiscard]] const EmptyType* find_empty_type(std::string_view word);

/// `deployments.apps`.
[[nodiscard]] std::string resource_name(const EmptyType& type);

}  // namespace stsim::kubectl
