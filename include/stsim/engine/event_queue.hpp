#pragma once
// The ordered queue of simulation events.

#include <stsim/base/error.hpp>
#include <stsim/engine/event.hpp>
#include <stsim/engine/trace.hpp>

#include <algorithm>
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
/// compares. Small keys are kept in a heap, the events themselves stay where they are.
class EventQueue {
 public:
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] std::size_t size() const { return heap_.size(); }

  /// Puts an event in. `actor` decides among those that are due at the same instant.
  void schedule(SimTime time, Actor actor, Causes causes, EventBody body);

  /// The next event. Pre: not empty. Valid until the queue is changed.
  [[nodiscard]] const Event& next() const;

  /// Takes the next event out. Pre: not empty.
  Event pop();

  /// Whether `holds` is true of every pending event.
  template <class Predicate>
  [[nodiscard]] bool all_of(Predicate holds) const {
    return std::ranges::all_of(heap_, [&](const Key& key) { return holds(slots_[key.slot]); });
  }

  bool operator==(const EventQueue& other) const;

 private:
  struct Key {
    SimTime time;
    std::uint64_t order{};  ///< the actor in the highest byte, the sequence below
    std::uint32_t slot{};
    friend bool operator<(const Key& a, const Key& b) {
      return a.time != b.time ? a.time < b.time : a.order < b.order;
    }
  };
  void sift_up(std::size_t at);
  void sift_down(std::size_t at);

  std::vector<Key> heap_;
  std::vector<Event> slots_;
  std::vector<std::uint32_t> free_;
  std::uint64_t sequence_{};
};

}  // namespace stsim::engine
