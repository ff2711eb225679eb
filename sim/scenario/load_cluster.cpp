#include "scenario/load_parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/api/decode.hpp>
#include <stsim/world/world.hpp>

#include <set>
#include <utility>

namespace stsim::scenario {

namespace {

std::optional<engine::Latency> load_latency(Reader& reader,
                                            const api::YamlNode& node,
                                            const std::string& what) {
  constexpr std::array<std::string_view, 2> kShapes{"constant", "uniform"};
  if (!node.is_map()) {
    const auto length = reader.duration(node, what);
    return length ? std::optional(engine::Latency{*length, *length}) : std::nullopt;
  }
  if (!reader.has_only(node, what, kShapes)) {
    return std::nullopt;
  }
  const api::YamlNode* constant = node.find("constant");
  const api::YamlNode* uniform = node.find("uniform");
  if ((constant == nullptr) == (uniform == nullptr)) {
    reader.error(node,
                 fmt::format("{} needs either constant or uniform", what),
                 "for instance 3s or {uniform: [1s, 4s]}");
    return std::nullopt;
  }
  if (constant != nullptr) {
    const auto length = reader.duration(*constant, what);
    return length ? std::optional(engine::Latency{*length, *length}) : std::nullopt;
  }
  if (!uniform->is_sequence() || uniform->items().size() != 2) {
    reader.error(*uniform,
                 fmt::format("the range of {} must be a list of two lengths of time", what),
                 "for instance {uniform: [1s, 4s]}");
    return std::nullopt;
  }
  const auto least = reader.duration(uniform->items()[0], what);
  const auto most = reader.duration(uniform->items()[1], what);
  if (!least || !most) {
    return std::nullopt;
  }
  if (*most < *least) {
    reader.error(uniform->items()[1], fmt::format("the range of {} ends before it begins", what));
    return std::nullopt;
  }
  return engine::Latency{*least, *most};
}

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

void load_image(Reader& reader,
                const api::YamlNode& node,
                const std::string& image,
                ImageBehaviour& behaviour) {
  std::vector<std::string_view> possible{"crashAfter", "exitCode", "never"};
  for (const TimingPoint& point : timing_points()) {
    if (point.of_image) {
      possible.push_back(point.name);
    }
  }
  const std::string what = fmt::format("image \"{}\"", image);
  if (!reader.has_only(node, what, possible)) {
    return;
  }
  for (const api::YamlEntry& entry : node.entries()) {
    const std::string& key = entry.key.text();
    if (key == "never") {
      if (const auto never = reader.choice(entry.value, "never", kNevers)) {
        behaviour.never = static_cast<Never>(*never);
      }
    } else if (key == "exitCode") {
      const auto code = reader.integer(entry.value, "exitCode", 0);
      if (code && *code > 255) {
        reader.error(entry.value, "exitCode must be at most 255");
      }
      behaviour.exit_code = static_cast<int>(code.value_or(1) & 0xFF);
    } else if (const auto length = load_latency(reader, entry.value, key)) {
      if (key == "crashAfter") {
        behaviour.crash_after = *length;
      } else {
        behaviour.timing[key] = *length;
      }
    }
  }
}

}  // namespace

void load_cluster(Reader& reader, const api::YamlNode& node, Cluster& cluster) {
  constexpr std::array<std::string_view, 1> kKeys{"nodes"};
  if (!reader.has_only(node, "the cluster", kKeys)) {
    return;
  }
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
}

void load_timing(Reader& reader, const api::YamlNode& node, Timing& timing) {
  std::vector<std::string_view> possible;
  for (const TimingPoint& point : timing_points()) {
    possible.push_back(point.name);
  }
  if (!reader.has_only(node, "the timing", possible)) {
    return;
  }
  for (const api::YamlEntry& entry : node.entries()) {
    if (const auto length = load_latency(reader, entry.value, entry.key.text())) {
      timing[entry.key.text()] = *length;
    }
  }
}

void load_images(Reader& reader, const api::YamlNode& node, Scenario& scenario) {
  if (!reader.is_map(node, "images")) {
    return;
  }
  for (const api::YamlEntry& entry : node.entries()) {
    if (const auto image = reader.text(entry.key, "an image")) {
      load_image(reader, entry.value, *image, scenario.images[*image]);
    }
  }
}

}  // namespace stsim::scenario
