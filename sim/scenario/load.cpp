#include "scenario/load_parts.hpp"

#include <fmt/format.h>
#include <stsim/api/decode.hpp>
#include <stsim/base/characters.hpp>
#include <stsim/policy/policies.hpp>
#include <stsim/scenario/files.hpp>
#include <stsim/scenario/load.hpp>
#include <stsim/scenario/parts.hpp>
#include <stsim/world/world.hpp>

#include <algorithm>
#include <system_error>
#include <utility>

namespace stsim::scenario {

namespace {

using api::YamlEntry;
using api::YamlNode;

void load_name(Reader& reader, const YamlNode& node, Scenario& scenario) {
  const auto name = reader.text(node, "the scenario's name");
  if (!name) {
    return;
  }
  const bool good =
      std::ranges::all_of(*name, [](char c) { return is_alphanumeric(c) || c == '-'; });
  if (!good) {
    reader.error(node, "the scenario's name may have letters, digits and dashes only");
  }
  scenario.name = *name;
}

void load_description(Reader& reader, const YamlNode& node, Scenario& scenario) {
  scenario.description = reader.any_text(node, "the description").value_or("");
}

std::optional<Release> read_release(Reader& reader, const YamlNode& node) {
  const auto text = reader.text(node, "the release of Kubernetes");
  if (!text) {
    return std::nullopt;
  }
  const auto release = parse_release(*text);
  if (!release) {
    reader.error(
        node,
        fmt::format("{} is no release of Kubernetes that can be simulated", describe(node)),
        "possible: " + possible_releases());
  }
  return release;
}

void load_release(Reader& reader, const YamlNode& node, Scenario& scenario) {
  scenario.kubernetes = read_release(reader, node).value_or(scenario.kubernetes);
}

std::map<std::string, bool, std::less<>> read_gates(Reader& reader, const YamlNode& node) {
  std::map<std::string, bool, std::less<>> out;
  if (!reader.is_map(node, "featureGates")) {
    return out;
  }
  for (const YamlEntry& entry : node.entries()) {
    const auto gate = reader.text(entry.key, "a feature gate");
    if (!gate) {
      continue;
    }
    if (std::ranges::find(api::known_gates(), std::string_view(*gate)) ==
        api::known_gates().end()) {
      reader.unknown(entry.key, "feature gate", *gate, api::known_gates());
    }
    if (const auto on = reader.boolean(entry.value, fmt::format("feature gate {}", *gate))) {
      out[*gate] = *on;
    }
  }
  return out;
}

void load_gates(Reader& reader, const YamlNode& node, Scenario& scenario) {
  scenario.feature_gates = read_gates(reader, node);
}

/// A list that is not empty; `read` takes one of its items.
template <class Read>
void each_item(Reader& reader, const YamlNode& node, std::string_view what, Read read) {
  if (!reader.is_list(node, what)) {
    return;
  }
  if (node.items().empty()) {
    reader.error(node, fmt::format("{} is empty: nothing would be run", what));
  }
  for (const YamlNode& item : node.items()) {
    read(item);
  }
}

const policy::Policy* read_policy(Reader& reader, const YamlNode& node) {
  const auto name = reader.text(node, "a policy");
  if (!name) {
    return nullptr;
  }
  const auto found = policy::find_policy(*name, reader.folder());
  if (!found) {
    reader.error(node, found.error().message, found.error().hint);
    return nullptr;
  }
  return *found;
}

void load_matrix(Reader& reader, const YamlNode& node, Scenario& scenario) {
  constexpr std::array<std::string_view, 4> kKeys{"featureGates", "kubernetes", "policy", "seed"};
  if (!reader.is_map(node, "the matrix") || !reader.has_only(node, "the matrix", kKeys)) {
    return;
  }
  Matrix& matrix = scenario.matrix;
  if (const YamlNode* list = node.find("kubernetes")) {
    each_item(reader, *list, "the matrix' list of releases", [&](const YamlNode& item) {
      if (const auto release = read_release(reader, item)) {
        matrix.kubernetes.push_back(*release);
      }
    });
  }
  if (const YamlNode* list = node.find("featureGates")) {
    each_item(reader, *list, "the matrix' list of feature gates", [&](const YamlNode& item) {
      matrix.feature_gates.push_back(read_gates(reader, item));
    });
  }
  if (const YamlNode* list = node.find("policy")) {
    each_item(reader, *list, "the matrix' list of policies", [&](const YamlNode& item) {
      if (const policy::Policy* policy = read_policy(reader, item)) {
        matrix.policies.push_back(policy);
      }
    });
  }
  if (const YamlNode* list = node.find("seed")) {
    each_item(reader, *list, "the matrix' list of seeds", [&](const YamlNode& item) {
      if (const auto seed = reader.natural(item, "a seed")) {
        matrix.seeds.push_back(*seed);
      }
    });
  }
}

void load_policy(Reader& reader, const YamlNode& node, Scenario& scenario) {
  scenario.policy = read_policy(reader, node);
}

void load_kubelet(Reader& reader, const YamlNode& node, Scenario& scenario) {
  if (const auto mode = reader.choice(node, "kubelet", kKubeletModes)) {
    scenario.kubelet = static_cast<KubeletMode>(*mode);
  }
}

void load_seed(Reader& reader, const YamlNode& node, Scenario& scenario) {
  scenario.seed = reader.natural(node, "seed").value_or(0);
}

void load_pause(Reader& reader, const YamlNode& node, Scenario& scenario) {
  scenario.pause = reader.duration(node, "pause").value_or(scenario.pause);
}

void load_draw_races(Reader& reader, const YamlNode& node, Scenario& scenario) {
  scenario.draw_races = reader.boolean(node, "drawRaces").value_or(false);
}

void load_broken_images(Reader& reader, const YamlNode& node, Scenario& scenario) {
  if (!reader.is_list(node, "brokenImages")) {
    return;
  }
  for (const YamlNode& item : node.items()) {
    if (auto image = reader.text(item, "an image")) {
      scenario.images[*image].never = node::Never::Pull;
    }
  }
}

/// A key of the file and what reads it.
struct Part {
  std::string_view key;
  void (*load)(Reader& reader, const YamlNode& node, Scenario& scenario);
};

constexpr std::array kParts{
    Part{"description", load_description},
    Part{"drawRaces", load_draw_races},
    Part{"featureGates", load_gates},
    Part{"images", load_images},
    Part{"brokenImages", load_broken_images},  // whatever else is said of them
    Part{"kubelet", load_kubelet},
    Part{"kubernetes", load_release},
    Part{"matrix", load_matrix},
    Part{"cluster", load_cluster},  // whose objects are of the release, and may be in trouble
    Part{"dns", load_dns},          // on both of which what is usual depends
    Part{"pause", load_pause},
    Part{"policy", load_policy},
    Part{"scenario", load_name},
    Part{"seed", load_seed},
    Part{"steps", load_steps},
    Part{"timing", load_timing},
};

Scenario with_defaults(std::string_view file, const std::filesystem::path& folder) {
  Scenario scenario;
  scenario.file = file;
  scenario.folder = folder;
  for (const std::string_view name : world::Settings::kUsualNodes) {
    scenario.cluster.nodes.push_back({std::string(name), {}});
  }
  for (const TimingPoint& point : timing_points()) {
    scenario.timing.emplace(point.name, point.usual);
  }
  return scenario;
}

void load_root(Reader& reader, const YamlNode& root, Scenario& scenario) {
  for (const YamlEntry* entry : root.repeated_keys()) {
    reader.error(entry->key,
                 fmt::format("the key {} stands twice in one mapping", describe(entry->key)),
                 "one of them would be lost");
  }
  if (!reader.is_map(root, "a scenario")) {
    return;
  }
  std::vector<std::string_view> keys;
  for (const Part& part : kParts) {
    keys.push_back(part.key);
  }
  std::ranges::sort(keys);
  if (root.find("lesson") != nullptr && root.find("scenario") == nullptr) {
    reader.error(root, "this is a lesson, not a scenario", "stsim learn plays it");
    return;
  }
  reader.has_only(root, "a scenario", keys);
  for (const std::string_view needed : {"scenario", "steps"}) {
    if (root.find(needed) == nullptr) {
      reader.error(root,
                   fmt::format("a scenario needs the key {}", needed),
                   needed == "steps" ? "steps: [{kubectl: get pods}]" : "scenario: NAME");
    }
  }
  for (const Part& part : kParts) {
    // Of repeated keys, an error already, the last one is read.
    if (const YamlNode* node = root.find(part.key)) {
      part.load(reader, *node, scenario);
    }
  }
}

/// What a file that has a cluster of its own may not say there.
bool belongs_to_runs(std::string_view key) {
  return key == "scenario" || key == "description" || key == "matrix" || key == "steps";
}

UserErrors file_error(std::string_view file, std::string message, std::string hint = "") {
  UserError error;
  error.mark.file = file;
  error.message = std::move(message);
  error.hint = std::move(hint);
  return {std::move(error)};
}

}  // namespace

Scenario load_head(Reader& reader, const YamlNode& node, std::string_view file) {
  Scenario scenario = with_defaults(file, reader.folder());
  std::vector<std::string_view> keys;
  for (const Part& part : kParts) {
    if (!belongs_to_runs(part.key)) {
      keys.push_back(part.key);
    }
  }
  std::ranges::sort(keys);
  if (node.is_null() || !reader.has_only(node, "a cluster", keys)) {
    return scenario;
  }
  for (const Part& part : kParts) {
    if (const YamlNode* value = node.find(part.key)) {
      part.load(reader, *value, scenario);
    }
  }
  return scenario;
}

Result<Scenario> load_scenario_text(std::string_view text,
                                    std::string_view file,
                                    const std::filesystem::path& folder) {
  const auto documents = api::load_yaml(text, file);
  if (!documents) {
    return tl::unexpected(documents.error());
  }
  if (documents->empty()) {
    return tl::unexpected(
        file_error(file, "the file is empty", "a scenario has at least a name and steps"));
  }
  Reader reader(folder);
  if (documents->size() > 1) {
    reader.error((*documents)[1], "a scenario file has one document only, here begins another one");
  }
  Scenario scenario = with_defaults(file, folder);
  load_root(reader, documents->front(), scenario);
  if (reader.failed()) {
    return tl::unexpected(reader.take_errors());
  }
  return scenario;
}

Result<Scenario> load_scenario(const std::filesystem::path& file) {
  const auto text = read_file(file);
  if (!text) {
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) {
      return tl::unexpected(file_error(file.string(), "this is a folder, not a file"));
    }
    const bool there = std::filesystem::exists(file, error);
    const std::string near = there ? "" : nearest_file(file);
    return tl::unexpected(file_error(
        file.string(), there ? "the file cannot be read" : "no such file", did_you_mean(near)));
  }
  return load_scenario_text(*text, file.string(), file.parent_path());
}

}  // namespace stsim::scenario
