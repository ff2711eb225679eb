#include "support/catch.hpp"

#include <stsim/kubectl/table.hpp>
#include <stsim/report/page.hpp>
#include <stsim/scenario/load.hpp>
#include <stsim/scenario/runner.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

using namespace stsim;
using namespace std::chrono_literals;
using api::Json;

namespace {

/// A run with its scenario.
struct Ran {
  scenario::Scenario scenario;
  scenario::RunLog log;

  [[nodiscard]] Json data(const report::PageOptions& options = {}) const {
    return report::page_data(scenario, log, options);
  }
};

Ran ran(const std::string& text) {
  auto scenario =
      scenario::load_scenario_text(text, "x.yaml", STSIM_SOURCE_DIR "/scenarios/rollout");
  REQUIRE(scenario);
  Ran out{*std::move(scenario), {}};
  static_cast<void>(scenario::run(out.scenario, out.log));
  return out;
}

const std::string kStory = R"(
scenario: story
description: "a <b> & c"
timing: {imagePull: 2s, containerStart: 1s, ready: 1s, stop: 1s}
brokenImages: ["web:broken"]
steps:
- apply: [../manifests/service.yaml, ../manifests/set.yaml]
- settle: {}
)";
const std::string kCanary = kStory + R"(
- patch: {statefulset: web, patch: {spec: {updateStrategy: {rollingUpdate: {partition: 2}}}}}
- set-image: {statefulset: web, web: "web:v2"}
- settle: {}
- kubectl: get pods
)";
const std::string kStuck = kStory + R"(
- set-image: {statefulset: web, web: "web:broken"}
- advance: 70s
- kubectl: get pods
)";

/// The instants of a page.
std::vector<SimTime> moments(const Json& data) {
  std::vector<SimTime> out;
  SimTime now = kStartOfTime;
  for (const Json& since : data["moments"]) {
    now += SimDuration(since.get<std::int64_t>());
    out.push_back(now);
  }
  return out;
}

/// A column of differences, summed.
std::vector<std::size_t> summed(const Json& column) {
  std::vector<std::size_t> out;
  std::size_t sum = 0;
  for (const Json& difference : column) {
    sum += difference.get<std::size_t>();
    out.push_back(sum);
  }
  return out;
}

/// The last moment of a page at an instant or before.
std::size_t moment_at(const Json& data, SimTime instant) {
  const std::vector<SimTime> all = moments(data);
  return static_cast<std::size_t>(std::ranges::upper_bound(all, instant) - all.begin()) - 1;
}

std::string string_of(const Json& data, const Json& number) {
  return data["strings"][number.get<std::size_t>()];
}

const Json& table_of(const Json& data, std::string_view command) {
  for (const Json& table : data["tables"]) {
    if (table["command"] == command) {
      return table;
    }
  }
  FAIL("no such table");
  return data;
}

/// A cell with its age worked out, as the page's program does.
std::string aged(std::string cell, SimTime instant) {
  const std::size_t begin = cell.find('\x01');
  if (begin != std::string::npos) {
    const std::size_t end = cell.find('\x02');
    const std::int64_t since = std::stoll(cell.substr(begin + 1, end - begin - 1));
    cell.replace(begin,
                 end + 1 - begin,
                 human_duration(instant - kStartOfTime - std::chrono::seconds(since)));
  }
  return cell;
}

/// What a table says at an instant, as kubectl prints it.
std::string printed(const Json& data,
                    std::string_view command,
                    SimTime instant,
                    bool wide = false) {
  const Json& table = table_of(data, command);
  const std::size_t moment = moment_at(data, instant);
  std::map<std::string, std::size_t> there;
  const std::vector<std::size_t> begins = summed(table["lives"]["begin"]);
  for (std::size_t i = 0; i < begins.size(); ++i) {
    const auto end = table["lives"]["end"][i].get<std::int64_t>();
    if (begins[i] <= moment && (end < 0 || static_cast<std::size_t>(end) > moment)) {
      const auto row = table["lives"]["row"][i].get<std::size_t>();
      there.emplace(table["names"][row], row);
    }
  }
  kubectl::Table out{{"NAME"}, {}};
  for (const auto& [name, row] : there) {
    out.rows.push_back({name});
  }
  for (const Json& column : table["columns"]) {
    if (column["wide"] && !wide) {
      continue;
    }
    out.columns.push_back(column["header"]);
    const std::vector<std::size_t> at = summed(column["at"]);
    std::size_t line = 0;
    for (const auto& [name, row] : there) {
      std::string cell;
      for (std::size_t i = 0; i < at.size() && at[i] <= moment; ++i) {
        if (column["row"][i] == row) {
          cell = string_of(data, column["text"][i]);
        }
      }
      out.rows[line++].push_back(aged(std::move(cell), instant));
    }
  }
  return kubectl::to_text(out);
}

/// The reasons about an object that hold at an instant.
std::vector<std::string> reasons(const Json& data, std::string_view name, SimTime instant) {
  const Json& all = data["reasons"];
  const std::vector<std::size_t> begins = summed(all["at"]);
  const std::size_t moment = moment_at(data, instant);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < begins.size(); ++i) {
    const auto end = all["end"][i].get<std::int64_t>();
    if (data["objects"]["name"][all["object"][i].get<std::size_t>()] == name &&
        begins[i] <= moment && (end < 0 || static_cast<std::size_t>(end) > moment)) {
      out.push_back(string_of(data, all["text"][i]));
    }
  }
  return out;
}

/// What DNS says of a name at an instant.
std::string answer(const Json& data, std::string_view name, SimTime instant) {
  const Json& column = data["dns"]["columns"][0];
  const std::vector<std::size_t> at = summed(column["at"]);
  const std::size_t moment = moment_at(data, instant);
  std::string out;
  for (std::size_t i = 0; i < at.size() && at[i] <= moment; ++i) {
    if (data["dns"]["names"][column["row"][i].get<std::size_t>()] == name) {
      out = string_of(data, column["text"][i]);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("the page's tables are what kubectl printed at that instant") {
  const Ran run = ran(kStuck + "- kubectl: get sts\n- kubectl: get pods -o wide\n");
  const Json data = run.data();
  std::size_t compared = 0;
  for (const scenario::LoggedStep& step : run.log.steps()) {
    for (const auto& [prompt, command, wide] :
         {std::tuple("kubectl get pods", "kubectl get pods", false),
          std::tuple("kubectl get sts", "kubectl get statefulsets", false),
          std::tuple("kubectl get pods -o wide", "kubectl get pods", true)}) {
      if (step.result.prompt == prompt) {
        REQUIRE(printed(data, command, step.begun, wide) == step.result.output->out);
        ++compared;
      }
    }
  }
  REQUIRE(compared == 3);
  REQUIRE(printed(data, "kubectl get pods", run.log.end()).find("ImagePullBackOff") !=
          std::string::npos);
}

TEST_CASE("a row is there from its object's first instant to its last") {
  const Ran run = ran(kStory + "- kubectl: scale sts web --replicas=1\n- settle: {}\n");
  const Json data = run.data();
  REQUIRE(printed(data, "kubectl get pods", kStartOfTime).find("web-") == std::string::npos);
  REQUIRE(printed(data, "kubectl get nodes", kStartOfTime).find("node3") != std::string::npos);
  const SimTime scaled = run.log.steps()[2].begun;
  REQUIRE(printed(data, "kubectl get pods", scaled - 1us).find("web-2") != std::string::npos);
  const std::string last = printed(data, "kubectl get pods", run.log.end());
  REQUIRE(last.find("web-0") != std::string::npos);
  REQUIRE(last.find("web-2") == std::string::npos);
}

TEST_CASE("a reason holds until a look at the set does not find it any more") {
  const Ran run = ran(kStuck);
  const Json data = run.data();
  const auto stuck = reasons(data, "web-2", run.log.end());
  REQUIRE(stuck.size() == 1);
  REQUIRE(stuck[0].find("web-2") != std::string::npos);
  REQUIRE(reasons(data, "web-1", run.log.end()).empty());
  // While the set came up it waited for each of its pods, and for none after that.
  const SimTime up = run.log.steps()[1].ended;
  REQUIRE(reasons(data, "web-0", kStartOfTime + 1s).size() == 1);
  REQUIRE(reasons(data, "web-0", up).empty());
  REQUIRE(reasons(data, "web-2", up).empty());
}

TEST_CASE("spans tell states and revisions; lanes are there for pods that never came") {
  const Json canary = ran(kCanary).data();
  REQUIRE(canary["pods"]["ordinal"] == Json({0, 1, 2}));
  REQUIRE(canary["revisions"].size() == 2);
  REQUIRE(canary["revisions"][1]["images"] == "web:v2");
  std::map<std::size_t, std::set<std::int64_t>> revisions;
  for (std::size_t i = 0; i < canary["spans"]["pod"].size(); ++i) {
    revisions[canary["spans"]["pod"][i]].insert(canary["spans"]["revision"][i].get<std::int64_t>());
  }
  REQUIRE(revisions[0] == std::set<std::int64_t>{0});
  REQUIRE(revisions[1] == std::set<std::int64_t>{0});
  REQUIRE(revisions[2] == std::set<std::int64_t>{0, 1});
  const Json& shape = canary["sets"][0]["shapes"].back();
  REQUIRE(shape["partition"] == 2);
  REQUIRE(shape["current"] == 0);
  REQUIRE(shape["update"] == 1);

  std::string blocked = kStory;
  blocked.replace(blocked.find("web:broken"), 10, "web:v1");
  blocked.replace(blocked.find("- settle: {}"), 12, "- advance: 5m");
  const Json data = ran(blocked).data();
  REQUIRE(data["pods"]["ordinal"] == Json({0, 1, 2}));
  REQUIRE(std::ranges::all_of(data["spans"]["pod"], [](const Json& pod) { return pod == 0; }));
}

TEST_CASE("a name has an address as long as its pod is ready, and is asked for before") {
  const Ran run = ran(kStuck);
  const Json data = run.data();
  const std::string name = "web-2.web-svc.default.svc.cluster.local";
  REQUIRE(answer(data, name, kStartOfTime + 1s).empty());
  const SimTime up = run.log.steps()[1].ended;
  REQUIRE(answer(data, name, up).starts_with("10.244."));
  REQUIRE(answer(data, name, run.log.end()) == "NXDOMAIN");
  REQUIRE(answer(data, "web-svc.default.svc.cluster.local", run.log.end()).find(", ") !=
          std::string::npos);
}

TEST_CASE("every event names an earlier one that led to it, or none") {
  const Json data = ran(kCanary).data();
  const Json& events = data["events"];
  const auto all = static_cast<std::int64_t>(events["text"].size());
  REQUIRE(data["inAll"] == all);
  std::size_t caused = 0;
  for (std::int64_t i = 0; i < all; ++i) {
    const auto back = events["cause"][static_cast<std::size_t>(i)].get<std::int64_t>();
    REQUIRE(back >= 0);
    REQUIRE(back <= i);
    caused += back > 0 ? 1 : 0;
  }
  REQUIRE(caused > events["text"].size() / 2);
  REQUIRE(std::ranges::is_sorted(summed(events["at"])));
}

TEST_CASE("a run that is too long is shown up to an instant, and it is said what is left out") {
  const Ran run = ran(kCanary);
  const std::size_t in_all = run.data()["inAll"];
  report::PageOptions options;
  options.most_events = in_all / 2;
  const Json data = run.data(options);
  const std::size_t shown = data["events"]["text"].size();
  REQUIRE(data["inAll"] == in_all);
  REQUIRE(shown <= in_all / 2);
  REQUIRE(shown > in_all / 4);
  REQUIRE(data["end"] == data["moments"].size() - 1);
  REQUIRE(data["wholeEnd"] == (run.log.end() - kStartOfTime).count());
  REQUIRE(data["steps"].size() < run.log.steps().size());
  REQUIRE(data.dump().size() < run.data().dump().size());
  // However little may be shown, the first instant is.
  options.most_events = 0;
  REQUIRE_FALSE(run.data(options)["events"]["text"].empty());
}

TEST_CASE("explanations stand with their objects, in the order of time") {
  const Ran run = ran(kCanary);
  const api::ObjectKey pod{api::Kind::Pod, "default", "web-1"};
  const api::ObjectKey set{api::Kind::StatefulSet, "default", "web"};
  report::PageOptions options;
  options.why = {{kStartOfTime + 9s, SimTime::max(), {pod}, "later"},
                 {kStartOfTime + 2s, kStartOfTime + 3s, {set, pod}, "sooner"}};
  const Json data = run.data(options);
  const Json& why = data["why"];
  REQUIRE(why.size() == 2);
  REQUIRE(why[0]["text"] == "sooner");
  REQUIRE(moments(data)[why[0]["at"].get<std::size_t>()] == kStartOfTime + 2s);
  REQUIRE(moments(data)[why[0]["end"].get<std::size_t>()] == kStartOfTime + 3s);
  REQUIRE(data["objects"]["name"][why[0]["objects"][1].get<std::size_t>()] == "web-1");
  REQUIRE(why[1]["end"] == -1);
}

TEST_CASE("the page is one file, the same each time, whatever texts it carries") {
  const Ran run = ran(kCanary);
  const std::string page = report::page(run.scenario, run.log);
  REQUIRE(page == report::page(run.scenario, run.log));
  REQUIRE(page == report::page(ran(kCanary).scenario, ran(kCanary).log));
  REQUIRE(page.find("a \\u003cb> & c") != std::string::npos);
  REQUIRE(page.find("<b>") == std::string::npos);
  for (const char* outside : {"src=", "@import", "url(http"}) {
    REQUIRE(page.find(outside) == std::string::npos);
  }
  // No more than some tens of bytes for an event beside the program.
  const Json data = run.data();
  REQUIRE(page.size() - report::page_program().size() <
          12'000 + 250 * data["events"]["text"].size());
}
