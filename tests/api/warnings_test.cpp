#include "support/catch.hpp"

#include <stsim/api/decode.hpp>

#include <string>

using namespace stsim;
using api::Features;
using api::Json;
using api::Kind;

namespace {

using Texts = std::vector<std::string>;

/// What a server of a release warns of when it stores `document`, in place of `old` if there was
/// such a thing.
Texts warned(Kind kind,
             Json document,
             std::string_view release = "1.36",
             const Json& old = nullptr) {
  const Features features{*parse_release(release), {}};
  api::set_defaults(kind, document, old, features);
  return api::warnings(kind, document, old, features);
}

Json set_with(const char* pod_spec, const char* more = "{}") {
  Json set = Json::parse(R"({"metadata": {"name": "web", "generation": 1}, "spec": {
      "selector": {"matchLabels": {"app": "web"}},
      "template": {"metadata": {"labels": {"app": "web"}},
                   "spec": {"containers": [{"name": "web", "image": "web:v1"}]}}}})");
  set["spec"]["template"]["spec"].merge_patch(Json::parse(pod_spec));
  set.merge_patch(Json::parse(more));
  return set;
}

Texts warned_of(const char* pod_spec, std::string_view release = "1.36") {
  return warned(Kind::StatefulSet, set_with(pod_spec), release);
}

Json volume(const char* policy) {
  Json pv = Json::parse(R"({"metadata": {"name": "pv1"}, "spec": {"accessModes": ["ReadWriteOnce"],
      "capacity": {"storage": "1Gi"}, "nfs": {"server": "s", "path": "/p"}}})");
  pv["spec"]["persistentVolumeReclaimPolicy"] = policy;
  return pv;
}

}  // namespace

TEST_CASE("SS-8: a negative history limit", "[warnings]") {
  const Json set = set_with("{}", R"({"spec": {"revisionHistoryLimit": -1}})");
  CHECK(
      warned(Kind::StatefulSet, set) ==
      Texts{"spec.revisionHistoryLimit: a negative value retains all historical revisions; a value "
            ">= 0 is recommended"});
  CHECK(warned(Kind::StatefulSet, set, "1.32").empty());
  CHECK(warned_of("{}").empty());
}

TEST_CASE("SS-8: containers", "[warnings]") {
  CHECK(warned_of(R"json({"containers": [{"name": "a", "image": "a", "env": [
            {"name": "A", "value": "1"}, {"name": "A", "value": "$(A)2"},
            {"name": "A", "value": "$(A)"}, {"name": "A", "value": "3"}]}]})json") ==
        Texts{"spec.template.spec.containers[0].env[2]: hides previous definition of \"A\", which "
              "may be dropped when using apply",
              "spec.template.spec.containers[0].env[3]: hides previous definition of \"A\", which "
              "may be dropped when using apply"});
  CHECK(warned_of(R"({"containers": [{"name": "a", "image": "a", "resources": {
            "limits": {"memory": "500m", "cpu": "500m"}}}]})") ==
        Texts{"spec.template.spec.containers[0].resources.limits[memory]: fractional byte value "
              "\"500m\" is invalid, must be an integer"});
}

TEST_CASE("SS-8: ports", "[warnings]") {
  const char* twice = R"({"containers": [
      {"name": "a", "image": "a", "ports": [{"containerPort": 80}]},
      {"name": "b", "image": "b", "ports": [{"containerPort": 80}, {"containerPort": 80,
       "hostPort": 80}, {"containerPort": 80, "protocol": "UDP"}]}]})";
  CHECK(warned_of(twice) ==
        Texts{"spec.template.spec.containers[1].ports[0]: duplicate port definition with "
              "spec.template.spec.containers[0].ports[0]",
              "spec.template.spec.containers[1].ports[1]: overlapping port definition with "
              "spec.template.spec.containers[0].ports[0]",
              "spec.template.spec.containers[1].ports[1]: overlapping port definition with "
              "spec.template.spec.containers[1].ports[0]"});
  CHECK(warned_of(twice, "1.26").empty());
  CHECK(warned_of(R"({"containers": [{"name": "a", "image": "a", "ports": [
            {"containerPort": 80, "hostPort": 8080, "hostIP": "10.0.0.1"},
            {"containerPort": 80, "hostPort": 8080},
            {"containerPort": 81, "name": "x", "hostIP": "10.0.0.1"}]}]})") ==
        Texts{"spec.template.spec.containers[0].ports[1]: dangerously ambiguous port definition "
              "with spec.template.spec.containers[0].ports[0]",
              "spec.template.spec.containers[0].ports[2]: hostIP set without hostPort: {Name:x "
              "HostPort:0 ContainerPort:81 Protocol:TCP HostIP:10.0.0.1}"});
}

TEST_CASE("SS-8: pod templates", "[warnings]") {
  CHECK(warned_of(R"({"imagePullSecrets": [{"name": "a"}, {"name": "a"}, {}],
                      "hostAliases": [{"ip": "10.0.0.1"}, {"ip": "10.0.0.1"}],
                      "terminationGracePeriodSeconds": -1})") ==
        Texts{"spec.template.spec.hostAliases[1].ip: duplicate ip \"10.0.0.1\"",
              "spec.template.spec.imagePullSecrets[1].name: duplicate name \"a\"",
              "spec.template.spec.imagePullSecrets[2].name: invalid empty name \"\"",
              "spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are "
              "invalid and will be treated as 1"});
  CHECK(warned_of(R"({"nodeSelector": {"beta.kubernetes.io/os": "linux"},
                      "affinity": {"nodeAffinity": {
                        "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
                          {"matchExpressions": [{"key": "beta.kubernetes.io/arch",
                                                 "operator": "Exists"}]}]}}}})") ==
        Texts{"spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "
              "\"kubernetes.io/os\" instead",
              "spec.template.spec.affinity.nodeAffinity."
              "requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]."
              "matchExpressions[0].key: beta.kubernetes.io/arch is deprecated since v1.14; use "
              "\"kubernetes.io/arch\" instead"});
  const char* nobody = R"({"topologySpreadConstraints": [
        {"maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "DoNotSchedule"}],
      "affinity": {"podAntiAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "zone"}],
        "preferredDuringSchedulingIgnoredDuringExecution": [
          {"weight": 1, "podAffinityTerm": {"topologyKey": "zone"}}]}}})";
  CHECK(warned_of(nobody) ==
        Texts{"spec.template.spec.topologySpreadConstraints[0].labelSelector: a null labelSelector "
              "results in matching no pod",
              "spec.template.spec.affinity.podAntiAffinity."
              "requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector: a null "
              "labelSelector results in matching no pod",
              "spec.template.spec.affinity.podAntiAffinity."
              "preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector: a "
              "null labelSelector results in matching no pod"});
  CHECK(warned_of(nobody, "1.26").empty());
}

TEST_CASE("SS-8: an update warns of a template only when the spec has changed", "[warnings]") {
  const Json old = set_with(R"({"terminationGracePeriodSeconds": -1})", R"({"spec": {
      "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {
        "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1500m"}}}}]}})");
  const std::string grace =
      "spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid "
      "and will be treated as 1";
  const std::string size =
      "resources.requests[storage]: fractional byte value \"1500m\" is invalid, must be an "
      "integer";
  CHECK(warned(Kind::StatefulSet, old) == Texts{grace, "spec.volumeClaimTemplates[0]." + size});
  CHECK(warned(Kind::StatefulSet, old, "1.36", old) ==
        Texts{"spec.volumeClaimTemplates[0].Spec." + size});
  Json changed = old;
  changed["metadata"]["generation"] = 2;
  CHECK(warned(Kind::StatefulSet, changed, "1.36", old) ==
        Texts{grace, "spec.volumeClaimTemplates[0].Spec." + size});
}

TEST_CASE("SS-8: volumes and claims", "[warnings]") {
  const Texts recycle{
      "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the "
      "recommended approach is to use dynamic provisioning."};
  CHECK(warned(Kind::PersistentVolume, volume("Recycle")) == recycle);
  CHECK(warned(Kind::PersistentVolume, volume("Recycle"), "1.34", volume("Retain")) == recycle);
  CHECK(warned(Kind::PersistentVolume, volume("Recycle"), "1.26").empty());
  CHECK(warned(Kind::PersistentVolume, volume("Retain")).empty());

  const Json claim = Json::parse(R"({"metadata": {"name": "data", "annotations": {
        "volume.beta.kubernetes.io/storage-class": "slow"}}, "spec": {
      "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "100m"}}}})");
  CHECK(warned(Kind::PersistentVolumeClaim, claim) ==
        Texts{"metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since "
              "v1.8; use \"storageClassName\" attribute instead",
              "spec.resources.requests[storage]: fractional byte value \"100m\" is invalid, must "
              "be an integer"});
}

TEST_CASE("SS-8: headless Services ignore some fields", "[warnings]") {
  const Json headless = Json::parse(R"({"metadata": {"name": "web"}, "spec": {
      "clusterIP": "None", "sessionAffinity": "ClientIP", "externalIPs": ["192.0.2.1"]}})");
  CHECK(warned(Kind::Service, headless) ==
        Texts{"spec.externalIPs is ignored for headless services",
              "spec.SessionAffinity is ignored for headless services"});
  CHECK(warned(Kind::Service, headless, "1.26").empty());
}
