// The persistent map is compared step by step with std::map, copies included.
#include "support/catch.hpp"

#include <stsim/base/hash.hpp>
#include <stsim/base/persistent_map.hpp>

#include <map>
#include <string>

using stsim::PersistentMap;

namespace {

using Map = PersistentMap<int, std::string>;

void require_same(const Map& map, const std::map<int, std::string>& model) {
  REQUIRE(map.size() == model.size());
  auto it = map.begin();
  for (const auto& [key, value] : model) {
    REQUIRE(it != map.end());
    REQUIRE(it->key == key);
    REQUIRE(it->value == value);
    REQUIRE(map.find(key) != nullptr);
    ++it;
  }
  REQUIRE(it == map.end());
}

}  // namespace

TEST_CASE("a persistent map does what std::map does, and its copies stay as they were") {
  Map map;
  std::map<int, std::string> model;
  std::vector<std::pair<Map, std::map<int, std::string>>> copies;
  for (std::uint64_t i = 0; i < 4000; ++i) {
    const std::uint64_t draw = stsim::mix64(i);
    const int key = static_cast<int>(draw % 300);
    if (draw / 300 % 3 == 0) {
      REQUIRE(map.erase(key) == (model.erase(key) == 1));
    } else {
      map.set(key, std::to_string(i));
      model[key] = std::to_string(i);
    }
    if (i % 500 == 0) {
      copies.emplace_back(map, model);
    }
  }
  require_same(map, model);
  for (const auto& [copy, then] : copies) {
    require_same(copy, then);
  }
}

TEST_CASE("every order of inserting and erasing up to six keys keeps the map in order") {
  std::vector<int> order{1, 2, 3, 4, 5, 6};
  do {
    Map map;
    std::map<int, std::string> model;
    for (const int key : order) {
      map.set(key, "x");
      model[key] = "x";
    }
    const Map whole = map;
    for (const int key : order) {
      REQUIRE(map.erase(key));
      model.erase(key);
      require_same(map, model);
    }
    REQUIRE(whole.size() == 6);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("lower_bound starts at the first key that is not less") {
  Map map;
  for (int key = 0; key < 100; key += 10) {
    map.set(key, "");
  }
  for (int key = -5; key <= 90; ++key) {
    const int expected = key <= 0 ? 0 : (key + 9) / 10 * 10;
    REQUIRE(map.lower_bound(key)->key == expected);
  }
  REQUIRE(map.lower_bound(91) == map.end());
}

TEST_CASE("last_up_to finds the last key that is not greater") {
  Map map;
  CHECK(map.last_up_to(5) == nullptr);
  for (int key = 0; key < 100; key += 10) {
    map.set(key, std::to_string(key));
  }
  CHECK(map.last_up_to(-1) == nullptr);
  for (int key = 0; key < 120; ++key) {
    const int expected = std::min(key / 10 * 10, 90);
    REQUIRE(map.last_up_to(key)->key == expected);
    REQUIRE(map.last_up_to(key)->value == std::to_string(expected));
  }
}

TEST_CASE("a value is changed in place, and copies keep the old one") {
  Map map;
  for (int key = 0; key < 50; ++key) {
    map.set(key, "old");
  }
  const Map copy = map;
  for (int key = 0; key < 50; key += 7) {
    *map.edit(key) = "new";
  }
  CHECK(map.edit(50) == nullptr);
  for (int key = 0; key < 50; ++key) {
    REQUIRE(*map.find(key) == (key % 7 == 0 ? "new" : "old"));
    REQUIRE(*copy.find(key) == "old");
  }
}

TEST_CASE("maps are compared by content") {
  Map a;
  Map b;
  a.set(1, "x");
  a.set(2, "y");
  b.set(2, "y");
  b.set(1, "x");
  REQUIRE(a == b);
  REQUIRE_FALSE(a.same_as(b));
  Map c = a;
  REQUIRE(c.same_as(a));
  c.set(2, "z");
  REQUIRE_FALSE(c == a);
}
