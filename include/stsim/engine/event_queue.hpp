#pragma once
// The ordered queue of simulation events.

#include <stsim/base/error.hpp>
#include <stsim/base/int128.hpp>
#include <stsim/engine/event.hpp>
#include <stsim/engine/trace.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace stsim::engine {

/// An event with the instant at which it is due and what caused it.
struct Event {
  SimTime time;
  Actor actor{};
  std::uint64_t sequence{};  ///< the order of scheduling
  Causes causes;
  EventBody body;
  bool operator==(const Event&) const = default;
};

/// Events in the order of time, then of actors, then of scheduling. A value: it copies and
/// compares. Keys of 16 bytes are kept in a heap whose families of four fill a cache line each; the
/// events themselves stay where they are.
class EventQueue {
 public:
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }

  /// Puts an event in. `actor` decides among those that are due at the same instant. Pre: at most
  /// 16,777,216 are pending.
  void schedule(SimTime time, Actor actor, const Causes& causes, EventBody body);

  /// The next event. Pre: not empty. Valid until the queue is changed.
  [[nodiscard]] const Event& next() const;

  /// Takes the next event out. Pre: not empty.
  Event pop();

  /// Whether `holds` is true of every pending event.
  template <class Predicate>
  [[nodiscard]] bool all_of(Predicate holds) const {
    for (std::size_t place = 0; place < size_; ++place) {
      if (!holds(slots_[slot_of(key(place))])) {
        return false;
      }
    }
    return true;
  }

  bool operator==(const EventQueue& other) const;

 private:
  /// From the highest bit down: the time, the actor, the sequence, and the slot of the event.
  using Key = UInt128;
  static constexpr int kActorBits = 4;
  static constexpr int kSlotBits = 24;
  static constexpr int kSequenceBits = 64 - kActorBits - kSlotBits;
  /// Behind every event: it fills the places that are not used.
  static constexpr Key kNone = ~Key{0};
  static constexpr std::size_t kChildren = 4;

  /// The children of one key.
  struct alignas(64) Family {
    std::array<Key, kChildren> keys{kNone, kNone, kNone, kNone};
  };

  [[nodiscard]] static Key key_of(SimTime time,
                                  Actor actor,
                                  std::uint64_t sequence,
                                  std::size_t slot);
  [[nodiscard]] static std::size_t slot_of(Key key) {
    return static_cast<std::size_t>(key) & ((std::size_t{1} << kSlotBits) - 1);
  }
  // The root is the last of the first family, so that the children of the n-th key are family n
  // + 1.
  [[nodiscard]] const Key& key(std::size_t place) const {
    return families_[(place + kChildren - 1) / kChildren].keys[(place + kChildren - 1) % kChildren];
  }
  [[nodiscard]] Key& key(std::size_t place) {
    return families_[(place + kChildren - 1) / kChildren].keys[(place + kChildren - 1) % kChildren];
  }
  void sift_up(std::size_t place, Key moved);
  [[nodiscard]] std::size_t sink_hole();
  [[nodiscard]] std::size_t take_slot();

  std::vector<Family> families_;
  std::size_t size_{};
  std::vector<Event> slots_;
  std::vector<std::uint32_t> free_;
  std::uint64_t sequence_{};
};

}  // namespace stsim::engine
