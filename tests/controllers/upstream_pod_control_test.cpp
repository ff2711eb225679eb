// What Kubernetes' stateful_pod_control_test.go asks of the creation, repair and deletion of one
// pod with its claims, the API Events included.
#include "support/catch.hpp"
#include "support/control.hpp"

#include <stsim/controllers/statefulset/identity.hpp>
#include <stsim/controllers/statefulset/retention.hpp>
#include <stsim/controllers/statefulset/revisions.hpp>

using namespace stsim;
using api::Kind;
using api::PodPhase;
using test::Control;
using test::SetSpec;
using Names = std::vector<std::string>;
using Verb = Control::Verb;
namespace sts = controllers::statefulset;

namespace {

Control with_retention(std::string_view when_deleted = "Retain",
                       std::string_view when_scaled = "Retain",
                       std::string_view release = "1.36") {
  Control out(release);
  out.make_set({.replicas = 1, .claims = true, .more = test::retention(when_scaled, when_deleted)});
  return out;
}

void make_claim(Control& c, SharedVector<api::OwnerReference> owners = {}) {
  api::Object claim =
      sts::make_claim(*c.set(), c.spec().claim_templates.front(), sts::pod_name(*c.set(), 0));
  claim.owners = std::move(owners);
  c.create(std::move(claim));
}

/// The set with web-0 up, and its claim.
Control with_pod(std::string_view when_deleted = "Retain", std::string_view release = "1.36") {
  Control out = with_retention(when_deleted, "Retain", release);
  make_claim(out);
  out.make_pod(0, {});
  return out;
}

/// `Normal SuccessfulCreate`, `Warning FailedCreate`.
Names told(const Control& c) {
  Names out;
  for (const std::string& event : c.events) {
    out.push_back(event.substr(0, event.find(':')));
  }
  return out;
}

void break_identity(Control& c) {
  api::Object pod = *c.pod(0);
  pod.labels.erase("statefulset.kubernetes.io/pod-name");
  REQUIRE(c.store().update(pod, 0));
}

/// web-0 as somebody made it who forgot the claims.
void make_pod_without_volumes(Control& c) {
  const auto& set = *c.set();
  api::Object pod = sts::make_pod(
      set,
      sts::make_template(set,
                         sts::pick_revisions(set, {}, {}, c.store().features()).update->key.name,
                         *c.spec().pod_template,
                         c.store().features()),
      0,
      c.store().features().release);
  auto spec = std::make_shared<api::PodSpec>(*pod.as<api::Pod>().spec);
  spec->claims.clear();
  pod.as<api::Pod>().spec = std::move(spec);
  c.create(std::move(pod));
  c.report(0, PodPhase::Running, true);
}

Names owners(Control& c) {
  Names out;
  for (const api::OwnerReference& owner : c.claim(0)->owners) {
    out.push_back(owner.kind);
  }
  return out;
}

}  // namespace

TEST_CASE("TestStatefulPodControlCreatesPods: claims, then the pod, and an event for each") {
  Control c = with_retention();
  REQUIRE(test::calls(c.plan()) == Names{"create data-web-0", "create web-0"});
  REQUIRE(c.sync().empty());
  REQUIRE(c.claim(0));
  REQUIRE(c.pod(0));
  REQUIRE(c.events ==
          Names{"Normal SuccessfulCreate: Create Claim data-web-0 Pod web-0 in StatefulSet web "
                "success",
                "Normal SuccessfulCreate: Create Pod web-0 in StatefulSet web successful"});
}

TEST_CASE("TestStatefulPodControlCreatePodExists: an error, but no event of it") {
  Control c(std::string_view("1.36"));
  c.make_set({.replicas = 1});
  c.create(Kind::Pod,
           R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-0"},)"
           R"("spec":{"containers":[{"name":"web","image":"web:v1"}]}})");
  REQUIRE(c.sync() == R"(pods "web-0" already exists)");
  REQUIRE(c.events.empty());
}

TEST_CASE("TestStatefulPodControlCreatePodPvcCreateFailure: without its claim no pod") {
  Control c = with_retention();
  c.fail(Verb::Create, Kind::PersistentVolumeClaim);
  REQUIRE(c.sync() == "failed to create PVC data-web-0: API server failed");
  REQUIRE_FALSE(c.pod(0));
  REQUIRE(told(c) == Names{"Warning FailedCreate", "Warning FailedCreate"});
}

TEST_CASE("TestStatefulPodControlCreatePodPVCDeleting: with a claim on its way out no pod") {
  Control c = with_retention();
  make_claim(c);
  REQUIRE(c.store().remove(c.claim(0)->key, {}, c.now, 0));
  REQUIRE(c.claim(0)->terminating());
  REQUIRE(c.sync() == "pvc data-web-0 is being deleted");
  REQUIRE_FALSE(c.pod(0));
  REQUIRE(told(c) == Names{"Warning FailedCreate"});
}

TEST_CASE("TestStatefulPodControlCreatePodFailed: the claim is there, the pod is not") {
  Control c = with_retention();
  c.fail(Verb::Create, Kind::Pod);
  REQUIRE(c.sync() == "API server failed");
  REQUIRE(c.claim(0));
  REQUIRE(told(c) == Names{"Normal SuccessfulCreate", "Warning FailedCreate"});
}

TEST_CASE("SS-115: the claims of a pod that is refused get their owners all the same") {
  Control c = with_retention("Delete");
  make_claim(c);
  c.fail(Verb::Create, Kind::Pod);
  REQUIRE(c.sync() == "API server failed");
  REQUIRE(told(c) == Names{"Warning FailedCreate"});
  REQUIRE(test::owner_names(c.claim(0)->owners) == Names{"StatefulSet/web*"});
}

TEST_CASE("SS-115: but not those of a pod that is there already") {
  Control c = with_retention("Delete");
  make_claim(c);
  c.create(Kind::Pod,
           R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-0"},)"
           R"("spec":{"containers":[{"name":"web","image":"web:v1"}]}})");
  REQUIRE(c.sync() == R"(pods "web-0" already exists)");
  REQUIRE(c.events.empty());
  REQUIRE(c.claim(0)->owners.empty());
}

TEST_CASE("SS-115: where the owners cannot be set either, only that is told") {
  Control c = with_retention("Delete");
  make_claim(c);
  c.fail(Verb::Create, Kind::Pod);
  c.fail(Verb::Update, Kind::PersistentVolumeClaim);
  REQUIRE(c.sync() ==
          "could not update claim data-web-0 for delete policy ownerRefs: API server failed");
  REQUIRE(told(c) == Names{"Warning FailedUpdate"});
}

TEST_CASE("SS-172: a conflict is told when owners are set, not while claims are on their way out") {
  const bool leaves = GENERATE(false, true);
  Control c = with_retention("Delete");
  make_claim(c,
             {{"example.com/v1",
               "Other",
               "x",
               api::parse_uid("11111111-1111-4111-8111-111111111111"),
               true,
               false}});
  if (leaves) {
    REQUIRE(c.store().remove(c.claim(0)->key, {}, c.now, 0));
  }
  REQUIRE(c.sync().empty() != leaves);
  REQUIRE(told(c) == (leaves ? Names{"Warning FailedCreate"}
                             : Names{"Warning ConflictingController", "Normal SuccessfulCreate"}));
}

TEST_CASE("SS-24: the pod of another spelling of its ordinal is written to under the usual one") {
  Control c("1.36");
  c.make_set({.replicas = 1,
              .parallel = true,
              .update_strategy = R"({"type":"OnDelete"})",
              .claims = true});
  c.create(
      Kind::Pod,
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-00","labels":{"app":"web"}},"spec":)"
      R"({"containers":[{"name":"web","image":"web:v1"}],"volumes":[{"name":"data",)"
      R"("persistentVolumeClaim":{"claimName":"data-web-0"}}]}})");
  REQUIRE(c.sync().empty());  // which makes its claim
  REQUIRE(c.claim(0));
  c.events.clear();
  REQUIRE(c.sync() == R"(pods "web-0" not found)");
  REQUIRE(c.events == Names{"Warning FailedUpdate: Update Pod web-0 in StatefulSet web failed "
                            "error: pods \"web-0\" not found"});
}

TEST_CASE("SS-22: of claim templates with one name the last one counts") {
  Control c("1.26");
  c.make_set({.replicas = 1, .claims = true});
  api::Json document = api::to_json(*c.set());
  api::Json& templates = document["spec"]["volumeClaimTemplates"];
  templates.push_back(templates.front());
  templates.back()["spec"]["resources"]["requests"]["storage"] = "7Gi";
  document["metadata"]["name"] = "twin";
  const api::Object twin = api::from_json(Kind::StatefulSet, document);
  const auto& known = twin.as<api::StatefulSet>().spec->claim_templates;
  REQUIRE(known.size() == 1);
  REQUIRE(api::at_path(api::to_json(*known.front().claim),
                       {"spec", "resources", "requests", "storage"}) == "7Gi");
}

TEST_CASE("SS-22: claims of one template share its specification, and each is its own") {
  Control c("1.36");
  c.make_set({.replicas = 1, .claims = true});
  api::Json document = api::to_json(*c.set());
  api::Json& claim_template = document["spec"]["volumeClaimTemplates"][0];
  claim_template["metadata"]["labels"] = {{"app", "other"}, {"tier", "data"}};
  claim_template["metadata"]["annotations"] = {{"note", "kept"}};
  claim_template["status"] = {{"phase", "Bound"}, {"capacity", {{"storage", "1Gi"}}}};
  const api::Object set = api::from_json(Kind::StatefulSet, document);
  const auto& known = set.as<api::StatefulSet>().spec->claim_templates.front();
  const api::Object first = sts::make_claim(set, known, "web-0");
  api::Object second = sts::make_claim(set, known, "web-1");
  REQUIRE(first.key.name == "data-web-0");
  REQUIRE(first.label("app") == "web");  // what the selector asks for comes last
  REQUIRE(first.label("tier") == "data");
  REQUIRE(first.annotations.at("note") == "kept");
  REQUIRE(first.as<api::Claim>().phase == api::ClaimPhase::Pending);
  REQUIRE(first.as<api::Claim>().capacity.is_null());
  REQUIRE(first.as<api::Claim>().spec == second.as<api::Claim>().spec);
  second.labels["tier"] = "changed";
  second.as<api::Claim>().volume_name = "pv0";
  REQUIRE(known.claim->label("tier") == "data");
  REQUIRE(known.claim->as<api::Claim>().volume_name.empty());
}

TEST_CASE("TestStatefulPodControlNoOpUpdate: a pod as it should be is not written") {
  Control c = with_pod();
  REQUIRE(c.sync().empty());
  REQUIRE(c.calls_made(Verb::Update, Kind::Pod) == 0);
  REQUIRE(c.events.empty());
}

TEST_CASE("TestStatefulPodControlUpdatesIdentity: a wrong identity is put right") {
  Control c = with_pod();
  break_identity(c);
  REQUIRE_FALSE(sts::identity_matches(*c.set(), *c.pod(0)));
  REQUIRE(c.sync().empty());
  REQUIRE(sts::identity_matches(*c.set(), *c.pod(0)));
  REQUIRE(told(c) == Names{"Normal SuccessfulUpdate"});
}

TEST_CASE("TestStatefulPodControlUpdateIdentityFailure: the error comes up, with an event") {
  Control c = with_pod();
  break_identity(c);
  c.fail(Verb::Update, Kind::Pod);
  REQUIRE(c.sync() == "API server failed");
  REQUIRE_FALSE(sts::identity_matches(*c.set(), *c.pod(0)));
  REQUIRE(told(c) == Names{"Warning FailedUpdate"});
}

TEST_CASE(
    "TestStatefulPodControlUpdatesPodStorage: missing claims are made, and volumes asked for") {
  Control c = with_retention();
  make_pod_without_volumes(c);
  const auto plan = c.plan();
  REQUIRE(test::calls(plan) == Names{"create data-web-0", "update web-0"});
  const api::Object& repaired = *plan.groups.back().calls.back().object;
  REQUIRE(sts::storage_matches(*c.set(), repaired));
  // A real server takes the claims, and refuses new volumes of an existing pod. SS-118.
  REQUIRE_FALSE(c.sync().empty());
  REQUIRE(c.claim(0));
  REQUIRE(told(c) == Names{"Normal SuccessfulCreate", "Warning FailedUpdate"});
}

TEST_CASE("TestStatefulPodControlUpdatePodStorageFailure: a claim that cannot be made") {
  Control c = with_retention();
  make_pod_without_volumes(c);
  c.fail(Verb::Create, Kind::PersistentVolumeClaim);
  REQUIRE_FALSE(c.sync().empty());
  REQUIRE(c.calls_made(Verb::Update, Kind::Pod) == 0);
  REQUIRE(told(c) == Names{"Warning FailedCreate", "Warning FailedUpdate"});
}

TEST_CASE("TestStatefulPodControlDeletesStatefulPod: a delete has an event") {
  Control c = with_pod();
  c.change(R"({"spec":{"replicas":0}})");
  REQUIRE(c.sync().empty());
  REQUIRE(c.events ==
          Names{"Normal SuccessfulDelete: Delete Pod web-0 in StatefulSet web successful"});
}

TEST_CASE("TestStatefulPodControlDeleteStatefulPodNotFound: since 1.36 no error") {
  const std::string release = GENERATE("1.35", "1.36");
  Control c = with_pod("Retain", release);
  c.change(R"({"spec":{"replicas":0}})");
  c.meanwhile = [&c] { c.take_away(c.pod(0)->key); };
  REQUIRE(c.sync() == (release == "1.36" ? "" : R"(pods "web-0" not found)"));
  REQUIRE(told(c) == Names{release == "1.36" ? "Normal SuccessfulDelete" : "Warning FailedDelete"});
}

TEST_CASE("TestStatefulPodControlDeleteFailure: the error comes up, with an event") {
  Control c = with_pod();
  c.change(R"({"spec":{"replicas":0}})");
  c.fail(Verb::Delete, Kind::Pod);
  REQUIRE(c.sync() == "API server failed");
  REQUIRE(told(c) == Names{"Warning FailedDelete"});
}

TEST_CASE("TestStatefulPodControlClaimsMatchDeletionPolcy: claims of nobody suit Retain only") {
  REQUIRE(test::calls(with_pod("Retain").plan()).empty());
  REQUIRE(test::calls(with_pod("Delete").plan()) == Names{"update data-web-0", "update web-0"});
}

TEST_CASE("TestStatefulPodControlUpdatePodClaimForRetentionPolicy: the set becomes the owner") {
  const std::string release = GENERATE("1.26", "1.36");  // 1.26 does not have the policy
  Control c = with_pod("Delete", release);
  REQUIRE(c.sync().empty());
  REQUIRE(owners(c) == (release == "1.26" ? Names{} : Names{"StatefulSet"}));
}

TEST_CASE("TestPodClaimIsStale: a claim of an earlier pod of that name stops its successor") {
  enum class State { Missing, Exists, Stale };
  struct Row {
    const char* name;
    std::vector<State> claims;
    bool stale;
  };
  const auto row = GENERATE(values<Row>({
      {"all missing", {State::Missing, State::Missing}, false},
      {"no claims", {}, false},
      {"exists", {State::Missing, State::Exists}, false},
      {"stale & exists", {State::Stale, State::Exists}, true},
      {"stale & missing", {State::Stale, State::Missing}, true},
      {"exists & stale", {State::Exists, State::Stale}, true},
      {"one, the pod has no UID yet", {State::Stale}, true},
  }));
  CAPTURE(row.name);
  Control c(std::string_view("1.36"));
  std::string templates;
  for (std::size_t i = 0; i < row.claims.size(); ++i) {
    templates +=
        fmt::format(R"({}{{"metadata":{{"name":"c{}"}},"spec":{{"accessModes":["ReadWriteOnce"],)"
                    R"("resources":{{"requests":{{"storage":"1Gi"}}}}}}}})",
                    i == 0 ? "" : ",",
                    i);
  }
  c.make_set({.replicas = 1,
              .more = R"("persistentVolumeClaimRetentionPolicy":{"whenScaled":"Delete"},)"
                      R"("volumeClaimTemplates":[)" +
                      templates + "],"});
  for (std::size_t i = 0; i < row.claims.size(); ++i) {
    api::Object claim = sts::make_claim(*c.set(), c.spec().claim_templates[i], "web-0");
    if (row.claims[i] == State::Stale) {
      claim.owners = {{"v1", "Pod", "web-0", {1, 2}, true, true}};
    }
    if (row.claims[i] != State::Missing) {
      c.create(std::move(claim));
    }
  }
  REQUIRE(c.sync().empty());
  REQUIRE((c.pod(0) == nullptr) == row.stale);
}

TEST_CASE("TestPodClaimIsStale: all refs: the claims of a pod that is there do not stop it") {
  Control c = with_retention("Retain", "Delete");
  c.make_pod(0, {.ready = false});
  make_claim(c, {sts::controller_reference(*c.pod(0))});
  REQUIRE(c.plan().waits.front().rule == "SS-111");  // it has to become ready, no more
}

TEST_CASE("TestStatefulPodControlRetainDeletionPolicyUpdate: back to Retain the owner goes") {
  Control c = with_retention("Retain");
  make_claim(c, {sts::controller_reference(*c.set())});
  c.make_pod(0, {});
  REQUIRE(c.sync().empty());
  REQUIRE(owners(c).empty());
  REQUIRE(told(c) == Names{"Normal SuccessfulUpdate"});
}

TEST_CASE("TestStatefulPodControlRetentionPolicyUpdate: with Delete the owner comes") {
  Control c = with_pod("Delete");
  REQUIRE(c.sync().empty());
  REQUIRE(owners(c) == Names{"StatefulSet"});
  REQUIRE(told(c) == Names{"Normal SuccessfulUpdate"});
}

TEST_CASE(
    "TestStatefulPodControlRetentionPolicyUpdateMissingClaims: no error, and put right later") {
  Control c = with_retention("Delete");
  c.make_pod(0, {});
  REQUIRE(c.sync().empty());
  REQUIRE(c.events.empty());
  make_claim(c);
  REQUIRE(c.sync().empty());
  REQUIRE(owners(c) == Names{"StatefulSet"});
}
