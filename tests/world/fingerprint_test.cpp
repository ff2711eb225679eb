// Fingerprints: equal in situations that go on alike, whatever led there.
#include "support/catch.hpp"
#include "support/story.hpp"

#include <stsim/world/difference.hpp>

#include <functional>
#include <map>
#include <set>
#include <tuple>

using namespace stsim;
using test::kWeb;
using test::Story;
using world::difference;
using world::fingerprint;
using world::Form;

namespace {

/// Tells of a set with claims that comes up, is changed and goes, with kubelets at work; `seen` is
/// called with the world at every eighth event: documents take long.
template <class Seen>
void tell_of_claims(std::string_view policy, std::uint64_t seed, SimDuration wait, Seen seen) {
  Story story;
  story.chooser = engine::SeededChooser(seed);
  world::Settings settings = *story.world.settings;
  settings.auto_kubelet = true;
  settings.watch = {std::chrono::milliseconds{0}, std::chrono::milliseconds{3}};
  story.world.settings = std::make_shared<const world::Settings>(std::move(settings));
  story.user().run_until(story.world.now + wait);
  const auto settle = [&] {
    world::RestWatch rest(story.world);
    while (!rest.at_rest()) {
      story.step();
      constexpr std::uint64_t kOf = 8;
      if (story.world.events % kOf == 0) {
        seen(story.world);
      }
    }
  };
  for (int i = 0; i < 3; ++i) {
    story.create(fmt::format(
        R"({{"apiVersion":"v1","kind":"PersistentVolume","metadata":{{"name":"pv{}"}},"spec":)"
        R"({{"capacity":{{"storage":"1Gi"}},"accessModes":["ReadWriteOnce"],)"
        R"("nfs":{{"server":"node2","path":"/{}"}}}}}})",
        i,
        i));
  }
  story.create(fmt::format(
      R"({{"apiVersion":"v1","kind":"Service","metadata":{{"name":"web"}},"spec":)"
      R"({{"clusterIP":"None","selector":{{"app":"web"}},"ports":[{{"port":80}}]}}}})"));
  story.create(fmt::format(
      R"({{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{{"name":"web"}},"spec":)"
      R"({{"replicas":3,"podManagementPolicy":"{}","serviceName":"web","selector":{{"matchLabels":)"
      R"({{"app":"web"}}}},"persistentVolumeClaimRetentionPolicy":{{"whenDeleted":"Delete"}},)"
      R"("volumeClaimTemplates":[{{"metadata":{{"name":"data"}},"spec":{{"accessModes":)"
      R"(["ReadWriteOnce"],"resources":{{"requests":{{"storage":"1Gi"}}}}}}}}],)"
      R"("template":{{"metadata":{{"labels":{{"app":"web"}}}},"spec":{{"containers":)"
      R"([{{"name":"web","image":"web:v1"}}]}}}}}}}})",
      policy));
  settle();
  story.label(kWeb, "tier", "front");
  settle();
  REQUIRE(story.user().remove(kWeb, {}).has_value());
  settle();
}

}  // namespace

TEST_CASE("fingerprints tell apart what the canonical documents do, and nothing else", "[long]") {
  std::map<std::string, world::Fingerprint> by_document;
  std::set<world::Fingerprint> fingerprints;
  std::size_t met = 0;
  for (const std::string_view policy : {"OrderedReady", "Parallel"}) {
    for (const std::uint64_t seed : {1U, 2U}) {
      // Each is told again later: other uids, versions and times, and the same situations.
      for (const SimDuration wait : {std::chrono::hours{1}, std::chrono::hours{2}}) {
        tell_of_claims(policy, seed, wait, [&](const world::World& at) {
          const world::Fingerprint found = fingerprint(at);
          const auto known =
              by_document.try_emplace(world::to_json(at, Form::Canonical).dump(), found);
          REQUIRE(known.first->second == found);
          fingerprints.insert(found);
          ++met;
        });
      }
    }
  }
  REQUIRE(by_document.size() > 500);
  REQUIRE(met > by_document.size());
  REQUIRE(fingerprints.size() == by_document.size());
}

namespace {

/// A change of a stored object.
struct Edit {
  std::string what;
  std::function<void(api::Object&)> make;
};

/// Each makes an object differ from what all the others make of it.
std::vector<Edit> changes_of_pod() {
  const auto status = [](auto change) {
    return [change](api::Object& pod) { change(pod.as<api::Pod>().status); };
  };
  const auto container = [status](auto change) {
    return status([change](api::PodStatus& of) {
      of.containers.resize(1);
      change(of.containers.edit().front());
    });
  };
  using Type = api::ContainerState::Type;
  return {
      {"nothing", [](api::Object&) {}},
      {"phase", status([](auto& of) { of.phase = api::PodPhase::Running; })},
      {"reason", status([](auto& of) {
         of.why.set_of_pod({"Evicted", ""});
       })},
      {"message", status([](auto& of) {
         of.why.set_of_pod({"", "Evicted"});
       })},
      {"host", status([](auto& of) { of.host_ip = "10.0.0.1"; })},
      {"address", status([](auto& of) { of.pod_ip = "10.244.0.1"; })},
      {"condition", status([](auto& of) {
         of.set_condition(api::PodConditionType::Initialized, false, kStartOfTime);
       })},
      {"condition that holds", status([](auto& of) {
         of.set_condition(api::PodConditionType::Initialized, true, kStartOfTime);
       })},
      {"why a condition holds", status([](auto& of) {
         of.set_condition(api::PodConditionType::Initialized, true, kStartOfTime, "Why", "");
       })},
      {"Ready", status([](auto& of) {
         of.set_condition(api::PodConditionType::Ready, true, kStartOfTime);
       })},
      {"Ready later", status([](auto& of) {
         of.set_condition(
             api::PodConditionType::Ready, true, kStartOfTime + std::chrono::seconds{1});
       })},
      {"container", container([](auto&) {})},
      {"ready container", container([](auto& of) { of.ready = true; })},
      {"started container", container([](auto& of) { of.started = true; })},
      {"restarts", container([](auto& of) { of.restart_count = 1; })},
      {"running", container([](auto& of) { of.state.type = Type::Running; })},
      {"waiting", container([](auto& of) { of.state.type = Type::Waiting; })},
      {"waiting for something", container([](auto& of) {
         of.state.type = Type::Waiting;
         of.state.why = api::explained("ImagePullBackOff", {});
       })},
      {"exit code", container([](auto& of) {
         of.state.type = Type::Terminated;
         of.state.exit_code = 1;
       })},
      {"finish", container([](auto& of) {
         of.state.type = Type::Terminated;
         of.state.finished_at = kStartOfTime;
       })},
      {"last state", container([](auto& of) { of.last_state.edit().type = Type::Terminated; })}};
}

std::vector<Edit> changes_of_set() {
  // What is counted is counted among others.
  const auto status = [](auto... fields) {
    return [=](api::Object& set) {
      api::StatefulSetStatus& of = set.as<api::StatefulSet>().status;
      ((of.*fields = 1), ...);
    };
  };
  using Status = api::StatefulSetStatus;
  const auto replicas = &Status::replicas;
  const auto ready = &Status::ready_replicas;
  return {{"nothing", [](api::Object&) {}},
          {"observed generation", status(&Status::observed_generation)},
          {"replicas", status(replicas)},
          {"ready", status(replicas, ready)},
          {"current", status(replicas, &Status::current_replicas)},
          {"updated", status(replicas, &Status::updated_replicas)},
          {"available", status(replicas, ready, &Status::available_replicas)},
          {"revisions",
           [](api::Object& set) { set.as<api::StatefulSet>().status.current_revision = "web-1"; }},
          {"update",
           [](api::Object& set) { set.as<api::StatefulSet>().status.update_revision = "web-1"; }}};
}

/// The canonical documents, and the fingerprints, after each change of a stored object.
void compare(const Story& story, const api::ObjectKey& key, const std::vector<Edit>& changes) {
  std::map<std::string, std::string> documents;
  std::map<world::Fingerprint, std::string> fingerprints;
  for (const Edit& change : changes) {
    INFO(change.what);
    world::World changed = story.world;
    // Written twice, so that one that changes nothing is in the log as well.
    api::Object object = *changed.store.find(key);
    object.labels["written"] = "once";
    object = **changed.store.update(object, 0);
    change.make(object);
    REQUIRE(changed.store.update_status(object, 0).has_value());
    const std::string document = world::to_json(changed, Form::Canonical).dump();
    CHECK(documents.emplace(document, change.what).second);
    CHECK(fingerprints.emplace(fingerprint(changed), change.what).second);
  }
}

}  // namespace

TEST_CASE("all that a status says makes a difference to a fingerprint") {
  Story story;
  story.create_set("web", 1);
  story.create_pod("lonely");
  compare(story, {api::Kind::Pod, "default", "lonely"}, changes_of_pod());
  compare(story, kWeb, changes_of_set());
}

TEST_CASE("a claimRef makes the same difference, however it is kept") {
  const auto told = [](const char* version) {
    Story story;
    story.create(fmt::format(
        R"({{"apiVersion":"v1","kind":"PersistentVolume","metadata":{{"name":"pv0"}},"spec":)"
        R"({{"capacity":{{"storage":"1Gi"}},"accessModes":["ReadWriteOnce"],"nfs":{{"server":"a",)"
        R"("path":"/"}},"claimRef":{{"apiVersion":"v1","kind":"PersistentVolumeClaim",)"
        R"("namespace":"default","name":"data","uid":"ce201ef2-4ac8-4b12-bc4f-75216a59385e"{}}}}}}})",
        version));
    const auto& volume = story.world.store.find({api::Kind::PersistentVolume, "", "pv0"});
    const bool kept = volume->as<api::Volume>().claim_ref->document != nullptr;
    return std::tuple(world::to_json(story.world, Form::Canonical), fingerprint(story.world), kept);
  };
  const auto usual = told(R"(,"resourceVersion":"7")");
  const auto unusual = told("");
  REQUIRE_FALSE(std::get<bool>(usual));
  REQUIRE(std::get<bool>(unusual));
  REQUIRE(std::get<0>(usual) == std::get<0>(unusual));
  REQUIRE(std::get<1>(usual) == std::get<1>(unusual));
}

TEST_CASE("situations reached in another order have one fingerprint, if they go on alike") {
  Story one;
  one.create_set("one", 2);
  one.create_set("two", 2);
  one.settle();
  Story other;
  other.create_set("two", 2);
  other.create_set("one", 2);
  other.settle();
  // Which set was synced last makes a difference until something else has changed.
  one.create_pod("lonely");
  other.create_pod("lonely");
  REQUIRE_FALSE(difference(one.world, other.world).empty());
  REQUIRE(fingerprint(one.world) == fingerprint(other.world));
}

TEST_CASE("what happened earlier makes no difference to a fingerprint, what is left over does") {
  Story plain;
  plain.create_set("web", 1);
  plain.settle();
  Story detour;
  detour.create_set("web", 1);
  detour.settle();
  detour.label(kWeb, "tier", "front");
  detour.settle();
  REQUIRE(fingerprint(detour.world) != fingerprint(plain.world));
  static_cast<void>(detour.user().patch(kWeb, [](api::Json document) {
    document["metadata"].erase("labels");
    return Result<api::Json, api::ApiError>(std::move(document));
  }));
  detour.settle();
  REQUIRE(fingerprint(detour.world) == fingerprint(plain.world));
}

TEST_CASE("which of two was made first makes a difference where decisions ask for it") {
  const auto made =
      [](api::Kind kind, const api::Body& body, SimDuration first, SimDuration second) {
        Story story;
        for (const auto& [name, later] : {std::pair("one", first), std::pair("two", second)}) {
          api::Object object;
          object.key = {kind, api::info(kind).namespaced ? "default" : "", name};
          object.created = kStartOfTime + later;
          object.body = body;
          story.world.store.restore(std::move(object), 0);
        }
        return fingerprint(story.world);
      };
  const auto order_counts = [&made](api::Kind kind, const api::Body& body) {
    constexpr std::chrono::seconds kSooner{1};
    constexpr std::chrono::seconds kLater{2};
    CHECK(made(kind, body, kSooner, kLater) == made(kind, body, kSooner, 2 * kLater));
    return made(kind, body, kSooner, kLater) != made(kind, body, kLater, kSooner);
  };
  const api::Generic document{std::make_shared<const api::Json>(api::Json::object())};
  CHECK(order_counts(api::Kind::StorageClass, document));
  CHECK(order_counts(api::Kind::ControllerRevision, api::ControllerRevision{nullptr, nullptr, 1}));
  CHECK_FALSE(order_counts(api::Kind::ConfigMap, document));
  CHECK_FALSE(
      order_counts(api::Kind::Pod, api::Pod{std::make_shared<const api::PodSpec>(), "", {}}));
}

TEST_CASE("what is in a pod counts by the pod, whatever its uid") {
  const auto tell = [](std::string_view first, std::string_view second) {
    Story story;
    story.create_set(std::string(first), 1);
    story.create_set(std::string(second), 1);
    story.settle();
    for (const char* name : {"one-0", "two-0"}) {
      const api::ObjectPtr pod = story.world.store.find({api::Kind::Pod, "default", name});
      story.world.nodes.files.set({pod->uid.text() + "/web/0", "/tmp/file"}, name);
    }
    story.create_pod("lonely");
    return story;
  };
  REQUIRE(fingerprint(tell("one", "two").world) == fingerprint(tell("two", "one").world));
}

TEST_CASE("every step of a roll-out is a situation of its own") {
  Story story;
  std::set<world::Fingerprint> seen{fingerprint(story.world)};
  story.create_set("web", 2, "Parallel");
  std::size_t steps = 0;
  do {
    seen.insert(fingerprint(story.world));
    ++steps;
    story.step();
  } while (!world::at_rest(story.world));
  REQUIRE(seen.size() == steps + 1);
}

TEST_CASE("all that an actor has to do or remembers makes a difference, if it still counts") {
  using State = world::ActorState;
  Story story;
  story.create_set("web", 1);
  story.settle();
  story.create_pod("lonely");  // since then no actor was idle for the first time
  story.settle();
  const api::ObjectKey other{api::Kind::StatefulSet, "default", "other"};
  const world::World& world = story.world;
  const SimTime later = world.now + std::chrono::seconds{1};
  const auto remembers = [&](world::KeyMemory memory) {
    return [memory, &other](State& state) { state.memory.set(other, memory); };
  };
  struct Change {
    const char* what;
    std::function<void(State&)> make;
  };
  const std::vector<Change> counts{
      {"held", [](State& state) { state.watch.hold(api::Kind::Service, std::nullopt); }},
      {"down", [](State& state) { state.down = true; }},
      {"work", [](State& state) { state.work_pending = true; }},
      {"resync", [](State& state) { state.resync_pending = true; }},
      {"waiting", [&](State& state) { state.queue.add(other, {}); }},
      {"taken",
       [&](State& state) {
         state.queue.add(other, {});
         static_cast<void>(state.queue.take());
       }},
      {"failed before",
       [&](State& state) {
         static_cast<void>(state.queue.retry_delay(other, {}, world.now));
         state.queue.forget(other);
       }},
      {"failed",
       [&](State& state) { static_cast<void>(state.queue.retry_delay(other, {}, world.now)); }},
      {"failed long ago, and not forgotten",
       [&](State& state) {
         static_cast<void>(state.queue.retry_delay(other, {}, world.now - std::chrono::hours{1}));
       }},
      {"elsewhere in the log", [](State& state) { state.watch.advance(); }},
      {"sync",
       [&](State& state) {
         world::Sync sync;
         sync.key = other;
         sync.plan = std::make_shared<const controllers::Plan>();
         state.syncs.set(1, std::move(sync));
       }},
      {"synced just now", [&](State& state) { state.synced.add(other, world.changes); }},
      {"comes back", remembers({0, later})},
      {"own write", remembers({world.store.position() + 1, {}})},
  };
  std::map<world::Fingerprint, std::string> known{{fingerprint(world), "nothing"}};
  for (const Change& change : counts) {
    INFO(change.what);
    world::World changed = world;
    change.make(changed.of(engine::Actor::StatefulSetController));
    const auto [same, is_new] = known.emplace(fingerprint(changed), change.what);
    INFO("as " << same->second);
    CHECK(is_new);
  }
  const std::vector<Change> past{
      {"synced earlier", [&](State& state) { state.synced.add(other, world.changes - 1); }},
      {"own write seen", remembers({world.store.position(), {}})},
      {"failed long ago", [&](State& state) {
         static_cast<void>(state.queue.retry_delay(other, {}, world.now - std::chrono::hours{1}));
         state.queue.forget(other);
       }}};
  // A write that was made before the watch of its kind was held, and came after that.
  world::World held = world;
  State& holding = held.of(engine::Actor::StatefulSetController);
  const std::uint64_t write = holding.watch.position() + 1;
  holding.watch.hold(api::Kind::StatefulSet, std::nullopt);
  holding.watch.advance();
  const world::Fingerprint without = fingerprint(held);
  remembers({write, {}})(holding);
  CHECK(fingerprint(held) != without);
  world::World nothing_synced = world;
  nothing_synced.of(engine::Actor::StatefulSetController).synced = {};
  for (const Change& change : past) {
    INFO(change.what);
    world::World changed = nothing_synced;
    change.make(changed.of(engine::Actor::StatefulSetController));
    CHECK(fingerprint(changed) == fingerprint(nothing_synced));
  }
}

TEST_CASE("times count from now on: the same story told later has the same fingerprint") {
  const auto tell = [](SimDuration later) {
    Story story;
    story.user().run_until(story.world.now + later);
    story.create_set("web", 1);
    story.step();
    return story;
  };
  const Story now = tell({});
  const Story later = tell(std::chrono::hours{1});
  // Creations count by their order, and all of the cluster came first in both.
  REQUIRE(world::to_json(now.world, Form::Canonical) != world::to_json(now.world, Form::Exact));
  REQUIRE(fingerprint(later.world) == fingerprint(tell(std::chrono::hours{2}).world));
}

TEST_CASE("keys are synced as long as nothing has changed since") {
  const api::ObjectKey one{api::Kind::StatefulSet, "default", "one"};
  const api::ObjectKey other{api::Kind::StatefulSet, "default", "other"};
  world::SyncedKeys synced;
  CHECK_FALSE(synced.any(0));
  synced.add(one, 5);
  synced.add(other, 5);
  CHECK((synced.contains(one, 5) && synced.contains(other, 5)));
  CHECK_FALSE((synced.any(6) || synced.contains(one, 6)));
  synced.add(other, 6);
  CHECK((synced.contains(other, 6) && !synced.contains(one, 6)));
  CHECK_FALSE(synced.any(5));
}

TEST_CASE("SS-212: an actor forgets a write when it has seen it in spite of its holds") {
  const api::ObjectKey key{api::Kind::StatefulSet, "default", "web"};
  world::ActorState state;
  state.watch.advance();
  state.remember(key, {2, {}});
  CHECK(state.remembered(key).own_write == 2);
  state.watch.hold(api::Kind::Pod, std::nullopt);
  state.watch.advance();  // the write comes, and is held if it is of a pod
  state.remember(key, state.remembered(key));
  CHECK(state.remembered(key).own_write == 2);
  state.watch.release(api::Kind::Pod);
  state.remember(key, {2, kStartOfTime});
  CHECK(state.remembered(key) == world::KeyMemory{0, kStartOfTime});
  state.remember(key, {2, {}});
  CHECK(state.memory.empty());
}

TEST_CASE("nothing is remembered of keys when all is at rest") {
  Story story;
  story.create_set("web", 3);
  story.settle();
  for (const world::ActorState& actor : story.world.actors) {
    CHECK(actor.memory.empty());
  }
}

TEST_CASE("a volume's path makes a difference to a fingerprint") {
  std::set<world::Fingerprint> seen;
  for (const char* path : {"/a", "/b"}) {
    Story story;
    story.create(fmt::format(
        R"({{"apiVersion":"v1","kind":"PersistentVolume","metadata":{{"name":"pv0"}},"spec":)"
        R"({{"capacity":{{"storage":"1Gi"}},"accessModes":["ReadWriteOnce"],)"
        R"("nfs":{{"server":"a","path":"{}"}}}}}})",
        path));
    seen.insert(fingerprint(story.world));
  }
  CHECK(seen.size() == 2);
}
