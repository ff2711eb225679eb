#pragma once
// Short texts that many things carry: names, namespaces, reasons, addresses. In 16 bytes, half of
// what a std::string takes, and cheap to copy: up to 15 characters stand in the text itself, longer
// ones are shared by the copies.

#include <fmt/core.h>
#include <stsim/base/digest.hpp>
#include <stsim/base/shared_count.hpp>

#include <array>
#include <bit>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace stsim {

class Text;

/// What a text can be compared with and put behind or before.
template <class T>
concept StringLike =
    !std::same_as<std::remove_cvref_t<T>, Text> && std::convertible_to<const T&, std::string_view>;

/// A text that does not change. Converts from and to the standard's strings; compares bytewise.
class Text {
 public:
  Text() = default;
  // Not explicit: a text is a string.
  /// A text of these characters.
  Text(std::string_view text);
  Text(const std::string& text) : Text(std::string_view(text)) {}
  Text(const char* text) : Text(std::string_view(text)) {}
  Text(const Text& other) noexcept : bytes_(other.bytes_) {
    if (is_shared()) {
      shared()->count.hold();
    }
  }
  Text(Text&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  Text& operator=(Text other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Text() {
    if (is_shared()) {
      let_go();
    }
  }

  /// Valid until the text is moved or is given another one.
  [[nodiscard]] std::string_view view() const {
    return is_shared() ? std::string_view(shared()->characters(), shared()->size)
                       : std::string_view(bytes_.data(), size_byte());
  }
  operator std::string_view() const { return view(); }
  operator std::string() const { return std::string(view()); }

  [[nodiscard]] bool empty() const { return size_byte() == 0; }
  [[nodiscard]] std::size_t size() const { return view().size(); }

  friend bool operator==(const Text& a, const Text& b) {
    return a.same_bytes(b) || (a.is_shared() && b.is_shared() && a.view() == b.view());
  }
  friend std::strong_ordering operator<=>(const Text& a, const Text& b) {
    if (a.is_shared() || b.is_shared()) {
      return a.same_bytes(b) ? std::strong_ordering::equal : a.view() <=> b.view();
    }
    // The size comes last: of a text and its beginning the shorter one comes first.
    const auto first = a.word(0) <=> b.word(0);
    return first != 0 ? first : a.word(1) <=> b.word(1);
  }

  /// Adds the text to a digest.
  void add_to(Digest& digest) const {
    if (is_shared()) {
      digest.add(view());
    } else {
      digest.add(word(0));
      digest.add(word(1));
    }
  }

  template <StringLike T>
  friend bool operator==(const Text& a, const T& b) {
    return a.view() == std::string_view(b);
  }
  template <StringLike T>
  friend std::strong_ordering operator<=>(const Text& a, const T& b) {
    return a.view() <=> std::string_view(b);
  }
  /// One behind the other.
  template <StringLike T>
  [[nodiscard]] friend std::string operator+(const Text& a, const T& b) {
    return std::string(a.view()).append(std::string_view(b));
  }
  /// One behind the other.
  template <StringLike T>
  [[nodiscard]] friend std::string operator+(const T& a, const Text& b) {
    return std::string(std::string_view(a)).append(b.view());
  }
  /// Writes the characters.
  friend std::ostream& operator<<(std::ostream& out, const Text& text) {
    return out << text.view();
  }

 private:
  /// A text that is too long to stand in place; its characters follow in memory.
  struct Shared {
    SharedCount count;
    std::uint32_t size{};
    [[nodiscard]] char* characters() { return reinterpret_cast<char*>(this + 1); }
  };
  static constexpr std::size_t kInPlace = 15;
  static constexpr std::uint8_t kShared = 0xff;
  /// The characters, then zeros, then their number; or the address of a Shared, zeros, kShared.
  using Bytes = std::array<char, kInPlace + 1>;

  [[nodiscard]] std::uint8_t size_byte() const { return static_cast<std::uint8_t>(bytes_.back()); }
  [[nodiscard]] bool is_shared() const { return size_byte() == kShared; }
  [[nodiscard]] Shared* shared() const {
    Shared* out = nullptr;
    std::memcpy(&out, bytes_.data(), sizeof out);
    return out;
  }
  /// Eight bytes as a number that compares as they do.
  [[nodiscard]] std::uint64_t word(std::size_t n) const {
    std::uint64_t out{};
    std::memcpy(&out, bytes_.data() + n * sizeof out, sizeof out);
    return std::endian::native == std::endian::little ? __builtin_bswap64(out) : out;
  }
  [[nodiscard]] bool same_bytes(const Text& other) const {
    return word(0) == other.word(0) && word(1) == other.word(1);
  }
  void let_go();

  alignas(std::uint64_t) Bytes bytes_{};
};

}  // namespace stsim

/// Formats a text as what it says.
template <>
struct fmt::formatter<stsim::Text> : fmt::formatter<std::string_view> {
  /// As of any string.
  template <class Context>
  auto format(const stsim::Text& text, Context& context) const {
    return fmt::formatter<std::string_view>::format(text.view(), context);
  }
};
