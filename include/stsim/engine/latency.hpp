#pragma once
// How long something takes: a distribution that is sampled with integers alone, so that the same
// draw gives the same length on every machine.

#include <stsim/base/time.hpp>
#include <stsim/engine/chooser.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace stsim::engine {

/// A distribution of lengths of time, none negative. A value.
class Latency {
 public:
  /// The longest length: a hundred years.
  static constexpr SimDuration kLongest = std::chrono::hours{24 * 365 * 100};
  /// How far the tail of lognormal() may reach.
  static constexpr std::int64_t kWidest = 1000;
  /// What no draw leaves: what would lie outside lies on the bound. Pre: 0 <= least <= most.
  struct Bounds {
    SimDuration least{};
    SimDuration most{kLongest};
    bool operator==(const Bounds&) const = default;
  };

  /// No time at all.
  Latency() = default;
  /// Any whole number of microseconds from `least` to `most`, each as likely.
  /// Pre: 0 <= least <= most.
  Latency(SimDuration least, SimDuration most);

  /// Always the same.
  [[nodiscard]] static Latency constant(SimDuration length) { return {length, length}; }
  /// The bell curve. Pre: deviation >= 0.
  [[nodiscard]] static Latency normal(SimDuration mean, SimDuration deviation, Bounds bounds);
  /// What most waits look like: never negative, with a long tail. One in twenty takes longer than
  /// `p95`. Pre: 0 < median <= p95 <= kWidest * median.
  [[nodiscard]] static Latency lognormal(SimDuration median, SimDuration p95, Bounds bounds);
  /// The time until something that may happen at any instant. Pre: mean >= 0.
  [[nodiscard]] static Latency exponential(SimDuration mean, Bounds bounds);
  /// One of the lengths that were measured, each as likely. Pre: there is one.
  [[nodiscard]] static Latency empirical(std::vector<SimDuration> lengths);

  /// Whether every draw gives the same; then none is made.
  [[nodiscard]] bool is_constant() const;

  /// A length, by one draw.
  [[nodiscard]] SimDuration draw(Chooser& chooser, const ChoicePoint& why) const;

  bool operator==(const Latency& other) const;
  /// Declared below; it shows all of it.
  friend std::string to_string(const Latency& latency);

 private:
  enum class Shape : unsigned char { Uniform, Normal, LogNormal, Exponential, Empirical };

  Latency(Shape shape, SimDuration middle, SimDuration spread, Bounds bounds);

  /// Of curves: one of as many equally likely lengths as draw() tells apart, the shortest first.
  [[nodiscard]] SimDuration quantile(std::uint64_t which) const;

  Shape shape_{Shape::Uniform};
  Bounds bounds_{{}, {}};
  SimDuration middle_{};  ///< mean or median
  SimDuration spread_{};  ///< deviation or p95
  std::shared_ptr<const std::vector<SimDuration>> lengths_;
};

/// In words: `3s`, `uniform, 1s to 4s`, `lognormal, median 2s, p95 8s, at most 1m0s`.
[[nodiscard]] std::string to_string(const Latency& latency);

}  // namespace stsim::engine
