// A world is a value: it copies, compares, and says where two differ.
#include "support/catch.hpp"
#include "support/story.hpp"

#include <stsim/world/difference.hpp>

#include <algorithm>
#include <set>

using namespace stsim;
using test::kWeb;
using test::Story;
using world::difference;
using world::fingerprint;
using world::Form;

TEST_CASE("a copy of a world goes on as the original does, and leaves it alone") {
  Story story;
  story.create_set("web", 3, "Parallel");
  std::vector<world::World> copies;
  std::vector<world::World> later;
  while (!world::at_rest(story.world)) {
    copies.push_back(story.world);
    story.step();
    later.push_back(story.world);
  }
  REQUIRE(copies.size() > 5);
  for (std::size_t i = 0; i < copies.size(); ++i) {
    world::World again = copies[i];
    REQUIRE(difference(again, copies[i]).empty());
    world::step(again, story.chooser, story.records);
    REQUIRE(difference(again, later[i]).empty());
    REQUIRE(fingerprint(again) == fingerprint(later[i]));
    REQUIRE_FALSE(world::same(again, copies[i]));
    REQUIRE_FALSE(difference(again, copies[i]).empty());
  }
}

TEST_CASE("a difference names the object and the field, before and after") {
  Story story;
  story.create_set("web", 1);
  story.settle();
  const world::World before = story.world;
  story.label(kWeb, "tier", "front");
  const auto lines = difference(before, story.world, 100);
  const auto now = [](const world::World& at) { return to_rfc3339_micro(at.now); };
  const auto has = [&](std::string_view line) {
    return std::ranges::find(lines, line) != lines.end();
  };
  REQUIRE(has(R"(/objects/StatefulSet/default/web/metadata/labels: only later: {"tier":"front"})"));
  REQUIRE(has(fmt::format(R"(/now: "{}", then "{}")", now(before), now(story.world))));
  const auto back = difference(story.world, before, 100);
  REQUIRE(std::ranges::find(back,
                            R"(/objects/StatefulSet/default/web/metadata/labels: only before: )"
                            R"({"tier":"front"})") != back.end());
}

TEST_CASE("a difference that is too long is cut, and says by how much") {
  Story story;
  const world::World before = story.world;
  story.create_set("web", 1);
  const std::size_t all = difference(before, story.world, 1000).size();
  const auto lines = difference(before, story.world, 2);
  REQUIRE(lines.size() == 3);
  REQUIRE(lines.back() == fmt::format("and {} more", all - 2));
}

TEST_CASE("a difference that no document shows is still told") {
  Story story;
  const world::World before = story.world;
  story.user().note(kWeb, "something was seen", "");
  REQUIRE(
      difference(before, story.world) ==
      std::vector<std::string>{"only in settings, counters or causes, which no document shows"});
  // A record of the trace decides nothing.
  REQUIRE(fingerprint(before) == fingerprint(story.world));
}

TEST_CASE("situations reached in another order have one fingerprint, if they go on alike") {
  Story one;
  one.create_set("one", 2);
  one.create_set("two", 2);
  one.settle();
  Story other;
  other.create_set("two", 2);
  other.create_set("one", 2);
  other.settle();
  // Which set was synced last makes a difference until something else has changed.
  one.create_pod("lonely");
  other.create_pod("lonely");
  REQUIRE_FALSE(difference(one.world, other.world).empty());
  REQUIRE(fingerprint(one.world) == fingerprint(other.world));
}

TEST_CASE("what happened earlier makes no difference to a fingerprint, what is left over does") {
  Story plain;
  plain.create_set("web", 1);
  plain.settle();
  Story detour;
  detour.create_set("web", 1);
  detour.settle();
  detour.label(kWeb, "tier", "front");
  detour.settle();
  REQUIRE(fingerprint(detour.world) != fingerprint(plain.world));
  static_cast<void>(detour.user().patch(kWeb, [](api::Json document) {
    document["metadata"].erase("labels");
    return Result<api::Json, api::ApiError>(std::move(document));
  }));
  detour.settle();
  REQUIRE(fingerprint(detour.world) == fingerprint(plain.world));
}

TEST_CASE("what is in a pod counts by the pod, whatever its uid") {
  const auto tell = [](std::string_view first, std::string_view second) {
    Story story;
    story.create_set(std::string(first), 1);
    story.create_set(std::string(second), 1);
    story.settle();
    for (const char* name : {"one-0", "two-0"}) {
      const api::ObjectPtr pod = story.world.store.find({api::Kind::Pod, "default", name});
      story.world.nodes.files.set({pod->uid.text() + "/web/0", "/tmp/file"}, name);
    }
    story.create_pod("lonely");
    return story;
  };
  REQUIRE(fingerprint(tell("one", "two").world) == fingerprint(tell("two", "one").world));
}

TEST_CASE("every step of a roll-out is a situation of its own") {
  Story story;
  std::set<world::Fingerprint> seen{fingerprint(story.world)};
  story.create_set("web", 2, "Parallel");
  std::size_t steps = 0;
  do {
    seen.insert(fingerprint(story.world));
    ++steps;
    story.step();
  } while (!world::at_rest(story.world));
  REQUIRE(seen.size() == steps + 1);
}

TEST_CASE("times count from now on: the same story told later has the same fingerprint") {
  const auto tell = [](SimDuration later) {
    Story story;
    story.user().run_until(story.world.now + later);
    story.create_set("web", 1);
    story.step();
    return story;
  };
  const Story now = tell({});
  const Story later = tell(std::chrono::hours{1});
  // Creations count by their order, and all of the cluster came first in both.
  REQUIRE(world::to_json(now.world, Form::Canonical) != world::to_json(now.world, Form::Exact));
  REQUIRE(fingerprint(later.world) == fingerprint(tell(std::chrono::hours{2}).world));
}
