#include "cli/arguments.hpp"

#include "cli/stats.hpp"

#include <fmt/format.h>
#include <stsim/api/decode.hpp>

#include <algorithm>
#include <charconv>

namespace stsim::cli {

UserError wrong(std::string message, std::string hint) {
  UserError error;
  error.message = std::move(message);
  error.hint = std::move(hint);
  return error;
}

Arguments::Arguments(std::string name, const std::string& description, std::string needs)
    : app_(description, std::move(name)), needs_(std::move(needs)) {
  // main_program() sees to it.
  app_.add_flag(kStatsOption)
      ->description("Say at the end what all that was run took: events, time, memory");
}

void Arguments::flag(const char* names, bool& to, const char* help) {
  app_.add_flag(names, to, help);
}

void Arguments::text(const char* names,
                     std::string& to,
                     const std::string& type,
                     const std::string& help) {
  app_.add_option(names, to, help)->type_name(type);
}

void Arguments::texts(const char* name,
                      std::vector<std::string>& to,
                      const std::string& type,
                      const std::string& help) {
  app_.add_option(name, to, help)
      ->type_name(type)
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
}

void Arguments::positionals(const char* name,
                            std::vector<std::string>& to,
                            const char* help,
                            bool required) {
  app_.add_option(name, to, help)->required(required);
}

Result<std::optional<std::string>, UserError> Arguments::parse(
    std::span<const std::string> arguments) {
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app_.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    return help();
  } catch (const CLI::RequiredError&) {
    return tl::unexpected(first_unknown().value_or(
        wrong(fmt::format("{} needs {}", app_.get_name(), needs_), app_.get_name() + " FILE")));
  } catch (const CLI::ExtrasError&) {
    return tl::unexpected(first_unknown().value_or(wrong("too many arguments")));
  } catch (const CLI::Error& error) {
    std::string name = app_.get_name();
    name.erase(0, name.find(' ') + 1);
    return tl::unexpected(wrong(error.what(), "see stsim help " + name));
  }
  return std::nullopt;
}

std::optional<UserError> Arguments::first_unknown() const {
  std::vector<std::string> names;
  for (const CLI::Option* option : app_.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      names.push_back("--" + name);
    }
    for (const std::string& name : option->get_snames()) {
      names.push_back("-" + name);
    }
  }
  const std::vector<std::string_view> possible(names.begin(), names.end());
  for (const std::string& word : app_.remaining()) {
    if (word.starts_with('-')) {
      const std::string name = word.substr(0, word.find('='));
      std::string hint = did_you_mean(closest(name, possible));
      std::string command = app_.get_name();
      command.erase(0, command.find(' ') + 1);
      return wrong("unknown option " + name, hint.empty() ? "see stsim help " + command : hint);
    }
  }
  return std::nullopt;
}

Result<Release, UserError> read_release(std::string_view option, const std::string& text) {
  if (const auto release = parse_release(text)) {
    return *release;
  }
  return tl::unexpected(wrong(
      fmt::format("{}: \"{}\" is no release of Kubernetes that can be simulated", option, text),
      "possible: " + possible_releases()));
}

Result<std::pair<std::string, bool>, UserError> read_gate(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  const std::string value = equals == std::string::npos ? "" : text.substr(equals + 1);
  if (value != "true" && value != "false") {
    return tl::unexpected(
        wrong(fmt::format("--feature-gate: \"{}\" is not of the form NAME=BOOL", text),
              fmt::format("{}=true or {}=false", name, name)));
  }
  const auto gates = api::known_gates();
  if (std::ranges::find(gates, std::string_view(name)) == gates.end()) {
    return tl::unexpected(wrong(fmt::format("--feature-gate: unknown feature gate \"{}\"", name),
                                suggestion(name, gates)));
  }
  return std::pair(name, value == "true");
}

Result<std::uint64_t, UserError> read_number(std::string_view option,
                                             const std::string& text,
                                             std::uint64_t least,
                                             std::uint64_t most) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || number < least) {
    return tl::unexpected(wrong(
        fmt::format("{} must be a whole number from {} on, not \"{}\"", option, least, text)));
  }
  if (number > most) {
    return tl::unexpected(wrong(fmt::format("{} may be {} at most, not {}", option, most, text)));
  }
  return number;
}

Result<SimTime, UserError> read_instant(std::string_view option, const std::string& text) {
  constexpr SimDuration kLongest = std::chrono::hours{24 * 365 * 10};  // as in scenarios
  const auto since = parse_duration(text.starts_with('+') ? text.substr(1) : text);
  if (!since || *since < SimDuration{} || *since > kLongest) {
    return tl::unexpected(wrong(fmt::format("{}: \"{}\" is no length of time", option, text),
                                "for instance 17s or 1m30s"));
  }
  return kStartOfTime + *since;
}

Result<std::vector<std::string>, UserError> read_list(std::string_view option,
                                                      const std::string& text) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (end == begin) {
      return tl::unexpected(wrong(
          fmt::format("{}: \"{}\" is not a list with commas between its parts", option, text)));
    }
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

}  // namespace stsim::cli
