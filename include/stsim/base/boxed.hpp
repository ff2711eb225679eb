#pragma once
// A value that lies apart from its owner and is shared by copies until one of them changes it.

#include <stsim/base/shared_count.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace stsim {

/// A value on the heap. Copies share it; edit() makes a copy of its own first if others hold it.
/// One that was never changed, or was moved from, takes no memory and is `T{}`.
template <class T>
class Boxed {
 public:
  Boxed() = default;
  // Not explicit: a box is its value.
  Boxed(T value) : shared_(new Shared{std::move(value)}) {}
  Boxed(const Boxed& other) noexcept : shared_(other.shared_) {
    if (shared_ != nullptr) {
      shared_->count.hold();
    }
  }
  Boxed(Boxed&& other) noexcept : shared_(std::exchange(other.shared_, nullptr)) {}
  Boxed& operator=(Boxed other) noexcept {
    std::swap(shared_, other.shared_);
    return *this;
  }
  ~Boxed() {
    if (shared_ != nullptr && shared_->count.let_go()) {
      delete shared_;
    }
  }

  [[nodiscard]] const T& operator*() const { return shared_ != nullptr ? shared_->value : none(); }
  /// Whether there is anything in it; if not, it is `T{}`.
  [[nodiscard]] bool is_set() const { return shared_ != nullptr; }
  [[nodiscard]] const T* operator->() const { return &**this; }

  /// The value to be changed. Valid until the box is copied.
  [[nodiscard]] T& edit() {
    if (shared_ == nullptr || !shared_->count.alone()) {
      *this = Boxed(**this);
    }
    return shared_->value;
  }

  friend bool operator==(const Boxed& a, const Boxed& b) {
    return a.shared_ == b.shared_ || *a == *b;
  }

 private:
  struct Shared {
    T value;
    SharedCount count{};
  };
  [[nodiscard]] static const T& none() {
    static const T kNone{};
    return kNone;
  }
  Shared* shared_{};
};

/// A std::optional of 8 bytes, for what is large and mostly not there. Copies share the value.
template <class T>
class OptionalBox {
 public:
  OptionalBox() = default;
  // Not explicit: it is its value.
  template <class U>
  requires std::convertible_to<U, T> &&
      (!std::same_as<std::remove_cvref_t<U>, OptionalBox>)OptionalBox(U&& value)
      : box_(Boxed<T>(T(std::forward<U>(value)))) {}

  /// Whether there is a value.
  [[nodiscard]] bool has_value() const { return box_.is_set(); }
  explicit operator bool() const { return has_value(); }
  /// Pre: there is a value. Valid until another is put in its place.
  [[nodiscard]] const T& operator*() const { return *box_; }
  [[nodiscard]] const T* operator->() const { return &*box_; }
  /// The value, or `fallback` where there is none.
  [[nodiscard]] T value_or(const T& fallback) const { return has_value() ? *box_ : fallback; }

  bool operator==(const OptionalBox& other) const {
    return has_value() == other.has_value() && box_ == other.box_;
  }

 private:
  Boxed<T> box_;
};

}  // namespace stsim
