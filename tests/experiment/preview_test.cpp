#include "story_text.hpp"
#include "support/catch.hpp"

#include <stsim/experiment/account.hpp>
#include <stsim/experiment/preview.hpp>
#include <stsim/policy/policies.hpp>
#include <stsim/scenario/runner.hpp>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace stsim;
using experiment::Outcome;

namespace {

const char* const kVolumes = R"(- apply:
  - apiVersion: v1
    kind: PersistentVolume
    metadata: {name: pv0}
    spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], nfs: {server: nfs1, path: /0}}
  - apiVersion: v1
    kind: PersistentVolume
    metadata: {name: pv1}
    spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], nfs: {server: nfs1, path: /1}}
)";

const char* const kClaims = R"(      volumeClaimTemplates:
      - metadata: {name: data}
        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
)";

/// Keeps what the last step prints, and how things stand in the end.
class Printer : public scenario::RunObserver {
 public:
  void record(const engine::TraceRecord& /*record*/) override {}
  void step_ends(const scenario::Step& /*step*/,
                 const scenario::StepResult& result,
                 const world::World& /*world*/) override {
    printed = result.output ? result.output->out : printed;
  }
  void run_ends(const scenario::RunSummary& /*summary*/, const world::World& world) override {
    for (const experiment::Standing& standing : experiment::standings(world)) {
      stand.push_back(standing.line);
    }
  }
  std::string printed;
  std::vector<std::string> stand;
};

/// A cluster that a story leads to, written out as kubectl does, and what may be applied to it.
class Files {
 public:
  explicit Files(const std::string& story) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    Printer printer;
    scenario::run(
        test::scenario_of(story +
                          "- kubectl: get sts,pods,pvc,pv,svc,controllerrevisions,nodes -o yaml\n"),
        printer);
    before = printer.stand;
    write("live.yaml", printer.printed);
  }
  ~Files() { std::filesystem::remove_all(folder_); }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;

  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  /// The set of web_story() with another image and further members of its spec.
  [[nodiscard]] std::filesystem::path changed(int replicas,
                                              std::string_view image,
                                              std::string_view spec = "") const {
    return write("new.yaml",
                 fmt::format(R"(apiVersion: apps/v1
kind: StatefulSet
metadata: {{name: web}}
spec:
  serviceName: web
  replicas: {}
  selector: {{matchLabels: {{app: web}}}}
{}  template:
    metadata: {{labels: {{app: web}}}}
    spec: {{containers: [{{name: web, image: "{}"}}]}}
)",
                             replicas,
                             spec,
                             image));
  }

  [[nodiscard]] Outcome preview(const std::filesystem::path& change,
                                const experiment::Variant& variant = {}) const {
    auto scenario = experiment::preview_of({folder_ / "live.yaml"}, {change}, "", variant);
    if (!scenario) {
      throw std::runtime_error(to_string(scenario.error()));
    }
    return experiment::preview(*scenario);
  }

  [[nodiscard]] std::filesystem::path live() const { return folder_ / "live.yaml"; }

  std::vector<std::string> before;  ///< how things stood

 private:
  std::filesystem::path folder_{std::filesystem::temp_directory_path() /
                                fmt::format("stsim-preview-{}", getpid())};
};

bool has(const Outcome& outcome, std::string_view text) {
  return outcome.text.find(text) != std::string::npos;
}

/// The lines about pods, without times and reasons: `web-2 goes`.
std::vector<std::string> order(const Outcome& outcome) {
  std::vector<std::string> out;
  std::istringstream lines(outcome.text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("  +")) {
      const std::size_t at = line.find("web-");
      out.push_back(line.substr(at, line.find_first_of(":,", at) - at));
    }
  }
  return out;
}

}  // namespace

TEST_CASE("A cluster that was written out is there again as it was") {
  const Files files(test::web_story(2, "", "", kClaims) + kVolumes + "- settle: {}\n");
  Printer again;
  scenario::run(test::scenario_of("scenario: again\ncluster: {objects: " + files.live().string() +
                                  "}\nsteps:\n- settle: {}\n"),
                again);
  CHECK(again.stand == files.before);
}

TEST_CASE("A preview tells the order of pods, where each ends, how long it takes and who serves") {
  const Files files(test::web_story(3));
  const Outcome outcome = files.preview(files.changed(3, "web:v2"));
  CHECK(outcome.complete);
  CHECK_FALSE(outcome.refused);
  CHECK(order(outcome) == std::vector<std::string>{"web-2 goes",
                                                   "web-2 is gone",
                                                   "web-2 comes",
                                                   "web-2 is ready",
                                                   "web-1 goes",
                                                   "web-1 is gone",
                                                   "web-1 comes",
                                                   "web-1 is ready",
                                                   "web-0 goes",
                                                   "web-0 is gone",
                                                   "web-0 comes",
                                                   "web-0 is ready"});
  CHECK(has(outcome, "statefulset.apps/web configured\n"));
  CHECK(has(outcome, "; 2 pods are available at the fewest, fewer than are wanted for "));
  CHECK(has(outcome, ": web-0 to web-2\n"));
  CHECK_FALSE(has(outcome, "stuck"));
}

TEST_CASE("A preview tells what a partition holds back") {
  const Files files(test::web_story(3));
  const Outcome outcome = files.preview(files.changed(
      3, "web:v2", "  updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}}\n"));
  CHECK(outcome.complete);
  CHECK(has(outcome, "held back by the update strategy: web-0 to web-1\n"));
}

TEST_CASE("A preview tells what becomes of claims when a set shrinks") {
  const Files files(test::web_story(2, "", "", kClaims) + kVolumes + "- settle: {}\n");
  const Outcome kept = files.preview(files.changed(1, "web:v1", R"(  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
)"));
  CHECK(kept.complete);
  CHECK(has(kept, "Claims: 2 stay as they are.\n"));
  const Outcome gone = files.preview(
      files.changed(1, "web:v1", R"(  persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
)"));
  CHECK(has(gone, "claim data-web-1 is deleted: "));
}

TEST_CASE("A preview tells that an update gets stuck, on what, and by which rule") {
  // web-1 crashes in the cluster as it is, and goes on to.
  const Files files(test::web_story(2, R"(- pod: {name: web-1, becomes: crashing, crashAfter: 1s}
- advance: 5m
)"));
  const Outcome outcome = files.preview(files.changed(2, "web:v2"));
  CHECK_FALSE(outcome.complete);
  CHECK(has(outcome, "It is stuck:\n"));
  CHECK(has(outcome, "web-1 is not ready: CrashLoopBackOff\n"));
  CHECK(has(outcome,
            "because web-1 is not Running and Ready, and everything after it waits  [SS-111]\n"));
}

TEST_CASE("An image that no pod can pull stays such an image, and another one is pulled") {
  const Files files(
      test::web_story(1,
                      "- set-image: {statefulset: web, web: \"web:typo\"}\n- advance: 2m\n",
                      "brokenImages: [\"web:typo\"]\n",
                      "      podManagementPolicy: Parallel\n"));
  const std::string_view parallel = "  podManagementPolicy: Parallel\n";
  CHECK_FALSE(files.preview(files.changed(1, "web:typo", parallel)).complete);
  CHECK(files.preview(files.changed(1, "web:v2", parallel)).complete);
}

TEST_CASE("A manifest that is refused is told, and nothing happens") {
  const Files files(test::web_story(1));
  const Outcome outcome =
      files.preview(files.changed(1, "web:v1", "  podManagementPolicy: Parallel\n"));
  CHECK(outcome.refused);
  CHECK(has(outcome, "updates to statefulset spec for fields other than"));
  CHECK(has(outcome, "Pods: none comes or goes.\n"));
}

TEST_CASE("A preview goes by the policy and the release that are asked for") {
  const Files files(test::web_story(3));
  experiment::Variant variant;
  variant.policy = *policy::find_policy("openkruise");
  CHECK(files.preview(files.changed(3, "web:v2"), variant).complete);
  variant = {};
  variant.kubernetes = parse_release("1.30");
  CHECK(files.preview(files.changed(3, "web:v2"), variant).complete);
}

TEST_CASE("What is no dump of a cluster is refused with a word of what is") {
  const Files files(test::web_story(1));
  const auto refused =
      experiment::preview_of({files.changed(1, "web:v1")}, {files.changed(1, "web:v2")}, "", {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().front().message ==
        "StatefulSet web: it has no name or no uid: it does not come from a cluster");
  const auto missing = experiment::preview_of({"nowhere.yaml"}, {files.live()}, "", {});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().front().message == "there is no file \"nowhere.yaml\"");
}

TEST_CASE("Times that users have written are theirs: the same manifest changes nothing") {
  const std::string stamp =
      "        metadata: {labels: {app: web}, annotations: {at: \"2025-03-04T05:06:07Z\"}}\n";
  std::string story = test::web_story(2);
  const std::string plain = "        metadata: {labels: {app: web}}\n";
  story.replace(story.find(plain), plain.size(), stamp);
  const Files files(story);
  const auto change = files.write("same.yaml", R"(apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web, annotations: {until: "2050-01-01T00:00:00Z"}}
spec:
  serviceName: web
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}, annotations: {at: "2025-03-04T05:06:07Z"}}
    spec: {containers: [{name: web, image: "web:v1"}]}
)");
  const Outcome outcome = files.preview(change);
  CHECK(has(outcome, "Pods: none comes or goes.\n"));
  CHECK(outcome.complete);
}

TEST_CASE("Nodes of the cluster are closed as they are") {
  const Files files(test::web_story(2, "- kubectl: cordon node1 node2 node3\n"));
  const Outcome outcome = files.preview(files.changed(2, "web:v2"));
  CHECK_FALSE(outcome.complete);
  CHECK(has(outcome, "web-1 is on no node"));
}

TEST_CASE("Files of several namespaces may tell of the same nodes and volumes") {
  const Files files(test::web_story(1));
  const auto twice =
      experiment::preview_of({files.live(), files.live()}, {files.changed(1, "web:v2")}, "", {});
  REQUIRE(twice);
  CHECK(experiment::preview(*twice).complete);
}

TEST_CASE("What is no cluster at all is refused, and so is an empty one") {
  const Files files(test::web_story(1));
  const auto nothing = experiment::preview_of(
      {files.write("table.txt", "NAME READY\n")}, {files.changed(1, "web:v2")}, "", {});
  REQUIRE_FALSE(nothing);
  CHECK(nothing.error().front().message == "there are no objects of a cluster in it");
}

TEST_CASE("A node that nobody hears takes its pods with it") {
  const Files files(test::web_story(3, "- node: {name: node3, becomes: down}\n- advance: 2m\n"));
  const Outcome outcome = files.preview(files.changed(3, "web:v2"));
  CHECK_FALSE(outcome.complete);
}

TEST_CASE("A pod that crashes again and again is ready in between, and the update gets through") {
  const Files files(test::web_story(2, R"(- pod: {name: web-1, becomes: crashing, crashAfter: 20s}
- advance: 1m
)"));
  CHECK(files.preview(files.changed(2, "web:v2")).text.find("web-1 goes: ") != std::string::npos);
}

TEST_CASE("Why a pod is not created is told by the API Event that warns of it") {
  const Files files(test::web_story(1));
  const auto change = files.write("new.yaml", R"(apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: web
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {priorityClassName: high, containers: [{name: web, image: "web:v1"}]}
)");
  const Outcome outcome = files.preview(change);
  CHECK_FALSE(outcome.complete);
  CHECK(has(outcome, "no PriorityClass with name high was found"));
}
