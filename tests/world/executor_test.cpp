// How plans are carried out: calls take time, meet conflicts and refusals, and are retried.
#include "support/catch.hpp"
#include "support/story.hpp"

#include <set>

using namespace stsim;
using engine::Actor;
using test::kWeb;
using test::Story;
using Names = std::vector<std::string>;

namespace {

/// The times at which the controller tried to create a pod, from the first try on.
std::vector<SimDuration> tries(const Story& story, std::string_view pod) {
  std::vector<SimDuration> out;
  SimTime first;
  for (const engine::TraceRecord& told : story.records.all) {
    if (told.type == engine::TraceRecord::Type::Call && told.verb == "create" &&
        told.actor == Actor::StatefulSetController && told.object.name == pod) {
      first = out.empty() ? told.time : first;
      out.push_back(told.time - first);
    }
  }
  return out;
}

const engine::TraceRecord* event_about_web(const Story& story, std::string_view reason) {
  for (const engine::TraceRecord& told : story.records.all) {
    if (told.type == engine::TraceRecord::Type::ApiEvent && told.reason == reason) {
      return &told;
    }
  }
  return nullptr;
}

/// A claim with more members of metadata.
std::string claim_manifest(std::string_view name, std::string_view more = "") {
  return fmt::format(
      R"({{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{{"name":"{}"{}{}}},"spec":)"
      R"({{"accessModes":["ReadWriteOnce"],"resources":{{"requests":{{"storage":"1Gi"}}}}}}}})",
      name,
      more.empty() ? "" : ",",
      more);
}

/// The set `web` of one pod with claims, which go when it is scaled down.
std::string set_with_claims(const Names& templates) {
  std::string claims;
  for (const std::string& name : templates) {
    claims += (claims.empty() ? "" : ",") + claim_manifest(name);
  }
  return fmt::format(
      R"({{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{{"name":"web"}},"spec":{{)"
      R"("persistentVolumeClaimRetentionPolicy":{{"whenScaled":"Delete"}},"selector":)"
      R"({{"matchLabels":{{"app":"web"}}}},"volumeClaimTemplates":[{}],"template":{{"metadata":)"
      R"({{"labels":{{"app":"web"}}}},"spec":{{"containers":[{{"name":"web","image":"web:v1"}}]}}}}}}}})",
      claims);
}

}  // namespace

TEST_CASE("SS-160: a status that meets a conflict is written again") {
  Story story;
  story.create_set("web", 1);
  while (!story.has(api::Kind::Pod, "web-0")) {
    story.step();
  }
  story.label(kWeb, "tier", "front");  // while the status is on its way
  story.settle();
  // The first status met nothing, the one that tells of the pod met the label.
  REQUIRE(story.records.calls(Actor::StatefulSetController, "statefulsets/status") ==
          Names{"update web 200", "update web 409", "update web 200"});
  REQUIRE(story.world.store.find(kWeb)->as<api::StatefulSet>().status.replicas == 1);
}

TEST_CASE("SS-210: a sync that fails is tried again, after twice as long each time") {
  Story story;
  story.create_pod("web-0");
  story.create_set("web", 1);
  while (tries(story, "web-0").size() < 9) {
    story.step();
  }
  // The first failures are followed at once by what the set's new status makes the controller look
  // at; from then on the delays stand alone, and each try takes the 2 ms of its call.
  const auto times = tries(story, "web-0");
  const SimDuration call = std::chrono::milliseconds{2};
  for (std::size_t i = 5; i < times.size(); ++i) {
    CAPTURE(i, times[i].count(), times[i - 1].count(), times[i - 2].count());
    REQUIRE(times[i] - times[i - 1] - call == 2 * (times[i - 1] - times[i - 2] - call));
  }
}

TEST_CASE("SS-110: an error stops later batches, not its own") {
  Story story;
  story.create_pod("web-1");
  story.create_set("web", 7, "Parallel");
  while (tries(story, "web-1").size() < 2) {  // until the second sync
    story.step();
  }
  REQUIRE(story.has(api::Kind::Pod, "web-0"));
  REQUIRE(story.has(api::Kind::Pod, "web-2"));
  REQUIRE_FALSE(story.has(api::Kind::Pod, "web-3"));
}

TEST_CASE("SS-110: the order of a batch is the usual one unless races are drawn") {
  const auto created = [](bool draw_races, std::uint64_t seed) {
    world::Settings settings;
    settings.draw_races = draw_races;
    Story story(settings);
    story.chooser = engine::SeededChooser(seed);
    story.create_set("web", 3, "Parallel");
    story.settle();
    return story.records.calls(Actor::StatefulSetController, "pods");
  };
  const Names usual{"create web-0 201", "create web-2 201", "create web-1 201"};
  const Names other{"create web-0 201", "create web-1 201", "create web-2 201"};
  std::set<Names> seen;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    REQUIRE(created(false, seed) == usual);
    REQUIRE(created(true, seed) == created(true, seed));
    seen.insert(created(true, seed));
  }
  REQUIRE(seen == std::set<Names>{usual, other});
}

TEST_CASE("a refusal is an API Event about the set, and the status is written all the same") {
  world::Settings settings;
  settings.most_objects = 10;  // what is there from the start, the set and its revision
  Story story(settings);
  story.create_set("web", 2, "Parallel");
  while (event_about_web(story, "FailedCreate") == nullptr) {
    story.step();
  }
  while (story.world.store.find(kWeb)->as<api::StatefulSet>().status.observed_generation == 0) {
    story.step();
  }
  const auto* failed = event_about_web(story, "FailedCreate");
  REQUIRE(failed != nullptr);
  REQUIRE(failed->text.starts_with("Create Pod web-"));
}

TEST_CASE("SS-118: a repair that meets a conflict is made on the pod as it is then") {
  Story story;
  story.create(
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-0","labels":{"app":"web"}},)"
      R"("spec":{"containers":[{"name":"web","image":"web:v1"}]}})");
  story.create_set("web", 1, "Parallel");
  story.settle();
  // Adopting the pod has changed it since the controller has seen it.
  REQUIRE(story.records.calls(Actor::StatefulSetController, "pods") == Names{"patch web-0 200",
                                                                             "update web-0 409",
                                                                             "update web-0 200",
                                                                             "delete web-0 200",
                                                                             "create web-0 201"});
  REQUIRE(event_about_web(story, "SuccessfulUpdate") != nullptr);
  REQUIRE(event_about_web(story, "FailedUpdate") == nullptr);
}

TEST_CASE("SS-194: an API Event that a user has made is gone as the others are") {
  Story story;
  story.create(R"({"apiVersion":"v1","kind":"Event","metadata":{"name":"note"},"reason":"Note",)"
               R"("type":"Normal","message":"seen","lastTimestamp":"2026-01-01T00:10:00Z",)"
               R"("involvedObject":{"kind":"Pod","apiVersion":"v1","name":"web-0",)"
               R"("namespace":"default"}})");
  story.user().run_until(kStartOfTime + std::chrono::minutes{69});
  REQUIRE(story.has(api::Kind::Event, "note"));
  story.user().run_until(kStartOfTime + std::chrono::minutes{70});
  REQUIRE_FALSE(story.has(api::Kind::Event, "note"));
}

TEST_CASE("SS-194: an API Event is gone an hour after it was last reported") {
  Story story;
  story.create_set("web", 1);
  story.settle();
  REQUIRE(story.world.store.list(api::Kind::Event).size() == 1);
  const SimTime seen = story.world.now;
  story.user().run_until(seen + std::chrono::minutes{59});
  REQUIRE(story.world.store.list(api::Kind::Event).size() == 1);
  SECTION("when time has passed") {
    story.user().run_until(seen + std::chrono::hours{1});
  }
  SECTION("when somebody has waited in vain") {
    REQUIRE_FALSE(story.user().run_until([] { return false; }, seen + std::chrono::hours{1}));
  }
  REQUIRE(story.world.store.list(api::Kind::Event).empty());
  // The same is reported once more: the controller still knows that it was said before.
  REQUIRE(story.user().remove({api::Kind::Pod, "default", "web-0"}, {}));
  story.settle();
  const auto events = story.world.store.list(api::Kind::Event);
  REQUIRE(events.size() == 1);
  REQUIRE(events.front()->as<api::ApiEvent>().count == 2);
}

TEST_CASE("SS-193: since 1.36 the delete of a pod that is gone is told as a success") {
  struct Row {
    const char* release;
    const char* reason;
    const char* text;
  };
  const auto row = GENERATE(values<Row>(
      {{"1.35",
        "FailedDelete",
        "Delete Pod web-0 in StatefulSet web failed error: pods \"web-0\" not found"},
       {"1.36", "SuccessfulDelete", "Delete Pod web-0 in StatefulSet web successful"}}));
  world::Settings settings;
  settings.features.release = *parse_release(row.release);
  settings.watch = {std::chrono::seconds{1}, std::chrono::seconds{1}};
  Story story(settings);
  story.create_set("web", 1);
  story.settle();
  REQUIRE(story.user().patch(kWeb, [](api::Json document) -> Result<api::Json, api::ApiError> {
    document["spec"]["replicas"] = 0;
    return document;
  }));
  REQUIRE(story.user().remove({api::Kind::Pod, "default", "web-0"}, {}));  // seen a moment later
  story.settle();
  const auto calls = story.records.calls(Actor::StatefulSetController, "pods");
  REQUIRE(calls == Names{"create web-0 201", "delete web-0 404"});
  REQUIRE(event_about_web(story, row.reason) != nullptr);
  REQUIRE(event_about_web(story, row.reason)->text == row.text);
}

TEST_CASE("SS-191: all claims that stand in a pod's way are named") {
  Story story;
  for (const char* name : {"data-web-0", "logs-web-0"}) {
    story.create(claim_manifest(name, R"("finalizers":["example.com/hold"])"));
    REQUIRE(story.user().remove({api::Kind::PersistentVolumeClaim, "default", name}, {}));
  }
  story.create(set_with_claims({"data", "logs"}));
  while (event_about_web(story, "FailedCreate") == nullptr) {
    story.step();
  }
  REQUIRE(event_about_web(story, "FailedCreate")->text ==
          "Create Pod web-0 in StatefulSet web failed error: [pvc data-web-0 is being deleted, pvc "
          "logs-web-0 is being deleted]");
}

TEST_CASE("SS-213: a set is not looked at again because the claim is gone that stood in its way") {
  Story story;
  const api::ObjectKey key{api::Kind::PersistentVolumeClaim, "default", "data-web-0"};
  story.create(claim_manifest(
      key.name,
      R"("finalizers":["example.com/hold"],"ownerReferences":[{"apiVersion":"v1","kind":"Pod",)"
      R"("name":"web-0","uid":"11111111-1111-4111-8111-111111111111"}])"));
  story.create(set_with_claims({"data"}));
  story.settle();
  REQUIRE(story.user().patch(key, [](api::Json document) -> Result<api::Json, api::ApiError> {
    document["metadata"].erase("finalizers");
    return document;
  }));
  story.settle();
  REQUIRE_FALSE(story.has(key.kind, key.name));
  REQUIRE_FALSE(story.has(api::Kind::Pod, "web-0"));  // although one more sync would create it
  story.label(kWeb, "tier", "front");
  story.settle();
  REQUIRE(story.has(api::Kind::Pod, "web-0"));
}

TEST_CASE("PV-10: the binder takes one claim after the other") {
  Story story;
  for (const char* name : {"a", "b"}) {
    story.create(fmt::format(
        R"({{"apiVersion":"v1","kind":"PersistentVolume","metadata":{{"name":"{0}"}},"spec":)"
        R"({{"accessModes":["ReadWriteOnce"],"capacity":{{"storage":"1Gi"}},)"
        R"("nfs":{{"server":"s","path":"/{0}"}}}}}})",
        name));
  }
  story.settle();
  const std::size_t before = story.records.all.size();
  for (const char* name : {"x", "y"}) {
    story.create(claim_manifest(name));
  }
  story.settle();
  Names written;
  for (std::size_t i = before; i < story.records.all.size(); ++i) {
    const engine::TraceRecord& told = story.records.all[i];
    if (told.type == engine::TraceRecord::Type::Call && told.actor == Actor::VolumeBinder) {
      written.push_back(told.object.name);
    }
  }
  REQUIRE(written == Names{"a", "a", "x", "x", "b", "b", "y", "y"});
}

TEST_CASE("PV-11: a claim that waits is looked at again every 15 seconds") {
  Story story;
  story.create(claim_manifest("x"));
  story.settle();
  story.user().run_until(kStartOfTime + std::chrono::seconds{20});
  story.create(
      R"({"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"a"},"spec":)"
      R"({"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},"nfs":{"server":"s","path":"/a"}}})");
  const auto phase = [&story] {
    return story.world.store.find({api::Kind::PersistentVolumeClaim, "default", "x"})
        ->as<api::Claim>()
        .phase;
  };
  story.user().run_until(kStartOfTime + std::chrono::milliseconds{29'999});
  REQUIRE(phase() == api::ClaimPhase::Pending);
  story.user().run_until(kStartOfTime + std::chrono::milliseconds{30'100});
  REQUIRE(phase() == api::ClaimPhase::Bound);
}
