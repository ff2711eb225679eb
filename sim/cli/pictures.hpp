#pragma once
// What `stsim graph` and `stsim export` have in common: a run is kept whole, and something is
// written of it. Private to the module.

#include "cli/loading.hpp"

#include <stsim/scenario/log.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace stsim::cli {

/// Loads the one scenario of a command line, as the variant has it; `output` is where something
/// will be written, or empty. Errors: also that the scenario would be overwritten, or that nothing
/// can be written there.
[[nodiscard]] Result<scenario::Scenario> load_for_picture(const std::vector<std::string>& files,
                                                          std::string_view command,
                                                          const VariantOptions& variant,
                                                          const std::filesystem::path& output);

/// Writes `text` to a file, or to standard output where the path is empty. Returns kExitOk, or what
/// is wrong, which is said.
int write_picture(const Streams& streams,
                  const std::filesystem::path& output,
                  const std::string& text);

/// Says on standard error if the run did not hold, as what was written shows it up to there; gives
/// the exit status.
int exit_status_of(const Streams& streams, const scenario::RunLog& log);

}  // namespace stsim::cli
