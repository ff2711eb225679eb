#include "support/catch.hpp"

#include <stsim/engine/latency.hpp>

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

using namespace stsim;
using namespace std::chrono_literals;
using engine::Latency;

namespace {

/// Picks what stands at a place of the range, in 65,536ths of it.
class At : public engine::Chooser {
 public:
  explicit At(std::uint64_t place) : place_(place) {}
  std::uint64_t pick(std::uint64_t count, const engine::ChoicePoint&) override {
    return count * place_ / 65'536;
  }

 private:
  std::uint64_t place_;
};

std::int64_t at(const Latency& latency, std::uint64_t place) {
  At chooser(place);
  return latency.draw(chooser, {}).count();
}

/// How likely the bell curve lies below.
double below(double z) {
  return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

/// What share of the picks the middle of one of them lies behind.
double share(std::uint64_t place) {
  return (static_cast<double>(place) + 0.5) / 65'536;
}

constexpr std::array<std::uint64_t, 9> kPlaces{
    0, 1, 700, 20'000, 32'767, 32'768, 50'000, 62'259, 65'535};

}  // namespace

TEST_CASE("a uniform latency lies within its range, ends included") {
  const Latency latency{5us, 7us};
  REQUIRE(at(latency, 0) == 5);
  REQUIRE(at(latency, 30'000) == 6);
  REQUIRE(at(latency, 65'535) == 7);
  REQUIRE_FALSE(latency.is_constant());
}

TEST_CASE("a constant latency asks nobody") {
  class Nobody : public engine::Chooser {
   public:
    std::uint64_t pick(std::uint64_t, const engine::ChoicePoint&) override {
      FAIL("nothing is to be chosen");
      return 0;
    }
  } nobody;
  REQUIRE(Latency::constant(1s).draw(nobody, {}) == 1s);
  REQUIRE(Latency().draw(nobody, {}) == 0s);
  REQUIRE(Latency::empirical({3s, 3s}).draw(nobody, {}) == 3s);
  REQUIRE(Latency::constant(1s).is_constant());
}

TEST_CASE("a normal latency is the bell curve") {
  const Latency latency = Latency::normal(100s, 10s, {});
  for (const std::uint64_t place : kPlaces) {
    CAPTURE(place);
    const double z = (static_cast<double>(at(latency, place)) / 1e6 - 100) / 10;
    // The approximation is exact to 0.00045 deviations.
    CHECK(below(z - 0.0006) <= share(place));
    CHECK(below(z + 0.0006) >= share(place));
  }
}

TEST_CASE("a lognormal latency has its median in the middle and its p95 at 95 of 100") {
  const Latency latency = Latency::lognormal(2s, 8s, {});
  CHECK(std::abs(at(latency, 32'768) - 2'000'000) < 2'000);
  CHECK(std::abs(at(latency, 62'259) - 8'000'000) < 8'000);
  const double deviation = std::log(4.0) / 1.644854;
  for (const std::uint64_t place : kPlaces) {
    CAPTURE(place);
    const double z = std::log(static_cast<double>(at(latency, place)) / 2e6) / deviation;
    CHECK(below(z - 0.0006) <= share(place));
    CHECK(below(z + 0.0006) >= share(place));
  }
}

TEST_CASE("an exponential latency has as much of a tail as its mean says") {
  const Latency latency = Latency::exponential(10s, {});
  for (const std::uint64_t place : kPlaces) {
    CAPTURE(place);
    const double wanted = -10e6 * std::log(1 - share(place));
    CHECK(std::abs(static_cast<double>(at(latency, place)) - wanted) < 2 + wanted * 1e-6);
  }
}

TEST_CASE("an empirical latency is one of those measured, in order") {
  const Latency latency = Latency::empirical({5s, 1s, 1s, 9s});
  CHECK(at(latency, 0) == 1'000'000);
  CHECK(at(latency, 30'000) == 1'000'000);
  CHECK(at(latency, 40'000) == 5'000'000);
  CHECK(at(latency, 65'535) == 9'000'000);
}

TEST_CASE("no latency leaves its bounds, and longer picks are never shorter lengths") {
  const std::vector<Latency> all{
      Latency::normal(1s, 10s, {}),
      Latency::normal(1s, 10s, {500ms, 2s}),
      Latency::lognormal(1us, 1000us, {}),
      Latency::lognormal(Latency::kLongest, Latency::kLongest, {}),
      Latency::lognormal(Latency::kLongest / 2, Latency::kLongest, {}),
      Latency::lognormal(3s, 3s, {}),
      Latency::exponential(0s, {}),
      Latency::exponential(Latency::kLongest, {}),
      Latency::exponential(1h, {10min, 20min}),
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(i);
    std::int64_t before = 0;
    for (std::uint64_t place = 0; place < 65'536; place += 5) {
      const std::int64_t length = at(all[i], place);
      REQUIRE(length >= before);
      REQUIRE(length <= Latency::kLongest.count());
      before = length;
    }
  }
  CHECK(at(all[1], 0) == 500'000);
  CHECK(at(all[1], 65'535) == 2'000'000);
  CHECK(at(all[3], 65'535) == Latency::kLongest.count());
  CHECK(at(all[5], 65'535) == 3'000'000);
}

TEST_CASE("known answers: lengths are the same on every machine and compiler") {
  CHECK(at(Latency::normal(100s, 10s, {}), 12'345) == 91'162'371);
  CHECK(at(Latency::lognormal(2s, 8s, {}), 12'345) == 949'619);
  CHECK(at(Latency::exponential(10s, {}), 12'345) == 2'087'198);
}

TEST_CASE("latencies are equal if they are the same distribution") {
  CHECK(Latency(1s, 1s) == Latency::constant(1s));
  CHECK(Latency::empirical({1s, 2s}) == Latency::empirical({2s, 1s}));
  CHECK_FALSE(Latency::empirical({1s, 2s}) == Latency::empirical({1s, 1s, 2s}));
  CHECK_FALSE(Latency::normal(1s, 1s, {}) == Latency::normal(1s, 2s, {}));
  CHECK_FALSE(Latency::normal(1s, 1s, {}) == Latency::lognormal(1s, 1s, {}));
  CHECK_FALSE(Latency::normal(1s, 1s, {}) == Latency::normal(1s, 1s, {0s, 9s}));
}

TEST_CASE("latencies in words") {
  CHECK(to_string(Latency()) == "0s");
  CHECK(to_string(Latency::constant(3s)) == "3s");
  CHECK(to_string(Latency(1s, 90s)) == "uniform, 1s to 1m30s");
  CHECK(to_string(Latency::normal(3s, 500ms, {0s, 9s})) ==
        "normal, mean 3s, deviation 500ms, at most 9s");
  CHECK(to_string(Latency::lognormal(2s, 8s, {1s})) == "lognormal, median 2s, p95 8s, at least 1s");
  CHECK(to_string(Latency::exponential(5s, {})) == "exponential, mean 5s");
  CHECK(to_string(Latency::empirical({4s, 1s, 1s})) == "one of 3 lengths, 1s to 4s");
}
