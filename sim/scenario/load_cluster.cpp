#include "scenario/load_parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/api/decode.hpp>
#include <stsim/world/world.hpp>

#include <set>
#include <utility>

namespace stsim::scenario {

namespace {

/// What the API server would say of the node's name and labels.
void check_node(Reader& reader, const api::YamlNode& item, const Node& node) {
  const api::Json document = {{"apiVersion", "v1"},
                              {"kind", "Node"},
                              {"metadata", {{"name", node.name}, {"labels", node.labels}}}};
  for (const api::FieldError& wrong : api::validate(api::Kind::Node, document, {})) {
    reader.error(item, fmt::format("node \"{}\": {}", node.name, wrong.text()));
  }
}

void load_node(Reader& reader,
               const api::YamlNode& item,
               Cluster& cluster,
               std::set<std::string>& names) {
  constexpr std::array<std::string_view, 2> kKeys{"labels", "name"};
  Node node;
  if (!item.is_map()) {
    const auto name = reader.text(item, "a node's name");
    if (!name) {
      return;
    }
    node.name = *name;
  } else {
    reader.has_only(item, "a node", kKeys);
    const api::YamlNode* name = item.find("name");
    if (name == nullptr) {
      reader.error(item, "a node needs a name");
      return;
    }
    node.name = reader.text(*name, "a node's name").value_or("");
    const api::YamlNode* labels = item.find("labels");
    if (labels != nullptr && reader.is_map(*labels, "a node's labels")) {
      for (const api::YamlEntry& entry : labels->entries()) {
        const auto key = reader.text(entry.key, "a label");
        const auto value = reader.any_text(entry.value, "a label's value");
        if (key && value) {
          node.labels[*key] = *value;
        }
      }
    }
  }
  check_node(reader, item, node);
  if (!names.insert(node.name).second) {
    reader.error(item, fmt::format("there are two nodes called \"{}\"", node.name));
  }
  cluster.nodes.push_back(std::move(node));
}

}  // namespace

void load_cluster(Reader& reader, const api::YamlNode& node, Scenario& scenario) {
  constexpr std::array<std::string_view, 2> kKeys{"nodes", "objects"};
  if (!reader.has_only(node, "the cluster", kKeys)) {
    return;
  }
  Cluster& cluster = scenario.cluster;
  const api::YamlNode* nodes = node.find("nodes");
  if (nodes != nullptr && reader.is_list(*nodes, "nodes")) {
    cluster.nodes.clear();
    std::set<std::string> names;
    for (const api::YamlNode& item : nodes->items()) {
      load_node(reader, item, cluster, names);
    }
    if (nodes->items().empty()) {
      reader.error(
          *nodes,
          "a cluster needs a node",
          fmt::format("leave `nodes` out for {}", fmt::join(world::Settings::kUsualNodes, ", ")));
    }
  }
  if (const api::YamlNode* objects = node.find("objects")) {
    load_objects(reader, *objects, scenario);
  }
}

}  // namespace stsim::scenario
