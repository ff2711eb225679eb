#include "cli/pictures.hpp"

#include <fmt/format.h>

#include <array>
#include <ostream>

namespace stsim::cli {

Result<scenario::Scenario> load_for_picture(const std::vector<std::string>& files,
                                            std::string_view command,
                                            const VariantOptions& variant,
                                            const std::filesystem::path& output) {
  auto read = variant.read();
  if (!read) {
    return tl::unexpected(UserErrors{std::move(read.error())});
  }
  auto scenario = load_one(files, command);
  if (!scenario) {
    return scenario;
  }
  if (auto errors = overwritten(std::array{output}, std::array{*scenario}); !errors.empty()) {
    return tl::unexpected(std::move(errors));
  }
  if (!output.empty()) {
    if (auto errors = not_writable(output); !errors.empty()) {
      return tl::unexpected(std::move(errors));
    }
  }
  return experiment::varied(*std::move(scenario), *read);
}

int write_picture(const Streams& streams,
                  const std::filesystem::path& output,
                  const std::string& text) {
  if (output.empty()) {
    streams.out << text << std::flush;
    return streams.out ? kExitOk : kExitFailed;
  }
  auto file = open_output(output);
  if (!file) {
    return refuse(streams, file.error());
  }
  *file << text << std::flush;
  if (!*file) {
    streams.err << fmt::format("{}: could not be written to its end\n", output.string());
    return kExitFailed;
  }
  streams.out << fmt::format("{}: written\n", output.string());
  return kExitOk;
}

int exit_status_of(const Streams& streams, const scenario::RunLog& log) {
  const scenario::RunSummary& summary = log.summary();
  if (summary.holds()) {
    return kExitOk;
  }
  streams.err << fmt::format(
      "the run ended early: {}; what was written shows it up to there (stsim run says more)\n",
      !summary.broken.empty() ? "a guarantee is broken"
      : summary.cut_short     ? "its events were used up"
                              : "an expectation does not hold");
  return kExitFailed;
}

}  // namespace stsim::cli
