#include "support/catch.hpp"
#include "support/control.hpp"

#include <stsim/controllers/plan_progress.hpp>

#include <map>

using namespace stsim;
using controllers::Call;
using controllers::Group;
using controllers::Plan;
using controllers::PlanProgress;
using test::Control;
using Names = std::vector<std::string>;
using Refusals = std::map<std::string, std::string>;  ///< reason of the error, by call

namespace {

controllers::EventText event(std::string reason) {
  return {"Normal", std::move(reason), ""};
}

Call call(std::string name, Call::OnError on_error = Call::OnError::SkipGroup) {
  Call out;
  out.target.name = std::move(name);
  out.on_error = on_error;
  return out;
}

Call collecting(std::string name) {
  return call(std::move(name), Call::OnError::Collect);
}

Group group(std::vector<Call> calls,
            int batch = 0,
            Group::OnError on_error = Group::OnError::Stop) {
  Group out;
  out.calls = std::move(calls);
  out.batch = batch;
  out.on_error = on_error;
  return out;
}

Plan plan(std::vector<Group> groups, std::vector<Group> afterwards = {}) {
  Plan out;
  out.groups = std::move(groups);
  out.afterwards = std::move(afterwards);
  return out;
}

/// What is done and told in order, and how the sync ends: `call a`, `tell Created`,
/// `tell Failed(a: Conflict)`, `status after 101`, `fails: a: Conflict`.
Names course(const Plan& plan, const Refusals& refused) {
  Names out;
  PlanProgress progress;
  const auto tell = [&out](const std::vector<controllers::EventText>& events) {
    for (const controllers::EventText& told : events) {
      out.push_back("tell " + told.reason + (told.message.empty() ? "" : "(" + told.message + ")"));
    }
  };
  tell(progress.begin(plan));
  while (progress.stage != PlanProgress::Stage::Done) {
    if (progress.stage == PlanProgress::Stage::Status) {
      std::string bits;
      for (const bool good : progress.succeeded) {
        bits += good ? '1' : '0';
      }
      out.push_back("status after " + bits);
      const auto error = refused.find("status");
      tell(progress.status_ended(plan, error == refused.end() ? "" : "status: " + error->second));
      continue;
    }
    const std::string name = progress.next_call(plan)->target.name;
    out.push_back("call " + name);
    store::WriteResult result;
    if (const auto error = refused.find(name); error != refused.end()) {
      result = tl::unexpected(
          api::ApiError{500, error->second, name + ": " + error->second, {}, "", ""});
    }
    tell(progress.call_ended(plan, result));
  }
  REQUIRE(progress.next_call(plan) == nullptr);
  if (!progress.failure.empty()) {
    out.push_back("fails: " + progress.failure);
  }
  return out;
}

}  // namespace

TEST_CASE("A group that fails: the rest of its batch, of the plan, or nothing more is done") {
  struct Row {
    Group::OnError on_error;
    Refusals refused;
    Names course;
  };
  using OnError = Group::OnError;
  const auto row = GENERATE(values<Row>({
      {OnError::Stop, {}, {"call a", "call b", "call c", "status after 111", "call z"}},
      {OnError::Stop,
       {{"a", "Lost"}},
       {"call a", "call b", "status after 010", "call z", "fails: a: Lost"}},
      {OnError::Stop,
       {{"b", "Lost"}},
       {"call a", "call b", "status after 100", "call z", "fails: b: Lost"}},
      {OnError::Stop,
       {{"a", "Lost"}, {"b", "Late"}},
       {"call a", "call b", "status after 000", "call z", "fails: a: Lost"}},
      {OnError::GoOn,
       {{"a", "Lost"}, {"c", "Late"}},
       {"call a", "call b", "call c", "status after 010", "call z", "fails: a: Lost"}},
      {OnError::Abort, {{"a", "Lost"}}, {"call a", "fails: a: Lost"}},
      {OnError::Abort, {{"b", "Lost"}}, {"call a", "call b", "fails: b: Lost"}},
  }));
  REQUIRE(course(plan({group({call("a")}, 1, row.on_error),
                       group({call("b")}, 1, row.on_error),
                       group({call("c")}, 2, row.on_error)},
                      {group({call("z")})}),
                 row.refused) == row.course);
}

TEST_CASE(
    "What is done afterwards has batches of its own, and is done whatever became of the status") {
  const Plan both = plan({group({call("a")}, 3)}, {group({call("y")}, 1), group({call("z")}, 2)});
  REQUIRE(course(both, {{"a", "Lost"}, {"y", "Late"}}) ==
          Names{"call a", "status after 0", "call y", "fails: a: Lost"});
  REQUIRE(course(both, {{"status", "Conflict"}}) ==
          Names{"call a", "status after 1", "call y", "call z", "fails: status: Conflict"});
}

TEST_CASE("A plan that is an error fails, whatever it still does") {
  Plan wrong = plan({group({call("a")})});
  wrong.error = "wrong";
  REQUIRE(course(wrong, {{"a", "Lost"}}) == Names{"call a", "status after 0", "fails: wrong"});
  REQUIRE(course({}, {}) == Names{"status after "});
}

TEST_CASE("An error ends its group, but the calls that collect errors are still made") {
  struct Row {
    Refusals refused;
    Names course;
  };
  const auto row = GENERATE(values<Row>({
      {{}, {"call a", "call b", "call c", "call d", "status after 1"}},
      {{{"a", "Lost"}}, {"call a", "call b", "status after 0", "fails: a: Lost"}},
      {{{"b", "Lost"}}, {"call a", "call b", "status after 0", "fails: b: Lost"}},
      {{{"a", "Lost"}, {"b", "Late"}},
       {"call a", "call b", "status after 0", "fails: [a: Lost, b: Late]"}},
      {{{"c", "Lost"}}, {"call a", "call b", "call c", "status after 0", "fails: c: Lost"}},
  }));
  REQUIRE(course(plan({group({collecting("a"), collecting("b"), call("c"), call("d")})}),
                 row.refused) == row.course);
}

TEST_CASE("An error after which the rest goes on: one of the rest takes its place") {
  struct Row {
    Refusals refused;
    Names course;
  };
  const auto row = GENERATE(values<Row>({
      {{}, {"call a", "call b", "call c", "status after 1"}},
      {{{"a", "Lost"}},
       {"call a", "call b", "call c", "tell NotMade(a: Lost)", "status after 0", "fails: a: Lost"}},
      {{{"a", "AlreadyExists"}}, {"call a", "status after 0", "fails: a: AlreadyExists"}},
      {{{"a", "Lost"}, {"b", "Late"}},
       {"call a", "call b", "tell NotChanged(b: Late)", "status after 0", "fails: b: Late"}},
      {{{"c", "Late"}},
       {"call a", "call b", "call c", "tell NotMade(c: Late)", "status after 0", "fails: c: Late"}},
  }));
  Call a = call("a", Call::OnError::GoOn);
  a.quiet_if_exists = true;
  Call b = call("b");
  b.failure = event("NotChanged");
  Group whole = group({a, b, call("c")});
  whole.failure = event("NotMade");
  REQUIRE(course(plan({whole}), row.refused) == row.course);
}

TEST_CASE("What a group tells between its calls is told only if it gets there") {
  const Plan news = plan({group({call("a"), controllers::tell(event("News")), call("b")})});
  REQUIRE(course(news, {}) == Names{"call a", "tell News", "call b", "status after 1"});
  REQUIRE(course(news, {{"a", "Lost"}}) == Names{"call a", "status after 0", "fails: a: Lost"});
  REQUIRE(course(news, {{"b", "Lost"}}) ==
          Names{"call a", "tell News", "call b", "status after 0", "fails: b: Lost"});
}

TEST_CASE("Which API Events tell of a call: its own, or that of its group") {
  enum class Events { None, Own };
  struct Row {
    const char* name;
    Call::OnError on_error;
    Events events;
    const char* refused;
    Names told;
    const char* failure;
  };
  using OnError = Call::OnError;
  const auto row = GENERATE(values<Row>({
      {"it succeeds", OnError::SkipGroup, Events::Own, "", {"Made", "GroupMade"}, ""},
      {"it succeeds and says nothing", OnError::SkipGroup, Events::None, "", {"GroupMade"}, ""},
      {"a harmless error is success",
       OnError::SkipGroup,
       Events::Own,
       "Harmless",
       {"Made", "GroupMade"},
       ""},
      {"a tolerated one is told and no error",
       OnError::SkipGroup,
       Events::Own,
       "Tolerated",
       {"NotMade(no a: a: Tolerated)", "GroupMade"},
       ""},
      {"also if it is collected",
       OnError::Collect,
       Events::Own,
       "Tolerated",
       {"NotMade(no a: a: Tolerated)", "GroupMade"},
       ""},
      {"its own event stands for that of the group",
       OnError::SkipGroup,
       Events::Own,
       "Lost",
       {"NotMade(no a: a: Lost)"},
       "no a: a: Lost"},
      {"without one the group's is told",
       OnError::SkipGroup,
       Events::None,
       "Lost",
       {"GroupNotMade(no a: a: Lost)"},
       "no a: a: Lost"},
      {"what is collected is told by both",
       OnError::Collect,
       Events::Own,
       "Lost",
       {"NotMade(a: Lost)", "GroupNotMade(no a: a: Lost)"},
       "no a: a: Lost"},
      {"what exists is told by neither",
       OnError::SkipGroup,
       Events::Own,
       "AlreadyExists",
       {},
       "no a: a: AlreadyExists"},
      {"nor without an event of its own",
       OnError::SkipGroup,
       Events::None,
       "AlreadyExists",
       {},
       "no a: a: AlreadyExists"},
      {"but by the group's if it is collected",
       OnError::Collect,
       Events::Own,
       "AlreadyExists",
       {"GroupNotMade(no a: a: AlreadyExists)"},
       "no a: a: AlreadyExists"},
  }));
  CAPTURE(row.name);
  Call made = call("a", row.on_error);
  made.error_prefix = "no a: ";
  made.harmless = {"Harmless"};
  made.tolerated = {"Tolerated"};
  made.quiet_if_exists = true;
  if (row.events == Events::Own) {
    made.success = event("Made");
    made.failure = event("NotMade");
  }
  Group whole = group({made});
  whole.success = event("GroupMade");
  whole.failure = event("GroupNotMade");
  Names expected{"call a"};
  for (const std::string& told : row.told) {
    expected.push_back("tell " + told);
  }
  const std::string failure = row.failure;
  expected.push_back(failure.empty() ? "status after 1" : "status after 0");
  if (!failure.empty()) {
    expected.push_back("fails: " + failure);
  }
  const std::string refused = row.refused;
  REQUIRE(course(plan({whole}), refused.empty() ? Refusals{} : Refusals{{"a", refused}}) ==
          expected);
}

TEST_CASE("Errors of several calls are told by the group's event in brackets") {
  Group both = group({collecting("a"), collecting("b")});
  both.failure = event("NotMade");
  REQUIRE(course(plan({both}), {{"a", "Lost"}, {"b", "Late"}}) ==
          Names{"call a",
                "call b",
                "tell NotMade([a: Lost, b: Late])",
                "status after 0",
                "fails: [a: Lost, b: Late]"});
}

TEST_CASE("What a group tells whatever becomes of it is told once, before its calls") {
  const auto with_news = [](const char* news, Group out) {
    out.calls.insert(out.calls.begin(), controllers::tell(event(news)));
    return out;
  };
  const Plan news = plan({with_news("A", group({call("a"), call("b")}, 1)),
                          with_news("Nothing", group({}, 1)),
                          with_news("C", group({call("c")}, 2))},
                         {with_news("Z", group({call("z")}))});
  REQUIRE(course(news, {}) == Names{"tell A",
                                    "call a",
                                    "call b",
                                    "tell Nothing",
                                    "tell C",
                                    "call c",
                                    "status after 111",
                                    "tell Z",
                                    "call z"});
  REQUIRE(course(news, {{"a", "Lost"}}) == Names{"tell A",
                                                 "call a",
                                                 "tell Nothing",
                                                 "status after 010",
                                                 "tell Z",
                                                 "call z",
                                                 "fails: a: Lost"});
}

TEST_CASE("A group whose calls are others now begins again with them") {
  Plan news = plan({group({call("a"), call("b")})});
  news.groups.front().calls.insert(news.groups.front().calls.begin(),
                                   controllers::tell(event("News")));
  news.groups.front().success = event("Made");
  PlanProgress progress;
  REQUIRE(progress.begin(news).size() == 1);
  progress.call_ended(news, {});
  REQUIRE(progress.next_call(news)->target.name == "b");
  progress.repair_attempts = 1;
  news.groups.front().calls = {call("c")};
  REQUIRE(progress.calls_changed(news).empty());
  REQUIRE(progress.next_call(news)->target.name == "c");
  REQUIRE(progress.repair_attempts == 1);
  news.groups.front().calls.clear();
  REQUIRE(progress.calls_changed(news).front().reason == "Made");
  REQUIRE(progress.stage == PlanProgress::Stage::Status);
  REQUIRE(progress.repair_attempts == 0);
}

TEST_CASE("A group is quiet by itself: the next one's failure is told again") {
  Call existing = call("a");
  existing.quiet_if_exists = true;
  Group first = group({existing}, 1);
  Group second = group({call("b")}, 1);
  first.failure = event("FirstNotMade");
  second.failure = event("SecondNotMade");
  REQUIRE(course(plan({first, second}), {{"a", "AlreadyExists"}, {"b", "Lost"}}) ==
          Names{"call a",
                "call b",
                "tell SecondNotMade(b: Lost)",
                "status after 00",
                "fails: a: AlreadyExists"});
}

TEST_CASE("The controller worked by hand: a pod that is gone before it is replaced is no error") {
  Control c("1.35");
  c.make_set({.replicas = 1});
  REQUIRE(c.sync().empty());
  c.report(0, api::PodPhase::Running, true);
  REQUIRE(c.sync().empty());
  c.change_image("web:v2");
  c.meanwhile = [&c] { c.take_away(c.pod(0)->key); };
  REQUIRE(c.sync().empty());
  REQUIRE(c.events.back() ==
          "Warning FailedDelete: Delete Pod web-0 in StatefulSet web failed error: "
          R"(pods "web-0" not found)");
}

TEST_CASE("The controller worked by hand: a claim that cannot get its owner is told once") {
  Control c;
  c.make_set({.replicas = 1, .claims = true, .more = test::retention("Retain", "Delete")});
  c.fail(Call::Verb::Patch, api::Kind::PersistentVolumeClaim);
  const std::string error =
      "could not update claim data-web-0 for delete policy ownerRefs: API server failed";
  REQUIRE(c.sync() == error);
  REQUIRE(
      c.events ==
      Names{"Normal SuccessfulCreate: Create Claim data-web-0 Pod web-0 in StatefulSet web "
            "success",
            "Warning FailedUpdate: Update Pod web-0 in StatefulSet web failed error: " + error});
}

TEST_CASE("The controller worked by hand: several claims that cannot be made are one error") {
  const auto claim = [](char name) {
    return fmt::format(R"({{"metadata":{{"name":"{}"}},"spec":{{"accessModes":["ReadWriteOnce"],)"
                       R"("resources":{{"requests":{{"storage":"1Gi"}}}}}}}})",
                       name);
  };
  Control c;
  c.make_set({.replicas = 1,
              .more = fmt::format(R"("volumeClaimTemplates":[{},{}],)", claim('a'), claim('b'))});
  c.fail(Call::Verb::Create, api::Kind::PersistentVolumeClaim);
  c.fail(Call::Verb::Create, api::Kind::PersistentVolumeClaim);
  const std::string error =
      "[failed to create PVC a-web-0: API server failed, "
      "failed to create PVC b-web-0: API server failed]";
  REQUIRE(c.sync() == error);
  REQUIRE(c.events.back() ==
          "Warning FailedCreate: Create Pod web-0 in StatefulSet web failed error: " + error);
}
