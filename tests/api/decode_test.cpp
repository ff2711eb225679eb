#include "support/catch.hpp"

#include <stsim/api/decode.hpp>
#include <stsim/api/decode_lenient.hpp>

#include <string>
#include <tuple>

using namespace stsim;
using namespace stsim::api;

namespace {

constexpr Release kNewest{36};

std::string refusal(Kind kind, const Json& document, Release release = kNewest) {
  const auto result = decode(kind, document, release);
  REQUIRE_FALSE(result);
  CHECK(result.error().code == 400);
  CHECK(result.error().reason == "BadRequest");
  return result.error().message;
}

// What is wrong with a StatefulSet that has this spec, without the words before it.
std::string spec_refusal(const char* spec) {
  const std::string message =
      refusal(Kind::StatefulSet,
              {{"apiVersion", "apps/v1"}, {"kind", "StatefulSet"}, {"spec", Json::parse(spec)}});
  const std::string prefix = "StatefulSet in version \"v1\" cannot be handled as a StatefulSet: ";
  REQUIRE(message.starts_with(prefix));
  return message.substr(prefix.size());
}

Json decoded(Kind kind, const char* document) {
  const auto result = decode(kind, Json::parse(document), kNewest);
  REQUIRE(result);
  return *result;
}

}  // namespace

TEST_CASE("KC-33: an unknown field is named with its path, as recorded") {
  CHECK(spec_refusal(R"({"nosuchfield": 1})") ==
        R"(strict decoding error: unknown field "spec.nosuchfield")");
  CHECK(spec_refusal(R"({"template": {"spec": {"containers": [{"imagePolicy": "x"}]}}})") ==
        "strict decoding error: unknown field "
        R"("spec.template.spec.containers[0].imagePolicy")");
  CHECK(refusal(Kind::Service, {{"spek", Json::object()}}) ==
        "Service in version \"v1\" cannot be handled as a Service: strict decoding error: "
        "unknown field \"spek\"");
}

TEST_CASE("KC-33: all unknown fields are named, in the order of sorted keys, and none inside one") {
  CHECK(spec_refusal(R"({"zoo": {"inner": 1}, "b": 1,
                         "template": {"spec": {"containers": [{}, {"q": 1, "a": 2}]}}})") ==
        R"(strict decoding error: unknown field "spec.b", )"
        R"(unknown field "spec.template.spec.containers[1].a", )"
        R"(unknown field "spec.template.spec.containers[1].q", unknown field "spec.zoo")");
}

TEST_CASE("KC-33: names of fields are case-sensitive, and a null does not make a name known") {
  CHECK(spec_refusal(R"({"Replicas": 1})") ==
        R"(strict decoding error: unknown field "spec.Replicas")");
  CHECK(spec_refusal(R"({"nosuch": null})") ==
        R"(strict decoding error: unknown field "spec.nosuch")");
}

TEST_CASE("KC-33: at most a hundred unknown fields are named") {
  Json spec = Json::object();
  for (int i = 0; i < 150; ++i) {
    spec["x" + std::to_string(1000 + i)] = 1;
  }
  const std::string message = refusal(Kind::StatefulSet, {{"spec", spec}});
  CHECK(message.find("spec.x1099") != std::string::npos);
  CHECK(message.find("spec.x1100") == std::string::npos);
}

TEST_CASE("KC-33: a wrong type is told in Go's words") {
  const auto [spec, message] = GENERATE(table<const char*, const char*>({
      {R"({"replicas": "two"})",
       "json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type "
       "int32"},
      {R"({"replicas": 1.5})",
       "json: cannot unmarshal number 1.5 into Go struct field StatefulSetSpec.spec.replicas of "
       "type int32"},
      {R"({"replicas": 3000000000})",
       "json: cannot unmarshal number 3000000000 into Go struct field "
       "StatefulSetSpec.spec.replicas "
       "of type int32"},
      {R"({"replicas": true})",
       "json: cannot unmarshal bool into Go struct field StatefulSetSpec.spec.replicas of type "
       "int32"},
      {R"({"template": {"spec": {"terminationGracePeriodSeconds": "10s"}}})",
       "json: cannot unmarshal string into Go struct field "
       "PodSpec.spec.template.spec.terminationGracePeriodSeconds of type int64"},
      {R"({"template": {"spec": {"containers": {"name": "web"}}}})",
       "json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers "
       "of type []v1.Container"},
      {R"({"template": {"spec": {"containers": [{"args": ["a", 1]}]}}})",
       "json: cannot unmarshal number into Go struct field "
       "Container.spec.template.spec.containers.args of type string"},
      {R"({"template": {"spec": {"containers": [{"env": [{"name": "A", "value": 1}]}]}}})",
       "json: cannot unmarshal number into Go struct field "
       "EnvVar.spec.template.spec.containers.env.value of type string"},
      {R"({"template": {"metadata": {"labels": {"app": 1}}}})",
       "json: cannot unmarshal number into Go struct field "
       "ObjectMeta.spec.template.metadata.labels of type string"},
      {R"({"template": {"metadata": {"labels": ["app"]}}})",
       "json: cannot unmarshal array into Go struct field "
       "ObjectMeta.spec.template.metadata.labels of type map[string]string"},
      {R"({"template": "web"})",
       "json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.template of type "
       "v1.PodTemplateSpec"},
      {R"({"podManagementPolicy": 3})",
       "json: cannot unmarshal number into Go struct field "
       "StatefulSetSpec.spec.podManagementPolicy of type v1.PodManagementPolicyType"},
      {R"({"volumeClaimTemplates": [{"spec": {"accessModes": "ReadWriteOnce"}}]})",
       "json: cannot unmarshal string into Go struct field "
       "PersistentVolumeClaimSpec.spec.volumeClaimTemplates.spec.accessModes of type "
       "[]v1.PersistentVolumeAccessMode"},
      {R"({"volumeClaimTemplates": [{"spec": {"resources": {"requests": "1Gi"}}}]})",
       "json: cannot unmarshal string into Go struct field "
       "VolumeResourceRequirements.spec.volumeClaimTemplates.spec.resources.requests of type "
       "v1.ResourceList"},
  }));
  CHECK(spec_refusal(spec) == message);
}

TEST_CASE("KC-33: a wrong type wins over unknown fields, and of several the first is told") {
  CHECK(spec_refusal(R"({"aaa": 1, "minReadySeconds": "x", "replicas": "two"})") ==
        "json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.minReadySeconds "
        "of type int32");
}

TEST_CASE("KC-33: a quantity that is none ends the decoding and wins over wrong types before it") {
  CHECK(spec_refusal(R"({"minReadySeconds": "x", "volumeClaimTemplates":
                         [{"spec": {"resources": {"requests": {"storage": "1 Gi"}}}}]})") ==
        "quantities must match the regular expression "
        "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
}

TEST_CASE("VA-1: a quantity with a wrong suffix") {
  const auto [quantity, message] = GENERATE(table<const char*, const char*>({
      {R"("5K")", "unable to parse quantity's suffix"},
      {R"("1Gim")", "unable to parse quantity's suffix"},
      {R"("1e")", "unable to parse quantity's suffix"},
      {R"("5GB")",
       "quantities must match the regular expression "
       "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"},
      {R"("")",
       "quantities must match the regular expression "
       "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"},
      {"true",
       "quantities must match the regular expression "
       "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"},
  }));
  CAPTURE(quantity);
  CHECK(
      refusal(Kind::PersistentVolume,
              {{"spec", {{"capacity", {{"storage", Json::parse(quantity)}}}}}}) ==
      std::string("PersistentVolume in version \"v1\" cannot be handled as a PersistentVolume: ") +
          message);
}

TEST_CASE("VA-1: quantities may be numbers, and come out as text") {
  CHECK(decoded(Kind::PersistentVolume,
                R"({"spec": {"capacity": {"a": 5, "b": 0.5, "c": " 1Gi ", "d": "1e3"}}})")
            .at("spec")
            .at("capacity") == Json{{"a", "5"}, {"b", "0.5"}, {"c", "1Gi"}, {"d", "1e3"}});
}

TEST_CASE("KC-33: an integer or text") {
  const char* const with = R"({"updateStrategy": {"rollingUpdate": {"maxUnavailable": %}}})";
  const auto spec = [with](const std::string& value) {
    std::string out = with;
    return out.replace(out.find('%'), 1, value);
  };
  const std::string place =
      "Go struct field "
      "RollingUpdateStatefulSetStrategy.spec.updateStrategy.rollingUpdate.maxUnavailable of type "
      "int32";
  CHECK(decode(Kind::StatefulSet, {{"spec", Json::parse(spec("2"))}}, kNewest));
  CHECK(decode(Kind::StatefulSet, {{"spec", Json::parse(spec("\"10%\""))}}, kNewest));
  CHECK(spec_refusal(spec("1.5").c_str()) == "json: cannot unmarshal number 1.5 into " + place);
  CHECK(spec_refusal(spec("true").c_str()) == "json: cannot unmarshal bool into " + place);
}

TEST_CASE("KC-33: times") {
  const auto created = [](const Json& time) {
    return Json{{"metadata", {{"creationTimestamp", time}}}};
  };
  const auto why = [&created](const Json& time) {
    const std::string message = refusal(Kind::Pod, created(time));
    return message.substr(message.find("Pod: ") + 5);
  };
  CHECK(decode(Kind::Pod, created("2026-01-01T00:00:00Z"), kNewest));
  CHECK(decode(Kind::Pod, created("2026-01-01T00:00:00.5+02:00"), kNewest));
  CHECK(why(5) ==
        "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.creationTimestamp "
        "of type string");
  CHECK(why("yesterday") ==
        R"(parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as )"
        R"("2006")");
  CHECK(why("2026-01-01 00:00:00Z") ==
        R"(parsing time "2026-01-01 00:00:00Z" as "2006-01-02T15:04:05Z07:00": cannot parse )"
        R"(" 00:00:00Z" as "T")");
  CHECK(why("2026-13-01T00:00:00Z") ==
        R"(parsing time "2026-13-01T00:00:00Z": month out of range)");
  CHECK(why("2026-02-30T00:00:00Z") == R"(parsing time "2026-02-30T00:00:00Z": day out of range)");
  CHECK(why("2026-01-01T00:00:00Zx") == R"(parsing time "2026-01-01T00:00:00Zx": extra text: "x")");
}

TEST_CASE("KC-33: the data of a Secret is base64") {
  const auto data = [](const char* value) { return Json{{"data", {{"key", value}}}}; };
  CHECK(decode(Kind::Secret, data("YWJj"), kNewest));
  CHECK(decode(Kind::Secret, data("YQ=="), kNewest));
  CHECK(refusal(Kind::Secret, data("plain text")) ==
        "Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data at input "
        "byte 5");
  CHECK(refusal(Kind::Secret, data("YWJjZA")) ==
        "Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data at input "
        "byte 4");
}

TEST_CASE("KC-33: nulls are dropped, but in a list or a map they are the zero of their type") {
  CHECK(decoded(Kind::StatefulSet,
                R"({"metadata": {"labels": {"a": null}, "annotations": null}, "spec":
                    {"replicas": null, "template": {"spec": {"containers": [{"args": [null]}]}}}})") ==
        Json::parse(R"({"metadata": {"labels": {"a": ""}}, "spec":
                        {"template": {"spec": {"containers": [{"args": [""]}]}}}})"));
}

TEST_CASE("KC-33: what may be anything stays as it is") {
  const char* const revision =
      R"({"data": {"spec": {"template": {"metadata": {"creationTimestamp": null}}}},
          "revision": 1})";
  CHECK(decoded(Kind::ControllerRevision, revision) == Json::parse(revision));
}

TEST_CASE("KC-33: a whole number that was written with a fraction is one") {
  CHECK(decoded(Kind::StatefulSet, R"({"spec": {"replicas": 3.0}})").at("spec").at("replicas") ==
        3);
}

TEST_CASE("SS-250: fields that a release does not have are unknown to it") {
  const Json set{{"spec", {{"ordinals", {{"start", 5}}}}}};
  CHECK(decode(Kind::StatefulSet, set, Release{26}));
  CHECK(refusal(Kind::StatefulSet, set, Release{25}) ==
        "StatefulSet in version \"v1\" cannot be handled as a StatefulSet: strict decoding error: "
        "unknown field \"spec.ordinals\"");
}

TEST_CASE("KC-33: lenient decoding leaves unknown fields out and reports them") {
  const auto result = decode_lenient(
      Kind::StatefulSet, {{"spec", {{"replicas", 2}, {"nosuch", {{"a", 1}}}}}}, kNewest);
  REQUIRE(result);
  CHECK(result->document == Json{{"spec", {{"replicas", 2}}}});
  CHECK(result->unknown == std::vector<std::string>{R"(unknown field "spec.nosuch")"});
}

TEST_CASE("a complete manifest comes out as it went in") {
  const char* const manifest = R"({
    "apiVersion": "apps/v1", "kind": "StatefulSet",
    "metadata": {"name": "web", "namespace": "default", "labels": {"app": "web"}},
    "spec": {
      "replicas": 3, "serviceName": "web", "podManagementPolicy": "Parallel",
      "selector": {"matchLabels": {"app": "web"}},
      "template": {
        "metadata": {"labels": {"app": "web"}},
        "spec": {
          "containers": [{
            "name": "web", "image": "nginx", "ports": [{"containerPort": 80, "name": "http"}],
            "readinessProbe": {"httpGet": {"path": "/", "port": "http"}, "periodSeconds": 5},
            "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}},
            "volumeMounts": [{"name": "data", "mountPath": "/data"}]}],
          "volumes": [{"name": "tmp", "emptyDir": {}}]}},
      "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}},
      "volumeClaimTemplates": [{
        "metadata": {"name": "data"},
        "spec": {"accessModes": ["ReadWriteOnce"],
                 "resources": {"requests": {"storage": "1Gi"}}}}]}})";
  CHECK(decoded(Kind::StatefulSet, manifest) == Json::parse(manifest));
}
