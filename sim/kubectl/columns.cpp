#include "kubectl/document.hpp"
#include "kubectl/kind_columns.hpp"

#include <stsim/base/characters.hpp>
#include <stsim/base/error.hpp>
#include <stsim/kubectl/columns.hpp>

namespace stsim::kubectl {

namespace {

using api::Json;
using api::Kind;

KindColumns columns_of(Kind kind, Release release) {
  switch (kind) {
    case Kind::Namespace:
      return namespace_columns();
    case Kind::Node:
      return node_columns();
    case Kind::PersistentVolume:
      return volume_columns(release);
    case Kind::StorageClass:
      return storage_class_columns();
    case Kind::PersistentVolumeClaim:
      return claim_columns(release);
    case Kind::Service:
      return service_columns();
    case Kind::Endpoints:
      return endpoints_columns();
    case Kind::EndpointSlice:
      return endpoint_slice_columns();
    case Kind::Pod:
      return pod_columns();
    case Kind::StatefulSet:
      return stateful_set_columns();
    case Kind::ControllerRevision:
      return controller_revision_columns();
    case Kind::ConfigMap:
      return config_map_columns();
    case Kind::Secret:
      return secret_columns();
    case Kind::ServiceAccount:
      return service_account_columns(release);
    case Kind::Event:
      return event_columns();
  }
  return {};
}

// -L a/b makes a column B.
std::string label_header(const std::string& key) {
  return to_upper(std::string_view(key).substr(key.rfind('/') + 1));
}

Cells row_of(const KindColumns& kind_columns,
             const std::string& prefix,
             const Json& object,
             const TableOptions& options) {
  Cells cells = kind_columns.cells(object, options);
  STSIM_ASSERT(cells.size() == kind_columns.columns.size());
  Cells row;
  if (options.with_namespace) {
    row.push_back(namespace_of(object));
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const KindColumn& column = kind_columns.columns[i];
    if (!column.wide || options.wide) {
      row.push_back(column.name ? prefix + cells[i] : std::move(cells[i]));
    }
  }
  const Json& labels = api::at_path(object, {"metadata", "labels"});
  for (const std::string& key : options.label_columns) {
    row.push_back(api::text(labels, key));
  }
  if (options.show_labels) {
    row.push_back(labels_text(labels));
  }
  return row;
}

}  // namespace

Table table_of(Kind kind, const std::vector<const Json*>& objects, const TableOptions& options) {
  const KindColumns kind_columns = columns_of(kind, options.release);
  const std::string prefix = options.with_kind ? api::singular_name(kind) + "/" : "";
  Table table;
  if (options.with_namespace) {
    table.columns.emplace_back("NAMESPACE");
  }
  for (const KindColumn& column : kind_columns.columns) {
    if (!column.wide || options.wide) {
      table.columns.push_back(column.header);
    }
  }
  for (const std::string& key : options.label_columns) {
    table.columns.push_back(label_header(key));
  }
  if (options.show_labels) {
    table.columns.emplace_back("LABELS");
  }
  for (const Json* object : objects) {
    table.rows.push_back(row_of(kind_columns, prefix, *object, options));
  }
  return table;
}

std::string age_of(const Json& timestamp, SimTime now) {
  if (timestamp.is_string()) {
    if (const auto time = parse_rfc3339(timestamp.get<std::string>())) {
      return human_duration(now - *time);
    }
  }
  return "<unknown>";
}

std::string object_age(const Json& object, const TableOptions& options) {
  return age_of(api::at_path(object, {"metadata", "creationTimestamp"}), options.now);
}

std::string labels_text(const Json& labels) {
  std::vector<std::string> parts;
  if (labels.is_object()) {
    for (const auto& [key, value] : labels.items()) {
      parts.push_back(key + "=" + scalar_text(value));
    }
  }
  return or_none(join(parts, ","));
}

}  // namespace stsim::kubectl
