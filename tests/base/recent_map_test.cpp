#include "support/catch.hpp"

#include <stsim/base/recent_map.hpp>

#include <list>
#include <string>

using namespace stsim;

TEST_CASE("a map of recent entries lets go of the one set longest ago") {
  RecentMap<std::string, int, 2> map;
  map.set("a", 1);
  map.set("b", 2);
  map.set("a", 3);  // which makes b the oldest
  map.set("c", 4);
  REQUIRE(map.size() == 2);
  CHECK(*map.find("a") == 3);
  CHECK(map.find("b") == nullptr);
  CHECK(*map.find("c") == 4);
}

TEST_CASE("a map of recent entries is as a list in the order of setting") {
  RecentMap<int, int, 7> map;
  std::list<std::pair<int, int>> model;
  for (int i = 0; i < 2'000; ++i) {
    const int key = i * i % 23 + i % 5;
    model.remove_if([key](const auto& entry) { return entry.first == key; });
    model.emplace_back(key, i);
    if (model.size() > 7) {
      model.pop_front();
    }
    map.set(key, i);
    const RecentMap<int, int, 7> copy = map;
    REQUIRE(copy == map);
    REQUIRE(map.size() == model.size());
    for (const auto& [known, value] : model) {
      REQUIRE(map.find(known) != nullptr);
      REQUIRE(*map.find(known) == value);
    }
  }
}
