#include "world/numbers.hpp"

#include "support/catch.hpp"

using stsim::world::Numbers;

TEST_CASE("things are numbered in the order in which they are first met") {
  Numbers<16> numbers;
  REQUIRE(numbers.met() == 0);
  REQUIRE(numbers.of(70) == 1);
  REQUIRE(numbers.of(0) == 2);  // nothing is a thing, too
  REQUIRE(numbers.of(70) == 1);
  REQUIRE(numbers.of(0) == 2);
  REQUIRE(numbers.met() == 2);
}

TEST_CASE("many more things than there is room for at first keep their numbers") {
  Numbers<16> numbers;
  constexpr std::uint64_t kThings = 1'000;
  for (std::uint64_t i = 0; i < kThings; ++i) {
    REQUIRE(numbers.of(i << 40U) == i + 1);  // all in one slot at first
  }
  for (std::uint64_t i = 0; i < kThings; ++i) {
    REQUIRE(numbers.of(i << 40U) == i + 1);
  }
  REQUIRE(numbers.met() == kThings);
}
