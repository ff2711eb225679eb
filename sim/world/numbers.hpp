#pragma once
// Numbers in the place of identities, of which only the relations among each other matter.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace stsim::world {

/// Numbers things in the order in which they are first met, from 1. A thing is what is left of it
/// in 64 bits: a number, or half of a uid or digest.
class Numbers {
 public:
  /// `about`: how many things are expected.
  explicit Numbers(std::size_t about) : about_(about) {}

  /// How many things were met so far.
  [[nodiscard]] std::uint64_t met() const { return met_; }

  std::uint64_t of(std::uint64_t thing) {
    if (2 * met_ >= mask_) {
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
    mask_ = std::bit_ceil(2 * std::max<std::uint64_t>(about_, met_) + 2) - 1;
    const std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(mask_ + 1));
    for (const Slot& slot : before) {
      if (slot.number != 0) {
        slot_of(slot.thing) = slot;
      }
    }
  }

  std::size_t about_;
  std::vector<Slot> slots_;  ///< a power of two of them, at least half of them free
  std::size_t mask_{};       ///< one less than there are
  std::uint64_t met_{};
};

}  // namespace stsim::world
