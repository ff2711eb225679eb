#pragma once
// One of several kinds of values, apart from its owner and shared by copies until one of them
// changes it. Which kind it is stands with the value, so that the owner holds 8 bytes.

#include <stsim/base/error.hpp>
#include <stsim/base/shared_count.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace stsim {

/// A value of one of the types `T...` on the heap, as Boxed has one of a single type. One that was
/// never set, or was moved from, takes no memory and is of the first type, as that begins.
template <class... T>
class BoxedVariant {
 public:
  BoxedVariant() = default;
  // Not explicit: it is its value.
  /// A value of one of the types.
  template <class U>
  requires(std::same_as<U, T> || ...) BoxedVariant(U value)
      : shared_(new Shared<U>{{{}, index_of<U>()}, std::move(value)}) {}
  BoxedVariant(const BoxedVariant& other) noexcept : shared_(other.shared_) {
    if (shared_ != nullptr) {
      shared_->count.hold();
    }
  }
  BoxedVariant(BoxedVariant&& other) noexcept : shared_(std::exchange(other.shared_, nullptr)) {}
  BoxedVariant& operator=(BoxedVariant other) noexcept {
    std::swap(shared_, other.shared_);
    return *this;
  }
  ~BoxedVariant() {
    if (shared_ != nullptr && shared_->count.let_go()) {
      constexpr std::array<void (*)(Header*), sizeof...(T)> kEnds{&end<T>...};
      kEnds[shared_->index](shared_);
    }
  }

  /// The value. Pre: it is of that type. Valid until it is changed or set.
  template <class U>
  [[nodiscard]] const U& get() const {
    STSIM_ASSERT(index() == index_of<U>());
    return shared_ != nullptr ? in<U>(shared_) : none<U>();
  }
  /// The value to be changed. Pre: it is of that type. Valid until it is copied or set.
  template <class U>
  [[nodiscard]] U& edit() {
    if (shared_ == nullptr || !shared_->count.alone()) {
      *this = BoxedVariant(get<U>());
    }
    STSIM_ASSERT(index() == index_of<U>());
    return in<U>(shared_);
  }

  /// Calls `each` with the value.
  template <class Each>
  void visit(Each&& each) const {
    const std::uint8_t is = index();
    static_cast<void>(((is == index_of<T>() && (each(get<T>()), true)) || ...));
  }
  /// Calls `each` with the value, to be changed.
  template <class Each>
  void visit_to_edit(Each&& each) {
    const std::uint8_t is = index();
    static_cast<void>(((is == index_of<T>() && (each(edit<T>()), true)) || ...));
  }

 private:
  struct Header {
    SharedCount count{};
    std::uint8_t index{};  ///< among the types
  };
  template <class U>
  struct Shared : Header {
    U value;
  };

  template <class U>
  static constexpr std::uint8_t index_of() {
    std::uint8_t out = 0;
    static_cast<void>(((std::same_as<U, T> || (++out, false)) || ...));
    return out;
  }
  [[nodiscard]] std::uint8_t index() const { return shared_ != nullptr ? shared_->index : 0; }
  template <class U>
  static U& in(Header* shared) {
    return static_cast<Shared<U>*>(shared)->value;
  }
  template <class U>
  [[nodiscard]] static const U& none() {
    static const U kNone{};
    return kNone;
  }
  template <class U>
  static void end(Header* shared) {
    delete static_cast<Shared<U>*>(shared);
  }

  Header* shared_{};
};

}  // namespace stsim
