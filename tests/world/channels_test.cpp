// Faults of what lies between the actors: watches, controllers, calls.
#include "support/catch.hpp"
#include "support/story.hpp"

#include <algorithm>
#include <optional>

using namespace stsim;
using namespace std::chrono_literals;
using api::Kind;
using engine::Actor;
using test::kWeb;
using test::MovingStory;
using test::Story;
using test::three_ready;
using world::ApiAnswer;
using world::ApiFault;
using world::ControllerFault;
using Names = std::vector<std::string>;

namespace {

constexpr Actor kSets = Actor::StatefulSetController;

void scale(Story& story, int replicas) {
  REQUIRE(
      story.user().patch(kWeb, [replicas](api::Json document) -> Result<api::Json, api::ApiError> {
        document["spec"]["replicas"] = replicas;
        return document;
      }));
}

/// What the StatefulSet controller has done to pods since a record.
Names since(const Story& story, engine::TraceId record) {
  Names out;
  for (const engine::TraceRecord& told : story.records.all) {
    if (told.id > record && told.type == engine::TraceRecord::Type::Call && told.actor == kSets &&
        told.resource == "pods") {
      out.push_back(fmt::format("{} {} {}", told.verb, told.object.name, told.code));
    }
  }
  return out;
}

ApiFault fault(ApiAnswer answer, std::string verb = "create", Kind kind = Kind::Pod) {
  ApiFault out;
  out.answer = answer;
  out.to = kSets;
  out.verb = std::move(verb);
  out.kind = kind;
  return out;
}

const engine::TraceRecord& last_fault(const Story& story) {
  const auto& all = story.records.all;
  const auto it = std::find_if(all.rbegin(), all.rend(), [](const auto& record) {
    return record.type == engine::TraceRecord::Type::Fault;
  });
  REQUIRE(it != all.rend());
  return *it;
}

}  // namespace

TEST_CASE("a controller whose watch is broken sees nothing more, until it is well again") {
  MovingStory story = three_ready();
  REQUIRE(story.user().strike({kSets, Kind::StatefulSet, true, {}}));
  const engine::TraceId before = story.world.last_record;
  scale(story, 4);
  story.settle();
  REQUIRE(since(story, before).empty());
  REQUIRE(world::at_rest(story.world));
  REQUIRE(story.user().strike({kSets, Kind::StatefulSet, false, {}}));
  story.settle();
  REQUIRE(since(story, before) == Names{"create web-3 201"});
  REQUIRE_FALSE(story.user().strike({kSets, Kind::StatefulSet, false, {}}));
}

TEST_CASE("a watch that is late brings each change after its lag, in order") {
  MovingStory story = three_ready();
  REQUIRE(story.user().strike({kSets, {}, false, 30s}));
  const SimTime begin = story.world.now;
  scale(story, 4);
  REQUIRE(story.user().run_until([&] { return story.has(Kind::Pod, "web-3"); }, std::nullopt));
  REQUIRE(story.world.now - begin >= 30s);
  REQUIRE(story.world.now - begin < 31s);
  // Others see what happens at once.
  story.settle();
  REQUIRE(story.pod("web-3").ready());
  REQUIRE(story.find(Kind::StatefulSet, "web")->as<api::StatefulSet>().status.ready_replicas == 4);
}

TEST_CASE("what was held when a broken watch becomes late comes late, too") {
  MovingStory story = three_ready();
  REQUIRE(story.user().strike({kSets, Kind::StatefulSet, true, {}}));
  scale(story, 4);
  story.pass(1h);
  REQUIRE(story.user().strike({kSets, Kind::StatefulSet, false, 10s}));
  story.pass(9s);
  REQUIRE_FALSE(story.has(Kind::Pod, "web-3"));
  story.pass(2s);
  REQUIRE(story.has(Kind::Pod, "web-3"));
}

TEST_CASE(
    "SS-212: since 1.36 a set is not looked at before its controller has seen its own writes") {
  world::Settings settings;
  const bool waits = GENERATE(true, false);
  settings.features = {*parse_release(waits ? "1.36" : "1.35"), {}};
  MovingStory story(std::move(settings));
  story.create_set("web", 1);
  story.settle();
  REQUIRE(story.user().strike({kSets, Kind::Pod, true, {}}));
  scale(story, 2);
  story.settle();
  const engine::TraceId before = story.world.last_record;
  story.label(kWeb, "look", "again");
  story.pass(5s);
  // Who does not see the pod that it has made makes it once more.
  const Names done = since(story, before);
  REQUIRE(done.empty() == waits);
  if (!waits) {
    REQUIRE(done.front() == "create web-1 409");
  }
  REQUIRE(story.user().strike({kSets, Kind::Pod, false, {}}));
  story.settle();
  REQUIRE(story.find(Kind::StatefulSet, "web")->as<api::StatefulSet>().status.ready_replicas == 2);
}

TEST_CASE(
    "a controller that stops loses what it was doing, and one that starts looks at everything") {
  MovingStory story = three_ready();
  scale(story, 5);
  // The call is on its way.
  while (story.world.of(kSets).syncs.empty()) {
    story.step();
  }
  REQUIRE(story.user().strike(kSets, ControllerFault::Down));
  REQUIRE_FALSE(story.user().strike(kSets, ControllerFault::Down));
  REQUIRE_FALSE(story.user().strike(kSets, ControllerFault::Restarted));
  const engine::TraceId before = story.world.last_record;
  story.settle();
  REQUIRE(since(story, before).empty());
  REQUIRE_FALSE(story.has(Kind::Pod, "web-3"));
  story.label(kWeb, "seen", "by-nobody");
  story.settle();
  REQUIRE(since(story, before).empty());
  REQUIRE(story.user().strike(kSets, ControllerFault::Up));
  REQUIRE_FALSE(story.user().strike(kSets, ControllerFault::Up));
  story.settle();
  REQUIRE(since(story, before) == Names{"create web-3 201", "create web-4 201"});
}

TEST_CASE("a controller that starts again does nothing that was done already") {
  for (int steps = 0; steps < 60; steps += 3) {
    MovingStory story;
    story.create_set("web", 2);
    for (int i = 0; i < steps && !world::at_rest(story.world); ++i) {
      story.step();
    }
    story.user().strike(kSets, ControllerFault::Restarted);
    story.settle();
    CAPTURE(steps);
    REQUIRE(story.pod("web-1").ready());
    const auto& status = story.find(Kind::StatefulSet, "web")->as<api::StatefulSet>().status;
    REQUIRE(status.ready_replicas == 2);
    REQUIRE(status.current_revision == status.update_revision);
  }
}

TEST_CASE("each controller can stop and start at any time, and all comes to the same end") {
  const auto actor = static_cast<Actor>(GENERATE(range(1, 11)));
  for (int steps = 0; steps < 40; steps += 13) {
    MovingStory story;
    story.create_set("web", 2);
    for (int i = 0; i < steps && !story.world.queue.empty(); ++i) {
      story.step();
    }
    REQUIRE(story.user().strike(actor, ControllerFault::Down));
    story.settle();
    story.pass(1min);
    REQUIRE(story.user().strike(actor, ControllerFault::Up));
    story.settle();
    CAPTURE(engine::name(actor), steps);
    REQUIRE(story.pod("web-1").ready());
  }
}

TEST_CASE("a call that meets a fault is told so, and tried again after a back-off") {
  struct Case {
    ApiAnswer answer;
    int code;
    std::string reason;
    std::string words;
  };
  const auto [answer, code, reason, words] = GENERATE(
      Case{ApiAnswer::Conflict, 409, "Conflict", "the object has been modified"},
      Case{ApiAnswer::Quota,
           403,
           "Forbidden",
           "exceeded quota: quota, requested: pods=1, used: pods=3, limited: pods=3"},
      Case{ApiAnswer::Denied,
           400,
           "",
           "admission webhook \"policy.example.com\" denied the request: no"},
      Case{ApiAnswer::Unavailable, 503, "ServiceUnavailable", "unable to handle the request"},
      Case{
          ApiAnswer::Timeout, 504, "Timeout", "request did not complete within requested timeout"});
  MovingStory story = three_ready();
  ApiFault refused = fault(answer);
  refused.message = "no";
  refused.left = 4;
  REQUIRE(story.user().strike(refused));
  const engine::TraceId told = last_fault(story).id;
  scale(story, 4);
  story.settle();
  Names wanted(4, fmt::format("create web-3 {}", code));
  wanted.emplace_back("create web-3 201");
  REQUIRE(since(story, told) == wanted);
  REQUIRE(story.pod("web-3").ready());
  REQUIRE_FALSE(story.world.api_faults.is_set());
  for (const engine::TraceRecord& record : story.records.all) {
    if (record.code == code && record.id > told) {
      REQUIRE(record.reason == reason);
      REQUIRE(record.text.find(words) != std::string::npos);
      REQUIRE(record.causes.ids().front() == told);
      REQUIRE(record.before == record.after);
    }
  }
}

TEST_CASE("a call that is lost has happened all the same, and is made once more in vain") {
  MovingStory story = three_ready();
  ApiFault lost = fault(ApiAnswer::Lost);
  lost.left = 1;
  REQUIRE(story.user().strike(lost));
  const engine::TraceId told = last_fault(story).id;
  scale(story, 4);
  story.settle();
  REQUIRE(since(story, told).front() == "create web-3 504");
  REQUIRE(story.pod("web-3").ready());
  REQUIRE(story.find(Kind::StatefulSet, "web")->as<api::StatefulSet>().status.ready_replicas == 4);
}

TEST_CASE("a fault concerns those calls that it names, and only those") {
  MovingStory story = three_ready();
  const engine::TraceId before = story.world.last_record;
  SECTION("another actor") {
    ApiFault other = fault(ApiAnswer::Quota);
    other.to = Actor::VolumeBinder;
    REQUIRE(story.user().strike(other));
  }
  SECTION("another verb") {
    REQUIRE(story.user().strike(fault(ApiAnswer::Quota, "delete")));
  }
  SECTION("another kind") {
    REQUIRE(story.user().strike(fault(ApiAnswer::Quota, "create", Kind::PersistentVolumeClaim)));
  }
  SECTION("a subresource") {
    ApiFault other = fault(ApiAnswer::Quota);
    other.subresource = "binding";
    REQUIRE(story.user().strike(other));
  }
  SECTION("another object") {
    ApiFault other = fault(ApiAnswer::Quota);
    other.name = "web-4";
    REQUIRE(story.user().strike(other));
  }
  scale(story, 4);
  story.settle();
  REQUIRE(since(story, before) == Names{"create web-3 201"});
  REQUIRE(story.user().strike(std::nullopt));
  REQUIRE_FALSE(story.user().strike(std::nullopt));
}

TEST_CASE("reports of kubelets get through whatever the API server does") {
  MovingStory story = three_ready();
  ApiFault all;
  all.answer = ApiAnswer::Unavailable;
  REQUIRE(story.user().strike(all));
  REQUIRE_FALSE(story.user().patch(kWeb, [](api::Json document) {
    return Result<api::Json, api::ApiError>(std::move(document));
  }));
  node::Behaviour stuck;
  stuck.never = node::Never::Ready;
  story.user().pod_becomes("web-0", stuck);
  story.settle();
  REQUIRE_FALSE(story.pod("web-0").ready());
  // The set's controller could not say so, and does once it can.
  REQUIRE(story.find(Kind::StatefulSet, "web")->as<api::StatefulSet>().status.ready_replicas == 3);
  REQUIRE(story.user().strike(std::nullopt));
  story.settle();
  REQUIRE(story.find(Kind::StatefulSet, "web")->as<api::StatefulSet>().status.ready_replicas == 2);
}

TEST_CASE("PN-51: a pod whose binding fails is looked at again after its back-off") {
  MovingStory story;
  ApiFault refused;
  refused.answer = ApiAnswer::Unavailable;
  refused.to = Actor::Placement;
  refused.left = 2;
  REQUIRE(story.user().strike(refused));
  const SimTime begin = story.world.now;
  story.create_set("web", 1);
  REQUIRE(story.user().run_until(
      [&] {
        const api::ObjectPtr pod = story.find(Kind::Pod, "web-0");
        return pod && !pod->as<api::Pod>().node_name.empty();
      },
      std::nullopt));
  REQUIRE(story.world.now - begin > 3s);  // a second, then two
  REQUIRE(story.world.now - begin < 4s);
}

TEST_CASE("worlds with other faults of channels are different situations") {
  const MovingStory usual = three_ready();
  MovingStory story = three_ready();
  REQUIRE(fingerprint(usual.world) == fingerprint(story.world));
  const auto differs = [&] {
    REQUIRE_FALSE(same(usual.world, story.world));
    REQUIRE(fingerprint(usual.world) != fingerprint(story.world));
    REQUIRE_FALSE(difference(usual.world, story.world).empty());
  };
  SECTION("a watch") {
    REQUIRE(story.user().strike({kSets, Kind::Pod, true, {}}));
    differs();
  }
  SECTION("a controller") {
    REQUIRE(story.user().strike(kSets, ControllerFault::Down));
    differs();
  }
  SECTION("calls") {
    REQUIRE(story.user().strike(fault(ApiAnswer::Lost)));
    differs();
  }
}

TEST_CASE("nothing is at rest before a status that could not be written is") {
  MovingStory story = three_ready();
  ApiFault refused = fault(ApiAnswer::Unavailable, "", Kind::StatefulSet);
  refused.subresource = "status";
  refused.left = GENERATE(1U, 2U, 3U, 4U, 7U);
  REQUIRE(story.user().strike(refused));
  node::Behaviour stuck;
  stuck.never = node::Never::Ready;
  story.user().pod_becomes("web-0", stuck);
  story.settle();
  REQUIRE(story.find(Kind::StatefulSet, "web")->as<api::StatefulSet>().status.ready_replicas == 2);
}

TEST_CASE("once a watch that was late is broken, nothing comes any more") {
  MovingStory story = three_ready();
  REQUIRE(story.user().strike({kSets, Kind::StatefulSet, false, 30s}));
  scale(story, 4);
  story.pass(10s);
  REQUIRE(story.user().strike({kSets, Kind::StatefulSet, true, {}}));
  story.settle();
  story.pass(1h);
  REQUIRE_FALSE(story.has(Kind::Pod, "web-3"));
}

TEST_CASE("a controller that starts again forgets since when a pod tolerates its node") {
  MovingStory story = three_ready();
  REQUIRE(story.user().strike("node2", world::NodeFault::Down));
  story.pass(4min);
  REQUIRE(story.user().strike(Actor::TaintEvictionController, ControllerFault::Restarted));
  story.pass(4min);
  REQUIRE_FALSE(story.find(Kind::Pod, "web-1")->terminating());
  story.pass(2min);
  REQUIRE(story.find(Kind::Pod, "web-1")->terminating());
}

TEST_CASE("a controller that starts again counts its API Events anew") {
  MovingStory story = three_ready();
  ApiFault refused = fault(ApiAnswer::Quota);
  REQUIRE(story.user().strike(refused));
  scale(story, 4);
  story.pass(1min);
  REQUIRE(story.user().strike(kSets, ControllerFault::Restarted));
  const engine::TraceId before = story.world.last_record;
  story.pass(1min);
  const auto first = std::ranges::find_if(story.records.all, [&](const auto& record) {
    return record.id > before && record.reason == "FailedCreate";
  });
  REQUIRE(first != story.records.all.end());
  REQUIRE_FALSE(first->repeated);
}

TEST_CASE("a watch that has been late and is well again keeps nothing") {
  MovingStory story = three_ready();
  REQUIRE(story.user().strike({kSets, Kind::Pod, false, 1s}));
  scale(story, 4);
  story.settle();
  REQUIRE(story.world.of(kSets).held_writes.is_set());
  REQUIRE(story.user().strike({kSets, Kind::Pod, false, {}}));
  REQUIRE_FALSE(story.world.of(kSets).held_writes.is_set());
  REQUIRE(story.world.of(kSets).watch.holds().empty());
}
