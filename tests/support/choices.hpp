#pragma once
// Every sequence of choices, one after the other: what a test needs that looks at all small cases.
//
//   Choices choices;
//   while (choices.next()) {
//     const bool parallel = choices.flag();
//     const std::size_t replicas = choices.pick(4);
//     …
//   }

#include <stsim/base/hash.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace stsim::test {

/// Counts like the wheels of an odometer: the last choice turns fastest. How many choices there
/// are, and of how many each is one, may depend on those before it.
class Choices {
 public:
  /// Every sequence.
  Choices() = default;
  /// `count` sequences picked by chance, the same for the same seed.
  Choices(std::uint64_t seed, std::size_t count) : sampled_(true), seed_(seed), left_(count) {}

  /// Goes on to the next sequence. Returns whether there is one.
  bool next() {
    at_ = 0;
    ++sequence_;
    if (sampled_) {
      return left_-- > 0;
    }
    if (sequence_ == 1) {
      return true;
    }
    while (!wheels_.empty() && wheels_.back().value + 1 == wheels_.back().count) {
      wheels_.pop_back();
    }
    if (wheels_.empty()) {
      return false;
    }
    ++wheels_.back().value;
    return true;
  }

  /// One of 0 … count-1. Pre: count > 0.
  std::size_t pick(std::size_t count) {
    if (sampled_) {
      return static_cast<std::size_t>(mix64(mix64(seed_ ^ mix64(sequence_)) ^ at_++) % count);
    }
    if (at_ == wheels_.size()) {
      wheels_.push_back({0, count});
    }
    return wheels_[at_++].value;
  }
  bool flag() { return pick(2) == 1; }
  template <class T>
  const T& of(std::span<const T> values) {
    return values[pick(values.size())];
  }

 private:
  struct Wheel {
    std::size_t value{};
    std::size_t count{};
  };
  std::vector<Wheel> wheels_;
  std::size_t at_{};
  bool sampled_{};
  std::uint64_t seed_{};
  std::uint64_t sequence_{};
  std::size_t left_{};
};

}  // namespace stsim::test
