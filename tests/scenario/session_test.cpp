// A run under way: copied, stopped in the middle of a step, told again.
#include "support/catch.hpp"

#include <stsim/scenario/load.hpp>
#include <stsim/scenario/log.hpp>
#include <stsim/scenario/session.hpp>
#include <stsim/scenario/tally.hpp>

#include <atomic>

using namespace stsim;
using scenario::Session;

namespace {

constexpr const char* kStory = R"(
scenario: x
timing: {imagePull: 2s, containerStart: 1s, ready: 1s, stop: 1s}
steps:
- apply:
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: web}
    spec:
      replicas: 3
      serviceName: web
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: web, image: "web:v1"}]}
- kubectl: rollout status sts/web
- scale: {statefulset: web, replicas: 1}
- settle: {}
)";

std::shared_ptr<const scenario::Scenario> story() {
  auto loaded = scenario::load_scenario_text(kStory, "x.yaml", ".");
  REQUIRE(loaded);
  return std::make_shared<const scenario::Scenario>(*std::move(loaded));
}

std::shared_ptr<const scenario::Step> step(const std::shared_ptr<const scenario::Scenario>& of,
                                           std::size_t number) {
  return {of, &of->steps[number]};
}

SimTime after(int seconds) {
  return kStartOfTime + std::chrono::seconds{seconds};
}

int pods(const Session& session) {
  return static_cast<int>(session.world().store.size(api::Kind::Pod));
}

}  // namespace

TEST_CASE("what sessions take is counted over all of them") {
  const auto scenario = story();
  const auto cost = [&scenario] {
    const scenario::Tally before = scenario::tally();
    scenario::Unobserved nobody;
    const std::uint64_t events = [&] {
      Session session(scenario, settings_of(*scenario), nobody);
      for (std::size_t i = 0; i < scenario->steps.size(); ++i) {
        session.take(step(scenario, i), nobody);
      }
      return session.world().events;
    }();
    const scenario::Tally after = scenario::tally();
    CHECK(after.events - before.events == events);
    return scenario::Tally{events, after.writes - before.writes, after.syncs - before.syncs};
  };
  const scenario::Tally once = cost();
  const scenario::Tally again = cost();
  CHECK(once.events > 50);
  CHECK(once.writes > 20);
  CHECK(once.syncs > 10);
  CHECK(again.writes == once.writes);
  CHECK(again.syncs == once.syncs);
}

TEST_CASE("a session that is stopped in the middle of a step goes on as if it had not stopped") {
  const auto scenario = story();
  scenario::Unobserved nobody;
  Session stopped(scenario, settings_of(*scenario), nobody);
  Session whole = stopped;
  stopped.stop_at({after(4)});
  stopped.take(step(scenario, 0), nobody);
  REQUIRE(!stopped.stopped());
  scenario::RunLog log;
  const auto result = stopped.take(step(scenario, 1), nobody);
  REQUIRE(stopped.stopped());
  REQUIRE(stopped.world().now == after(4));
  REQUIRE(pods(stopped) == 1);
  stopped.stop_at({});
  REQUIRE(!stopped.stopped());
  stopped.pass(after(30), nobody);

  whole.take(step(scenario, 0), nobody);
  whole.take(step(scenario, 1), nobody);
  whole.pass(after(30), nobody);
  REQUIRE(world::same(stopped.world(), whole.world()));
}

TEST_CASE("a session that is stopped before a step's turn has not taken it") {
  const auto scenario = story();
  scenario::Unobserved nobody;
  Session session(scenario, settings_of(*scenario), nobody);
  session.take(step(scenario, 0), nobody);
  session.stop_at({session.world().now + std::chrono::milliseconds{500}});
  session.take(step(scenario, 1), nobody);
  REQUIRE(session.stopped());
  REQUIRE(session.taken().size() == 1);
  REQUIRE(session.summary().steps == 1);
}

TEST_CASE("copies of a session go different ways, and do not know of each other") {
  const auto scenario = story();
  scenario::Unobserved nobody;
  Session one(scenario, settings_of(*scenario), nobody);
  one.take(step(scenario, 0), nobody);
  one.rest(nobody);
  Session other = one;
  other.take(step(scenario, 2), nobody);
  other.rest(nobody);
  REQUIRE(pods(other) == 1);
  REQUIRE(pods(one) == 3);
  one.take(step(scenario, 2), nobody);
  one.rest(nobody);
  REQUIRE(world::same(one.world(), other.world()));
}

TEST_CASE("somebody who asks stops a run that would go on for long") {
  const auto scenario = story();
  scenario::Unobserved nobody;
  Session session(scenario, settings_of(*scenario), nobody);
  session.take(step(scenario, 0), nobody);
  const std::atomic<bool> asked{true};
  session.stop_at({SimTime::max(), &asked});
  session.pass(after(1'000'000), nobody);
  REQUIRE(session.stopped());
  REQUIRE(session.world().now < after(100));
}

TEST_CASE("one event after the other leads to where passing time leads") {
  const auto scenario = story();
  scenario::Unobserved nobody;
  Session by_events(scenario, settings_of(*scenario), nobody);
  by_events.take(step(scenario, 0), nobody);
  Session by_time = by_events;
  for (int i = 0; i < 20; ++i) {
    REQUIRE(by_events.take_event(nobody));
  }
  by_time.pass(by_events.world().now, nobody);
  by_events.pass(by_events.world().now, nobody);
  REQUIRE(world::same(by_events.world(), by_time.world()));
}

TEST_CASE("a story that is told again is the same, also where it was stopped") {
  const auto scenario = story();
  scenario::RunLog log;
  Session session(scenario, settings_of(*scenario), log);
  session.stop_at({after(4)});
  session.take(step(scenario, 0), log);
  session.take(step(scenario, 1), log);
  scenario::RunLog again;
  session.tell_again(again);
  REQUIRE(again.records().size() == log.records().size());
  for (std::size_t i = 0; i < log.records().size(); ++i) {
    REQUIRE(in_words(again.records()[i]) == in_words(log.records()[i]));
    REQUIRE(again.records()[i].time == log.records()[i].time);
  }
}
