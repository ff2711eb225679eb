#include "experiment/story_text.hpp"
#include "support/catch.hpp"

#include <stsim/experiment/measures.hpp>

using namespace stsim;
using namespace std::chrono_literals;
using experiment::Phase;

namespace {

/// Pods that take the same time for everything: a second to start, another to be ready, three to
/// stop.
const std::string kSteady = R"(timing:
  placement: 0s
  imagePull: 0s
  containerStart: 1s
  ready: 1s
  stop: 3s
)";

std::vector<Phase> phases(int replicas,
                          std::string_view steps,
                          std::int64_t enough = 0,
                          std::string_view spec = "") {
  experiment::Meter meter(enough);
  scenario::run(test::scenario_of(test::web_story(replicas, steps, kSteady, spec)), meter);
  return meter.phases();
}

}  // namespace

TEST_CASE("a phase begins with a step that changes something, and goes on until the next") {
  const auto all = phases(2,
                          "- kubectl: get pods\n- scale: {statefulset: web, replicas: 3}\n- "
                          "settle: {}\n- kubectl: get pods\n");
  REQUIRE(all.size() == 2);
  CHECK(all[0].step == 0);
  CHECK(all[1].step == 3);
  CHECK(all[1].prompt == "kubectl scale statefulset/web --replicas=3");
  CHECK(all[1].took >= 2s);
  CHECK(all[1].took < 3s);
  CHECK(all[1].lowest == 2);
  CHECK(all[1].replaced == 0);
}

TEST_CASE("of a rolling update: how few pods were there, for how long, and how many went") {
  const std::string roll = "- set-image: {statefulset: web, web: \"web:v2\"}\n- settle: {}\n";
  const auto all = phases(3, roll);
  REQUIRE(all.size() == 2);
  CHECK(all[1].lowest == 2);
  CHECK(all[1].replaced == 3);
  // Each is away for the three seconds of its end and the two of its start.
  CHECK(all[1].below > 15s);
  CHECK(all[1].below < 17s);
  CHECK(phases(3, roll, 2)[1].below == 0s);
}

TEST_CASE("restarts of containers are counted") {
  const auto all = phases(1, "- pod: {name: web-0, becomes: crashed}\n- settle: {}\n");
  REQUIRE(all.size() == 2);
  CHECK(all[1].restarts == 2);  // the step's own, and that of the kubelet behind it
  CHECK(all[1].lowest == 0);
}

TEST_CASE("a pod that is ready is available only after minReadySeconds") {
  const std::string roll = "- set-image: {statefulset: web, web: \"web:v2\"}\n- settle: {}\n";
  const auto all = phases(1, roll, 0, "      minReadySeconds: 10\n");
  REQUIRE(all.size() == 2);
  CHECK(all[1].lowest == 0);
  // Three seconds of its end, two of its start, and ten more.
  CHECK(all[1].below > 14s);
  CHECK(all[1].below < 16s);
}

TEST_CASE("minReadySeconds that change count for pods that are ready already") {
  const auto all = phases(
      2, "- patch: {statefulset: web, patch: {spec: {minReadySeconds: 60}}}\n- settle: {}\n");
  REQUIRE(all.size() == 2);
  CHECK(all[1].lowest == 0);
  CHECK(all[1].below > 50s);
}
