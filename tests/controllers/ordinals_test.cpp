// Sets of ordinals are compared step by step with std::set.
#include "support/catch.hpp"

#include <stsim/base/hash.hpp>
#include <stsim/controllers/statefulset/ordinals.hpp>

#include <algorithm>
#include <set>
#include <vector>

using stsim::controllers::statefulset::Ordinals;

namespace {

constexpr int kHighest = 40;

std::optional<std::int64_t> last_not_above(const std::set<int>& model, int most) {
  const auto it = model.upper_bound(most);
  return it == model.begin() ? std::nullopt : std::optional<std::int64_t>(*std::prev(it));
}

void require_same(const Ordinals& ordinals, const std::set<int>& model) {
  REQUIRE(ordinals.size() == static_cast<std::int64_t>(model.size()));
  REQUIRE(ordinals.empty() == model.empty());
  for (int i = 0; i <= kHighest + 1; ++i) {
    REQUIRE(ordinals.contains(i) == model.contains(i));
    const auto next = model.lower_bound(i);
    REQUIRE(ordinals.next(i) ==
            (next == model.end() ? std::nullopt : std::optional<std::int64_t>(*next)));
    REQUIRE(ordinals.previous(i) == last_not_above(model, i));
    int missing = i;
    while (model.contains(missing)) {
      ++missing;
    }
    REQUIRE(ordinals.next_missing(i) == missing);
    for (missing = i; model.contains(missing);) {
      --missing;
    }
    REQUIRE(ordinals.previous_missing(i) == missing);
    for (const int last : {i - 1, i, i + 3, kHighest}) {
      REQUIRE(ordinals.count(i, last) ==
              std::ranges::count_if(model, [&](int m) { return m >= i && m <= last; }));
    }
  }
}

}  // namespace

TEST_CASE("a set of ordinals does what std::set does, and its copies stay as they were") {
  Ordinals ordinals;
  std::set<int> model;
  std::vector<std::pair<Ordinals, std::set<int>>> copies;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    const std::uint64_t draw = stsim::mix64(i);
    const int ordinal = static_cast<int>(draw % kHighest);
    // Now more come than go, now more go than come, so that there are long runs and short ones.
    const bool in = draw / kHighest % 4 < (i / 200 % 2 == 0 ? 3 : 1);
    ordinals.set(ordinal, in);
    if (in) {
      model.insert(ordinal);
    } else {
      model.erase(ordinal);
    }
    require_same(ordinals, model);
    if (i % 500 == 0) {
      copies.emplace_back(ordinals, model);
    }
  }
  for (const auto& [copy, then] : copies) {
    require_same(copy, then);
  }
}

TEST_CASE("sets of ordinals are equal however they came to be") {
  Ordinals up;
  Ordinals down;
  for (int i = 0; i < 10; ++i) {
    up.set(i, true);
    down.set(9 - i, true);
  }
  up.set(4, false);
  CHECK_FALSE(up == down);
  down.set(4, false);
  CHECK(up == down);
}
