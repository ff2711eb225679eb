#include "cli/commands.hpp"
#include "cli/loading.hpp"
#include "cli/run_options.hpp"
#include "cli/stats.hpp"

#include <fmt/format.h>
#include <stsim/cli/options.hpp>
#include <stsim/policy/policies.hpp>

#include <algorithm>
#include <array>
#include <ostream>

#ifndef STSIM_VERSION
#error "the build gives the version"
#endif

namespace stsim::cli {

namespace {

/// What a sub-command works with.
struct Call {
  std::span<const std::string> arguments;  ///< behind its name
  const Streams& streams;
  RunFunction run;
};

/// A row of the table: help lists it, and the dispatch follows it.
struct Row {
  SubCommand shown;
  int (*carry_out)(const Call&);
  std::string (*help)();
};

int refuse(const Streams& streams, std::string message, std::string hint) {
  return refuse(streams, wrong(std::move(message), std::move(hint)));
}

int run(const Call& call) {
  auto request = parse_run(call.arguments);
  if (!request) {
    return refuse(call.streams, request.error());
  }
  if (const auto* help = std::get_if<std::string>(&*request)) {
    call.streams.out << *help;
    return kExitOk;
  }
  return call.run(std::get<RunOptions>(*request), call.streams);
}

int test(const Call& call) {
  return test_command(call.arguments, call.streams);
}

int diff(const Call& call) {
  return diff_command(call.arguments, call.streams);
}

int bisect(const Call& call) {
  return bisect_command(call.arguments, call.streams);
}

int preview(const Call& call) {
  return preview_command(call.arguments, call.streams);
}

int why(const Call& call) {
  return why_command(call.arguments, call.streams);
}

int sweep(const Call& call) {
  return sweep_command(call.arguments, call.streams);
}

int shrink(const Call& call) {
  return shrink_command(call.arguments, call.streams);
}

int shell(const Call& call) {
  return shell_command(call.arguments, call.streams);
}

int learn(const Call& call) {
  return learn_command(call.arguments, call.streams);
}

int graph(const Call& call) {
  return graph_command(call.arguments, call.streams);
}

int export_run(const Call& call) {
  return export_command(call.arguments, call.streams);
}

int report(const Call& call) {
  return report_command(call.arguments, call.streams);
}

int policies(const Call& call) {
  if (!call.arguments.empty()) {
    return refuse(call.streams, "stsim policies takes no arguments", "");
  }
  for (const policy::Policy* policy : policy::built_in()) {
    call.streams.out << fmt::format("{:<17}{}\n", policy->name(), policy->description());
  }
  return kExitOk;
}

int version(const Call& call) {
  if (!call.arguments.empty()) {
    return refuse(call.streams, "stsim version takes no arguments", "");
  }
  call.streams.out << "stsim " << STSIM_VERSION << "\n";
  return kExitOk;
}

int help(const Call& call);

std::string policies_help() {
  return "Lists the built-in policies, which --policy and a scenario's policy: can name.\n"
         "Usage: stsim policies\n";
}

std::string version_help() {
  return "Prints the version of the program.\nUsage: stsim version\n";
}

std::string help_help() {
  return "Prints what can be done, or what a sub-command does.\nUsage: stsim help [COMMAND]\n";
}

constexpr std::array kRows{
    Row{{"run", "run scenarios and say whether what they expect holds"}, run, run_help},
    Row{{"learn", "learn StatefulSets: lessons with questions and tasks"}, learn, learn_help},
    Row{{"shell", "play with a cluster, line by line"}, shell, shell_help},
    Row{{"report", "write a page that plays a run in a browser"}, report, report_help},
    Row{{"why", "say what an object waits for, and what would help"}, why, why_help},
    Row{{"graph", "draw a run: owners, bindings, causes, rollouts"}, graph, graph_help},
    Row{{"export", "write a run for Perfetto, waveform viewers, asciinema or OpenTelemetry"},
        export_run,
        export_help},
    Row{{"test", "run scenarios as regression tests, against approved output"}, test, test_help},
    Row{{"diff", "say where two runs of a scenario part, and what follows"}, diff, diff_help},
    Row{{"bisect", "find the releases in which a scenario begins or ceases to hold"},
        bisect,
        bisect_help},
    Row{{"preview", "say what a changed manifest would do to a live cluster"},
        preview,
        preview_help},
    Row{{"sweep", "run a scenario with many seeds and say how its changes go"}, sweep, sweep_help},
    Row{{"shrink", "reduce a scenario that breaks something to the smallest that does"},
        shrink,
        shrink_help},
    Row{{"policies", "list what can decide about the pods of a set"}, policies, policies_help},
    Row{{"version", "print the version of the program"}, version, version_help},
    Row{{"help", "print what can be done, or what a sub-command does"}, help, help_help},
};

constexpr std::array kShown = [] {
  std::array<SubCommand, kRows.size()> shown{};
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    shown[i] = kRows[i].shown;
  }
  return shown;
}();

const Row* find_row(std::string_view name) {
  const auto* const row =
      std::ranges::find_if(kRows, [name](const Row& other) { return other.shown.name == name; });
  return row == kRows.end() ? nullptr : row;
}

int unknown_command(const Streams& streams, const std::string& name) {
  std::vector<std::string_view> names;
  for (const SubCommand& command : kShown) {
    names.push_back(command.name);
  }
  const std::string near = closest(name, names);
  std::string hint = near.empty() ? "see stsim help" : did_you_mean(near);
  // A scenario in place of the sub-command is the likeliest slip.
  if (near.empty() && (name.ends_with(".yaml") || name.ends_with(".yml"))) {
    hint = "did you mean stsim run " + name + "?";
  }
  return refuse(streams, "unknown command \"" + name + "\"", std::move(hint));
}

int help(const Call& call) {
  if (call.arguments.empty()) {
    std::string text = "Simulates what Kubernetes does with a StatefulSet.\n";
    text += "Usage: stsim COMMAND [ARGUMENTS]\n\nCommands:\n";
    for (const SubCommand& command : kShown) {
      text += fmt::format("  {:<10}{}\n", command.name, command.help);
    }
    call.streams.out << text;
    return kExitOk;
  }
  if (call.arguments.size() > 1) {
    return refuse(call.streams, "stsim help takes one command", "stsim help run");
  }
  const Row* row = find_row(call.arguments.front());
  if (row == nullptr) {
    return unknown_command(call.streams, call.arguments.front());
  }
  call.streams.out << row->help();
  return kExitOk;
}

}  // namespace

std::span<const SubCommand> sub_commands() {
  return kShown;
}

int main_program(std::span<const std::string> arguments, const Streams& streams, RunFunction run) {
  if (arguments.empty()) {
    return refuse(streams, "stsim needs a command", "see stsim help");
  }
  std::string name = arguments.front();
  if (name == "-h" || name == "--help" || name == "--version") {
    name = name == "--version" ? "version" : "help";
  }
  const Row* row = find_row(name);
  if (row == nullptr) {
    return unknown_command(streams, name);
  }
  const Stopwatch stopwatch;
  const int exit = row->carry_out({arguments.subspan(1), streams, run});
  if (exit != kExitWrong && std::ranges::find(arguments, kStatsOption) != arguments.end()) {
    streams.out.flush();
    streams.err << stats_line(scenario::tally(), stopwatch.elapsed());
  }
  return exit;
}

void override_with(scenario::Scenario& scenario, const RunOptions& options) {
  scenario = experiment::varied(std::move(scenario), options.variant);
  scenario.draw_races = options.draw_races.value_or(scenario.draw_races);
  scenario.kubelet = options.kubelet.value_or(scenario.kubelet);
  scenario.check = scenario.check && options.check;
}

}  // namespace stsim::cli
