// What Kubernetes' stateful_set_control_test.go asks of availability: minReadySeconds and
// maxUnavailable.
#include "controllers/set_runs.hpp"
#include "support/catch.hpp"

#include <algorithm>

using namespace stsim;
using api::Kind;
using api::PodPhase;
using test::Control;
using test::made;
using test::scale_up;
using test::SetSpec;
using test::up;
using Names = std::vector<std::string>;
using Verb = Control::Verb;

namespace {

const std::map<std::string, bool, std::less<>> kMaxUnavailable{{"MaxUnavailableStatefulSet", true}};

/// A set whose pods are ready since `ready_for`, at a revision that is no longer wanted.
Control with_old_pods(const SetSpec& spec,
                      SimDuration ready_for = std::chrono::hours{1},
                      std::map<std::string, bool, std::less<>> gates = {}) {
  Control c = made(spec, "1.36", std::move(gates));
  for (int ordinal = 0; ordinal < spec.replicas; ++ordinal) {
    c.make_pod(ordinal, {.ready_for = ready_for});
  }
  REQUIRE(c.sync().empty());
  c.change_image("foo");
  return c;
}

constexpr SimDuration kYoung = std::chrono::seconds{10};
constexpr SimDuration kOld = std::chrono::seconds{60};
const char* const kHalfAMinute = R"("minReadySeconds":30,)";

}  // namespace

TEST_CASE(
    "TestStatefulSetControlRollingUpdateWithMaxUnavailable: six pods, partition 3, two at once") {
  const bool parallel = GENERATE(false, true);
  CAPTURE(parallel);
  Control c =
      made({.replicas = 6,
            .parallel = parallel,
            .update_strategy =
                R"({"type":"RollingUpdate","rollingUpdate":{"partition":3,"maxUnavailable":2}})"},
           "1.36",
           kMaxUnavailable);
  REQUIRE(scale_up(c).empty());
  const auto before = c.pods();
  c.change_image("foo");
  REQUIRE(c.sync().empty());
  REQUIRE(c.pod_names() == Names{"web-0", "web-1", "web-2", "web-3"});
  REQUIRE(c.sync().empty());
  if (parallel) {
    REQUIRE(c.pods().size() == 6);
    c.report(5, PodPhase::Running, false);
    c.report(4, PodPhase::Running, true);  // enough for web-3, although web-5 is not ready
  } else {
    REQUIRE(c.pods().size() == 5);  // one at a time
    c.report(4, PodPhase::Running, true);
    REQUIRE(c.sync().empty());
    REQUIRE(c.pods().size() == 6);
    c.report(5, PodPhase::Running, true);
  }
  REQUIRE(c.sync().empty());
  REQUIRE(c.pod_names() == Names{"web-0", "web-1", "web-2", "web-4", "web-5"});
  REQUIRE(c.sync().empty());
  REQUIRE(c.pods().size() == 6);
  c.report(3, PodPhase::Running, true);
  c.report(5, PodPhase::Running, true);
  const auto after = c.pods();
  REQUIRE(c.sync().empty());
  REQUIRE(c.pods() == after);  // below the partition nothing moves
  for (std::size_t i = 0; i < 3; ++i) {
    REQUIRE(after[i]->uid == before[i]->uid);
  }
}

TEST_CASE("TestStatefulSetControlRollingUpdateWithMaxUnavailableInOrderedModeVerifyInvariant") {
  const auto leaving = GENERATE(
      values<std::vector<int>>({{}, {5}, {3}, {4}, {5, 4}, {5, 3}, {4, 3}, {5, 4, 3}, {2}, {1}}));
  // In a Parallel set the loop gets as far as the rollout whatever pods are on their way out.
  Control c = with_old_pods(
      {.replicas = 6,
       .parallel = true,
       .update_strategy =
           R"({"type":"RollingUpdate","rollingUpdate":{"partition":3,"maxUnavailable":2}})"},
      std::chrono::hours{1},
      kMaxUnavailable);
  for (const int ordinal : leaving) {
    REQUIRE(c.store().remove(c.pod(ordinal)->key, {}, c.now, 0));
    REQUIRE(c.pod(ordinal)->terminating());
  }
  CAPTURE(leaving);
  REQUIRE(c.sync().empty());
  REQUIRE(c.calls_made(Verb::Delete, Kind::Pod) ==
          std::max(0, 2 - static_cast<int>(leaving.size())));
}

TEST_CASE("TestStatefulSetAvailability: who is ready long enough is available") {
  const auto [minutes, available] = GENERATE(table<int, int>({{120, 1}, {30, 0}}));
  Control c = made({.replicas = 1, .more = R"("minReadySeconds":3600,)"});
  REQUIRE(scale_up(c).empty());
  c.report(0, PodPhase::Running, true, std::chrono::minutes{minutes});
  REQUIRE(c.sync().empty());
  REQUIRE(c.status().available_replicas == available);
}

TEST_CASE(
    "TestStatefulSetRollingUpdateRespectsMinReadySeconds: nobody is replaced before his time") {
  const SetSpec spec{.replicas = 2, .more = kHalfAMinute};
  Control young = with_old_pods(spec, kYoung);
  REQUIRE(young.sync().empty());
  REQUIRE(young.status().available_replicas == 0);
  REQUIRE(young.calls_made(Verb::Delete, Kind::Pod) == 0);
  Control old = with_old_pods(spec, kOld);
  REQUIRE(old.sync().empty());
  REQUIRE(old.status().available_replicas == 2);
  REQUIRE(old.calls_made(Verb::Delete, Kind::Pod) == 1);
}

TEST_CASE("TestStatefulSetScaleDownRespectsMinReadySeconds: young pods hold up scaling down") {
  Control c = with_old_pods({.replicas = 3, .more = kHalfAMinute}, kYoung);
  c.change(R"({"spec":{"replicas":1}})");
  REQUIRE(c.sync().empty());
  REQUIRE(c.status().available_replicas == 0);
  REQUIRE(c.pods().size() == 3);
  REQUIRE(c.calls_made(Verb::Delete, Kind::Pod) == 0);
}

TEST_CASE(
    "TestStatefulSetOnDeleteStrategyIgnoresMinReadySeconds: the revision is known all the same") {
  Control c = with_old_pods(
      {.replicas = 2, .update_strategy = R"({"type":"OnDelete"})", .more = kHalfAMinute}, kYoung);
  REQUIRE(c.sync().empty());
  REQUIRE(c.status().available_replicas == 0);
  REQUIRE_FALSE(c.status().update_revision.empty());
  REQUIRE(c.calls_made(Verb::Delete, Kind::Pod) == 0);
}

TEST_CASE("TestStatefulSetZeroMinReadySeconds: who is ready is available") {
  Control c = made({.replicas = 2, .more = R"("minReadySeconds":0,)"});
  c.make_pod(0, {.ready_for = {}});
  c.make_pod(1, {.ready_for = {}});
  REQUIRE(c.sync().empty());
  REQUIRE(c.status().available_replicas == 2);
}

TEST_CASE("TestStatefulSetPartitionRollingUpdateWithMinReadySeconds: above the partition as well") {
  Control c = with_old_pods(
      {.replicas = 4,
       .update_strategy = R"({"type":"RollingUpdate","rollingUpdate":{"partition":2}})",
       .more = kHalfAMinute},
      kYoung);
  REQUIRE(c.sync().empty());
  REQUIRE(c.status().available_replicas == 0);
  REQUIRE(c.pods().size() == 4);
  REQUIRE(c.calls_made(Verb::Delete, Kind::Pod) == 0);
}

TEST_CASE(
    "TestStatefulSetMetrics: the numbers behind the gauges decide how many pods are replaced") {
  struct Row {
    const char* name;
    int pods;
    const char* max_unavailable;
    bool parallel;
    int unavailable;
    int limit;
  };
  const auto row = GENERATE(values<Row>({
      {"ordered pods within limit", 5, "2", false, 1, 2},
      {"parallel pods exceeding limit", 10, "\"20%\"", true, 3, 2},
      {"ordered pods exactly at limit", 6, "3", false, 3, 3},
      {"parallel pods all available", 4, "1", true, 0, 1},
      {"ordered pods with percentage maxUnavailable", 8, "\"25%\"", false, 1, 2},
      {"parallel pods with large percentage", 5, "\"80%\"", true, 4, 4},
      {"small set with maxUnavailable 1", 2, "1", false, 1, 1},
      {"single pod set", 1, "1", true, 1, 1},
  }));
  CAPTURE(row.name);
  Control c = with_old_pods(
      {.replicas = row.pods,
       .parallel = true,  // an ordered set waits for the unavailable pod before it comes so far
       .update_strategy = fmt::format(
           R"({{"type":"RollingUpdate","rollingUpdate":{{"partition":0,"maxUnavailable":{}}}}})",
           row.max_unavailable)},
      std::chrono::hours{1},
      kMaxUnavailable);
  for (int ordinal = 0; ordinal < row.unavailable; ++ordinal) {
    if (row.parallel) {
      REQUIRE(c.store().remove(c.pod(ordinal)->key, {}, c.now, 0));
    } else {
      c.report(ordinal, PodPhase::Running, false);
    }
  }
  REQUIRE(c.sync().empty());
  REQUIRE(c.calls_made(Verb::Delete, Kind::Pod) == std::max(0, row.limit - row.unavailable));
}
