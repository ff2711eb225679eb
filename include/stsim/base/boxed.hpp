#pragma once
// A value that lies apart from its owner and is shared by copies until one of them changes it.

#include <stsim/base/shared_count.hpp>

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

}  // namespace stsim
