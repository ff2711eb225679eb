#pragma once
// A running digest of 128 bits: what tells many values apart that are never compared themselves.

#include <stsim/base/int128.hpp>

#include <bit>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace stsim {

/// Stands for the values that were added, in their order. The same on every machine and compiler.
/// Of values that nobody chooses to fit, different ones get different digests with near certainty,
/// if what they are made of comes in the same order.
class Digest {
 public:
  Digest() = default;
  /// Stands for a number.
  template <class T>
  requires std::integral<T> || std::is_enum_v<T>
  explicit Digest(T number)
      : high_(static_cast<std::uint64_t>(number)), low_(static_cast<std::uint64_t>(number)) {}

  /// Adds what another digest stands for, as one value; `place` tells it apart from the same value
  /// elsewhere.
  [[gnu::always_inline]] void add(const Digest& other, std::uint64_t place = 0) {
    // What is known beforehand comes first: a digest waits for the one before it.
    high_ = mixed(high_ ^ (other.high_ ^ place), kHigh);
    low_ = mixed(low_ ^ (other.low_ ^ place), kLow);
  }

  /// Adds a number.
  template <class T>
  requires std::integral<T> || std::is_enum_v<T>
  void add(T number) { add(Digest(number)); }

  /// Adds a text, with where it ends.
  void add(std::string_view text) {
    for (; text.size() >= kWord; text.remove_prefix(kWord)) {
      add(word(text.data()));
    }
    std::uint64_t rest = std::uint64_t{text.size()} << (8 * (kWord - 1));
    for (std::size_t i = 0; i < text.size(); ++i) {
      rest |= byte(text[i], i);
    }
    add(rest);
  }
  void add(const char*) = delete;

  [[nodiscard]] std::uint64_t high() const { return high_; }
  [[nodiscard]] std::uint64_t low() const { return low_; }

  auto operator<=>(const Digest&) const = default;

 private:
  static constexpr std::size_t kWord = 8;
  static constexpr std::uint64_t kHigh = 0x9e3779b97f4a7c15;
  static constexpr std::uint64_t kLow = 0xd6e8feb86659fd93;

  [[nodiscard]] static std::uint64_t byte(char c, std::size_t place) {
    return std::uint64_t{static_cast<unsigned char>(c)} << (8 * place);
  }

  /// Eight characters, the first one lowest.
  [[nodiscard]] static std::uint64_t word(const char* characters) {
    std::uint64_t out = 0;
    if constexpr (std::endian::native == std::endian::little) {
      std::memcpy(&out, characters, kWord);
    } else {
      for (std::size_t i = 0; i < kWord; ++i) {
        out |= byte(characters[i], i);
      }
    }
    return out;
  }

  /// The upper half of the product, which depends on all bits, is laid over the lower one: half of
  /// a digest depends on all bits, too.
  [[nodiscard]] static std::uint64_t mixed(std::uint64_t value, std::uint64_t factor) {
    const UInt128 product = UInt128{value} * factor;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  }

  std::uint64_t high_{0x243f6a8885a308d3};
  std::uint64_t low_{0x13198a2e03707344};
};

}  // namespace stsim
