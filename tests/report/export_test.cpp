// What stands in a run's exports, in its own words; whether the tools can read them is for
// formats_test.py.
#include "support/catch.hpp"

#include <stsim/api/json.hpp>
#include <stsim/report/export.hpp>
#include <stsim/scenario/load.hpp>

#include <sstream>
#include <vector>

using namespace stsim;

namespace {

const std::string kOneAfterTheOther = R"(
scenario: x
timing: {imagePull: 2s, containerStart: 1s, ready: 1s, stop: 1s}
steps:
- apply:
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: my-web}
    spec:
      replicas: 2
      serviceName: web
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: web, image: "web:v1"}]}
- settle: {}
- kubectl: get pods
- kubectl: get pod nobody
)";

scenario::RunLog exported(const std::string& text) {
  const auto scenario = scenario::load_scenario_text(text, "x.yaml", ".");
  REQUIRE(scenario);
  scenario::RunLog log;
  static_cast<void>(scenario::run(*scenario, log));
  return log;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("waveforms: of each ordinal a wire, and what the numbers mean in comments") {
  const std::string vcd = report::to_vcd(exported(kOneAfterTheOther));
  CHECK(contains(vcd, "$timescale 1 us $end"));
  CHECK(contains(vcd,
                 "$scope module my_web $end\n"
                 "$scope module my_web_0 $end\n"
                 "$var wire 1 ! ready $end\n"
                 "$var integer 32 \" state $end\n"
                 "$var integer 32 # revision $end\n"
                 "$upscope $end\n"
                 "$scope module my_web_1 $end\n"
                 "$var wire 1 $ ready $end\n"));
  CHECK(contains(vcd, "$comment state 5 is ready $end"));
  CHECK(contains(vcd, "$comment revision 1 is my-web-"));
  // Nothing is ready at the beginning; my-web-0 is before my-web-1, and both are at the end.
  CHECK(contains(vcd, "#0\n$dumpvars\n0!\nb0 \"\n"));
  const std::size_t first = vcd.find("\n1!\n");
  const std::size_t second = vcd.find("\n1$\n");
  CHECK(first != std::string::npos);
  CHECK(second != std::string::npos);
  CHECK(first < second);
  CHECK(contains(vcd, "\n1!\nb101 \"\n"));
  CHECK_FALSE(contains(vcd.substr(second), "\n0!\n"));
}

TEST_CASE("a session: commands are typed key by key, and what they print comes when they end") {
  std::istringstream lines(report::to_asciicast(exported(kOneAfterTheOther), "a \"story\""));
  std::string line;
  std::getline(lines, line);
  const api::Json header = api::Json::parse(line);
  CHECK(header.at("version") == 2);
  CHECK(header.at("width") == 120);
  CHECK(header.at("idle_time_limit") == 2);
  CHECK(header.at("title") == "a \"story\"");
  std::string shown;
  std::size_t keys = 0;
  while (std::getline(lines, line)) {
    const api::Json event = api::Json::parse(line);
    REQUIRE(event.size() == 3);
    CHECK(event.at(1) == "o");
    const auto text = event.at(2).get<std::string>();
    keys += text.size() == 1 ? 1U : 0U;
    shown += text;
  }
  CHECK(keys > 20);
  CHECK(contains(shown, "kubectl get pods\x1B[0m\r\n"));
  CHECK(contains(shown, "my-web-0   1/1"));
  CHECK(contains(shown, "create pods my-web-0: my-web-0 is missing  [SS-115]"));
  CHECK(contains(shown, "Error from server (NotFound)"));
  CHECK(shown.find("\n") != 0);
  for (std::size_t i = shown.find('\n'); i != std::string::npos; i = shown.find('\n', i + 1)) {
    REQUIRE(shown[i - 1] == '\r');
  }
}

TEST_CASE("spans: the lives of pods, with their states, and syncs with what they did") {
  const api::Json request = api::Json::parse(report::to_otlp(exported(kOneAfterTheOther), "story"));
  std::string services;
  bool pod = false;
  bool sync = false;
  bool refused = false;
  for (const api::Json& resource : request.at("resourceSpans")) {
    services += resource.at("resource")
                    .at("attributes")
                    .at(0)
                    .at("value")
                    .at("stringValue")
                    .get<std::string>() +
                " ";
    for (const api::Json& span : resource.at("scopeSpans").at(0).at("spans")) {
      std::string events;
      for (const api::Json& event : span.at("events")) {
        events += event.at("name").get<std::string>() + "|";
      }
      pod = pod || (span.at("name") == "pod my-web-0" &&
                    events == "pending|pulling|starting|running|ready|");
      sync = sync || (span.at("name") == "sync StatefulSet/my-web" && !span.at("links").empty() &&
                      contains(events, "create pods my-web-1: my-web-1 is missing"));
      refused = refused ||
                (span.at("name") == "kubectl get pod nobody" && span.at("status").at("code") == 2);
    }
  }
  CHECK(contains(services, "user statefulset-controller "));
  CHECK(pod);
  CHECK(sync);
  CHECK(refused);
}

TEST_CASE("another run has other ids, and the same run the same") {
  const auto trace_id = [](const scenario::RunLog& log) {
    return api::Json::parse(report::to_otlp(log, "story"))
        .at("resourceSpans")
        .at(0)
        .at("scopeSpans")
        .at(0)
        .at("spans")
        .at(0)
        .at("traceId")
        .get<std::string>();
  };
  const auto log = exported(kOneAfterTheOther);
  CHECK(trace_id(log) == trace_id(exported(kOneAfterTheOther)));
  CHECK(trace_id(log) != trace_id(exported(kOneAfterTheOther + "- advance: 1s\n")));
}

TEST_CASE("a run in which nothing happens can be written, too") {
  const auto log = exported("scenario: x\nsteps:\n- advance: 1s\n");
  CHECK(contains(report::to_vcd(log), "$enddefinitions $end\n#0\n$dumpvars\n$end\n#1000000\n"));
  CHECK(contains(report::to_perfetto(log), "advance"));
  CHECK(contains(report::to_asciicast(log, "x"), "\"version\": 2"));
}
