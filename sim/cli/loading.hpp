#pragma once
// The scenarios of a command line, and what all sub-commands do alike around them.

#include "cli/arguments.hpp"

#include <stsim/cli/options.hpp>
#include <stsim/experiment/sweep.hpp>
#include <stsim/experiment/variant.hpp>
#include <stsim/scenario/scenario.hpp>

#include <filesystem>
#include <fstream>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <vector>

namespace stsim::cli {

/// All scenarios that files and folders mean.
[[nodiscard]] Result<std::vector<scenario::Scenario>> load_scenarios(
    std::span<const std::filesystem::path> arguments);

/// The one scenario that a command is about. Errors: there are several, or none.
[[nodiscard]] Result<scenario::Scenario> load_one(const std::vector<std::string>& files,
                                                  std::string_view command);

/// Opens a file to be written, and makes the folders that it lies in.
[[nodiscard]] Result<std::ofstream> open_output(const std::filesystem::path& path);

/// What is wrong with writing to a file, if anything, as far as that shows without writing.
[[nodiscard]] UserErrors not_writable(const std::filesystem::path& path);

/// What is wrong with writing to these files, if anything: one is a scenario that is read, or two
/// of them are one. Empty paths are none.
[[nodiscard]] UserErrors overwritten(std::span<const std::filesystem::path> outputs,
                                     std::span<const scenario::Scenario> scenarios);

/// The options of a variant that wins over files: --kubernetes, --feature-gate, --policy,
/// --isolate,
/// --seed.
class VariantOptions {
 public:
  explicit VariantOptions(Arguments& arguments);
  VariantOptions(const VariantOptions&) = delete;
  VariantOptions& operator=(const VariantOptions&) = delete;
  ~VariantOptions() = default;

  /// What was given. Pre: the arguments were read.
  [[nodiscard]] Result<experiment::Variant, UserError> read() const;

 private:
  const Arguments& arguments_;
  std::string kubernetes_;
  std::vector<std::string> gates_;
  std::string policy_;
  bool isolate_{};
  std::string seed_;
};

/// The policy of --policy.
[[nodiscard]] Result<const policy::Policy*, UserError> read_policy(const std::string& name);

/// `NAME=VALUE,VALUE` of --param.
[[nodiscard]] Result<experiment::Parameter, UserError> read_parameter(const std::string& text);

/// Whether a stream is a terminal, and colour is not switched off. https://no-color.org
[[nodiscard]] bool wants_color(bool asked_for);

/// The columns of the terminal that the output goes to, 40 at least; nothing where it is none.
[[nodiscard]] std::optional<std::size_t> terminal_width();

/// Says what is wrong with a command line or with files; gives kExitWrong.
int refuse(const Streams& streams, const UserErrors& errors);
int refuse(const Streams& streams, const UserError& error);

/// Reads the arguments of a sub-command, prints its help if that is asked for, and else carries it
/// out: carry_out(parser) gives the exit status.
template <class Parser, class CarryOut>
int with_arguments(Parser parser,
                   std::span<const std::string> arguments,
                   const Streams& streams,
                   CarryOut carry_out) {
  const auto help = parser.parse(arguments);
  if (!help) {
    return refuse(streams, help.error());
  }
  if (*help) {
    streams.out << **help;
    return kExitOk;
  }
  return carry_out(parser);
}

}  // namespace stsim::cli
