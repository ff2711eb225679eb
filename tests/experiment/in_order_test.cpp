#include "support/catch.hpp"

#include <stsim/experiment/in_order.hpp>

#include <stdexcept>
#include <vector>

using stsim::experiment::in_order;

TEST_CASE("results are taken in order, whatever the number of threads") {
  for (const std::size_t jobs : {1U, 2U, 8U}) {
    std::vector<std::size_t> taken;
    in_order(
        100,
        jobs,
        [](std::size_t i) {
          if (i % 7 == 0) {
            std::this_thread::yield();
          }
          return i * i;
        },
        [&](std::size_t i, std::size_t square) {
          REQUIRE(square == i * i);
          taken.push_back(i);
        });
    REQUIRE(taken.size() == 100);
    REQUIRE(std::ranges::is_sorted(taken));
  }
}

TEST_CASE("nothing to do is done at once") {
  in_order(
      0, 4, [](std::size_t i) { return i; }, [](std::size_t, std::size_t) { FAIL(); });
}

TEST_CASE("an exception is thrown where the results are taken, in its place") {
  for (const std::size_t jobs : {1U, 8U}) {
    std::vector<std::size_t> taken;
    const auto run = [&] {
      in_order(
          50,
          jobs,
          [](std::size_t i) {
            if (i == 10 || i == 30) {
              throw std::runtime_error(std::to_string(i));
            }
            return i;
          },
          [&](std::size_t i, std::size_t) { taken.push_back(i); });
    };
    REQUIRE_THROWS_WITH(run(), "10");
    REQUIRE(taken.size() == 10);
  }
}
