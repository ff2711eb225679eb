// The soak: random scenarios, one after the other, each examined. What is wrong is printed with the
// seed; `stsim_soak --seed SEED --count 1 --print` shows its scenario.
#include "soak/examine.hpp"
#include "soak/generate.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>

using namespace stsim;

int main(int argc, char** argv) {
  CLI::App app{"Runs random scenarios and checks every decision and every invariant."};
  std::uint64_t seed = 1;
  std::uint64_t count = 1000;
  double seconds = 0;
  bool print = false;
  app.add_option("--seed", seed, "the first scenario's seed; the others follow")
      ->capture_default_str();
  app.add_option("--count", count, "how many scenarios")->capture_default_str();
  app.add_option("--seconds", seconds, "runs that long instead");
  app.add_flag("--print", print, "prints each scenario before it runs");
  CLI11_PARSE(app, argc, argv);

  using Clock = std::chrono::steady_clock;
  const auto started = Clock::now();
  const auto passed = [&started] {
    return std::chrono::duration<double>(Clock::now() - started).count();
  };
  soak::Examined all;
  std::uint64_t done = 0;
  std::uint64_t faulty = 0;
  while (seconds > 0 ? passed() < seconds : done < count) {
    const std::uint64_t now = seed + done++;
    const std::string text = soak::scenario_text(now);
    if (print) {
      fmt::print("{}", text);
      std::fflush(stdout);
    }
    const soak::Examined one = soak::examine(text);
    all.events += one.events;
    all.syncs += one.syncs;
    all.rests += one.rests;
    faulty += one.faults.empty() ? 0U : 1U;
    for (const std::string& fault : one.faults) {
      fmt::print("seed {}: {}\n", now, fault);
    }
    std::fflush(stdout);
  }
  fmt::print(
      "{} scenarios from seed {}, {} of them with faults: {} decisions compared, invariants "
      "checked "
      "after {} writes and at {} rests, {:.0f} scenarios a minute\n",
      done,
      seed,
      faulty,
      all.syncs,
      all.events,
      all.rests,
      60.0 * static_cast<double>(done) / passed());
  const bool hollow = all.syncs == 0 || all.events == 0 || all.rests == 0;
  if (hollow) {
    fmt::print("nothing was checked\n");
  }
  return faulty == 0 && !hollow ? 0 : 1;
}
