// The event queue beside the bare std::priority_queue.
#include "bench/bare_queue.hpp"

#include <benchmark/benchmark.h>
#include <stsim/engine/event_queue.hpp>

#include <algorithm>

namespace stsim::bench {

namespace {

/// The same hold model as BareQueue, with an empty handler.
class OurQueue {
 public:
  explicit OurQueue(std::uint64_t pending) {
    const engine::EventBody body = engine::CallLands{engine::Actor::StatefulSetController, 1};
    while (n_ < pending) {
      queue_.schedule(SimTime{SimDuration{delay(n_++)}}, engine::Actor::Kubelet, {}, body);
    }
    hold(pending);
  }

  void hold(std::uint64_t times) {
    for (std::uint64_t i = 0; i < times; ++i) {
      const engine::Event event = queue_.pop();
      queue_.schedule(event.time + SimDuration{delay(n_++)}, event.actor, event.causes, event.body);
    }
  }

 private:
  engine::EventQueue queue_;
  std::uint64_t n_{};
};

double median(std::vector<double> of) {
  std::ranges::sort(of);
  return of[of.size() / 2];
}

/// Both in turn, five times, with so many pending. `ratio` is our rate by that of the bare queue.
void hold(benchmark::State& state) {
  constexpr int kRounds = 5;
  constexpr std::uint64_t kHolds = 1'000'000;
  const auto pending = static_cast<std::uint64_t>(state.range(0));
  std::vector<double> ours;
  std::vector<double> bare;
  std::vector<double> ratios;
  for (auto _ : state) {
    BareQueue bare_queue(pending);
    OurQueue our_queue(pending);
    for (int round = 0; round < kRounds; ++round) {
      bare.push_back(seconds_of_work([&] { bare_queue.hold(kHolds); }));
      ours.push_back(seconds_of_work([&] { our_queue.hold(kHolds); }));
      ratios.push_back(bare.back() / ours.back());
    }
    state.SetIterationTime(median(ours));
  }
  state.counters["bare/s"] = kHolds / median(bare);
  state.counters["ours/s"] = kHolds / median(ours);
  state.counters["ratio"] = median(ratios);
}

}  // namespace

BENCHMARK(hold)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond)
    ->Arg(1'000)
    ->Arg(100'000)
    ->Arg(10'000'000);

}  // namespace stsim::bench
