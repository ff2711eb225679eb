// Scenarios that are right: what of a file arrives where.
#include "support/catch.hpp"
#include "support/paths.hpp"

#include <fmt/format.h>
#include <stsim/scenario/load.hpp>
#include <stsim/scenario/runner.hpp>

#include <chrono>
#include <filesystem>
#include <string>

using namespace stsim;
using namespace stsim::scenario;
using namespace std::chrono_literals;

namespace {

Scenario load(std::string_view text) {
  const auto loaded = load_scenario_text(text, "s.yaml", test::kScenarios);
  if (!loaded) {
    FAIL(to_string(loaded.error()));
  }
  return *loaded;
}

Scenario with_step(const std::string& step) {
  return load("scenario: s\nsteps:\n- " + step + "\n");
}

template <class T>
T only_action(const std::string& step) {
  const Scenario scenario = with_step(step);
  REQUIRE(scenario.steps.size() == 1);
  REQUIRE(std::holds_alternative<T>(scenario.steps[0].action));
  return std::get<T>(scenario.steps[0].action);
}

engine::Latency always(SimDuration length) {
  return {length, length};
}

}  // namespace

TEST_CASE("a scenario that says no more than it must has the defaults") {
  const Scenario scenario = load("scenario: least\nsteps: []\n");
  CHECK(scenario.name == "least");
  CHECK(scenario.kubernetes == Release{});
  CHECK(scenario.kubelet == KubeletMode::Auto);
  CHECK(scenario.seed == 0);
  CHECK_FALSE(scenario.draw_races);
  REQUIRE(scenario.cluster.nodes.size() == 3);
  CHECK(scenario.cluster.nodes[2].name == "node3");
  CHECK(scenario.timing.size() == timing_points().size());
  CHECK(scenario.timing.at("imagePull") == world::Settings().timing.usual[node::Takes::ImagePull]);
  CHECK(scenario.steps.empty());
}

TEST_CASE("every distribution arrives") {
  const Scenario scenario = load(R"(
scenario: s
timing:
  containerStart: {constant: 2s}
  imagePull: {lognormal: {median: 2s, p95: 8s}, min: 500ms, max: 1m}
  imageCheck: {normal: {mean: 3s, deviation: 1s}}
  ready: {exponential: {mean: 5s}, max: 20s}
  stop: {empirical: [1s, 9s, 1s]}
  watch: {uniform: [0s, 5ms]}
steps: []
)");
  const auto& timing = scenario.timing;
  CHECK(timing.at("containerStart") == always(2s));
  CHECK(timing.at("imagePull") == engine::Latency::lognormal(2s, 8s, {500ms, 1min}));
  CHECK(timing.at("imageCheck") == engine::Latency::normal(3s, 1s, {}));
  CHECK(timing.at("ready") == engine::Latency::exponential(5s, {0s, 20s}));
  CHECK(timing.at("stop") == engine::Latency::empirical({1s, 1s, 9s}));
  CHECK(timing.at("watch") == engine::Latency(0s, 5ms));
}

TEST_CASE("what nodes and pods do otherwise arrives, and every period has its place") {
  std::string text =
      "scenario: s\ntiming:\n  nodes: {node2: {imagePull: 20s}}\n"
      "  pods: {web-1: {ready: 2m, crashAfter: 5s}}\n";
  std::int64_t seconds = 1000;
  for (const Period& period : periods()) {
    text += fmt::format("  {}: {}s\n", period.name, ++seconds);
  }
  const Scenario scenario = load(text + "steps: []\n");
  const auto settings = settings_of(scenario);
  CHECK(settings->timing.nodes.at("node2")[node::Takes::ImagePull] == always(20s));
  CHECK(settings->timing.pods.at("web-1").takes[node::Takes::Ready] == always(2min));
  CHECK(settings->timing.pods.at("web-1").crash_after == always(5s));
  seconds = 1000;
  for (const Period& period : periods()) {
    CAPTURE(period.name);
    world::Settings copy = *settings;
    CHECK(period.of(copy) == std::chrono::seconds{++seconds});
  }
}

TEST_CASE("a broken image cannot be pulled, whatever else is said of it") {
  const Scenario scenario =
      load("scenario: s\nbrokenImages: [w]\nimages: {w: {never: ready}}\nsteps: []\n");
  CHECK(scenario.images.at("w").never == node::Never::Pull);
}

TEST_CASE("every key of a scenario arrives") {
  const Scenario scenario = load(R"(
scenario: canary
description: What to watch for.
kubernetes: 1.30
featureGates: {MaxUnavailableStatefulSet: true}
kubelet: stepped
seed: 18446744073709551615
drawRaces: true
cluster:
  nodes: [a, {name: b, labels: {zone: "1"}}]
timing:
  imagePull: {uniform: [1s, 4s]}
  ready: 3s
  stop: {constant: 500ms}
images:
  "web:v2": {ready: 10s, crashAfter: {uniform: [5s, 6s]}, exitCode: 3}
  web:bad: {never: ready}
brokenImages: ["web:broken"]
steps:
- {settle: {}, name: first, at: 90s}
)");
  CHECK(scenario.description == "What to watch for.");
  CHECK(scenario.kubernetes == Release{30, -1});
  CHECK(scenario.feature_gates.at("MaxUnavailableStatefulSet"));
  CHECK(scenario.kubelet == KubeletMode::Stepped);
  CHECK(scenario.seed == 18446744073709551615U);
  CHECK(scenario.draw_races);
  REQUIRE(scenario.cluster.nodes.size() == 2);
  CHECK(scenario.cluster.nodes[1].labels.at("zone") == "1");
  CHECK(scenario.timing.at("imagePull") == engine::Latency{1s, 4s});
  CHECK(scenario.timing.at("ready") == always(3s));
  CHECK(scenario.timing.at("stop") == always(500ms));
  const node::Behaviour& v2 = scenario.images.at("web:v2");
  CHECK(v2.takes[node::Takes::Ready] == always(10s));
  CHECK(v2.crash_after == engine::Latency{5s, 6s});
  CHECK(v2.exit_code == 3);
  CHECK(scenario.images.at("web:bad").never == node::Never::Ready);
  CHECK(scenario.images.at("web:broken").never == node::Never::Pull);
  REQUIRE(scenario.steps.size() == 1);
  CHECK(scenario.steps[0].name == "first");
  CHECK(scenario.steps[0].at == 90s);
  CHECK(scenario.steps[0].mark == SourceMark{"s.yaml", 20, 3});
  CHECK(scenario.steps[0].line == "- {settle: {}, name: first, at: 90s}");
  CHECK(scenario.steps[0].source == api::Json::parse(R"({"settle":{},"name":"first","at":"90s"})"));
}

TEST_CASE("a kubectl step holds the line and its words") {
  const auto step = only_action<KubectlStep>(R"(kubectl: "kubectl patch sts web -p '{\"a\": 1}'")");
  CHECK(step.line == R"(kubectl patch sts web -p '{"a": 1}')");
  CHECK(step.words == std::vector<std::string>{"patch", "sts", "web", "-p", R"({"a": 1})"});
}

TEST_CASE("apply and create take paths or manifests") {
  CHECK(only_action<ManifestStep>("apply: manifests/pv-demo.yaml").paths ==
        std::vector<std::string>{"manifests/pv-demo.yaml"});
  const auto several =
      only_action<ManifestStep>("create: [manifests/pv-demo.yaml, manifests/stateful-demo.yaml]");
  CHECK(several.create);
  CHECK(several.paths.size() == 2);
  const auto one = only_action<ManifestStep>("apply: {kind: Service, spec: {port: 0x10}}");
  CHECK(one.manifests == std::vector<api::Json>{{{"kind", "Service"}, {"spec", {{"port", 16}}}}});
  CHECK(only_action<ManifestStep>("apply: [{kind: A}, {kind: B}]").manifests.size() == 2);
}

TEST_CASE("steps with an object name its kind by any of its words") {
  const auto scale = only_action<ScaleStep>("scale: {sts: web, replicas: -1, currentReplicas: 2}");
  CHECK(scale.target.kind == api::Kind::StatefulSet);
  CHECK(scale.target.name == "web");
  CHECK(scale.replicas == -1);
  CHECK(scale.current_replicas == 2);

  const auto patch = only_action<PatchStep>("patch: {pvc: data-web-0, type: merge, patch: {a: 1}}");
  CHECK(patch.target.kind == api::Kind::PersistentVolumeClaim);
  CHECK(patch.type == PatchType::Merge);
  CHECK(patch.patch == api::Json{{"a", 1}});
  CHECK(only_action<PatchStep>("patch: {sts: web, type: json, patch: [{op: test}]}")
            .patch.is_array());

  const auto image =
      only_action<SetImageStep>("set-image: {statefulset: web, nginx: 'nginx:1', '*': b}");
  CHECK(image.target.name == "web");
  CHECK(image.images ==
        std::vector<std::pair<std::string, std::string>>{{"nginx", "nginx:1"}, {"*", "b"}});

  const auto gone = only_action<DeleteStep>(
      "delete: {pod: web-0, cascade: foreground, wait: false, force: true, gracePeriod: 0}");
  CHECK(gone.target.kind == api::Kind::Pod);
  CHECK(gone.cascade == Cascade::Foreground);
  CHECK_FALSE(gone.wait);
  CHECK(gone.force);
  CHECK(gone.grace_period_seconds == 0);
  CHECK(only_action<DeleteStep>("delete: {sts: web, cascade: ordered}").cascade ==
        Cascade::Ordered);
  CHECK(only_action<DeleteStep>("delete: {sts: web}").wait);
}

TEST_CASE("steps about pods, nodes, time and names") {
  for (const std::string fate :
       {"ready", "running", "unready", "crashed", "failed", "succeeded", "evicted", "gone"}) {
    const auto pod = only_action<PodStep>("pod: {name: web-1, becomes: " + fate + "}");
    CHECK(pod.name == "web-1");
    CHECK(to_string(pod.becomes) == fate);
  }
  for (const std::string fate : {"cordoned",
                                 "uncordoned",
                                 "drained",
                                 "down",
                                 "unreachable",
                                 "up",
                                 "out-of-service",
                                 "in-service",
                                 "gone"}) {
    const auto node = only_action<NodeStep>("node: {name: node1, becomes: " + fate + "}");
    CHECK(node.name == "node1");
    CHECK(to_string(node.becomes) == fate);
  }
  CHECK(only_action<AdvanceStep>("advance: 1m30s").by == 90s);
  only_action<SettleStep>("settle: {}");
  only_action<SettleStep>("settle:");
  const auto lookup = only_action<LookupStep>("lookup: {name: web-3.web-svc, from: web-0}");
  CHECK(lookup.name == "web-3.web-svc");
  CHECK(lookup.from == "web-0");
}

TEST_CASE("steps about what containers do from now on") {
  const auto crashing = only_action<ConductStep>(
      "image: {name: \"web:v2\", becomes: crashing, crashAfter: 2s, exitCode: 3}");
  CHECK(crashing.of_image);
  CHECK(crashing.name == "web:v2");
  CHECK(crashing.becomes == Conduct::Crashing);
  CHECK(crashing.behaviour.crash_after == always(2s));
  CHECK(crashing.behaviour.exit_code == 3);
  CHECK(only_action<ConductStep>("pod: {name: web-1, becomes: crashing}").behaviour.crash_after ==
        always(5s));
  const auto stuck = only_action<ConductStep>("pod: {name: web-1, becomes: stuck}");
  CHECK_FALSE(stuck.of_image);
  CHECK(stuck.behaviour.never == node::Never::Ready);
  CHECK(only_action<ConductStep>("image: {name: w, becomes: unpullable}").behaviour.never ==
        node::Never::Pull);
  CHECK(only_action<ConductStep>("image: {name: w, becomes: fine}").behaviour == node::Behaviour{});
}

TEST_CASE("an expectation keeps its values and their places") {
  const auto expect = only_action<ExpectStep>(R"(expect:
    pods:
      web-0: {phase: Running, ready: true, revision: null}
      web-9:
    statefulsets: {web: {replicas: 3, status: {readyReplicas: 3}}}
    persistentvolumeclaims: {data-web-0: {phase: Bound, volume: pv001, labels: {app: web}}}
    persistentvolumes: {pv001: {claim: data-web-0}}
    controllerrevisions: {web-1: {revision: 1, owners: [StatefulSet/web*]}}
    endpoints: {web-svc: [{pod: web-0, ready: true}]}
    moved: [[web-0, ready]]
    output: {contains: [web-0, web-1], lacks: error, stderr: ""}
    exit: 0)");
  CHECK(expect.want["pods"]["web-0"] ==
        api::Json::parse(R"({"phase":"Running","ready":true,"revision":null})"));
  CHECK(expect.want["pods"]["web-9"].is_null());
}

TEST_CASE("all recorded scenarios load") {
  std::vector<std::filesystem::path> arguments{test::kScenarios};
  const auto files = find_scenarios(arguments);
  REQUIRE(files.has_value());
  CHECK(files->size() == 91);
  for (const std::filesystem::path& file : *files) {
    const auto loaded = load_scenario(file);
    if (!loaded) {
      FAIL_CHECK(to_string(loaded.error()));
      continue;
    }
    CHECK(loaded->name == file.stem().string());
    CHECK_FALSE(loaded->steps.empty());
    CHECK(loaded->folder == file.parent_path());
  }
}
