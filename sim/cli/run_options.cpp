#include "cli/run_options.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/api/decode.hpp>
#include <stsim/world/world.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <tuple>
#include <utility>

namespace stsim::cli {

namespace {

UserError wrong(std::string message, std::string hint = "") {
  UserError error;
  error.message = std::move(message);
  error.hint = std::move(hint);
  return error;
}

/// The arguments as they stand, before their meaning is looked at.
struct RawOptions {
  std::vector<std::string> files;
  std::string record;
  std::string trace;
  std::string kubernetes;
  std::vector<std::string> gates;
  std::string seed;
  std::string max_events;
  std::string kubelet;
  bool quiet{};
  bool strict{};
  bool no_check{};
  bool draw_races{};
  bool no_color{};
  bool stats{};
};

class RunParser {
 public:
  RunParser() : app_("Runs scenarios.", "stsim run") {
    app_.add_option("FILE|FOLDER", raw_.files, "Scenarios; a folder stands for all in and below it")
        ->required();
    app_.add_flag("-q,--quiet",
                  raw_.quiet,
                  "Print only commands and what they print; of several scenarios a line each");
    text("--record", raw_.record, "FILE", "Write one JSON object a step to FILE");
    text("--trace", raw_.trace, "FILE", "Write everything that happened to FILE");
    app_.add_flag("--strict",
                  raw_.strict,
                  "Exit with 1 if a command of the story is refused, a step has no effect or a "
                  "hope is broken");
    app_.add_flag("--no-check",
                  raw_.no_check,
                  "Do not watch what the real system guarantees and what users hope for");
    text("--kubernetes", raw_.kubernetes, "REL", "Release whose rules apply, such as 1.36");
    app_.add_option("--feature-gate", raw_.gates, "Switch a feature gate; may be repeated")
        ->type_name("NAME=BOOL")
        ->expected(1)
        ->take_all();
    text("--seed", raw_.seed, "N", "What chance depends on");
    app_.add_flag("--draw-races,!--no-draw-races",
                  raw_.draw_races,
                  "Draw what a real cluster decides by a race: the order of a Parallel batch");
    app_.add_option(
            "--max-events",
            raw_.max_events,
            fmt::format("End a run after so many events ({})", world::Settings::kMostEvents))
        ->type_name("N");
    text("--kubelet",
         raw_.kubelet,
         fmt::format("{}", fmt::join(scenario::kubelet_modes(), "|")),
         "Who moves the pods");
    app_.add_flag("--stats", raw_.stats, "Say at the end what the run took: events, time, memory");
    app_.add_flag("--no-color", raw_.no_color, "Print without colours");
  }

  std::string help() const { return app_.help(); }

  Result<RunRequest, UserError> parse(std::span<const std::string> arguments) {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    try {
      app_.parse(std::move(reversed));
    } catch (const CLI::CallForHelp&) {
      return help();
    } catch (const CLI::RequiredError&) {
      return tl::unexpected(
          first_unknown().value_or(wrong("stsim run needs a scenario", "stsim run FILE")));
    } catch (const CLI::ExtrasError&) {
      return tl::unexpected(first_unknown().value_or(wrong("too many arguments")));
    } catch (const CLI::Error& error) {
      return tl::unexpected(wrong(error.what(), "see stsim help run"));
    }
    return meaning();
  }

 private:
  void text(const char* name, std::string& to, const std::string& type, const char* help) {
    app_.add_option(name, to, help)->type_name(type);
  }

  std::vector<std::string> option_names() const {
    std::vector<std::string> out;
    for (const CLI::Option* option : app_.get_options()) {
      for (const std::string& name : option->get_lnames()) {
        out.push_back("--" + name);
      }
      for (const std::string& name : option->get_snames()) {
        out.push_back("-" + name);
      }
    }
    return out;
  }

  std::optional<UserError> first_unknown() const {
    const std::vector<std::string> names = option_names();
    const std::vector<std::string_view> possible(names.begin(), names.end());
    for (const std::string& word : app_.remaining()) {
      if (word.starts_with('-')) {
        const std::string name = word.substr(0, word.find('='));
        std::string hint = did_you_mean(closest(name, possible));
        return wrong("unknown option " + name, hint.empty() ? "see stsim help run" : hint);
      }
    }
    return std::nullopt;
  }

  Result<RunRequest, UserError> meaning() const {
    RunOptions options;
    options.arguments.assign(raw_.files.begin(), raw_.files.end());
    options.quiet = raw_.quiet;
    options.strict = raw_.strict;
    options.check = !raw_.no_check;
    if (app_.count("--draw-races") > 0) {
      options.draw_races = raw_.draw_races;
    }
    options.color = !raw_.no_color;
    options.stats = raw_.stats;
    if (app_.count("--record") > 0) {
      options.record = raw_.record;
    }
    if (app_.count("--trace") > 0) {
      options.trace = raw_.trace;
    }
    for (const auto& read : {&RunParser::read_release,
                             &RunParser::read_gates,
                             &RunParser::read_numbers,
                             &RunParser::read_kubelet}) {
      if (auto error = (this->*read)(options)) {
        return tl::unexpected(std::move(*error));
      }
    }
    return options;
  }

  std::optional<UserError> read_release(RunOptions& options) const {
    if (app_.count("--kubernetes") == 0) {
      return std::nullopt;
    }
    options.kubernetes = parse_release(raw_.kubernetes);
    if (options.kubernetes) {
      return std::nullopt;
    }
    return wrong(fmt::format("--kubernetes: \"{}\" is no release of Kubernetes that can be "
                             "simulated",
                             raw_.kubernetes),
                 "possible: " + possible_releases());
  }

  std::optional<UserError> read_gates(RunOptions& options) const {
    for (const std::string& text : raw_.gates) {
      const std::size_t equals = text.find('=');
      const std::string name = text.substr(0, equals);
      const std::string value = equals == std::string::npos ? "" : text.substr(equals + 1);
      if (value != "true" && value != "false") {
        return wrong(fmt::format("--feature-gate: \"{}\" is not of the form NAME=BOOL", text),
                     fmt::format("{}=true or {}=false", name, name));
      }
      const auto gates = api::known_gates();
      if (std::ranges::find(gates, std::string_view(name)) == gates.end()) {
        return wrong(fmt::format("--feature-gate: unknown feature gate \"{}\"", name),
                     suggestion(name, gates));
      }
      options.feature_gates[name] = value == "true";
    }
    return std::nullopt;
  }

  std::optional<UserError> read_numbers(RunOptions& options) const {
    for (const auto& [name, text, to] :
         {std::tuple("--seed", &raw_.seed, &options.seed),
          std::tuple("--max-events", &raw_.max_events, &options.max_events)}) {
      if (app_.count(name) == 0) {
        continue;
      }
      std::uint64_t number = 0;
      const char* end = text->data() + text->size();
      const auto [stop, error] = std::from_chars(text->data(), end, number);
      if (error != std::errc() || stop != end) {
        return wrong(fmt::format("{} must be a whole number from 0 on, not \"{}\"", name, *text));
      }
      *to = number;
    }
    return std::nullopt;
  }

  std::optional<UserError> read_kubelet(RunOptions& options) const {
    if (app_.count("--kubelet") == 0) {
      return std::nullopt;
    }
    options.kubelet = scenario::parse_kubelet_mode(raw_.kubelet);
    if (options.kubelet) {
      return std::nullopt;
    }
    return wrong(fmt::format("--kubelet cannot be \"{}\"", raw_.kubelet),
                 suggestion(raw_.kubelet, scenario::kubelet_modes()));
  }

  CLI::App app_;
  RawOptions raw_;
};

}  // namespace

Result<RunRequest, UserError> parse_run(std::span<const std::string> arguments) {
  return RunParser().parse(arguments);
}

std::string run_help() {
  return RunParser().help();
}

}  // namespace stsim::cli
