#pragma once
// The bare std::priority_queue that costs are compared with: what a plain simulator would queue, a
// time and 64 bytes.

#include <stsim/base/hash.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

namespace stsim::bench {

/// The n-th delay of the hold model, of up to about a second.
inline std::int64_t delay(std::uint64_t n) {
  return static_cast<std::int64_t>(mix64(n) % 1'000'000);
}

/// How many seconds something takes.
template <class Work>
double seconds_of_work(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The hold model, in which an event is taken out and one put in at a random later time. At first
/// each of the pending events has been taken out once.
class BareQueue {
 public:
  explicit BareQueue(std::uint64_t pending) {
    while (n_ < pending) {
      queue_.push({delay(n_++), {}});
    }
    hold(pending);
  }

  /// Takes one out and puts one in, so many times.
  void hold(std::uint64_t times) {
    for (std::uint64_t i = 0; i < times; ++i) {
      Event event = queue_.top();
      queue_.pop();
      event.time += delay(n_++);
      queue_.push(event);
    }
  }

 private:
  struct Event {
    std::int64_t time{};
    std::array<std::byte, 64> payload{};
    friend bool operator>(const Event& a, const Event& b) { return a.time > b.time; }
  };
  std::priority_queue<Event, std::vector<Event>, std::greater<>> queue_;
  std::uint64_t n_{};
};

}  // namespace stsim::bench
