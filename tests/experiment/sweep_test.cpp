#include "experiment/story_text.hpp"
#include "support/catch.hpp"

#include <stsim/experiment/sweep.hpp>

#include <numeric>
#include <sstream>

using namespace stsim;
using api::Json;
using experiment::Choice;
using experiment::SweepRow;

namespace {

/// Runs whose one phase took 1, 2, … seconds, and had as many pods at least.
SweepRow counting_runs(int count) {
  SweepRow out;
  for (int i = 1; i <= count; ++i) {
    experiment::Phase phase;
    phase.prompt = "kubectl roll";
    phase.took = std::chrono::seconds{i};
    phase.lowest = i;
    out.runs.push_back({static_cast<std::uint64_t>(i), true, false, {phase}});
  }
  return out;
}

const experiment::Measure& measure(std::string_view name) {
  return *std::ranges::find(experiment::measures(), name, &experiment::Measure::name);
}

constexpr std::int64_t kSecond = 1'000'000;

}  // namespace

TEST_CASE("parameters are crossed, and put into every set that the scenario makes") {
  const std::vector<Choice> all =
      experiment::choices({{"partition", {0, 2}}, {"maxUnavailable", {1, "50%"}}});
  std::vector<std::string> texts;
  for (const Choice& choice : all) {
    texts.push_back(experiment::to_string(choice));
  }
  REQUIRE(texts == std::vector<std::string>{"partition=0 maxUnavailable=1",
                                            "partition=0 maxUnavailable=50%",
                                            "partition=2 maxUnavailable=1",
                                            "partition=2 maxUnavailable=50%"});
  const auto varied = experiment::with_choice(test::scenario_of(test::web_story(3)), all[3]);
  REQUIRE(varied);
  const Json& set = std::get<scenario::ManifestStep>(varied->steps[0].action).manifests[0];
  REQUIRE(set["spec"]["updateStrategy"]["rollingUpdate"] ==
          Json{{"partition", 2}, {"maxUnavailable", "50%"}});
  REQUIRE(set["spec"]["replicas"] == 3);
}

TEST_CASE("a parameter may be any part of a set, and needs a set") {
  const auto varied =
      experiment::with_choice(test::scenario_of(test::web_story(3)), {{"/spec/replicas", 5}});
  REQUIRE(varied);
  REQUIRE(
      std::get<scenario::ManifestStep>(varied->steps[0].action).manifests[0]["spec"]["replicas"] ==
      5);
  const auto none = experiment::with_choice(
      test::scenario_of("scenario: x\nsteps: [{kubectl: get pods}]\n"), {{"replicas", 5}});
  REQUIRE(!none);
  REQUIRE(none.error() == "no apply: or create: step of the scenario makes a StatefulSet");
}

TEST_CASE("a quantile is a value of the sample, with bounds from the binomial distribution") {
  std::vector<std::int64_t> sample(100);
  std::iota(sample.begin(), sample.end(), 1);
  const auto median = experiment::quantile(sample, 50);
  CHECK(median.value == 50);
  CHECK(median.lower == 40);  // 50 less 1.96 * 5, rounded outwards
  CHECK(median.upper == 60);
  const auto high = experiment::quantile(sample, 99);
  CHECK(high.value == 99);
  CHECK(!high.upper);  // a hundred are too few for that
  const auto only = experiment::quantile({7}, 99);
  CHECK((only.value == 7 && !only.lower && !only.upper));  // nothing is known of others
}

TEST_CASE("the worst is the greatest of times, and the least of available pods") {
  const SweepRow row = counting_runs(100);
  const auto took = experiment::distribution(row, 0, measure("took"));
  CHECK(took.runs == 100);
  CHECK(took.best == kSecond);
  CHECK(took.p90.value == 90 * kSecond);
  CHECK(took.worst == 100 * kSecond);
  CHECK(took.worst_seed == 100);
  const auto lowest = experiment::distribution(row, 0, measure("lowest"));
  CHECK(lowest.best == 100);
  CHECK(lowest.p90.value == 11);  // ninety of a hundred have at least so many
  CHECK(lowest.p90.lower <= lowest.p90.value);
  CHECK(lowest.p90.value <= lowest.p90.upper);
  CHECK(lowest.worst == 1);
  CHECK(lowest.worst_seed == 1);
}

TEST_CASE("results are written for people and for programs") {
  std::vector<SweepRow> rows{counting_runs(2), counting_runs(2)};
  rows[0].choice = {{"partition", 0}};
  rows[1].choice = {{"partition", 1}};
  rows[1].runs[1].holds = false;
  std::ostringstream tables;
  experiment::write_tables(tables, rows, "stsim run x.yaml");
  CHECK(tables.str().find("step 1: kubectl roll\n  time to complete\n") != std::string::npos);
  CHECK(tables.str().find("    partition=1  1s        1s (? to ?)") != std::string::npos);
  CHECK(
      tables.str().find("partition=1: what is expected does not hold in 1 of 2 runs: seeds 2\n") !=
      std::string::npos);
  CHECK(tables.str().ends_with(
      "A run is seen again with stsim run x.yaml --seed N --param partition=V\n"));
  std::ostringstream csv;
  experiment::write_csv(csv, rows);
  CHECK(csv.str().starts_with("partition,step,prompt,measure,unit,runs,best,p50,p50_lower,"));
  CHECK(csv.str().find("\n0,1,kubectl roll,took,s,2,1.000000,1.000000,,,") != std::string::npos);
  std::ostringstream json;
  experiment::write_json(json, rows);
  const Json document = Json::parse(json.str());
  CHECK(document["distributions"].size() == 2 * experiment::measures().size());
  CHECK(document["distributions"][0]["worst"] == 2 * kSecond);
  CHECK(document["failed"] == Json::array({{{"choice", "partition=1"}, {"seed", 2}}}));
}

TEST_CASE("a place that a manifest does not have is an error in words") {
  const auto story = test::scenario_of(test::web_story(1));
  const auto error = [&story](const char* pointer) {
    const auto varied = experiment::with_choice(story, {{pointer, 1}});
    return varied ? "" : varied.error();
  };
  CHECK(error("/spec/replicas/foo") == "/spec/replicas/foo: foo lies in what has no parts");
  CHECK(error("/spec/template/spec/containers/x") ==
        "/spec/template/spec/containers/x: the list has no item x");
  CHECK(error("/spec/template/spec/containers/7/name") ==
        "/spec/template/spec/containers/7/name: the list has no item 7");
  CHECK(error("/metadata/annotations/a~1b") == "");
}

TEST_CASE("sets in a List are varied, and rows say how many runs came so far") {
  const auto story = test::scenario_of(
      "scenario: x\nsteps:\n- apply:\n    apiVersion: v1\n    kind: List\n    items:\n"
      "    - {apiVersion: apps/v1, kind: StatefulSet, metadata: {name: web}, spec: {replicas: "
      "1}}\n");
  const auto varied = experiment::with_choice(story, {{"replicas", 4}});
  REQUIRE(varied);
  CHECK(std::get<scenario::ManifestStep>(varied->steps[0].action)
            .manifests[0]["items"][0]["spec"]["replicas"] == 4);
  std::vector<SweepRow> rows{counting_runs(4)};
  rows[0].runs[2].phases.clear();
  rows[0].runs[2].refused = true;
  std::ostringstream out;
  experiment::write_tables(out, rows, "x");
  CHECK(out.str().find("  (3 of 4 runs come that far)\n") != std::string::npos);
  CHECK(out.str().find("a command is refused in 1 of 4 runs: seeds 3\n") != std::string::npos);
}
