// When placement looks at the pods without a node. Rule: PN-51.
#include "support/catch.hpp"
#include "support/story.hpp"

using namespace stsim;
using namespace std::chrono_literals;
using test::MovingStory;
using Lines = std::vector<std::string>;

namespace {

/// The bindings of pods to their nodes, with the milliseconds since an instant: `15 a`.
std::vector<std::string> bindings(const MovingStory& story, SimTime since) {
  std::vector<std::string> out;
  for (const engine::TraceRecord& told : story.records.all) {
    if (told.type == engine::TraceRecord::Type::Call && told.resource == "pods/binding") {
      out.push_back(fmt::format("{} {}", (told.time - since) / 1ms, told.object.name));
    }
  }
  return out;
}

/// A scheduler that a new pod reaches after `arrival`, and that takes 10 ms for each.
world::Settings slow_scheduler(SimDuration arrival) {
  world::Settings settings;
  settings.api_call = {};
  settings.placement = engine::Latency(arrival, arrival);
  settings.scheduling_cycle = 10ms;
  return settings;
}

}  // namespace

TEST_CASE("the scheduler works at one pod after the other, in the order in which they come") {
  MovingStory story(slow_scheduler(5ms));
  const SimTime begin = story.world.now;
  for (const char* name : {"b", "a", "d", "c"}) {
    story.create_pod(name);
  }
  story.settle();
  REQUIRE(bindings(story, begin) == Lines{"5 b", "15 a", "25 d", "35 c"});
}

TEST_CASE("a pod that comes when the scheduler has nothing to do is looked at at once") {
  MovingStory story(slow_scheduler(5ms));
  story.create_pod("a");
  story.pass(20ms);
  const SimTime begin = story.world.now;
  story.create_pod("b");
  story.settle();
  REQUIRE(bindings(story, begin).back() == "5 b");
}

TEST_CASE("a pod that goes while it waits for the scheduler takes none of its time") {
  MovingStory story(slow_scheduler(5ms));
  const SimTime begin = story.world.now;
  for (const char* name : {"a", "b", "c"}) {
    story.create_pod(name);
  }
  story.pass(6ms);  // the scheduler works at a
  REQUIRE(story.user().remove({api::Kind::Pod, "default", "b"}, {.grace_seconds = 0}));
  story.settle();
  REQUIRE(bindings(story, begin) == Lines{"5 a", "15 c"});
}

TEST_CASE("a pod made anew under a name that waits for the scheduler has its own turn") {
  MovingStory story(slow_scheduler(8ms));
  const SimTime begin = story.world.now;
  for (const char* name : {"a", "b", "c"}) {
    story.create_pod(name);
  }
  story.pass(12ms);  // the scheduler works at a
  REQUIRE(story.user().remove({api::Kind::Pod, "default", "b"}, {.grace_seconds = 0}));
  story.create_pod("b");
  story.settle();
  REQUIRE(bindings(story, begin) == Lines{"8 a", "18 c", "28 b"});
}
