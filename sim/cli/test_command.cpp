// `stsim test`.
#include "cli/commands.hpp"
#include "cli/loading.hpp"
#include "cli/progress_line.hpp"

#include <fmt/format.h>
#include <stsim/experiment/in_order.hpp>
#include <stsim/experiment/suite.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <ostream>
#include <regex>
#include <sstream>

namespace stsim::cli {

namespace {

using experiment::Case;
using experiment::CaseResult;
using experiment::FinishedCase;

/// What `stsim test` is asked for.
struct TestOptions {
  std::vector<std::filesystem::path> paths;
  experiment::Variant variant;
  std::optional<std::regex> filter;
  std::size_t jobs{experiment::usual_jobs()};
  std::string junit;
  bool update{};
  bool tap{};
  bool quiet{};
  bool color{};
};

class TestParser {
 public:
  TestParser()
      : arguments_("stsim test",
                   "Runs scenarios as regression tests: what they expect has to hold, and what "
                   "happens has to be what stands in the approved output beside them "
                   "(NAME.approved.txt), where there is one.",
                   "a scenario"),
        variant_(arguments_) {
    arguments_.positionals(
        "PATH",
        paths_,
        "Scenarios; a folder stands for all in and below it; if none, the current one",
        false);
    arguments_.flag("--update",
                    update_,
                    "Write the approved output of what passes instead of comparing with it");
    arguments_.text("--filter",
                    filter_,
                    "REGEX",
                    "Only cases whose name, such as ./a.yaml (seed 2), has a match in it");
    arguments_.text("-j,--jobs", jobs_, "N", "How many run at once; usually as many as processors");
    arguments_.text("--junit", junit_, "FILE", "Write the results to FILE, as JUnit does");
    arguments_.flag("--tap", tap_, "Print the results as TAP");
    arguments_.flag("-q,--quiet", quiet_, "Print only what fails, and the summary");
    arguments_.flag("--no-color", no_color_, "Print without colours");
  }

  std::string help() const { return arguments_.help(); }

  Result<std::optional<std::string>, UserError> parse(std::span<const std::string> arguments) {
    return arguments_.parse(arguments);
  }

  Result<TestOptions, UserError> options() const {
    TestOptions out;
    out.paths.assign(paths_.begin(), paths_.end());
    if (out.paths.empty()) {
      out.paths.emplace_back(".");
    }
    auto variant = variant_.read();
    if (!variant) {
      return tl::unexpected(std::move(variant.error()));
    }
    out.variant = *std::move(variant);
    if (update_ && out.variant != experiment::Variant{}) {
      return tl::unexpected(
          wrong("--update writes what the scenarios say, not another release, gate or seed",
                "a matrix: in the scenario has approved output for each"));
    }
    if (arguments_.given("--filter")) {
      try {
        out.filter.emplace(filter_);
      } catch (const std::regex_error&) {
        return tl::unexpected(
            wrong(fmt::format("--filter: \"{}\" is no regular expression", filter_)));
      }
    }
    if (arguments_.given("--jobs")) {
      auto jobs = read_number("--jobs", jobs_, 1);
      if (!jobs) {
        return tl::unexpected(std::move(jobs.error()));
      }
      out.jobs = *jobs;
    }
    out.junit = junit_;
    out.update = update_;
    out.tap = tap_;
    out.quiet = quiet_;
    out.color = wants_color(!no_color_);
    return out;
  }

 private:
  std::vector<std::string> paths_;
  std::string filter_;
  std::string jobs_;
  std::string junit_;
  bool update_{};
  bool tap_{};
  bool quiet_{};
  bool no_color_{};
  Arguments arguments_;
  VariantOptions variant_;
};

/// The cases that are to be run.
std::vector<Case> chosen_cases(const std::vector<scenario::Scenario>& scenarios,
                               const TestOptions& options) {
  std::vector<Case> out;
  for (const scenario::Scenario& scenario : scenarios) {
    for (Case& one : experiment::cases_of(scenario, options.variant)) {
      if (!options.filter || std::regex_search(one.name(), *options.filter)) {
        out.push_back(std::move(one));
      }
    }
  }
  return out;
}

/// Tells of cases as they end.
class Teller {
 public:
  Teller(const Streams& streams, const TestOptions& options, std::size_t of)
      : streams_(streams), options_(options), of_(of) {}

  void tell(const Case& one, const CaseResult& result) {
    progress_.clear();
    ++done_;
    failed_ += result.passed ? 0U : 1U;
    if (!options_.tap && (!result.passed || !options_.quiet)) {
      const std::string refused = result.refused == 0
                                      ? ""
                                      : fmt::format("; {} {} refused",
                                                    result.refused,
                                                    result.refused == 1 ? "command" : "commands");
      streams_.out << styled(result.passed ? "1" : "31",
                             fmt::format("{:<4}  {}", result.passed ? "ok" : "FAIL", one.name()))
                   << refused
                   << (result.approval == CaseResult::Approval::Renewed
                           ? fmt::format("  -> {}", one.approved.filename().string())
                           : "")
                   << "\n";
      for (const std::string& failure : result.failures) {
        streams_.out << indented(failure);
      }
      streams_.out << std::flush;
    }
    if (done_ < of_) {
      progress_.show(fmt::format("{} of {} cases, {} failed", done_, of_, failed_));
    }
  }

 private:
  [[nodiscard]] std::string styled(std::string_view code, const std::string& text) const {
    return options_.color ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
  }

  static std::string indented(const std::string& text) {
    std::istringstream lines(text);
    std::string out;
    for (std::string line; std::getline(lines, line);) {
      out += "      " + line + "\n";
    }
    return out;
  }

  const Streams& streams_;
  const TestOptions& options_;
  std::size_t of_;
  std::size_t done_{};
  std::size_t failed_{};
  ProgressLine progress_{streams_.err};
};

std::string summary(std::span<const FinishedCase> finished) {
  std::size_t failed = 0;
  std::map<CaseResult::Approval, std::size_t> approvals;
  for (const FinishedCase& each : finished) {
    failed += each.result.passed ? 0U : 1U;
    ++approvals[each.result.approval];
  }
  std::string out = fmt::format("{} {}: {} passed, {} failed",
                                finished.size(),
                                finished.size() == 1 ? "case" : "cases",
                                finished.size() - failed,
                                failed);
  if (const std::size_t missing = approvals[CaseResult::Approval::Missing]; missing > 0) {
    out += fmt::format("; {} without approved output", missing);
  }
  if (const std::size_t renewed = approvals[CaseResult::Approval::Renewed]; renewed > 0) {
    out += fmt::format("; {} approved {} written", renewed, renewed == 1 ? "output" : "outputs");
  }
  return out + "\n";
}

int carry_out(const TestOptions& options, const Streams& streams) {
  const auto scenarios = load_scenarios(options.paths);
  if (!scenarios) {
    return refuse(streams, scenarios.error());
  }
  const std::vector<Case> cases = chosen_cases(*scenarios, options);
  if (cases.empty()) {
    const std::string first = experiment::cases_of(scenarios->front()).front().name();
    return refuse(streams,
                  wrong("no case has a match of --filter in its name", "a name is " + first));
  }
  std::vector<std::filesystem::path> written_to{options.junit};
  for (const Case& one : cases) {
    written_to.push_back(one.approved);
  }
  if (const UserErrors errors = overwritten(written_to, *scenarios); !errors.empty()) {
    return refuse(streams, errors);
  }
  std::ofstream junit;
  if (!options.junit.empty()) {
    auto opened = open_output(options.junit);
    if (!opened) {
      return refuse(streams, opened.error());
    }
    junit = *std::move(opened);
  }
  std::vector<FinishedCase> finished;
  Teller teller(streams, options, cases.size());
  experiment::in_order(
      cases.size(),
      options.jobs,
      [&](std::size_t i) { return experiment::run_case(cases[i], options.update); },
      [&](std::size_t i, CaseResult result) {
        teller.tell(cases[i], result);
        finished.push_back({&cases[i], std::move(result)});
      });
  if (options.tap) {
    experiment::write_tap(streams.out, finished);
  } else {
    streams.out << summary(finished);
  }
  streams.out.flush();
  bool written = true;
  if (!options.junit.empty()) {
    experiment::write_junit(junit, finished);
    junit.flush();
    written = static_cast<bool>(junit);
    if (!written) {
      streams.err << to_string(
          UserError{{options.junit, 0, 0}, "could not be written to its end", "", ""});
    }
  }
  const bool passed =
      std::ranges::all_of(finished, [](const FinishedCase& each) { return each.result.passed; });
  return passed && written && streams.out ? kExitOk : kExitFailed;
}

}  // namespace

int test_command(std::span<const std::string> arguments, const Streams& streams) {
  return with_arguments(TestParser(), arguments, streams, [&streams](const TestParser& parser) {
    const auto options = parser.options();
    return options ? carry_out(*options, streams) : refuse(streams, options.error());
  });
}

std::string test_help() {
  return TestParser().help();
}

}  // namespace stsim::cli
