#include "support/catch.hpp"

#include <stsim/base/backoff.hpp>

using namespace stsim;
using namespace std::chrono_literals;

TEST_CASE("a back-off doubles until it is the longest") {
  constexpr Backoff backoff{10s, 300s};
  CHECK(backoff.after(0) == 10s);
  CHECK(backoff.after(1) == 20s);
  CHECK(backoff.after(4) == 160s);
  CHECK(backoff.after(5) == 300s);
  CHECK(backoff.after(~std::uint64_t{0}) == 300s);
}

TEST_CASE("a back-off whose first delay is too long, or none") {
  CHECK(Backoff{10s, 5s}.after(0) == 5s);
  CHECK(Backoff{0s, 5s}.after(~std::uint64_t{0}) == 0s);
  CHECK(Backoff{}.after(3) == 0s);
}
