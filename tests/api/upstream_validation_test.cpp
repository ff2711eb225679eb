// The cases of Kubernetes' own validation and strategy tests of the StatefulSet. As there, a case
// changes a set that has its defaults, and says which fields are refused and how.
#include "support/catch.hpp"

#include <fmt/format.h>
#include <stsim/api/decode.hpp>
#include <stsim/store/store.hpp>

#include <limits>
#include <string>

using namespace stsim;
using api::FieldError;
using api::Json;
using api::Kind;

namespace {

using Texts = std::vector<std::string>;

api::Features features(bool max_unavailable = true) {
  return {*parse_release("1.36"), {{"MaxUnavailableStatefulSet", max_unavailable}}};
}

Json set_with_defaults() {
  Json set = Json::parse(R"({"apiVersion": "apps/v1", "kind": "StatefulSet",
      "metadata": {"name": "abc", "namespace": "default"},
      "spec": {"replicas": 1, "selector": {"matchLabels": {"a": "b"}},
               "template": {"metadata": {"labels": {"a": "b"}},
                            "spec": {"containers": [{"name": "abc", "image": "image"}]}}}})");
  api::set_defaults(Kind::StatefulSet, set, nullptr, features());
  return set;
}

Json changed(const char* change) {
  Json set = set_with_defaults();
  set.merge_patch(Json::parse(change));
  return set;
}

/// `Invalid spec.replicas`, a line each.
Texts refused(const api::FieldErrors& errors) {
  Texts out;
  for (const FieldError& error : errors) {
    const char* type = error.type == FieldError::Type::Invalid        ? "Invalid"
                       : error.type == FieldError::Type::Required     ? "Required"
                       : error.type == FieldError::Type::NotSupported ? "NotSupported"
                       : error.type == FieldError::Type::Forbidden    ? "Forbidden"
                                                                      : "another type";
    out.push_back(fmt::format("{} {}", type, error.field));
  }
  return out;
}

Texts creating(const Json& set) {
  return refused(api::validate(Kind::StatefulSet, set, features()));
}

struct Case {
  const char* name;
  const char* change;
  Texts errors;
};

struct UpdateCase {
  const char* name;
  const char* old;
  const char* update;
  Texts errors;
};

/// The store with a set in it.
struct Server {
  store::Store store{features(), 1};
  api::ObjectPtr set;

  Server() {
    create(Kind::Namespace, {{"metadata", {{"name", "default"}}}});
    Json document = set_with_defaults();
    document["status"] = {{"replicas", 3}};
    set = create(Kind::StatefulSet, document);
  }

  api::ObjectPtr create(Kind kind, const Json& document) {
    const auto made = store.create(kind, document, "default", kStartOfTime, 0);
    REQUIRE(made);
    return *made;
  }
};

const api::StatefulSetStatus& status_of(const api::ObjectPtr& set) {
  return set->as<api::StatefulSet>().status;
}

}  // namespace

TEST_CASE("TestValidateStatefulSet: sets that are accepted", "[validation]") {
  const auto good = GENERATE(values<Case>({
      {"alpha name", R"({})", {}},
      {"alphanumeric name", R"({"metadata": {"name": "abc-123"}})", {}},
      {"hostNetwork true",
       R"({"spec": {"template": {"spec": {"hostNetwork": true, "containers": [
           {"name": "abc", "image": "image", "imagePullPolicy": "IfNotPresent",
            "terminationMessagePolicy": "File",
            "ports": [{"containerPort": 12345, "hostPort": 12345, "protocol": "TCP"}]}]}}}})",
       {}},
      {"parallel pod management", R"({"spec": {"podManagementPolicy": "Parallel"}})", {}},
      {"ordered ready pod management", R"({"spec": {"podManagementPolicy": "OrderedReady"}})", {}},
      {"update strategy",
       R"({"spec": {"replicas": 3, "updateStrategy": {"rollingUpdate": {"partition": 2}}}})",
       {}},
      {"PVC policy",
       R"({"spec": {"persistentVolumeClaimRetentionPolicy":
           {"whenDeleted": "Delete", "whenScaled": "Retain"}}})",
       {}},
      {"maxUnavailable with parallel pod management",
       R"({"spec": {"replicas": 3, "podManagementPolicy": "Parallel",
           "updateStrategy": {"rollingUpdate": {"partition": 2, "maxUnavailable": 2}}}})",
       {}},
      {"ordinals.start positive value",
       R"({"spec": {"replicas": 3, "ordinals": {"start": 2}}})",
       {}},
  }));
  CAPTURE(good.name);
  REQUIRE(creating(changed(good.change)).empty());
}

TEST_CASE("TestValidateStatefulSet: sets that are refused, and for which fields", "[validation]") {
  const std::string strategy = "spec.updateStrategy";
  const std::string retention = "spec.persistentVolumeClaimRetentionPolicy.";
  const std::string restart = "NotSupported spec.template.spec.restartPolicy";
  const auto bad = GENERATE_COPY(values<Case>({
      {"zero-length name", R"({"metadata": {"name": ""}})", {"Required metadata.name"}},
      {"name-with-dots", R"({"metadata": {"name": "abc.123"}})", {"Invalid metadata.name"}},
      {"long name",
       R"({"metadata": {"name": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}})",
       {"Invalid metadata.name"}},
      {"empty selector",
       R"({"spec": {"selector": null}})",
       {"Required spec.selector", "Invalid spec.template.metadata.labels"}},
      {"selector_doesnt_match",
       R"({"spec": {"selector": {"matchLabels": {"a": null, "foo": "bar"}}}})",
       {"Invalid spec.template.metadata.labels"}},
      {"negative_replicas", R"({"spec": {"replicas": -1}})", {"Invalid spec.replicas"}},
      {"invalid_label",
       R"({"metadata": {"labels": {"NoUppercaseOrSpecialCharsLike=Equals": "bar"}}})",
       {"Invalid metadata.labels"}},
      {"invalid_label 2",
       R"({"metadata": {"labels": {"NoUppercaseOrSpecialCharsLike=Equals": "bar"}},
           "spec": {"selector": {"matchLabels": {"a": null, "Special=Equals": "b"}},
                    "template": {"metadata": {"labels": {"a": null, "Special=Equals": "b"}}}}})",
       {"Invalid metadata.labels", "Invalid spec.selector.matchLabels", "Invalid spec.selector"}},
      {"invalid_annotation",
       R"({"metadata": {"annotations": {"NoUppercaseOrSpecialCharsLike=Equals": "bar"}}})",
       {"Invalid metadata.annotations"}},
      {"invalid restart policy 1",
       R"({"spec": {"template": {"spec": {"restartPolicy": "OnFailure"}}}})",
       {restart}},
      {"invalid restart policy 2",
       R"({"spec": {"template": {"spec": {"restartPolicy": "Never"}}}})",
       {restart}},
      {"invalid update strategy",
       R"({"spec": {"updateStrategy": {"type": "foo", "rollingUpdate": null}}})",
       {"Invalid " + strategy}},
      {"invalid rolling update",
       R"({"spec": {"updateStrategy": {"type": "OnDelete", "rollingUpdate": {"partition": 1}}}})",
       {"Invalid " + strategy + ".rollingUpdate"}},
      {"negative partition",
       R"({"spec": {"updateStrategy": {"rollingUpdate": {"partition": -1}}}})",
       {"Invalid " + strategy + ".rollingUpdate.partition"}},
      {"invalid pod management policy",
       R"({"spec": {"podManagementPolicy": "foo"}})",
       {"Invalid spec.podManagementPolicy"}},
      {"set active deadline seconds",
       R"({"spec": {"template": {"spec": {"activeDeadlineSeconds": 60}}}})",
       {"Forbidden spec.template.spec.activeDeadlineSeconds"}},
      {"empty PersistentVolumeClaimRetentionPolicy",
       R"({"spec": {"persistentVolumeClaimRetentionPolicy": {"whenDeleted": "", "whenScaled": ""}}})",
       {"NotSupported " + retention + "whenDeleted", "NotSupported " + retention + "whenScaled"}},
      {"invalid PersistentVolumeClaimRetentionPolicy",
       R"({"spec": {"persistentVolumeClaimRetentionPolicy":
           {"whenDeleted": "invalid-retention-policy", "whenScaled": "invalid-retention-policy"}}})",
       {"NotSupported " + retention + "whenDeleted", "NotSupported " + retention + "whenScaled"}},
      {"zero maxUnavailable",
       R"({"spec": {"updateStrategy": {"rollingUpdate": {"maxUnavailable": 0}}}})",
       {"Invalid " + strategy + ".rollingUpdate.maxUnavailable"}},
      {"zero percent maxUnavailable",
       R"({"spec": {"updateStrategy": {"rollingUpdate": {"maxUnavailable": "0%"}}}})",
       {"Invalid " + strategy + ".rollingUpdate.maxUnavailable"}},
      {"greater than 100 percent maxUnavailable",
       R"({"spec": {"updateStrategy": {"rollingUpdate": {"maxUnavailable": "101%"}}}})",
       {"Invalid " + strategy + ".rollingUpdate.maxUnavailable"}},
      {"invalid ordinals.start",
       R"({"spec": {"ordinals": {"start": -2}}})",
       {"Invalid spec.ordinals.start"}},
  }));
  CAPTURE(bad.name);
  REQUIRE(creating(changed(bad.change)) == bad.errors);
}

TEST_CASE("TestValidateStatefulSet: empty strings are as if nothing was said", "[validation]") {
  // Upstream's cases "empty restart policy", "empty update strategy" and "empty pod management
  // policy" give the validator what defaulting never leaves.
  Server server;
  const Json set = api::to_json(*server.create(
      Kind::StatefulSet,
      changed(R"({"metadata": {"name": "abc-123"}, "spec": {"podManagementPolicy": "",
          "updateStrategy": {"type": "", "rollingUpdate": null},
          "template": {"spec": {"restartPolicy": ""}}}})")));
  REQUIRE(set["spec"]["podManagementPolicy"] == "OrderedReady");
  REQUIRE(set["spec"]["updateStrategy"]["type"] == "RollingUpdate");
  REQUIRE(set["spec"]["template"]["spec"]["restartPolicy"] == "Always");
}

TEST_CASE("TestValidateStatefulSet: a set without a namespace gets that of the request",
          "[validation]") {
  Server server;
  Json elsewhere = changed(R"({"metadata": {"name": "abc-123"}})");
  elsewhere["metadata"].erase("namespace");
  REQUIRE(server.create(Kind::StatefulSet, elsewhere)->key.ns == "default");
}

TEST_CASE("TestValidateStatefulSetMinReadySeconds: zero and more", "[validation]") {
  const auto [seconds, good] = GENERATE(table<std::int32_t, bool>({
      {0, true},
      {-1, false},
      {std::numeric_limits<std::int32_t>::max(), true},
      {std::numeric_limits<std::int32_t>::min(), false},
  }));
  CAPTURE(seconds);
  Json set = set_with_defaults();
  set["spec"]["minReadySeconds"] = seconds;
  REQUIRE(creating(set) == (good ? Texts{} : Texts{"Invalid spec.minReadySeconds"}));
}

TEST_CASE("TestValidateStatefulSetStatus: counters are neither negative nor too large",
          "[validation]") {
  struct Row {
    const char* name;
    api::StatefulSetStatus status;
    bool good;
  };
  const auto row = GENERATE(values<Row>({
      // generation, replicas, ready, current, updated, available, revisions, collisions
      {"valid status", {0, 3, 3, 2, 1, 0, "", "", 0, false}, true},
      {"invalid replicas", {0, -1, 3, 2, 1, 0, "", "", 0, false}, false},
      {"invalid readyReplicas", {0, 3, -1, 2, 1, 0, "", "", 0, false}, false},
      {"invalid currentReplicas", {0, 3, 3, -1, 1, 0, "", "", 0, false}, false},
      {"invalid updatedReplicas", {0, 3, 3, 2, -1, 0, "", "", 0, false}, false},
      {"invalid observedGeneration", {-1, 3, 3, 2, 1, 0, "", "", 0, false}, false},
      {"invalid collisionCount", {0, 3, 3, 2, 1, 0, "", "", -1, true}, false},
      {"readyReplicas greater than replicas", {0, 3, 4, 2, 1, 0, "", "", 0, false}, false},
      {"currentReplicas greater than replicas", {0, 3, 3, 4, 1, 0, "", "", 0, false}, false},
      {"updatedReplicas greater than replicas", {0, 3, 3, 2, 4, 0, "", "", 0, false}, false},
      {"number of available replicas", {0, 3, 3, 2, 0, -1, "", "", 0, false}, false},
      {"available replicas greater than replicas", {0, 3, 3, 2, 0, 4, "", "", 0, false}, false},
      {"available replicas greater than ready", {0, 3, 2, 2, 0, 3, "", "", 0, false}, false},
  }));
  CAPTURE(row.name);
  Server server;
  api::Object set = *server.set;
  set.as<api::StatefulSet>().status = row.status;
  const auto written = server.store.update_status(set, 0);
  REQUIRE(written.has_value() == row.good);
  if (!row.good) {
    REQUIRE(written.error().reason == "Invalid");
    REQUIRE_FALSE(written.error().causes.empty());
  }
}

TEST_CASE("TestValidateStatefulSetUpdate: what may change and what may not", "[validation]") {
  const char* const claim = R"({"spec": {"volumeClaimTemplates": [{"metadata": {"name": "pvc-abc"},
      "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "storage-class1",
               "volumeMode": "Filesystem", "resources": {"requests": {"storage": "1Gi"}}}}]}})";
  const auto row = GENERATE_COPY(values<UpdateCase>({
      {"update replica count", "{}", R"({"spec": {"replicas": 3}})", {}},
      {"update containers 1",
       "{}",
       R"({"spec": {"template": {"spec": {"containers": [
           {"name": "abc", "image": "image", "imagePullPolicy": "Always",
            "terminationMessagePolicy": "File"},
           {"name": "def", "image": "image2", "imagePullPolicy": "IfNotPresent",
            "terminationMessagePolicy": "File"}]}}}})",
       {}},
      {"update containers 2",
       R"({"spec": {"template": {"spec": {"containers": [
           {"name": "abc", "image": "image", "imagePullPolicy": "Always",
            "terminationMessagePolicy": "File"},
           {"name": "def", "image": "image2", "imagePullPolicy": "IfNotPresent",
            "terminationMessagePolicy": "File"}]}}}})",
       "{}",
       {}},
      {"update containers and pvc retention policy 1",
       R"({"spec": {"persistentVolumeClaimRetentionPolicy": null,
           "template": {"spec": {"terminationGracePeriodSeconds": 5}}}})",
       "{}",
       {}},
      {"update containers and pvc retention policy 2",
       R"({"spec": {"persistentVolumeClaimRetentionPolicy":
           {"whenDeleted": "Delete", "whenScaled": "Retain"}}})",
       R"({"spec": {"persistentVolumeClaimRetentionPolicy": null}})",
       {}},
      {"update update strategy",
       "{}",
       R"({"spec": {"updateStrategy": {"type": "OnDelete", "rollingUpdate": null}}})",
       {}},
      {"update min ready seconds 1", "{}", R"({"spec": {"minReadySeconds": 10}})", {}},
      {"update min ready seconds 2",
       R"({"spec": {"minReadySeconds": 5}})",
       R"({"spec": {"minReadySeconds": 10}})",
       {}},
      {"update existing instance with now-invalid name",
       R"({"metadata": {"name": "abc.123", "finalizers": ["example.com/final"]}})",
       R"({"metadata": {"name": "abc.123", "finalizers": null}})",
       {}},
      {"update existing instance with .spec.ordinals.start",
       "{}",
       R"({"spec": {"ordinals": {"start": 3}}})",
       {}},
      {"update name", "{}", R"({"metadata": {"name": "abc2"}})", {"Invalid metadata.name"}},
      {"update selector",
       "{}",
       R"({"spec": {"selector": {"matchLabels": {"a": null, "c": "d"}},
                    "template": {"metadata": {"labels": {"a": null, "c": "d"}}}}})",
       {"Forbidden spec"}},
      {"update pod management policy 1",
       R"({"spec": {"podManagementPolicy": ""}})",
       "{}",
       {"Forbidden spec"}},
      {"update pod management policy 2",
       R"({"spec": {"podManagementPolicy": "Parallel"}})",
       "{}",
       {"Forbidden spec"}},
      {"update to negative replicas",
       "{}",
       R"({"spec": {"replicas": -1}})",
       {"Invalid spec.replicas"}},
      {"update pvc template size",
       claim,
       R"({"spec": {"volumeClaimTemplates": [{"metadata": {"name": "pvc-abc"},
           "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "storage-class1",
               "volumeMode": "Filesystem", "resources": {"requests": {"storage": "2Gi"}}}}]}})",
       {"Forbidden spec"}},
      {"update pvc template storage class",
       claim,
       R"({"spec": {"volumeClaimTemplates": [{"metadata": {"name": "pvc-abc"},
           "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "storage-class2",
               "volumeMode": "Filesystem", "resources": {"requests": {"storage": "1Gi"}}}}]}})",
       {"Forbidden spec"}},
      {"add new pvc template", "{}", claim, {"Forbidden spec"}},
  }));
  CAPTURE(row.name);
  REQUIRE(refused(api::validate_update(
              Kind::StatefulSet, changed(row.update), changed(row.old), features())) == row.errors);
}

TEST_CASE("TestValidateStatefulSetUpdate: a document of another namespace is of another set",
          "[validation]") {
  Server server;
  Json moved = api::to_json(*server.set);
  moved["metadata"]["namespace"] = "default1";
  const auto written = server.store.update(Kind::StatefulSet, moved, 0);
  REQUIRE_FALSE(written);
  REQUIRE(written.error().reason == "NotFound");
}

TEST_CASE("TestStatefulSetStrategy: a new set has no status, and only a part of spec may change") {
  Server server;
  REQUIRE(status_of(server.set).replicas == 0);
  Json document = api::to_json(*server.set);
  document["spec"]["replicas"] = 5;
  document["status"]["replicas"] = 4;
  const auto scaled = server.store.update(Kind::StatefulSet, document, 0);
  REQUIRE(scaled);
  REQUIRE((*scaled)->as<api::StatefulSet>().spec->replicas == 5);
  REQUIRE(status_of(*scaled).replicas == 0);
  document = api::to_json(**scaled);
  document["spec"]["selector"]["matchLabels"] = {{"a", "bar"}};
  const auto refusal = server.store.update(Kind::StatefulSet, document, 0);
  REQUIRE_FALSE(refusal);
  REQUIRE(refusal.error().reason == "Invalid");
}

TEST_CASE("TestStatefulSetStatusStrategy: a write of the status leaves spec alone") {
  Server server;
  api::Object set = *server.set;
  auto spec = *set.as<api::StatefulSet>().spec;
  spec.replicas = 7;
  set.as<api::StatefulSet>().spec = std::make_shared<const api::StatefulSetSpec>(spec);
  set.as<api::StatefulSet>().status.replicas = 2;
  const auto written = server.store.update_status(set, 0);
  REQUIRE(written);
  REQUIRE(status_of(*written).replicas == 2);
  REQUIRE((*written)->as<api::StatefulSet>().spec->replicas == 1);
}

TEST_CASE(
    "TestDropStatefulSetDisabledFields: without the gate maxUnavailable goes, unless it is in use "
    "already") {
  const auto [gate, in_use, kept] = GENERATE(table<bool, bool, bool>({
      {true, true, true},
      {true, false, true},
      {false, false, false},
      {false, true, true},
  }));
  CAPTURE(gate, in_use);
  Json set = set_with_defaults();
  set["spec"]["updateStrategy"]["rollingUpdate"].erase("maxUnavailable");
  Json old = set;
  set["spec"]["updateStrategy"]["rollingUpdate"]["maxUnavailable"] = 3;
  if (in_use) {
    old["spec"]["updateStrategy"]["rollingUpdate"]["maxUnavailable"] = 2;
  }
  api::set_defaults(Kind::StatefulSet, set, old, features(gate));
  REQUIRE(set["spec"]["updateStrategy"]["rollingUpdate"].contains("maxUnavailable") == kept);
}
