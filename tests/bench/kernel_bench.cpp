// The event queue beside the bare std::priority_queue: the hold model, in which an event is taken
// out and one put in at a random later time, with so many pending.
#include <benchmark/benchmark.h>
#include <stsim/base/hash.hpp>
#include <stsim/engine/event_queue.hpp>

#include <array>
#include <queue>
#include <vector>

namespace stsim::bench {

namespace {

/// What a plain simulator would queue: a time and 64 bytes.
struct PlainEvent {
  std::int64_t time{};
  std::array<std::byte, 64> payload{};
  friend bool operator>(const PlainEvent& a, const PlainEvent& b) { return a.time > b.time; }
};

/// The n-th delay, of up to about a second.
std::int64_t delay(std::uint64_t n) {
  return static_cast<std::int64_t>(mix64(n) % 1'000'000);
}

void hold_plain(benchmark::State& state) {
  const auto pending = static_cast<std::uint64_t>(state.range(0));
  std::priority_queue<PlainEvent, std::vector<PlainEvent>, std::greater<>> queue;
  std::uint64_t n = 0;
  while (n < pending) {
    queue.push({delay(n++), {}});
  }
  const auto hold = [&] {
    PlainEvent event = queue.top();
    queue.pop();
    event.time += delay(n++);
    queue.push(event);
  };
  while (n < 2 * pending) {
    hold();  // until each has been taken out once
  }
  for (auto _ : state) {
    hold();
  }
  state.SetItemsProcessed(state.iterations());
}

void hold_ours(benchmark::State& state) {
  const auto pending = static_cast<std::uint64_t>(state.range(0));
  engine::EventQueue queue;
  const engine::EventBody body = engine::CallLands{engine::Actor::StatefulSetController, 1};
  std::uint64_t n = 0;
  while (n < pending) {
    queue.schedule(SimTime{SimDuration{delay(n++)}}, engine::Actor::Kubelet, {}, body);
  }
  const auto hold = [&] {
    const engine::Event event = queue.pop();
    queue.schedule(event.time + SimDuration{delay(n++)}, event.actor, event.causes, event.body);
  };
  while (n < 2 * pending) {
    hold();
  }
  for (auto _ : state) {
    hold();
  }
  state.SetItemsProcessed(state.iterations());
}

}  // namespace

BENCHMARK(hold_plain)->Arg(1'000)->Arg(100'000)->Arg(10'000'000);
BENCHMARK(hold_ours)->Arg(1'000)->Arg(100'000)->Arg(10'000'000);

}  // namespace stsim::bench
