#include "experiment/story_text.hpp"
#include "support/catch.hpp"

#include <stsim/experiment/approval.hpp>

using namespace stsim;
using experiment::account_of;
using experiment::approved_text;
using experiment::without_made_up_names;

namespace {

std::string approved(const scenario::Scenario& story) {
  return approved_text(without_made_up_names(account_of(story)), story.name);
}

}  // namespace

TEST_CASE("an approved text has steps, outputs, decisions with their rules, and how things stand") {
  const std::string text = approved(test::scenario_of(
      test::web_story(1, "- scale: {statefulset: web, replicas: 0}\n- settle: {}\n")));
  CHECK(text.starts_with("# story\n# What was done"));
  CHECK(text.find("\n1 $ kubectl apply -f -\n  | statefulset.apps/web created\n") !=
        std::string::npos);
  CHECK(text.find("\n  - statefulset-controller: create pods web-0: ") != std::string::npos);
  CHECK(text.find("\n  . kubelet: patch pods/status web-0: ") != std::string::npos);
  CHECK(text.find("\n  = statefulset web: 1 of 1 pods ready, 1 available, all at web@1\n") !=
        std::string::npos);
  CHECK(text.find("\n  = pod web-0: on node1, at web@1, ") != std::string::npos);
  CHECK(
      text.find(
          "\n3 $ kubectl scale statefulset/web --replicas=0\n  | statefulset.apps/web scaled\n") !=
      std::string::npos);
  CHECK(text.find("\n  = pod web-0: gone\n") != std::string::npos);
  CHECK(text.find("+0.") == std::string::npos);  // no times
}

TEST_CASE("how things stand is told where it has changed") {
  const std::string text =
      approved(test::scenario_of(test::web_story(1, "- kubectl: get pods -o name\n")));
  const std::size_t last = text.find("\n3 $ kubectl get pods -o name\n");
  REQUIRE(last != std::string::npos);
  REQUIRE(text.substr(last) == "\n3 $ kubectl get pods -o name\n  | pod/web-0\n");
}

TEST_CASE("the same run is the approved one") {
  const auto story = test::scenario_of(test::web_story(2));
  REQUIRE(!experiment::departure(
      approved(story), without_made_up_names(account_of(story)), story.name));
}

TEST_CASE("a departure is told from the first step that differs, with what happened there first") {
  const std::string steps =
      "- kubectl: get pods -o name\n- set-image: {statefulset: web, web: \"web:v2\"}\n- settle: "
      "{}\n";
  const auto story = test::scenario_of(test::web_story(2, steps));
  const auto other = test::scenario_of(
      test::web_story(2, steps, "", "      updateStrategy: {rollingUpdate: {partition: 1}}\n"));
  const auto where =
      experiment::departure(approved(story), without_made_up_names(account_of(other)), story.name);
  REQUIRE(where);
  CHECK(where->step == 4);
  CHECK(where->lines.find("- 5") == std::string::npos);  // the step itself is the same
  CHECK(where->lines.find("-   - statefulset-controller: delete pods web-0: ") !=
        std::string::npos);
  // With one step more, that is where they part.
  const auto longer = test::scenario_of(test::web_story(2, steps + "- kubectl: get sts -o name\n"));
  const auto behind =
      experiment::departure(approved(story), without_made_up_names(account_of(longer)), story.name);
  REQUIRE(behind);
  CHECK(behind->step == 5);
  CHECK(behind->lines.starts_with("+ 6 $ kubectl get sts -o name\n"));
  const auto missing =
      experiment::departure(approved(longer), without_made_up_names(account_of(story)), story.name);
  REQUIRE(missing);
  CHECK(missing->step == 5);
  CHECK(missing->record == 0);
}

TEST_CASE("of a departure the first new thing that happened is known") {
  const auto story = test::scenario_of(test::web_story(2));
  const auto parallel =
      test::scenario_of(test::web_story(2, "", "", "      podManagementPolicy: Parallel\n"));
  const auto where = experiment::departure(
      approved(story), without_made_up_names(account_of(parallel)), story.name);
  REQUIRE(where);
  REQUIRE(where->record != 0);
  const std::string led = experiment::because(parallel, where->record);
  CHECK(led.find("because") != std::string::npos);
  CHECK(led.find("kubectl apply") != std::string::npos);
}

TEST_CASE("a prompt with several lines is one line, and namespaces are told apart") {
  const auto story = test::scenario_of(test::web_story(
      1,
      "- kubectl: |\n    patch sts web -p '{\"spec\":\n    {\"replicas\": 2}}'\n"
      "- apply: {apiVersion: v1, kind: Namespace, metadata: {name: other}}\n"
      "- apply: {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: "
      "other}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}\n"
      "- kubectl: get nodes -o name\n"));
  const std::string text = approved(story);
  CHECK(text.find("\\n") != std::string::npos);
  CHECK(text.find("\n  = claim other/data: Pending\n") != std::string::npos);
  CHECK(text.substr(text.find("$ kubectl get nodes")).find("claim") == std::string::npos);
  CHECK(!experiment::departure(text, without_made_up_names(account_of(story)), story.name));
}
