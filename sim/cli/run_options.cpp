#include "cli/run_options.hpp"

#include "cli/loading.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/world/world.hpp>

#include <optional>
#include <utility>

namespace stsim::cli {

namespace {

/// The arguments as they stand, before their meaning is looked at.
struct RawOptions {
  std::vector<std::string> files;
  std::string record;
  std::string trace;
  std::vector<std::string> parameters;
  std::string max_events;
  std::string kubelet;
  bool quiet{};
  bool strict{};
  bool no_check{};
  bool draw_races{};
  bool no_color{};
};

class RunParser {
 public:
  RunParser() : arguments_("stsim run", "Runs scenarios.", "a scenario"), variant_(arguments_) {
    arguments_.positionals(
        "FILE|FOLDER", raw_.files, "Scenarios; a folder stands for all in and below it", true);
    arguments_.flag("-q,--quiet",
                    raw_.quiet,
                    "Print only commands and what they print; of several scenarios a line each");
    arguments_.text("--record", raw_.record, "FILE", "Write one JSON object a step to FILE");
    arguments_.text("--trace", raw_.trace, "FILE", "Write everything that happened to FILE");
    arguments_.flag("--strict",
                    raw_.strict,
                    "Exit with 1 if a command of the story is refused, a step has no effect or a "
                    "hope is broken");
    arguments_.flag("--no-check",
                    raw_.no_check,
                    "Do not watch what the real system guarantees and what users hope for");
    arguments_.texts("--param",
                     raw_.parameters,
                     "NAME=VALUE",
                     "Put a value into the StatefulSets, as stsim sweep does");
    arguments_.flag("--draw-races,!--no-draw-races",
                    raw_.draw_races,
                    "Draw what a real cluster decides by a race: the order of a Parallel batch");
    arguments_.text(
        "--max-events",
        raw_.max_events,
        "N",
        fmt::format("End a run after so many events ({})", world::Settings::kMostEvents));
    arguments_.text("--kubelet",
                    raw_.kubelet,
                    fmt::format("{}", fmt::join(scenario::kubelet_modes(), "|")),
                    "Who moves the pods");
    arguments_.flag("--no-color", raw_.no_color, "Print without colours");
  }

  std::string help() const { return arguments_.help(); }

  Result<RunRequest, UserError> parse(std::span<const std::string> arguments) {
    auto help = arguments_.parse(arguments);
    if (!help) {
      return tl::unexpected(std::move(help.error()));
    }
    if (*help) {
      return **std::move(help);
    }
    return meaning();
  }

 private:
  Result<RunRequest, UserError> meaning() const {
    RunOptions options;
    options.arguments.assign(raw_.files.begin(), raw_.files.end());
    options.quiet = raw_.quiet;
    options.strict = raw_.strict;
    options.check = !raw_.no_check;
    if (arguments_.given("--draw-races")) {
      options.draw_races = raw_.draw_races;
    }
    options.color = !raw_.no_color;
    if (arguments_.given("--record")) {
      options.record = raw_.record;
    }
    if (arguments_.given("--trace")) {
      options.trace = raw_.trace;
    }
    auto variant = variant_.read();
    if (!variant) {
      return tl::unexpected(std::move(variant.error()));
    }
    options.variant = *std::move(variant);
    for (const auto& read :
         {&RunParser::read_parameters, &RunParser::read_most_events, &RunParser::read_kubelet}) {
      if (auto error = (this->*read)(options)) {
        return tl::unexpected(std::move(*error));
      }
    }
    return options;
  }

  std::optional<UserError> read_parameters(RunOptions& options) const {
    for (const std::string& text : raw_.parameters) {
      auto parameter = read_parameter(text);
      if (!parameter) {
        return std::move(parameter.error());
      }
      if (parameter->values.size() != 1) {
        return wrong(fmt::format("--param: one run has one value of {}", parameter->name),
                     "stsim sweep takes several");
      }
      options.parameters.emplace_back(parameter->name, parameter->values.front());
    }
    return std::nullopt;
  }

  std::optional<UserError> read_most_events(RunOptions& options) const {
    if (!arguments_.given("--max-events")) {
      return std::nullopt;
    }
    auto number = read_number("--max-events", raw_.max_events);
    if (!number) {
      return std::move(number.error());
    }
    options.max_events = *number;
    return std::nullopt;
  }

  std::optional<UserError> read_kubelet(RunOptions& options) const {
    if (!arguments_.given("--kubelet")) {
      return std::nullopt;
    }
    options.kubelet = scenario::parse_kubelet_mode(raw_.kubelet);
    if (options.kubelet) {
      return std::nullopt;
    }
    return wrong(fmt::format("--kubelet cannot be \"{}\"", raw_.kubelet),
                 suggestion(raw_.kubelet, scenario::kubelet_modes()));
  }

  RawOptions raw_;
  Arguments arguments_;
  VariantOptions variant_;
};

}  // namespace

Result<RunRequest, UserError> parse_run(std::span<const std::string> arguments) {
  return RunParser().parse(arguments);
}

std::string run_help() {
  return RunParser().help();
}

}  // namespace stsim::cli
