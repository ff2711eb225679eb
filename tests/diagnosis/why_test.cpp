// Why an object is not as it should be, and what helps: each remedy that is told was tried.
#include "support/catch.hpp"
#include "support/paths.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/diagnosis/chain.hpp>
#include <stsim/diagnosis/remedy.hpp>
#include <stsim/diagnosis/why.hpp>
#include <stsim/scenario/load.hpp>

#include <algorithm>

using namespace stsim;
using diagnosis::find_object;
using diagnosis::open_wish;
using diagnosis::remedies_of;
using diagnosis::State;
using diagnosis::why;
using diagnosis::why_not;

namespace {

constexpr const char* kSet = R"(
scenario: x
timing: {imagePull: 2s, containerStart: 1s, ready: 1s, stop: 1s}
brokenImages: ["web:broken"]
images: {"web:crashing": {crashAfter: 2s}, "web:deaf": {never: ready}}
steps:
- apply:
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: web}
    spec:
      replicas: 3
      serviceName: web
      selector: {matchLabels: {app: web}}
      EXTRA
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: web, image: "web:v1"}]}
)";

/// A set of three, with something more in its spec, and what is done to it.
scenario::Session story(const std::string& steps, const std::string& extra = "") {
  std::string text = kSet;
  const std::size_t at = text.find("EXTRA");
  text.replace(at, 5, extra);
  auto loaded = scenario::load_scenario_text(text + steps, "x.yaml", test::kRoot / "scenarios");
  INFO((loaded ? "" : to_string(loaded.error())));
  REQUIRE(loaded);
  return diagnosis::session_at(std::make_shared<const scenario::Scenario>(*std::move(loaded)),
                               std::nullopt);
}

api::ObjectKey pod(const std::string& name) {
  return {api::Kind::Pod, api::kDefaultNamespace, name};
}

/// The remedies of what is wrong with an object, each as its lines with ` + ` between.
std::vector<std::string> help(const scenario::Session& session, const api::ObjectKey& object) {
  const auto wish = open_wish(session.world(), object);
  REQUIRE(wish);
  const auto trials = remedies_of(session, *wish, diagnosis::chain_of(session.world(), *wish));
  REQUIRE(!trials.nothing.comes);
  std::vector<std::string> out;
  for (const diagnosis::Trial& trial : trials.help) {
    std::string lines;
    for (const diagnosis::Act& act : trial.acts) {
      lines += (lines.empty() ? "" : " + ") + act.line;
    }
    out.push_back(lines);
  }
  return out;
}

using Lines = std::vector<std::string>;

bool contains(const std::string& text, std::string_view part) {
  INFO(text);
  const bool found = text.find(part) != std::string::npos;
  CHECK(found);
  return found;
}

}  // namespace

TEST_CASE("R1: neither going back nor deleting the pod alone frees an ordered rollout, both do") {
  const auto session =
      story("- settle: {}\n- kubectl: set image sts/web web=web:broken\n- settle: {}\n");
  REQUIRE(help(session, pod("web-2")) ==
          Lines{"kubectl rollout undo sts/web + kubectl delete pod web-2",
                "image web:broken becomes fine"});
  const diagnosis::Answer answer = why(session, pod("web-2"));
  REQUIRE(answer.stuck);
  contains(answer.text, "web-2 is not ready (at +");
  contains(answer.text, "because its image web:broken cannot be pulled  [PN-40]");
  contains(answer.text, "because the template of web says so: revision web-");
  contains(answer.text, "Nothing changes by itself.");
  contains(answer.text,
           "Not enough alone:\n  kubectl rollout undo sts/web\n  kubectl delete pod web-2\n");
}

TEST_CASE("SS-223: once the template is good again, deleting the pod is enough") {
  const auto session = story(
      "- settle: {}\n- kubectl: set image sts/web web=web:broken\n- settle: {}\n"
      "- kubectl: rollout undo sts/web\n- settle: {}\n");
  REQUIRE(help(session, pod("web-2")) ==
          Lines{"kubectl delete pod web-2", "image web:broken becomes fine"});
  contains(why(session, pod("web-2")).text,
           "web updates no pod before all are ready, and web-2 will not be  [SS-223]");
}

TEST_CASE(
    "a pod that is not created waits for one before it, whose cause is the end of the chain") {
  const auto session = story(
      "- settle: {}\n- kubectl: set image sts/web web=web:broken\n- settle: {}\n"
      "- scale: {statefulset: web, replicas: 5}\n- settle: {}\n");
  const diagnosis::Answer answer = why(session, pod("web-4"));
  contains(answer.text, "web-4 is not created");
  contains(answer.text,
           "because web-2 is not Running and Ready, and everything after it waits  [SS-111]");
  contains(answer.text, "web:broken cannot be pulled");
  REQUIRE(help(session, pod("web-4")) ==
          Lines{"kubectl rollout undo sts/web + kubectl delete pod web-2",
                "image web:broken becomes fine"});
}

TEST_CASE("what only takes time needs nobody") {
  const auto session = story("- advance: 1s\n");
  const diagnosis::Answer answer = why(session, pod("web-0"));
  REQUIRE(answer.waits);
  REQUIRE(!answer.stuck);
  contains(answer.text, "Nothing has to be done: web-0 is ready at +");
  REQUIRE(!why(session, pod("web-2")).stuck);
}

TEST_CASE("SS-127: a pod below the partition is updated when the partition is lowered") {
  const auto session =
      story("- settle: {}\n- kubectl: set image sts/web web=web:v2\n- settle: {}\n",
            "updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}}");
  REQUIRE(help(session, pod("web-0")) ==
          Lines{"kubectl patch sts web -p "
                "'{\"spec\":{\"updateStrategy\":{\"rollingUpdate\":{\"partition\":0}}}}'"});
  contains(
      why(session, pod("web-0")).text,
      "web-0 lies below the partition 2 of web: only pods from web-2 on are updated  [SS-127]");
  REQUIRE(!why(session, pod("web-2")).waits);
  REQUIRE(!why(session, {api::Kind::StatefulSet, "default", "web"}).waits);
}

TEST_CASE("SS-127: below the partition of a canary that is broken the canary is named") {
  const auto session = story(
      "- settle: {}\n- kubectl: patch sts web -p "
      "'{\"spec\":{\"updateStrategy\":{\"rollingUpdate\":{\"partition\":2}}}}'\n"
      "- kubectl: set image sts/web web=web:broken\n- advance: 60s\n");
  const std::string told = why(session, pod("web-1")).text;
  contains(told, "web-1 lies below the partition 2 of web");
  contains(told, "web updates no pod before all are ready, and web-2 is not  [SS-111]");
  contains(told, "its image web:broken cannot be pulled");
  REQUIRE(help(session, pod("web-1")) ==
          Lines{"kubectl patch sts web -p "
                "'{\"spec\":{\"updateStrategy\":{\"rollingUpdate\":{\"partition\":1}}}}' + image "
                "web:broken becomes fine"});
}

TEST_CASE("SS-127: a partition beyond all pods keeps the update from each") {
  const auto session = story(
      "- settle: {}\n- kubectl: patch sts web -p "
      "'{\"spec\":{\"updateStrategy\":{\"rollingUpdate\":{\"partition\":5}}}}'\n"
      "- kubectl: set image sts/web web=web:v2\n- settle: {}\n");
  const std::string told = why_not(session, pod("web-2"), State::Updated).text;
  contains(told, "the partition 5 of web keeps the update from all of its pods");
  REQUIRE(told.find("above it") == std::string::npos);
}

TEST_CASE("SS-230: with OnDelete somebody has to delete the pod") {
  const auto session =
      story("- settle: {}\n- kubectl: set image sts/web web=web:v2\n- settle: {}\n",
            "updateStrategy: {type: OnDelete}");
  REQUIRE(help(session, pod("web-1")) == Lines{"kubectl delete pod web-1"});
}

TEST_CASE(
    "a node without power: it comes back, or is declared out of service, or its pods are forced") {
  const auto session =
      story("- settle: {}\n- node: {name: node1, becomes: down}\n- advance: 20m\n");
  const auto& store = session.world().store;
  const auto lost = store.list(api::Kind::Pod);
  const auto found = std::find_if(
      lost.begin(), lost.end(), [](const api::ObjectPtr& object) { return object->terminating(); });
  REQUIRE(found != lost.end());
  const Lines remedies = help(session, (*found)->key);
  REQUIRE(remedies.size() == 3);
  contains(remedies[0], "kubectl taint node node1 node.kubernetes.io/out-of-service");
  contains(remedies[1], "--grace-period=0 --force");
  REQUIRE(remedies[2] == "node node1 becomes up");
  contains(why(session, (*found)->key).text, "but its containers may still run where nobody hears");
}

TEST_CASE("a quota that is used up is told with the set that waits for it") {
  const auto session = story(
      "- settle: {}\n"
      "- api: {answers: quota, to: statefulset-controller, verb: create, resource: pods}\n"
      "- scale: {statefulset: web, replicas: 4}\n- advance: 1m\n");
  REQUIRE(help(session, pod("web-3")) == Lines{"api answers normally"});
  contains(why(session, pod("web-3")).text,
           "where statefulset-controller wants to create pods, the API server refuses: a quota is "
           "used up");
}

TEST_CASE("containers that crash: being up for a moment is not to be ready") {
  const auto session = story(
      "- kubectl: set image sts/web web=web:crashing\n"
      "- kubectl: delete pod web-0\n- advance: 10m\n");
  const diagnosis::Answer answer = why(session, pod("web-0"));
  REQUIRE(answer.stuck);
  REQUIRE(help(session, pod("web-0")) ==
          Lines{"kubectl rollout undo sts/web + kubectl delete pod web-0",
                "image web:crashing becomes fine"});
}

TEST_CASE("SS-224: a first image that is broken needs somebody who knows a better one") {
  const std::string kubelet = GENERATE("auto", "stepped");
  std::string text = kSet;
  text.replace(text.find("EXTRA"), 5, "replicas: 1");
  text.replace(text.find("web:v1"), 6, "web:broken");
  text.replace(text.find("      replicas: 3\n"), 18, "");
  auto loaded = scenario::load_scenario_text(
      text + "- settle: {}\nkubelet: " + kubelet + "\n", "x.yaml", ".");
  INFO((loaded ? "" : to_string(loaded.error())));
  REQUIRE(loaded);
  const auto session = diagnosis::session_at(
      std::make_shared<const scenario::Scenario>(*std::move(loaded)), std::nullopt);
  const diagnosis::Answer answer = why(session, {api::Kind::StatefulSet, "default", "web"});
  REQUIRE(answer.stuck);
  contains(answer.text, "its image web:broken cannot be pulled  [PN-40]");
  contains(answer.text, "somebody has to name an image that works (kubectl set image sts/web");
}

TEST_CASE("a claim without a volume: which there are, why none fits, and one that would") {
  const auto session = story("- settle: {}\n",
                             "volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: "
                             "[ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]");
  const Lines remedies = help(session, pod("web-0"));
  REQUIRE(remedies.size() == 2);  // that volume, or those for all pods
  contains(remedies[0], "kubectl apply -f - <<EOF");
  contains(why(session, pod("web-0")).text,
           "because claim data-web-0 waits for a volume, and there is none  [PV-30]");
}

TEST_CASE("where only steps move pods nothing comes by itself, and settling is what helps") {
  std::string text = kSet;
  text.replace(text.find("EXTRA"), 5, "");
  auto loaded = scenario::load_scenario_text(text + "kubelet: stepped\n", "x.yaml", ".");
  REQUIRE(loaded);
  const auto session = diagnosis::session_at(
      std::make_shared<const scenario::Scenario>(*std::move(loaded)), std::nullopt);
  REQUIRE(why(session, pod("web-0")).stuck);
  REQUIRE(help(session, pod("web-0")) == Lines{"settle"});
}

TEST_CASE(
    "PV-60: a released volume of an earlier claim of that name does not fit, and can be freed") {
  const std::string claims =
      "volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], "
      "resources: {requests: {storage: 1Gi}}}}]";
  const std::string volume =
      "- apply: {apiVersion: v1, kind: PersistentVolume, metadata: {name: pv1}, spec: {capacity: "
      "{storage: 1Gi}, accessModes: [ReadWriteOnce], nfs: {server: nfs1, path: /v1}}}\n";
  const auto session = story(volume +
                                 "- scale: {statefulset: web, replicas: 1}\n- settle: {}\n"
                                 "- scale: {statefulset: web, replicas: 0}\n- settle: {}\n"
                                 "- kubectl: delete pvc data-web-0\n- settle: {}\n"
                                 "- scale: {statefulset: web, replicas: 1}\n- settle: {}\n",
                             claims);
  contains(why(session, pod("web-0")).text, "pv1 was released by an earlier data-web-0");
  const Lines remedies = help(session, pod("web-0"));
  REQUIRE(std::ranges::find(remedies, "kubectl patch pv pv1 -p '{\"spec\":{\"claimRef\":null}}'") !=
          remedies.end());
}

TEST_CASE("volumes for all pods of a set are offered where one is not enough") {
  const auto session = story("- settle: {}\n",
                             "volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: "
                             "[ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]");
  const Lines remedies = help(session, {api::Kind::StatefulSet, "default", "web"});
  REQUIRE(remedies.size() == 1);
  contains(remedies[0], "for-data-web-2");
}

TEST_CASE("pods in the same trouble are deleted together where one is not enough") {
  const auto session = story(
      "- settle: {}\n- image: {name: \"web:v9\", becomes: fine}\n"
      "- kubectl: set image sts/web web=web:v9\n- settle: {}\n"
      "- image: {name: \"web:v9\", becomes: crashing, crashAfter: 2s}\n- advance: 5m\n"
      "- kubectl: set image sts/web web=web:v1\n- advance: 5m\n");
  const Lines remedies = help(session, {api::Kind::StatefulSet, "default", "web"});
  REQUIRE(!remedies.empty());
  REQUIRE(remedies[0] == "kubectl delete pod web-0 web-1");
}

TEST_CASE("right after a change it is told where that will get stuck") {
  const auto session = story("- settle: {}\n- kubectl: set image sts/web web=web:broken\n");
  const diagnosis::Answer answer = why(session, {api::Kind::StatefulSet, "default", "web"});
  REQUIRE(answer.stuck);
  contains(answer.text, "as things will stand at +");
  contains(answer.text, "kubectl rollout undo sts/web\n  kubectl delete pod web-2\n");
}

TEST_CASE("to make the goal another one is no help: the revision is that of the question") {
  const auto session =
      story("- settle: {}\n- kubectl: set image sts/web web=web:broken\n- settle: {}\n");
  const auto wish = diagnosis::wish_of(session.world(), pod("web-1"), State::Updated);
  const auto trials = remedies_of(session, wish, diagnosis::chain_of(session.world(), wish));
  for (const diagnosis::Trial& trial : trials.help) {
    REQUIRE(trial.acts.front().line != "kubectl rollout undo sts/web");
  }
}

TEST_CASE("policies that leave out ordinals: a set that has its pods is complete") {
  auto loaded = scenario::load_scenario(test::kRoot / "scenarios/policies/delete-slots.yaml");
  REQUIRE(loaded);
  const auto scenario = std::make_shared<const scenario::Scenario>(*std::move(loaded));
  const auto session = diagnosis::session_at(scenario, std::nullopt);
  for (const api::ObjectPtr& set : session.world().store.list(api::Kind::StatefulSet)) {
    REQUIRE(!why(session, set->key).stuck);
  }
}

TEST_CASE("why not: a state that an object is not in because nobody wants it so") {
  const auto session = story("- settle: {}\n");
  const diagnosis::Answer answer = why_not(session, pod("web-3"), State::Created);
  contains(answer.text, "because web wants 3 replicas: web-0 to web-2  [SS-30]");
  contains(answer.text, "kubectl scale sts web --replicas=4");
  REQUIRE(answer.stuck);
  REQUIRE(!why_not(session, pod("web-1"), State::Ready).waits);
  contains(why_not(session, pod("web-1"), State::Gone).text,
           "web wants web-1, and nobody deletes it");
}

TEST_CASE("of an object that is all right it is told how it came about") {
  const auto session = story("- settle: {}\n");
  const diagnosis::Answer answer = why(session, pod("web-1"));
  REQUIRE(!answer.waits);
  contains(answer.text, "web-1 is ready on node");
  contains(answer.text, "How it came about:\n");
  contains(answer.text, "create pods web-1");
}

TEST_CASE("where more could be tried than is, that is said") {
  std::string nodes = "cluster: {nodes: [";
  std::string cordons;
  for (int i = 1; i <= 10; ++i) {
    nodes += fmt::format("{}{{name: n{}}}", i == 1 ? "" : ", ", i);
    cordons += fmt::format("- kubectl: cordon n{}\n", i);
  }
  std::string text = kSet;
  text.replace(text.find("EXTRA"), 5, "");
  text.insert(text.find("timing:"), nodes + "]}\n");
  text.insert(text.find("steps:") + 7, cordons);
  auto loaded = scenario::load_scenario_text(text + "- settle: {}\n", "x.yaml", test::kRoot);
  REQUIRE(loaded);
  const auto session = diagnosis::session_at(
      std::make_shared<const scenario::Scenario>(*std::move(loaded)), std::nullopt);
  const std::string told = why(session, pod("web-0")).text;
  contains(told, "kubectl uncordon n1\n    web-0 is ready");
  contains(told, "2 more might help and were not tried.\n");
}

TEST_CASE("objects are found by what users call them") {
  const auto session = story("- settle: {}\n");
  const auto found = [&](const Lines& words) {
    const auto key = find_object(session.world(), words);
    return key ? key->text() : "error: " + key.error();
  };
  REQUIRE(found({"web-1"}) == "Pod/web-1");
  REQUIRE(found({"web-7"}) == "Pod/web-7");
  REQUIRE(found({"web"}) == "StatefulSet/web");
  REQUIRE(found({"sts", "web"}) == "StatefulSet/web");
  REQUIRE(found({"node/node1"}) == "Node/node1");
  contains(found({"nosuch"}), "error: there is no \"nosuch\": there is statefulset/web, pod/web-0");
  contains(found({"frob/web"}), "error: there is no kind \"frob\"");
  contains(found({}), "error: one object is needed");
}

TEST_CASE("objects are found in every namespace, and acts are for theirs") {
  const std::string in_other = R"(
- apply: {apiVersion: v1, kind: Namespace, metadata: {name: other}}
- apply:
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: db, namespace: other}
    spec:
      replicas: 1
      serviceName: db
      selector: {matchLabels: {app: db}}
      template:
        metadata: {labels: {app: db}}
        spec: {containers: [{name: db, image: "web:v1"}]}
- settle: {}
- kubectl: set image sts/db db=web:broken -n other
- advance: 60s
)";
  const auto session = story(in_other);
  const auto found = [&](const Lines& words) {
    const auto key = find_object(session.world(), words);
    return key ? fmt::format("{} in {}", key->text(), key->ns) : "error: " + key.error();
  };
  REQUIRE(found({"db-0"}) == "Pod/db-0 in other");
  REQUIRE(found({"sts/db"}) == "StatefulSet/db in other");
  REQUIRE(found({"-n", "other", "db-0"}) == "Pod/db-0 in other");
  contains(found({"web-0", "--namespace=other"}),
           "error: there is no \"web-0\" in namespace other");
  REQUIRE(found({"node1"}) == "Node/node1 in ");
  REQUIRE(found({"node/node1", "-n", "other"}) == "Node/node1 in ");
  REQUIRE(found({"-nother", "sts/db"}) == "StatefulSet/db in other");
  contains(found({"db-0", "-n"}), "error: -n needs the name of a namespace");
  const api::ObjectKey db{api::Kind::Pod, "other", "db-0"};
  REQUIRE(help(session, db) ==
          Lines{"kubectl rollout undo sts/db -n other + kubectl delete pod db-0 -n other",
                "image web:broken becomes fine"});
  contains(why(session, db).text, "db-0 of namespace other is not ready");
}

TEST_CASE("GC-3: what is left of a set that is gone waits for the garbage collector") {
  const auto session = story(
      "- settle: {}\n- controller: {name: generic-garbage-collector, becomes: down}\n"
      "- kubectl: delete sts web\n- advance: 60s\n");
  contains(why(session, pod("web-1")).text, "web-1 belongs to StatefulSet web, which is gone");
  REQUIRE(help(session, pod("web-1")) == Lines{"controller generic-garbage-collector becomes up"});
}

TEST_CASE("GC-1: whoever is owned by something that nobody here knows is no garbage") {
  std::string text = kSet;
  text.replace(text.find("EXTRA"), 5, "");
  text.replace(
      text.find("{name: web}"),
      11,
      "{name: web, ownerReferences: [{apiVersion: example.com/v1, kind: Database, name: db, "
      "uid: 0f0e0d0c-0b0a-4908-8706-050403020100}]}");
  auto loaded =
      scenario::load_scenario_text(text + "- settle: {}\n", "x.yaml", test::kRoot / "scenarios");
  REQUIRE(loaded);
  const auto session = diagnosis::session_at(
      std::make_shared<const scenario::Scenario>(*std::move(loaded)), std::nullopt);
  REQUIRE(session.summary().broken.empty());
  const api::ObjectKey set{api::Kind::StatefulSet, "default", "web"};
  REQUIRE(!why(session, set).waits);
}

TEST_CASE("GC-3: a revision whose set is gone waits for the garbage collector, too") {
  const auto session = story(
      "- settle: {}\n- controller: {name: generic-garbage-collector, becomes: down}\n"
      "- kubectl: delete sts web\n- advance: 60s\n");
  const auto all = session.world().store.list(api::Kind::ControllerRevision);
  REQUIRE(all.size() == 1);
  contains(why(session, all.front()->key).text, "belongs to StatefulSet web, which is gone");
}

TEST_CASE("PN-61, PN-63: who would take pods off a lost node is named where it does not run") {
  const std::string lost =
      "- settle: {}\n- controller: {name: CONTROLLER, becomes: down}\n"
      "- node: {name: node2, becomes: down}\n- advance: 10m\n";
  const auto without = [&lost](const std::string& controller) {
    std::string steps = lost;
    steps.replace(steps.find("CONTROLLER"), 10, controller);
    return steps;
  };
  const auto not_evicted = story(without("taint-eviction-controller"));
  contains(why(not_evicted, pod("web-1")).text, "taint-eviction-controller does not run");
  const auto not_collected =
      story(without("pod-garbage-collector") +
            "- kubectl: taint node node2 "
            "node.kubernetes.io/out-of-service=nodeshutdown:NoExecute\n- advance: 60s\n");
  contains(why(not_collected, pod("web-1")).text, "pod-garbage-collector does not run");
  const Lines helps = help(not_collected, pod("web-1"));
  REQUIRE(std::ranges::find(helps, "controller pod-garbage-collector becomes up") != helps.end());
}

TEST_CASE("the instant that is asked about may lie in the middle of a step") {
  auto loaded = scenario::load_scenario(test::kRoot / "scenarios/tutorial/6-canary-by-patch.yaml");
  REQUIRE(loaded);
  const auto scenario = std::make_shared<const scenario::Scenario>(*std::move(loaded));
  const SimTime at = kStartOfTime + std::chrono::seconds{5};
  const auto session = diagnosis::session_at(scenario, at);
  REQUIRE(session.world().now == at);
  contains(why(session, pod("myapp-1")).text, "myapp-1 is not ready (at +5.000s)");
}

TEST_CASE("in every scenario: an answer about each object, and help that helps", "[long]") {
  const std::vector<std::filesystem::path> folders{test::kRoot / "scenarios/museum",
                                                   test::kRoot / "scenarios/faults",
                                                   test::kRoot / "scenarios/nodes",
                                                   test::kRoot / "scenarios/ordering"};
  const auto files = scenario::find_scenarios(folders);
  REQUIRE(files);
  std::size_t stuck = 0;
  std::size_t silent = 0;
  for (const std::filesystem::path& file : *files) {
    auto loaded = scenario::load_scenario(file);
    REQUIRE(loaded);
    const auto session = diagnosis::session_at(
        std::make_shared<const scenario::Scenario>(*std::move(loaded)), std::nullopt);
    for (const api::Kind kind : {api::Kind::StatefulSet, api::Kind::PersistentVolumeClaim}) {
      for (const api::ObjectPtr& object : session.world().store.list(kind)) {
        const auto wish = open_wish(session.world(), object->key);
        if (!wish) {
          continue;
        }
        INFO(file.string() << " " << object->key.text());
        const diagnosis::Chain chain = diagnosis::chain_of(session.world(), *wish);
        REQUIRE(!chain.links.empty());
        const diagnosis::Answer answer = why(session, object->key);
        INFO(answer.text);
        stuck += answer.stuck ? 1U : 0U;
        const bool tells = answer.text.find("What helps") != std::string::npos ||
                           !chain.advice.empty() || !answer.stuck;
        silent += tells ? 0U : 1U;
      }
    }
  }
  REQUIRE(stuck > 10);
  REQUIRE(3 * silent < stuck);  // mostly there is something to be done
}
