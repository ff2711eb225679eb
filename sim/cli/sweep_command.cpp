// `stsim sweep` and `stsim shrink`.
#include "cli/commands.hpp"
#include "cli/loading.hpp"
#include "cli/progress_line.hpp"

#include <fmt/format.h>
#include <stsim/experiment/in_order.hpp>
#include <stsim/experiment/shrink.hpp>
#include <stsim/experiment/sweep.hpp>
#include <stsim/kubectl/words.hpp>
#include <stsim/kubectl/yaml.hpp>
#include <stsim/policy/policies.hpp>
#include <stsim/scenario/load.hpp>

#include <algorithm>
#include <limits>
#include <ostream>
#include <tuple>

namespace stsim::cli {

namespace {

using experiment::SweepRow;
using experiment::SweepRun;
using scenario::Scenario;

/// What `stsim sweep` is asked for.
struct SweepOptions {
  std::size_t runs{};
  std::size_t jobs{experiment::usual_jobs()};
  std::int64_t enough{};
  experiment::Variant variant;
  std::vector<experiment::Parameter> parameters;
  std::string csv;
  std::string json;
};

class SweepParser {
 public:
  SweepParser()
      : arguments_("stsim sweep",
                   "Runs a scenario with many seeds and says how what each of its changes takes is "
                   "distributed: time to complete, fewest available pods, time with too few of "
                   "them, restarts.",
                   "a scenario"),
        variant_(arguments_) {
    arguments_.positionals("FILE", files, "The scenario", true);
    arguments_.text("--runs", runs_, "N", "How many seeds; usually 1000, from --seed on");
    arguments_.texts("--param",
                     parameters_,
                     "NAME=V,V",
                     "Vary a part of the StatefulSets, each value with each of other parts: " +
                         names() + ", or a JSON pointer");
    arguments_.text("--available",
                    enough_,
                    "N",
                    "How many available pods are enough; usually as many as are wanted");
    arguments_.text("-j,--jobs", jobs_, "N", "How many run at once; usually as many as processors");
    arguments_.text("--csv", csv_, "FILE", "Write the distributions to FILE as CSV");
    arguments_.text("--json", json_, "FILE", "Write the distributions to FILE as JSON");
  }

  std::string help() const { return arguments_.help(); }
  Result<std::optional<std::string>, UserError> parse(std::span<const std::string> arguments) {
    return arguments_.parse(arguments);
  }

  Result<SweepOptions, UserError> options() const {
    SweepOptions out;
    constexpr std::size_t kUsualRuns = 1000;
    out.runs = kUsualRuns;
    auto variant = variant_.read();
    if (!variant) {
      return tl::unexpected(std::move(variant.error()));
    }
    out.variant = *std::move(variant);
    constexpr std::uint64_t kMostPods = 1'000'000'000;
    std::uint64_t enough = 0;
    for (const auto& [name, text, to] : {std::tuple("--runs", &runs_, &out.runs),
                                         std::tuple("--jobs", &jobs_, &out.jobs),
                                         std::tuple("--available", &enough_, &enough)}) {
      if (!arguments_.given(name)) {
        continue;
      }
      auto number = read_number(name, *text, 1, kMostPods);
      if (!number) {
        return tl::unexpected(std::move(number.error()));
      }
      *to = *number;
    }
    out.enough = static_cast<std::int64_t>(enough);
    for (const std::string& text : parameters_) {
      auto parameter = read_parameter(text);
      if (!parameter) {
        return tl::unexpected(std::move(parameter.error()));
      }
      if (std::ranges::find(out.parameters, parameter->name, &experiment::Parameter::name) !=
          out.parameters.end()) {
        return tl::unexpected(wrong(fmt::format("--param: {} is given twice", parameter->name),
                                    "give all its values at once, with commas between"));
      }
      out.parameters.push_back(*std::move(parameter));
    }
    out.csv = csv_;
    out.json = json_;
    return out;
  }

  std::vector<std::string> files;

 private:
  static std::string names() {
    std::string out;
    for (const std::string_view name : experiment::parameter_names()) {
      out += (out.empty() ? "" : ", ") + std::string(name);
    }
    return out;
  }

  std::string runs_;
  std::vector<std::string> parameters_;
  std::string enough_;
  std::string jobs_;
  std::string csv_;
  std::string json_;
  Arguments arguments_;
  VariantOptions variant_;
};

/// The scenario with each of the choices.
Result<std::vector<std::pair<experiment::Choice, Scenario>>, UserError> chosen(
    const Scenario& scenario, const std::vector<experiment::Parameter>& parameters) {
  std::vector<std::pair<experiment::Choice, Scenario>> out;
  for (const experiment::Choice& choice : experiment::choices(parameters)) {
    auto varied = experiment::with_choice(scenario, choice);
    if (!varied) {
      return tl::unexpected(wrong("--param: " + varied.error()));
    }
    out.emplace_back(choice, *std::move(varied));
  }
  return out;
}

/// How a run of a sweep is seen again, but for its seed.
std::string replay(const Scenario& file, const experiment::Variant& variant) {
  std::string out = "stsim run " + kubectl::quoted(file.file.string());
  if (variant.kubernetes) {
    out += " --kubernetes " + to_string(*variant.kubernetes);
  }
  for (const auto& [gate, on] : variant.feature_gates) {
    out += fmt::format(" --feature-gate {}={}", gate, on);
  }
  if (variant.policy != nullptr) {
    out += " --policy " + kubectl::quoted(std::string(variant.policy->name()));
  }
  return out;
}

int sweep(const Scenario& file, const SweepOptions& options, const Streams& streams) {
  const Scenario base = experiment::varied(file, options.variant);
  const auto scenarios = chosen(base, options.parameters);
  if (!scenarios) {
    return refuse(streams, scenarios.error());
  }
  const std::vector<std::filesystem::path> outputs{options.csv, options.json};
  if (const UserErrors errors = overwritten(outputs, std::span(&file, 1)); !errors.empty()) {
    return refuse(streams, errors);
  }
  std::ofstream csv;
  std::ofstream json;
  for (const auto& [path, stream] :
       {std::pair(&options.csv, &csv), std::pair(&options.json, &json)}) {
    if (!path->empty()) {
      auto opened = open_output(*path);
      if (!opened) {
        return refuse(streams, opened.error());
      }
      *stream = *std::move(opened);
    }
  }
  std::vector<SweepRow> rows;
  for (const auto& [choice, unused] : *scenarios) {
    rows.push_back({choice, {}});
  }
  const std::size_t count = scenarios->size() * options.runs;
  bool all_hold = true;
  {
    ProgressLine progress(streams.err);
    experiment::in_order(
        count,
        options.jobs,
        [&](std::size_t i) {
          Scenario one = (*scenarios)[i / options.runs].second;
          one.seed = base.seed + i % options.runs;
          experiment::Meter meter(options.enough);
          const scenario::RunSummary summary = scenario::run(one, meter);
          return SweepRun{one.seed, summary.holds(), summary.refused > 0, meter.phases()};
        },
        [&](std::size_t i, SweepRun run) {
          all_hold = all_hold && run.holds;
          rows[i / options.runs].runs.push_back(std::move(run));
          progress.show(fmt::format("{} of {} runs", i + 1, count));
        });
  }
  streams.out << fmt::format("{}: {} runs, seeds {} to {}\n",
                             file.file.string(),
                             count,
                             base.seed,
                             base.seed + options.runs - 1);
  experiment::write_tables(streams.out, rows, replay(file, options.variant));
  bool written = true;
  if (!options.csv.empty()) {
    experiment::write_csv(csv, rows);
    written = static_cast<bool>(csv.flush());
  }
  if (!options.json.empty()) {
    experiment::write_json(json, rows);
    written = static_cast<bool>(json.flush()) && written;
  }
  if (!written) {
    streams.err << "stsim: a file could not be written to its end\n";
  }
  return all_hold && written && streams.out.flush() ? kExitOk : kExitFailed;
}

class ShrinkParser {
 public:
  ShrinkParser()
      : arguments_("stsim shrink",
                   "Reduces a scenario that breaks an expectation or a guarantee to the smallest "
                   "one that still does, and prints it.",
                   "a scenario"),
        variant_(arguments_) {
    arguments_.positionals("FILE", files, "The scenario", true);
    arguments_.text("-o,--output", output, "FILE", "Write it to FILE instead");
    arguments_.text("--runs", runs_, "N", "How many runs it may take; usually 20000");
  }

  std::string help() const { return arguments_.help(); }
  Result<std::optional<std::string>, UserError> parse(std::span<const std::string> arguments) {
    return arguments_.parse(arguments);
  }
  Result<experiment::Variant, UserError> variant() const { return variant_.read(); }
  Result<std::size_t, UserError> most_runs(std::size_t usual) const {
    return arguments_.given("--runs") ? read_number("--runs", runs_, 1)
                                      : Result<std::size_t, UserError>(usual);
  }

  std::vector<std::string> files;
  std::string output;

 private:
  std::string runs_;
  Arguments arguments_;
  VariantOptions variant_;
};

/// Writes into a document what a variant says.
void set_variant(api::Json& document, const experiment::Variant& variant) {
  if (variant.kubernetes) {
    document["kubernetes"] = to_string(*variant.kubernetes);
  }
  if (variant.policy != nullptr) {
    document["policy"] = variant.policy->name();
  }
  if (variant.seed) {
    document["seed"] = *variant.seed;
  }
  for (const auto& [gate, on] : variant.feature_gates) {
    document["featureGates"][gate] = on;
  }
}

int shrink(const ShrinkParser& parser, const Streams& streams) {
  const auto variant = parser.variant();
  if (!variant) {
    return refuse(streams, variant.error());
  }
  const auto scenario = load_one(parser.files, "shrink");
  if (!scenario) {
    return refuse(streams, scenario.error());
  }
  auto document = experiment::document_of(scenario->file);
  if (!document) {
    return refuse(streams, document.error());
  }
  set_variant(*document, *variant);
  experiment::Shrinking task;
  const auto most_runs = parser.most_runs(task.most_runs);
  if (!most_runs) {
    return refuse(streams, most_runs.error());
  }
  task.most_runs = *most_runs;
  const auto failure = experiment::failure_of(experiment::varied(*scenario, *variant));
  if (!failure) {
    return refuse(streams,
                  wrong(scenario->file.string() + ": nothing fails in it",
                        "give the --seed or --kubernetes with which it does"));
  }
  const std::size_t steps = (*document)["steps"].size();
  task.document = *std::move(document);
  task.folder = scenario->folder;
  task.failure = *failure;
  experiment::Shrunk shrunk;
  {
    ProgressLine progress(streams.err);
    task.progress = [&](std::size_t runs, std::size_t size) {
      progress.show(fmt::format("{} runs, {} values left", runs, size));
    };
    shrunk = experiment::shrink(task);
  }
  std::string text =
      fmt::format("# Shrunk from {} by stsim shrink, in {} runs: {} of {} steps are left.\n",
                  scenario->file.string(),
                  shrunk.runs,
                  shrunk.document["steps"].size(),
                  steps);
  if (!shrunk.smallest) {
    text += "# It may not be the smallest one: give it more --runs.\n";
  }
  text += kubectl::to_yaml(shrunk.document);
  if (parser.output.empty()) {
    streams.out << text << std::flush;
    return streams.out ? kExitOk : kExitFailed;
  }
  const std::vector<std::filesystem::path> outputs{parser.output};
  if (const UserErrors errors = overwritten(outputs, std::span(&*scenario, 1)); !errors.empty()) {
    return refuse(streams, errors);
  }
  auto out = open_output(parser.output);
  if (!out) {
    return refuse(streams, out.error());
  }
  *out << text << std::flush;
  // Where it names files, these are looked for beside it.
  const auto there = scenario::load_scenario(parser.output);
  if (*out && (!there || experiment::failure_of(*there) != failure)) {
    streams.err << to_string(UserError{{parser.output, 0, 0},
                                       "it does not break the same there, as it names files",
                                       "write it beside " + scenario->file.string(),
                                       ""});
    return kExitFailed;
  }
  return *out ? kExitOk : kExitFailed;
}

}  // namespace

int sweep_command(std::span<const std::string> arguments, const Streams& streams) {
  return with_arguments(SweepParser(), arguments, streams, [&streams](const SweepParser& parser) {
    const auto options = parser.options();
    if (!options) {
      return refuse(streams, options.error());
    }
    const auto scenario = load_one(parser.files, "sweep");
    return scenario ? sweep(*scenario, *options, streams) : refuse(streams, scenario.error());
  });
}

std::string sweep_help() {
  return SweepParser().help();
}

int shrink_command(std::span<const std::string> arguments, const Streams& streams) {
  return with_arguments(ShrinkParser(), arguments, streams, [&streams](const ShrinkParser& parser) {
    return shrink(parser, streams);
  });
}

std::string shrink_help() {
  return ShrinkParser().help();
}

}  // namespace stsim::cli
