// The stories of Kubernetes' test/integration/statefulset, where control plane and API server work
// together and a test plays the kubelet. Besides, those of its unit and e2e tests that need what
// the API server and other controllers do: conflicts, lagging caches, the status endpoint, claims
// that somebody else controls.
#include "support/catch.hpp"
#include "support/cluster.hpp"
#include "support/story.hpp"

#include <algorithm>

using namespace stsim;
using api::Kind;
using api::ObjectPtr;
using api::PodPhase;
using engine::Actor;
using test::kWeb;
using test::Story;
using Names = std::vector<std::string>;
using Change = Result<api::Json, api::ApiError>;

namespace {

const char* const kClaims =
    R"("volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],)"
    R"("resources":{"requests":{"storage":"1Gi"}}}}],)";

/// The set `web` with more members of spec, each followed by a comma.
void create_web(Story& story, int replicas, std::string_view more = "") {
  story.create(fmt::format(
      R"({{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{{"name":"web"}},"spec":{{{}"replicas":{},)"
      R"("serviceName":"web-svc","selector":{{"matchLabels":{{"app":"web"}}}},"template":{{"metadata":)"
      R"({{"labels":{{"app":"web"}}}},"spec":{{"containers":[{{"name":"web","image":"web:v1"}}]}}}}}}}})",
      more,
      replicas));
}

api::ObjectKey pod_key(int ordinal) {
  return {Kind::Pod, "default", fmt::format("web-{}", ordinal)};
}

api::ObjectKey claim_key(int ordinal) {
  return {Kind::PersistentVolumeClaim, "default", fmt::format("data-web-{}", ordinal)};
}

ObjectPtr find(const Story& story, const api::ObjectKey& key) {
  return story.world.store.find(key);
}

const api::StatefulSetStatus& status(const Story& story) {
  return find(story, kWeb)->as<api::StatefulSet>().status;
}

/// Applies a merge patch as the user, which has to be accepted.
void change(Story& story, const api::ObjectKey& key, std::string_view patch) {
  REQUIRE(story.user().patch(key, [&patch](api::Json document) -> Change {
    document.merge_patch(api::Json::parse(patch));
    return document;
  }));
}

void scale(Story& story, int replicas) {
  change(story, kWeb, fmt::format(R"({{"spec":{{"replicas":{}}}}})", replicas));
}

/// What a kubelet reports of a pod.
void report(Story& story, int ordinal, PodPhase phase, bool ready, SimDuration ready_for = {}) {
  world::Client kubelet(story.world, story.chooser, story.records, Actor::Kubelet, 1);
  api::Object pod = *find(story, pod_key(ordinal));
  pod.resource_version = {};
  auto& said = pod.as<api::Pod>().status;
  said.phase = phase;
  said.set_condition(api::PodConditionType::Ready, ready, story.world.now - ready_for);
  REQUIRE(kubelet.update_status(std::move(pod)));
}

/// Makes every pod ready until there are as many as wanted.
void bring_up(Story& story) {
  story.settle();
  const int wanted = find(story, kWeb)->as<api::StatefulSet>().spec->replicas;
  for (int rounds = 0; status(story).ready_replicas < wanted; ++rounds) {
    REQUIRE(rounds <= wanted);
    for (const ObjectPtr& pod : story.world.store.list(Kind::Pod, "default")) {
      report(story,
             api::parent_and_ordinal(pod->key.name).ordinal,
             PodPhase::Running,
             true,
             std::chrono::hours{0});
    }
    story.settle();
  }
}

Names pod_names(const Story& story) {
  Names out;
  for (const ObjectPtr& pod : story.world.store.list(Kind::Pod, "default")) {
    out.push_back(pod->key.name);
  }
  return out;
}

Names owners(const Story& story, const api::ObjectKey& key) {
  return test::owner_names(find(story, key)->owners);
}

/// A story in which changes are seen so long after they were written.
Story lagging(SimDuration lag, std::string_view release = "1.36") {
  world::Settings settings;
  settings.features.release = *parse_release(release);
  settings.watch = {lag, lag};
  return Story(settings);
}

/// The API Events of the controller from a record on: `SuccessfulUpdate`.
Names events(const Story& story, std::size_t from) {
  Names out;
  for (std::size_t i = from; i < story.records.all.size(); ++i) {
    const engine::TraceRecord& told = story.records.all[i];
    if (told.type == engine::TraceRecord::Type::ApiEvent &&
        told.actor == Actor::StatefulSetController) {
      out.push_back(told.reason);
    }
  }
  return out;
}

/// The controller's calls for pods from a record on.
Names pod_calls(const Story& story, std::size_t from) {
  const Names all = story.records.calls(Actor::StatefulSetController, "pods");
  std::size_t before = 0;
  for (std::size_t i = 0; i < from; ++i) {
    const engine::TraceRecord& told = story.records.all[i];
    before += told.type == engine::TraceRecord::Type::Call && told.resource == "pods" &&
                      told.actor == Actor::StatefulSetController
                  ? 1U
                  : 0U;
  }
  return {all.begin() + static_cast<std::ptrdiff_t>(before), all.end()};
}

/// Gives a claim to somebody else, who is there.
void give_to_a_stranger(Story& story, int ordinal) {
  story.create_pod("stranger");
  const ObjectPtr stranger = find(story, {Kind::Pod, "default", "stranger"});
  change(story,
         claim_key(ordinal),
         fmt::format(R"({{"metadata":{{"ownerReferences":[{{"apiVersion":"v1","kind":"Pod",)"
                     R"("name":"stranger","uid":"{}","controller":true}}]}}}})",
                     stranger->uid.text()));
}

}  // namespace

TEST_CASE("TestVolumeTemplateNoopUpdate: the same claim template again is no change") {
  Story story;
  create_web(story, 1, kClaims);
  story.settle();
  const std::uint64_t before = find(story, kWeb)->resource_version.value;
  change(story, kWeb, fmt::format(R"({{"spec":{{{}"replicas":1}}}})", kClaims));
  REQUIRE(find(story, kWeb)->resource_version.value == before);
  const auto refused = story.user().patch(kWeb, [](api::Json document) -> Change {
    document["spec"]["volumeClaimTemplates"][0]["metadata"]["name"] = "other";
    return document;
  });
  REQUIRE_FALSE(refused);
}

TEST_CASE("TestSpecReplicasChange: up and down, and every generation is observed") {
  Story story;
  create_web(story, 2, R"("podManagementPolicy":"Parallel",)");
  story.settle();
  for (const int replicas : {2, 3, 0, 2}) {
    scale(story, replicas);
    story.settle();
    REQUIRE(status(story).replicas == replicas);
    REQUIRE(static_cast<int>(pod_names(story).size()) == replicas);
  }
  change(story, kWeb, R"({"spec":{"template":{"metadata":{"annotations":{"test":"changed"}}}}})");
  story.settle();
  REQUIRE(find(story, kWeb)->generation == 5);
  REQUIRE(status(story).observed_generation == 5);
}

TEST_CASE("TestDeletingAndTerminatingPods: a held pod is waited for, ended ones are replaced") {
  Story story;
  create_web(story, 5, R"("podManagementPolicy":"Parallel",)");
  bring_up(story);
  const auto uid = [&story](int ordinal) { return find(story, pod_key(ordinal))->uid; };
  std::vector<api::Uid> before;
  for (int ordinal = 0; ordinal < 5; ++ordinal) {
    before.push_back(uid(ordinal));
  }
  change(story, pod_key(1), R"({"metadata":{"finalizers":["example.com/held"]}})");
  REQUIRE(story.user().remove(pod_key(1), {}));
  report(story, 3, PodPhase::Failed, false);
  report(story, 4, PodPhase::Succeeded, false);
  story.settle();
  REQUIRE(find(story, pod_key(1))->terminating());
  for (int ordinal = 0; ordinal < 5; ++ordinal) {
    CAPTURE(ordinal);
    const bool ended = ordinal >= 3;
    REQUIRE((uid(ordinal) == before[static_cast<std::size_t>(ordinal)]) == !ended);
  }
  change(story, pod_key(1), R"({"metadata":{"finalizers":null}})");
  story.settle();
  REQUIRE(uid(1) != before[1]);
  REQUIRE_FALSE(find(story, pod_key(1))->terminating());
}

TEST_CASE("TestStatefulSetAvailable: of four pods three are ready, two of them for long enough") {
  Story story;
  create_web(story, 4, R"("podManagementPolicy":"Parallel","minReadySeconds":3600,)");
  story.settle();
  report(story, 0, PodPhase::Running, true, std::chrono::minutes{120});
  report(story, 1, PodPhase::Running, true, std::chrono::minutes{120});
  report(story, 2, PodPhase::Running, true, std::chrono::seconds{10});
  story.user().run_until(story.world.now + std::chrono::seconds{5});
  REQUIRE(status(story).replicas == 4);
  REQUIRE(status(story).ready_replicas == 3);
  REQUIRE(status(story).available_replicas == 2);
}

TEST_CASE("TestStatefulSetStatusWithPodFail: the status tells of the pods that could be made") {
  world::Settings settings;
  settings.most_objects = 14;  // ten are there before the first pod; each pod has its API Event
  Story story(settings);
  create_web(story, 4, R"("podManagementPolicy":"Parallel",)");
  story.user().run_until(story.world.now + std::chrono::seconds{10});
  REQUIRE(pod_names(story).size() == 2);
  REQUIRE(status(story).replicas == 2);
}

TEST_CASE("TestAutodeleteOwnerRefs: who owns the claims of a set of one pod too many") {
  struct Row {
    const char* when_scaled;
    const char* when_deleted;
    Names kept;
    Names condemned;
  };
  const auto row =
      GENERATE(values<Row>({{"Retain", "Retain", {}, {}},
                            {"Retain", "Delete", {"StatefulSet/web*"}, {"StatefulSet/web*"}},
                            {"Delete", "Retain", {}, {"Pod/web-1*"}},
                            {"Delete", "Delete", {"StatefulSet/web*"}, {"Pod/web-1*"}}}));
  CAPTURE(row.when_scaled, row.when_deleted);
  Story story;
  create_web(story, 2, kClaims + test::retention(row.when_scaled, row.when_deleted));
  bring_up(story);
  REQUIRE(owners(story, claim_key(0)) == row.kept);
  change(story, pod_key(1), R"({"metadata":{"finalizers":["example.com/held"]}})");
  scale(story, 1);
  story.settle();
  REQUIRE(owners(story, claim_key(0)) == row.kept);
  REQUIRE(owners(story, claim_key(1)) == row.condemned);
}

TEST_CASE(
    "TestDeletingPodForRollingUpdatePartition: below the partition a pod comes back as it was") {
  Story story;
  create_web(story, 2, R"("updateStrategy":{"rollingUpdate":{"partition":1}},)");
  bring_up(story);
  change(story,
         kWeb,
         R"({"spec":{"template":{"spec":{"containers":[{"name":"web","image":"web:v2"}]}}}})");
  bring_up(story);
  const auto image = [&story](int ordinal) {
    return find(story, pod_key(ordinal))->as<api::Pod>().spec->containers.front().image;
  };
  REQUIRE(image(1) == "web:v2");
  const api::Uid before = find(story, pod_key(0))->uid;
  REQUIRE(story.user().remove(pod_key(0), {}));
  bring_up(story);
  REQUIRE(find(story, pod_key(0))->uid != before);
  REQUIRE(image(0) == "web:v1");
  REQUIRE(status(story).current_revision != status(story).update_revision);
}

TEST_CASE("TestStatefulSetStartOrdinal: from 0, from 0 said in words, and from 2") {
  const auto [more, names] = GENERATE(
      table<std::string, Names>({{"", {"web-0", "web-1", "web-2"}},
                                 {R"("ordinals":{"start":0},)", {"web-0", "web-1", "web-2"}},
                                 {R"("ordinals":{"start":2},)", {"web-2", "web-3", "web-4"}}}));
  Story story;
  create_web(story, 3, R"("podManagementPolicy":"Parallel",)" + more);
  story.settle();
  REQUIRE(pod_names(story) == names);
}

TEST_CASE("TestStatefulSetPodSubdomain: is the set's serviceName") {
  Story story;
  create_web(story, 1);
  story.settle();
  const api::Json pod = api::to_json(*find(story, pod_key(0)));
  REQUIRE(pod["spec"]["subdomain"] == "web-svc");
  REQUIRE(pod["spec"]["hostname"] == "web-0");
}

TEST_CASE("TestStatefulPodControlUpdatePodConflictSuccess: what met a conflict is done again") {
  Story story = lagging(std::chrono::milliseconds{5});
  create_web(story, 1);
  bring_up(story);
  const std::size_t before = story.records.all.size();
  change(
      story, pod_key(0), R"({"metadata":{"labels":{"statefulset.kubernetes.io/pod-name":null}}})");
  story.label(pod_key(0), "tier", "front");  // not seen yet when the repair is decided
  story.settle();
  REQUIRE(find(story, pod_key(0))->label("statefulset.kubernetes.io/pod-name") == "web-0");
  REQUIRE(find(story, pod_key(0))->label("tier") == "front");
  REQUIRE(pod_calls(story, before) == Names{"update web-0 409", "update web-0 200"});
  REQUIRE(events(story, before) == Names{"SuccessfulUpdate"});
}

TEST_CASE("SS-118: the repair of an adopted pod meets the adoption, and finds nothing left to do") {
  Story story;
  create_web(story, 1, kClaims + test::retention("Retain", "Delete"));
  bring_up(story);
  store::DeleteOptions orphan;
  orphan.propagation = store::DeleteOptions::Propagation::Orphan;
  REQUIRE(story.user().remove(kWeb, orphan));
  story.settle();
  REQUIRE(owners(story, claim_key(0)).empty());
  const std::size_t before = story.records.all.size();
  create_web(story, 1, kClaims + test::retention("Retain", "Delete"));
  story.settle();
  REQUIRE(owners(story, claim_key(0)) == Names{"StatefulSet/web*"});
  REQUIRE(pod_calls(story, before) == Names{"patch web-0 200", "update web-0 409"});
  REQUIRE(events(story, before) == Names{"SuccessfulUpdate"});
}

TEST_CASE("TestStatefulSetStatusUpdaterUpdateReplicasConflict: the status is written again") {
  Story story;
  create_web(story, 1);
  while (!story.has(Kind::Pod, "web-0")) {
    story.step();
  }
  story.label(kWeb, "tier", "front");  // while the status is on its way
  story.settle();
  const Names writes = story.records.calls(Actor::StatefulSetController, "statefulsets/status");
  REQUIRE(writes == Names{"update web 200", "update web 409", "update web 200"});
  REQUIRE(status(story).replicas == 1);
}

TEST_CASE(
    "TestStatefulSetStatusUpdaterUpdateReplicasConflictFailure: five times, then later again") {
  Story story = lagging(std::chrono::seconds{1});
  create_web(story, 1);
  story.user().run_until(story.world.now + std::chrono::milliseconds{500});
  story.label(kWeb, "tier", "front");  // the controller sees it a second later
  while (story.records.calls(Actor::StatefulSetController, "statefulsets/status").size() < 5) {
    story.step();
  }
  REQUIRE(status(story).observed_generation == 0);
  story.settle();
  const Names writes = story.records.calls(Actor::StatefulSetController, "statefulsets/status");
  REQUIRE(std::ranges::count(writes, "update web 409") == 5);
  REQUIRE(std::find(writes.begin(), writes.begin() + 5, "update web 200") == writes.begin() + 5);
  REQUIRE(status(story).replicas == 1);
}

TEST_CASE("TestStatefulPodControlConsistencyStore: the next sync waits for the pod to be seen") {
  const auto [release, tries] = GENERATE(table<std::string, int>({{"1.35", 2}, {"1.36", 1}}));
  CAPTURE(release);
  Story story = lagging(std::chrono::milliseconds{50}, release);
  create_web(story, 0);
  story.settle();
  scale(story, 1);
  story.label(kWeb, "tier", "front");  // seen while the pod is being made
  story.settle();
  const Names creates = story.records.calls(Actor::StatefulSetController, "pods");
  REQUIRE(static_cast<int>(creates.size()) == tries);  // without it the second meets a 409
  REQUIRE(creates.front() == "create web-0 201");
}

TEST_CASE(
    "TestStatefulSetStatusUpdaterConsistencyStore: the next sync waits for the status to be seen") {
  Story story = lagging(std::chrono::milliseconds{50});
  create_web(story, 0);
  while (status(story).observed_generation == 0) {
    story.step();
  }
  const SimTime written = story.world.now;
  story.label(kWeb, "tier", "front");
  story.settle();
  // Nothing was decided on the set as it was before its status.
  for (const auto& record : story.records.all) {
    if (record.type == engine::TraceRecord::Type::Sync && record.time > written &&
        record.time < written + std::chrono::milliseconds{50} &&
        record.actor == Actor::StatefulSetController) {
      REQUIRE(record.text.starts_with("the caches have not seen"));
    }
  }
  REQUIRE(status(story).observed_generation == 1);
}

TEST_CASE(
    "e2e: should validate Statefulset Status endpoints: read and written, and nothing else with "
    "it") {
  Story story;
  create_web(story, 1);
  story.settle();
  const std::int64_t generation = find(story, kWeb)->generation;
  REQUIRE(status(story).replicas == 1);
  api::Object set = *find(story, kWeb);
  auto spec = *set.as<api::StatefulSet>().spec;
  spec.replicas = 7;  // only the status counts
  set.as<api::StatefulSet>().spec = std::make_shared<const api::StatefulSetSpec>(spec);
  set.as<api::StatefulSet>().status.ready_replicas = 1;
  set.as<api::StatefulSet>().status.collision_count = 3;
  const auto written = story.user().update_status(std::move(set));
  REQUIRE(written);
  REQUIRE((*written)->as<api::StatefulSet>().status.ready_replicas == 1);
  REQUIRE((*written)->as<api::StatefulSet>().spec->replicas == 1);
  story.settle();
  REQUIRE(status(story).collision_count == 3);
  REQUIRE(status(story).ready_replicas == 0);  // the controller has counted again
  REQUIRE(find(story, kWeb)->generation == generation);
}

TEST_CASE(
    "e2e: should not delete PVC with OnScaledown policy if another controller owns the PVC: the "
    "pod goes, the claim stays") {
  Story story;
  create_web(story, 3, kClaims + test::retention("Delete", "Retain"));
  bring_up(story);
  give_to_a_stranger(story, 1);
  scale(story, 1);
  story.settle();
  REQUIRE(owners(story, claim_key(1)) == Names{"Pod/stranger*"});
  REQUIRE_FALSE(find(story, claim_key(1))->terminating());
  REQUIRE_FALSE(story.has(Kind::PersistentVolumeClaim, "data-web-2"));
  REQUIRE(story.has(Kind::PersistentVolumeClaim, "data-web-0"));
}

TEST_CASE(
    "e2e: should not delete PVCs when there is another controller: and a lost flag is put right") {
  Story story;
  create_web(story, 3, kClaims + test::retention("Retain", "Delete"));
  bring_up(story);
  give_to_a_stranger(story, 0);
  change(story,
         claim_key(1),
         fmt::format(R"({{"metadata":{{"ownerReferences":[{{"apiVersion":"apps/v1",)"
                     R"("kind":"StatefulSet","name":"web","uid":"{}"}}]}}}})",
                     find(story, kWeb)->uid.text()));
  REQUIRE(owners(story, claim_key(1)) == Names{"StatefulSet/web"});
  story.label(kWeb, "look", "again");  // claims are not watched
  story.settle();
  REQUIRE(owners(story, claim_key(0)) == Names{"Pod/stranger*"});
  REQUIRE(owners(story, claim_key(1)) == Names{"StatefulSet/web*"});
  REQUIRE(story.user().remove(kWeb, {}));
  story.settle();
  REQUIRE(story.has(Kind::PersistentVolumeClaim, "data-web-0"));
  REQUIRE_FALSE(story.has(Kind::PersistentVolumeClaim, "data-web-1"));
  REQUIRE_FALSE(story.has(Kind::PersistentVolumeClaim, "data-web-2"));
}
