#pragma once
// How many hold something that is shared: what texts, boxes and the nodes of maps count with.

#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#endif

#include <atomic>
#include <cstdint>

namespace stsim {

/// Begins with one holder. Holders may be of different threads; as long as a program has only one,
/// counting costs no more than adding.
class SharedCount {
 public:
  SharedCount() = default;
  SharedCount(const SharedCount&) = delete;
  SharedCount& operator=(const SharedCount&) = delete;

  /// One more holds it.
  void hold() noexcept {
    if (one_thread()) {
      holders_.store(holders_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    } else {
      holders_.fetch_add(1, std::memory_order_relaxed);
    }
  }

  /// One holder less. Returns whether that was the last.
  [[nodiscard]] bool let_go() noexcept {
    if (one_thread()) {
      const std::uint32_t left = holders_.load(std::memory_order_relaxed) - 1;
      holders_.store(left, std::memory_order_relaxed);
      return left == 0;
    }
    return holders_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }

  /// Whether only one holds it; then nobody else can come to hold it meanwhile.
  [[nodiscard]] bool alone() const noexcept {
    return holders_.load(std::memory_order_acquire) == 1;
  }

 private:
  [[nodiscard]] static bool one_thread() noexcept {
#if __has_include(<sys/single_threaded.h>)
    return __libc_single_threaded != 0;
#else
    return false;
#endif
  }

  std::atomic<std::uint32_t> holders_{1};
};

}  // namespace stsim
