#include "support/catch.hpp"

#include <fmt/format.h>
#include <stsim/report/pod_spans.hpp>
#include <stsim/scenario/load.hpp>

using namespace stsim;

namespace {

/// The spans of a run, a line each: `web-0 pending 0.020-0.037`.
std::string spans_of(const std::string& text) {
  const auto scenario = scenario::load_scenario_text(text, "x.yaml", ".");
  REQUIRE(scenario);
  scenario::RunLog log;
  static_cast<void>(scenario::run(*scenario, log));
  std::string out;
  SimTime last;
  for (const report::PodSpan& span : report::pod_spans(log)) {
    REQUIRE(span.begin < span.end);
    REQUIRE(span.begin >= last);
    last = span.begin;
    out += fmt::format("{} {}{}{}{}\n",
                       span.pod.name,
                       report::to_string(span.state),
                       span.detail.empty() ? "" : " ",
                       span.detail,
                       span.open ? " …" : "");
  }
  return out;
}

const std::string kSet = R"(
scenario: x
timing: {imagePull: 2s, containerStart: 1s, ready: 1s, stop: 1s}
images: {"web:crashing": {crashAfter: 1s, exitCode: 1}}
brokenImages: ["web:broken"]
steps:
- apply:
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: web}
    spec:
      replicas: 1
      serviceName: web
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: web, image: "web:IMAGE"}]}
)";

std::string with_image(const std::string& image) {
  std::string out = kSet;
  return out.replace(out.find("IMAGE"), 5, image);
}

}  // namespace

TEST_CASE("a pod waits, is pulled, starts, runs, is ready, and its successor comes after it") {
  REQUIRE(spans_of(with_image("v1") + "- settle: {}\n- kubectl: delete pod web-0\n- settle: {}\n"
                                      "- advance: 5s\n") ==
          "web-0 pending\n"
          "web-0 pulling\n"
          "web-0 starting\n"
          "web-0 running\n"
          "web-0 ready\n"
          "web-0 terminating\n"
          "web-0 pending\n"
          "web-0 starting\n"
          "web-0 running\n"
          "web-0 ready …\n");
}

TEST_CASE("what a container waits for when it fails is the detail of its pod's state") {
  REQUIRE(spans_of(with_image("broken") + "- advance: 20s\n").find("web-0 failing ErrImagePull") !=
          std::string::npos);
  const std::string crashing = spans_of(with_image("crashing") + "- advance: 20s\n");
  REQUIRE(crashing.find("web-0 failing CrashLoopBackOff") != std::string::npos);
}

TEST_CASE("nothing is told of pods that never were") {
  REQUIRE(spans_of("scenario: x\nsteps:\n- advance: 1s\n").empty());
}
