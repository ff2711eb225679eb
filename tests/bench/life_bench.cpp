// The life of one set, with pods that start and stop by themselves: from nothing to N replicas, a
// rolling update of all or of half of them, and back to nothing.
#include "bench/cluster.hpp"

#include <benchmark/benchmark.h>
#include <sys/resource.h>

namespace stsim::bench {

namespace {

class Life {
 public:
  Life(const Look& look, std::int64_t replicas) {
    if (look.claims) {
      for (std::int64_t i = 0; i < replicas; ++i) {
        cluster_.create(api::Kind::PersistentVolume, volume_manifest(i));
      }
    }
    cluster_.create(api::Kind::StatefulSet, set_manifest("web", replicas, look));
  }

  void run() {
    cluster_.settle();
    cluster_.change("web", [](api::Json& set) {
      set["spec"]["template"]["spec"]["containers"][0]["image"] = "web:v2";
    });
    cluster_.settle();
    cluster_.change("web", [](api::Json& set) { set["spec"]["replicas"] = 0; });
    cluster_.settle();
  }

  [[nodiscard]] std::uint64_t events() { return cluster_.world().events; }
  [[nodiscard]] std::size_t writes() { return cluster_.trace().writes; }

 private:
  Cluster cluster_;
};

double peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

void life(benchmark::State& state, Look look) {
  const std::int64_t replicas = state.range(0);
  double events = 0;
  double writes = 0;
  for (auto _ : state) {
    Life life(look, replicas);
    life.run();
    events += static_cast<double>(life.events());
    writes += static_cast<double>(life.writes());
  }
  const auto pods = static_cast<double>(replicas * state.iterations());
  state.counters["per_pod"] =
      benchmark::Counter(pods, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["events/s"] = benchmark::Counter(events, benchmark::Counter::kIsRate);
  state.counters["writes/s"] = benchmark::Counter(writes, benchmark::Counter::kIsRate);
  // Of the process so far; of one benchmark alone with --benchmark_filter.
  state.counters["peak_bytes/pod"] = peak_bytes() / static_cast<double>(replicas);
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->Unit(benchmark::kMillisecond)->Iterations(1);
  for (const std::int64_t replicas : {1'000, 10'000, 100'000}) {
    benchmark->Arg(replicas);
  }
}

}  // namespace

BENCHMARK_CAPTURE(life, ordered, Look{})->Apply(sizes);
BENCHMARK_CAPTURE(life, ordered_half, Look{.half = true})->Apply(sizes);
BENCHMARK_CAPTURE(life, ordered_claims, Look{.claims = true})->Apply(sizes);
BENCHMARK_CAPTURE(life, parallel, Look{.parallel = true})->Apply(sizes);
BENCHMARK_CAPTURE(life, parallel_claims, Look{.parallel = true, .claims = true})->Apply(sizes);

}  // namespace stsim::bench
