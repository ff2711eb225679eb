#pragma once
// The arguments of a sub-command, read by CLI11, with errors in this program's words. Private to
// the module.

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <stsim/base/error.hpp>
#include <stsim/base/time.hpp>
#include <stsim/base/version.hpp>

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stsim::cli {

/// What is wrong with a command line.
[[nodiscard]] UserError wrong(std::string message, std::string hint = "");

/// What one sub-command takes, --stats included. What is read goes to variables that must outlive
/// it.
class Arguments {
 public:
  /// `name`: `stsim run`. `needs`: what is missing where nothing is given: `a scenario`.
  Arguments(std::string name, const std::string& description, std::string needs);

  void flag(const char* names, bool& to, const char* help);
  void text(const char* names, std::string& to, const std::string& type, const std::string& help);
  /// May be given again and again.
  void texts(const char* name,
             std::vector<std::string>& to,
             const std::string& type,
             const std::string& help);
  void positionals(const char* name, std::vector<std::string>& to, const char* help, bool required);

  [[nodiscard]] bool given(const char* name) const { return app_.count(name) > 0; }
  [[nodiscard]] std::string help() const { return app_.help(); }

  /// Reads the arguments; gives the help text where that is asked for.
  Result<std::optional<std::string>, UserError> parse(std::span<const std::string> arguments);

 private:
  std::optional<UserError> first_unknown() const;

  CLI::App app_;
  std::string needs_;
};

/// A release; `option` is named in errors.
[[nodiscard]] Result<Release, UserError> read_release(std::string_view option,
                                                      const std::string& text);

/// `NAME=BOOL`.
[[nodiscard]] Result<std::pair<std::string, bool>, UserError> read_gate(const std::string& text);

/// A whole number from `least` to `most`.
[[nodiscard]] Result<std::uint64_t, UserError> read_number(
    std::string_view option,
    const std::string& text,
    std::uint64_t least = 0,
    std::uint64_t most = std::numeric_limits<std::uint64_t>::max());

/// An instant of a run, counted from its beginning: `17s`, `1m30s`, also as runs show it:
/// `+17.006s`.
[[nodiscard]] Result<SimTime, UserError> read_instant(std::string_view option,
                                                      const std::string& text);

/// The parts of a list with commas between them, none of them empty.
[[nodiscard]] Result<std::vector<std::string>, UserError> read_list(std::string_view option,
                                                                    const std::string& text);

}  // namespace stsim::cli
