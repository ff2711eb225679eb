// A world is a value: it copies, compares, and says where two differ.
#include "support/catch.hpp"
#include "support/story.hpp"

#include <stsim/world/difference.hpp>

#include <algorithm>

using namespace stsim;
using test::kWeb;
using test::Story;
using world::difference;
using world::fingerprint;

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
  story.user().note_write(kWeb, {"volume/pv1", "something"});
  REQUIRE(
      difference(before, story.world) ==
      std::vector<std::string>{"only in settings, counters or causes, which no document shows"});
  // A record of the trace decides nothing.
  REQUIRE(fingerprint(before) == fingerprint(story.world));
}
