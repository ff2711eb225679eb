// The life of one set, with pods that start and stop by themselves: from nothing to N replicas, a
// rolling update of all or of half of them, and back to nothing.
#include "bench/bare_queue.hpp"
#include "bench/cluster.hpp"

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <fstream>
#include <map>
#include <string>
#include <utility>

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

/// Lets go of what is free, and measures the peak of memory anew from now on.
void forget_peak() {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << 5;
}

/// The most memory that the process has had since.
double peak_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word == "VmHWM:") {
      double kibibytes = 0;
      status >> kibibytes;
      return kibibytes * 1024;
    }
  }
  return 0;
}

/// One life. `growth` is the time for a pod beside that of the size before, a tenth of it.
void life(benchmark::State& state, const char* name, Look look) {
  static std::map<std::pair<std::string, std::int64_t>, double> seconds_of_pod;
  const std::int64_t replicas = state.range(0);
  double events = 0;
  double writes = 0;
  double seconds = 0;
  for (auto _ : state) {
    forget_peak();
    Life life(look, replicas);
    seconds += seconds_of_work([&life] { life.run(); });
    events += static_cast<double>(life.events());
    writes += static_cast<double>(life.writes());
  }
  const double of_pod = seconds / static_cast<double>(replicas * state.iterations());
  seconds_of_pod[{name, replicas}] = of_pod;
  state.counters["per_pod"] = of_pod;
  if (const auto smaller = seconds_of_pod.find({name, replicas / 10});
      smaller != seconds_of_pod.end()) {
    state.counters["growth"] = of_pod / smaller->second;
  }
  state.counters["events/s"] = events / seconds;
  state.counters["writes/s"] = writes / seconds;
  state.counters["peak_bytes/pod"] = peak_bytes() / static_cast<double>(replicas);
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->Unit(benchmark::kMillisecond)->Iterations(1);
  for (const std::int64_t replicas : {1'000, 10'000, 100'000, 1'000'000}) {
    benchmark->Arg(replicas);
  }
}

}  // namespace

BENCHMARK_CAPTURE(life, ordered, "ordered", Look{})->Apply(sizes);
BENCHMARK_CAPTURE(life, ordered_half, "ordered_half", Look{.half = true})->Apply(sizes);
BENCHMARK_CAPTURE(life, ordered_claims, "ordered_claims", Look{.claims = true})->Apply(sizes);
BENCHMARK_CAPTURE(life, parallel, "parallel", Look{.parallel = true})->Apply(sizes);
BENCHMARK_CAPTURE(life, parallel_half, "parallel_half", Look{.parallel = true, .half = true})
    ->Apply(sizes);
BENCHMARK_CAPTURE(life, parallel_claims, "parallel_claims", Look{.parallel = true, .claims = true})
    ->Apply(sizes);

}  // namespace stsim::bench
