#include "api/recorded.hpp"
#include "support/catch.hpp"

#include <stsim/api/decode.hpp>
#include <stsim/api/object.hpp>

#include <string>

using namespace stsim;
using api::Features;
using api::Json;
using api::Kind;

namespace {

Features release(std::string_view text) {
  return {*parse_release(text), {}};
}

/// What is stored of a new object.
Json created(Kind kind, Json document, const Features& features) {
  api::set_defaults(kind, document, nullptr, features);
  return document;
}

Json stateful_set(const Json& spec) {
  Json full = {{"selector", {{"matchLabels", {{"app", "web"}}}}},
               {"template",
                {{"metadata", {{"labels", {{"app", "web"}}}}},
                 {"spec", {{"containers", {{{"name", "web"}, {"image", "web:v1"}}}}}}}}};
  full.merge_patch(spec);
  return {{"apiVersion", "apps/v1"},
          {"kind", "StatefulSet"},
          {"metadata", {{"name", "web"}}},
          {"spec", std::move(full)}};
}

Json container_of(const Json& container, std::string_view in = "1.36") {
  const Json set = stateful_set({{"template", {{"spec", {{"containers", {container}}}}}}});
  return created(Kind::StatefulSet, set, release(in))["spec"]["template"]["spec"]["containers"][0];
}

Json pod_spec_of(const Json& pod_spec, std::string_view in = "1.36") {
  const Json set = stateful_set({{"template", {{"spec", pod_spec}}}});
  return created(Kind::StatefulSet, set, release(in))["spec"]["template"]["spec"];
}

}  // namespace

TEST_CASE("SS-1, SS-80a: a stored set is as recorded", "[defaults]") {
  const std::string in = GENERATE("1.26", "1.34", "1.36");
  const std::string name = GENERATE("full-objects", "rich-template");
  const auto steps = test::recording(in, name);
  if (steps.empty()) {
    return;  // not recorded in every release
  }
  const Json stored = test::printed_document(steps, "get sts web -o yaml");
  const Json mine = created(Kind::StatefulSet, test::applied(steps, "StatefulSet"), release(in));
  CHECK(mine["spec"] == stored["spec"]);
  CHECK(mine["status"] == Json::parse(R"({"availableReplicas": 0, "replicas": 0})"));
}

TEST_CASE("VA-11: a stored service is as recorded", "[defaults]") {
  const std::string in = GENERATE("1.26", "1.34", "1.36");
  const auto steps = test::recording(in, "full-objects");
  const Json stored = test::printed_document(steps, "get svc web-svc -o yaml");
  const Json mine = created(Kind::Service, test::applied(steps, "Service"), release(in));
  CHECK(mine["spec"] == stored["spec"]);
  CHECK(mine["status"] == stored["status"]);
}

TEST_CASE("PV-1: a stored volume is as recorded", "[defaults]") {
  const auto steps = test::recording("1.36", "full-objects");
  Json stored = test::printed_document(steps, "get pv pv001 -o yaml");
  stored["spec"].erase("claimRef");  // the binder's
  const Json mine =
      created(Kind::PersistentVolume, test::applied(steps, "PersistentVolume"), release("1.36"));
  CHECK(mine["spec"] == stored["spec"]);
  CHECK(mine["status"] == Json{{"phase", "Pending"}});
}

TEST_CASE("PV-2: a stored claim is as recorded", "[defaults]") {
  const auto steps = test::recording("1.36", "full-objects");
  Json stored = test::printed_document(steps, "get pvc data-web-0 -o yaml");
  stored["spec"].erase("volumeName");  // the binder's
  Json claim = test::applied(steps, "StatefulSet")["spec"]["volumeClaimTemplates"][0];
  const Json mine = created(Kind::PersistentVolumeClaim, claim, release("1.36"));
  CHECK(mine["spec"] == stored["spec"]);
  CHECK(mine["status"] == Json{{"phase", "Pending"}});
}

TEST_CASE("PN-61, SS-80a, VA-14: a stored pod is as recorded, without an account", "[defaults]") {
  const std::string in = GENERATE("1.26", "1.34", "1.36");
  const auto steps = test::recording(in, "full-objects");
  Json stored = test::printed_document(steps, "get pod web-0 -o yaml");
  // As the controller builds it from the stored template (SS-23).
  Json pod = test::printed_document(steps, "get sts web -o yaml")["spec"]["template"];
  pod["spec"]["hostname"] = "web-0";
  pod["spec"]["subdomain"] = "web-svc";
  pod["spec"]["volumes"] =
      Json::parse(R"([{"name": "data", "persistentVolumeClaim": {"claimName": "data-web-0"}}])");
  const Json mine = created(Kind::Pod, pod, release(in));
  stored["spec"].erase("nodeName");
  CHECK(mine["spec"] == stored["spec"]);
  CHECK(mine["status"] == Json::parse(R"({"phase": "Pending", "qosClass": "BestEffort"})"));
}

TEST_CASE("SS-2: a named strategy keeps its missing block", "[defaults]") {
  const Json named = created(Kind::StatefulSet,
                             stateful_set({{"updateStrategy", {{"type", "RollingUpdate"}}}}),
                             release("1.36"));
  CHECK(named["spec"]["updateStrategy"] == Json{{"type", "RollingUpdate"}});
  const Json left_out = created(Kind::StatefulSet, stateful_set(Json::object()), release("1.36"));
  CHECK(left_out["spec"]["updateStrategy"] ==
        Json::parse(R"({"type": "RollingUpdate", "rollingUpdate": {"partition": 0}})"));
  const Json on_delete = created(Kind::StatefulSet,
                                 stateful_set({{"updateStrategy", {{"type", "OnDelete"}}}}),
                                 release("1.36"));
  CHECK(on_delete["spec"]["updateStrategy"] == Json{{"type", "OnDelete"}});
}

TEST_CASE("SS-3, SS-4: maxUnavailable needs its gate", "[defaults]") {
  const Json set = stateful_set({{"updateStrategy", {{"rollingUpdate", {{"maxUnavailable", 2}}}}}});
  Features off = release("1.36");
  Features on = off;
  on.gates["MaxUnavailableStatefulSet"] = true;
  const auto block = [](const Json& stored) {
    return stored["spec"]["updateStrategy"]["rollingUpdate"];
  };
  CHECK(block(created(Kind::StatefulSet, set, off)) == Json{{"partition", 0}});
  CHECK(block(created(Kind::StatefulSet, set, on)) ==
        Json::parse(R"({"partition": 0, "maxUnavailable": 2})"));
  CHECK(block(created(Kind::StatefulSet, stateful_set(Json::object()), on)) ==
        Json::parse(R"({"partition": 0, "maxUnavailable": 1})"));
  // What is stored already stays, whatever the gate.
  Json update = set;
  api::set_defaults(Kind::StatefulSet, update, created(Kind::StatefulSet, set, on), off);
  CHECK(block(update)["maxUnavailable"] == 2);
}

TEST_CASE("SS-250: fields of a later release are dropped while their gate is off", "[defaults]") {
  const Json set =
      stateful_set({{"ordinals", {{"start", 2}}},
                    {"persistentVolumeClaimRetentionPolicy", {{"whenDeleted", "Delete"}}}});
  const Json old = created(Kind::StatefulSet, set, release("1.26"))["spec"];
  CHECK_FALSE(old.contains("ordinals"));
  CHECK_FALSE(old.contains("persistentVolumeClaimRetentionPolicy"));
  const Json later = created(Kind::StatefulSet, set, release("1.27"))["spec"];
  CHECK(later["ordinals"] == Json{{"start", 2}});
  CHECK(later["persistentVolumeClaimRetentionPolicy"] ==
        Json::parse(R"({"whenDeleted": "Delete", "whenScaled": "Retain"})"));
}

TEST_CASE("SS-240, SS-250: gates are on as in their release", "[defaults]") {
  const auto on = [](std::string_view in, std::string_view gate) {
    return release(in).enabled(gate);
  };
  CHECK_FALSE(on("1.34", "MaxUnavailableStatefulSet"));
  CHECK(on("1.35.0", "MaxUnavailableStatefulSet"));
  CHECK_FALSE(on("1.35", "MaxUnavailableStatefulSet"));
  CHECK_FALSE(on("1.36", "MaxUnavailableStatefulSet"));
  CHECK_FALSE(on("1.26", "StatefulSetAutoDeletePVC"));
  CHECK(on("1.27", "StatefulSetAutoDeletePVC"));
  CHECK(on("1.36", "StatefulSetAutoDeletePVC"));
  CHECK_FALSE(on("1.25", "StatefulSetStartOrdinal"));
  CHECK(on("1.28", "PodIndexLabel"));
  CHECK_FALSE(on("1.27", "PodIndexLabel"));
  CHECK(on("1.36", "StaleControllerConsistencyStatefulSet"));
  CHECK_FALSE(on("1.35", "StaleControllerConsistencyStatefulSet"));
  CHECK_FALSE(on("1.36", "NoSuchGate"));
  Features set = release("1.36");
  set.gates = {{"StatefulSetAutoDeletePVC", false},
               {"StaleControllerConsistencyStatefulSet", false}};
  CHECK(set.enabled("StatefulSetAutoDeletePVC"));  // no longer a matter of choice
  CHECK_FALSE(set.enabled("StaleControllerConsistencyStatefulSet"));
  // A gate that the release does not have yet cannot be switched on.
  Features early = release("1.25");
  early.gates = {{"StatefulSetStartOrdinal", true}};
  CHECK_FALSE(early.enabled("StatefulSetStartOrdinal"));
  CHECK(std::ranges::is_sorted(api::known_gates()));
}

TEST_CASE("PN-11: the pull policy follows the tag", "[defaults]") {
  const auto [image, expected] = GENERATE(table<std::string, std::string>({
      {"web", "Always"},
      {"web:latest", "Always"},
      {"web:v1", "IfNotPresent"},
      {"registry.example:5000/web", "Always"},
      {"registry.example:5000/web:v1", "IfNotPresent"},
      {"web@sha256:0000000000000000000000000000000000000000000000000000000000000000",
       "IfNotPresent"},
      {"web:latest@sha256:0000000000000000000000000000000000000000000000000000000000000000",
       "Always"},
      {"", "IfNotPresent"},
  }));
  CHECK(container_of({{"name", "c"}, {"image", image}})["imagePullPolicy"] == expected);
}

TEST_CASE("SS-80a: what means nothing is not stored", "[defaults]") {
  const Json c = container_of(Json::parse(R"({
      "name": "c", "image": "web:v1", "stdin": false, "command": [], "workingDir": "",
      "env": [{"name": "A", "value": ""}],
      "volumeMounts": [{"name": "d", "mountPath": "/d", "readOnly": false, "subPath": ""}],
      "securityContext": {"privileged": false, "runAsUser": 0},
      "readinessProbe": {"exec": {"command": ["true"]}, "initialDelaySeconds": 0}})"));
  CHECK(c == Json::parse(R"({
      "name": "c", "image": "web:v1", "env": [{"name": "A"}], "imagePullPolicy": "IfNotPresent",
      "resources": {}, "terminationMessagePath": "/dev/termination-log",
      "terminationMessagePolicy": "File",
      "volumeMounts": [{"name": "d", "mountPath": "/d"}],
      "securityContext": {"privileged": false, "runAsUser": 0},
      "readinessProbe": {"exec": {"command": ["true"]}, "failureThreshold": 3, "periodSeconds": 10,
                         "successThreshold": 1, "timeoutSeconds": 1}})"));
}

TEST_CASE("SS-80a: references and volumes get their defaults", "[defaults]") {
  const Json c = container_of(Json::parse(R"({
      "name": "c", "image": "web:v1",
      "env": [{"name": "A", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}}],
      "lifecycle": {"preStop": {"httpGet": {"port": 80}}},
      "livenessProbe": {"grpc": {"port": 9}}})"));
  CHECK(c["env"][0]["valueFrom"]["resourceFieldRef"] ==
        Json::parse(R"({"divisor": "0", "resource": "limits.cpu"})"));
  CHECK(c["lifecycle"]["preStop"]["httpGet"] ==
        Json::parse(R"({"path": "/", "port": 80, "scheme": "HTTP"})"));
  CHECK(c["livenessProbe"]["grpc"] == Json::parse(R"({"port": 9, "service": ""})"));
  const Json volumes = pod_spec_of(Json::parse(R"({"volumes": [
      {"name": "a"}, {"name": "b", "hostPath": {"path": "/b"}},
      {"name": "c", "projected": {"sources": [{"serviceAccountToken": {"path": "t"}}]}},
      {"name": "d", "downwardAPI": {"items": [{"path": "p", "fieldRef": {"fieldPath": "metadata.name"}}]}},
      {"name": "e", "emptyDir": {"sizeLimit": "1024Mi"}},
      {"name": "f", "secret": {"secretName": "s", "defaultMode": 0}}]})"))["volumes"];
  CHECK(volumes == Json::parse(R"([
      {"name": "a", "emptyDir": {}}, {"name": "b", "hostPath": {"path": "/b", "type": ""}},
      {"name": "c", "projected": {"defaultMode": 420, "sources": [
          {"serviceAccountToken": {"path": "t", "expirationSeconds": 3600}}]}},
      {"name": "d", "downwardAPI": {"defaultMode": 420, "items": [
          {"path": "p", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}]}},
      {"name": "e", "emptyDir": {"sizeLimit": "1Gi"}},
      {"name": "f", "secret": {"secretName": "s", "defaultMode": 0}}])"));
  CHECK(pod_spec_of({{"serviceAccountName", "robot"}})["serviceAccount"] == "robot");
}

TEST_CASE("SS-80a: a pod's requests follow its limits, a template's do not", "[defaults]") {
  const Json limited = Json::parse(R"({"name": "c", "image": "web:v1",
      "resources": {"limits": {"cpu": 1, "memory": "1024Mi"}, "requests": {"cpu": "0.1"}}})");
  CHECK(container_of(limited)["resources"] ==
        Json::parse(R"({"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "100m"}})"));
  const Json pod = created(Kind::Pod, {{"spec", {{"containers", {limited}}}}}, release("1.36"));
  CHECK(pod["spec"]["containers"][0]["resources"]["requests"] ==
        Json::parse(R"({"cpu": "100m", "memory": "1Gi"})"));
  CHECK(pod["status"]["qosClass"] == "Burstable");
}

TEST_CASE("PN-1: amounts of zero do not count for a pod's quality of service", "[defaults]") {
  const auto qos = [](const char* resources) {
    const Json pod = created(
        Kind::Pod,
        {{"spec",
          {{"containers",
            {{{"name", "c"}, {"image", "web:v1"}, {"resources", Json::parse(resources)}}}}}}},
        release("1.36"));
    const Json stored = api::to_json(api::from_json(Kind::Pod, pod));
    CHECK(stored["status"]["qosClass"] == pod["status"]["qosClass"]);
    return api::text(stored["status"], "qosClass");
  };
  CHECK(qos("{}") == "BestEffort");
  CHECK(qos(R"({"requests":{"cpu":"0"}})") == "BestEffort");
  CHECK(qos(R"({"limits":{"cpu":"0","memory":"0"}})") == "BestEffort");
  CHECK(qos(R"({"requests":{"cpu":"100m"}})") == "Burstable");
  CHECK(qos(R"({"limits":{"cpu":"1","memory":"1Gi"}})") == "Guaranteed");
  CHECK(qos(R"({"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"500m"}})") == "Burstable");
}

TEST_CASE("PN-61: tolerations that are there already are not added", "[defaults]") {
  const Json pod = created(Kind::Pod,
                           Json::parse(R"({"spec": {"containers": [{"name": "c", "image": "i"}],
          "tolerations": [{"key": "node.kubernetes.io/not-ready", "operator": "Exists"}]}})"),
                           release("1.36"));
  CHECK(pod["spec"]["tolerations"] == Json::parse(R"([
      {"key": "node.kubernetes.io/not-ready", "operator": "Exists"},
      {"effect": "NoExecute", "key": "node.kubernetes.io/unreachable", "operator": "Exists",
       "tolerationSeconds": 300}])"));
}

TEST_CASE("VA-11: services keep their address on an update that leaves it out", "[defaults]") {
  const Json plain = Json::parse(R"({"spec": {"ports": [{"port": 80, "targetPort": "http"}],
                                              "selector": {"app": "web"}}})");
  Json stored = created(Kind::Service, plain, release("1.36"));
  CHECK_FALSE(stored["spec"].contains("clusterIP"));
  CHECK(stored["spec"]["ports"] ==
        Json::parse(R"([{"port": 80, "protocol": "TCP", "targetPort": "http"}])"));
  stored["spec"]["clusterIP"] = "10.0.0.9";
  stored["spec"]["clusterIPs"] = {"10.0.0.9"};
  Json update = plain;
  api::set_defaults(Kind::Service, update, stored, release("1.36"));
  CHECK(update["spec"]["clusterIP"] == "10.0.0.9");
  CHECK(update["spec"]["clusterIPs"] == Json::parse(R"(["10.0.0.9"])"));
}

TEST_CASE("VA-11: a headless service without selector may use both families", "[defaults]") {
  const Json service = created(
      Kind::Service, Json::parse(R"({"spec": {"clusterIP": "None"}})"), release("1.36"))["spec"];
  CHECK(service["ipFamilyPolicy"] == "RequireDualStack");
  CHECK(service["ipFamilies"] == Json::parse(R"(["IPv4", "IPv6"])"));
}

TEST_CASE("SS-1: defaults are there only once", "[defaults]") {
  const std::string in = GENERATE("1.25", "1.30", "1.36");
  const auto steps = test::recording("1.36", "rich-template");
  const Json once = created(Kind::StatefulSet, test::applied(steps, "StatefulSet"), release(in));
  Json twice = once;
  api::set_defaults(Kind::StatefulSet, twice, once, release(in));
  CHECK(twice == once);
}
