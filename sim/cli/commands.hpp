#pragma once
// The sub-commands beside `run`, each with its help text. Private to the module.

#include <stsim/cli/options.hpp>

#include <span>
#include <string>

namespace stsim::cli {

/// `stsim test`: runs scenarios as regression tests. Gives the exit status.
int test_command(std::span<const std::string> arguments, const Streams& streams);
[[nodiscard]] std::string test_help();

/// `stsim diff`: the first decision in which two runs of a scenario part, and what follows from it.
int diff_command(std::span<const std::string> arguments, const Streams& streams);
[[nodiscard]] std::string diff_help();

/// `stsim bisect`: the releases in which a scenario begins or ceases to hold.
int bisect_command(std::span<const std::string> arguments, const Streams& streams);
[[nodiscard]] std::string bisect_help();

}  // namespace stsim::cli
