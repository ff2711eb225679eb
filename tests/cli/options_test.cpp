#include "support/catch.hpp"

#include <stsim/cli/options.hpp>

#include <sstream>
#include <string>
#include <vector>

using namespace stsim;
using namespace stsim::cli;

namespace {

RunOptions last_run;

int remember(const RunOptions& options, const Streams& /*streams*/) {
  last_run = options;
  return kExitFailed;
}

struct Outcome {
  int exit{};
  std::string out;
  std::string err;
  bool operator==(const Outcome&) const = default;
};

std::ostream& operator<<(std::ostream& stream, const Outcome& outcome) {
  return stream << outcome.exit << "\n[out]\n" << outcome.out << "[err]\n" << outcome.err;
}

Outcome call(const std::vector<std::string>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  last_run = {};
  const int exit = main_program(arguments, {out, err}, remember);
  return {exit, out.str(), err.str()};
}

Outcome wrong(const std::string& err) {
  return {kExitWrong, "", err};
}

}  // namespace

TEST_CASE("stsim run hands its options on, and the exit status back") {
  CHECK(call({"run",
              "a.yaml",
              "-q",
              "--record",
              "r.jsonl",
              "--trace=t",
              "--strict",
              "b",
              "--kubernetes",
              "1.35.0",
              "--seed",
              "7",
              "--draw-races",
              "--kubelet",
              "stepped",
              "--no-color",
              "--feature-gate",
              "PodIndexLabel=false",
              "--feature-gate=MaxUnavailableStatefulSet=true"}) == Outcome{kExitFailed, "", ""});
  CHECK(last_run.arguments == std::vector<std::filesystem::path>{"a.yaml", "b"});
  CHECK(last_run.quiet);
  CHECK(last_run.strict);
  CHECK_FALSE(last_run.color);
  CHECK(last_run.record == "r.jsonl");
  CHECK(last_run.trace == "t");
  CHECK(last_run.variant.kubernetes == Release{35, 0});
  CHECK(last_run.variant.seed == 7U);
  CHECK(last_run.draw_races == true);
  CHECK(last_run.kubelet == scenario::KubeletMode::Stepped);
  CHECK(last_run.variant.feature_gates ==
        std::map<std::string, bool, std::less<>>{{"MaxUnavailableStatefulSet", true},
                                                 {"PodIndexLabel", false}});
}

TEST_CASE("options that are not given leave the scenario as it is") {
  REQUIRE(call({"run", "a.yaml"}).exit == kExitFailed);
  CHECK_FALSE(last_run.quiet);
  CHECK_FALSE(last_run.strict);
  CHECK(last_run.color);
  scenario::Scenario scenario;
  scenario.seed = 3;
  scenario.kubernetes = {30, -1};
  scenario.feature_gates["PodIndexLabel"] = true;
  override_with(scenario, last_run);
  CHECK(scenario.seed == 3);
  CHECK_FALSE(scenario.draw_races);
  CHECK(scenario.kubernetes == Release{30, -1});
  REQUIRE(call({"run",
                "a",
                "--seed=9",
                "--draw-races",
                "--kubernetes=1.26",
                "--feature-gate=PodIndexLabel=false",
                "--kubelet=stepped"})
              .exit == kExitFailed);
  override_with(scenario, last_run);
  CHECK(scenario.seed == 9);
  CHECK(scenario.draw_races);
  CHECK(scenario.kubernetes == Release{26, -1});
  CHECK(scenario.kubelet == scenario::KubeletMode::Stepped);
  CHECK_FALSE(scenario.feature_gates.at("PodIndexLabel"));
  REQUIRE(call({"run", "a", "--no-draw-races"}).exit == kExitFailed);
  override_with(scenario, last_run);
  CHECK_FALSE(scenario.draw_races);
}

TEST_CASE("a wrong command line is said on standard error, with a suggestion, and exits 2") {
  CHECK(call({}) == wrong("error: stsim needs a command\n  see stsim help\n"));
  CHECK(call({"rnu", "a.yaml"}) == wrong("error: unknown command \"rnu\"\n  see stsim help\n"));
  CHECK(call({"vresion"}) ==
        wrong("error: unknown command \"vresion\"\n  did you mean \"version\"?\n"));
  CHECK(call({"canary.yaml"}) ==
        wrong("error: unknown command \"canary.yaml\"\n  did you mean stsim run canary.yaml?\n"));
  CHECK(call({"run"}) == wrong("error: stsim run needs a scenario\n  stsim run FILE\n"));
  CHECK(call({"run", "a.yaml", "--recrod", "r"}) ==
        wrong("error: unknown option --recrod\n  did you mean \"--record\"?\n"));
  CHECK(call({"run", "--recrod=r"}) ==
        wrong("error: unknown option --recrod\n  did you mean \"--record\"?\n"));
  CHECK(call({"run", "a.yaml", "--zzz"}) ==
        wrong("error: unknown option --zzz\n  see stsim help run\n"));
  CHECK(call({"run", "a.yaml", "--record"}) ==
        wrong("error: --record: 1 required FILE missing\n  see stsim help run\n"));
  CHECK(call({"run", "a.yaml", "--kubernetes", "1.38"}) ==
        wrong("error: --kubernetes: \"1.38\" is no release of Kubernetes that can be simulated\n"
              "  possible: 1.25 to 1.36, 1.35.0, and 1.37 as a preview\n"));
  CHECK(call({"run", "a.yaml", "--feature-gate", "PodIndexLable=true"}) ==
        wrong("error: --feature-gate: unknown feature gate \"PodIndexLable\"\n"
              "  did you mean \"PodIndexLabel\"?\n"));
  CHECK(call({"run", "a.yaml", "--feature-gate", "PodIndexLabel"}) ==
        wrong("error: --feature-gate: \"PodIndexLabel\" is not of the form NAME=BOOL\n"
              "  PodIndexLabel=true or PodIndexLabel=false\n"));
  CHECK(call({"run", "a.yaml", "--seed", "-1"}) ==
        wrong("error: --seed must be a whole number from 0 on, not \"-1\"\n"));
  CHECK(call({"run", "a.yaml", "--kubelet", "step"}) ==
        wrong("error: --kubelet cannot be \"step\"\n  possible: auto, stepped\n"));
  CHECK(call({"version", "x"}) == wrong("error: stsim version takes no arguments\n"));
  CHECK(call({"help", "rum"}) ==
        wrong("error: unknown command \"rum\"\n  did you mean \"run\"?\n"));
}

TEST_CASE("help lists every sub-command, and tells of each") {
  const Outcome all = call({"help"});
  CHECK(all.exit == kExitOk);
  CHECK(all.err.empty());
  CHECK(call({"--help"}) == all);
  for (const SubCommand& command : sub_commands()) {
    CAPTURE(command.name);
    CHECK(all.out.find("\n  " + std::string(command.name)) != std::string::npos);
    CHECK(all.out.find(command.help) != std::string::npos);
    const Outcome one = call({"help", std::string(command.name)});
    CHECK(one.exit == kExitOk);
    CHECK(one.out.find("stsim " + std::string(command.name)) != std::string::npos);
  }
  CHECK(call({"run", "--help"}).out == call({"help", "run"}).out);
  for (const std::string option : {"--quiet",
                                   "--record",
                                   "--trace",
                                   "--strict",
                                   "--kubernetes",
                                   "--feature-gate",
                                   "--seed",
                                   "--draw-races",
                                   "--kubelet",
                                   "--stats",
                                   "--no-color"}) {
    CHECK(call({"help", "run"}).out.find(option) != std::string::npos);
  }
}

TEST_CASE("--stats says at the end what was run took, unless nothing could be") {
  CHECK(call({"run", "a.yaml", "--stats"}).err.starts_with("stats: "));
  CHECK(call({"run", "a.yaml"}).err.empty());
  CHECK(call({"run", "--stats"}).err.find("stats: ") == std::string::npos);
}

TEST_CASE("stsim version prints one line") {
  const Outcome version = call({"version"});
  CHECK(version.exit == kExitOk);
  CHECK(version.out.starts_with("stsim 0."));
  CHECK(call({"--version"}) == version);
}
