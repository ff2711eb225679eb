// The soak: scenarios, one after the other, each examined: random ones, or those of files. What is
// wrong is printed with the seed; `stsim_soak --seed SEED --count 1 --print` shows its scenario.
#include "soak/examine.hpp"
#include "soak/generate.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <stsim/scenario/load.hpp>

#include <chrono>
#include <cstdio>
#include <filesystem>

using namespace stsim;

namespace {

/// Examines scenarios and sums up what was found.
class Soak {
 public:
  void examine(const std::string& name, const Result<scenario::Scenario>& scenario) {
    const soak::Examined one =
        scenario
            ? soak::examine(*scenario)
            : soak::Examined{{"it cannot be loaded: " + to_string(scenario.error())}, 0, 0, 0, {}};
    ++scenarios_;
    faulty_ += one.faults.empty() ? 0U : 1U;
    all_.events += one.events;
    all_.syncs += one.syncs;
    all_.rests += one.rests;
    for (const auto& [accident, times] : one.struck) {
      all_.struck[accident] += times;
    }
    for (const std::string& fault : one.faults) {
      fmt::print("{}: {}\n", name, fault);
    }
    std::fflush(stdout);
  }

  /// In seconds.
  [[nodiscard]] double passed() const {
    return std::chrono::duration<double>(Clock::now() - started_).count();
  }
  [[nodiscard]] std::uint64_t scenarios() const { return scenarios_; }

  /// Prints the sums. Returns the program's exit status.
  [[nodiscard]] int end() const {
    fmt::print(
        "{} scenarios, {} of them with faults: {} decisions compared, invariants checked after {} "
        "writes and at {} rests, {:.0f} scenarios a minute\n",
        scenarios_,
        faulty_,
        all_.syncs,
        all_.events,
        all_.rests,
        60.0 * static_cast<double>(scenarios_) / passed());
    std::string struck;
    for (const auto& [accident, times] : all_.struck) {
      struck += fmt::format("{}{} {}", struck.empty() ? "" : ", ", times, accident);
    }
    fmt::print("accidents: {}\n", struck.empty() ? "none" : struck);
    const bool hollow = all_.syncs == 0 || all_.events == 0 || all_.rests == 0;
    if (hollow) {
      fmt::print("nothing was checked\n");
    }
    return faulty_ == 0 && !hollow ? 0 : 1;
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point started_ = Clock::now();
  soak::Examined all_;
  std::uint64_t scenarios_{};
  std::uint64_t faulty_{};
};

/// Examines the scenarios of files, each at every release; at its own where none is given.
void examine_files(Soak& soak,
                   const std::vector<std::filesystem::path>& files,
                   const std::vector<std::string>& releases) {
  for (const std::filesystem::path& file : files) {
    auto scenario = scenario::load_scenario(file);
    if (!scenario || releases.empty()) {
      soak.examine(file.string(), scenario);
      continue;
    }
    for (const std::string& release : releases) {
      scenario->kubernetes = parse_release(release).value();
      soak.examine(fmt::format("{} at {}", file.string(), release), scenario);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Runs scenarios and checks every decision and every invariant."};
  std::uint64_t seed = 1;
  std::uint64_t count = 1000;
  double seconds = 0;
  bool print = false;
  std::vector<std::filesystem::path> files;
  std::vector<std::string> releases;
  app.add_option("--seed", seed, "the first random scenario's seed; the others follow")
      ->capture_default_str();
  app.add_option("--count", count, "how many random scenarios")->capture_default_str();
  app.add_option("--seconds", seconds, "runs random scenarios that long instead");
  app.add_flag("--print", print, "prints each random scenario before it runs");
  app.add_option("--kubernetes", releases, "runs the scenarios of files at each of these releases")
      ->check([](const std::string& text) {
        return parse_release(text) ? "" : text + " is no release that is known";
      });
  app.add_option(
         "FILES", files, "runs these scenarios, and those of folders, in place of random ones")
      ->check(CLI::ExistingPath);
  CLI11_PARSE(app, argc, argv);

  Soak soak;
  if (!files.empty()) {
    const auto found = scenario::find_scenarios(files);
    if (!found) {
      fmt::print("{}\n", to_string(found.error()));
      return 1;
    }
    examine_files(soak, *found, releases);
    return soak.end();
  }
  while (seconds > 0 ? soak.passed() < seconds : soak.scenarios() < count) {
    const std::uint64_t now = seed + soak.scenarios();
    const std::string text = soak::scenario_text(now);
    if (print) {
      fmt::print("{}", text);
      std::fflush(stdout);
    }
    soak.examine(fmt::format("seed {}", now), scenario::load_scenario_text(text, "soak.yaml", "."));
  }
  return soak.end();
}
