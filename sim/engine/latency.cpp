#include "fixed_point.hpp"

#include <fmt/format.h>
#include <stsim/base/error.hpp>
#include <stsim/engine/latency.hpp>

#include <algorithm>

namespace stsim::engine {

namespace {

/// How many quantiles of a curve can be drawn, each as likely.
constexpr int kQuantileBits = 16;
constexpr std::uint64_t kQuantiles = std::uint64_t{1} << kQuantileBits;

/// The logarithm to base 2 of how likely it is to lie below the middle of one of the quantiles.
constexpr Fixed log2_below(std::uint64_t which) {
  return fixed_log2(static_cast<Fixed>(2 * which + 1) << (kFixedBits - kQuantileBits - 1));
}

/// A number with six decimal places.
constexpr Fixed decimal(std::int64_t millionths) {
  return fixed_ratio(millionths, 1'000'000);
}

constexpr Fixed kLn2 = fixed_ratio(693'147'180'559, 1'000'000'000'000);
/// The 95th percentile of the bell curve.
constexpr Fixed kNormal95 = decimal(1'644'854);

/// A quantile of the bell curve with mean 0 and deviation 1, exact to 0.00045.
/// Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.23.
constexpr Fixed normal_quantile(std::uint64_t which) {
  const bool upper = which >= kQuantiles / 2;
  const Fixed log = log2_below(upper ? kQuantiles - 1 - which : which);
  const Fixed t = fixed_root(-2 * fixed_product(log, kLn2));
  const Fixed above =
      decimal(2'515'517) + fixed_product(t, decimal(802'853) + fixed_product(t, decimal(10'328)));
  const Fixed below =
      kFixedOne +
      fixed_product(t,
                    decimal(1'432'788) +
                        fixed_product(t, decimal(189'269) + fixed_product(t, decimal(1'308))));
  const Fixed z = t - fixed_ratio(above, below);
  return upper ? z : -z;
}

}  // namespace

Latency::Latency(Shape shape, SimDuration middle, SimDuration spread, Bounds bounds)
    : shape_(shape), bounds_(bounds), middle_(middle), spread_(spread) {
  STSIM_ASSERT(SimDuration{} <= bounds.least && bounds.least <= bounds.most);
}

Latency::Latency(SimDuration least, SimDuration most)
    : Latency(Shape::Uniform, {}, {}, {least, most}) {}

Latency Latency::normal(SimDuration mean, SimDuration deviation, Bounds bounds) {
  STSIM_ASSERT(deviation >= SimDuration{});
  return {Shape::Normal, mean, deviation, bounds};
}

Latency Latency::lognormal(SimDuration median, SimDuration p95, Bounds bounds) {
  STSIM_ASSERT(SimDuration{} < median && median <= p95 && p95 <= kWidest * median);
  return {Shape::LogNormal, median, p95, bounds};
}

Latency Latency::exponential(SimDuration mean, Bounds bounds) {
  STSIM_ASSERT(mean >= SimDuration{});
  return {Shape::Exponential, mean, {}, bounds};
}

Latency Latency::empirical(std::vector<SimDuration> lengths) {
  STSIM_ASSERT(!lengths.empty());
  Latency out;
  out.shape_ = Shape::Empirical;
  const auto [least, most] = std::ranges::minmax(lengths);
  out.bounds_ = {least, most};
  // In order, so that whoever takes the ends of a range takes the shortest and the longest.
  std::ranges::sort(lengths);
  out.lengths_ = std::make_shared<const std::vector<SimDuration>>(std::move(lengths));
  return out;
}

bool Latency::is_constant() const {
  return bounds_.least == bounds_.most;
}

SimDuration Latency::draw(Chooser& chooser, const ChoicePoint& why) const {
  if (is_constant()) {
    return bounds_.least;
  }
  if (shape_ == Shape::Uniform) {
    const auto span = static_cast<std::uint64_t>((bounds_.most - bounds_.least).count()) + 1;
    return bounds_.least + SimDuration{static_cast<std::int64_t>(chooser.pick(span, why))};
  }
  if (shape_ == Shape::Empirical) {
    return (*lengths_)[chooser.pick(lengths_->size(), why)];
  }
  return std::clamp(quantile(chooser.pick(kQuantiles, why)), bounds_.least, bounds_.most);
}

SimDuration Latency::quantile(std::uint64_t which) const {
  if (shape_ == Shape::Normal) {
    return middle_ + SimDuration{fixed_product(normal_quantile(which), spread_.count())};
  }
  if (shape_ == Shape::Exponential) {
    const Fixed means = -fixed_product(log2_below(kQuantiles - 1 - which), kLn2);
    return SimDuration{fixed_product(means, middle_.count())};
  }
  const Fixed octaves = fixed_log2(fixed_ratio(spread_.count(), middle_.count()));
  const Fixed exponent = fixed_ratio(fixed_product(normal_quantile(which), octaves), kNormal95);
  return SimDuration{times_power_of_two(middle_.count(), exponent, kLongest.count())};
}

bool Latency::operator==(const Latency& other) const {
  const bool same_lengths =
      lengths_ == other.lengths_ || (lengths_ && other.lengths_ && *lengths_ == *other.lengths_);
  return shape_ == other.shape_ && bounds_ == other.bounds_ && middle_ == other.middle_ &&
         spread_ == other.spread_ && same_lengths;
}

std::string to_string(const Latency& latency) {
  using Shape = Latency::Shape;
  const auto& [least, most] = latency.bounds_;
  const std::string middle = to_go_string(latency.middle_);
  std::string out;
  if (latency.is_constant()) {
    return to_go_string(least);
  }
  switch (latency.shape_) {
    case Shape::Uniform:
      return fmt::format("uniform, {} to {}", to_go_string(least), to_go_string(most));
    case Shape::Empirical:
      return fmt::format("one of {} lengths, {} to {}",
                         latency.lengths_->size(),
                         to_go_string(least),
                         to_go_string(most));
    case Shape::Normal:
      out = fmt::format("normal, mean {}, deviation {}", middle, to_go_string(latency.spread_));
      break;
    case Shape::LogNormal:
      out = fmt::format("lognormal, median {}, p95 {}", middle, to_go_string(latency.spread_));
      break;
    case Shape::Exponential:
      out = fmt::format("exponential, mean {}", middle);
      break;
  }
  if (least != SimDuration{}) {
    out += ", at least " + to_go_string(least);
  }
  if (most != Latency::kLongest) {
    out += ", at most " + to_go_string(most);
  }
  return out;
}

}  // namespace stsim::engine
