// The persistent map is compared step by step with std::map, copies included.
#include "support/catch.hpp"

#include <stsim/base/hash.hpp>
#include <stsim/base/persistent_map.hpp>

#include <array>
#include <map>
#include <string>
#include <tuple>
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

/// So large that a node holds few of them, and few entries make a high tree. The number decides;
/// the text is too long to stand in place.
template <std::size_t kWords>
struct Padded {
  Padded(std::uint64_t n) : number(n), text(40, static_cast<char>('a' + n % 26)) {}
  std::uint64_t number{};
  std::string text;
  std::array<std::uint64_t, kWords> more{};
  auto operator<=>(const Padded&) const = default;
};

template <class Key>
struct High {
  using Map = PersistentMap<Key, std::string>;
  using Model = std::map<Key, std::string>;

  Map map;
  Model model;
  std::vector<std::pair<Map, Model>> copies;

  void set(std::uint64_t key, const std::string& value) {
    map.set(key, value);
    model[key] = value;
  }

  void require_same_questions(const Key& key) const {
    const auto from = model.lower_bound(key);
    const auto found = map.lower_bound(key);
    REQUIRE((found == map.end()) == (from == model.end()));
    if (from != model.end()) {
      REQUIRE(found->key.number == from->first.number);
    }
    const auto behind = model.upper_bound(key);
    const auto* last = map.last_up_to(key);
    REQUIRE((last == nullptr) == (behind == model.begin()));
    if (last != nullptr) {
      REQUIRE(last->key.number == std::prev(behind)->first.number);
    }
    const auto at = model.find(key);
    const std::string* value = map.find(key);
    REQUIRE((value == nullptr) == (at == model.end()));
    if (value != nullptr) {
      REQUIRE(*value == at->second);
    }
  }

  void require_same() const {
    const auto require_same_of = [](const Map& a, const Model& b) {
      REQUIRE(a.size() == b.size());
      REQUIRE(std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
        return x.key == y.first && x.value == y.second;
      }));
    };
    require_same_of(map, model);
    for (const auto& [copy, then] : copies) {
      require_same_of(copy, then);
    }
  }
};

/// Of these, nodes hold at most 4, 5, 6, 7 and 20 branches.
using WideKeys = std::tuple<Padded<20>, Padded<16>, Padded<13>, Padded<10>, Padded<0>>;

}  // namespace

TEMPLATE_LIST_TEST_CASE("a high map grows and shrinks as std::map does, in every direction",
                        "",
                        WideKeys) {
  constexpr std::uint64_t kKeys = 700;
  // Where the n-th key is put in, and where it is taken out.
  using Order = std::uint64_t (*)(std::uint64_t);
  const std::array<Order, 4> orders{
      [](std::uint64_t n) { return n; },
      [](std::uint64_t n) { return kKeys - 1 - n; },
      [](std::uint64_t n) { return n * 409 % kKeys; },                                 // scattered
      [](std::uint64_t n) { return n < kKeys / 2 ? kKeys - 1 - n : n - kKeys / 2; }};  // a gap
  for (std::size_t in = 0; in < orders.size(); ++in) {
    for (std::size_t out = 0; out < orders.size(); ++out) {
      CAPTURE(in, out);
      High<TestType> high;
      for (std::uint64_t n = 0; n < kKeys; ++n) {
        high.set(orders[in](n) * 2, std::to_string(n));  // odd ones are never there
        high.require_same_questions(orders[out](n));
      }
      high.require_same();
      for (std::uint64_t n = 0; n < kKeys; ++n) {
        if (n % 100 == 0) {
          high.copies.emplace_back(high.map, high.model);
        }
        const std::uint64_t key = orders[out](n) * 2;
        if (n % 3 == 0) {
          *high.map.edit(TestType(key)) = high.model.at(key) = "edited";
        }
        REQUIRE(high.map.erase(TestType(key)));
        REQUIRE_FALSE(high.map.erase(TestType(key + 1)));
        high.model.erase(key);
        high.require_same_questions(orders[in](n));
      }
      REQUIRE(high.map.begin() == high.map.end());
      high.require_same();
    }
  }
}

TEMPLATE_LIST_TEST_CASE("a high map does what std::map does when keys come and go", "", WideKeys) {
  High<TestType> high;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const std::uint64_t draw = stsim::mix64(i);
    const std::uint64_t key = draw % 1'000;
    // Now they become more, now fewer.
    if (draw / 1'000 % 8 < (i / 4'000 % 2 == 0 ? 2U : 6U)) {
      REQUIRE(high.map.erase(TestType(key)) == (high.model.erase(key) == 1));
    } else {
      high.set(key, std::to_string(i));
    }
    high.require_same_questions(draw / 8'000 % 1'002);
    if (i % 2'500 == 0) {
      high.copies.emplace_back(high.map, high.model);
    }
  }
  high.require_same();
}

TEST_CASE("a key may be that of an entry of the map that is changed") {
  High<Padded<10>> high;
  for (std::uint64_t n = 0; n < 300; ++n) {
    high.set(n, "x");
  }
  high.copies.emplace_back(high.map, high.model);
  for (std::uint64_t n = 0; n < 300; ++n) {
    *high.map.edit(high.map.begin()->key) = "y";
    REQUIRE(high.map.begin()->value == "y");
    REQUIRE(high.map.erase(high.map.last_up_to(n + 1)->key));
  }
  REQUIRE(high.map.empty());
  high.model.clear();
  high.require_same();
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
