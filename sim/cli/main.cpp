// `stsim run`, and the program as a whole.
#include <fmt/format.h>
#include <stsim/cli/main.hpp>
#include <stsim/cli/options.hpp>
#include <stsim/report/observers.hpp>
#include <stsim/scenario/load.hpp>
#include <stsim/scenario/runner.hpp>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>

namespace stsim::cli {

namespace {

using scenario::Scenario;

/// Colour is for terminals, and not for those who said no. https://no-color.org
bool wants_color(const RunOptions& options) {
  const char* no_color = std::getenv("NO_COLOR");
  return options.color && (no_color == nullptr || *no_color == '\0') && isatty(STDOUT_FILENO) == 1;
}

/// Where one scenario's recording or trace goes: the file that was named, or, of several scenarios,
/// a file of its own in the folder that was named.
std::filesystem::path output_path(const std::filesystem::path& named,
                                  const Scenario& scenario,
                                  bool several) {
  return several ? named / (scenario.file.stem().string() + ".jsonl") : named;
}

Result<std::ofstream> open_output(const std::filesystem::path& path) {
  std::error_code ignored;
  if (path.has_parent_path()) {
    std::filesystem::create_directories(path.parent_path(), ignored);
  }
  std::ofstream stream(path, std::ios::binary);
  if (!stream) {
    return tl::unexpected(
        UserErrors{{{path.string(), 0, 0}, "cannot be written", "choose another place", ""}});
  }
  return stream;
}

/// All scenarios of a command line, with the options that win over them.
Result<std::vector<Scenario>> load_all(const RunOptions& options) {
  auto files = scenario::find_scenarios(options.arguments);
  if (!files) {
    return tl::unexpected(files.error());
  }
  std::vector<Scenario> out;
  UserErrors errors;
  for (const std::filesystem::path& file : *files) {
    auto loaded = scenario::load_scenario(file);
    if (loaded) {
      override_with(*loaded, options);
      out.push_back(*std::move(loaded));
    } else {
      errors.insert(errors.end(), loaded.error().begin(), loaded.error().end());
    }
  }
  if (!errors.empty()) {
    return tl::unexpected(std::move(errors));
  }
  return out;
}

int run(const RunOptions& options, const Streams& streams) {
  auto scenarios = load_all(options);
  if (!scenarios) {
    streams.err << to_string(scenarios.error());
    return kExitWrong;
  }
  const bool several = scenarios->size() > 1;
  int exit = kExitOk;
  for (const Scenario& scenario : *scenarios) {
    std::vector<std::unique_ptr<scenario::RunObserver>> observers;
    observers.push_back(report::console(streams.out, {options.quiet, wants_color(options)}));
    std::ofstream record;
    std::ofstream trace;
    if (options.record) {
      auto opened = open_output(output_path(*options.record, scenario, several));
      if (!opened) {
        streams.err << to_string(opened.error());
        return kExitWrong;
      }
      record = *std::move(opened);
      observers.push_back(report::recording(record));
    }
    if (options.trace) {
      auto opened = open_output(output_path(*options.trace, scenario, several));
      if (!opened) {
        streams.err << to_string(opened.error());
        return kExitWrong;
      }
      trace = *std::move(opened);
      observers.push_back(report::trace_lines(trace));
    }
    if (several) {
      streams.out << "== " << scenario.file.string() << "\n";
    }
    const auto observer = report::all_of(std::move(observers));
    const scenario::RunSummary summary = scenario::run(scenario, *observer);
    if (summary.failed > 0 || (options.strict && summary.refused > 0)) {
      exit = kExitFailed;
    }
  }
  return exit;
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return main_program(arguments, {std::cout, std::cerr}, run);
}

}  // namespace stsim::cli
