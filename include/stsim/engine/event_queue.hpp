#pragma once
// The ordered queue of simulation events.

#include <stsim/base/error.hpp>
#include <stsim/base/int128.hpp>
#include <stsim/engine/event.hpp>
#include <stsim/engine/trace.hpp>

#include <algorithm>
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

/// A pending event where it lies in the queue. Holds references: valid until the queue is changed.
struct PendingEvent {
  SimTime time;
  Actor actor{};
  std::uint64_t sequence{};
  const Causes& causes;
  const EventBody& body;
};

/// Events in the order of time, then of actors, then of scheduling. A value: it copies and
/// compares.
///
/// Only the next few events are kept in order, in a heap. Those that are due later lie unsorted in
/// buckets of equal spans of time, those after all buckets on a pile, and each bucket
/// is sorted, or spread over finer ones, when its time comes. So the cost of an event hardly grows
/// with how many are pending (a ladder queue: Tang, Goh, Thng, 2005). Keys of 16 bytes are what is
/// moved about; the events themselves stay where they are.
class EventQueue {
 public:
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }

  /// Puts an event in. `actor` decides among those that are due at the same instant. Pre: at most
  /// 16,777,216 are pending, and fewer than 2^36 were put in before; a time before the last that
  /// SimTime can say.
  void schedule(SimTime time, Actor actor, const Causes& causes, EventBody body);

  /// The next event. Pre: not empty. Valid until the queue is changed.
  [[nodiscard]] PendingEvent next() const {
    STSIM_ASSERT(size_ > 0);
    return pending(near_.front());
  }

  /// Takes the next event out. Pre: not empty.
  Event pop();

  /// Calls `each` with every pending event, in any order.
  template <class Each>
  void for_each(Each each) const {
    const auto all = [&](const std::vector<Key>& keys) {
      for (const Key key : keys) {
        each(pending(key));
      }
    };
    all(near_);
    all(far_);
    for (const Rung& rung : rungs_) {
      std::ranges::for_each(rung.buckets, all);
    }
  }

  /// Calls `each` with every pending event, in the order in which they will be popped.
  template <class Each>
  void for_each_in_order(Each each) const {
    for (const Key key : keys_in_order()) {
      each(pending(key));
    }
  }

  bool operator==(const EventQueue& other) const;

 private:
  /// From the highest bit down: the time, the actor, the sequence, and the slot of the event.
  using Key = UInt128;
  static constexpr int kActorBits = 4;
  static constexpr int kSlotBits = 24;
  static constexpr int kSequenceBits = 64 - kActorBits - kSlotBits;

  /// What the key of an event does not say.
  struct Slot {
    Causes causes;
    EventBody body;
    bool operator==(const Slot&) const = default;
  };
  /// Buckets for the keys between two instants.
  struct Rung {
    std::uint64_t start{};  ///< the first instant of the first bucket
    std::uint64_t end{};    ///< the first instant behind the last
    int shift{};            ///< a bucket spans 2^shift instants
    std::size_t opened{};   ///< how many buckets were emptied for good
    std::vector<std::vector<Key>> buckets;
    /// Where the keys of an instant belong. Pre: it is between the two.
    [[nodiscard]] std::size_t bucket_of(std::uint64_t instant) const {
      return (instant - start) >> shift;
    }
    /// The first instant that belongs to a bucket which is not opened yet.
    [[nodiscard]] std::uint64_t end_of_opened() const {
      return opened == buckets.size() ? end : start + (opened << shift);
    }
  };

  /// A time as a number that is never negative.
  [[nodiscard]] static std::uint64_t instant_of(Key key) {
    return static_cast<std::uint64_t>(key >> 64U);
  }
  [[nodiscard]] static std::size_t slot_of(Key key) {
    return static_cast<std::size_t>(key) & ((std::size_t{1} << kSlotBits) - 1);
  }
  [[nodiscard]] static Key key_of(SimTime time,
                                  Actor actor,
                                  std::uint64_t sequence,
                                  std::size_t slot);
  [[nodiscard]] PendingEvent pending(Key key) const;
  [[nodiscard]] std::size_t take_slot();
  [[nodiscard]] std::vector<Key> keys_in_order() const;
  void put(Key key);
  void refill();
  void come_near(std::vector<Key> keys);
  void spread(std::vector<Key> keys, std::uint64_t end);

  std::vector<Key> near_;    ///< a heap, the least key in front: all before the unopened buckets
  std::vector<Rung> rungs_;  ///< each covers what the one before it has opened last
  std::vector<Key> far_;     ///< all from `far_from_` on, unsorted
  std::uint64_t far_from_{};
  std::size_t size_{};
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::uint64_t sequence_{};
};

}  // namespace stsim::engine
