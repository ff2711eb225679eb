// `stsim export`.
#include "cli/commands.hpp"
#include "cli/pictures.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/report/export.hpp>
#include <stsim/scenario/runner.hpp>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace stsim::cli {

namespace {

/// A format, and how a run is written in it.
struct Format {
  std::string_view name;
  std::string_view ending;  ///< of files
  std::string (*write)(const scenario::RunLog&, std::string_view name);
  bool binary{};
};

constexpr std::array kFormats{
    Format{"perfetto",
           ".pftrace",
           [](const scenario::RunLog& log, std::string_view) { return report::to_perfetto(log); },
           true},
    Format{"vcd",
           ".vcd",
           [](const scenario::RunLog& log, std::string_view) { return report::to_vcd(log); }},
    Format{"asciicast", ".cast", report::to_asciicast},
    Format{"otlp", ".json", report::to_otlp},
};

constexpr std::array kNames = [] {
  std::array<std::string_view, kFormats.size()> out{};
  std::ranges::transform(kFormats, out.begin(), &Format::name);
  return out;
}();

class ExportParser {
 public:
  ExportParser()
      : arguments_("stsim export",
                   "Writes a run for tools that show such things. perfetto: tracks for "
                   "https://ui.perfetto.dev. vcd: waveforms, for GTKWave or Surfer. asciicast: a "
                   "terminal session, for asciinema. otlp: traces of OpenTelemetry as JSON.",
                   "a scenario"),
        variant_(arguments_) {
    arguments_.positionals("FILE", files, "The scenario", true);
    arguments_.text("--to",
                    to_,
                    fmt::format("{}", fmt::join(kNames, "|")),
                    "The format; usually as the file's name ends");
    arguments_.text(
        "-o,--output", output_, "FILE", "Where it is written; without it to standard output");
  }

  std::string help() const { return arguments_.help(); }
  Result<std::optional<std::string>, UserError> parse(std::span<const std::string> arguments) {
    return arguments_.parse(arguments);
  }
  const VariantOptions& variant() const { return variant_; }
  std::filesystem::path output() const { return output_; }

  Result<Format, UserError> format() const {
    const std::string ending = output().extension().string();
    if (!arguments_.given("--to")) {
      const auto* const meant =
          std::ranges::find(kFormats, std::string_view(ending), &Format::ending);
      if (meant == kFormats.end()) {
        return tl::unexpected(wrong("stsim export needs a format to write",
                                    fmt::format("--to {}", fmt::join(kNames, ", "))));
      }
      return *meant;
    }
    const auto* const format = std::ranges::find(kFormats, std::string_view(to_), &Format::name);
    if (format == kFormats.end()) {
      return tl::unexpected(
          wrong(fmt::format("--to: unknown format \"{}\"", to_), suggestion(to_, kNames)));
    }
    if (format->binary && output_.empty() && isatty(STDOUT_FILENO) == 1) {
      return tl::unexpected(
          wrong(fmt::format("{} is binary, and not for a terminal", to_), "name a file with -o"));
    }
    return *format;
  }

  std::vector<std::string> files;

 private:
  std::string to_;
  std::string output_;
  Arguments arguments_;
  VariantOptions variant_;
};

}  // namespace

int export_command(std::span<const std::string> arguments, const Streams& streams) {
  return with_arguments(ExportParser(), arguments, streams, [&streams](const ExportParser& parser) {
    const auto format = parser.format();
    if (!format) {
      return refuse(streams, format.error());
    }
    const auto scenario =
        load_for_picture(parser.files, "export", parser.variant(), parser.output());
    if (!scenario) {
      return refuse(streams, scenario.error());
    }
    scenario::RunLog log;
    static_cast<void>(scenario::run(*scenario, log));
    const int written = write_picture(streams, parser.output(), format->write(log, scenario->name));
    return written == kExitOk ? exit_status_of(streams, log) : written;
  });
}

std::string export_help() {
  return ExportParser().help();
}

}  // namespace stsim::cli
