#include "support/catch.hpp"
#include "support/cluster.hpp"

#include <stsim/controllers/statefulset/statefulset.hpp>

using namespace stsim;
using test::calls;
using test::Cluster;
using test::PodState;
using test::SetSpec;
using Names = std::vector<std::string>;

namespace {

const PodState kReady{};
const PodState kUnready{.ready = false};
const PodState kTerminating{.terminating = true};
const PodState kFailed{.ready = false, .phase = api::PodPhase::Failed};
const PodState kOld{.revision = "web-old"};
const PodState kOldUnready{.ready = false, .revision = "web-old"};

Cluster cluster(const SetSpec& spec,
                const std::vector<PodState>& pods,
                std::string_view release = "1.36",
                std::map<std::string, bool, std::less<>> gates = {}) {
  Cluster out(release, std::move(gates));
  out.make_set(spec);
  for (std::size_t i = 0; i < pods.size(); ++i) {
    out.make_pod(static_cast<int>(i), pods[i]);
  }
  return out;
}

/// The status that a plan leads to if all its groups succeed.
api::StatefulSetStatus status_after(const controllers::Plan& plan) {
  const auto out = controllers::statefulset::final_status(
      *plan.status, std::vector<bool>(plan.groups.size(), true));
  REQUIRE(out);
  return *out;
}

/// The reasons of the API Events that a plan tells of whatever becomes of its calls.
Names told(const controllers::Plan& plan) {
  Names out;
  for (const auto& group : plan.groups) {
    for (const controllers::Call& call : group.calls) {
      if (call.verb == controllers::Call::Verb::Tell) {
        out.push_back(call.success->reason);
      }
    }
  }
  return out;
}

/// What retention tests ask of the owners of `data-web-0`.
Cluster with_owned_claim(const PodState& pod, std::string_view owner) {
  Cluster out;
  out.make_set({.replicas = 1, .claims = true, .more = test::retention("Retain", "Delete")});
  out.make_pod(0, pod);
  out.create(
      api::Kind::PersistentVolumeClaim,
      fmt::format(
          R"({{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{{"name":"data-web-0",)"
          R"("ownerReferences":[{}]}},"spec":)"
          R"({{"accessModes":["ReadWriteOnce"],"resources":{{"requests":{{"storage":"1Gi"}}}}}}}})",
          owner));
  return out;
}

std::string only_wait(const controllers::Plan& plan) {
  REQUIRE(plan.waits.size() == 1);
  return plan.waits.front().text;
}

}  // namespace

TEST_CASE("SS-112: OrderedReady creates one pod at a time, from the lowest ordinal") {
  REQUIRE(calls(cluster({}, {}).plan()) == Names{"create web-0"});
  REQUIRE(calls(cluster({}, {kReady}).plan()) == Names{"create web-1"});
  REQUIRE(calls(cluster({}, {kReady, kReady, kReady}).plan()).empty());
}

TEST_CASE("SS-221: nothing is created above a pod that is not ready, and the plan says why") {
  const auto plan = cluster({}, {kReady, kUnready}).plan();
  REQUIRE(calls(plan).empty());
  REQUIRE(only_wait(plan) == "web-1 is not Running and Ready, and everything after it waits");
  REQUIRE(plan.waits.front().rule == "SS-111");
}

TEST_CASE("SS-226: a terminating pod keeps its place") {
  const auto plan = cluster({}, {kTerminating}).plan();
  REQUIRE(calls(plan).empty());
  REQUIRE(only_wait(plan) == "web-0 is terminating: its place is taken until it is gone");
}

TEST_CASE("SS-115: claims come before their pod") {
  REQUIRE(calls(cluster({.claims = true}, {}).plan()) ==
          Names{"create data-web-0", "create web-0"});
}

TEST_CASE("SS-115, PV-72: a claim on its way out stops its pod") {
  Cluster c = cluster({.claims = true}, {});
  c.create(
      api::Kind::PersistentVolumeClaim,
      R"({"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"data-web-0"},"spec":)"
      R"({"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}})");
  static_cast<void>(
      c.store().remove({api::Kind::PersistentVolumeClaim, "default", "data-web-0"}, {}, c.now, 0));
  const auto plan = c.plan();
  REQUIRE(calls(plan) == Names{"fail data-web-0", "create web-0"});
  REQUIRE(plan.groups.back().calls.front().error == "pvc data-web-0 is being deleted");
}

TEST_CASE("SS-110: Parallel creates all that is missing, in batches that double") {
  const auto plan = cluster({.replicas = 4, .parallel = true}, {}).plan();
  REQUIRE(calls(plan) == Names{"create web-0", "create web-2", "create web-1", "create web-3"});
  std::vector<int> batches;
  for (const auto& group : plan.groups) {
    if (group.calls.front().target.kind == api::Kind::Pod) {
      batches.push_back(group.batch);
    }
  }
  REQUIRE(batches == std::vector<int>{1, 2, 2, 3});
}

TEST_CASE("SS-111: a Failed pod is deleted and nothing else happens in that sync") {
  REQUIRE(calls(cluster({}, {kReady, kFailed}).plan()) == Names{"delete web-1"});
}

TEST_CASE("SS-123: scaling down takes the highest ordinal and waits until it is gone") {
  REQUIRE(calls(cluster({.replicas = 1}, {kReady, kReady, kReady}).plan()) ==
          Names{"delete web-2"});
  REQUIRE(calls(cluster({.replicas = 1}, {kReady, kReady, kTerminating}).plan()).empty());
}

TEST_CASE("SS-123: an unready top pod goes only if it is the first that is unavailable") {
  REQUIRE(calls(cluster({.replicas = 1}, {kReady, kReady, kUnready}).plan()) ==
          Names{"delete web-2"});
  const auto stuck = cluster({.replicas = 1}, {kReady, kUnready, kUnready}).plan();
  REQUIRE(calls(stuck).empty());
  REQUIRE(only_wait(stuck) == "web-2 is not available, and neither is web-1, which comes first");
  REQUIRE(calls(cluster({.replicas = 1}, {kReady, kUnready, kReady}).plan()) ==
          Names{"delete web-2"});
}

TEST_CASE("SS-122: a condemned pod that is not yet available stays, in every release") {
  const std::string release = GENERATE("1.33", "1.36");
  const PodState young{.ready_for = std::chrono::seconds{3}};
  const auto waits =
      cluster({.replicas = 1, .more = R"("minReadySeconds":10,)"}, {kReady, young, young}, release)
          .plan();
  REQUIRE(calls(waits).empty());
  REQUIRE(waits.waits.size() == 1);
}

TEST_CASE("SS-222: an unready survivor blocks scaling down") {
  REQUIRE(calls(cluster({.replicas = 1}, {kUnready, kReady}).plan()).empty());
}

TEST_CASE("SS-123: Parallel deletes all condemned pods at once") {
  REQUIRE(calls(cluster({.replicas = 1, .parallel = true}, {kReady, kUnready, kReady}).plan()) ==
          Names{"delete web-2", "delete web-1"});
}

TEST_CASE("SS-225: a rolling update takes the highest ordinal first, one at a time") {
  const auto plan = cluster({}, {kOld, kOld, kOld}).plan();
  REQUIRE(calls(plan) == Names{"delete web-2"});
  REQUIRE(plan.status->changes.size() == 1);
  REQUIRE(calls(cluster({}, {kOld, kOld, kReady}).plan()) == Names{"delete web-1"});
}

TEST_CASE("SS-127: pods below the partition are left alone") {
  const SetSpec partitioned{.update_strategy =
                                R"({"type":"RollingUpdate","rollingUpdate":{"partition":2}})"};
  REQUIRE(calls(cluster(partitioned, {kOld, kOld, kOld}).plan()) == Names{"delete web-2"});
  REQUIRE(calls(cluster(partitioned, {kOld, kOld, kReady}).plan()).empty());
}

TEST_CASE("SS-230: OnDelete deletes nothing") {
  REQUIRE(calls(cluster({.update_strategy = R"({"type":"OnDelete"})"}, {kOld, kOld, kOld}).plan())
              .empty());
}

TEST_CASE("SS-223: a broken pod stops an ordered rollout, and Parallel replaces it") {
  REQUIRE(calls(cluster({}, {kOld, kOld, kOldUnready}).plan()).empty());
  REQUIRE(calls(cluster({.parallel = true}, {kOld, kOld, kOldUnready}).plan()) ==
          Names{"delete web-2"});
}

TEST_CASE("SS-130: with the gate on a batch goes at once, unavailable pods count against it") {
  const std::map<std::string, bool, std::less<>> gate{{"MaxUnavailableStatefulSet", true}};
  const SetSpec two{
      .replicas = 4,
      .parallel = true,
      .update_strategy = R"({"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":2}})"};
  REQUIRE(calls(cluster(two, {kOld, kOld, kOld, kOld}, "1.36", gate).plan()) ==
          Names{"delete web-3", "delete web-2"});
  REQUIRE(calls(cluster(two, {kOldUnready, kOld, kOld, kOld}, "1.36", gate).plan()) ==
          Names{"delete web-3"});
  REQUIRE(calls(cluster(two, {kOldUnready, kOldUnready, kOld, kOld}, "1.36", gate).plan()).empty());
  REQUIRE(calls(cluster(two, {kOld, kOld, kOld, kOld}).plan()) == Names{"delete web-3"});
}

TEST_CASE("SS-130: of a percentage the whole pods count, and at least one") {
  const std::map<std::string, bool, std::less<>> gate{{"MaxUnavailableStatefulSet", true}};
  SetSpec set{.replicas = 4, .parallel = true};
  set.update_strategy = R"({"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"74%"}})";
  REQUIRE(calls(cluster(set, {kOld, kOld, kOld, kOld}, "1.36", gate).plan()).size() == 2);
  set.update_strategy = R"({"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"1%"}})";
  REQUIRE(calls(cluster(set, {kOld, kOld, kOld, kOld}, "1.36", gate).plan()).size() == 1);
}

TEST_CASE("SS-111: minReadySeconds holds back until the pod has been ready that long") {
  const SetSpec set{.more = R"("minReadySeconds":30,)"};
  const auto plan = cluster(set, {PodState{.ready_for = std::chrono::seconds{10}}}).plan();
  REQUIRE(calls(plan).empty());
  REQUIRE(plan.again.size() == 1);
  REQUIRE(plan.again.front().after == std::chrono::seconds{20});
  REQUIRE(calls(cluster(set, {PodState{.ready_for = std::chrono::seconds{30}}}).plan()) ==
          Names{"create web-1"});
}

TEST_CASE("SS-250: up to 1.33 a pod ready for exactly minReadySeconds is not available yet") {
  const SetSpec set{.more = R"("minReadySeconds":30,)"};
  const std::vector<PodState> exactly{PodState{.ready_for = std::chrono::seconds{30}}};
  REQUIRE(calls(cluster(set, exactly, "1.33").plan()).empty());
  REQUIRE(calls(cluster(set, exactly, "1.34").plan()) == Names{"create web-1"});
}

TEST_CASE("SS-231: a raised start ordinal condemns the pods below it") {
  const SetSpec set{.replicas = 2, .more = R"("ordinals":{"start":1},)"};
  REQUIRE(calls(cluster(set, {kReady, kReady}).plan()) == Names{"create web-2"});
  REQUIRE(calls(cluster(set, {kReady, kReady, kReady}).plan()) == Names{"delete web-0"});
}

TEST_CASE("SS-61: an orphan that matches is adopted after the set was read again") {
  Cluster c = cluster({.replicas = 1}, {kReady});
  api::Object orphan = *c.store().find({api::Kind::Pod, "default", "web-0"});
  orphan.owners.clear();
  static_cast<void>(c.store().update(orphan, 0));
  const auto plan = c.plan();
  REQUIRE(calls(plan) == Names{"patch web-0"});
  REQUIRE(plan.groups.front().on_error == controllers::Group::OnError::Abort);
  REQUIRE(plan.groups.front().calls.front().verb == controllers::Call::Verb::Recheck);
}

TEST_CASE(
    "SS-192: beside another controller a claim is left alone; an event tells of it if asked") {
  const char* other =
      R"({"apiVersion":"example.com/v1","kind":"Other","name":"x","controller":true,)"
      R"("uid":"11111111-1111-4111-8111-111111111111"})";
  // The claims of a healthy pod are as they should be: nothing is done and nothing is said.
  const auto quiet = with_owned_claim(kReady, other).plan();
  REQUIRE(calls(quiet).empty());
  REQUIRE(told(quiet).empty());
  // Those of a Pending one are put right at every sync.
  const PodState pending{.ready = false, .phase = api::PodPhase::Pending};
  const auto plan = with_owned_claim(pending, other).plan();
  REQUIRE(calls(plan).empty());
  REQUIRE(told(plan) == Names{"ConflictingController"});
}

TEST_CASE("SS-172: an earlier set of the name is a conflict too, and its reference stays") {
  const char* earlier =
      R"({"apiVersion":"apps/v1","kind":"StatefulSet","name":"web","controller":true,)"
      R"("blockOwnerDeletion":true,"uid":"11111111-1111-4111-8111-111111111111"})";
  const PodState pending{.ready = false, .phase = api::PodPhase::Pending};
  const auto plan = with_owned_claim(pending, earlier).plan();
  REQUIRE(calls(plan).empty());
  REQUIRE(told(plan) == Names{"ConflictingController"});
}

TEST_CASE("SS-250: up to 1.27 a Failed pod is deleted and created in one sync") {
  const std::string release = GENERATE("1.25", "1.26", "1.27");
  CAPTURE(release);
  const auto plan = cluster({}, {kReady, kFailed, kReady}, release).plan();
  REQUIRE(calls(plan) == Names{"delete web-1", "create web-1"});
  REQUIRE(told(plan) == Names{"RecreatingFailedPod"});
}

TEST_CASE("SS-250: a pod just created in place of a Failed one is not counted before it is seen") {
  const auto plan = cluster({}, {kReady, kFailed, kReady}, "1.26").plan();
  REQUIRE(status_after(plan).replicas == 2);
  // In 1.25 the counts follow what is done.
  const auto older = cluster({}, {kReady, kFailed, kReady}, "1.25").plan();
  REQUIRE(status_after(older).replicas == 3);
}

TEST_CASE("SS-250: a Failed pod of an old revision that was replaced is not updated once more") {
  const PodState failed{.ready = false, .phase = api::PodPhase::Failed, .revision = "web-old"};
  const auto plan = cluster({.parallel = true}, {kReady, kReady, failed}, "1.26").plan();
  REQUIRE(calls(plan) == Names{"delete web-2", "create web-2"});
}

TEST_CASE("SS-250: 1.25 does one thing after the other in a Parallel set and counts it at once") {
  const auto made = cluster({.replicas = 4, .parallel = true}, {}, "1.25").plan();
  REQUIRE(calls(made) == Names{"create web-0", "create web-1", "create web-2", "create web-3"});
  std::vector<int> batches;
  for (const auto& group : made.groups) {
    if (group.calls.front().target.kind == api::Kind::Pod) {
      batches.push_back(group.batch);
    }
  }
  REQUIRE(batches == std::vector<int>{1, 2, 3, 4});
  REQUIRE(status_after(made).replicas == 4);
  REQUIRE(status_after(made).updated_replicas == 4);
  // A victim is still there, but at no revision any more.
  const auto scaled =
      cluster({.replicas = 1, .parallel = true}, {kReady, kReady, kReady}, "1.25").plan();
  REQUIRE(calls(scaled) == Names{"delete web-2", "delete web-1"});
  REQUIRE(status_after(scaled).replicas == 3);
  REQUIRE(status_after(scaled).updated_replicas == 1);
}

TEST_CASE("SS-118: the API refuses to change the volumes of a pod") {
  Cluster c = cluster({.replicas = 1, .claims = true}, {kReady});
  api::Object pod = *c.store().find({api::Kind::Pod, "default", "web-0"});
  auto other = std::make_shared<api::PodSpec>(*pod.as<api::Pod>().spec);
  other->claims.clear();
  pod.as<api::Pod>().spec = other;
  const auto refused = c.store().update(pod, 0);
  REQUIRE_FALSE(refused);
  REQUIRE(refused.error().reason == "Invalid");
}

TEST_CASE("SS-63: a pod that no longer matches is released, and its name is tried again") {
  Cluster c = cluster({.replicas = 1}, {kReady});
  api::Object changed = *c.store().find({api::Kind::Pod, "default", "web-0"});
  changed.labels["app"] = "other";
  static_cast<void>(c.store().update(changed, 0));
  REQUIRE(calls(c.plan()) == Names{"patch web-0", "create web-0"});
}

TEST_CASE("SS-106: a set on its way out creates and deletes nothing") {
  Cluster c = cluster({}, {kReady});
  store::DeleteOptions foreground;
  foreground.propagation = store::DeleteOptions::Propagation::Foreground;
  static_cast<void>(
      c.store().remove({api::Kind::StatefulSet, "default", "web"}, foreground, c.now, 0));
  const auto plan = c.plan();
  REQUIRE(calls(plan).empty());
  REQUIRE(plan.status->status.replicas == 1);
}

TEST_CASE("SS-153: the update revision becomes current when all pods are updated and ready") {
  const auto plan = cluster({.replicas = 1}, {kReady}).plan();
  const auto status = controllers::statefulset::final_status(
      *plan.status, std::vector<bool>(plan.groups.size(), true));
  REQUIRE(status);
  REQUIRE(status->current_revision == status->update_revision);
  REQUIRE(status->current_replicas == 1);
}

TEST_CASE(
    "SS-117: without a rollingUpdate block the replaced pods are counted, with one the partition "
    "decides") {
  // Three replicas, two still at the old revision; web-0 has vanished in the middle of a rollout.
  const auto revision_of_new_pod = [](const char* strategy) {
    Cluster c;
    c.make_set({.update_strategy = strategy});
    api::Object old_revision;
    old_revision.key = {api::Kind::ControllerRevision, "default", "web-old"};
    const auto set = c.store().find({api::Kind::StatefulSet, "default", "web"});
    old_revision.labels = {{"app", "web"}};
    old_revision.owners = {{"apps/v1", "StatefulSet", "web", set->uid, true, true}};
    api::Json data = {{"spec", {{"template", *set->as<api::StatefulSet>().spec->pod_template}}}};
    data["spec"]["template"]["spec"]["containers"][0]["image"] = "web:v0";
    old_revision.body = api::ControllerRevision{
        std::make_shared<api::Json>(data), std::make_shared<std::string>(data.dump()), 1};
    c.create(std::move(old_revision));
    api::Object changed = *set;
    changed.as<api::StatefulSet>().status.current_revision = "web-old";
    changed.as<api::StatefulSet>().status.current_replicas = 2;
    changed.as<api::StatefulSet>().status.replicas = 2;
    REQUIRE(c.store().update_status(changed, 0));
    for (const auto& group : c.plan().groups) {
      for (const auto& call : group.calls) {
        if (call.target.kind == api::Kind::Pod) {
          return std::string(call.object->label("controller-revision-hash"));
        }
      }
    }
    return std::string("none");
  };
  REQUIRE(revision_of_new_pod(R"({"type":"RollingUpdate"})") == "web-old");
  REQUIRE(revision_of_new_pod(R"({"type":"RollingUpdate","rollingUpdate":{"partition":0}})") !=
          "web-old");
}

TEST_CASE("SS-250: in 1.27 a pod made anew in the same sync is no longer counted or rolled out") {
  PodState ended = kFailed;
  ended.revision = "web-old";
  Cluster c = cluster({.replicas = 2, .parallel = true}, {kReady, ended}, "1.27");
  const auto plan = c.plan();
  REQUIRE(calls(plan) == Names{"delete web-1", "create web-1"});
  REQUIRE(plan.status->status.replicas == 1);
  REQUIRE(plan.status->status.ready_replicas == 1);
}

TEST_CASE("SS-213: a pod that is created now is counted in the next sync") {
  REQUIRE(status_after(cluster({}, {}).plan()).replicas == 0);
  REQUIRE(status_after(cluster({}, {kUnready}).plan()).replicas == 1);
}
