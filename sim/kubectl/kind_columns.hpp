#pragma once
// What the files columns_*.cpp give to table_of(): the columns of single kinds.

#include <stsim/api/json.hpp>
#include <stsim/kubectl/columns.hpp>

#include <string>
#include <vector>

namespace stsim::kubectl {

/// A column of one kind. `wide` ones are shown with -o wide only; `name` is the column that gets
/// the kind as prefix.
struct KindColumn {
  std::string header;
  bool wide{};
  bool name{};
};

using Cells = std::vector<std::string>;

/// The columns of a kind and the function that fills a row with a cell for each.
struct KindColumns {
  std::vector<KindColumn> columns;
  Cells (*cells)(const api::Json& object, const TableOptions& options);
};

[[nodiscard]] KindColumns pod_columns();
[[nodiscard]] KindColumns stateful_set_columns();
[[nodiscard]] KindColumns controller_revision_columns();
[[nodiscard]] KindColumns claim_columns(Release release);
[[nodiscard]] KindColumns volume_columns(Release release);
[[nodiscard]] KindColumns storage_class_columns();
[[nodiscard]] KindColumns service_columns();
[[nodiscard]] KindColumns endpoints_columns();
[[nodiscard]] KindColumns endpoint_slice_columns();
[[nodiscard]] KindColumns namespace_columns();
[[nodiscard]] KindColumns node_columns();
[[nodiscard]] KindColumns config_map_columns();
[[nodiscard]] KindColumns secret_columns();
[[nodiscard]] KindColumns service_account_columns(Release release);
[[nodiscard]] KindColumns event_columns();

/// The age cell of an object.
[[nodiscard]] std::string object_age(const api::Json& object, const TableOptions& options);

}  // namespace stsim::kubectl
