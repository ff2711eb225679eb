// Columns of namespaces, nodes, configuration, service accounts and events. Rule: KC-41.

#include "kubectl/document.hpp"
#include "kubectl/event_text.hpp"
#include "kubectl/go_sort.hpp"
#include "kubectl/kind_columns.hpp"
#include "kubectl/node_text.hpp"

#include <stsim/base/characters.hpp>

namespace stsim::kubectl {

namespace {

using api::Json;

Cells namespace_cells(const Json& object, const TableOptions& options) {
  return {name_of(object),
          api::text(api::member(object, "status"), "phase"),
          object_age(object, options)};
}

std::string node_status(const Json& node) {
  std::vector<std::string> parts;
  for (const Json& condition : elements(api::at_path(node, {"status", "conditions"}))) {
    if (api::text(condition, "type") == "Ready") {
      parts.assign(1, api::text(condition, "status") == "True" ? "Ready" : "NotReady");
    }
  }
  if (parts.empty()) {
    parts.emplace_back("Unknown");
  }
  if (api::at_path(node, {"spec", "unschedulable"}) == true) {
    parts.emplace_back("SchedulingDisabled");
  }
  return join(parts, ",");
}

std::string node_address(const Json& node, std::string_view type) {
  for (const Json& address : elements(api::at_path(node, {"status", "addresses"}))) {
    if (api::text(address, "type") == type) {
      return api::text(address, "address");
    }
  }
  return "<none>";
}

std::string or_unknown(std::string text) {
  return text.empty() ? "<unknown>" : text;
}

Cells node_cells(const Json& node, const TableOptions& options) {
  const Json& system = api::at_path(node, {"status", "nodeInfo"});
  return {name_of(node),
          node_status(node),
          or_none(join(node_roles(node), ",")),
          object_age(node, options),
          api::text(system, "kubeletVersion"),
          node_address(node, "InternalIP"),
          node_address(node, "ExternalIP"),
          or_unknown(api::text(system, "osImage")),
          or_unknown(api::text(system, "kernelVersion")),
          or_unknown(api::text(system, "containerRuntimeVersion"))};
}

std::size_t size_of(const Json& map) {
  return map.is_null() ? 0 : map.size();
}

Cells config_map_cells(const Json& object, const TableOptions& options) {
  return {name_of(object),
          std::to_string(size_of(api::member(object, "data")) +
                         size_of(api::member(object, "binaryData"))),
          object_age(object, options)};
}

Cells secret_cells(const Json& object, const TableOptions& options) {
  return {name_of(object),
          api::text(object, "type"),
          std::to_string(size_of(api::member(object, "data"))),
          object_age(object, options)};
}

Cells service_account_cells(const Json& object, const TableOptions& options) {
  return {name_of(object), object_age(object, options)};
}

Cells service_account_cells_with_secrets(const Json& object, const TableOptions& options) {
  return {name_of(object),
          std::to_string(size_of(api::member(object, "secrets"))),
          object_age(object, options)};
}

Cells event_cells(const Json& event, const TableOptions& options) {
  const Json& object = api::member(event, "involvedObject");
  const std::string name = api::text(object, "name");
  const std::string kind = to_lower(api::text(object, "kind"));
  return {age_of(event_last_seen(event), options.now),
          api::text(event, "type"),
          api::text(event, "reason"),
          name.empty() ? kind : kind + "/" + name,
          api::text(object, "fieldPath"),
          event_source(event),
          trimmed(api::text(event, "message")),
          age_of(event_first_seen(event), options.now),
          std::to_string(event_count(event)),
          name_of(event)};
}

// What an event is sorted by.
SimTime time_of(const Json& event) {
  for (const Json* time : {&api::at_path(event, {"series", "lastObservedTime"}),
                           &api::member(event, "lastTimestamp"),
                           &api::member(event, "eventTime")}) {
    if (time->is_string()) {
      return parse_rfc3339(time->get<std::string>()).value_or(SimTime::min());
    }
  }
  return SimTime::min();
}

}  // namespace

std::vector<const Json*> sorted_events(std::vector<const Json*> events) {
  go_sort(events, [](const Json* a, const Json* b) { return time_of(*a) < time_of(*b); });
  return events;
}

Table table_of_events(std::vector<const Json*> events, const TableOptions& options) {
  events = sorted_events(std::move(events));
  Table table{{"LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"}, {}};
  if (options.with_namespace) {
    table.columns.insert(table.columns.begin(), "NAMESPACE");
  }
  for (const Json* event : events) {
    const Json& object = api::member(*event, "involvedObject");
    Cells row{event_interval(*event, options.now),
              api::text(*event, "type"),
              api::text(*event, "reason"),
              api::text(object, "kind") + "/" + api::text(object, "name"),
              trimmed(api::text(*event, "message"))};
    if (options.with_namespace) {
      row.insert(row.begin(), namespace_of(*event));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

KindColumns namespace_columns() {
  return {{{"NAME", false, true}, {"STATUS"}, {"AGE"}}, namespace_cells};
}

KindColumns node_columns() {
  return {{{"NAME", false, true},
           {"STATUS"},
           {"ROLES"},
           {"AGE"},
           {"VERSION"},
           {"INTERNAL-IP", true},
           {"EXTERNAL-IP", true},
           {"OS-IMAGE", true},
           {"KERNEL-VERSION", true},
           {"CONTAINER-RUNTIME", true}},
          node_cells};
}

KindColumns config_map_columns() {
  return {{{"NAME", false, true}, {"DATA"}, {"AGE"}}, config_map_cells};
}

KindColumns secret_columns() {
  return {{{"NAME", false, true}, {"TYPE"}, {"DATA"}, {"AGE"}}, secret_cells};
}

KindColumns service_account_columns(Release release) {
  // Accounts have had no secrets of their own for long; 1.35 stopped counting them.
  if (release.at_least(35)) {
    return {{{"NAME", false, true}, {"AGE"}}, service_account_cells};
  }
  return {{{"NAME", false, true}, {"SECRETS"}, {"AGE"}}, service_account_cells_with_secrets};
}

KindColumns event_columns() {
  return {{{"LAST SEEN"},
           {"TYPE"},
           {"REASON"},
           {"OBJECT"},
           {"SUBOBJECT", true},
           {"SOURCE", true},
           {"MESSAGE"},
           {"FIRST SEEN", true},
           {"COUNT", true},
           {"NAME", true, true}},
          event_cells};
}

}  // namespace stsim::kubectl
