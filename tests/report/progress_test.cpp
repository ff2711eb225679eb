// What a long run shows on a terminal.
#include "support/catch.hpp"

#include <stsim/report/observers.hpp>
#include <stsim/scenario/load.hpp>

#include <sstream>

using namespace stsim;

namespace {

/// A set of 60 pods that come up, with a clock that moves on at each look.
std::string shown_by_run(std::chrono::milliseconds a_look) {
  const auto scenario = scenario::load_scenario_text(R"(scenario: many
steps:
- create:
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: web}
    spec:
      replicas: 60
      podManagementPolicy: Parallel
      selector: {matchLabels: {app: web}}
      template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "web:v1"}]}}
- settle: {}
)",
                                                     "many.yaml",
                                                     {});
  REQUIRE(scenario);
  std::ostringstream out;
  std::chrono::milliseconds now{};
  std::vector<std::unique_ptr<scenario::RunObserver>> observers;
  observers.push_back(report::progress(out, [&now, a_look] { return now += a_look; }));
  const auto all = report::all_of(std::move(observers));
  scenario::run(*scenario, *all);
  return out.str();
}

}  // namespace

TEST_CASE("a run that is over within a second shows no progress") {
  CHECK(shown_by_run(std::chrono::milliseconds{1}).empty());
}

TEST_CASE("a longer run shows virtual time, events and pods in one line, and takes it away") {
  const std::string shown = shown_by_run(std::chrono::seconds{2});
  CAPTURE(shown);
  CHECK(shown.starts_with("\r\x1B[K+"));
  CHECK(shown.find("s of virtual time, ") != std::string::npos);
  CHECK(shown.find(" of 60 pods ready") != std::string::npos);
  CHECK(shown.ends_with(" pods ready\r\x1B[K"));
  CHECK(shown.find('\n') == std::string::npos);
}
