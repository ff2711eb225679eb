#pragma once
// Reading the arguments of `stsim run`. Private to the module.

#include <stsim/base/error.hpp>
#include <stsim/cli/options.hpp>

#include <span>
#include <string>
#include <variant>

namespace stsim::cli {

/// What the arguments of a sub-command ask for: to be carried out, or only its help.
using RunRequest = std::variant<RunOptions, std::string>;

/// The options of `stsim run`, or its help text where that is asked for.
/// Errors: one, without a place.
[[nodiscard]] Result<RunRequest, UserError> parse_run(std::span<const std::string> arguments);

/// The text of `stsim help run`.
[[nodiscard]] std::string run_help();

}  // namespace stsim::cli
