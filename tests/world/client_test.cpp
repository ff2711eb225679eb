// How somebody outside the controllers sees the API server and lets time pass.
#include "support/catch.hpp"
#include "support/story.hpp"

#include <stsim/world/client.hpp>

using namespace stsim;
using engine::Actor;
using test::kWeb;
using test::Story;

TEST_CASE("a call takes time, during which the cluster goes on") {
  Story story;
  const SimTime before = story.world.now;
  story.create_set("web", 1);
  REQUIRE(story.world.now - before == std::chrono::milliseconds{2});
  story.create_pod("lonely");
  REQUIRE(story.records.calls(Actor::StatefulSetController, "controllerrevisions").size() == 1);
}

TEST_CASE("a patch is applied to the object as it is when the call lands") {
  Story story;
  story.create_set("web", 1);
  const std::int64_t seen =
      story.world.store.find(kWeb)->as<api::StatefulSet>().status.observed_generation;
  REQUIRE(seen == 0);
  story.user().run_until(story.world.now + std::chrono::milliseconds{5});
  REQUIRE(story.records.calls(Actor::StatefulSetController, "statefulsets/status").empty());
  std::int64_t patched = -1;
  REQUIRE(story.user().patch(kWeb, [&](api::Json document) -> Result<api::Json, api::ApiError> {
    patched = document.at("status").at("observedGeneration").get<std::int64_t>();
    return document;
  }));
  REQUIRE(patched == 1);
}

TEST_CASE("a patch of what is not there is refused, and traced") {
  Story story;
  const auto refused = story.user().patch(
      {api::Kind::Pod, "default", "web-0"},
      [](api::Json document) { return Result<api::Json, api::ApiError>(std::move(document)); });
  REQUIRE_FALSE(refused);
  REQUIRE(refused.error().message == "pods \"web-0\" not found");
  REQUIRE(story.records.calls(Actor::User, "pods") == std::vector<std::string>{"patch web-0 404"});
}

TEST_CASE("waiting ends when it holds, at the deadline, or when nothing is left to happen") {
  Story story;
  story.create_set("web", 2);
  const auto created = [&](const char* pod) {
    return [&story, pod] { return story.has(api::Kind::Pod, pod); };
  };
  const SimTime deadline = story.world.now + std::chrono::seconds{30};
  REQUIRE(story.user().run_until(created("web-0"), deadline));
  REQUIRE(story.world.now < deadline);
  // web-1 waits for web-0, which nobody makes ready.
  REQUIRE_FALSE(story.user().run_until(created("web-1"), deadline));
  REQUIRE(story.world.now == deadline);
  REQUIRE_FALSE(story.user().run_until(created("web-1"), std::nullopt));
  REQUIRE(story.world.now == deadline);
}

TEST_CASE("waiting for rest ends although a failing sync is tried for ever") {
  Story story;
  story.create_pod("web-0");
  story.create_set("web", 1);  // whose pod's name is taken: it is tried for ever
  const SimTime before = story.world.now;
  REQUIRE(story.user().run_to_rest() ==
          world::Rest::Reached);  // each further try would only find what was found before
  REQUIRE(story.world.now - before < std::chrono::hours{1});
}

TEST_CASE("SS-117, SS-161: who waits for a rest that never comes gives up") {
  Story story;
  story.create(
      R"({"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web"},"spec":{"replicas":3,)"
      R"("podManagementPolicy":"Parallel","updateStrategy":{"type":"RollingUpdate"},)"
      R"("serviceName":"web","selector":{"matchLabels":{"app":"web"}},"template":{"metadata":)"
      R"({"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"web:v1"}]}}}})");
  story.settle();
  const auto change = [&story](const char* path, const api::Json& value) {
    const auto set = [&](api::Json document) -> Result<api::Json, api::ApiError> {
      document[api::Json::json_pointer(path)] = value;
      return document;
    };
    REQUIRE(story.user().patch(kWeb, set));
  };
  change("/spec/template/spec/containers/0/image", "web:v2");
  REQUIRE(story.user().run_to_rest() == world::Rest::Reached);
  // web-0 is made at the old revision, as status.currentReplicas asks for, and deleted in the same
  // sync; the count would be negative then, so that it is never written and stays.
  change("/spec/replicas", 1);
  const SimTime before = story.world.now;
  REQUIRE(story.user().run_to_rest() == world::Rest::Circles);
  REQUIRE(story.world.now - before < std::chrono::hours{1});
  REQUIRE_FALSE(story.user().run_until([] { return false; }, std::nullopt));
}
