// `stsim report`.
#include "cli/commands.hpp"
#include "cli/loading.hpp"

#include <fmt/format.h>
#include <stsim/diagnosis/explanations.hpp>
#include <stsim/report/page.hpp>

#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>
#include <string>

namespace stsim::cli {

namespace {

class ReportParser {
 public:
  ReportParser()
      : arguments_("stsim report",
                   "Runs a scenario and writes a page that plays the run: pods, tables, claims, "
                   "names and reasons at each instant. The page is one file; it needs no network.",
                   "a scenario"),
        variant_(arguments_) {
    arguments_.positionals("FILE", files, "The scenario", true);
    arguments_.text("-o,--output", output, "FILE", "The page; usually the scenario's name.html");
    arguments_.text("--events",
                    events_,
                    "N",
                    fmt::format("How many events the page may hold; usually {}. What comes later "
                                "is left out",
                                report::kMostPageEvents));
  }

  std::string help() const { return arguments_.help(); }
  Result<std::optional<std::string>, UserError> parse(std::span<const std::string> arguments) {
    return arguments_.parse(arguments);
  }
  Result<experiment::Variant, UserError> variant() const { return variant_.read(); }
  Result<std::size_t, UserError> most_events() const {
    return arguments_.given("--events") ? read_number("--events", events_, 1)
                                        : Result<std::size_t, UserError>(report::kMostPageEvents);
  }

  std::vector<std::string> files;
  std::string output;

 private:
  std::string events_;
  Arguments arguments_;
  VariantOptions variant_;
};

/// The comment at the beginning of a file, which says what a scenario teaches: paragraphs as lines.
std::string opening_comment(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string out;
  for (std::string line; std::getline(in, line) && line.starts_with('#');) {
    const std::size_t text = line.find_first_not_of("# ");
    const bool gap = text == std::string::npos;
    out += gap ? "\n" : (out.empty() || out.ends_with('\n') ? "" : " ") + line.substr(text);
  }
  return out;
}

int write_report(const ReportParser& parser, const Streams& streams) {
  const auto variant = parser.variant();
  if (!variant) {
    return refuse(streams, variant.error());
  }
  const auto most_events = parser.most_events();
  if (!most_events) {
    return refuse(streams, most_events.error());
  }
  const auto file = load_one(parser.files, "report");
  if (!file) {
    return refuse(streams, file.error());
  }
  const scenario::Scenario scenario = experiment::varied(*file, *variant);
  const std::filesystem::path path =
      parser.output.empty() ? file->file.stem().string() + ".html" : parser.output;
  if (const UserErrors errors = overwritten(std::span(&path, 1), std::span(&*file, 1));
      !errors.empty()) {
    return refuse(streams, errors);
  }
  auto out = open_output(path);
  if (!out) {
    return refuse(streams, out.error());
  }
  scenario::RunLog log;
  const scenario::RunSummary summary = scenario::run(scenario, log);
  report::PageOptions options;
  options.most_events = *most_events;
  options.about = opening_comment(file->file);
  constexpr std::size_t kMostExplanations = 100;
  for (auto& [from, to, objects, text] : diagnosis::explanations_of(
           std::make_shared<scenario::Scenario>(scenario), kMostExplanations)) {
    options.why.push_back({from, to, std::move(objects), std::move(text)});
  }
  *out << report::page(scenario, log, options) << std::flush;
  if (!*out) {
    streams.err << to_string(
        UserError{{path.string(), 0, 0}, "could not be written to its end", "", ""});
    return kExitFailed;
  }
  streams.out << path.string() << ": the run of " << scenario.name << "; open it in a browser\n"
              << std::flush;
  if (!summary.holds()) {
    streams.err << "stsim: what the scenario expects does not hold; the page shows it\n";
  }
  return summary.holds() && streams.out ? kExitOk : kExitFailed;
}

}  // namespace

int report_command(std::span<const std::string> arguments, const Streams& streams) {
  return with_arguments(ReportParser(), arguments, streams, [&streams](const ReportParser& parser) {
    return write_report(parser, streams);
  });
}

std::string report_help() {
  return ReportParser().help();
}

}  // namespace stsim::cli
