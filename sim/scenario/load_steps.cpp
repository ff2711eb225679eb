#include "scenario/load_parts.hpp"

#include <fmt/format.h>
#include <stsim/kubectl/words.hpp>
#include <stsim/scenario/files.hpp>
#include <stsim/scenario/parts.hpp>

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

namespace stsim::scenario {

namespace {

using api::YamlEntry;
using api::YamlNode;

using Loaded = std::optional<Action>;

/// Longer than this in all, time would run out of its type.
constexpr SimDuration kAdvanceMax = std::chrono::hours{24 * 365 * 100};

Loaded load_kubectl(Reader& reader, const YamlNode& node) {
  auto line = reader.text(node, "a command line");
  if (!line) {
    return std::nullopt;
  }
  auto words = kubectl::split_words(*line);
  if (!words) {
    reader.error(node, words.error(), "the line is split into words as a shell does it");
    return std::nullopt;
  }
  if (!words->empty() && words->front() == "kubectl") {
    words->erase(words->begin());
  }
  if (words->empty()) {
    reader.error(node, "a command line without a command", "for instance: get pods");
    return std::nullopt;
  }
  return KubectlStep{std::move(*line), std::move(*words)};
}

void load_path(Reader& reader, const YamlNode& node, ManifestStep& step) {
  auto path = reader.text(node, "a path");
  if (!path) {
    return;
  }
  const std::filesystem::path file = reader.folder() / *path;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    const std::string near = nearest_file(file);
    reader.error(
        node,
        fmt::format("there is no file {}", describe(node)),
        near.empty()
            ? "paths are relative to the scenario's folder"
            : did_you_mean(std::filesystem::path(*path).replace_filename(near).generic_string()));
    return;
  }
  step.paths.push_back(std::move(*path));
}

Loaded load_manifests(Reader& reader, const YamlNode& node, bool create) {
  ManifestStep step;
  step.create = create;
  const auto add = [&](const YamlNode& item) {
    if (item.is_map()) {
      if (auto manifest = reader.json(item)) {
        step.manifests.push_back(std::move(*manifest));
      }
    } else if (item.is_scalar()) {
      load_path(reader, item, step);
    } else {
      reader.error(item, fmt::format("a path or a manifest is wanted, not {}", describe(item)));
    }
  };
  if (!node.is_sequence()) {
    add(node);
  } else if (node.items().empty()) {
    reader.error(node, "a path or a manifest is wanted, not an empty list");
  }
  for (const YamlNode& item : node.items()) {
    if (item.is_map() != node.items().front().is_map()) {
      reader.error(item, "paths and manifests cannot stand in one list", "make them two steps");
      return std::nullopt;
    }
    add(item);
  }
  return step;
}

/// Reads the `KIND: NAME` of a step that has, beside it, the members `others` and no more.
class TargetReader {
 public:
  TargetReader(Reader& reader, std::string_view what, std::vector<std::string_view> others)
      : reader_(reader), what_(what), others_(std::move(others)) {}

  /// Kinds that the step works with; all of them where none is named.
  TargetReader& only(api::Kind kind) {
    only_ = kind;
    return *this;
  }

  std::optional<Target> read(const YamlNode& node) {
    if (!reader_.is_map(node, what_)) {
      return std::nullopt;
    }
    std::optional<Target> found;
    bool good = true;
    for (const YamlEntry& entry : node.entries()) {
      const std::string& key = entry.key.text();
      if (std::ranges::find(others_, std::string_view(key)) != others_.end()) {
        continue;
      }
      const auto kind = api::find_kind(key);
      if (!kind || (only_ && *kind != *only_)) {
        unknown_key(entry.key);
        good = false;
      } else if (found) {
        reader_.error(entry.key, fmt::format("{} names two objects", what_));
        good = false;
      } else if (auto name = reader_.text(entry.value, "an object's name")) {
        found = Target{*kind, std::move(*name)};
      } else {
        good = false;
      }
    }
    if (good && !found) {
      reader_.error(node, fmt::format("{} does not say of what", what_), "statefulset: NAME");
    }
    return good ? found : std::nullopt;
  }

 private:
  void unknown_key(const YamlNode& key) {
    std::vector<std::string_view> possible = others_;
    if (only_) {
      possible.push_back(api::info(*only_).singular);
    } else {
      for (const api::KindInfo& kind : api::kinds()) {
        possible.push_back(kind.singular);
      }
    }
    std::ranges::sort(possible);
    reader_.unknown(key, fmt::format("key of {}", what_), key.text(), possible);
  }

  Reader& reader_;
  std::string_view what_;
  std::vector<std::string_view> others_;
  std::optional<api::Kind> only_;
};

Loaded load_scale(Reader& reader, const YamlNode& node) {
  auto target = TargetReader(reader, "a scale step", {"currentReplicas", "replicas"})
                    .only(api::Kind::StatefulSet)
                    .read(node);
  if (!target) {
    return std::nullopt;
  }
  ScaleStep step;
  step.target = std::move(*target);
  const YamlNode* replicas = node.find("replicas");
  if (replicas == nullptr) {
    reader.error(node, "a scale step needs replicas", "replicas: 3");
    return std::nullopt;
  }
  step.replicas = reader.integer(*replicas, "replicas").value_or(0);
  if (const YamlNode* current = node.find("currentReplicas")) {
    step.current_replicas = reader.integer(*current, "currentReplicas");
  }
  return step;
}

Loaded load_patch(Reader& reader, const YamlNode& node) {
  auto target = TargetReader(reader, "a patch step", {"patch", "type"}).read(node);
  if (!target) {
    return std::nullopt;
  }
  PatchStep step;
  step.target = std::move(*target);
  if (const YamlNode* type = node.find("type")) {
    if (const auto found = reader.choice(*type, "type", kPatchTypes)) {
      step.type = static_cast<PatchType>(*found);
    }
  }
  const YamlNode* patch = node.find("patch");
  if (patch == nullptr) {
    reader.error(node, "a patch step needs a patch", "patch: {spec: {replicas: 3}}");
    return std::nullopt;
  }
  const bool wants_list = step.type == PatchType::Rfc6902;
  if (wants_list ? !reader.is_list(*patch, "a patch of type json")
                 : !reader.is_map(*patch, "a patch")) {
    return std::nullopt;
  }
  step.patch = reader.json(*patch).value_or(api::Json());
  return step;
}

Loaded load_set_image(Reader& reader, const YamlNode& node) {
  if (!reader.is_map(node, "a set-image step")) {
    return std::nullopt;
  }
  SetImageStep step;
  const YamlNode* name = node.find("statefulset");
  if (name == nullptr) {
    reader.error(node, "a set-image step does not say of what", "statefulset: NAME");
    return std::nullopt;
  }
  step.target = {api::Kind::StatefulSet, reader.text(*name, "an object's name").value_or("")};
  for (const YamlEntry& entry : node.entries()) {
    if (entry.key.text() == "statefulset") {
      continue;
    }
    auto container = reader.text(entry.key, "a container's name");
    auto image = reader.any_text(entry.value, "an image");
    if (container && image) {
      step.images.emplace_back(std::move(*container), std::move(*image));
    }
  }
  if (node.entries().size() == 1) {
    reader.error(node, "a set-image step needs a container and its image", "web: web:v2");
  }
  return step;
}

Loaded load_delete(Reader& reader, const YamlNode& node) {
  auto target =
      TargetReader(reader, "a delete step", {"cascade", "force", "gracePeriod", "wait"}).read(node);
  if (!target) {
    return std::nullopt;
  }
  DeleteStep step;
  step.target = std::move(*target);
  if (const YamlNode* cascade = node.find("cascade")) {
    if (const auto found = reader.choice(*cascade, "cascade", kCascades)) {
      step.cascade = static_cast<Cascade>(*found);
    }
  }
  if (const YamlNode* wait = node.find("wait")) {
    step.wait = reader.boolean(*wait, "wait").value_or(true);
  }
  if (const YamlNode* force = node.find("force")) {
    step.force = reader.boolean(*force, "force").value_or(false);
  }
  if (const YamlNode* grace = node.find("gracePeriod")) {
    step.grace_period_seconds = reader.integer(*grace, "gracePeriod", -1);
  }
  return step;
}

/// What a step says of containers, beside what they become.
std::optional<node::Behaviour> load_conduct(Reader& reader, const YamlNode& node, Conduct conduct) {
  node::Behaviour out;
  constexpr SimDuration kUsualLife = std::chrono::seconds{5};
  switch (conduct) {
    case Conduct::Unpullable:
      out.never = node::Never::Pull;
      break;
    case Conduct::Stuck:
      out.never = node::Never::Ready;
      break;
    case Conduct::Crashing:
      out.crash_after = engine::Latency::constant(kUsualLife);
      break;
    case Conduct::Fine:
      break;
  }
  for (const std::string_view key : {"crashAfter", "exitCode"}) {
    const YamlNode* member = node.find(key);
    if (member == nullptr) {
      continue;
    }
    if (conduct != Conduct::Crashing) {
      reader.error(*member, fmt::format("{} says something of what is crashing only", key));
      return std::nullopt;
    }
    if (key == "exitCode") {
      out.exit_code = load_exit_code(reader, *member);
    } else {
      out.crash_after = load_latency(reader, *member, "crashAfter");
    }
    if (!(key == "exitCode" ? out.exit_code.has_value() : out.crash_after.has_value())) {
      return std::nullopt;
    }
  }
  return out;
}

Loaded make_conduct(Reader& reader, const YamlNode& node, bool of_image, Becoming becoming) {
  const auto conduct = static_cast<Conduct>(becoming.becomes);
  auto behaviour = load_conduct(reader, node, conduct);
  if (!behaviour) {
    return std::nullopt;
  }
  return ConductStep{of_image, std::move(becoming.name), conduct, *std::move(behaviour)};
}

constexpr std::array<std::string_view, 4> kConductKeys{"becomes", "crashAfter", "exitCode", "name"};

Loaded load_pod(Reader& reader, const YamlNode& node) {
  if (!reader.has_only(node, "a pod step", kConductKeys)) {
    return std::nullopt;
  }
  std::vector<std::string_view> words(kPodFates.begin(), kPodFates.end());
  words.insert(words.end(), kConducts.begin(), kConducts.end());
  auto becoming = load_becoming(reader, node, "a pod step", words);
  if (!becoming) {
    return std::nullopt;
  }
  if (becoming->becomes >= kPodFates.size()) {
    becoming->becomes -= kPodFates.size();
    return make_conduct(reader, node, false, *std::move(becoming));
  }
  if (!reader.has_only(node, "a pod step", kBecomingKeys)) {
    return std::nullopt;
  }
  return PodStep{std::move(becoming->name), static_cast<PodFate>(becoming->becomes)};
}

Loaded load_image_step(Reader& reader, const YamlNode& node) {
  if (!reader.has_only(node, "an image step", kConductKeys)) {
    return std::nullopt;
  }
  auto becoming = load_becoming(reader, node, "an image step", kConducts);
  return becoming ? make_conduct(reader, node, true, *std::move(becoming)) : std::nullopt;
}

Loaded load_node_step(Reader& reader, const YamlNode& node) {
  if (!reader.has_only(node, "a node step", kBecomingKeys)) {
    return std::nullopt;
  }
  auto becoming = load_becoming(reader, node, "a node step", kNodeFates);
  return becoming
             ? Loaded(NodeStep{std::move(becoming->name), static_cast<NodeFate>(becoming->becomes)})
             : std::nullopt;
}

Loaded load_advance(Reader& reader, const YamlNode& node) {
  const auto by = reader.duration(node, "advance");
  return by ? Loaded(AdvanceStep{*by}) : std::nullopt;
}

Loaded load_settle(Reader& reader, const YamlNode& node) {
  if (!node.is_null() && !reader.has_only(node, "a settle step", {})) {
    return std::nullopt;
  }
  return SettleStep{};
}

Loaded load_history(Reader& reader, const YamlNode& node) {
  auto volume = reader.text(node, "a volume's name");
  return volume ? Loaded(HistoryStep{*std::move(volume)}) : std::nullopt;
}

Loaded load_lookup(Reader& reader, const YamlNode& node) {
  constexpr std::array<std::string_view, 3> kKeys{"from", "name", "type"};
  if (!reader.has_only(node, "a lookup step", kKeys)) {
    return std::nullopt;
  }
  const YamlNode* name = node.find("name");
  const YamlNode* from = node.find("from");
  if (name == nullptr || from == nullptr) {
    reader.error(node,
                 fmt::format("a lookup step needs {}", name == nullptr ? "a name" : "from"),
                 "{name: web-0.web-svc, from: web-1}");
    return std::nullopt;
  }
  auto asked = reader.text(*name, "name");
  auto asker = reader.text(*from, "from");
  if (!asked || !asker) {
    return std::nullopt;
  }
  LookupStep step{std::move(*asked), std::move(*asker), std::nullopt};
  if (const YamlNode* type = node.find("type")) {
    const auto found = reader.choice(*type, "type", kRecordTypes);
    if (!found) {
      return std::nullopt;
    }
    step.type = static_cast<dns::RecordType>(*found);
    if (step.type == dns::RecordType::PTR && !dns::is_address(step.name)) {
      reader.error(*name, "PTR records are those of an address", "name: 10.244.0.2");
      return std::nullopt;
    }
  }
  return step;
}

Loaded load_expect(Reader& reader, const YamlNode& node) {
  check_expect(reader, node);
  return ExpectStep{reader.json(node).value_or(api::Json())};
}

/// `always`, `never`, `eventually`: a condition with the length of time that goes with it.
Loaded load_timed(Reader& reader, const YamlNode& node, Timed when) {
  const std::string_view key = when == Timed::Eventually ? "within" : "for";
  check_condition(reader, node, std::span(&key, 1));
  auto condition = reader.json(node);
  if (!condition || !condition->is_object()) {
    return std::nullopt;
  }
  TimedExpectStep step{when, {}, std::nullopt};
  if (const YamlNode* length = node.find(key)) {
    step.length = reader.duration(*length, key);
    condition->erase(std::string(key));
  }
  step.conditions.push_back(*std::move(condition));
  return step;
}

Loaded load_order(Reader& reader, const YamlNode& node) {
  if (!reader.is_list(node, "an order")) {
    return std::nullopt;
  }
  TimedExpectStep step{Timed::Order, {}, std::nullopt};
  for (const YamlNode& item : node.items()) {
    check_condition(reader, item, {});
    if (auto condition = reader.json(item)) {
      step.conditions.push_back(*std::move(condition));
    }
  }
  if (step.conditions.size() < 2) {
    reader.error(node, "an order needs two conditions at least");
    return std::nullopt;
  }
  return step;
}

/// A kind of steps: its key and what reads it.
struct StepKind {
  std::string_view key;
  Loaded (*load)(Reader& reader, const YamlNode& node);
};

constexpr std::array kStepKinds{
    StepKind{"advance", load_advance},
    StepKind{"always",
             [](Reader& r, const YamlNode& n) { return load_timed(r, n, Timed::Always); }},
    StepKind{"api", load_api_step},
    StepKind{"apply", [](Reader& r, const YamlNode& n) { return load_manifests(r, n, false); }},
    StepKind{"controller", load_controller_step},
    StepKind{"create", [](Reader& r, const YamlNode& n) { return load_manifests(r, n, true); }},
    StepKind{"delete", load_delete},
    StepKind{"dns", load_dns_step},
    StepKind{"eventually",
             [](Reader& r, const YamlNode& n) { return load_timed(r, n, Timed::Eventually); }},
    StepKind{"expect", load_expect},
    StepKind{"history", load_history},
    StepKind{"image", load_image_step},
    StepKind{"kubectl", load_kubectl},
    StepKind{"lookup", load_lookup},
    StepKind{"never", [](Reader& r, const YamlNode& n) { return load_timed(r, n, Timed::Never); }},
    StepKind{"nfs", load_nfs_step},
    StepKind{"node", load_node_step},
    StepKind{"order", load_order},
    StepKind{"patch", load_patch},
    StepKind{"pod", load_pod},
    StepKind{"scale", load_scale},
    StepKind{"set-image", load_set_image},
    StepKind{"settle", load_settle},
    StepKind{"watch", load_watch_step},
};

std::vector<std::string_view> step_keys() {
  std::vector<std::string_view> keys;
  for (const StepKind& kind : kStepKinds) {
    keys.push_back(kind.key);
  }
  return keys;
}

/// The entry that says what a step does, and what reads it.
struct ActionEntry {
  const YamlEntry* entry{};
  const StepKind* kind{};
};

std::optional<ActionEntry> find_action(Reader& reader, const YamlNode& node) {
  ActionEntry found;
  bool good = true;
  for (const YamlEntry& entry : node.entries()) {
    const std::string& key = entry.key.text();
    const auto* const kind =
        std::ranges::find_if(kStepKinds, [&key](const StepKind& row) { return row.key == key; });
    if (kind == kStepKinds.end()) {
      if (key != "name" && key != "at") {
        std::vector<std::string_view> possible = step_keys();
        possible.insert(possible.end(), {"at", "name"});
        std::ranges::sort(possible);
        reader.unknown(entry.key, "key of a step", key, possible);
        good = false;
      }
    } else if (found.entry == nullptr) {
      found = {&entry, kind};
    } else if (found.entry->key.text() != key) {
      reader.error(
          entry.key,
          fmt::format("a step does one thing, here both {} and {}", found.entry->key.text(), key),
          "make them two steps");
      good = false;
    }
  }
  if (good && found.entry == nullptr) {
    reader.error(node, "this step does nothing", suggestion("", step_keys()));
  }
  return good && found.entry != nullptr ? std::optional(found) : std::nullopt;
}

void load_step(Reader& reader, const YamlNode& node, Scenario& scenario) {
  if (!node.is_map()) {
    const std::string hint = node.is_scalar() && node.text() == "settle"
                                 ? "write settle: {}"
                                 : "for instance - kubectl: get pods";
    reader.error(node, fmt::format("a step must be a mapping, not {}", describe(node)), hint);
    return;
  }
  const auto action = find_action(reader, node);
  Step step;
  step.mark = node.mark();
  step.line = node.error("").source_line;
  if (const YamlNode* name = node.find("name")) {
    step.name = reader.text(*name, "a step's name").value_or("");
  }
  if (const YamlNode* at = node.find("at")) {
    step.at = reader.duration(*at, "at");
  }
  if (!action) {
    return;
  }
  auto loaded = action->kind->load(reader, action->entry->value);
  auto source = reader.json(node);
  if (loaded && source) {
    step.action = std::move(*loaded);
    step.source = std::move(*source);
    scenario.steps.push_back(std::move(step));
  }
}

}  // namespace

void load_steps(Reader& reader, const YamlNode& node, Scenario& scenario) {
  if (!reader.is_list(node, "steps")) {
    return;
  }
  SimDuration total{};
  for (const YamlNode& item : node.items()) {
    const std::size_t before = scenario.steps.size();
    load_step(reader, item, scenario);
    if (scenario.steps.size() == before) {
      continue;
    }
    if (const auto* advance = std::get_if<AdvanceStep>(&scenario.steps.back().action)) {
      total += advance->by;
      if (total > kAdvanceMax) {
        reader.error(item, "the steps advance by more than a hundred years");
        return;
      }
    }
  }
}

std::vector<Step> load_step_list(Reader& reader, const YamlNode& node) {
  Scenario scratch;
  load_steps(reader, node, scratch);
  return std::move(scratch.steps);
}

std::optional<ExpectStep> load_expectation(Reader& reader, const YamlNode& node) {
  check_expect(reader, node);
  auto want = reader.json(node);
  return want && want->is_object() ? std::optional(ExpectStep{*std::move(want)}) : std::nullopt;
}

}  // namespace stsim::scenario
