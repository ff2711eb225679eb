// What is watched during every run: each promise, broken. What controllers do not do is told to the
// watchdog by hand.
#include "support/catch.hpp"
#include "support/story.hpp"

#include <stsim/api/well_known.hpp>
#include <stsim/check/watchdog.hpp>

#include <functional>

using namespace stsim;
using namespace std::chrono_literals;
using api::Kind;
using check::Watchdog;
using engine::Actor;
using engine::TraceRecord;
using test::kWeb;
using test::MovingStory;
using test::Story;

namespace {

constexpr Actor kSets = Actor::StatefulSetController;

/// A story, and a watchdog that has seen all of it.
class Watched {
 public:
  explicit Watched(std::string_view spec = "", world::Settings settings = {})
      : story(std::move(settings)) {
    story.create(R"({"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"pv0"},"spec":)"
                 R"({"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},)"
                 R"("nfs":{"server":"s","path":"/"}}})");
    story.create(fmt::format(
        R"({{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{{"name":"web"}},"spec":{{{})"
        R"("serviceName":"web","selector":{{"matchLabels":{{"app":"web"}}}},)"
        R"("template":{{"metadata":{{"labels":{{"app":"web"}}}},"spec":{{"containers":[{{"name":"web",)"
        R"("image":"web:v1"}}]}}}}}}}})",
        spec.empty() ? R"("replicas":3,)" : spec));
    story.settle();
    hear();
    REQUIRE_FALSE(dog.broken());
  }

  /// Tells the watchdog what has happened since.
  void hear() {
    for (; heard_ < story.records.all.size(); ++heard_) {
      dog.see(story.records.all[heard_], story.world);
    }
  }

  [[nodiscard]] api::Object pod(std::string_view name) const {
    return *story.find(Kind::Pod, name);
  }

  /// The controller looks at the set.
  void sync() {
    TraceRecord record;
    record.type = TraceRecord::Type::Sync;
    record.actor = kSets;
    record.object = kWeb;
    tell(std::move(record));
  }
  /// The controller makes a call, which does this to an object.
  void call(std::string_view verb,
            std::optional<api::Object> before,
            std::optional<api::Object> after,
            Actor actor = kSets) {
    TraceRecord record;
    record.type = TraceRecord::Type::Call;
    record.actor = actor;
    record.verb = verb;
    record.code = 200;
    record.object = after ? after->key : before->key;
    record.causes = engine::Causes(last_);
    record.before = before ? std::make_shared<const api::Object>(*std::move(before)) : nullptr;
    record.after = after ? std::make_shared<const api::Object>(*std::move(after)) : nullptr;
    tell(std::move(record));
  }
  /// It creates a pod like web-0.
  void create(std::string_view name, const std::function<void(api::Object&)>& change = {}) {
    api::Object made = pod("web-0");
    made.key.name = name;
    made.uid = {7, 7};
    made.as<api::Pod>().status = {};
    if (change) {
      change(made);
    }
    call("create", std::nullopt, std::move(made));
  }
  /// It deletes a pod.
  void remove(std::string_view name) {
    api::Object going = pod(name);
    going.seldom.edit().deletion = api::Deletion{kStartOfTime, 30};
    call("delete", pod(name), std::move(going));
  }
  /// A pod is not ready any more.
  void unready(std::string_view name) {
    api::Object changed = pod(name);
    changed.as<api::Pod>().status.set_condition(
        api::PodConditionType::Ready, false, story.world.now);
    call("patch", pod(name), std::move(changed), Actor::Kubelet);
  }

  [[nodiscard]] std::string broken() const {
    return dog.broken() ? std::string(dog.broken()->watched->source) : "";
  }
  [[nodiscard]] std::size_t times(std::string_view source) const {
    const auto it = dog.others().find(source);
    return it == dog.others().end() ? 0 : it->second.times;
  }

  MovingStory story;
  Watchdog dog;

 private:
  void tell(TraceRecord record) {
    record.id = last_ = 1'000'000 + ++told_;
    record.time = story.world.now;
    dog.see(record, story.world);
  }

  std::size_t heard_{};
  engine::TraceId told_{};
  engine::TraceId last_{};
};

}  // namespace

TEST_CASE("SS-112: a pod that is created before the one before it is ready breaks a guarantee") {
  Watched watched;
  SECTION("all are ready") {
    watched.sync();
    watched.create("web-3");
    REQUIRE(watched.broken().empty());
  }
  SECTION("one is not ready") {
    watched.unready("web-1");
    watched.sync();
    watched.create("web-3");
    REQUIRE(watched.broken() == "SS-112");
    REQUIRE(to_string(*watched.dog.broken()) ==
            "SS-112: under OrderedReady pods are created in order: default/web-3: web-1 is not "
            "ready");
  }
  SECTION("one is not there") {
    watched.sync();
    watched.create("web-4");
    REQUIRE(watched.broken() == "SS-112");
  }
  SECTION("it became so behind the controller's back") {
    watched.sync();
    watched.unready("web-1");
    watched.create("web-3");
    REQUIRE(watched.broken().empty());
  }
  SECTION("the controller has yet to see it") {
    REQUIRE(watched.story.user().strike({kSets, Kind::Pod, true, {}}));
    watched.story.label({Kind::Pod, "default", "web-1"}, "not", "seen");
    watched.hear();
    watched.unready("web-1");
    watched.sync();
    watched.create("web-3");
    REQUIRE(watched.broken().empty());
    REQUIRE(watched.times("S10") == 1);
  }
}

TEST_CASE("under Parallel pods are created in any order") {
  Watched watched(R"("replicas":3,"podManagementPolicy":"Parallel",)");
  watched.unready("web-1");
  watched.sync();
  watched.create("web-4");
  REQUIRE(watched.broken().empty());
}

TEST_CASE(
    "SS-123: a pod that goes before those above it, or while others are not ready, breaks a "
    "guarantee") {
  Watched watched;
  REQUIRE(watched.story.user().strike(kSets, world::ControllerFault::Down));
  REQUIRE(
      watched.story.user().patch(kWeb, [](api::Json document) -> Result<api::Json, api::ApiError> {
        document["spec"]["replicas"] = 1;
        return document;
      }));
  watched.hear();
  SECTION("the last one goes") {
    watched.sync();
    watched.remove("web-2");
    REQUIRE(watched.broken().empty());
  }
  SECTION("the last one is still there") {
    watched.sync();
    watched.remove("web-1");
    REQUIRE(watched.broken() == "SS-123");
  }
  SECTION("one that stays is not ready") {
    watched.unready("web-0");
    watched.sync();
    watched.remove("web-2");
    REQUIRE(watched.broken() == "SS-123");
  }
}

TEST_CASE("SS-126: an update that does not wait for the others breaks a guarantee") {
  Watched watched;
  watched.unready("web-0");
  watched.sync();
  watched.remove("web-2");
  REQUIRE(watched.broken() == "SS-126");
}

TEST_CASE("SS-20: a second pod of an ordinal breaks a guarantee") {
  Watched watched;
  api::Object odd = watched.pod("web-1");
  odd.key.name = "web-01";
  odd.uid = {8, 8};
  watched.call("create", std::nullopt, odd, Actor::User);
  watched.sync();
  watched.create("web-1");
  REQUIRE(watched.broken() == "SS-20");
}

TEST_CASE("SS-127: a pod below the partition that is updated breaks a guarantee") {
  Watched watched(R"("replicas":3,"updateStrategy":{"rollingUpdate":{"partition":2}},)");
  watched.sync();
  SECTION("above") {
    watched.remove("web-2");
    REQUIRE(watched.broken().empty());
  }
  SECTION("below") {
    watched.remove("web-1");
    REQUIRE(watched.broken() == "SS-127");
  }
  SECTION("what has ended is replaced anywhere") {
    api::Object ended = watched.pod("web-1");
    ended.as<api::Pod>().status.phase = api::PodPhase::Failed;
    api::Object going = ended;
    going.seldom.edit().deletion = api::Deletion{kStartOfTime, 30};
    watched.call("delete", ended, going);
    REQUIRE(watched.broken().empty());
  }
}

TEST_CASE(
    "SS-117: a pod below the partition at another revision than the current one breaks a "
    "guarantee") {
  Watched watched(R"("replicas":3,"updateStrategy":{"rollingUpdate":{"partition":5}},)");
  watched.sync();
  SECTION("the current one") {
    watched.create("web-3");
    REQUIRE(watched.broken().empty());
  }
  SECTION("another one") {
    watched.create("web-3",
                   [](api::Object& pod) { pod.labels[api::kRevisionLabel] = "web-other"; });
    REQUIRE(watched.broken() == "SS-117");
  }
}

TEST_CASE("SS-125: an update although the strategy is OnDelete breaks a guarantee") {
  Watched watched(R"("replicas":3,"updateStrategy":{"type":"OnDelete"},)");
  watched.sync();
  watched.remove("web-2");
  REQUIRE(watched.broken() == "SS-125");
}

TEST_CASE("claims: SS-22, SS-124, SS-170, PV-40") {
  Watched watched(
      R"("replicas":1,"volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":)"
      R"(["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}],)");
  const api::Object claim = *watched.story.find(Kind::PersistentVolumeClaim, "data-web-0");
  watched.sync();
  SECTION("SS-22: a pod with the claim of another") {
    watched.create("web-1", [](api::Object& pod) {
      auto spec = std::make_shared<api::PodSpec>(*pod.as<api::Pod>().spec);
      spec->of_set = false;
      spec->claims = {{"data", "data-web-0"}};
      pod.as<api::Pod>().spec = spec;
    });
    REQUIRE(watched.broken() == "SS-22");
  }
  SECTION("SS-124: a claim that the controller deletes") {
    watched.call("delete", claim, std::nullopt);
    REQUIRE(watched.broken() == "SS-124");
  }
  SECTION("somebody else may") {
    watched.call("delete", claim, std::nullopt, Actor::User);
    REQUIRE(watched.broken().empty());
  }
  SECTION("SS-170: an owner that the retention policy does not want") {
    api::Object owned = claim;
    owned.owners.push_back({"apps/v1", "StatefulSet", "web", {1, 1}, true, true});
    watched.call("update", claim, owned);
    REQUIRE(watched.broken() == "SS-170");
  }
  SECTION("PV-40: bound to what is another's") {
    api::Object pending = claim;
    pending.as<api::Claim>().phase = api::ClaimPhase::Pending;
    api::Object bound = claim;
    bound.uid = {9, 9};
    watched.call("patch", pending, bound, Actor::VolumeBinder);
    REQUIRE(watched.broken() == "PV-40");
  }
}

TEST_CASE(
    "GC-3: a collector that deletes what has an owner, or never had one, breaks a guarantee") {
  Watched watched;
  api::Object pod = watched.pod("web-1");
  std::string wanted = "GC-3";
  SECTION("its owner is there") {}
  SECTION("it has none") {
    pod.owners.clear();
  }
  SECTION("its owner is gone") {
    api::OwnerReference other = pod.owners.front();
    other.uid = {5, 5};
    pod.owners.clear();
    pod.owners.push_back(other);
    wanted = "";
  }
  watched.call("delete", pod, std::nullopt, Actor::GarbageCollector);
  REQUIRE(watched.broken() == wanted);
}

TEST_CASE("at rest: a status that is not true breaks a guarantee, unless a fault explains it") {
  Watched watched;
  api::Object set = *watched.story.find(Kind::StatefulSet, "web");
  set.as<api::StatefulSet>().status.replicas = 7;
  set.resource_version = {};
  REQUIRE(watched.story.world.store.update_status(set, 0));
  SECTION("all is well otherwise") {
    watched.dog.rests(watched.story.world);
    REQUIRE(watched.broken() == "at rest");
  }
  SECTION("its controller is down") {
    REQUIRE(watched.story.user().strike(kSets, world::ControllerFault::Down));
    watched.dog.rests(watched.story.world);
    REQUIRE(watched.broken().empty());
  }
  SECTION("a watch is broken") {
    REQUIRE(watched.story.user().strike({kSets, Kind::Pod, true, {}}));
    watched.dog.rests(watched.story.world);
    REQUIRE(watched.broken().empty());
  }
  SECTION("calls fail") {
    REQUIRE(watched.story.user().strike(world::ApiFault{}));
    watched.dog.rests(watched.story.world);
    REQUIRE(watched.broken().empty());
  }
}

TEST_CASE("R4: an update that takes down one more than allowed breaks a hope") {
  world::Settings settings;
  std::size_t broken = 1;
  std::string spec = R"("replicas":3,"podManagementPolicy":"Parallel",)";
  SECTION("one at a time") {}
  SECTION("two are allowed") {
    settings.features.gates["MaxUnavailableStatefulSet"] = true;
    spec += R"("updateStrategy":{"rollingUpdate":{"maxUnavailable":2}},)";
    broken = 0;
  }
  Watched watched(spec, settings);
  watched.unready("web-0");
  watched.sync();
  watched.remove("web-2");
  REQUIRE(watched.times("R4") == broken);
  REQUIRE(watched.broken().empty());
}

TEST_CASE("R4: a pod that is ready and not yet available counts, too") {
  Watched watched(R"("replicas":3,"podManagementPolicy":"Parallel","minReadySeconds":60,)");
  watched.story.pass(2min);
  api::Object young = watched.pod("web-0");
  young.as<api::Pod>().status.set_condition(
      api::PodConditionType::Ready, false, watched.story.world.now - 1s);
  young.as<api::Pod>().status.set_condition(
      api::PodConditionType::Ready, true, watched.story.world.now);
  watched.sync();
  watched.remove("web-2");
  REQUIRE(watched.times("R4") == 0);
  watched.call("patch", watched.pod("web-0"), young, Actor::Kubelet);
  watched.sync();
  watched.remove("web-1");
  REQUIRE(watched.times("R4") == 1);
}

TEST_CASE("R14: with OnDelete the status never tells that all pods are updated") {
  Watched watched(R"("replicas":1,"updateStrategy":{"type":"OnDelete"},)");
  REQUIRE(
      watched.story.user().patch(kWeb, [](api::Json document) -> Result<api::Json, api::ApiError> {
        document["spec"]["template"]["spec"]["containers"][0]["image"] = "web:v2";
        return document;
      }));
  watched.story.settle();
  watched.dog.rests(watched.story.world);
  REQUIRE(watched.times("R14") == 0);
  REQUIRE(watched.story.user().remove({Kind::Pod, "default", "web-0"}, {}));
  watched.story.settle();
  watched.dog.rests(watched.story.world);
  REQUIRE(watched.times("R14") == 1);
}

TEST_CASE("everything that is watched has a source and a text of its own") {
  std::set<std::string_view> sources;
  for (const check::Watched& one : check::watched()) {
    REQUIRE(sources.insert(one.source).second);
    REQUIRE_FALSE(one.text.empty());
  }
}
