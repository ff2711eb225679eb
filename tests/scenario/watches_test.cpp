// Expectations over time: when they fail, and what is said of it.
#include "support/catch.hpp"
#include "support/paths.hpp"

#include <stsim/scenario/load.hpp>
#include <stsim/scenario/runner.hpp>

#include <string>
#include <vector>

using namespace stsim;
using namespace stsim::scenario;

namespace {

class Failures : public RunObserver {
 public:
  void record(const engine::TraceRecord&) override {}
  void step_ends(const Step&, const StepResult& result, const world::World&) override {
    ++steps;
    all.insert(all.end(), result.differences.begin(), result.differences.end());
  }
  std::vector<std::string> all;
  int steps{};
};

/// A scenario of these steps.
Scenario scenario_of(const std::string& steps) {
  auto loaded = load_scenario_text(
      "scenario: s\nsteps:\n" + steps, "s.yaml", test::kRoot / "scenarios/nodes");
  if (!loaded) {
    FAIL(to_string(loaded.error()));
  }
  return *std::move(loaded);
}

/// Runs steps; `- SET` stands for those that create a set of three and settle.
Failures run_steps(std::string steps) {
  const std::string set =
      "- apply: [../manifests/service.yaml, ../manifests/set.yaml]\n- settle: {}\n";
  if (const auto at = steps.find("- SET\n"); at != std::string::npos) {
    steps.replace(at, 6, set);
  }
  Failures failures;
  static_cast<void>(run(scenario_of(steps), failures));
  return failures;
}

/// The first line of the only failure; nothing if there is none.
std::string failure_of(const std::string& steps) {
  const Failures failures = run_steps(steps);
  if (failures.all.empty()) {
    return "";
  }
  REQUIRE(failures.all.size() == 1);
  return failures.all[0].substr(0, failures.all[0].find('\n'));
}

bool starts(const std::string& text, std::string_view with) {
  return text.starts_with(with);
}

}  // namespace

TEST_CASE("what holds always holds from its step on, at every change") {
  CHECK(failure_of("- SET\n- always: {counts: {web: {total: 3}}}\n- settle: {}\n").empty());
  // It did not hold before; and a rolling update takes one away for a moment.
  CHECK(starts(failure_of("- SET\n- always: {counts: {web: {ready: {least: 3}}}}\n"
                          "- set-image: {statefulset: web, web: \"web:v2\"}\n- settle: {}\n"),
               "always at +"));
  CHECK(failure_of("- SET\n- always: {counts: {web: {ready: {least: 2}}}}\n"
                   "- set-image: {statefulset: web, web: \"web:v2\"}\n- settle: {}\n")
            .empty());
  CHECK(failure_of("- always: {pods: {web-0: {ready: true}}}\n- SET\n") ==
        "always at +0s: pods.web-0: expected {\"ready\":true}, found null");
}

TEST_CASE("what holds for a while may fail afterwards") {
  const std::string steps = "- scale: {statefulset: web, replicas: 0}\n- settle: {}\n";
  CHECK(starts(failure_of("- SET\n- always: {counts: {web: {total: 3}}, for: 2s}\n" + steps),
               "always at +"));
  CHECK(failure_of("- SET\n- always: {counts: {web: {total: 3}}, for: 2s}\n- advance: 3s\n" + steps)
            .empty());
}

TEST_CASE("what never holds fails at the change that makes it true") {
  CHECK(failure_of("- never: {counts: {web: {total: {least: 4}}}}\n- SET\n").empty());
  CHECK(starts(failure_of("- never: {counts: {web: {total: {least: 3}}}}\n- SET\n"), "never at +"));
  CHECK(starts(failure_of("- never: {resolves: {web-2.web-svc: true}}\n- SET\n"), "never at +"));
  CHECK(failure_of("- never: {resolves: {web-3.web-svc: true}}\n- SET\n").empty());
}

TEST_CASE(
    "what comes about eventually does so within its time, which passes behind the last step") {
  CHECK(failure_of("- eventually: {pods: {web-2: {ready: true}}, within: 1m}\n- SET\n").empty());
  CHECK(failure_of("- eventually: {pods: {web-2: {ready: true}}, within: 1s}\n- SET\n") ==
        "eventually at +1s: it has not come about within 1s: "
        "{\"pods\":{\"web-2\":{\"ready\":true}}}");
  const std::string apply = "- apply: [../manifests/service.yaml, ../manifests/set.yaml]\n";
  CHECK(failure_of("- eventually: {pods: {web-2: {ready: true}}, within: 1m}\n" + apply).empty());
  // Without a deadline, until nothing is left to happen.
  CHECK(failure_of("- eventually: {pods: {web-2: {ready: true}}}\n" + apply).empty());
  CHECK(failure_of("- order:\n  - {pods: {web-0: {ready: true}}}\n"
                   "  - {pods: {web-2: {ready: true}}}\n" +
                   apply)
            .empty());
  // What is to hold for a while as the last step has its time, too.
  CHECK(starts(failure_of(apply + "- always: {counts: {web: {total: {most: 1}}}, for: 2m}\n"),
               "always at +"));
  CHECK(starts(failure_of("- SET\n- eventually: {pods: {web-3: {ready: true}}}\n"),
               "eventually at +"));
}

TEST_CASE("what has an order comes one after the other, all of it") {
  const auto ready = [](int pod) {
    return "  - {pods: {web-" + std::to_string(pod) + ": {ready: true}}}\n";
  };
  CHECK(failure_of("- order:\n" + ready(0) + ready(1) + ready(2) + "- SET\n").empty());
  CHECK(starts(failure_of("- order:\n" + ready(1) + ready(0) + "- SET\n"), "order at +"));
  CHECK(failure_of("- order:\n" + ready(0) + ready(3) + "- SET\n").find("has not come") !=
        std::string::npos);
  CHECK(failure_of("- SET\n- order:\n" + ready(0) + ready(1) + "- settle: {}\n").empty());
}

TEST_CASE("a failure says when, what, and what has led there, and ends the run") {
  const Failures failures = run_steps(
      "- SET\n- name: two at least\n  always: {counts: {web: {ready: {least: 3}}}}\n"
      "- node: {name: node2, becomes: down}\n- settle: {}\n- advance: 1s\n");
  REQUIRE(failures.all.size() == 1);
  const std::string& text = failures.all[0];
  CAPTURE(text);
  CHECK(starts(text, "two at least at +"));
  CHECK(text.find("counts.web.ready: expected {\"least\":3}, found 2\n") != std::string::npos);
  CHECK(text.find("because +") != std::string::npos);
  CHECK(text.find("node-controller update pods/status web-1: node2 is not ready  [PN-60]") !=
        std::string::npos);
  CHECK(text.find("user fault: node2: the machine loses power") != std::string::npos);
  CHECK(text.find("user node node2 becomes down") != std::string::npos);
  CHECK(failures.steps == 5);  // the last one is not taken
}

TEST_CASE("a run that may take no more events says that, and not that something has not come") {
  const Scenario story = scenario_of(
      "- apply: [../manifests/service.yaml, ../manifests/set.yaml]\n"
      "- eventually: {pods: {web-2: {ready: true}}, within: 1h}\n");
  auto settings = std::make_shared<world::Settings>(*settings_of(story));
  settings->most_events = 20;
  Failures failures;
  const RunSummary summary = run(story, failures, settings);
  CHECK(summary.cut_short);
  CHECK(failures.all.empty());
}

TEST_CASE("what is open only for a while, or has come, keeps no run going") {
  const Scenario story = scenario_of(
      "- apply: [../manifests/service.yaml, ../manifests/set.yaml]\n"
      "- eventually: {pods: {web-2: {ready: true}}, within: 1000h}\n");
  Failures failures;
  CHECK(run(story, failures).virtual_time < std::chrono::minutes{5});
  CHECK(failures.all.empty());
}

TEST_CASE("an expectation counts pods, and asks for names") {
  CHECK(failure_of("- SET\n- expect: {counts: {web: {total: 3, ready: 3, available: 3, "
                   "terminating: 0, images: {\"web:v1\": 3, \"web:v2\": 0}}}}\n"
                   "- expect: {resolves: {web-0.web-svc: true, web-9.web-svc: false}}\n")
            .empty());
  CHECK(failure_of("- SET\n- expect: {counts: {web: {images: {\"web:v1\": {most: 2}}}}}\n") ==
        "counts.web.images.web:v1: expected {\"most\":2}, found 3");
}
