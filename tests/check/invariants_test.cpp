#include "support/catch.hpp"
#include "support/story.hpp"

#include <stsim/api/well_known.hpp>
#include <stsim/check/invariants.hpp>

#include <functional>
#include <set>

using namespace stsim;
using api::Kind;
using check::When;
using Names = std::vector<std::string>;

namespace {

const api::ObjectKey kPod{Kind::Pod, "default", "web-0"};
const api::ObjectKey kClaim{Kind::PersistentVolumeClaim, "default", "data-web-0"};
const api::ObjectKey kVolume{Kind::PersistentVolume, "", "pv0"};

/// A set of one pod with a claim, a volume for it and a Service; the pod has an address.
test::Story healthy() {
  test::Story story;
  story.create(R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":)"
               R"({"clusterIP":"None","selector":{"app":"web"},"ports":[{"port":80}]}})");
  story.create(R"({"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"pv0"},"spec":)"
               R"({"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},)"
               R"("nfs":{"server":"s","path":"/"}}})");
  story.create(
      R"({"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web"},"spec":{"replicas":1,)"
      R"("revisionHistoryLimit":0,"serviceName":"web","selector":{"matchLabels":{"app":"web"}},)"
      R"("template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web",)"
      R"("image":"web:v1","volumeMounts":[{"name":"data","mountPath":"/data"}]}]}},)"
      R"("volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],)"
      R"("resources":{"requests":{"storage":"1Gi"}}}}]}})");
  story.settle();
  return story;
}

using Change = std::function<void(api::Object&)>;

/// Changes an object behind everybody's back.
void change(test::Story& story, const api::ObjectKey& key, const Change& change) {
  api::Object object = *story.world.store.find(key);
  change(object);
  REQUIRE(story.world.store.update(object, 0));
  object.resource_version = {};
  REQUIRE(story.world.store.update_status(object, 0));
}

void terminate(test::Story& story, const api::ObjectKey& key) {
  REQUIRE(story.world.store.remove(key, {}, story.world.now, 0));
}

api::OwnerReference owner(std::string name, bool controller) {
  return {"v1", "Pod", std::move(name), {9, 9}, controller, false};
}

/// What is found, by rule.
std::set<std::string> rules(const test::Story& story, When when) {
  std::set<std::string> out;
  for (const check::Finding& finding : check::findings(story.world, when)) {
    out.emplace(finding.invariant->rule);
  }
  return out;
}

/// Breaks what a rule says.
struct Case {
  const char* rule;
  std::function<void(test::Story&)> spoil;
};

std::vector<Case> cases() {
  return {
      {"GC-1",
       [](test::Story& story) {
         change(story, kPod, [](api::Object& pod) { pod.owners.push_back(owner("other", true)); });
       }},
      {"GC-2",
       [](test::Story& story) {
         change(story, kClaim, [](api::Object& claim) { claim.owners = {owner("gone", false)}; });
       }},
      {"GC-4",
       [](test::Story& story) {
         story.create_pod("alone");
         const api::ObjectKey key{Kind::Pod, "default", "alone"};
         change(story, key, [](api::Object& pod) { pod.finalizers = {api::kForegroundFinalizer}; });
         terminate(story, key);
       }},
      {"PN-21",
       [](test::Story& story) {
         change(story, kPod, [](api::Object& pod) { pod.as<api::Pod>().node_name = "node1"; });
         terminate(story, kPod);
         change(story, kPod, [](api::Object& pod) { pod.as<api::Pod>().node_name = {}; });
       }},
      {"SS-20",
       [](test::Story& story) {
         story.create_pod("stranger");
         const auto owners = story.world.store.find(kPod)->owners;
         change(story, {Kind::Pod, "default", "stranger"}, [&](api::Object& pod) {
           pod.owners = owners;
         });
       }},
      {"SS-150",
       [](test::Story& story) {
         change(story, test::kWeb, [](api::Object& set) {
           set.as<api::StatefulSet>().status.ready_replicas = 1;
         });
       }},
      {"SS-152",
       [](test::Story& story) {
         change(story, test::kWeb, [](api::Object& set) {
           set.as<api::StatefulSet>().status.observed_generation = 0;
         });
       }},
      {"SS-95",
       [](test::Story& story) {
         const auto revisions = story.world.store.list(Kind::ControllerRevision, "default");
         api::Object another = *revisions.front();
         another.key.name = "web-old";
         another.uid = {};
         another.resource_version = {};
         REQUIRE(story.world.store.create(another, story.world.now, 0));
       }},
      {"PV-40",
       [](test::Story& story) {
         api::Object another = *story.world.store.find(kClaim);
         another.key.name = "thief";
         another.uid = {};
         another.resource_version = {};
         REQUIRE(story.world.store.create(another, story.world.now, 0));
         change(story, {Kind::PersistentVolumeClaim, "default", "thief"}, [](api::Object& claim) {
           claim.as<api::Claim>().phase = api::ClaimPhase::Bound;
         });
       }},
      {"PV-46",
       [](test::Story& story) {
         change(story, kVolume, [](api::Object& volume) {
           volume.as<api::Volume>().phase = api::VolumePhase::Released;
         });
       }},
      {"PV-20",
       [](test::Story& story) {
         change(story, kVolume, [](api::Object& volume) {
           volume.as<api::Volume>().claim_ref.reset();
           volume.as<api::Volume>().phase = api::VolumePhase::Available;
         });
         change(story, kClaim, [](api::Object& claim) {
           claim.as<api::Claim>().volume_name = {};
           claim.as<api::Claim>().phase = api::ClaimPhase::Pending;
         });
       }},
      {"PV-70",
       [](test::Story& story) {
         terminate(story, kClaim);
         REQUIRE(story.world.store.remove(kPod, {0, {}, {}}, story.world.now, 0));
       }},
      {"PV-71",
       [](test::Story& story) {
         change(story, kVolume, [](api::Object& volume) {
           volume.as<api::Volume>().phase = api::VolumePhase::Failed;
         });
         terminate(story, kVolume);
       }},
      {"SD-3",
       [](test::Story& story) {
         change(
             story, kPod, [](api::Object& pod) { pod.as<api::Pod>().status.pod_ip = "10.0.0.1"; });
       }},
  };
}

}  // namespace

TEST_CASE("every invariant holds of a healthy world") {
  const test::Story story = healthy();
  REQUIRE(check::findings(story.world, When::AtRest).empty());
}

TEST_CASE("every invariant is found broken where it is") {
  std::set<std::string> broken;
  for (const Case& one : cases()) {
    test::Story story = healthy();
    one.spoil(story);
    CAPTURE(one.rule);
    CHECK(rules(story, When::AtRest).contains(one.rule));
    broken.emplace(one.rule);
  }
  std::set<std::string> all;
  for (const check::Invariant& invariant : check::invariants()) {
    all.emplace(invariant.rule);
  }
  REQUIRE(broken == all);
}

TEST_CASE("what holds only at rest is not asked for in between") {
  test::Story story = healthy();
  change(story, test::kWeb, [](api::Object& set) {
    set.as<api::StatefulSet>().status.ready_replicas = 1;
  });
  REQUIRE(rules(story, When::Always).empty());
  REQUIRE(
      to_string(check::findings(story.world, When::AtRest).front()) ==
      "SS-150: the counts of a status are those of the pods: default/web: readyReplicas is 1, 0 "
      "are counted");
}
