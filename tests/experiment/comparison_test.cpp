#include "experiment/story_text.hpp"
#include "support/catch.hpp"

#include <stsim/experiment/comparison.hpp>

using namespace stsim;
using experiment::Side;
using experiment::Variant;

namespace {

Side side(const scenario::Scenario& story, Release release) {
  const Variant variant{release, {}, {}};
  return experiment::side_of(story, variant, variant.title());
}

}  // namespace

TEST_CASE("two runs that do the same never part") {
  const auto story = test::scenario_of(test::web_story(2));
  const Side a = side(story, Release{36});
  REQUIRE(!experiment::parting(a.account, a.account));
  REQUIRE(experiment::comparison(a, a) ==
          "A is kubernetes 1.36, B is kubernetes 1.36.\nThey do the same.\n");
  REQUIRE(experiment::parting_in_short(a, a) == experiment::comparison(a, a));
}

TEST_CASE("runs part at the first decision that differs, each with its reason") {
  const std::string roll = "- set-image: {statefulset: web, web: \"web:v2\"}\n- settle: {}\n";
  const auto all = test::scenario_of(test::web_story(3, roll));
  const auto some = test::scenario_of(
      test::web_story(3, roll, "", "      updateStrategy: {rollingUpdate: {partition: 2}}\n"));
  const Side a = experiment::side_of(all, {}, "all");
  const Side b = experiment::side_of(some, {}, "some");
  const auto where = experiment::parting(a.account, b.account);
  REQUIRE(where);
  CHECK(where->step == 3);
  REQUIRE(where->decided[0] != nullptr);
  CHECK(where->decided[0]->line.find("web-1") != std::string::npos);
  const std::string text = experiment::comparison(a, b);
  CHECK(text.find("They part in step 4: # settle\n") != std::string::npos);
  CHECK(text.find("pods that went         A 3\n") != std::string::npos);
  CHECK(text.find("How things stand in the end:") != std::string::npos);
}

TEST_CASE("a run that ends earlier parts where it ends") {
  const auto story = test::scenario_of(test::web_story(1, "- kubectl: get pods\n"));
  const auto shorter = test::scenario_of(test::web_story(1));
  const Side a = experiment::side_of(story, {}, "long");
  const Side b = experiment::side_of(shorter, {}, "short");
  const auto where = experiment::parting(a.account, b.account);
  REQUIRE(where);
  CHECK(where->step == 2);
  CHECK(experiment::comparison(a, b).find("Only long comes that far.\n") != std::string::npos);
}

TEST_CASE("what is printed may part before what is decided, and both are told") {
  const std::string steps =
      "- kubectl: get sts web -o jsonpath={.spec.podManagementPolicy}\n"
      "- scale: {statefulset: web, replicas: 3}\n- settle: {}\n";
  const auto ordered = test::scenario_of(test::web_story(0, steps));
  const auto parallel =
      test::scenario_of(test::web_story(0, steps, "", "      podManagementPolicy: Parallel\n"));
  const Side a = experiment::side_of(ordered, {}, "ordered");
  const Side b = experiment::side_of(parallel, {}, "parallel");
  REQUIRE(experiment::parting(a.account, b.account)->step == 2);
  REQUIRE(experiment::decision_parting(a.account, b.account)->step == 3);
  const std::string text = experiment::comparison(a, b);
  CHECK(text.find("Before they part, something is told differently, first in step 3: $ kubectl get "
                  "sts web -o 'jsonpath={.spec.podManagementPolicy}'\n- is A, + is B:\n  …\n"
                  "-   | OrderedReady\n+   | Parallel\n") != std::string::npos);
  CHECK(text.find("They part in step 4: $ kubectl scale statefulset/web --replicas=3\n") !=
        std::string::npos);
}

TEST_CASE("names of revisions that differ hide nothing else, and are told if that is all") {
  const auto story = test::scenario_of(test::web_story(1));
  const Side old = side(story, Release{33});
  const Side young = side(story, Release{34});
  REQUIRE(old.account.made_up != young.account.made_up);
  CHECK(experiment::comparison(old, young) ==
        fmt::format("A is kubernetes 1.33, B is kubernetes 1.34.\n"
                    "They do the same, but for names that controllers made up:\n   A {}   B {}\n",
                    old.account.made_up[0].first,
                    young.account.made_up[0].first));
  CHECK(experiment::parting(old.account, young.account));
}

TEST_CASE("what is expected to hold may hold in one of two that do the same") {
  const std::string steps = "- expect: {pods: {web-0: {ready: true}}}\n";
  const auto story = test::scenario_of(test::web_story(1, steps));
  const auto other =
      test::scenario_of(test::web_story(1, "- expect: {pods: {web-0: {ready: false}}}\n"));
  const Side a = experiment::side_of(story, {}, "a");
  const Side b = experiment::side_of(other, {}, "b");
  const auto where = experiment::parting(a.compared, b.compared);
  REQUIRE(where);
  CHECK(where->step == 2);
  CHECK(experiment::comparison(a, b).find(
            "What is expected holds:\n   all of it in A alone; in B\n   step 3 # expect: ") !=
        std::string::npos);
}

TEST_CASE("two seeds part at what is done, not at names that controllers draw") {
  const std::string service =
      "- apply: {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: None, "
      "selector: {app: web}}}\n- settle: {}\n";
  const auto story = test::scenario_of(test::web_story(0, service));
  const Side a = experiment::side_of(story, {{}, {}, 0}, "seed 0");
  const Side b = experiment::side_of(story, {{}, {}, 1}, "seed 1");
  REQUIRE(a.account.made_up != b.account.made_up);
  CHECK(!experiment::parting(a.compared, b.compared));
}
