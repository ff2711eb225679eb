// The life of one set, with pods that start and stop by themselves: from nothing to N replicas, a
// rolling update of all or of half of them, and back to nothing.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <stsim/world/client.hpp>
#include <stsim/world/world.hpp>
#include <sys/resource.h>

namespace stsim::bench {

namespace {

/// Counts what happens.
class Counting : public engine::TraceSink {
 public:
  void record(const engine::TraceRecord& record) override {
    writes += record.type == engine::TraceRecord::Type::Call ? 1 : 0;
  }
  std::size_t writes{};
};

/// What a set is like.
struct Look {
  bool parallel{};
  bool claims{};
  bool half{};  ///< the update stops at half of the pods
};

class Life {
 public:
  Life(const Look& look, std::int64_t replicas)
      : replicas_(replicas),
        settings_(settings()),
        chooser_(1),
        world_(world::make_world(settings_, trace_)),
        user_(world_, chooser_, trace_, engine::Actor::User, 1) {
    if (look.claims) {
      for (std::int64_t i = 0; i < replicas; ++i) {
        create(api::Kind::PersistentVolume, volume(i));
      }
    }
    create(api::Kind::StatefulSet, set(look));
  }

  void run() {
    settle();
    change([](api::Json& set) {
      set["spec"]["template"]["spec"]["containers"][0]["image"] = "web:v2";
    });
    settle();
    change([](api::Json& set) { set["spec"]["replicas"] = 0; });
    settle();
  }

  [[nodiscard]] std::size_t events() const { return events_; }
  [[nodiscard]] std::size_t writes() const { return trace_.writes; }

 private:
  static std::shared_ptr<const world::Settings> settings() {
    auto out = std::make_shared<world::Settings>();
    out->most_objects = 100'000'000;
    return out;
  }

  void create(api::Kind kind, const api::Json& manifest) {
    STSIM_ASSERT(user_.create(kind, manifest, "default").has_value());
  }

  template <class Change>
  void change(Change change) {
    const api::ObjectKey key{api::Kind::StatefulSet, "default", "web"};
    const auto apply = [&](api::Json set) -> Result<api::Json, api::ApiError> {
      change(set);
      return set;
    };
    STSIM_ASSERT(user_.patch(key, apply, "").has_value());
  }

  /// However long it takes: an ordered set of many pods needs days.
  void settle() {
    while (!world::at_rest(world_)) {
      world::step(world_, chooser_, trace_);
      ++events_;
    }
  }

  [[nodiscard]] api::Json set(const Look& look) const {
    api::Json spec = {{"replicas", replicas_},
                      {"podManagementPolicy", look.parallel ? "Parallel" : "OrderedReady"},
                      {"serviceName", "web"},
                      {"updateStrategy",
                       {{"type", "RollingUpdate"},
                        {"rollingUpdate", {{"partition", look.half ? replicas_ / 2 : 0}}}}},
                      {"selector", {{"matchLabels", {{"app", "web"}}}}},
                      {"template",
                       {{"metadata", {{"labels", {{"app", "web"}}}}},
                        {"spec", {{"containers", {{{"name", "web"}, {"image", "web:v1"}}}}}}}}};
    if (look.claims) {
      spec["volumeClaimTemplates"] = {{{"metadata", {{"name", "data"}}},
                                       {"spec",
                                        {{"accessModes", {"ReadWriteOnce"}},
                                         {"resources", {{"requests", {{"storage", "1Gi"}}}}}}}}};
    }
    return {{"apiVersion", "apps/v1"},
            {"kind", "StatefulSet"},
            {"metadata", {{"name", "web"}}},
            {"spec", std::move(spec)}};
  }

  static api::Json volume(std::int64_t number) {
    const std::string name = fmt::format("pv{:07}", number);
    return {{"apiVersion", "v1"},
            {"kind", "PersistentVolume"},
            {"metadata", {{"name", name}}},
            {"spec",
             {{"capacity", {{"storage", fmt::format("{}Gi", 1 + number % 3)}}},
              {"accessModes", {"ReadWriteOnce"}},
              {"nfs", {{"server", "node2"}, {"path", "/" + name}}}}}};
  }

  std::int64_t replicas_;
  std::shared_ptr<const world::Settings> settings_;
  engine::SeededChooser chooser_;
  Counting trace_;
  world::World world_;
  world::Client user_;
  std::size_t events_{};
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
