// A world under different loads: a single write, many sets, many claims, and the steps of a search.
#include "bench/bare_queue.hpp"
#include "bench/cluster.hpp"

#include <benchmark/benchmark.h>
#include <stsim/world/difference.hpp>

namespace stsim::bench {

namespace {

/// How long one push and pop of the bare queue take, with a thousand pending.
double seconds_of_unit() {
  constexpr std::uint64_t kHolds = 1'000'000;
  BareQueue queue(1'000);
  return seconds_of_work([&queue] { queue.hold(kHolds); }) / kHolds;
}

/// Measures one call of `write` and says what it takes in units of the bare queue.
template <class Write>
void in_units(benchmark::State& state, Write write) {
  double seconds = 0;
  for (auto _ : state) {
    seconds += seconds_of_work(write);
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["units"] = seconds / static_cast<double>(state.iterations()) / seconds_of_unit();
}

/// Changes the readiness of one pod after the other, of a thousand.
void report_readiness(Cluster& cluster, const char* prefix, std::uint64_t n) {
  constexpr std::uint64_t kPods = 1'000;
  const api::ObjectKey key{api::Kind::Pod, "default", fmt::format("{}-{}", prefix, n % kPods)};
  api::Object pod = *cluster.world().store.find(key);
  pod.as<api::Pod>().status.set_condition(
      api::PodConditionType::Ready, n / kPods % 2 == 0, cluster.world().now);
  STSIM_ASSERT(cluster.user().update_status(std::move(pod)).has_value());
}

/// One API write, stored, traced and delivered to all who watch: the status of a pod that belongs
/// to nobody.
void write(benchmark::State& state) {
  Cluster cluster(false);
  for (int i = 0; i < 1'000; ++i) {
    cluster.create(api::Kind::Pod,
                   {{"apiVersion", "v1"},
                    {"kind", "Pod"},
                    {"metadata", {{"name", fmt::format("alone-{}", i)}}},
                    {"spec", {{"containers", {{{"name", "web"}, {"image", "web:v1"}}}}}}});
  }
  cluster.settle();
  std::uint64_t n = 0;
  in_units(state, [&] { report_readiness(cluster, "alone", n++); });
}

/// The same of a pod of a set, with all that controllers then look at and write.
void write_and_react(benchmark::State& state) {
  Cluster cluster(false);
  cluster.create(api::Kind::StatefulSet, set_manifest("web", 1'000, {.parallel = true}));
  cluster.settle();
  std::uint64_t n = 0;
  in_units(state, [&] { report_readiness(cluster, "web", n++); });
}

/// So many sets of ten replicas each that come up at once.
void fleet(benchmark::State& state) {
  constexpr int kReplicas = 10;
  for (auto _ : state) {
    Cluster cluster;
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      cluster.create(api::Kind::StatefulSet,
                     set_manifest(fmt::format("set{:05}", i), kReplicas, {}));
    }
    cluster.settle();
  }
  state.counters["per_pod"] =
      benchmark::Counter(static_cast<double>(state.range(0) * kReplicas * state.iterations()),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// As many claims as volumes, in mixed sizes and modes.
void binding(benchmark::State& state) {
  for (auto _ : state) {
    Cluster cluster(false);
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      cluster.create(api::Kind::PersistentVolume, volume_manifest(i));
    }
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      cluster.create(api::Kind::PersistentVolumeClaim, claim_manifest(i));
    }
    cluster.settle();
  }
  state.counters["per_claim"] =
      benchmark::Counter(static_cast<double>(state.range(0) * state.iterations()),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// What a search does at each state: it copies the world, goes on by one event, and names the
/// situation.
enum class Search : unsigned char { Copy, Step, Fingerprint };

/// A search as far as `until`, at all states that a set of five replicas with claims goes through
/// until it is there.
void explore(benchmark::State& state, Search until) {
  Cluster cluster;
  for (int i = 0; i < 5; ++i) {
    cluster.create(api::Kind::PersistentVolume, volume_manifest(i));
  }
  cluster.create(api::Kind::StatefulSet, set_manifest("web", 5, {.claims = true}));
  std::vector<world::World> states;
  world::RestWatch rest(cluster.world());
  while (!rest.at_rest()) {
    states.push_back(cluster.world());
    world::step(cluster.world(), cluster.chooser(), cluster.trace());
  }
  std::size_t n = 0;
  for (auto _ : state) {
    world::World copy = states[n++ % states.size()];
    if (until != Search::Copy) {
      world::step(copy, cluster.chooser(), cluster.trace());
    }
    if (until == Search::Fingerprint) {
      benchmark::DoNotOptimize(world::fingerprint(copy));
    }
    benchmark::DoNotOptimize(copy);
  }
  state.SetItemsProcessed(state.iterations());
}

}  // namespace

BENCHMARK(write);
BENCHMARK(write_and_react);
BENCHMARK(fleet)->Unit(benchmark::kMillisecond)->Iterations(1)->Arg(100)->Arg(1'000)->Arg(10'000);
BENCHMARK(binding)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(100'000);
BENCHMARK_CAPTURE(explore, copy, Search::Copy);
BENCHMARK_CAPTURE(explore, step, Search::Step);
BENCHMARK_CAPTURE(explore, fingerprint, Search::Fingerprint);

}  // namespace stsim::bench
