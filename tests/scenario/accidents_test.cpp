// Accidents as steps: that each is told as one and causes what follows, and that what a run
// promises ends it.
#include "support/catch.hpp"
#include "support/paths.hpp"

#include <stsim/scenario/load.hpp>
#include <stsim/scenario/runner.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

using namespace stsim;
using namespace stsim::scenario;
using engine::TraceId;
using engine::TraceRecord;

namespace {

/// Keeps the records of a run, and what became of its steps.
class Kept : public RunObserver {
 public:
  void record(const TraceRecord& record) override { records.emplace(record.id, record); }
  void step_ends(const Step&, const StepResult& result, const world::World&) override {
    results.push_back(result);
  }

  /// Whether a record is caused by another, through others.
  [[nodiscard]] bool follows(TraceId id, TraceId from) const {
    std::set<TraceId> seen;
    std::vector<TraceId> next{id};
    while (!next.empty()) {
      const TraceId at = next.back();
      next.pop_back();
      if (at == from) {
        return true;
      }
      if (seen.insert(at).second) {
        const auto causes = records.at(at).causes.ids();
        next.insert(next.end(), causes.begin(), causes.end());
      }
    }
    return false;
  }

  std::map<TraceId, TraceRecord> records;
  std::vector<StepResult> results;
};

/// Runs a set of three with claims until it is ready, and then these steps.
Kept run_and_keep(const std::string& steps) {
  const auto scenario = load_scenario_text(
      "scenario: s\nsteps:\n- apply: [../manifests/service.yaml, ../manifests/volumes.yaml, "
      "../manifests/set-with-claims.yaml]\n- settle: {}\n" +
          steps,
      "s.yaml",
      test::kRoot / "scenarios/nodes");
  if (!scenario) {
    FAIL(to_string(scenario.error()));
  }
  Kept kept;
  static_cast<void>(run(*scenario, kept));
  return kept;
}

}  // namespace

TEST_CASE("each accident is told as a fault, and what comes of it is caused by it") {
  struct Case {
    const char* steps;
    const char* fault;
    const char* what;  ///< that follows from it: a verb and a resource, or the reason of an Event
  };
  const auto [steps, fault, what] = GENERATE(
      Case{"- node: {name: node2, becomes: down}\n- settle: {}\n",
           "the machine loses power",
           "delete pods"},
      Case{"- node: {name: node2, becomes: drained}\n- settle: {}\n",
           "it is drained",
           "create pods/eviction"},
      Case{"- node: {name: node2, becomes: unreachable}\n- advance: 1m\n- node: {name: node2, "
           "becomes: out-of-service}\n- settle: {}\n",
           "somebody says that it is out of service",
           "create pods"},
      Case{"- node: {name: node2, becomes: gone}\n- settle: {}\n",
           "its object is deleted",
           "delete nodes"},
      Case{"- pod: {name: web-1, becomes: evicted}\n- settle: {}\n",
           "its node evicts it",
           "create pods"},
      Case{"- pod: {name: web-1, becomes: failed}\n- settle: {}\n", "it fails", "delete pods"},
      Case{"- pod: {name: web-1, becomes: crashed}\n- settle: {}\n",
           "its containers have crashed",
           "update statefulsets/status"},
      Case{"- pod: {name: web-1, becomes: stuck}\n- settle: {}\n",
           "containers of web-1: never ready",
           "update statefulsets/status"},
      Case{"- image: {name: \"web:v1\", becomes: crashing}\n- settle: {}\n",
           "ends by itself",
           "BackOff"},
      Case{"- controller: {name: statefulset-controller, becomes: down}\n- scale: {statefulset: "
           "web, replicas: 4}\n- controller: {name: statefulset-controller, becomes: up}\n- "
           "settle: {}\n",
           "it runs again",
           "create pods"},
      Case{"- api: {answers: quota, verb: create, resource: pods}\n- scale: {statefulset: web, "
           "replicas: 4}\n- settle: {}\n",
           "the quota is used up",
           "create pods"},
      Case{"- patch: {statefulset: web, patch: {spec: {template: {spec: {containers: [{name: web, "
           "readinessProbe: {httpGet: {path: /, port: 80}}}]}}}}}\n- settle: {}\n- nfs: {server: "
           "node2, becomes: down}\n- settle: {}\n",
           "it does not answer any more",
           "update statefulsets/status"});
  const Kept kept = run_and_keep(steps);
  TraceId struck = 0;
  bool followed = false;
  for (const auto& [id, record] : kept.records) {
    if (record.type == TraceRecord::Type::Fault && record.text.find(fault) != std::string::npos) {
      struck = id;
    }
    const std::string does = record.type == TraceRecord::Type::ApiEvent
                                 ? record.reason
                                 : std::string(record.verb) + " " + record.resource;
    followed = followed || (struck != 0 && does == what && kept.follows(id, struck));
  }
  CAPTURE(fault, what);
  CHECK(struck != 0);
  CHECK(followed);
}

TEST_CASE("an accident that changes nothing is a step without effect") {
  const Kept kept = run_and_keep(
      "- controller: {name: statefulset-controller, becomes: up}\n"
      "- watch: {of: statefulset-controller, becomes: live}\n"
      "- api: {answers: normally}\n"
      "- nfs: {server: node2, becomes: up}\n"
      "- dns: {becomes: fresh}\n"
      "- dns: {becomes: stale, server: 2}\n"
      "- history: pv9\n");
  REQUIRE(kept.results.size() == 9);
  for (std::size_t i = 2; i < kept.results.size(); ++i) {
    CAPTURE(i);
    CHECK_FALSE(kept.results[i].error.empty());
  }
}

TEST_CASE("a volume's history tells who has used it, and what was written") {
  const Kept kept = run_and_keep(
      "- kubectl: exec web-1 -- sh -c 'echo hello > /data/note'\n"
      "- kubectl: delete pod web-1\n"
      "- settle: {}\n"
      "- history: pv1\n");
  const std::string& text = kept.results.back().output->out;
  CAPTURE(text);
  CHECK(text.starts_with("pv1 (node2:/data/v1)\n  +"));
  CHECK(text.find("web-1 on node2, uid ") != std::string::npos);
  CHECK(text.find(", until +") != std::string::npos);
  CHECK(text.find(" note is written on node2:/data/v1\n") != std::string::npos);
}
