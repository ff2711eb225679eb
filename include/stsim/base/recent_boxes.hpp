#pragma once
// What was made lately, to be shared by who makes the same again.

#include <stsim/base/boxed.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace stsim {

/// Remembers up to 64 values, each in one of two places by its digest. It decides nothing: without
/// it there would only be more boxes that hold the same. A value: copies share what is remembered.
template <class T>
class RecentBoxes {
 public:
  /// The value of that digest of which `is_same` holds, or else what `make` makes, which is
  /// remembered.
  template <class IsSame, class Make>
  [[nodiscard]] Boxed<T> get(std::uint64_t digest, IsSame is_same, Make make) {
    const std::size_t at = digest % kMost;
    const std::size_t beside = at ^ 1U;
    for (const std::size_t place : {at, beside}) {
      if (const Boxed<T>& known = (*all_)[place]; known.is_set() && is_same(*known)) {
        return known;
      }
    }
    auto& all = all_.edit();
    all[beside] = std::move(all[at]);
    return all[at] = Boxed<T>(make());
  }

 private:
  static constexpr std::size_t kMost = 64;
  Boxed<std::array<Boxed<T>, kMost>> all_;
};

}  // namespace stsim
