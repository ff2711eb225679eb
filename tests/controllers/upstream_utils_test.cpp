// What Kubernetes' stateful_set_utils_test.go and stateful_set_compatibility_test.go ask of names,
// identities, claims with their owners, and revisions.
#include "support/catch.hpp"
#include "support/control.hpp"

#include <stsim/controllers/statefulset/identity.hpp>
#include <stsim/controllers/statefulset/retention.hpp>
#include <stsim/controllers/statefulset/revisions.hpp>
#include <stsim/controllers/statefulset/statefulset.hpp>

#include <algorithm>

using namespace stsim;
using api::Kind;
using api::ObjectPtr;
using api::OwnerReference;
using api::PodPhase;
using api::Retention;
using test::Control;
using test::SetSpec;
using Names = std::vector<std::string>;
using Owners = SharedVector<OwnerReference>;
namespace sts = controllers::statefulset;

namespace {

Control with_policy(std::string_view when_scaled, std::string_view when_deleted, int replicas = 3) {
  return test::with_set(
      {.replicas = replicas, .claims = true, .more = test::retention(when_scaled, when_deleted)});
}

/// A pod as the controller would make it, never stored.
api::Object new_pod(Control& c, int ordinal) {
  const api::Features& features = c.store().features();
  const std::string revision = sts::pick_revisions(*c.set(), {}, {}, features).update->key.name;
  return sts::make_pod(*c.set(),
                       sts::make_template(*c.set(), revision, *c.spec().pod_template, features),
                       ordinal,
                       features.release);
}

/// The same, with the uid that a stored one has.
api::Object stored_pod(Control& c, int ordinal) {
  api::Object pod = new_pod(c, ordinal);
  pod.uid = {11, 11};
  return pod;
}

void rename_claims(api::Object& pod, const std::vector<api::ClaimVolume>& claims) {
  auto spec = std::make_shared<api::PodSpec>(*pod.as<api::Pod>().spec);
  spec->of_set = false;
  spec->claims = claims;
  pod.as<api::Pod>().spec = std::move(spec);
}

api::Object claim_with(Control& c, const api::Object& pod, Owners owners) {
  api::Object claim = sts::make_claim(*c.set(), c.spec().claim_templates.front(), pod.key.name);
  claim.owners = std::move(owners);
  return claim;
}

/// A controller reference that is wrong in one respect.
OwnerReference reference(const api::Object& to, bool controller = true, bool stale = false) {
  OwnerReference out = sts::controller_reference(to);
  out.controller = controller;
  if (stale) {
    out.uid = {66, 6};
  }
  return out;
}

const OwnerReference kRandom{"example.com/v1", "Thing", "random", {77, 7}, true, false};

bool up_to_date(Control& c, const api::Object& pod, Owners owners) {
  return !sts::claim_owners(
              *c.set(), pod, claim_with(c, pod, std::move(owners)), c.features().release)
              .wanted;
}

/// `Pod*`, `StatefulSet`, `Thing*`: the kinds of owners once the policy was applied, with a star
/// for a controller.
Names after_update(Control& c, const api::Object& pod, Owners owners) {
  const auto wanted =
      sts::claim_owners(*c.set(), pod, claim_with(c, pod, owners), c.features().release).wanted;
  Names out;
  for (const OwnerReference& owner : wanted.value_or(owners)) {
    out.push_back(owner.kind + (owner.controller ? "*" : ""));
  }
  return out;
}

}  // namespace

TEST_CASE("TestGetParentNameAndOrdinal: what a pod's name says") {
  const auto [name, parent, ordinal] = GENERATE(table<std::string, std::string, int>({
      {"web-1", "web", 1},
      {"web-2-10", "web-2", 10},
      {"1-bar", "", -1},
      {"web", "", -1},
  }));
  const auto found = api::parent_and_ordinal(name);
  REQUIRE(found.parent == parent);
  REQUIRE(found.ordinal == ordinal);
}

TEST_CASE("TestIsMemberOf: a pod is of the set whose name it has") {
  Control c = test::with_set({.claims = true});
  const api::Object pod = new_pod(c, 1);
  REQUIRE(sts::is_member(*c.set(), pod));
  api::Object other = *c.set();
  other.key.name = "web2";
  REQUIRE_FALSE(sts::is_member(other, pod));
}

TEST_CASE("TestIdentityMatches: name, namespace and the label with the name") {
  Control c = test::with_set({.claims = true});
  const api::Object good = new_pod(c, 1);
  REQUIRE(sts::identity_matches(*c.set(), good));
  api::Object pod = good;
  pod.key.name = "web";
  REQUIRE_FALSE(sts::identity_matches(*c.set(), pod));
  pod = good;
  pod.key.ns = "";
  REQUIRE_FALSE(sts::identity_matches(*c.set(), pod));
  pod = good;
  pod.labels.erase("statefulset.kubernetes.io/pod-name");
  REQUIRE_FALSE(sts::identity_matches(*c.set(), pod));
}

TEST_CASE("TestStorageMatches: every claim template has its volume with the right claim") {
  Control c = test::with_set({.claims = true});
  REQUIRE(sts::storage_matches(*c.set(), new_pod(c, 1)));
  const auto claims = GENERATE(values<std::vector<api::ClaimVolume>>(
      {{}, {{"home", "data-web-1"}}, {{"data", "foo"}}, {{"data", "data-web-2"}}}));
  api::Object pod = new_pod(c, 1);
  rename_claims(pod, claims);
  REQUIRE_FALSE(sts::storage_matches(*c.set(), pod));
  REQUIRE(sts::storage_matches(*test::with_set({}).set(), pod));  // no templates, nothing to ask
}

TEST_CASE("TestUpdateIdentity: the labels are put right, and no other") {
  Control c = test::with_set({.replicas = 1});
  api::Object pod = *c.make_pod(0, {});
  const auto labels = pod.labels;
  pod.labels.erase("statefulset.kubernetes.io/pod-name");
  pod.labels.erase("apps.kubernetes.io/pod-index");
  REQUIRE(c.store().update(pod, 0));
  REQUIRE(c.sync().empty());
  REQUIRE(c.pod(0)->labels == labels);
}

TEST_CASE("TestUpdateStorage: the repaired pod has the volumes of the templates beside its own") {
  const auto claims = GENERATE(values<std::vector<api::ClaimVolume>>({{}, {{"data", "foo"}}}));
  Control c = test::with_set({.replicas = 1, .claims = true});
  api::Object pod = new_pod(c, 0);
  rename_claims(pod, claims);
  c.create(std::move(pod));
  c.report(0, PodPhase::Running, true);
  REQUIRE_FALSE(sts::storage_matches(*c.set(), *c.pod(0)));
  const auto plan = c.plan();
  REQUIRE(sts::storage_matches(*c.set(), *plan.groups.back().calls.back().object));
}

TEST_CASE("TestNewPodControllerRef: a new pod belongs to its set") {
  Control c = test::with_set({.claims = true});
  const api::Object pod = new_pod(c, 0);
  const OwnerReference* owner = pod.controller();
  REQUIRE(owner != nullptr);
  REQUIRE(*owner == OwnerReference{"apps/v1", "StatefulSet", "web", c.set()->uid, true, true});
}

TEST_CASE("TestIsRunningAndReady: the phase and the condition count") {
  Control c = test::with_set({.claims = true});
  api::Object pod = new_pod(c, 1);
  REQUIRE_FALSE(sts::Conditions::running_and_ready(pod));
  pod.as<api::Pod>().status.phase = PodPhase::Running;
  REQUIRE_FALSE(sts::Conditions::running_and_ready(pod));
  pod.as<api::Pod>().status.set_condition(api::PodConditionType::Ready, true, c.now);
  REQUIRE(sts::Conditions::running_and_ready(pod));
}

TEST_CASE("TestAscendingOrdinal: ten pods are brought up and taken down in order of number") {
  Control c = test::with_set({.replicas = 12});
  for (const int ordinal : {10, 2, 0, 11, 9, 1, 3, 8, 7, 4, 6, 5}) {
    c.make_pod(ordinal, {});
  }
  c.change(R"({"spec":{"replicas":0}})");
  Names deleted;
  while (!c.pods().empty()) {
    deleted.push_back(test::calls(c.plan()).back());
    REQUIRE(c.sync().empty());
    c.take_away(c.pods().back()->key);
  }
  Names wanted;
  for (int ordinal = 11; ordinal >= 0; --ordinal) {
    wanted.push_back(fmt::format("delete web-{}", ordinal));
  }
  REQUIRE(deleted == wanted);
}

TEST_CASE("TestGetPersistentVolumeClaimRetentionPolicy: what is not given is Retain") {
  struct Row {
    const char* policy;
    Retention scaled;
    Retention deleted;
  };
  const auto row = GENERATE(values<Row>({
      {"null", Retention::Retain, Retention::Retain},
      {R"({"whenScaled":"Delete"})", Retention::Delete, Retention::Retain},
      {R"({"whenDeleted":"Delete"})", Retention::Retain, Retention::Delete},
      {R"({"whenScaled":"Delete","whenDeleted":"Delete"})", Retention::Delete, Retention::Delete},
  }));
  Control c = test::with_set(
      {.more = fmt::format(R"("persistentVolumeClaimRetentionPolicy":{},)", row.policy)});
  REQUIRE(c.spec().when_scaled == row.scaled);
  REQUIRE(c.spec().when_deleted == row.deleted);
}

TEST_CASE("TestGetPersistentVolumeClaims: the template's labels, and over them the set's") {
  const std::string labels = GENERATE("", R"(,"labels":{"a":"b","app":"claim"})");
  Control c = test::with_set(
      {.more = fmt::format(
           R"("volumeClaimTemplates":[{{"metadata":{{"name":"data"{}}},"spec":)"
           R"({{"accessModes":["ReadWriteOnce"],"resources":{{"requests":{{"storage":"1"}}}}}}}}],)",
           labels)});
  const api::Object claim = sts::make_claim(*c.set(), c.spec().claim_templates.front(), "web-0");
  REQUIRE(claim.key == api::ObjectKey{Kind::PersistentVolumeClaim, "default", "data-web-0"});
  REQUIRE(claim.label("app") == "web");
  REQUIRE(claim.label("a") == (labels.empty() ? "" : "b"));
  REQUIRE(claim.owners.empty());
}

TEST_CASE("TestOwnerRefsChanged: the order of owners does not matter, anything else does") {
  Control c = with_policy("Retain", "Delete");
  const api::Object pod = stored_pod(c, 1);
  const OwnerReference plain{"v1", "ConfigMap", "theirs", {5, 5}, false, false};
  const OwnerReference ours = reference(*c.set());
  REQUIRE(up_to_date(c, pod, {ours, plain}));
  REQUIRE(up_to_date(c, pod, {plain, ours}));
  REQUIRE_FALSE(up_to_date(c, pod, {plain}));
  REQUIRE_FALSE(up_to_date(c, pod, {ours, ours}));
  OwnerReference unblocked = ours;
  unblocked.block_owner_deletion = false;
  REQUIRE_FALSE(up_to_date(c, pod, {unblocked}));
}

TEST_CASE("TestMatchesRef: group, version, kind and name make a reference one to the set") {
  Control c = with_policy("Retain", "Retain");
  const api::Object pod = stored_pod(c, 1);
  REQUIRE(after_update(c, pod, {reference(*c.set())}).empty());
  OwnerReference other = reference(*c.set());
  switch (GENERATE(0, 1, 2)) {
    case 0:
      other.api_version = "example.com/v1";
      break;
    case 1:
      other.kind = "Deployment";
      break;
    default:
      other.name = "web2";
  }
  REQUIRE(after_update(c, pod, {other}) == Names{other.kind + "*"});
}

TEST_CASE("TestHasOwnerRef: whether the set or the pod is among the owners") {
  Control c = with_policy("Delete", "Delete", 1);
  const api::Object inside = stored_pod(c, 0);
  const api::Object outside = stored_pod(c, 1);
  REQUIRE(up_to_date(c, inside, {reference(*c.set())}));
  REQUIRE_FALSE(up_to_date(c, inside, {reference(inside)}));
  REQUIRE(up_to_date(c, outside, {reference(outside)}));
  REQUIRE_FALSE(up_to_date(c, outside, {reference(*c.set())}));
}

TEST_CASE("TestHasStaleOwnerRef: the same name with another uid") {
  Control c = with_policy("Delete", "Delete", 1);
  const api::Object set = *c.set();
  const api::Object pod = stored_pod(c, 1);
  const Owners stale = GENERATE_COPY(values<Owners>({{reference(pod, true, true)},
                                                     {reference(set, true, true)},
                                                     {kRandom, reference(pod, true, true)}}));
  REQUIRE(up_to_date(c, pod, stale));  // nothing is written, the garbage collector sees to it
  REQUIRE_FALSE(up_to_date(c, pod, {}));
  REQUIRE_FALSE(sts::stale(claim_with(c, pod, {kRandom}), "web-1", c.features().release));
  REQUIRE(
      sts::stale(claim_with(c, pod, {reference(pod, true, true)}), "web-1", c.features().release));
}

TEST_CASE("TestIsClaimOwnerUpToDate: what the policy asks for, by where the pod stands") {
  struct Row {
    const char* when_scaled;
    const char* when_deleted;
    int ordinal;
    bool needs_pod;
    bool needs_set;
  };
  const auto row = GENERATE(values<Row>({
      {"Retain", "Retain", 0, false, false},
      {"Retain", "Delete", 0, false, true},
      {"Delete", "Retain", 0, false, false},
      {"Delete", "Delete", 0, false, true},
      {"Retain", "Retain", 2, false, false},
      {"Retain", "Delete", 2, false, true},
      {"Delete", "Retain", 2, true, false},
      {"Delete", "Delete", 2, true, false},
  }));
  const bool has_pod = GENERATE(false, true);
  const bool has_set = GENERATE(false, true);
  CAPTURE(row.when_scaled, row.when_deleted, row.ordinal, has_pod, has_set);
  Control c = with_policy(row.when_scaled, row.when_deleted, 1);
  const api::Object pod = stored_pod(c, row.ordinal);
  Owners owners;
  if (has_pod) {
    owners.push_back(reference(pod));
  }
  if (has_set) {
    owners.push_back(reference(*c.set()));
  }
  REQUIRE(up_to_date(c, pod, owners) == (has_pod == row.needs_pod && has_set == row.needs_set));
}

TEST_CASE("TestClaimOwnerUpToDateEdgeCases: no controller, a stale one, somebody else's") {
  const bool of_pod = GENERATE(false, true);
  Control c = of_pod ? with_policy("Delete", "Retain", 1) : with_policy("Retain", "Delete", 1);
  const api::Object pod = stored_pod(c, 1);
  const api::Object& owner = of_pod ? pod : *c.set();
  REQUIRE(up_to_date(c, pod, {reference(owner)}));
  REQUIRE_FALSE(up_to_date(c, pod, {reference(owner, false)}));
  REQUIRE(up_to_date(c, pod, {reference(owner, true, true)}));
  REQUIRE_FALSE(up_to_date(c, pod, {reference(owner), kRandom}));
}

TEST_CASE("TestUpdateClaimOwnerRefForSetAndPod: from any owners to those the policy asks for") {
  struct Row {
    const char* when_scaled;
    const char* when_deleted;
    int ordinal;
    bool foreign;
    Names wanted;
  };
  const auto row = GENERATE(values<Row>({
      {"Retain", "Retain", 0, false, {}},
      {"Retain", "Delete", 0, false, {"StatefulSet*"}},
      {"Delete", "Retain", 0, false, {}},
      {"Delete", "Delete", 0, false, {"StatefulSet*"}},
      {"Retain", "Retain", 2, false, {}},
      {"Retain", "Delete", 2, false, {"StatefulSet*"}},
      {"Delete", "Retain", 2, false, {"Pod*"}},
      {"Delete", "Delete", 2, false, {"Pod*"}},
      {"Retain", "Retain", 2, true, {"Thing*"}},
      {"Retain", "Delete", 2, true, {"Thing*"}},
      {"Delete", "Retain", 2, true, {"Thing*"}},
      {"Delete", "Delete", 2, true, {"Thing*"}},
  }));
  const bool has_pod = GENERATE(false, true);
  const bool has_set = GENERATE(false, true);
  CAPTURE(row.when_scaled, row.when_deleted, row.ordinal, row.foreign, has_pod, has_set);
  Control c = with_policy(row.when_scaled, row.when_deleted, 1);
  const api::Object pod = stored_pod(c, row.ordinal);
  Owners owners;
  if (row.foreign) {
    owners.push_back(kRandom);
  }
  if (has_pod) {
    owners.push_back(reference(pod));
  }
  if (has_set) {
    owners.push_back(reference(*c.set()));
  }
  REQUIRE(after_update(c, pod, owners) == row.wanted);
}

TEST_CASE("TestUpdateClaimControllerRef: an owner of ours becomes the controller, others stay") {
  Control c = with_policy("Delete", "Retain", 1);
  const api::Object set = *c.set();
  const api::Object pod = stored_pod(c, 1);
  const OwnerReference plain{"v1", "ConfigMap", "theirs", {5, 5}, false, false};
  struct Row {
    Owners before;
    Names wanted;
  };
  const auto row = GENERATE_COPY(values<Row>({
      {{}, {"Pod*"}},
      {{reference(pod)}, {"Pod*"}},
      {{reference(pod, false)}, {"Pod*"}},
      {{plain}, {"ConfigMap", "Pod*"}},
      {{plain, reference(pod, false)}, {"ConfigMap", "Pod*"}},
      {{reference(set, false)}, {"Pod*"}},
  }));
  REQUIRE(after_update(c, pod, row.before) == row.wanted);
}

TEST_CASE("TestHasUnexpectedController: whose controller stands in the way") {
  Control c = with_policy("Delete", "Retain", 1);
  const api::Object set = *c.set();
  const api::Object pod = stored_pod(c, 1);
  OwnerReference plain = kRandom;
  plain.controller = false;
  struct Row {
    Owners owners;
    bool conflicting;
  };
  const auto row = GENERATE_COPY(values<Row>({
      {{}, false},
      {{kRandom}, true},
      {{plain}, false},
      {{reference(pod)}, false},
      {{reference(set)}, false},
      {{reference(pod), kRandom}, true},
      {{reference(pod), plain}, false},
      {{reference(pod, false)}, false},
  }));
  const api::Object claim = claim_with(c, pod, row.owners);
  REQUIRE(sts::claim_owners(*c.set(), pod, claim, c.features().release).conflicting ==
          row.conflicting);
  // Where nothing is to be deleted, nobody is in the way.
  Control retains = with_policy("Retain", "Retain", 1);
  REQUIRE_FALSE(sts::claim_owners(*retains.set(), pod, claim, c.features().release).conflicting);
}

TEST_CASE("TestNonController: an owner of ours that is no controller is put right") {
  Control c = with_policy("Delete", "Delete", 1);
  const api::Object inside = stored_pod(c, 0);
  const api::Object outside = stored_pod(c, 1);
  REQUIRE_FALSE(up_to_date(c, inside, {reference(*c.set(), false)}));
  REQUIRE(after_update(c, inside, {reference(*c.set(), false)}) == Names{"StatefulSet*"});
  REQUIRE(after_update(c, outside, {reference(outside, false)}) == Names{"Pod*"});
}

TEST_CASE("TestCreateApplyRevision: a set with a revision's template has that revision again") {
  Control c = test::with_set({.claims = true});
  const auto pick = [&c](const std::vector<ObjectPtr>& known) {
    return sts::pick_revisions(*c.set(), known, {}, c.store().features());
  };
  const ObjectPtr first = pick({}).update;
  c.change(R"({"metadata":{"annotations":{"foo":"bar"}}})");
  c.change_image("other");
  const ObjectPtr second = pick({first}).update;
  REQUIRE(second->annotations.at("foo") == "bar");
  REQUIRE(*second->as<api::ControllerRevision>().data_text !=
          *first->as<api::ControllerRevision>().data_text);
  api::Json pod_template = sts::template_of(*first);
  pod_template.erase("$patch");
  c.change(api::Json{{"spec", {{"template", pod_template}}}}.dump());
  const sts::Picked restored = pick({first, second});
  REQUIRE(restored.update->key == first->key);
  REQUIRE(*restored.update->as<api::ControllerRevision>().data_text ==
          *first->as<api::ControllerRevision>().data_text);
}

TEST_CASE("TestRollingUpdateApplyRevision: the same along a row of templates, and back") {
  Control c = test::with_set({.claims = true});
  std::vector<ObjectPtr> revisions;
  for (const char* change :
       {R"({})",
        R"({"spec":{"template":{"metadata":{"labels":{"app":"web","version":"2"}}}}})",
        R"({"spec":{"template":{"spec":{"terminationGracePeriodSeconds":5}}}})",
        R"({"spec":{"template":{"metadata":{"annotations":{"note":"x"}}}}})"}) {
    c.change(change);
    revisions.push_back(sts::pick_revisions(*c.set(), revisions, {}, c.store().features()).update);
  }
  std::vector<ObjectPtr> sorted = revisions;
  sts::sort_revisions(sorted);
  REQUIRE(sorted == revisions);
  for (std::size_t i = revisions.size(); i-- > 0;) {
    api::Json pod_template = sts::template_of(*revisions[i]);
    pod_template.erase("$patch");
    api::Object set = *c.set();
    api::Json document = api::to_json(set);
    document["spec"]["template"] = std::move(pod_template);
    set = api::from_json(Kind::StatefulSet, document);
    REQUIRE(sts::pick_revisions(set, revisions, {}, c.store().features()).update->key ==
            revisions[i]->key);
  }
}

TEST_CASE("TestGetStatefulSetMaxUnavailable: a number, a percentage rounded down, at least one") {
  struct Row {
    const char* max_unavailable;
    int replicas;
    int expected;
  };
  const auto row = GENERATE(values<Row>({
      {"null", 10, 1},
      {"1", 1, 1},
      {"3", 10, 3},
      {"\"33%\"", 10, 3},
      {"\"50%\"", 5, 2},
      {"\"99%\"", 10, 9},
      {"\"100%\"", 4, 4},
      {"\"1%\"", 10, 1},
  }));
  CAPTURE(row.max_unavailable, row.replicas);
  Control c("1.36", {{"MaxUnavailableStatefulSet", true}});
  c.make_set({.replicas = row.replicas,
              .parallel = true,
              .update_strategy = fmt::format(
                  R"({{"type":"RollingUpdate","rollingUpdate":{{"maxUnavailable":{}}}}})",
                  row.max_unavailable)});
  for (int ordinal = 0; ordinal < row.replicas; ++ordinal) {
    c.make_pod(ordinal, {.revision = "web-old"});
  }
  REQUIRE(static_cast<int>(test::calls(c.plan()).size()) == row.expected);
}

TEST_CASE(
    "TestStatefulSetCompatibility: a revision that an earlier release wrote is not written again") {
  const std::string release = GENERATE("1.33", "1.34");
  Control earlier(release);
  earlier.make_set({.replicas = 1});
  REQUIRE(earlier.sync().empty());
  const auto written = earlier.store().list(Kind::ControllerRevision, "default");
  REQUIRE(written.size() == 1);

  Control c = test::with_set({.replicas = 1});
  api::Object revision = *written.front();
  revision.owners = {sts::controller_reference(*c.set())};
  revision.resource_version = {};
  c.create(std::move(revision));
  REQUIRE(c.sync().empty());
  const auto after = c.store().list(Kind::ControllerRevision, "default");
  REQUIRE(after.size() == 1);
  REQUIRE(c.status().update_revision == written.front()->key.name);
}
