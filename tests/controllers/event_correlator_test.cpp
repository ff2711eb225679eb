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
