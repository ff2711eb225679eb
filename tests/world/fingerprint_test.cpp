// Fingerprints: equal in situations that go on alike, whatever led there.
#include "support/catch.hpp"
#include "support/story.hpp"

#include <stsim/world/difference.hpp>

#include <map>
#include <set>

using namespace stsim;
using test::kWeb;
using test::Story;
using world::difference;
using world::fingerprint;
using world::Form;

namespace {

/// Tells of a set with claims that comes up, is changed and goes, with kubelets at work; `seen` is
/// called with the world at each event.
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
      seen(story.world);
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

TEST_CASE("fingerprints tell apart what the canonical documents do, and nothing else") {
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
