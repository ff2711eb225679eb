// `stsim run`, and the program as a whole.
#include "cli/loading.hpp"
#include "stopwatch.hpp"

#include <stsim/cli/main.hpp>
#include <stsim/cli/options.hpp>
#include <stsim/policy/policies.hpp>
#include <stsim/report/observers.hpp>
#include <stsim/scenario/runner.hpp>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <set>
#include <tuple>

namespace stsim::cli {

namespace {

using scenario::Scenario;

/// Where one scenario's recording or trace goes: the file that was named, or, of several scenarios
/// or a folder of them, a file of its own in the folder that was named.
std::filesystem::path output_path(const std::filesystem::path& named,
                                  const Scenario& scenario,
                                  bool several) {
  return several ? named / (scenario.file.stem().string() + ".jsonl") : named;
}

/// All scenarios of a command line, with the options that win over them.
Result<std::vector<Scenario>> load_all(const RunOptions& options) {
  auto scenarios = load_scenarios(options.arguments);
  if (scenarios) {
    for (Scenario& scenario : *scenarios) {
      override_with(scenario, options);
      auto chosen = experiment::with_choice(std::move(scenario), options.parameters);
      if (!chosen) {
        return tl::unexpected(UserErrors{wrong("--param: " + chosen.error())});
      }
      scenario = *std::move(chosen);
    }
  }
  return scenarios;
}

/// Where the recording and the trace of one scenario go.
struct Outputs {
  std::filesystem::path record_path;
  std::filesystem::path trace_path;
  std::ofstream record;
  std::ofstream trace;
};

/// Opens the files of all scenarios before anything runs. Errors: what cannot be written, two
/// scenarios that would write to the same file, and a file that is one of the scenarios.
Result<std::vector<Outputs>> open_outputs(const RunOptions& options,
                                          const std::vector<Scenario>& scenarios) {
  const bool several =
      scenarios.size() > 1 ||
      std::ranges::any_of(options.arguments, [](const std::filesystem::path& argument) {
        std::error_code error;
        return std::filesystem::is_directory(argument, error);
      });
  std::vector<Outputs> out(scenarios.size());
  std::set<std::filesystem::path> taken;
  UserErrors errors;
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    for (const auto& [named, path, stream] :
         {std::tuple(&options.record, &out[i].record_path, &out[i].record),
          std::tuple(&options.trace, &out[i].trace_path, &out[i].trace)}) {
      if (!*named) {
        continue;
      }
      *path = output_path(**named, scenarios[i], several);
      const auto is_output = [&file = *path](const Scenario& scenario) {
        std::error_code error;
        return std::filesystem::equivalent(scenario.file, file, error);
      };
      if (std::ranges::any_of(scenarios, is_output)) {
        errors.push_back({{path->string(), 0, 0},
                          "this is a scenario of the run, which would be lost",
                          "name another file to write to",
                          ""});
        continue;
      }
      if (!taken.insert(*path).second) {
        errors.push_back({{path->string(), 0, 0},
                          "two things would be written to this file",
                          "give scenarios different file names, or run them apart",
                          ""});
        continue;
      }
      auto opened = open_output(*path);
      if (opened) {
        *stream = *std::move(opened);
      } else {
        errors.insert(errors.end(), opened.error().begin(), opened.error().end());
      }
    }
  }
  if (!errors.empty()) {
    return tl::unexpected(std::move(errors));
  }
  return out;
}

/// Whether all that was to be written to a file is there.
bool complete(std::ofstream& stream, const std::filesystem::path& path, const Streams& streams) {
  stream.flush();
  if (!path.empty() && !stream) {
    streams.err << to_string(
        UserError{{path.string(), 0, 0}, "could not be written to its end", "", ""});
    return false;
  }
  return true;
}

/// Progress is for terminals, where nothing else is printed meanwhile.
bool shows_progress(const RunOptions& options) {
  return isatty(STDERR_FILENO) == 1 && (options.quiet || isatty(STDOUT_FILENO) == 0);
}

int run(const RunOptions& options, const Streams& streams) {
  auto scenarios = load_all(options);
  if (!scenarios) {
    return refuse(streams, scenarios.error());
  }
  auto outputs = open_outputs(options, *scenarios);
  if (!outputs) {
    return refuse(streams, outputs.error());
  }
  int exit = kExitOk;
  for (std::size_t i = 0; i < scenarios->size(); ++i) {
    const Scenario& scenario = (*scenarios)[i];
    Outputs& output = (*outputs)[i];
    std::vector<std::unique_ptr<scenario::RunObserver>> observers;
    if (shows_progress(options)) {
      observers.push_back(
          report::progress(streams.err, [of_run = Stopwatch()] { return of_run.elapsed(); }));
    }
    const bool several = scenarios->size() > 1;
    observers.push_back(report::console(
        streams.out,
        {options.quiet, wants_color(options.color), several ? scenario.file.string() : ""}));
    if (options.record) {
      observers.push_back(report::recording(output.record));
    }
    if (options.trace) {
      observers.push_back(report::trace_lines(output.trace));
    }
    if (several && !options.quiet) {
      streams.out << "== " << scenario.file.string() << "\n";
    }
    const auto observer = report::all_of(std::move(observers));
    auto settings = std::make_shared<world::Settings>(*scenario::settings_of(scenario));
    settings->most_events = options.max_events.value_or(settings->most_events);
    const scenario::RunSummary summary = scenario::run(scenario, *observer, std::move(settings));
    const bool recorded = complete(output.record, output.record_path, streams);
    const bool traced = complete(output.trace, output.trace_path, streams);
    const bool hopes_broken = std::ranges::any_of(summary.others, [](const auto& entry) {
      return entry.second.first.watched->promise == check::Promise::Hope;
    });
    const bool flawed = summary.refused > 0 || summary.without_effect > 0 || hopes_broken;
    if (!summary.holds() || (options.strict && flawed) || !recorded || !traced) {
      exit = kExitFailed;
    }
  }
  streams.out.flush();
  if (!streams.out) {
    streams.err << "stsim: the output could not be written to its end\n";
    return kExitFailed;
  }
  return exit;
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() == 2 && arguments.front() == policy::kServeIsolated) {
    return policy::serve_isolated(arguments.back());
  }
  return main_program(arguments, {std::cout, std::cerr}, run);
}

}  // namespace stsim::cli
