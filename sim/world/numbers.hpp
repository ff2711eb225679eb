#pragma once
// Numbers in the place of identities, of which only the relations among each other matter.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace stsim::world {

/// Numbers things in the order in which they are first met, from 1. A thing is what is left of it
/// in 64 bits: a number, or half of a uid or digest. Half of `kFew` things, a power of
/// two, fit in before memory is taken.
template <std::size_t kFew>
class Numbers {
  static_assert(std::has_single_bit(kFew));

 public:
  Numbers() = default;
  Numbers(const Numbers&) = delete;
  Numbers& operator=(const Numbers&) = delete;
  ~Numbers() = default;

  /// How many things were met so far.
  [[nodiscard]] std::uint64_t met() const { return met_; }

  std::uint64_t of(std::uint64_t thing) {
    if (2 * met_ > mask_) {
      grow();
    }
    Slot& slot = slot_of(thing);
    if (slot.number == 0) {
      slot = {thing, ++met_};
    }
    return slot.number;
  }

 private:
  struct Slot {
    std::uint64_t thing{};
    std::uint64_t number{};  ///< 0: the slot is free
  };

  Slot& slot_of(std::uint64_t thing) {
    std::size_t place = thing;
    while (true) {
      Slot& slot = slots_[place++ & mask_];
      if (slot.number == 0 || slot.thing == thing) {
        return slot;
      }
    }
  }
  void grow() {
    std::vector<Slot> before(slots_, slots_ + mask_ + 1);
    more_.assign(4 * before.size(), {});
    slots_ = more_.data();
    mask_ = more_.size() - 1;
    for (const Slot& slot : before) {
      if (slot.number != 0) {
        slot_of(slot.thing) = slot;
      }
    }
  }

  std::array<Slot, kFew> few_{};
  std::vector<Slot> more_;      ///< in the place of few_ as soon as they are too few
  Slot* slots_{few_.data()};    ///< a power of two of them, at least half of them free
  std::size_t mask_{kFew - 1};  ///< one less than there are
  std::uint64_t met_{};
};

}  // namespace stsim::world
