// The persistent map is compared step by step with std::map, copies included.
#include "support/catch.hpp"

#include <stsim/base/hash.hpp>
#include <stsim/base/persistent_map.hpp>

#include <array>
#include <map>
#include <string>
#include <vector>

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

namespace {

/// So large that a node holds the fewest of them, and few entries make a high tree.
struct Wide {
  std::array<std::uint64_t, 40> numbers{};
  bool operator==(const Wide&) const = default;
};
using WideMap = PersistentMap<std::uint64_t, Wide>;
using WideModel = std::map<std::uint64_t, Wide>;

void require_same_questions(const WideMap& map, const WideModel& model, std::uint64_t key) {
  const auto from = model.lower_bound(key);
  const auto found = map.lower_bound(key);
  REQUIRE((found == map.end()) == (from == model.end()));
  if (from != model.end()) {
    REQUIRE(found->key == from->first);
  }
  const auto behind = model.upper_bound(key);
  const auto* last = map.last_up_to(key);
  REQUIRE((last == nullptr) == (behind == model.begin()));
  if (last != nullptr) {
    REQUIRE(last->key == std::prev(behind)->first);
  }
  const auto at = model.find(key);
  const Wide* value = map.find(key);
  REQUIRE((value == nullptr) == (at == model.end()));
  if (value != nullptr) {
    REQUIRE(*value == at->second);
  }
}

void require_same_whole(const WideMap& map, const WideModel& model) {
  REQUIRE(map.size() == model.size());
  REQUIRE(std::equal(
      map.begin(), map.end(), model.begin(), model.end(), [](const auto& a, const auto& b) {
        return a.key == b.first && a.value == b.second;
      }));
}

}  // namespace

TEST_CASE("a high map grows and shrinks as std::map does, in every direction") {
  constexpr std::uint64_t kKeys = 3000;
  // Where the n-th key is put in, and where it is taken out.
  using Order = std::uint64_t (*)(std::uint64_t);
  const std::array<Order, 4> orders{
      [](std::uint64_t n) { return n; },
      [](std::uint64_t n) { return kKeys - 1 - n; },
      [](std::uint64_t n) { return n * 1009 % kKeys; },                                // scattered
      [](std::uint64_t n) { return n < kKeys / 2 ? kKeys - 1 - n : n - kKeys / 2; }};  // a gap
  for (std::size_t in = 0; in < orders.size(); ++in) {
    for (std::size_t out = 0; out < orders.size(); ++out) {
      CAPTURE(in, out);
      WideMap map;
      WideModel model;
      std::vector<std::pair<WideMap, WideModel>> copies;
      for (std::uint64_t n = 0; n < kKeys; ++n) {
        const std::uint64_t key = orders[in](n) * 2;  // odd ones are never there
        map.set(key, Wide{{n}});
        model[key] = Wide{{n}};
        require_same_questions(map, model, orders[out](n));
      }
      require_same_whole(map, model);
      for (std::uint64_t n = 0; n < kKeys; ++n) {
        if (n % 500 == 0) {
          copies.emplace_back(map, model);
        }
        const std::uint64_t key = orders[out](n) * 2;
        if (Wide* value = map.edit(key); value != nullptr && n % 3 == 0) {
          value->numbers[1] = model.at(key).numbers[1] = n;
        }
        REQUIRE(map.erase(key));
        REQUIRE_FALSE(map.erase(key + 1));
        model.erase(key);
        require_same_questions(map, model, orders[in](n));
      }
      REQUIRE(map.begin() == map.end());
      for (const auto& [copy, then] : copies) {
        require_same_whole(copy, then);
      }
    }
  }
}

TEST_CASE("a high map does what std::map does when keys come and go") {
  WideMap map;
  WideModel model;
  std::vector<std::pair<WideMap, WideModel>> copies;
  for (std::uint64_t i = 0; i < 60'000; ++i) {
    const std::uint64_t draw = stsim::mix64(i);
    const std::uint64_t key = draw % 4'000;
    // Now they become more, now fewer.
    if (draw / 4'000 % 8 < (i / 10'000 % 2 == 0 ? 2U : 6U)) {
      REQUIRE(map.erase(key) == (model.erase(key) == 1));
    } else {
      map.set(key, Wide{{i}});
      model[key] = Wide{{i}};
    }
    require_same_questions(map, model, draw / 32'000 % 4'002);
    if (i % 5'000 == 0) {
      copies.emplace_back(map, model);
      require_same_whole(map, model);
    }
  }
  for (const auto& [copy, then] : copies) {
    require_same_whole(copy, then);
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

TEST_CASE("a map that was moved away is empty, and can be filled anew") {
  Map map;
  map.set(1, "x");
  const Map other = std::move(map);
  map = Map(std::move(map));  // NOLINT(bugprone-use-after-move)
  require_same(map, {});
  map.set(2, "y");
  require_same(map, {{2, "y"}});
  require_same(other, {{1, "x"}});
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
