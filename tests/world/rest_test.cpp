// When a world is at rest, asked again and again.
#include "support/catch.hpp"
#include "support/story.hpp"

#include <stsim/world/rest.hpp>

using namespace stsim;

namespace {

/// A world whose pods move by themselves.
struct Moving {
  explicit Moving(engine::Latency watch = {})
      : world(world::make_world(
            [&] {
              auto out = std::make_shared<world::Settings>();
              out->timing.images["crash:v1"].crash_after =
                  engine::Latency{std::chrono::seconds{1}, std::chrono::seconds{2}};
              out->watch = watch;
              return out;
            }(),
            records)) {}

  world::Client user() { return {world, chooser, records, engine::Actor::User, 1}; }

  void create(const api::Json& manifest) {
    const auto kind = api::find_kind(manifest.at("apiVersion").get<std::string>(),
                                     manifest.at("kind").get<std::string>());
    REQUIRE(user().create(kind.value(), manifest, "default").has_value());
  }

  void create_set(const std::string& name, const std::string& image, bool claims) {
    api::Json set = {{"apiVersion", "apps/v1"},
                     {"kind", "StatefulSet"},
                     {"metadata", {{"name", name}}},
                     {"spec",
                      {{"replicas", 3},
                       {"podManagementPolicy", "Parallel"},
                       {"serviceName", name},
                       {"selector", {{"matchLabels", {{"app", name}}}}},
                       {"template",
                        {{"metadata", {{"labels", {{"app", name}}}}},
                         {"spec", {{"containers", {{{"name", "web"}, {"image", image}}}}}}}}}}};
    if (claims) {
      set["spec"]["volumeClaimTemplates"] = {
          {{"metadata", {{"name", "data"}}},
           {"spec",
            {{"accessModes", {"ReadWriteOnce"}},
             {"resources", {{"requests", {{"storage", "1Gi"}}}}}}}}};
    }
    create(set);
  }

  void create_volume(const std::string& name) {
    create({{"apiVersion", "v1"},
            {"kind", "PersistentVolume"},
            {"metadata", {{"name", name}}},
            {"spec",
             {{"capacity", {{"storage", "1Gi"}}},
              {"accessModes", {"ReadWriteOnce"}},
              {"nfs", {{"server", "node2"}, {"path", "/" + name}}}}}});
  }

  test::Records records;
  engine::SeededChooser chooser{1};
  world::World world;
};

}  // namespace

TEST_CASE("who watches for rest says at each step what a look at all that is pending says") {
  // Two sets wait for volumes, which come for one of them only; then comes a third, whose pods
  // crash again and again. In the second round controllers see what has changed a little later.
  Moving story(
      GENERATE(engine::Latency{}, engine::Latency{SimDuration{0}, std::chrono::milliseconds{5}}));
  story.create_set("web", "web:v1", true);
  story.create_set("db", "web:v1", true);
  world::RestWatch rest(story.world);
  int rests = 0;
  int steps = 0;
  const auto go_on = [&](SimDuration span) {
    const SimTime end = story.world.now + span;
    while (!story.world.queue.empty() && story.world.queue.next().time <= end) {
      REQUIRE(rest.at_rest() == world::at_rest(story.world));
      rests += rest.at_rest() ? 1 : 0;
      ++steps;
      world::step(story.world, story.chooser, story.records);
    }
  };
  go_on(std::chrono::minutes{12});
  for (const char* name : {"a", "b", "c"}) {
    story.create_volume(name);
  }
  go_on(std::chrono::minutes{12});
  story.create_set("crash", "crash:v1", false);
  go_on(std::chrono::minutes{12});
  REQUIRE(rests > 10);
  REQUIRE(steps > rests + 100);
}

TEST_CASE("a timer of a pod that is gone keeps nobody from resting") {
  Moving story;
  story.create({{"apiVersion", "v1"},
                {"kind", "Pod"},
                {"metadata", {{"name", "alone"}}},
                {"spec", {{"containers", {{{"name", "web"}, {"image", "web:v1"}}}}}}});
  story.user().run_until(story.world.now + std::chrono::milliseconds{500});
  world::RestWatch rest(story.world);
  REQUIRE_FALSE(rest.at_rest());
  REQUIRE(story.user().remove({api::Kind::Pod, "default", "alone"}, {0, {}, {}}).has_value());
  REQUIRE_FALSE(story.world.queue.empty());  // the timer is still pending
  REQUIRE(rest.at_rest());
}
