#pragma once
// Logarithms and what follows from them, in fixed-point numbers: 32 bits before the point and 32
// behind it. Integers alone, the same on every machine.

#include <stsim/base/int128.hpp>

#include <array>
#include <bit>
#include <cstdint>

namespace stsim::engine {

/// A number times 2^32.
using Fixed = std::int64_t;

inline constexpr int kFixedBits = 32;
inline constexpr Fixed kFixedOne = Fixed{1} << kFixedBits;

constexpr Fixed fixed_product(Fixed a, Fixed b) {
  return static_cast<Fixed>((Int128{a} * b) >> kFixedBits);
}

constexpr Fixed fixed_ratio(Int128 a, Int128 b) {
  return static_cast<Fixed>((a << kFixedBits) / b);
}

/// The whole number below the square root.
constexpr std::uint64_t whole_root(UInt128 value) {
  std::uint64_t root = 0;
  for (std::uint64_t bit = std::uint64_t{1} << 63; bit != 0; bit >>= 1) {
    const UInt128 more = root | bit;
    root |= more * more <= value ? bit : 0;
  }
  return root;
}

/// Pre: value >= 0.
constexpr Fixed fixed_root(Fixed value) {
  return static_cast<Fixed>(whole_root(static_cast<UInt128>(value) << kFixedBits));
}

/// Pre: value > 0.
constexpr Fixed fixed_log2(Fixed value) {
  const auto bits = static_cast<std::uint64_t>(value);
  const int whole = static_cast<int>(std::bit_width(bits)) - 1;
  // Squaring a number from 1 to 2 doubles its logarithm: each time it passes 2 is a bit of it.
  std::uint64_t rest = bits << (63 - whole);
  Fixed out = Fixed{whole - kFixedBits} << kFixedBits;
  for (Fixed bit = kFixedOne / 2; bit != 0; bit /= 2) {
    const UInt128 square = UInt128{rest} * rest;
    const bool passed = (square >> 127) != 0;
    rest = static_cast<std::uint64_t>(square >> (passed ? 64 : 63));
    out += passed ? bit : 0;
  }
  return out;
}

/// 2^(1/2), 2^(1/4) and so on, times 2^30: each is the root of the one before.
constexpr std::array<std::int64_t, kFixedBits> roots_of_two() {
  constexpr int kRootBits = 62;
  std::array<std::int64_t, kFixedBits> out{};
  std::uint64_t root = std::uint64_t{1} << (kRootBits + 1);
  for (std::int64_t& each : out) {
    root = whole_root(UInt128{root} << kRootBits);
    each = static_cast<std::int64_t>(root >> kFixedBits);
  }
  return out;
}

/// `value` times two to the power of `exponent`, or `most` if that is less.
/// Pre: 0 <= value <= most < 2^52.
constexpr std::int64_t times_power_of_two(std::int64_t value, Fixed exponent, std::int64_t most) {
  constexpr std::array<std::int64_t, kFixedBits> kRoots = roots_of_two();
  constexpr int kRootBits = 30;
  const std::int64_t whole = exponent >> kFixedBits;
  constexpr std::int64_t kTooMuch = 60;
  if (whole >= kTooMuch) {
    return value == 0 ? 0 : most;
  }
  if (whole < -kTooMuch) {
    return 0;
  }
  Int128 out = Int128{value} << kFixedBits;
  Fixed bit = kFixedOne;
  for (const std::int64_t root : kRoots) {
    bit /= 2;
    if ((exponent & bit) != 0) {
      out = (out * root) >> kRootBits;
    }
  }
  const int shift = static_cast<int>(whole) - kFixedBits;
  out = shift <= 0 ? out >> -shift : out << shift;
  return out > most ? most : static_cast<std::int64_t>(out);
}

}  // namespace stsim::engine
