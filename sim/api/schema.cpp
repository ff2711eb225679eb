// Brings the parts of the table together and finds types and fields in it.

#include "api/schema_rows.hpp"

#include <stsim/api/schema.hpp>

#include <algorithm>
#include <vector>

namespace stsim::api {

namespace {

const std::vector<Type>& table() {
  static const std::vector<Type> types = [] {
    std::vector<Type> all;
    for (const std::span<const Type> part : {rows::meta_types(),
                                             rows::apps_types(),
                                             rows::pod_types(),
                                             rows::container_types(),
                                             rows::probe_types(),
                                             rows::security_types(),
                                             rows::scheduling_types(),
                                             rows::pod_status_types(),
                                             rows::volume_types(),
                                             rows::plugin_volume_types(),
                                             rows::persistent_source_types(),
                                             rows::storage_types(),
                                             rows::service_types(),
                                             rows::endpoint_types(),
                                             rows::node_types(),
                                             rows::config_types()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    std::ranges::sort(all, {}, &Type::name);
    return all;
  }();
  return types;
}

}  // namespace

const Field* Type::find(std::string_view wanted) const {
  const auto after = std::ranges::upper_bound(fields, wanted, {}, &Field::name);
  if (after == fields.begin() || std::prev(after)->name != wanted) {
    return nullptr;
  }
  return &*std::prev(after);
}

const Field* Type::find(std::string_view wanted, int minor) const {
  auto it = std::ranges::lower_bound(fields, wanted, {}, &Field::name);
  for (; it != fields.end() && it->name == wanted; ++it) {
    if (it->in_release(minor)) {
      return &*it;
    }
  }
  return nullptr;
}

const Type* find_type(std::string_view name) {
  const auto it = std::ranges::lower_bound(table(), name, {}, &Type::name);
  return it == table().end() || it->name != name ? nullptr : &*it;
}

std::span<const Type> types() {
  return table();
}

}  // namespace stsim::api
