#include "support/catch.hpp"

#include <fmt/format.h>
#include <stsim/controllers/event_correlator.hpp>

using namespace stsim;
using controllers::EventCorrelator;
using controllers::EventWrite;

namespace {

api::Object about() {
  api::Object set;
  set.key = {api::Kind::StatefulSet, "default", "web"};
  set.uid = {1, 1};
  return set;
}

EventWrite say(EventCorrelator& correlator,
               const std::string& message,
               SimTime now = kStartOfTime) {
  return correlator.record(
      "statefulset-controller", about(), {"Normal", "SuccessfulCreate", message, ""}, now);
}

}  // namespace

TEST_CASE("SS-194: the same event again only raises the count") {
  EventCorrelator correlator;
  const EventWrite first = say(correlator, "a");
  REQUIRE(first.count == 1);
  const EventWrite again = say(correlator, "a");
  REQUIRE(again.event == first.event);
  REQUIRE(again.count == 2);
  REQUIRE(again.first == kStartOfTime);
}

TEST_CASE("SS-194: events of two containers are two events") {
  EventCorrelator correlator;
  const auto started = [&correlator](const char* container) {
    return correlator.record(
        "kubelet", about(), {"Normal", "Started", "Container started", container}, kStartOfTime);
  };
  REQUIRE(started("spec.containers{a}").count == 1);
  REQUIRE(started("spec.containers{b}").count == 1);
  REQUIRE(started("spec.containers{a}").count == 2);
}

TEST_CASE("SS-194: the tenth distinct message is folded, a remembered one is told as itself") {
  EventCorrelator correlator;
  for (char c = 'a'; c < 'j'; ++c) {
    REQUIRE(say(correlator, std::string(1, c)).message == std::string(1, c));
  }
  REQUIRE(say(correlator, "j").message == "(combined from similar events): j");
  REQUIRE(say(correlator, "i").message == "i");
  REQUIRE(say(correlator, "k").message == "(combined from similar events): k");
}

TEST_CASE("SS-194: messages are forgotten after ten minutes") {
  EventCorrelator correlator;
  for (char c = 'a'; c < 'j'; ++c) {
    static_cast<void>(say(correlator, std::string(1, c)));
  }
  REQUIRE(say(correlator, "j", kStartOfTime + std::chrono::seconds{601}).message == "j");
}

TEST_CASE("SS-194: after a burst of 25 events are dropped until the bucket fills again") {
  EventCorrelator correlator;
  int written = 0;
  for (int i = 0; i < 30; ++i) {
    written += say(correlator, "a").dropped ? 0 : 1;
  }
  REQUIRE(written == 25);
  REQUIRE_FALSE(
      correlator
          .record("statefulset-controller", about(), {"Warning", "Other", "b", ""}, kStartOfTime)
          .dropped);
  REQUIRE_FALSE(say(correlator, "a", kStartOfTime + std::chrono::seconds{300}).dropped);
}

TEST_CASE("SS-194: a source remembers the 4,096 events reported last, whatever others report") {
  EventCorrelator correlator;
  const auto started = [&correlator](const char* source, int container) {
    const std::string field = fmt::format("spec.containers{{c{}}}", container);
    return correlator.record(source, about(), {"Normal", "Started", "s", field}, kStartOfTime)
        .count;
  };
  for (int i = 0; i < 4096; ++i) {
    REQUIRE(started("kubelet", i) == 1);
  }
  REQUIRE(started("kubelet", 0) == 2);     // and so is not the oldest any more
  REQUIRE(started("kubelet", 4096) == 1);  // in place of the second
  REQUIRE(started("other", 4097) == 1);
  REQUIRE(started("kubelet", 0) == 3);
  REQUIRE(started("kubelet", 2) == 2);
  REQUIRE(started("kubelet", 1) == 1);  // forgotten
}

namespace {

/// The scheduler could not place the pod, in one of its versions.
EventWrite refuse(EventCorrelator& correlator,
                  SimTime now,
                  const std::string& message = "no",
                  std::uint64_t version = 1) {
  api::Object pod = about();
  pod.resource_version = {version};
  correlator.series_due(now);
  return correlator.record_in_series(pod, {"Warning", "FailedScheduling", message, ""}, now);
}

}  // namespace

TEST_CASE("PN-54: of a series the first two are written, and the count when it has ended") {
  EventCorrelator correlator;
  const SimTime begin = kStartOfTime;
  const EventWrite first = refuse(correlator, begin);
  REQUIRE((!first.dropped && first.count == 1));
  const EventWrite second = refuse(correlator, begin + std::chrono::seconds{1});
  REQUIRE((!second.dropped && second.count == 2 && second.event == first.event));
  REQUIRE(refuse(correlator, begin + std::chrono::seconds{3}).dropped);
  REQUIRE(refuse(correlator, begin + std::chrono::seconds{5}).dropped);
  REQUIRE(correlator.series_due(begin + std::chrono::minutes{6}).empty());
  const auto due = correlator.series_due(begin + std::chrono::minutes{13});
  REQUIRE(due.size() == 1);
  REQUIRE(due[0].event == first.event);
  REQUIRE(due[0].count == 4);
  REQUIRE(due[0].first == begin);
  REQUIRE(due[0].last == begin + std::chrono::seconds{5});
  REQUIRE(correlator.series_due(begin + std::chrono::minutes{19}).empty());
}

TEST_CASE("PN-54: what is reported after a series has ended begins another one") {
  EventCorrelator correlator;
  const EventWrite first = refuse(correlator, kStartOfTime);
  const EventWrite late =
      refuse(correlator, kStartOfTime + std::chrono::minutes{12} + std::chrono::seconds{1});
  REQUIRE(late.count == 1);
  REQUIRE(late.event != first.event);
}

TEST_CASE("PN-54: messages make no difference and stay the first one's, versions do") {
  EventCorrelator correlator;
  const EventWrite first = refuse(correlator, kStartOfTime, "no volume");
  const EventWrite other = refuse(correlator, kStartOfTime, "no node");
  REQUIRE(other.event == first.event);
  REQUIRE(other.message == "no volume");
  // As are those that name the object.
  const std::string named = "no place for " + std::string(about().key.name);
  REQUIRE(refuse(correlator, kStartOfTime, named, 3).message == named);
  REQUIRE(refuse(correlator, kStartOfTime, "no node", 3).message == named);
  REQUIRE(refuse(correlator, kStartOfTime, "no volume", 2).event != first.event);
}

TEST_CASE("PN-54: a series that goes on is written every half an hour") {
  EventCorrelator correlator;
  std::vector<std::int32_t> counts;
  SimTime now = kStartOfTime;
  for (int minute = 0; minute <= 61; ++minute, now += std::chrono::minutes{1}) {
    for (const EventWrite& due : correlator.series_due(now)) {
      counts.push_back(due.count);
    }
    refuse(correlator, now);
  }
  REQUIRE(counts == std::vector<std::int32_t>{30, 60});
}
