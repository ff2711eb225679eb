// The stories of Kubernetes' test/e2e/apps/statefulset.go, told as scenarios. Pods move when a step
// says so, or one after the other where everything may settle.
#include "support/catch.hpp"

#include <fmt/format.h>
#include <stsim/scenario/load.hpp>
#include <stsim/scenario/runner.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

using namespace stsim;
using engine::Actor;
using engine::TraceRecord;
using Names = std::vector<std::string>;

namespace {

/// What a run has shown.
class Story : public scenario::RunObserver {
 public:
  void record(const TraceRecord& record) override {
    if (record.type == TraceRecord::Type::Call && record.resource == "pods" && record.code < 300 &&
        record.actor == Actor::StatefulSetController) {
      pods.push_back(fmt::format("{} {}", record.verb, record.object.name));
    }
  }
  void step_ends(const scenario::Step& step,
                 const scenario::StepResult& result,
                 const world::World& world) override {
    if (!result.differences.empty()) {
      FAIL(fmt::format("line {}: {}", step.mark.line, result.differences.front()));
    }
    if (!result.error.empty()) {
      FAIL(fmt::format("line {}: {}", step.mark.line, result.error));
    }
    last = world;
    if (always) {
      always(world);
    }
  }

  [[nodiscard]] api::ObjectPtr find(api::Kind kind, std::string_view name) const {
    return last->store.find({kind, "default", std::string(name)});
  }

  /// What the controller did to pods, those of one verb.
  [[nodiscard]] Names of(std::string_view verb) const {
    Names out;
    for (const std::string& call : pods) {
      if (call.starts_with(verb)) {
        out.push_back(call.substr(verb.size() + 1));
      }
    }
    return out;
  }

  Names pods;
  std::optional<world::World> last;
  std::function<void(const world::World&)> always;
};

/// A step that applies the set `web`, with these members of spec and those of the pods' spec.
std::string set(std::string_view spec, std::string_view pod = "") {
  return fmt::format(
      R"(
- apply:
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {{name: web}}
    spec: {{serviceName: web, selector: {{matchLabels: {{app: web}}}}, {}, template: {{
      metadata: {{labels: {{app: web}}}},
      spec: {{containers: [{{name: web, image: "web:v1"{}}}]}}}}}})",
      spec,
      pod);
}

constexpr std::string_view kMounts = ", volumeMounts: [{name: data, mountPath: /data}]";
constexpr std::string_view kClaims =
    "volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], "
    "resources: {requests: {storage: 1Gi}}}}]";

/// The same with a claim for each pod, and volumes for them.
std::string set_with_claims(std::string_view spec) {
  std::string out = "\n- apply:";
  for (int i = 0; i < 4; ++i) {
    out += fmt::format(
        R"(
  - apiVersion: v1
    kind: PersistentVolume
    metadata: {{name: pv{0}}}
    spec: {{capacity: {{storage: 1Gi}}, accessModes: [ReadWriteOnce], nfs: {{server: s, path: /{0}}}}})",
        i);
  }
  return out + set(fmt::format("{}, {}", spec, kClaims), kMounts);
}

/// Runs a scenario; its expectations hold.
void tell(Story& story, std::string_view steps, std::string_view head = "kubelet: stepped\n") {
  const auto scenario = scenario::load_scenario_text(
      fmt::format("scenario: e2e\n{}steps:{}\n", head, steps), "e2e.yaml", ".");
  if (!scenario) {
    FAIL(to_string(scenario.error()));
  }
  REQUIRE(scenario::run(*scenario, story).failed == 0);
}

Story tell(std::string_view steps, std::string_view head = "kubelet: stepped\n") {
  Story story;
  tell(story, steps, head);
  return story;
}

const std::string kSettled = "\n- settle: {}";

/// A rollout and its rollback, in order from the top, without and with claims.
void update_and_roll_back(const std::string& web) {
  Story story = tell(web + R"(
- settle: {}
- pod: {name: web-1, becomes: unready}
- set-image: {statefulset: web, web: "web:v2"}
- settle: {}
- expect: {statefulsets: {web: {status: {readyReplicas: 2, updatedReplicas: null}}}}
- pod: {name: web-1, becomes: ready}
- settle: {}
- expect: {statefulsets: {web: {status: {readyReplicas: 3, updatedReplicas: 3}}}}
- set-image: {statefulset: web, web: "web:v1"}
- settle: {}
- expect:
    statefulsets: {web: {status: {currentReplicas: 3, updatedReplicas: 3, readyReplicas: 3}}}
    pods: {web-0: {images: ["web:v1"]}, web-1: {images: ["web:v1"]}, web-2: {images: ["web:v1"]}})");
  REQUIRE(story.of("delete") == Names{"web-2", "web-1", "web-0", "web-2", "web-1", "web-0"});
  const auto revisions = story.last->store.list(api::Kind::ControllerRevision, "default");
  REQUIRE(revisions.size() == 2);  // the earlier template is the earlier revision again
  const auto& status = story.find(api::Kind::StatefulSet, "web")->as<api::StatefulSet>().status;
  REQUIRE(status.current_revision == status.update_revision);
  REQUIRE(story.find(api::Kind::ControllerRevision, status.update_revision)
              ->as<api::ControllerRevision>()
              .revision == 3);
}

/// With partition 1 a new image reaches web-1 and web-2, and web-0 comes back as it was.
void partition_one(const std::string& loss) {
  const Story story = tell(set("replicas: 3, updateStrategy: {rollingUpdate: {partition: 1}}") + R"(
- settle: {}
- set-image: {statefulset: web, web: "web:v2"}
- settle: {})" + loss + R"(
- settle: {}
- expect:
    statefulsets: {web: {status: {readyReplicas: 3, currentReplicas: 1, updatedReplicas: 2}}}
    pods: {web-0: {images: ["web:v1"]}, web-1: {images: ["web:v2"]}, web-2: {images: ["web:v2"]}})");
  REQUIRE(story.of("create").back() == "web-0");
}

std::string start_ordinal(int replicas, std::string_view ordinals) {
  return set(fmt::format("replicas: {}{}", replicas, ordinals)) + kSettled;
}

}  // namespace

TEST_CASE("e2e: should provide basic identity: names, hosts, mounts, and data that outlives pods") {
  tell(set_with_claims("replicas: 3") + R"(
- settle: {}
- expect:
    pods:
      web-0: {hostname: web-0, subdomain: web, claims: [data-web-0], ready: true}
      web-2: {hostname: web-2, subdomain: web, claims: [data-web-2], ready: true}
- kubectl: exec web-1 -- hostname
- expect: {output: {stdout: "web-1\n"}}
- kubectl: exec web-1 -- sh -c 'hostname > /data/hostname'
- {kubectl: scale sts web --replicas=0}
- settle: {}
- expect: {pods: {web-0: null, web-1: null, web-2: null}}
- {kubectl: scale sts web --replicas=3}
- settle: {}
- kubectl: exec web-1 -- cat /data/hostname
- expect: {output: {stdout: "web-1\n"}})");
}

TEST_CASE(
    "e2e: should adopt matching orphans and release non-matching pods: and adopt them again") {
  tell(set("replicas: 1") + R"(
- settle: {}
- kubectl: >-
    patch pod web-0 --type=merge -p '{"metadata":{"ownerReferences":null}}'
- settle: {}
- expect: {pods: {web-0: {owners: ["StatefulSet/web*"]}}}
- {kubectl: label pod web-0 app-}
- advance: 1s
- expect: {pods: {web-0: {owners: []}}}
- {kubectl: label pod web-0 app=web}
- advance: 1m
- expect: {pods: {web-0: {owners: ["StatefulSet/web*"]}}})");
}

TEST_CASE(
    "e2e: should not deadlock when a pod's predecessor fails: web-0 comes back before web-1") {
  tell(set("replicas: 2") + R"(
- pod: {name: web-0, becomes: ready}
- pod: {name: web-1, becomes: unready}
- {kubectl: delete pod web-0 --wait=false}
- pod: {name: web-0, becomes: gone}
- expect: {pods: {web-0: {phase: Pending}, web-1: {ready: false}}}
- pod: {name: web-0, becomes: ready}
- pod: {name: web-1, becomes: ready}
- expect: {statefulsets: {web: {status: {readyReplicas: 2}}}})");
}

TEST_CASE(
    "e2e: should perform rolling updates and roll backs of template modifications with PVCs") {
  update_and_roll_back(set_with_claims("replicas: 3"));
}

TEST_CASE("e2e: should perform rolling updates and roll backs of template modifications") {
  update_and_roll_back(set("replicas: 3"));
}

TEST_CASE(
    "e2e: should perform canary updates and phased rolling updates of template modifications") {
  const Story story = tell(set("replicas: 3, updateStrategy: {rollingUpdate: {partition: 3}}") + R"(
- settle: {}
- set-image: {statefulset: web, web: "web:v2"}
- settle: {}
- expect: {statefulsets: {web: {status: {currentReplicas: 3, updatedReplicas: null}}}}
- patch: {statefulset: web, patch: {spec: {updateStrategy: {rollingUpdate: {partition: 2}}}}}
- settle: {}
- expect:
    pods: {web-1: {images: ["web:v1"]}, web-2: {images: ["web:v2"]}}
- {kubectl: delete pod web-0 web-2 --wait=false}
- settle: {}
- expect:
    pods: {web-0: {images: ["web:v1"]}, web-1: {images: ["web:v1"]}, web-2: {images: ["web:v2"]}}
- patch: {statefulset: web, patch: {spec: {updateStrategy: {rollingUpdate: {partition: 1}}}}}
- settle: {}
- expect: {pods: {web-0: {images: ["web:v1"]}, web-1: {images: ["web:v2"]}}}
- patch: {statefulset: web, patch: {spec: {updateStrategy: {rollingUpdate: {partition: 0}}}}}
- settle: {}
- expect: {pods: {web-0: {images: ["web:v2"]}}})");
  REQUIRE(story.of("delete") == Names{"web-2", "web-1", "web-0"});
  const auto& status = story.find(api::Kind::StatefulSet, "web")->as<api::StatefulSet>().status;
  REQUIRE(status.current_revision == status.update_revision);
}

TEST_CASE(
    "e2e: should perform canary updates and phased rolling updates of template modifications for "
    "partiton1 and delete pod-0 without failing container") {
  partition_one("\n- {kubectl: delete pod web-0 --wait=false}");
}

TEST_CASE(
    "e2e: should perform canary updates and phased rolling updates of template modifications for "
    "partiton1 and delete pod-0 with failing container") {
  partition_one("\n- pod: {name: web-0, becomes: failed}");
}

TEST_CASE(
    "e2e: should perform rolling updates with maxUnavailable: never more than two are missing") {
  Story story;
  int fewest = 5;
  bool complete = false;
  story.always = [&](const world::World& world) {
    int available = 0;
    for (const auto& pod : world.store.list(api::Kind::Pod, "default")) {
      available += pod->as<api::Pod>().status.ready() && !pod->terminating() ? 1 : 0;
    }
    if (complete) {
      fewest = std::min(fewest, available);
    }
    complete = complete || available == 5;
  };
  std::string steps = set("replicas: 5, updateStrategy: {rollingUpdate: {maxUnavailable: 2}}") + R"(
- settle: {}
- set-image: {statefulset: web, web: "web:v2"})";
  for (int i = 0; i < 120; ++i) {
    steps += "\n- advance: 1s";
  }
  tell(story,
       steps + R"(
- expect: {statefulsets: {web: {status: {updatedReplicas: 5, readyReplicas: 5}}}})",
       "featureGates: {MaxUnavailableStatefulSet: true}\nkubelet: auto\n");
  REQUIRE(fewest == 3);
  REQUIRE(story.of("delete").size() == 5);
}

TEST_CASE("e2e: should implement legacy replacement when the update strategy is OnDelete") {
  const Story story = tell(set("replicas: 3, updateStrategy: {type: OnDelete}") + R"(
- settle: {}
- {kubectl: delete pod web-1 --wait=false}
- settle: {}
- expect: {pods: {web-1: {images: ["web:v1"]}}}
- set-image: {statefulset: web, web: "web:v2"}
- settle: {}
- expect: {pods: {web-0: {images: ["web:v1"]}, web-2: {images: ["web:v1"]}}}
- {kubectl: delete pod web-0 web-1 web-2 --wait=false}
- settle: {}
- expect:
    pods: {web-0: {images: ["web:v2"]}, web-1: {images: ["web:v2"]}, web-2: {images: ["web:v2"]}})");
  REQUIRE(story.of("delete").empty());
}

TEST_CASE(
    "e2e: Scaling should happen in predictable order and halt if any stateful pod is unhealthy") {
  const Story story = tell(set("replicas: 3") + R"(
- pod: {name: web-0, becomes: unready}
- expect: {pods: {web-1: null}}
- pod: {name: web-0, becomes: ready}
- settle: {}
- expect: {statefulsets: {web: {status: {readyReplicas: 3}}}}
- pod: {name: web-0, becomes: unready}
- pod: {name: web-1, becomes: unready}
- pod: {name: web-2, becomes: unready}
- {kubectl: scale sts web --replicas=0}
- expect: {pods: {web-2: {terminating: false}}}
- pod: {name: web-0, becomes: ready}
- pod: {name: web-1, becomes: ready}
- pod: {name: web-2, becomes: ready}
- pod: {name: web-2, becomes: gone}
- expect: {pods: {web-1: {terminating: true}, web-0: {terminating: false}}}
- settle: {}
- expect: {statefulsets: {web: {status: {replicas: 0}}}})");
  REQUIRE(story.pods == Names{"create web-0",
                              "create web-1",
                              "create web-2",
                              "delete web-2",
                              "delete web-1",
                              "delete web-0"});
}

TEST_CASE("e2e: Burst scaling should run to completion even with unhealthy pods: up and down") {
  tell(set("replicas: 1, podManagementPolicy: Parallel") + R"(
- pod: {name: web-0, becomes: unready}
- {kubectl: scale sts web --replicas=3}
- expect: {pods: {web-1: {phase: Pending}, web-2: {phase: Pending}}}
- pod: {name: web-1, becomes: unready}
- pod: {name: web-2, becomes: ready}
- {kubectl: scale sts web --replicas=0}
- expect: {pods: {web-0: {terminating: true}, web-1: {terminating: true}, web-2: {terminating: true}}}
- settle: {}
- expect: {statefulsets: {web: {status: {replicas: 0}}}})");
}

TEST_CASE("e2e: Should recreate evicted statefulset: a Failed pod is deleted and made anew") {
  const Story story = tell(set("replicas: 1") + R"(
- settle: {}
- pod: {name: web-0, becomes: failed}
- settle: {}
- expect: {pods: {web-0: {phase: Running, ready: true}}})");
  REQUIRE(story.pods == Names{"create web-0", "delete web-0", "create web-0"});
}

TEST_CASE("e2e: should have a working scale subresource: from one to two") {
  tell(set("replicas: 1") + R"(
- settle: {}
- expect: {statefulsets: {web: {replicas: 1, status: {replicas: 1}}}}
- scale: {statefulset: web, replicas: 2}
- settle: {}
- expect: {exit: 0, statefulsets: {web: {replicas: 2, status: {replicas: 2}}}})");
}

TEST_CASE("e2e: should list, patch and delete a collection of StatefulSets: by their label") {
  tell(set("replicas: 1") + R"(
- {kubectl: label sts web test=listed}
- settle: {}
- {kubectl: get sts -l test=listed -o name}
- expect: {output: {stdout: "statefulset.apps/web\n"}}
- patch: {statefulset: web, patch: {metadata: {labels: {web: patched}}, spec: {replicas: 2}}}
- settle: {}
- expect: {statefulsets: {web: {status: {readyReplicas: 2}}}}
- {kubectl: delete sts -l web=patched --wait=false}
- settle: {}
- expect: {statefulsets: {web: null}, pods: {web-0: null, web-1: null}}
- {kubectl: get sts -l test=listed}
- expect: {output: {contains: No resources found}})");
}

TEST_CASE("e2e: MinReadySeconds should be honored when enabled: available comes after ready") {
  tell(set("replicas: 2, podManagementPolicy: Parallel, minReadySeconds: 600") + R"(
- advance: 60s
- expect: {statefulsets: {web: {status: {readyReplicas: 2, availableReplicas: 0}}}}
- advance: 600s
- expect: {statefulsets: {web: {status: {readyReplicas: 2, availableReplicas: 2}}}})",
       "kubelet: auto\n");
}

TEST_CASE("e2e: AvailableReplicas should get updated accordingly when MinReadySeconds is enabled") {
  tell(set("replicas: 2, minReadySeconds: 0") + R"(
- settle: {}
- expect: {statefulsets: {web: {status: {availableReplicas: 2}}}}
- patch: {statefulset: web, patch: {spec: {minReadySeconds: 3600}}}
- advance: 10s
- expect: {statefulsets: {web: {status: {readyReplicas: 2, availableReplicas: 0}}}}
- patch: {statefulset: web, patch: {spec: {minReadySeconds: 10}}}
- advance: 30s
- expect: {statefulsets: {web: {status: {availableReplicas: 2}}}})",
       "kubelet: auto\n");
}

TEST_CASE("e2e: should delete PVCs with a WhenDeleted policy: the claims go with the set") {
  tell(set_with_claims("replicas: 3, persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}") +
       R"(
- settle: {}
- expect: {persistentvolumeclaims: {data-web-2: {owners: ["StatefulSet/web*"]}}}
- {kubectl: delete sts web --wait=false}
- settle: {}
- expect:
    pods: {web-0: null, web-1: null, web-2: null}
    persistentvolumeclaims: {data-web-0: null, data-web-1: null, data-web-2: null})");
}

TEST_CASE("e2e: should delete PVCs with a OnScaledown policy: those of the pods that go") {
  tell(set_with_claims("replicas: 3, persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}") +
       R"(
- settle: {}
- {kubectl: scale sts web --replicas=1}
- settle: {}
- expect:
    persistentvolumeclaims:
      data-web-0: {phase: Bound, owners: []}
      data-web-1: null
      data-web-2: null)");
}

TEST_CASE("e2e: should delete PVCs after adopting pod (WhenDeleted): the policy of the new set") {
  tell(set_with_claims("replicas: 3, persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}") +
       R"(
- settle: {}
- {kubectl: delete sts web --cascade=orphan}
- settle: {})" +
       set_with_claims("replicas: 3, persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}") +
       R"(
- settle: {}
- expect: {persistentvolumeclaims: {data-web-0: {owners: ["StatefulSet/web*"]}}}
- {kubectl: delete sts web --wait=false}
- settle: {}
- expect: {persistentvolumeclaims: {data-web-0: null, data-web-1: null, data-web-2: null}})");
}

TEST_CASE("e2e: should delete PVCs after adopting pod (WhenScaled): the policy of the new set") {
  tell(set_with_claims("replicas: 3, persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}") +
       R"(
- settle: {}
- {kubectl: delete sts web --cascade=orphan}
- settle: {})" +
       set_with_claims("replicas: 3, persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}") +
       R"(
- settle: {}
- {kubectl: scale sts web --replicas=2}
- settle: {}
- expect: {persistentvolumeclaims: {data-web-1: {phase: Bound}, data-web-2: null}})");
}

TEST_CASE("e2e: PVC should be recreated when pod is pending due to missing PVC: and the pod runs") {
  tell(set_with_claims("replicas: 1") + R"(
- settle: {}
- node: {name: node1, becomes: cordoned}
- node: {name: node2, becomes: cordoned}
- node: {name: node3, becomes: cordoned}
- {kubectl: delete pod web-0 --wait=false}
- advance: 2m
- expect: {pods: {web-0: {phase: Pending}}}
- {kubectl: delete pvc data-web-0 --wait=false}
- advance: 1m
- expect: {persistentvolumeclaims: {data-web-0: {terminating: false}}}
- node: {name: node1, becomes: uncordoned}
- settle: {}
- expect: {pods: {web-0: {ready: true}}})",
       "kubelet: auto\n");
}

TEST_CASE("e2e: Setting .start.ordinal: the pods move to the new range") {
  tell(start_ordinal(2, "") + R"(
- expect: {pods: {web-0: {ready: true}, web-1: {ready: true}}})" +
       start_ordinal(2, ", ordinals: {start: 2}") + R"(
- expect: {pods: {web-0: null, web-1: null, web-2: {ready: true}, web-3: {ready: true}}})");
}

TEST_CASE("e2e: Increasing .start.ordinal: from 2 and 3 to 4 and 5") {
  tell(start_ordinal(2, ", ordinals: {start: 2}") + start_ordinal(2, ", ordinals: {start: 4}") + R"(
- expect: {pods: {web-2: null, web-3: null, web-4: {ready: true}, web-5: {ready: true}}})");
}

TEST_CASE("e2e: Decreasing .start.ordinal: from 3 and 4 to 2 and 3") {
  const Story story = tell(start_ordinal(2, ", ordinals: {start: 3}") +
                           start_ordinal(2, ", ordinals: {start: 2}") + R"(
- expect: {pods: {web-4: null, web-2: {ready: true}, web-3: {ready: true}}})");
  REQUIRE(story.of("delete") == Names{"web-4"});
}

TEST_CASE("e2e: Removing .start.ordinal: back to 0 and 1") {
  tell(start_ordinal(2, ", ordinals: {start: 3}") + start_ordinal(2, "") + R"(
- expect: {pods: {web-3: null, web-4: null, web-0: {ready: true}, web-1: {ready: true}}})");
}
