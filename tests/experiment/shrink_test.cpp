#include "experiment/story_text.hpp"
#include "support/catch.hpp"

#include <stsim/api/yaml.hpp>
#include <stsim/experiment/shrink.hpp>

using namespace stsim;
using api::Json;
using experiment::failure_of;
using experiment::Shrinking;

namespace {

Json document(const std::string& text) {
  return *api::load_yaml(text, "x")->front().json();
}

Shrinking task(const std::string& text) {
  Shrinking out;
  out.document = document(text);
  out.folder = ".";
  const auto failure = failure_of(test::scenario_of(text));
  REQUIRE(failure);
  out.failure = *failure;
  return out;
}

}  // namespace

TEST_CASE("what fails is named by what was expected, and by the rule of a guarantee") {
  CHECK(!failure_of(test::scenario_of(test::web_story(1))));
  const auto failure = failure_of(
      test::scenario_of(test::web_story(1, "- expect: {pods: {web-0: {ready: false}}}\n")));
  REQUIRE(failure);
  CHECK(*failure == R"(expectation {"expect":{"pods":{"web-0":{"ready":false}}}} )"
                    "pods.web-0.ready: expected false, found true");
}

TEST_CASE("steps and parts that do not matter are left out, and numbers made smaller") {
  const auto shrunk = experiment::shrink(task(test::web_story(
      5,
      "- kubectl: get pods\n- scale: {statefulset: web, replicas: 7}\n- settle: {}\n"
      "- kubectl: get sts\n- expect: {pods: {web-1: null}}\n",
      "description: long\nseed: 4\n")));
  CHECK(shrunk.smallest);
  const Json& steps = shrunk.document["steps"];
  CHECK(!shrunk.document.contains("description"));
  CHECK(!shrunk.document.contains("seed"));
  // web-1 has to be made: by the set alone, with the fewest replicas that have it.
  REQUIRE(steps.size() >= 2);
  CHECK(steps.back() == Json::parse(R"({"expect": {"pods": {"web-1": null}}})"));
  CHECK(experiment::size_of(shrunk.document) < 30);
  CHECK(shrunk.document.dump().find("\"replicas\":2") != std::string::npos);
  CHECK(failure_of(test::scenario_of(shrunk.document.dump()))
            ->starts_with(R"(expectation {"expect":{"pods":{"web-1":null}}} pods.web-1: )"));
}

TEST_CASE("it ends when it may take no more runs, and says so") {
  Shrinking few = task(test::web_story(3, "- expect: {pods: {web-1: null}}\n"));
  few.most_runs = 3;
  std::size_t told = 0;
  few.progress = [&told](std::size_t runs, std::size_t) { told = runs; };
  const auto shrunk = experiment::shrink(few);
  CHECK(shrunk.runs == 3);
  CHECK(told == 3);
  CHECK(!shrunk.smallest);
}

TEST_CASE("what has to be there for a failure stays") {
  const std::string roll =
      "- set-image: {statefulset: web, web: \"broken\"}\n- settle: {}\n"
      "- expect: {pods: {web-1: {ready: true}}}\n";
  const auto shrunk =
      experiment::shrink(task(test::web_story(2, roll, "images: {broken: {never: start}}\n")));
  CHECK(shrunk.document["steps"].size() >= 2);
  CHECK(shrunk.document.dump().find("StatefulSet") != std::string::npos);
  const auto late = experiment::shrink(task(test::web_story(
      2, "- eventually: {pods: {web-1: {phase: Failed}}, within: 8s}\n- settle: {}\n")));
  CHECK(late.document.dump().find("StatefulSet") != std::string::npos);
}
