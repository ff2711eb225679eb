// What is refused of sets and pods.
#include "api/recorded.hpp"
#include "api/refusals.hpp"
#include "support/catch.hpp"

#include <string>

using namespace stsim;
using api::Features;
using api::Json;
using api::Kind;
using test::creating;
using test::in;
using test::patching;
using test::stored;
using test::texts;
using test::Texts;
using test::web;

namespace {

Json with_container(const char* text) {
  Json set = web();
  set["spec"]["template"]["spec"]["containers"] = Json::array({Json::parse(text)});
  return set;
}

Texts container(const char* text, std::string_view release = "1.36") {
  return creating(Kind::StatefulSet, with_container(text), Json::object(), release);
}

/// What is said of a pod template with such a spec, without the path to it.
Texts template_of(const char* pod_spec, std::string_view release = "1.36") {
  Json set = web();
  set["spec"]["template"]["spec"].merge_patch(Json::parse(pod_spec));
  Texts out = creating(Kind::StatefulSet, set, Json::object(), release);
  for (std::string& text : out) {
    constexpr std::string_view kPath = "spec.template.spec.";
    REQUIRE(text.starts_with(kPath));
    text.erase(0, kPath.size());
  }
  return out;
}

}  // namespace

TEST_CASE("SS-5: what the recordings accepted is valid", "[validation]") {
  for (const char* release : {"1.26", "1.34", "1.36"}) {
    for (const char* name : {"full-objects", "rich-template", "pv-prebound", "start-ordinal"}) {
      for (const Json& step : test::recording(release, name)) {
        const Json& manifests = api::member(step.at("step"), "apply");
        for (const Json& manifest : manifests.is_array() ? manifests : Json::array()) {
          const auto kind =
              api::find_kind(api::text(manifest, "apiVersion"), api::text(manifest, "kind"));
          REQUIRE(kind);
          const Json document = stored(*kind, manifest, release);
          INFO(release << " " << name << " " << manifest.dump());
          CHECK(texts(api::validate(*kind, document, in(release))) == Texts{});
          CHECK(texts(api::validate_update(*kind, document, document, in(release))) == Texts{});
        }
      }
    }
  }
}

TEST_CASE("KC-32: patches are refused as recorded", "[validation]") {
  const std::string release = GENERATE("1.34", "1.36");
  const auto steps = test::recording(release, "user-errors");
  const Json old = stored(Kind::StatefulSet, test::applied(steps, "StatefulSet"), release);
  int compared = 0;
  for (const Json& step : steps) {
    const std::string command = api::text(step.at("step"), "kubectl");
    const std::size_t begin = command.find("-p '{");
    const std::string printed = api::text(api::member(step, "output"), "stderr");
    constexpr std::string_view kIntro = "The StatefulSet \"web\" is invalid: ";
    if (begin == std::string::npos || !printed.starts_with(kIntro)) {
      continue;
    }
    const Json patch = Json::parse(command.substr(begin + 4, command.size() - begin - 5));
    std::string mine;
    const Texts all = patching(Kind::StatefulSet, old, patch, release);
    for (const std::string& text : all) {
      mine += all.size() > 1 ? "\n* " + text : text;
    }
    CHECK(std::string(kIntro) + mine + "\n" == printed);
    ++compared;
  }
  CHECK(compared == 5);
}

TEST_CASE("SS-6: names", "[validation]") {
  const Texts none;
  CHECK(creating(R"({"metadata": {"name": null}})") ==
        Texts{"metadata.name: Required value: name or generateName is required"});
  CHECK(creating(R"({"metadata": {"name": "web.a"}})") ==
        Texts{R"(metadata.name: Invalid value: "web.a": must not contain dots)"});
  CHECK(creating(R"({"metadata": {"name": "web.a"}})", "1.26") == none);
  CHECK(creating(R"({"metadata": {"name": "Web"}})") ==
        Texts{"metadata.name: Invalid value: \"Web\": a lowercase RFC 1123 label must consist of "
              "lower case alphanumeric characters or '-', and must start and end with an "
              "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
              "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"});
  const Json long_name = {{"metadata", {{"name", std::string(64, 'a')}}}};
  CHECK(creating(Kind::StatefulSet, web(), long_name) ==
        Texts{"metadata.name: Invalid value: \"" + std::string(64, 'a') +
              "\": must be no more than 63 characters"});
}

TEST_CASE("SS-5: labels and annotations", "[validation]") {
  CHECK(
      creating(R"({"metadata": {"labels": {"a/b/c": "x"}}})") ==
      Texts{"metadata.labels: Invalid value: \"a/b/c\": a valid label key must consist of "
            "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
            "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
            "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and "
            "'/' (e.g. 'example.com/MyName')"});
  CHECK(creating(R"({"metadata": {"labels": {"a": "x y"}}})") ==
        Texts{"metadata.labels: Invalid value: \"x y\": a valid label must be an empty string or "
              "consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
              "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for "
              "validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"});
  CHECK(
      creating(R"({"metadata": {"annotations": {"Example.com/A": "any text: at all"}}})").empty());
}

TEST_CASE("SS-5: the spec of a set", "[validation]") {
  const auto [change, expected] = GENERATE(table<std::string, std::string>({
      {R"({"spec": {"replicas": -1}})",
       "spec.replicas: Invalid value: -1: must be greater than or equal to 0"},
      {R"({"spec": {"minReadySeconds": -1}})",
       "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0"},
      {R"({"spec": {"ordinals": {"start": -2}}})",
       "spec.ordinals.start: Invalid value: -2: must be greater than or equal to 0"},
      {R"({"spec": {"podManagementPolicy": "Any"}})",
       R"(spec.podManagementPolicy: Invalid value: "Any": must be 'OrderedReady' or 'Parallel')"},
      {R"({"spec": {"updateStrategy": {"type": "Recreate"}}})",
       R"(spec.updateStrategy: Invalid value: {"Type":"Recreate","RollingUpdate":null}: must be 'RollingUpdate' or 'OnDelete')"},
      {R"({"spec": {"updateStrategy": {"type": "OnDelete", "rollingUpdate": {"partition": 1}}}})",
       R"(spec.updateStrategy.rollingUpdate: Invalid value: {"Partition":1,"MaxUnavailable":null}: only allowed for updateStrategy 'RollingUpdate')"},
      {R"({"spec": {"persistentVolumeClaimRetentionPolicy": {"whenScaled": "Keep"}}})",
       R"(spec.persistentVolumeClaimRetentionPolicy.whenScaled: Unsupported value: "Keep": supported values: "Retain", "Delete")"},
      {R"({"spec": {"serviceName": "web.svc"}})",
       R"(spec.serviceName: Invalid value: "web.svc": must not contain dots)"},
      {R"({"spec": {"selector": {"matchLabels": null}}})",
       "spec.selector: Invalid value: {}: empty selector is invalid for statefulset"},
      {R"({"spec": {"template": {"metadata": {"labels": {"app": "x"}}}}})",
       R"(spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`)"},
      {R"({"spec": {"template": {"metadata": {"labels": null}}}})",
       "spec.template.metadata.labels: Invalid value: null: `selector` does not match template "
       "`labels`"},
      {R"({"spec": {"template": {"spec": {"restartPolicy": "Never"}}}})",
       R"(spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always")"},
      {R"({"spec": {"template": {"spec": {"activeDeadlineSeconds": 5}}}})",
       "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in StatefulSet "
       "is "
       "not Supported"},
      {R"({"spec": {"template": {"spec": {"containers": null}}}})",
       "spec.template.spec.containers: Required value"},
      {R"({"spec": {"volumeClaimTemplates": [{"metadata": {"name": "d"}, "spec": {"resources": {"requests": {"storage": "1Gi"}}}}]}})",
       "spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access mode is "
       "required"},
      {R"({"spec": {"volumeClaimTemplates": [{"metadata": {"name": "d"}, "spec": {"accessModes": ["ReadWriteOnce"]}}]}})",
       "spec.volumeClaimTemplates[0].spec.resources[storage]: Required value"},
  }));
  CHECK(creating(Kind::StatefulSet, web(), Json::parse(change)) == Texts{expected});
}

TEST_CASE("SS-5: no selector is missing and matches no labels", "[validation]") {
  CHECK(creating(R"({"spec": {"selector": null}})") ==
        Texts{"spec.selector: Required value",
              R"(spec.template.metadata.labels: Invalid value: {"app":"web"}: )"
              "`selector` does not match template `labels`"});
}

TEST_CASE("SS-5: maxUnavailable", "[validation]") {
  Features features = in("1.36");
  features.gates["MaxUnavailableStatefulSet"] = true;
  const auto say = [&features](const Json& value) {
    Json set = web();
    set["spec"]["updateStrategy"] = {{"rollingUpdate", {{"maxUnavailable", value}}}};
    api::set_defaults(Kind::StatefulSet, set, nullptr, features);
    return texts(api::validate(Kind::StatefulSet, set, features));
  };
  const std::string field = "spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: ";
  CHECK(say(2).empty());
  CHECK(say("50%").empty());
  CHECK(say("100%").empty());
  CHECK(say(0) == Texts{field + "0: cannot be 0"});
  CHECK(say("0%") == Texts{field + "\"0%\": cannot be 0"});
  CHECK(say("101%") == Texts{field + "\"101%\": must not be greater than 100%"});
  CHECK(say(-1) == Texts{field + "-1: must be greater than or equal to 0"});
  CHECK(say("many").size() == 2);
}

TEST_CASE("SS-250: earlier releases look at less", "[validation]") {
  const Json no_image = with_container(R"({"name": "web"})");
  CHECK(creating(Kind::StatefulSet, no_image, Json::object(), "1.33").empty());
  CHECK(creating(Kind::StatefulSet, no_image, Json::object(), "1.34") ==
        Texts{"spec.template.spec.containers[0].image: Required value"});
  CHECK(creating(R"({"spec": {"serviceName": "Web"}})", "1.32").empty());
  CHECK(creating(R"({"spec": {"serviceName": "Web"}})", "1.33").size() == 1);
  // Values were printed in Go's syntax.
  CHECK(creating(R"({"spec": {"template": {"metadata": {"labels": {"app": "x"}}}}})", "1.33") ==
        Texts{"spec.template.metadata.labels: Invalid value: map[string]string{\"app\":\"x\"}: "
              "`selector` does not match template `labels`"});
}

TEST_CASE("SS-7, SS-250: what may not change is named as in the release", "[validation]") {
  const auto refused = [](std::string_view release) {
    return patching(R"({"spec": {"serviceName": "other"}})", release);
  };
  const std::string intro = "spec: Forbidden: updates to statefulset spec for fields other than ";
  CHECK(refused("1.25") ==
        Texts{intro +
              "'replicas', 'template', 'updateStrategy', "
              "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"});
  CHECK(refused("1.32") ==
        Texts{intro +
              "'replicas', 'ordinals', 'template', 'updateStrategy', "
              "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"});
  CHECK(refused("1.33") == refused("1.36"));
  CHECK(patching(R"({"spec": {"revisionHistoryLimit": 5}})", "1.32") == refused("1.32"));
  CHECK(patching(R"({"spec": {"revisionHistoryLimit": 5}})", "1.33").empty());
  CHECK(patching(R"({"spec": {"replicas": 0, "minReadySeconds": 3, "ordinals": {"start": 1},
                              "updateStrategy": {"type": "OnDelete", "rollingUpdate": null}}})")
            .empty());
  CHECK(patching(R"({"spec": {"podManagementPolicy": "Parallel"}})").size() == 1);
  CHECK(patching(R"({"metadata": {"labels": {"a": "b"}}})").empty());
}

TEST_CASE("SS-7: a template that was wrong before does not stop an update", "[validation]") {
  Json old = stored(Kind::StatefulSet, with_container(R"({"name": "web"})"), "1.36");
  CHECK(patching(Kind::StatefulSet, old, Json::parse(R"({"spec": {"replicas": 1}})")).empty());
}

TEST_CASE("SS-8: a negative history limit is accepted", "[validation]") {
  Json set = web();
  set["spec"]["revisionHistoryLimit"] = -1;
  CHECK(creating(Kind::StatefulSet, set, Json::object()).empty());
}

TEST_CASE("SS-5: containers", "[validation]") {
  const std::string at = "spec.template.spec.containers[0].";
  CHECK(container(R"({"image": "i"})") == Texts{at + "name: Required value"});
  CHECK(container(R"({"name": "c"})") == Texts{at + "image: Required value"});
  CHECK(container(R"({"name": "c", "image": "i", "imagePullPolicy": "Sometimes"})") ==
        Texts{at +
              "imagePullPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\", "
              "\"IfNotPresent\", \"Never\""});
  CHECK(container(R"({"name": "c", "image": "i", "ports": [{"containerPort": 0}]})") ==
        Texts{at + "ports[0].containerPort: Required value"});
  CHECK(container(R"({"name": "c", "image": "i", "ports": [{"containerPort": 70000}]})") ==
        Texts{at + "ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, "
                   "inclusive"});
  CHECK(container(R"({"name": "c", "image": "i", "ports": [
                      {"containerPort": 1, "name": "a"}, {"containerPort": 2, "name": "a"}]})") ==
        Texts{at + "ports[1].name: Duplicate value: \"a\""});
  CHECK(container(R"({"name": "c", "image": "i", "env": [{"value": "x"}]})") ==
        Texts{at + "env[0].name: Required value"});
  CHECK(container(R"({"name": "c", "image": "i", "env": [{"name": "a=b"}]})") ==
        Texts{at + "env[0].name: Invalid value: \"a=b\": a valid environment variable name must "
                   "consist only of printable ASCII characters other than '='"});
  CHECK(container(R"({"name": "c", "image": "i", "env": [
                      {"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "spec.hosts"}}}]})") ==
        Texts{at + "env[0].valueFrom.fieldRef.fieldPath: Invalid value: \"spec.hosts\": error "
                   "converting fieldPath: field label not supported: spec.hosts"});
  CHECK(container(R"({"name": "c", "image": "i", "readinessProbe": {"periodSeconds": 5}})") ==
        Texts{at + "readinessProbe: Required value: must specify a handler type"});
  CHECK(container(R"({"name": "c", "image": "i",
                      "livenessProbe": {"tcpSocket": {"port": 80}, "successThreshold": 2}})") ==
        Texts{at + "livenessProbe.successThreshold: Invalid value: 2: must be 1"});
  CHECK(container(R"({"name": "c", "image": "i", "resources": {
                      "requests": {"memory": "2Gi"}, "limits": {"memory": "1Gi"}}})") ==
        Texts{at +
              "resources.requests: Invalid value: \"2Gi\": must be less than or equal to memory "
              "limit of 1Gi"});
  CHECK(container(R"({"name": "c", "image": "i", "resources": {"limits": {"gpu": 1}}})").size() ==
        2);
  CHECK(container(R"({"name": "c", "image": "i", "resources": {"limits": {"x.io/gpu": 1}}})")
            .empty());
}

TEST_CASE("SS-5: names of containers are unique", "[validation]") {
  const Json twice = Json::parse(R"({"spec": {"template": {"spec": {
      "initContainers": [{"name": "b", "image": "i"}, {"name": "a", "image": "i"}],
      "containers": [{"name": "a", "image": "i"}, {"name": "a", "image": "i"}]}}}})");
  CHECK(creating(Kind::StatefulSet, web(), twice) ==
        Texts{"spec.template.spec.containers[1].name: Duplicate value: \"a\"",
              "spec.template.spec.initContainers[1].name: Duplicate value: \"a\""});
}

TEST_CASE("SS-5: a mount names a volume or a claim template", "[validation]") {
  const char* mounting = R"({"name": "c", "image": "i",
                             "volumeMounts": [{"name": "data", "mountPath": "/data"}]})";
  const Json without = with_container(mounting);
  const auto errors =
      api::validate(Kind::StatefulSet, stored(Kind::StatefulSet, without, "1.36"), in("1.36"));
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].field == "spec.template.spec.containers[0].volumeMounts[0].name");
  CHECK(errors[0].value == "\"data\"");
  CHECK(creating(Kind::StatefulSet,
                 without,
                 Json::parse(R"({"spec": {"volumeClaimTemplates": [{"metadata": {"name": "data"},
                     "spec": {"accessModes": ["ReadWriteOnce"],
                              "resources": {"requests": {"storage": "1Gi"}}}}]}})"))
            .empty());
  CHECK(
      creating(Kind::StatefulSet,
               without,
               Json::parse(R"({"spec": {"template": {"spec": {"volumes": [{"name": "data"}]}}}})"))
          .empty());
}

TEST_CASE("SS-5: volumes of a template", "[validation]") {
  const auto volumes = [](const char* text) {
    return creating(Kind::StatefulSet,
                    web(),
                    {{"spec", {{"template", {{"spec", {{"volumes", Json::parse(text)}}}}}}}});
  };
  const std::string at = "spec.template.spec.volumes[0]";
  CHECK(volumes(R"([{"name": "a", "emptyDir": {}, "hostPath": {"path": "/x"}}])") ==
        Texts{at + ".hostPath: Forbidden: may not specify more than 1 volume type"});
  CHECK(volumes(R"([{"name": "a", "nfs": {"server": "s", "path": "p"}}])") ==
        Texts{at + ".nfs.path: Invalid value: \"p\": must be an absolute path"});
  CHECK(volumes(R"([{"name": "a"}, {"name": "a"}])") ==
        Texts{"spec.template.spec.volumes[1].name: Duplicate value: \"a\""});
  CHECK(volumes(R"([{"emptyDir": {}}])") == Texts{at + ".name: Required value"});
  CHECK(volumes(R"([{"name": "a", "configMap": {}}])") ==
        Texts{at + ".configMap.name: Required value"});
}

TEST_CASE("since 1.35 variables may come from files", "[validation]") {
  const auto said = [](const char* from, std::string_view release) {
    Json set = web();
    set["spec"]["template"]["spec"]["containers"][0]["env"] =
        Json::array({{{"name", "A"}, {"valueFrom", Json::parse(from)}}});
    return creating(Kind::StatefulSet, set, Json::object(), release);
  };
  const std::string at = "spec.template.spec.containers[0].env[0].valueFrom";
  const std::string all =
      at + ": Invalid value: \"\": must specify one of: `fieldRef`, `resourceFieldRef`, ";
  CHECK(said("{}", "1.34") == Texts{all + "`configMapKeyRef` or `secretKeyRef`"});
  CHECK(said("{}", "1.36") == Texts{all + "`configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"});
  CHECK(said(R"({"fileKeyRef": {"path": "../x"}})", "1.36") ==
        Texts{at + ".fileKeyRef.key: Required value",
              at + ".fileKeyRef.volumeName: Required value",
              at + ".fileKeyRef.path: Invalid value: \"../x\": must not contain '..'"});
}

TEST_CASE("KC-32: what two checks find is told once", "[validation]") {
  const api::FieldError one{api::FieldError::Type::Required, "spec.a", "", ""};
  const api::FieldError other{api::FieldError::Type::Required, "spec.b", "", ""};
  const api::ApiError error = api::invalid(Kind::Pod, "p", {one, other, one});
  CHECK(error.message == "Pod \"p\" is invalid: [spec.a: Required value, spec.b: Required value]");
  CHECK(error.causes.size() == 2);
}

TEST_CASE("PN-20: little of a pod may change", "[validation]") {
  Json pod = Json::parse(R"({"metadata": {"name": "p"}, "spec": {
      "containers": [{"name": "c", "image": "i:1"}]}})");
  pod = stored(Kind::Pod, std::move(pod), "1.36");
  const auto say = [&pod](const char* patch) {
    return patching(Kind::Pod, pod, Json::parse(patch));
  };
  CHECK(say(R"({"spec": {"containers": [{"name": "c", "image": "i:2"}]}})").empty());
  CHECK(say(R"({"spec": {"activeDeadlineSeconds": 10}})").empty());
  CHECK(say(R"({"metadata": {"labels": {"a": "b"}}})").empty());
  CHECK(say(R"({"spec": {"containers": [{"name": "d", "image": "i:2"}]}})") ==
        Texts{"spec.containers: Forbidden: pod updates may not add or remove containers"});
  CHECK(say(R"({"spec": {"tolerations": []}})") ==
        Texts{"spec.tolerations: Forbidden: existing toleration can not be modified except its "
              "tolerationSeconds"});
  const Texts moved = say(R"({"spec": {"nodeName": "node9"}})");
  REQUIRE(moved.size() == 1);
  CHECK(moved[0].starts_with(
      "spec: Forbidden: pod updates may not change fields other than "
      "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
      "`spec.tolerations` (only additions to existing tolerations),"
      "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously "
      "negative)\n@@ -"));
  CHECK(
      moved[0].ends_with("@@\n  \"NodeSelector\": null,\n  \"ServiceAccountName\": \"\",\n  "
                         "\"AutomountServiceAccountToken\": null,\n- \"NodeName\": \"\",\n+ "
                         "\"NodeName\": \"node9\",\n  \"SecurityContext\": {\n   "
                         "\"HostNetwork\": false,\n   \"HostPID\": false,\n"));
  const Texts claimed =
      say(R"({"spec": {"volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "c"}}]}})");
  REQUIRE(claimed.size() == 1);
  CHECK(claimed[0].find(
            "@@ -1,5 +1,42 @@\n {\n- \"Volumes\": null,\n+ \"Volumes\": [\n+  {\n+   \"Name\": "
            "\"v\",\n+   \"HostPath\": null,\n+   \"EmptyDir\": null,\n") != std::string::npos);
  CHECK(claimed[0].find("+   \"Glusterfs\": null,\n+   \"PersistentVolumeClaim\": {\n+    "
                        "\"ClaimName\": \"c\",\n+    \"ReadOnly\": false\n+   },\n") !=
        std::string::npos);
  CHECK(
      claimed[0].ends_with("+   \"Ephemeral\": null,\n+   \"Image\": null\n+  }\n+ ],\n  "
                           "\"InitContainers\": null,\n  \"Containers\": [\n   {\n"));
}

TEST_CASE("PN-20: what a pod shares with its node stands in the server's security context") {
  Json pod = Json::parse(R"({"metadata": {"name": "p"}, "spec": {"hostNetwork": true,
      "shareProcessNamespace": true, "containers": [{"name": "c", "image": "i:1"}]}})");
  pod = stored(Kind::Pod, std::move(pod), "1.36");
  const Texts refused =
      patching(Kind::Pod, pod, Json::parse(R"({"spec": {"shareProcessNamespace": false}})"));
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].ends_with(
      "@@\n   \"HostNetwork\": true,\n   \"HostPID\": false,\n   \"HostIPC\": false,\n-  "
      "\"ShareProcessNamespace\": true,\n+  \"ShareProcessNamespace\": false,\n   \"HostUsers\": "
      "null,\n   \"SELinuxOptions\": null,\n   \"WindowsOptions\": null,\n"));
}

TEST_CASE("SS-5: affinity", "[validation]") {
  CHECK(template_of(R"({"affinity": {"nodeAffinity": {
          "requiredDuringSchedulingIgnoredDuringExecution": {},
          "preferredDuringSchedulingIgnoredDuringExecution": [
            {"weight": 0, "preference": {"matchExpressions": [{"key": "disk", "operator": "In"}]}}
          ]}}})") ==
        Texts{"affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution."
              "nodeSelectorTerms: Required value: must have at least one node selector term",
              "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: "
              "Invalid value: 0: must be in the range 1-100",
              "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0]."
              "preference.matchExpressions[0].values: Required value: must be specified when "
              "`operator` is 'In' or 'NotIn'"});
  CHECK(template_of(R"({"affinity": {"nodeAffinity": {
          "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
            {"matchExpressions": [{"key": "disk", "operator": "Is"}],
             "matchFields": [{"key": "spec.x", "operator": "In", "values": ["a"]}]}]}}}})") ==
        Texts{"affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution."
              "nodeSelectorTerms[0].matchExpressions[0].operator: Invalid value: \"Is\": not a "
              "valid selector operator",
              "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution."
              "nodeSelectorTerms[0].matchFields[0].key: Invalid value: \"spec.x\": not a valid "
              "field selector key"});
  const Texts no_key = template_of(R"({"affinity": {"podAntiAffinity": {
          "requiredDuringSchedulingIgnoredDuringExecution": [{"labelSelector": {}}]}}})");
  REQUIRE(no_key.size() == 3);
  CHECK(no_key[0] ==
        "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: "
        "Required value: can not be empty");
  CHECK(no_key[1] ==
        "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: "
        "Invalid value: \"\": name part must be non-empty");
}

TEST_CASE("SS-5: topology spread", "[validation]") {
  CHECK(template_of(R"({"topologySpreadConstraints": [
          {"maxSkew": 0, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"},
          {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"},
          {"maxSkew": 1, "topologyKey": "", "whenUnsatisfiable": "Wait", "minDomains": 2}]})") ==
        Texts{"topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
              "topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "
              "\"{zone, DoNotSchedule}\"",
              "topologySpreadConstraints[2].topologyKey: Required value: can not be empty",
              "topologySpreadConstraints[2].whenUnsatisfiable: Unsupported value: \"Wait\": "
              "supported values: \"DoNotSchedule\", \"ScheduleAnyway\"",
              "topologySpreadConstraints[2].minDomains: Invalid value: 2: can only use minDomains "
              "if whenUnsatisfiable=DoNotSchedule, not Wait"});
}

TEST_CASE("SS-5: security, host aliases and mounts", "[validation]") {
  CHECK(template_of(R"({"securityContext": {"fsGroupChangePolicy": "Never",
                                            "seccompProfile": {"type": "Localhost"}},
                        "hostAliases": [{"ip": "10.0.0.300", "hostnames": ["A"]}]})") ==
        Texts{"securityContext.fsGroupChangePolicy: Unsupported value: \"Never\": supported "
              "values: \"Always\", \"OnRootMismatch\"",
              "securityContext.seccompProfile.localhostProfile: Required value: must be set when "
              "seccomp type is Localhost",
              "hostAliases[0].ip: Invalid value: \"10.0.0.300\": must be a valid IP address, (e.g. "
              "10.9.8.7 or 2001:db8::ffff)",
              "hostAliases[0].hostnames[0]: Invalid value: \"A\": a lowercase RFC 1123 subdomain "
              "must consist of lower case alphanumeric characters, '-' or '.', and must start and "
              "end with an alphanumeric character (e.g. 'example.com', regex used for validation "
              "is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"});
  CHECK(
      template_of(R"({"containers": [{"name": "a", "image": "a",
          "securityContext": {"procMount": "All",
                              "seccompProfile": {"type": "Unconfined", "localhostProfile": "x"}},
          "volumeMounts": [{"name": "tmp", "mountPath": "/tmp", "mountPropagation": "Both"},
                           {"name": "tmp", "mountPath": "/t", "mountPropagation": "Bidirectional"}],
          "volumeDevices": [{"name": "tmp", "devicePath": "/tmp/../x"}]}],
        "volumes": [{"name": "tmp"}]})") ==
      Texts{"containers[0].volumeMounts[0].name: Invalid value: \"tmp\": must not already exist "
            "in volumeDevices",
            "containers[0].volumeMounts.mountPropagation: Unsupported value: \"Both\": supported "
            "values: \"Bidirectional\", \"HostToContainer\", \"None\"",
            "containers[0].volumeMounts[1].name: Invalid value: \"tmp\": must not already exist "
            "in volumeDevices",
            "containers[0].volumeMounts.mountPropagation: Forbidden: Bidirectional mount "
            "propagation is available only to privileged containers",
            "containers[0].volumeDevices[0].name: Invalid value: \"tmp\": can only use volume "
            "source type of PersistentVolumeClaim or Ephemeral for block mode",
            "containers[0].volumeDevices[0].devicePath: Invalid value: \"/tmp/../x\": can not "
            "contain backsteps ('..')",
            "containers[0].volumeDevices[0].name: Invalid value: \"tmp\": must not already exist "
            "in volumeMounts",
            "containers[0].volumeDevices[0].name: Invalid value: \"tmp\": must not already exist "
            "in volumeMounts",
            "containers[0].securityContext.procMount: Unsupported value: \"All\": supported "
            "values: \"Default\", \"Unmasked\"",
            R"(containers[0].securityContext.seccompProfile.localhostProfile: Invalid value: )"
            R"({"Type":"Unconfined","LocalhostProfile":"x"}: can only be set when seccomp type is )"
            "Localhost"});
}
