// Why a change took as long as it did.
#include "support/catch.hpp"

#include <stsim/diagnosis/so_long.hpp>
#include <stsim/diagnosis/why.hpp>
#include <stsim/scenario/load.hpp>

#include <map>

using namespace stsim;
using diagnosis::Spent;
using diagnosis::Stretch;

namespace {

/// A set of three on three nodes, with lengths that are the same each time.
scenario::Session steady_story(const std::string& steps, const std::string& extra = "") {
  std::string text = R"(
scenario: x
timing: {imagePull: 5s, containerStart: 1s, ready: 2s, stop: 3s, placement: 0s}
steps:
- apply:
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: web}
    spec:
      replicas: 3
      serviceName: web
      selector: {matchLabels: {app: web}}
      EXTRA
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: web, image: "web:v1"}]}
)";
  text.replace(text.find("EXTRA"), 5, extra);
  auto loaded = scenario::load_scenario_text(text + steps, "x.yaml", ".");
  INFO((loaded ? "" : to_string(loaded.error())));
  REQUIRE(loaded);
  return diagnosis::session_at(std::make_shared<const scenario::Scenario>(*std::move(loaded)),
                               std::nullopt);
}

const api::ObjectKey kWeb{api::Kind::StatefulSet, "default", "web"};

/// What the critical path of the set was spent on, in whole seconds. Looks that the path is one.
std::map<Spent, std::int64_t> spent(const scenario::Session& session) {
  scenario::RunLog log;
  session.tell_again(log);
  const std::vector<Stretch> path = diagnosis::critical_path(log, kWeb);
  REQUIRE(!path.empty());
  std::map<Spent, SimDuration> sums;
  SimDuration total{};
  for (std::size_t i = 0; i < path.size(); ++i) {
    REQUIRE(path[i].took == log.of(path[i].end).time - log.of(path[i].begin).time);
    REQUIRE((i == 0 || path[i].begin == path[i - 1].end));
    sums[path[i].on] += path[i].took;
    total += path[i].took;
  }
  REQUIRE(total == log.of(path.back().end).time - log.of(path.front().begin).time);
  std::map<Spent, std::int64_t> out;
  for (const auto& [on, length] : sums) {
    if (const auto seconds = std::chrono::floor<std::chrono::seconds>(length).count();
        seconds > 0) {
      out[on] = seconds;
    }
  }
  return out;
}

using Seconds = std::map<Spent, std::int64_t>;

}  // namespace

TEST_CASE("an ordered start: each pod waits for the one before, and all of it is on the path") {
  REQUIRE(spent(steady_story("- settle: {}\n")) ==
          Seconds{{Spent::Pulling, 15}, {Spent::Starting, 3}, {Spent::Readying, 6}});
}

TEST_CASE("a Parallel start: the path leads through one pod") {
  REQUIRE(spent(steady_story("- settle: {}\n", "podManagementPolicy: Parallel")) ==
          Seconds{{Spent::Pulling, 5}, {Spent::Starting, 1}, {Spent::Readying, 2}});
}

TEST_CASE("a rollout stops, starts and readies one pod after the other") {
  REQUIRE(spent(steady_story("- settle: {}\n- kubectl: rollout restart sts/web\n- settle: {}\n")) ==
          Seconds{{Spent::Stopping, 9}, {Spent::Starting, 3}, {Spent::Readying, 6}});
}

TEST_CASE("minReadySeconds are on the path") {
  const Seconds seconds = spent(steady_story("- settle: {}\n", "minReadySeconds: 10"));
  REQUIRE(seconds.contains(Spent::MinReady));
  REQUIRE(seconds.at(Spent::MinReady) >= 29);
}

TEST_CASE("what waits for the user is the user's") {
  const Seconds seconds =
      spent(steady_story("- settle: {}\n- kubectl: set image sts/web web=web:broken\n"
                         "- advance: 10m\n- kubectl: rollout undo sts/web\n- advance: 20m\n"
                         "- kubectl: delete pod web-2\n- settle: {}\n"));
  REQUIRE(seconds.at(Spent::User) >= 1200);
}

TEST_CASE("what it was spent on is told with shares, most first, and then the path") {
  const auto session = steady_story("- settle: {}\n");
  const auto told = diagnosis::why_so_long(session, {});
  REQUIRE(told);
  INFO(*told);
  REQUIRE(told->find("web: 24") == 0);
  REQUIRE(told->find("pulling images") < told->find("becoming ready"));
  REQUIRE(told->find("becoming ready") < told->find("starting containers"));
  REQUIRE(told->find("container web is ready  [PN-2]") != std::string::npos);
}

TEST_CASE("what has not changed took no time") {
  const auto session = steady_story("- settle: {}\n");
  const std::vector<std::string> pod{"web-0"};
  REQUIRE(!diagnosis::why_so_long(session, pod));
  const std::vector<std::string> nosuch{"sts/nosuch"};
  REQUIRE(!diagnosis::why_so_long(session, nosuch));
}
