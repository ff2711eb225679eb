// How long things take, and how containers behave: `timing:` and `images:`.
#include "scenario/load_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace stsim::scenario {

namespace {

using api::YamlEntry;
using api::YamlNode;
using engine::Latency;

/// Reads one distribution of lengths of time.
class LatencyReader {
 public:
  LatencyReader(Reader& reader, const std::string& what) : reader_(reader), what_(what) {}

  std::optional<Latency> read(const YamlNode& node) {
    if (!node.is_map()) {
      return constant(node);
    }
    const auto shape = std::ranges::find_if(
        kShapes, [&node](const Shape& row) { return node.find(row.name) != nullptr; });
    if (shape == kShapes.end()) {
      std::vector<std::string_view> names;
      for (const Shape& row : kShapes) {
        names.push_back(row.name);
      }
      if (reader_.has_only(node, what_, names)) {
        reader_.error(node,
                      fmt::format("{} needs a distribution", what_),
                      "for instance 3s or {uniform: [1s, 4s]}");
      }
      return std::nullopt;
    }
    std::vector<std::string_view> keys{shape->name};
    if (shape->bounded) {
      keys.insert(keys.end(), {"max", "min"});
    }
    if (!reader_.has_only(node, what_, keys)) {
      return std::nullopt;
    }
    return read_bounds(node) ? (this->*shape->read)(*node.find(shape->name)) : std::nullopt;
  }

 private:
  struct Shape {
    std::string_view name;
    bool bounded;
    std::optional<Latency> (LatencyReader::*read)(const YamlNode& node);
  };

  std::optional<SimDuration> length(const YamlNode& node) { return reader_.duration(node, what_); }

  bool read_bounds(const YamlNode& node) {
    const YamlNode* min = node.find("min");
    const YamlNode* max = node.find("max");
    const auto least = min == nullptr ? std::optional(bounds_.least) : length(*min);
    const auto most = max == nullptr ? std::optional(bounds_.most) : length(*max);
    if (!least || !most) {
      return false;
    }
    if (*most < *least) {
      reader_.error(*max, fmt::format("the max of {} is less than its min", what_));
      return false;
    }
    bounds_ = {*least, *most};
    return true;
  }

  /// Lengths by name, all of which must be there.
  template <std::size_t N>
  std::optional<std::array<SimDuration, N>> members(const YamlNode& node,
                                                    std::string_view shape,
                                                    const std::array<std::string_view, N>& names) {
    if (!reader_.has_only(node, fmt::format("the {} of {}", shape, what_), names)) {
      return std::nullopt;
    }
    std::array<SimDuration, N> out{};
    for (std::size_t i = 0; i < N; ++i) {
      const YamlNode* member = node.find(names[i]);
      if (member == nullptr) {
        reader_.error(node, fmt::format("the {} of {} needs {}", shape, what_, names[i]));
        return std::nullopt;
      }
      const auto read = length(*member);
      if (!read) {
        return std::nullopt;
      }
      out[i] = *read;
    }
    return out;
  }

  std::optional<Latency> constant(const YamlNode& node) {
    const auto same = length(node);
    return same ? std::optional(Latency::constant(*same)) : std::nullopt;
  }

  std::optional<Latency> uniform(const YamlNode& node) {
    if (!node.is_sequence() || node.items().size() != 2) {
      reader_.error(node,
                    fmt::format("the range of {} must be a list of two lengths of time", what_),
                    "for instance {uniform: [1s, 4s]}");
      return std::nullopt;
    }
    const auto least = length(node.items()[0]);
    const auto most = length(node.items()[1]);
    if (!least || !most) {
      return std::nullopt;
    }
    if (*most < *least) {
      reader_.error(node.items()[1], fmt::format("the range of {} ends before it begins", what_));
      return std::nullopt;
    }
    return Latency{*least, *most};
  }

  std::optional<Latency> normal(const YamlNode& node) {
    constexpr std::array<std::string_view, 2> kNames{"mean", "deviation"};
    const auto read = members(node, "bell curve", kNames);
    return read ? std::optional(Latency::normal((*read)[0], (*read)[1], bounds_)) : std::nullopt;
  }

  std::optional<Latency> lognormal(const YamlNode& node) {
    constexpr std::array<std::string_view, 2> kNames{"median", "p95"};
    const auto read = members(node, "lognormal", kNames);
    if (!read) {
      return std::nullopt;
    }
    const auto [median, p95] = *read;
    if (median <= SimDuration{} || p95 < median || p95 > Latency::kWidest * median) {
      reader_.error(node,
                    fmt::format("the p95 of {} must be at least its median and at most {} times "
                                "that, and neither be zero",
                                what_,
                                Latency::kWidest),
                    "one in twenty takes longer than p95");
      return std::nullopt;
    }
    return Latency::lognormal(median, p95, bounds_);
  }

  std::optional<Latency> exponential(const YamlNode& node) {
    constexpr std::array<std::string_view, 1> kNames{"mean"};
    const auto read = members(node, "exponential", kNames);
    return read ? std::optional(Latency::exponential((*read)[0], bounds_)) : std::nullopt;
  }

  std::optional<Latency> empirical(const YamlNode& node) {
    if (!node.is_sequence() || node.items().empty()) {
      reader_.error(node,
                    fmt::format("the lengths of {} must be a list of lengths of time", what_),
                    "for instance {empirical: [1s, 1s, 2s, 9s]}");
      return std::nullopt;
    }
    std::vector<SimDuration> lengths;
    for (const YamlNode& item : node.items()) {
      const auto read = length(item);
      if (!read) {
        return std::nullopt;
      }
      lengths.push_back(*read);
    }
    return Latency::empirical(std::move(lengths));
  }

  static constexpr std::size_t kShapeCount = 6;
  static const std::array<Shape, kShapeCount> kShapes;

  Reader& reader_;
  const std::string& what_;
  Latency::Bounds bounds_;
};

constexpr std::array<LatencyReader::Shape, LatencyReader::kShapeCount> LatencyReader::kShapes{{
    {"constant", false, &LatencyReader::constant},
    {"empirical", false, &LatencyReader::empirical},
    {"exponential", true, &LatencyReader::exponential},
    {"lognormal", true, &LatencyReader::lognormal},
    {"normal", true, &LatencyReader::normal},
    {"uniform", false, &LatencyReader::uniform},
}};

std::vector<std::string_view> names_on_nodes() {
  std::vector<std::string_view> out;
  for (const TimingPoint& point : timing_points()) {
    if (point.takes) {
      out.push_back(point.name);
    }
  }
  return out;
}

/// Sets a length by its name. Pre: it is one of names_on_nodes().
void set(node::Lengths& lengths, std::string_view name, const Latency& length) {
  for (const TimingPoint& point : timing_points()) {
    if (point.name == name) {
      lengths[*point.takes] = length;
    }
  }
}

/// `needs: {members: 2, predecessor: true, firstAlone: true, without: crashes}`.
std::optional<node::Needs> load_needs(Reader& reader, const YamlNode& node) {
  constexpr std::array<std::string_view, 4> kKeys{
      "firstAlone", "members", "predecessor", "without"};
  constexpr std::array<std::string_view, 2> kWithout{"unready", "crashes"};
  constexpr std::int64_t kMost = 1'000'000;
  if (!reader.has_only(node, "needs", kKeys)) {
    return std::nullopt;
  }
  node::Needs out;
  for (const YamlEntry& entry : node.entries()) {
    const std::string& key = entry.key.text();
    if (key == "members") {
      out.members = static_cast<std::int32_t>(
          std::min(reader.integer(entry.value, key, 1).value_or(1), kMost));
    } else if (key == "predecessor") {
      out.predecessor = reader.boolean(entry.value, key).value_or(false);
    } else if (key == "firstAlone") {
      out.first_alone = reader.boolean(entry.value, key).value_or(false);
    } else if (const auto without = reader.choice(entry.value, key, kWithout)) {
      out.crashes = *without == 1;
    }
  }
  if (out.members == 0 && !out.predecessor) {
    reader.error(node, "needs must name what is needed", "needs: {members: 2}");
    return std::nullopt;
  }
  return out;
}

void load_behaviour(Reader& reader,
                    const YamlNode& node,
                    const std::string& what,
                    node::Behaviour& behaviour) {
  std::vector<std::string_view> possible = names_on_nodes();
  possible.insert(possible.end(), {"crashAfter", "exitCode", "needs", "never"});
  if (!reader.has_only(node, what, possible)) {
    return;
  }
  for (const YamlEntry& entry : node.entries()) {
    const std::string& key = entry.key.text();
    if (key == "never") {
      if (const auto never = reader.choice(entry.value, "never", kNevers)) {
        behaviour.never = static_cast<node::Never>(*never);
      }
    } else if (key == "needs") {
      behaviour.needs = load_needs(reader, entry.value);
    } else if (key == "exitCode") {
      behaviour.exit_code = load_exit_code(reader, entry.value);
    } else if (const auto length = load_latency(reader, entry.value, key)) {
      if (key == "crashAfter") {
        behaviour.crash_after = *length;
      } else {
        set(behaviour.takes, key, *length);
      }
    }
  }
}

/// The behaviours of all pods or images that `node` names.
void load_behaviours(Reader& reader,
                     const YamlNode& node,
                     std::string_view list,
                     std::string_view one,
                     std::map<std::string, node::Behaviour, std::less<>>& behaviours) {
  if (!reader.is_map(node, list)) {
    return;
  }
  for (const YamlEntry& entry : node.entries()) {
    if (const auto name = reader.text(entry.key, fmt::format("{} name", one))) {
      load_behaviour(reader, entry.value, fmt::format("{} \"{}\"", one, *name), behaviours[*name]);
    }
  }
}

void load_node_timing(Reader& reader, const YamlNode& node, Scenario& scenario) {
  if (!reader.is_map(node, "the nodes of the timing")) {
    return;
  }
  std::vector<std::string_view> nodes;
  for (const Node& of_cluster : scenario.cluster.nodes) {
    nodes.push_back(of_cluster.name);
  }
  for (const YamlEntry& entry : node.entries()) {
    const auto name = reader.text(entry.key, "a node's name");
    if (name && std::ranges::find(nodes, *name) == nodes.end()) {
      reader.unknown(entry.key, "node of the cluster", *name, nodes);
    }
    if (!name ||
        !reader.has_only(entry.value, fmt::format("node \"{}\"", *name), names_on_nodes())) {
      continue;
    }
    for (const YamlEntry& length : entry.value.entries()) {
      if (const auto read = load_latency(reader, length.value, length.key.text())) {
        set(scenario.node_timing[*name], length.key.text(), *read);
      }
    }
  }
}

void load_period(Reader& reader,
                 const YamlNode& node,
                 const std::string& name,
                 Scenario& scenario) {
  const auto length = reader.duration(node, name);
  if (length && *length == SimDuration{}) {
    reader.error(node, fmt::format("{} must take some time", name), "for instance 10s");
  } else if (length) {
    scenario.periods[name] = *length;
  }
}

}  // namespace

std::optional<Latency> load_latency(Reader& reader, const YamlNode& node, const std::string& what) {
  return LatencyReader(reader, what).read(node);
}

std::optional<int> load_exit_code(Reader& reader, const YamlNode& node) {
  constexpr std::int64_t kMost = 255;
  const auto code = reader.integer(node, "exitCode", 0);
  if (code && *code > kMost) {
    reader.error(node, "exitCode must be at most 255");
    return std::nullopt;
  }
  return code ? std::optional(static_cast<int>(*code)) : std::nullopt;
}

void load_timing(Reader& reader, const YamlNode& node, Scenario& scenario) {
  std::vector<std::string_view> possible;
  std::vector<std::string_view> constant;
  for (const TimingPoint& point : timing_points()) {
    possible.push_back(point.name);
  }
  for (const Period& period : periods()) {
    constant.push_back(period.name);
  }
  possible.insert(possible.end(), constant.begin(), constant.end());
  possible.insert(possible.end(), {"nodes", "pods"});
  std::ranges::sort(possible);
  if (!reader.has_only(node, "the timing", possible)) {
    return;
  }
  for (const YamlEntry& entry : node.entries()) {
    const std::string& key = entry.key.text();
    if (key == "nodes") {
      load_node_timing(reader, entry.value, scenario);
    } else if (key == "pods") {
      load_behaviours(reader, entry.value, "the pods of the timing", "pod", scenario.pods);
    } else if (std::ranges::find(constant, std::string_view(key)) != constant.end()) {
      load_period(reader, entry.value, key, scenario);
    } else if (const auto length = load_latency(reader, entry.value, key)) {
      scenario.timing[key] = *length;
    }
  }
}

void load_images(Reader& reader, const YamlNode& node, Scenario& scenario) {
  load_behaviours(reader, node, "images", "image", scenario.images);
}

}  // namespace stsim::scenario
