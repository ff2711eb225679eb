#pragma once
// What was computed once of a value that does not change any more.

#include <atomic>
#include <cstdint>
#include <memory>

namespace stsim {

/// A number that is kept beside the value it is a function of. Copies of the value start without
/// it, as they may be changed; whoever asks a value for it must not change that value afterwards.
/// Several threads may ask at once.
class Memo {
 public:
  Memo() = default;
  Memo(const Memo&) noexcept {}
  Memo& operator=(const Memo&) noexcept {
    number_.store(0, std::memory_order_relaxed);
    return *this;
  }
  ~Memo() = default;

  /// The number, which `compute` finds if it was not asked for before; never 0.
  template <class Compute>
  [[nodiscard]] std::uint64_t get(Compute compute) const {
    std::uint64_t known = number_.load(std::memory_order_relaxed);
    if (known == 0) {
      known = compute();
      known += known == 0 ? 1 : 0;
      number_.store(known, std::memory_order_relaxed);
    }
    return known;
  }

  /// Whether it is known already makes no difference.
  bool operator==(const Memo&) const { return true; }

 private:
  mutable std::atomic<std::uint64_t> number_{0};
};

/// The same for what is larger than a number.
template <class T>
class SharedMemo {
 public:
  SharedMemo() = default;
  SharedMemo(const SharedMemo&) noexcept {}
  SharedMemo& operator=(const SharedMemo&) noexcept {
    known_.store(nullptr, std::memory_order_relaxed);
    return *this;
  }
  ~SharedMemo() = default;

  /// The value, which `compute` makes (as a std::shared_ptr) if it was not asked for before.
  template <class Compute>
  [[nodiscard]] std::shared_ptr<const T> get(Compute compute) const {
    std::shared_ptr<const T> known = known_.load(std::memory_order_acquire);
    if (known == nullptr) {
      std::shared_ptr<const T> made = compute();
      // Of several who ask at once the first decides for all.
      return known_.compare_exchange_strong(known, made) ? made : known;
    }
    return known;
  }

  /// Whether it is known already makes no difference.
  bool operator==(const SharedMemo&) const { return true; }

 private:
  mutable std::atomic<std::shared_ptr<const T>> known_;
};

}  // namespace stsim
