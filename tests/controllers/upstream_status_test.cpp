// What Kubernetes' stateful_set_status_updater_test.go asks of the write of the status. What
// becomes of conflicts is in tests/world/upstream_integration_test.cpp.
#include "support/catch.hpp"
#include "support/control.hpp"

#include <stsim/controllers/statefulset/statefulset.hpp>

using namespace stsim;
using api::Kind;
using test::Control;
using Verb = Control::Verb;

namespace {

Control with_pods(int pods, std::string_view more = "") {
  Control out(std::string_view("1.36"));
  out.make_set({.replicas = pods, .more = std::string(more)});
  for (int ordinal = 0; ordinal < pods; ++ordinal) {
    out.make_pod(ordinal, {.ready_for = std::chrono::seconds{20}});
  }
  return out;
}

}  // namespace

TEST_CASE("TestStatefulSetUpdaterUpdatesSetStatus: what was counted is stored, once") {
  Control c = with_pods(2);
  REQUIRE(c.sync().empty());
  REQUIRE(c.status().replicas == 2);
  REQUIRE(c.status().ready_replicas == 2);
  REQUIRE(c.calls_made(Verb::UpdateStatus, Kind::StatefulSet) == 1);
  REQUIRE(c.sync().empty());
  REQUIRE(c.calls_made(Verb::UpdateStatus, Kind::StatefulSet) == 1);
}

TEST_CASE("TestStatefulSetStatusUpdaterUpdatesObservedGeneration: the one that was looked at") {
  Control c = with_pods(1);
  REQUIRE(c.sync().empty());
  REQUIRE(c.status().observed_generation == 1);
  c.change(R"({"spec":{"minReadySeconds":1}})");
  REQUIRE(c.sync().empty());
  REQUIRE(c.set()->generation == 2);
  REQUIRE(c.status().observed_generation == 2);
}

TEST_CASE(
    "TestStatefulSetStatusUpdaterUpdateReplicasFailure: the sync fails, and nothing is stored") {
  Control c = with_pods(1);
  c.fail(Verb::UpdateStatus, Kind::StatefulSet);
  REQUIRE(c.sync() == "API server failed");
  REQUIRE(c.status().replicas == 0);
}

TEST_CASE("TestStatefulSetStatusUpdaterGetAvailableReplicas: ready for minReadySeconds") {
  const auto [seconds, available] = GENERATE(table<int, int>({{0, 2}, {20, 2}, {21, 0}}));
  Control c = with_pods(2, fmt::format(R"("minReadySeconds":{},)", seconds));
  REQUIRE(c.sync().empty());
  REQUIRE(c.status().available_replicas == available);
}
