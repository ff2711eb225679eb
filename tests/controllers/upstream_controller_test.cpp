// What Kubernetes' stateful_set_test.go asks: which sets a change concerns, which pods and
// revisions a set claims, and how it meets what others do meanwhile.
#include "support/catch.hpp"
#include "support/control.hpp"

#include <stsim/controllers/statefulset/identity.hpp>
#include <stsim/controllers/statefulset/revisions.hpp>
#include <stsim/controllers/statefulset/statefulset.hpp>

#include <algorithm>

using namespace stsim;
using api::Kind;
using api::ObjectPtr;
using api::PodPhase;
using test::Control;
using Names = std::vector<std::string>;
using Verb = Control::Verb;
namespace sts = controllers::statefulset;

namespace {

const api::ObjectKey kSet{Kind::StatefulSet, "default", "web"};

/// Sets by name; all but `web3` have the same selector.
struct Handlers : Control {
  Handlers() : Control(std::string_view("1.36")) {}

  void make(const std::string& name) {
    create(
        Kind::StatefulSet,
        fmt::format(R"({{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{{"name":"{}"}},)"
                    R"("spec":{{"selector":{{"matchLabels":{{"app":"{}"}}}},"template":)"
                    R"({{"metadata":{{"labels":{{"app":"{}"}}}},"spec":{{"containers":)"
                    R"([{{"name":"web","image":"web:v1"}}]}}}}}}}})",
                    name,
                    label(name),
                    label(name)));
  }

  static std::string label(const std::string& name) { return name == "web3" ? "other" : "web"; }

  /// A pod named after a set, with its labels, owned by it.
  api::Object pod_of(const std::string& name) {
    api::Object pod = orphan(name + "-0");
    if (const ObjectPtr owner = store().find({Kind::StatefulSet, "default", name})) {
      pod.owners.push_back(sts::controller_reference(*owner));
    } else {
      pod.owners.push_back({"apps/v1", "StatefulSet", name, {5, 5}, true, true});
    }
    return pod;
  }

  static api::Object orphan(const std::string& name) {
    api::Object pod;
    pod.key = {Kind::Pod, "default", name};
    pod.uid = {9, 9};
    pod.labels = {{"app", "web"}};
    pod.body = api::Pod{};
    return pod;
  }

  /// The sets to look at because of a change.
  Names concerned(const api::Object* before, const api::Object* after) {
    static_cast<void>(plan());  // the cache sees everything
    store::Change change;
    change.before = before == nullptr ? nullptr : std::make_shared<const api::Object>(*before);
    change.after = after == nullptr ? nullptr : std::make_shared<const api::Object>(*after);
    store::Watch watch;
    for (std::uint64_t at = 1; at <= store().position(); ++at) {
      static_cast<void>(watch.deliver(store()));
    }
    Names out;
    for (const auto& again : sts::concerned(change, store::Cache(store(), watch), now)) {
      out.push_back(again.key.name);
    }
    std::ranges::sort(out);
    return out;
  }
};

/// Brings a set up, pod by pod.
void bring_up(Control& c) {
  for (int rounds = 0; c.status().ready_replicas < c.spec().replicas; ++rounds) {
    REQUIRE(rounds < 100);
    for (const ObjectPtr& pod : c.pods()) {
      c.report(api::parent_and_ordinal(pod->key.name).ordinal, PodPhase::Running, true);
    }
    REQUIRE(c.sync().empty());
  }
}

Control running(const test::SetSpec& spec) {
  Control out = test::with_set(spec);
  bring_up(out);
  return out;
}

void scale_to_zero(Control& c) {
  c.change(R"({"spec":{"replicas":0}})");
  for (int rounds = 0; c.status().replicas > 0; ++rounds) {
    REQUIRE(rounds < 100);
    REQUIRE(c.sync().empty());
  }
  REQUIRE(c.pods().empty());
}

/// A pod of the set that is on its way out but still on its node.
void make_leaving(Control& c, int ordinal) {
  if (const ObjectPtr there = c.pod(ordinal)) {
    c.take_away(there->key);
  }
  c.make_pod(ordinal, {.terminating = true});
}

void remove_foreground(Control& c) {
  store::DeleteOptions foreground;
  foreground.propagation = store::DeleteOptions::Propagation::Foreground;
  REQUIRE(c.store().remove(kSet, foreground, c.now, 0));
}

/// The pods that a set claims: its own and the adopted ones that it counts.
void orphan(Control& c, int ordinal) {
  api::Object pod = *c.make_pod(ordinal, {});
  pod.owners.clear();
  REQUIRE(c.store().update(pod, 0));
}

bool owned(const ObjectPtr& object) {
  return object->controller() != nullptr;
}

}  // namespace

TEST_CASE("TestStatefulSetControllerCreates: three pods, one after the other") {
  Control c = running({});
  REQUIRE(c.status().replicas == 3);
}

TEST_CASE("TestStatefulSetControllerDeletes: and none again") {
  Control c = running({});
  scale_to_zero(c);
  REQUIRE(c.status().replicas == 0);
}

TEST_CASE("TestStatefulSetControllerRespectsTermination: who is on his way out is waited for") {
  Control c = running({});
  make_leaving(c, 3);
  make_leaving(c, 4);
  REQUIRE(c.sync().empty());
  REQUIRE(c.pods().size() == 5);
  REQUIRE(c.calls_made(Verb::Delete, Kind::Pod) == 0);
  c.take_away(c.pod(3)->key);
  c.take_away(c.pod(4)->key);
  scale_to_zero(c);
}

TEST_CASE("TestStatefulSetControllerBlocksScaling: also at the lowest ordinal") {
  Control c = running({});
  c.change(R"({"spec":{"replicas":5}})");
  make_leaving(c, 0);
  REQUIRE(c.sync().empty());
  REQUIRE(c.pod_names() == Names{"web-0", "web-1", "web-2"});
  c.take_away(c.pod(0)->key);
  REQUIRE(c.sync().empty());
  REQUIRE(c.pod_names() == Names{"web-0", "web-1", "web-2"});
  REQUIRE_FALSE(c.pod(0)->terminating());
}

TEST_CASE("TestStatefulSetControllerDeletionTimestamp: a set on its way out makes no pods") {
  Control c = test::with_set({});
  remove_foreground(c);
  REQUIRE(c.sync().empty());
  REQUIRE(c.pods().empty());
}

TEST_CASE("TestStatefulSetControllerDeletionTimestampRace: the live set decides about adoption") {
  Control c = test::with_set({});
  orphan(c, 1);
  api::Object revision = *sts::pick_revisions(*c.set(), {}, {}, c.store().features()).update;
  revision.owners.clear();
  const ObjectPtr stored = c.create(std::move(revision));
  c.meanwhile = [&c] { remove_foreground(c); };
  REQUIRE(c.sync() == "default/web has just been deleted");
  REQUIRE(c.pod_names() == Names{"web-1"});
  REQUIRE_FALSE(owned(c.pod(1)));
  REQUIRE_FALSE(owned(c.store().find(stored->key)));
}

TEST_CASE("TestStatefulSetControllerAddPod: a new pod concerns its owner") {
  Handlers h;
  h.make("web");
  h.make("web2");
  const api::Object first = h.pod_of("web");
  const api::Object second = h.pod_of("web2");
  REQUIRE(h.concerned(nullptr, &first) == Names{"web"});
  REQUIRE(h.concerned(nullptr, &second) == Names{"web2"});
}

TEST_CASE(
    "TestStatefulSetControllerAddPodOrphan: an orphan concerns all whose selector it matches") {
  Handlers h;
  for (const char* name : {"web", "web2", "web3"}) {
    h.make(name);
  }
  const api::Object pod = Handlers::orphan("web-0");
  REQUIRE(h.concerned(nullptr, &pod) == Names{"web", "web2"});
}

TEST_CASE(
    "TestStatefulSetControllerAddPodNoSet: a pod of a set that is not there concerns nobody") {
  Handlers h;
  const api::Object pod = h.pod_of("web");
  REQUIRE(h.concerned(nullptr, &pod).empty());
}

TEST_CASE("TestStatefulSetControllerUpdatePod: a changed pod concerns its owner") {
  Handlers h;
  h.make("web");
  h.make("web2");
  for (const char* name : {"web", "web2"}) {
    const api::Object before = h.pod_of(name);
    api::Object after = before;
    after.as<api::Pod>().status.phase = PodPhase::Running;
    REQUIRE(h.concerned(&before, &after) == Names{name});
  }
}

TEST_CASE("TestStatefulSetControllerUpdatePodWithNoSet: nor does a changed one concern anybody") {
  Handlers h;
  const api::Object pod = h.pod_of("web");
  REQUIRE(h.concerned(&pod, &pod).empty());
}

TEST_CASE(
    "TestStatefulSetControllerUpdatePodWithSameVersion: a write that changes nothing is none") {
  Control c = test::with_set({.replicas = 1});
  const ObjectPtr pod = c.make_pod(0, {});
  const std::uint64_t before = c.store().position();
  REQUIRE(c.store().update(*pod, 0));
  REQUIRE(c.store().position() == before);
}

TEST_CASE("TestStatefulSetControllerUpdatePodOrphanWithNewLabels: whose selector matches now") {
  Handlers h;
  h.make("web");
  h.make("web2");
  const api::Object after = Handlers::orphan("web-0");
  api::Object before = after;
  before.labels = {{"foo2", "bar2"}};
  REQUIRE(h.concerned(&before, &after) == Names{"web", "web2"});
}

TEST_CASE("TestStatefulSetControllerUpdatePodChangeControllerRef: the old owner and the new one") {
  Handlers h;
  h.make("web");
  h.make("web2");
  const api::Object after = h.pod_of("web");
  api::Object before = after;
  before.owners = h.pod_of("web2").owners;
  REQUIRE(h.concerned(&before, &after) == Names{"web", "web2"});
}

TEST_CASE("TestStatefulSetControllerUpdatePodRelease: the old owner and whoever may adopt it") {
  Handlers h;
  h.make("web");
  h.make("web2");
  const api::Object before = h.pod_of("web");
  api::Object after = before;
  after.owners.clear();
  Names sets = h.concerned(&before, &after);
  sets.erase(std::unique(sets.begin(), sets.end()), sets.end());  // a queue holds a key once
  REQUIRE(sets == Names{"web", "web2"});
}

TEST_CASE("TestStatefulSetControllerDeletePod: a pod that is gone concerns its owner") {
  Handlers h;
  h.make("web");
  h.make("web2");
  const api::Object first = h.pod_of("web");
  const api::Object second = h.pod_of("web2");
  REQUIRE(h.concerned(&first, nullptr) == Names{"web"});
  REQUIRE(h.concerned(&second, nullptr) == Names{"web2"});
}

TEST_CASE("TestStatefulSetControllerDeletePodOrphan: an orphan that is gone concerns nobody") {
  Handlers h;
  h.make("web");
  h.make("web2");
  const api::Object pod = Handlers::orphan("web-0");
  REQUIRE(h.concerned(&pod, nullptr).empty());
}

TEST_CASE("TestStatefulSetControllerGetStatefulSetsForPod: two sets with overlapping selectors") {
  Handlers h;
  h.make("web");
  h.make("web2");
  api::Object leaving = Handlers::orphan("web-0");
  REQUIRE(h.concerned(nullptr, &leaving) == Names{"web", "web2"});
  leaving.seldom.edit().deletion = api::Deletion{h.now};
  REQUIRE(h.concerned(nullptr, &leaving).empty());
}

TEST_CASE("TestGetPodsForStatefulSetAdopt: an orphan is adopted if its labels and its name fit") {
  Control c = test::with_set({.replicas = 5});
  c.make_pod(1, {});
  orphan(c, 2);
  api::Object unlabelled = *c.make_pod(3, {});
  unlabelled.owners.clear();
  unlabelled.labels.clear();
  REQUIRE(c.store().update(unlabelled, 0));
  c.create(Kind::Pod,
           R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"xweb-4","labels":{"app":"web"}},)"
           R"("spec":{"containers":[{"name":"web","image":"web:v1"}]}})");
  REQUIRE(c.sync().empty());
  REQUIRE(owned(c.pod(2)));
  REQUIRE_FALSE(owned(c.pod(3)));
  REQUIRE_FALSE(owned(c.store().find({Kind::Pod, "default", "xweb-4"})));
  REQUIRE(c.status().replicas == 2);  // web-0 was made in this very sync
}

TEST_CASE("TestGetPodsForStatefulSetRelease: a pod that no longer fits is released") {
  Control c = test::with_set({});
  c.make_pod(1, {});
  api::Object renamed = *c.make_pod(2, {});
  c.take_away(renamed.key);
  renamed.key.name = "xweb-2";
  renamed.resource_version = {};
  c.create(std::move(renamed));
  api::Object unlabelled = *c.make_pod(3, {});
  unlabelled.labels.clear();
  REQUIRE(c.store().update(unlabelled, 0));
  REQUIRE(c.sync().empty());
  REQUIRE(owned(c.pod(1)));
  REQUIRE_FALSE(owned(c.pod(3)));
  REQUIRE_FALSE(owned(c.store().find({Kind::Pod, "default", "xweb-2"})));
}

TEST_CASE("TestAdoptOrphanRevisions: revisions that fit and have no owner are adopted") {
  Control c = test::with_set({});
  api::Object revision = *sts::pick_revisions(*c.set(), {}, {}, c.store().features()).update;
  revision.owners.clear();
  const ObjectPtr stored = c.create(std::move(revision));
  REQUIRE(c.sync().empty());
  REQUIRE(owned(c.store().find(stored->key)));
  REQUIRE(c.store().list(Kind::ControllerRevision).size() == 1);
}

TEST_CASE("TestOrphanedPodsWithPVCDeletePolicy: the claims of an adopted pod follow the policy") {
  const std::string when_scaled = GENERATE("Retain", "Delete");
  const std::string when_deleted = GENERATE("Retain", "Delete");
  const int replicas = GENERATE(2, 0);
  CAPTURE(when_scaled, when_deleted, replicas);
  Control c = test::with_set(
      {.replicas = replicas, .claims = true, .more = test::retention(when_scaled, when_deleted)});
  c.make_pod(0, {});
  orphan(c, 1);
  for (int ordinal = 0; ordinal < 3; ++ordinal) {
    c.create(sts::make_claim(
        *c.set(), c.spec().claim_templates.front(), fmt::format("web-{}", ordinal)));
  }
  static_cast<void>(c.sync());  // the repair of the adopted pod meets the adoption: SS-118
  REQUIRE(c.sync().empty());
  for (int ordinal = 0; ordinal < 2; ++ordinal) {
    Names owners;
    for (const api::OwnerReference& owner : c.claim(ordinal)->owners) {
      owners.push_back(owner.kind);
    }
    Names wanted;
    if (replicas == 0 && when_scaled == "Delete") {
      wanted = {"Pod"};
    } else if (when_deleted == "Delete") {
      wanted = {"StatefulSet"};
    }
    REQUIRE(owners == wanted);
  }
  REQUIRE(c.claim(2)->owners.empty());  // there is no pod that it belongs to
}

TEST_CASE("TestStaleOwnerRefOnScaleup: a pod is made when the claim of its predecessor is gone") {
  const std::string when_deleted = GENERATE("Retain", "Delete");
  Control c = running({.claims = true, .more = test::retention("Delete", when_deleted)});
  c.change(R"({"spec":{"replicas":2}})");
  REQUIRE(c.sync().empty());
  REQUIRE(c.sync().empty());
  REQUIRE(c.status().replicas == 2);
  const auto left = c.claim(2)->owners;
  REQUIRE(left.size() == 1);
  REQUIRE(left.front().name == "web-2");
  c.change(R"({"spec":{"replicas":3}})");
  for (int i = 0; i < 10; ++i) {
    REQUIRE(c.sync().empty());
    REQUIRE_FALSE(c.pod(2));
    REQUIRE(c.claim(2)->owners == left);
  }
  c.take_away(c.claim(2)->key);
  bring_up(c);
  REQUIRE(c.status().replicas == 3);
}

TEST_CASE(
    "TestStatefulSetAvailabilityCheck: the next look is when the next pod becomes available") {
  struct Row {
    const char* name;
    std::vector<int> ready_for;  ///< seconds, by ordinal; -1: not ready
    std::vector<int> again;
  };
  const auto row = GENERATE(values<Row>({
      {"all available", {60, 60}, {}},
      {"none is ready", {-1, -1}, {}},
      {"one more to come", {60, 10}, {20}},
      {"the soonest counts", {25, 10}, {5}},
      {"a moment before", {60, 29}, {1}},
      {"just now", {60, 0}, {30}},
  }));
  CAPTURE(row.name);
  Control c = test::with_set({.replicas = 2, .parallel = true, .more = R"("minReadySeconds":30,)"});
  for (std::size_t i = 0; i < row.ready_for.size(); ++i) {
    c.make_pod(static_cast<int>(i),
               {.ready = row.ready_for[i] >= 0,
                .ready_for = std::chrono::seconds{std::max(0, row.ready_for[i])}});
  }
  std::vector<int> again;
  for (const controllers::Again& look : c.plan().again) {
    again.push_back(
        static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(look.after).count()));
  }
  REQUIRE(again == row.again);
}
