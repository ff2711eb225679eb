#include "support/catch.hpp"

#include <stsim/engine/chooser.hpp>

#include <array>

using namespace stsim;
using engine::SeededChooser;

TEST_CASE("a draw is a function of seed, point, object and number, and of nothing else") {
  SeededChooser a(7);
  SeededChooser b(7);
  const auto first = a.pick(1000, {"start", "web-0", 0});
  static_cast<void>(b.pick(1000, {"start", "web-1", 0}));
  static_cast<void>(b.pick(1000, {"ready", "web-0", 5}));
  REQUIRE(b.pick(1000, {"start", "web-0", 0}) == first);
  REQUIRE(a.pick(1000, {"start", "web-0", 0}) == first);
}

TEST_CASE("known answers: the same on every machine and compiler") {
  SeededChooser chooser(42);
  REQUIRE(chooser.pick(1'000'000, {"imagePull", "web-0", 0}) == 266244);
  REQUIRE(chooser.pick(1'000'000, {"imagePull", "web-0", 1}) == 830032);
}

TEST_CASE("seeds, points, objects and numbers all matter, and values spread over the range") {
  SeededChooser one(1);
  SeededChooser two(2);
  int same = 0;
  std::array<int, 10> buckets{};
  for (std::uint64_t n = 0; n < 1000; ++n) {
    const auto draw = one.pick(10, {"start", "web-0", n});
    REQUIRE(draw < 10);
    ++buckets[draw];
    same += draw == two.pick(10, {"start", "web-0", n}) ? 1 : 0;
  }
  REQUIRE(same < 200);
  for (const int count : buckets) {
    REQUIRE(count > 50);
  }
}
