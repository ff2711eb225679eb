// Runs of whole scenarios: the chain of causes of every write, repetition, lagging caches.
#include "support/catch.hpp"
#include "support/paths.hpp"

#include <fmt/format.h>
#include <stsim/base/hash.hpp>
#include <stsim/report/observers.hpp>
#include <stsim/scenario/load.hpp>
#include <stsim/scenario/runner.hpp>
#include <stsim/scenario/snapshot.hpp>

#include <filesystem>
#include <sstream>

using namespace stsim;
using engine::TraceRecord;

namespace {

/// All scenarios of the project, those recorded on real clusters included.
std::vector<std::filesystem::path> all_scenarios() {
  const std::vector<std::filesystem::path> folders{test::kRoot / "scenarios", test::kScenarios};
  const auto found = scenario::find_scenarios(folders);
  REQUIRE(found);
  REQUIRE(found->size() > 90);
  return *found;
}

scenario::Scenario load(const std::filesystem::path& file) {
  auto loaded = scenario::load_scenario(file);
  REQUIRE(loaded);
  return *std::move(loaded);
}

/// Checks as the records come that each is caused by earlier ones, up to a step or the start.
class CauseChecker : public scenario::RunObserver {
 public:
  void record(const TraceRecord& record) override {
    REQUIRE(record.id == rooted_.size() + 1);
    const bool root =
        record.type == TraceRecord::Type::Start || record.type == TraceRecord::Type::Step;
    bool rooted = root;
    for (const engine::TraceId cause : record.causes.ids()) {
      REQUIRE(cause < record.id);
      rooted = rooted || rooted_[cause - 1];
    }
    if (!rooted) {
      FAIL(fmt::format("record {}, a {} of {}, has no chain of causes to a step",
                       record.id,
                       engine::to_string(record.type),
                       record.object.text()));
    }
    rooted_.push_back(rooted);
    writes += record.type == TraceRecord::Type::Call ? 1 : 0;
  }
  int writes{};

 private:
  std::vector<bool> rooted_;
};

std::uint64_t hash_of_run(const scenario::Scenario& scenario) {
  std::ostringstream console;
  std::ostringstream trace;
  std::ostringstream recording;
  std::vector<std::unique_ptr<scenario::RunObserver>> observers;
  observers.push_back(report::console(console, {}));
  observers.push_back(report::trace_lines(trace));
  observers.push_back(report::recording(recording));
  const auto observer = report::all_of(std::move(observers));
  static_cast<void>(scenario::run(scenario, *observer));
  return fnv1a_64(recording.str(), fnv1a_64(trace.str(), fnv1a_64(console.str())));
}

}  // namespace

TEST_CASE("every write of every scenario can be traced back to a step or to the start of the run",
          "[long]") {
  int writes = 0;
  for (const auto& file : all_scenarios()) {
    CAPTURE(file.string());
    CauseChecker checker;
    static_cast<void>(scenario::run(load(file), checker));
    writes += checker.writes;
  }
  REQUIRE(writes > 5'000);
}

TEST_CASE("the expectations of the project's own scenarios hold") {
  const std::vector<std::filesystem::path> folder{test::kRoot / "scenarios"};
  const auto files = scenario::find_scenarios(folder);
  REQUIRE(files);
  for (const auto& file : *files) {
    CAPTURE(file.string());
    CauseChecker checker;
    REQUIRE(scenario::run(load(file), checker).failed == 0);
  }
}

TEST_CASE("the same scenario and seed give the same bytes, another seed gives others") {
  const auto file = test::kRoot / "scenarios/tutorial/6-canary-by-patch.yaml";
  scenario::Scenario scenario = load(file);
  const std::uint64_t first = hash_of_run(scenario);
  REQUIRE(hash_of_run(scenario) == first);
  scenario.seed = 1;
  REQUIRE(hash_of_run(scenario) != first);
}

namespace {

/// Keeps what the cluster shows at the end.
class LastSnapshot : public scenario::RunObserver {
 public:
  void record(const TraceRecord&) override {}
  void run_ends(const scenario::RunSummary&, const world::World& world) override {
    shown = scenario::snapshot(world);
  }
  api::Json shown;
};

api::Json end_of(const scenario::Scenario& scenario) {
  LastSnapshot last;
  static_cast<void>(scenario::run(scenario, last));
  return last.shown;
}

scenario::Scenario conformance(const char* name) {
  return load(test::kScenarios / (std::string(name) + ".yaml"));
}

}  // namespace

TEST_CASE("SS-212: with caches that lag, sets end as they do without") {
  const char* name = GENERATE("adoption",
                              "canary-by-patch",
                              "ordered-scale-down",
                              "pod-deleted-by-user",
                              "pod-failed",
                              "retention-when-scaled-delete",
                              "rolling-update",
                              "rollout-undo",
                              "scale-to-zero-and-back",
                              "start-ordinal",
                              "walkthrough");
  CAPTURE(name);
  scenario::Scenario scenario = conformance(name);
  const api::Json without = end_of(scenario);
  scenario.timing["watch"] = {{}, std::chrono::milliseconds{50}};
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    scenario.seed = seed;
    const api::Json with = end_of(scenario);
    for (const char* kind : {"statefulsets", "pods", "persistentvolumeclaims", "endpoints"}) {
      CAPTURE(kind, seed);
      REQUIRE(api::member(with, kind) == api::member(without, kind));
    }
  }
}

namespace {

/// A stepped scenario that applies the set `web` with some members more in spec and template, and
/// then takes further steps. Returns how many expectations do not hold.
std::size_t failures(const std::string& spec,
                     const std::string& metadata,
                     const std::string& pod,
                     const std::string& steps) {
  const auto scenario = scenario::load_scenario_text(fmt::format(R"(
scenario: one-set
kubelet: stepped
steps:
- apply:
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {{name: web}}
    spec:
      serviceName: web
      selector: {{matchLabels: {{app: web}}}}
      {}
      template:
        metadata: {{labels: {{app: web}}{}}}
        spec: {{containers: [{{name: web, image: "web:v1"}}]{}}}
{})",
                                                                 spec,
                                                                 metadata,
                                                                 pod,
                                                                 steps),
                                                     "one-set.yaml",
                                                     ".");
  REQUIRE(scenario);
  LastSnapshot last;
  return scenario::run(*scenario, last).failed;
}

}  // namespace

TEST_CASE("a settle ends although a finalizer holds a pod") {
  REQUIRE(failures("replicas: 1", ", finalizers: [example.com/held]", "", R"(
- settle: {}
- kubectl: delete pod web-0 --wait=false
- settle: {}
- expect: {pods: {web-0: {terminating: true}}}
)") == 0);
}

TEST_CASE("a settle does not wait for what was to happen to pods that are gone") {
  const auto story = scenario::load_scenario_text(
      R"(scenario: gone
images: {"web:v1": {never: start}}
steps:
- apply:
  - {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: "web:v1"}]}}
- advance: 26m
- kubectl: delete pod a
- settle: {}
)",
      "gone.yaml",
      ".");
  REQUIRE(story);
  LastSnapshot observer;
  const scenario::RunSummary summary = scenario::run(*story, observer);
  CHECK(summary.virtual_time < std::chrono::minutes{27});
}

TEST_CASE("numbers of any size do no harm") {
  REQUIRE(failures("replicas: 2147483647\n      ordinals: {start: 2147483646}",
                   "",
                   ", terminationGracePeriodSeconds: 9223372036854775807",
                   R"(
- settle: {}
- expect: {pods: {web-2147483646: {ready: true}, web-2147483647: {ready: true}}}
- kubectl: delete pod web-2147483646 --grace-period=9223372036854775807 --wait=false
- kubectl: apply -f aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
- expect: {exit: 1}
)") == 0);
}

namespace {

/// Takes steps in automatic mode; `head` is the beginning of the scenario.
scenario::RunSummary run_text(const std::string& head,
                              const std::string& steps,
                              std::uint64_t most_events = 1'000'000) {
  const auto story =
      scenario::load_scenario_text("scenario: x\n" + head + "steps:\n" + steps, "x.yaml", ".");
  REQUIRE(story);
  auto settings = std::make_shared<world::Settings>(*scenario::settings_of(*story));
  settings->most_events = most_events;
  LastSnapshot observer;
  return scenario::run(*story, observer, std::move(settings));
}

}  // namespace

TEST_CASE("a run that has taken as many events as it may ends, and says so", "[long]") {
  const std::string steps = R"(
- apply:
  - {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: "web:v1",
      readinessProbe: {periodSeconds: 1, exec: {command: [x]}}}]}}
- STEP
- expect: {pods: {a: null}}
)";
  for (const char* step : {"advance: 87600h",
                           "kubectl: wait --for=condition=Ready pod a --timeout=87600h",
                           "at: 87600h\n  settle: {}"}) {
    CAPTURE(step);
    std::string text = steps;
    text.replace(text.find("STEP"), 4, step);
    const auto cut = run_text("images: {\"web:v1\": {never: ready}}\n", text, 20'000);
    CHECK(cut.cut_short);
    CHECK(cut.steps == 2);
    CHECK(cut.failed == 0);
    CHECK(cut.virtual_time < std::chrono::hours{24});
  }
  CHECK_FALSE(run_text("", "- advance: 1h\n", 20'000).cut_short);
}

TEST_CASE("a run may take exactly the events that it needs") {
  const std::string steps =
      "- apply:\n  - {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: "
      "a, "
      "image: \"web:v1\"}]}}\n- settle: {}\n";
  std::uint64_t least = 1;
  while (run_text("", steps, least).cut_short) {
    ++least;
    REQUIRE(least < 1000);
  }
  CHECK(least > 1);
  const auto cut = run_text("", steps, least - 1);
  CHECK(cut.cut_short);
  CHECK(cut.without_effect == 0);
}

namespace {

/// A pod that no node takes, as all are cordoned.
const std::string kNowhere = R"(
- kubectl: cordon node1 node2 node3
- apply:
  - {apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: x}}, spec: {containers: [{name: a, image: "web:v1"}]}}
- settle: {}
)";

/// How many attempts to place the pod its API Events tell of, once it is gone and their series have
/// ended. The first one, before the pod's status says so, is one of its own. Rule: PN-54.
std::string refused_times(std::string_view times) {
  return fmt::format(R"(
- kubectl: delete pod a --grace-period=0 --force
- advance: 13m
- kubectl: get events -o jsonpath={{.items[*].count}}
- expect: {{output: {{stdout: "{}"}}}}
)",
                     times);
}

}  // namespace

TEST_CASE("PN-51: a refused pod is looked at every five minutes, for which no settle waits") {
  CHECK(run_text("", kNowhere).virtual_time < std::chrono::minutes{1});
  CHECK(run_text("", kNowhere + refused_times("1")).failed == 0);
  CHECK(run_text("", kNowhere + "- advance: 11m\n" + refused_times("1 2")).failed == 0);
}

TEST_CASE("PN-51: however much changes, there is one look for each back-off") {
  // The looks are 0 s, 2 s and 2 + 4 s after the first change.
  std::string changes;
  for (int i = 0; i < 9; ++i) {
    changes += fmt::format("- kubectl: label node node1 round={} --overwrite\n", i);
  }
  CHECK(run_text("", kNowhere + changes + "- advance: 2s\n" + refused_times("1 3")).failed == 0);
}

TEST_CASE("PN-51: a refused pod is looked at again when it changes itself, or a class comes") {
  CHECK(run_text("", R"(
- kubectl: cordon node2 node3
- apply:
  - {apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: x}}, spec: {containers: [{name: a, image: "web:v1"}],
      affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname,
        labelSelector: {matchLabels: {app: x}}}]}}}}
- settle: {}
- apply:
  - {apiVersion: v1, kind: Pod, metadata: {name: b, labels: {app: x}}, spec: {containers: [{name: b, image: "web:v1"}]}}
- settle: {}
- expect: {pods: {b: {phase: Pending}}}
- kubectl: label pod b app=y --overwrite
- settle: {}
- expect: {pods: {b: {ready: true}}}
)")
            .failed == 0);
}

TEST_CASE("PN-51: a settle ends although the news of a refusal is long on its way") {
  for (const char* watch : {"1m", "6m"}) {
    CAPTURE(watch);
    const auto summary =
        run_text(fmt::format("timing: {{watch: {}}}\n", watch), kNowhere + refused_times("1"));
    CHECK(summary.without_effect == 0);
    CHECK(summary.virtual_time < std::chrono::hours{3});
  }
}

TEST_CASE("PN-4: a pod of seventy containers becomes ready") {
  std::string containers;
  for (int i = 0; i < 70; ++i) {
    containers += fmt::format("{}{{name: c{}, image: \"web:v1\"}}", i == 0 ? "" : ", ", i);
  }
  const auto summary = run_text("",
                                fmt::format(R"(
- apply:
  - {{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {{containers: [{}]}}}}
- settle: {{}}
- expect: {{pods: {{a: {{ready: true}}}}}}
)",
                                            containers));
  CHECK(summary.failed == 0);
}

TEST_CASE("PN-12: a pod keeps its address, whatever a step makes of it") {
  struct Addresses : scenario::RunObserver {
    void record(const TraceRecord&) override {}
    void step_ends(const scenario::Step&,
                   const scenario::StepResult&,
                   const world::World& world) override {
      if (const auto pod = world.store.find({api::Kind::Pod, "default", "a-1"})) {
        seen.push_back(pod->as<api::Pod>().status.pod_ip);
      }
    }
    std::vector<std::string> seen;
  };
  const auto addresses = [](const char* kubelet) {
    const auto story = scenario::load_scenario_text(fmt::format(R"(scenario: address
kubelet: {}
steps:
- apply:
  - {{apiVersion: v1, kind: Pod, metadata: {{name: a-1}}, spec: {{containers: [{{name: a, image: i}}]}}}}
- settle: {{}}
- pod: {{name: a-1, becomes: crashed}}
- pod: {{name: a-1, becomes: unready}}
- pod: {{name: a-1, becomes: ready}}
)",
                                                                kubelet),
                                                    "address.yaml",
                                                    ".");
    REQUIRE(story);
    Addresses observer;
    static_cast<void>(scenario::run(*story, observer));
    return observer.seen;
  };
  using Texts = std::vector<std::string>;
  CHECK(addresses("auto") == Texts{"", "10.244.0.2", "10.244.0.2", "10.244.0.2", "10.244.0.2"});
  CHECK(addresses("stepped") ==
        Texts{"", "10.244.0.11", "10.244.0.11", "10.244.0.11", "10.244.0.11"});
}

TEST_CASE("PV-60: a volume that was emptied has no files left, wherever they were") {
  for (const char* source : {"hostPath: {path: /data}", "nfs: {server: s, path: /data}"}) {
    CAPTURE(source);
    const auto summary = run_text("kubernetes: '1.33'\n",
                                  fmt::format(R"(
- apply: &all
  - {{apiVersion: v1, kind: PersistentVolume, metadata: {{name: v}}, spec: {{accessModes: [ReadWriteOnce],
      capacity: {{storage: 1Gi}}, persistentVolumeReclaimPolicy: Recycle, {}}}}}
  - {{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: c}}, spec: {{accessModes: [ReadWriteOnce],
      resources: {{requests: {{storage: 1Gi}}}}}}}}
  - {{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {{containers: [{{name: a, image: "web:v1",
      volumeMounts: [{{name: d, mountPath: /d}}]}}], volumes: [{{name: d, persistentVolumeClaim: {{claimName: c}}}}]}}}}
- settle: {{}}
- kubectl: exec a -- sh -c 'echo kept > /d/file; ls /d'
- expect: {{output: {{stdout: "file\n"}}}}
- kubectl: delete pod a
- kubectl: delete pvc c
- settle: {{}}
- apply: *all
- settle: {{}}
- kubectl: exec a -- ls /d
- expect: {{output: {{stdout: ""}}}}
)",
                                              source));
    CHECK(summary.failed == 0);
    CHECK(summary.steps == 11);
  }
}

TEST_CASE("an expectation that does not hold fails the run with the difference and ends it") {
  const auto scenario = scenario::load_scenario_text(
      "scenario: x\nsteps:\n- advance: 1s\n- expect: {pods: {web-0: {phase: Running}}}\n- advance: "
      "1s\n",
      "x.yaml",
      ".");
  REQUIRE(scenario);
  std::ostringstream out;
  const auto console = report::console(out, {});
  const auto summary = scenario::run(*scenario, *console);
  REQUIRE(summary.failed == 1);
  REQUIRE(summary.steps == 2);
  REQUIRE(out.str().find("pods.web-0: expected {\"phase\":\"Running\"}, found null") !=
          std::string::npos);
}
