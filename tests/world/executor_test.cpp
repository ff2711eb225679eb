// How plans are carried out: calls take time, meet conflicts and refusals, and are retried.
#include "support/catch.hpp"
#include "support/story.hpp"

using namespace stsim;
using engine::Actor;
using test::kWeb;
using test::Story;
using Names = std::vector<std::string>;

namespace {

/// The times at which the controller tried to create a pod, from the first try on.
std::vector<SimDuration> tries(const Story& story, std::string_view pod) {
  std::vector<SimDuration> out;
  SimTime first;
  for (const engine::TraceRecord& told : story.records.all) {
    if (told.type == engine::TraceRecord::Type::Call && told.verb == "create" &&
        told.actor == Actor::StatefulSetController && told.object.name == pod) {
      first = out.empty() ? told.time : first;
      out.push_back(told.time - first);
    }
  }
  return out;
}

const engine::TraceRecord* event_about_web(const Story& story, std::string_view reason) {
  for (const engine::TraceRecord& told : story.records.all) {
    if (told.type == engine::TraceRecord::Type::ApiEvent && told.reason == reason) {
      return &told;
    }
  }
  return nullptr;
}

}  // namespace

TEST_CASE("SS-160: a status that meets a conflict is written again") {
  Story story;
  story.create_set("web", 1);
  while (!story.has(api::Kind::Pod, "web-0")) {
    story.step();
  }
  story.label(kWeb, "tier", "front");  // while the status is on its way
  story.settle();
  // The first status met nothing, the one that tells of the pod met the label.
  REQUIRE(story.records.calls(Actor::StatefulSetController, "statefulsets/status") ==
          Names{"update web 200", "update web 409", "update web 200"});
  REQUIRE(story.world.store.find(kWeb)->as<api::StatefulSet>().status.replicas == 1);
}

TEST_CASE("SS-210: a sync that fails is tried again, after twice as long each time") {
  Story story;
  story.create_pod("web-0");
  story.create_set("web", 1);
  while (tries(story, "web-0").size() < 9) {
    story.step();
  }
  // The first failures are followed at once by what the set's new status makes the controller look
  // at; from then on the delays stand alone, and each try takes the 2 ms of its call.
  const auto times = tries(story, "web-0");
  const SimDuration call = std::chrono::milliseconds{2};
  for (std::size_t i = 5; i < times.size(); ++i) {
    CAPTURE(i, times[i].count(), times[i - 1].count(), times[i - 2].count());
    REQUIRE(times[i] - times[i - 1] - call == 2 * (times[i - 1] - times[i - 2] - call));
  }
}

TEST_CASE("SS-110: an error stops later batches, not its own") {
  Story story;
  story.create_pod("web-1");
  story.create_set("web", 7, "Parallel");
  while (tries(story, "web-1").size() < 2) {  // until the second sync
    story.step();
  }
  REQUIRE(story.has(api::Kind::Pod, "web-0"));
  REQUIRE(story.has(api::Kind::Pod, "web-2"));
  REQUIRE_FALSE(story.has(api::Kind::Pod, "web-3"));
}

TEST_CASE("a refusal is an API Event about the set, and the status is written all the same") {
  world::Settings settings;
  settings.most_objects = 10;  // what is there from the start, the set and its revision
  Story story(settings);
  story.create_set("web", 2, "Parallel");
  while (event_about_web(story, "FailedCreate") == nullptr) {
    story.step();
  }
  while (story.world.store.find(kWeb)->as<api::StatefulSet>().status.observed_generation == 0) {
    story.step();
  }
  const auto* failed = event_about_web(story, "FailedCreate");
  REQUIRE(failed != nullptr);
  REQUIRE(failed->text.starts_with("Create Pod web-"));
}

TEST_CASE("SS-118: a repair that meets a conflict is made on the pod as it is then") {
  Story story;
  story.create(
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-0","labels":{"app":"web"}},)"
      R"("spec":{"containers":[{"name":"web","image":"web:v1"}]}})");
  story.create_set("web", 1, "Parallel");
  story.settle();
  // Adopting the pod has changed it since the controller has seen it.
  REQUIRE(story.records.calls(Actor::StatefulSetController, "pods") == Names{"patch web-0 200",
                                                                             "update web-0 409",
                                                                             "update web-0 200",
                                                                             "delete web-0 200",
                                                                             "create web-0 201"});
  REQUIRE(event_about_web(story, "SuccessfulUpdate") != nullptr);
  REQUIRE(event_about_web(story, "FailedUpdate") == nullptr);
}

TEST_CASE("SS-194: an API Event is gone an hour after it was last reported") {
  Story story;
  story.create_set("web", 1);
  story.settle();
  REQUIRE(story.world.store.list(api::Kind::Event).size() == 1);
  const SimTime seen = story.world.now;
  story.user().run_until(seen + std::chrono::minutes{59});
  REQUIRE(story.world.store.list(api::Kind::Event).size() == 1);
  story.user().run_until(seen + std::chrono::hours{1});
  REQUIRE(story.world.store.list(api::Kind::Event).empty());
  // The same is reported once more: the controller still knows that it was said before.
  REQUIRE(story.user().remove({api::Kind::Pod, "default", "web-0"}, {}));
  story.settle();
  const auto events = story.world.store.list(api::Kind::Event);
  REQUIRE(events.size() == 1);
  REQUIRE(events.front()->as<api::ApiEvent>().count == 2);
}
