// The trace as JSON lines: what of a record stands where, and what is left out.
#include "support/catch.hpp"

#include <stsim/report/observers.hpp>

#include <sstream>

using namespace stsim;
using engine::Actor;
using engine::TraceRecord;

namespace {

std::string line_of(const TraceRecord& record) {
  std::ostringstream out;
  const auto lines = report::trace_lines(out);
  lines->record(record);
  return out.str();
}

TraceRecord about_web_0(TraceRecord::Type type, Actor actor) {
  TraceRecord out;
  out.id = 7;
  out.time = kStartOfTime + std::chrono::milliseconds{1500};
  out.type = type;
  out.actor = actor;
  out.object = {api::Kind::Pod, "default", "web-0"};
  return out;
}

}  // namespace

TEST_CASE("the start of a run has no causes, and no member for what is empty") {
  TraceRecord start;
  start.id = 1;
  start.time = kStartOfTime;
  start.type = TraceRecord::Type::Start;
  start.text = "the cluster is there";
  CHECK(line_of(start) == R"({"actor":"user","causes":[],"id":1,"text":"the cluster is there",)"
                          R"("time":"2026-01-01T00:00:00.000000Z","type":"start"})"
                          "\n");
}

TEST_CASE("a call names its object, its status and what caused it, the last enabler first") {
  TraceRecord call = about_web_0(TraceRecord::Type::Call, Actor::StatefulSetController);
  call.verb = "create";
  call.resource = "pods";
  call.code = 409;
  call.reason = "AlreadyExists";
  call.text = "web-0 is missing";
  call.rule = "SS-110";
  call.causes = engine::Causes(3);
  call.causes.add(5);
  CHECK(line_of(call) == R"({"actor":"statefulset-controller","causes":[5,3],"code":409,"id":7,)"
                         R"("namespace":"default","object":"Pod/web-0","reason":"AlreadyExists",)"
                         R"("resource":"pods","rule":"SS-110","text":"web-0 is missing",)"
                         R"("time":"2026-01-01T00:00:01.500000Z","type":"call","verb":"create"})"
                         "\n");
}

TEST_CASE("an API Event that was only counted again says so") {
  TraceRecord event = about_web_0(TraceRecord::Type::ApiEvent, Actor::Placement);
  event.verb = "Warning";
  event.reason = "FailedScheduling";
  event.text = "0/3 nodes are available";
  event.repeated = true;
  event.causes = engine::Causes(6);
  CHECK(line_of(event) ==
        R"({"actor":"default-scheduler","causes":[6],"id":7,"namespace":"default",)"
        R"("object":"Pod/web-0","reason":"FailedScheduling","repeated":true,)"
        R"("text":"0/3 nodes are available","time":"2026-01-01T00:00:01.500000Z",)"
        R"("type":"event","verb":"Warning"})"
        "\n");
}

TEST_CASE("bytes that are no UTF-8 do not break the line") {
  TraceRecord step;
  step.type = TraceRecord::Type::Step;
  step.text = "kubectl get \xff";
  CHECK(line_of(step).find("kubectl get \xef\xbf\xbd\"") != std::string::npos);
}
