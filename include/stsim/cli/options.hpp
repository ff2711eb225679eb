#pragma once
// The command line of stsim: its sub-commands, their options, and what is said about wrong ones.

#include <stsim/base/version.hpp>
#include <stsim/experiment/sweep.hpp>
#include <stsim/experiment/variant.hpp>
#include <stsim/scenario/scenario.hpp>

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::cli {

/// Exit statuses of the program.
inline constexpr int kExitOk = 0;
/// An expectation failed, a guarantee was broken, --max-events ended a run, a file could not be
/// written to its end, or --strict and a command was refused, a step had no effect or a hope was
/// broken.
inline constexpr int kExitFailed = 1;
inline constexpr int kExitWrong = 2;  ///< a wrong scenario or command line; nothing has run

/// Where the program writes to.
struct Streams {
  std::ostream& out;
  std::ostream& err;
};

/// The options of `stsim run`. Those that a scenario file has, too, win over the file where given.
struct RunOptions {
  std::vector<std::filesystem::path> arguments;  ///< files and folders, as given; at least one
  /// Only commands and what they print, and the summary; of several scenarios a line each.
  bool quiet{};
  bool check{true};  ///< guarantees and hopes are watched
  /// A refused command, a step without effect or a broken hope makes the exit status 1.
  bool strict{};
  bool color{true};  ///< false after --no-color
  std::optional<std::filesystem::path> record;
  std::optional<std::filesystem::path> trace;
  experiment::Variant variant;
  std::optional<bool> draw_races;
  std::optional<std::uint64_t> max_events;  ///< Settings::most_events
  std::optional<scenario::KubeletMode> kubelet;
  experiment::Choice parameters;  ///< parts of StatefulSets, as `stsim sweep` varies them
};

/// Carries out `stsim run`; gives the exit status.
using RunFunction = int (*)(const RunOptions&, const Streams&);

/// A sub-command as help lists it.
struct SubCommand {
  std::string_view name;
  std::string_view help;
};

/// All sub-commands, in the order of the help text. The same table dispatches.
[[nodiscard]] std::span<const SubCommand> sub_commands();

/// Reads the arguments (without the program's name), and carries the sub-command out: `run` by the
/// function given, others here. Gives the exit status; a wrong command line is said on `err`, with
/// a suggestion where one is near, and gives kExitWrong.
[[nodiscard]] int main_program(std::span<const std::string> arguments,
                               const Streams& streams,
                               RunFunction run);

/// `scenario` with the options that win over it.
void override_with(scenario::Scenario& scenario, const RunOptions& options);

}  // namespace stsim::cli
