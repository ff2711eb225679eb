#pragma once
// The sub-commands beside `run`, each with its help text. Private to the module.

#include <stsim/cli/options.hpp>

#include <span>
#include <string>

namespace stsim::cli {

/// `stsim test`: runs scenarios as regression tests. Gives the exit status.
int test_command(std::span<const std::string> arguments, const Streams& streams);
[[nodiscard]] std::string test_help();

/// `stsim why`: what an object waits for, and what would help.
int why_command(std::span<const std::string> arguments, const Streams& streams);
[[nodiscard]] std::string why_help();

/// `stsim diff`: the first decision in which two runs of a scenario part, and what follows from it.
int diff_command(std::span<const std::string> arguments, const Streams& streams);
[[nodiscard]] std::string diff_help();

/// `stsim bisect`: the releases in which a scenario begins or ceases to hold.
int bisect_command(std::span<const std::string> arguments, const Streams& streams);
[[nodiscard]] std::string bisect_help();

/// `stsim preview`: what would happen to a live cluster if manifests were applied.
int preview_command(std::span<const std::string> arguments, const Streams& streams);
[[nodiscard]] std::string preview_help();

/// `stsim sweep`: how what a scenario's changes take is distributed over many seeds.
int sweep_command(std::span<const std::string> arguments, const Streams& streams);
[[nodiscard]] std::string sweep_help();

/// `stsim shell`: a cluster that lines move, from a terminal or a pipe.
int shell_command(std::span<const std::string> arguments, const Streams& streams);
[[nodiscard]] std::string shell_help();

/// `stsim shrink`: the smallest scenario that still breaks the same.
int shrink_command(std::span<const std::string> arguments, const Streams& streams);
[[nodiscard]] std::string shrink_help();

/// `stsim learn`: teaches StatefulSets by lessons.
int learn_command(std::span<const std::string> arguments, const Streams& streams);
[[nodiscard]] std::string learn_help();

/// `stsim graph`: a run as a graph: owners, bindings, causes, rollouts.
int graph_command(std::span<const std::string> arguments, const Streams& streams);
[[nodiscard]] std::string graph_help();

/// `stsim export`: a run in the formats of other tools.
int export_command(std::span<const std::string> arguments, const Streams& streams);
[[nodiscard]] std::string export_help();

/// `stsim report`: a page that plays a run.
int report_command(std::span<const std::string> arguments, const Streams& streams);
[[nodiscard]] std::string report_help();

}  // namespace stsim::cli
