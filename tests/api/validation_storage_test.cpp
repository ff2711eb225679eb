// What is refused of volumes and claims.
#include "api/refusals.hpp"
#include "support/catch.hpp"

#include <string>

using namespace stsim;
using api::Json;
using api::Kind;
using test::creating;
using test::patching;
using test::stored;
using test::Texts;

namespace {

Json volume() {
  return Json::parse(R"({"metadata": {"name": "pv1"}, "spec": {
      "accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"},
      "nfs": {"server": "s", "path": "/p"}}})");
}

Json claim() {
  return Json::parse(R"({"metadata": {"name": "data"}, "spec": {
      "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}})");
}

}  // namespace

TEST_CASE("PV-4, PV-5: persistent volumes", "[validation]") {
  const auto [change, expected] = GENERATE(table<std::string, Texts>({
      {"{}", {}},
      {R"({"spec": {"accessModes": null}})", {"spec.accessModes: Required value"}},
      {R"({"spec": {"accessModes": ["RWO"]}})",
       {R"(spec.accessModes: Unsupported value: "RWO": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")"}},
      {R"({"spec": {"accessModes": ["ReadWriteOnce", "ReadWriteOncePod"]}})",
       {"spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes"}},
      {R"({"spec": {"capacity": null}})",
       {"spec.capacity: Required value",
        R"(spec.capacity: Unsupported value: null: supported values: "storage")"}},
      {R"({"spec": {"capacity": {"storage": "0"}}})",
       {R"(spec.capacity[storage]: Invalid value: "0": must be greater than zero)"}},
      {R"({"spec": {"persistentVolumeReclaimPolicy": "Keep"}})",
       {R"(spec.persistentVolumeReclaimPolicy: Unsupported value: "Keep": supported values: "Delete", "Recycle", "Retain")"}},
      {R"({"spec": {"nfs": null}})", {"spec: Required value: must specify a volume type"}},
      {R"({"spec": {"nfs": {"server": null}}})", {"spec.nfs.server: Required value"}},
      {R"({"spec": {"nfs": {"path": "p"}}})",
       {R"(spec.nfs.path: Invalid value: "p": must be an absolute path)"}},
      {R"({"spec": {"hostPath": {"path": "/"}}})",
       {"spec.nfs: Forbidden: may not specify more than 1 volume type"}},
      {R"({"spec": {"nfs": null, "hostPath": {"path": "/"}, "persistentVolumeReclaimPolicy": "Recycle"}})",
       {"spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount "
        "of "
        "'/'"}},
  }));
  CHECK(creating(Kind::PersistentVolume, volume(), Json::parse(change)) == expected);
}

TEST_CASE("PV-8: a volume's source may not change", "[validation]") {
  const Json old = stored(Kind::PersistentVolume, volume(), "1.36");
  CHECK(patching(Kind::PersistentVolume,
                 old,
                 Json::parse(R"({"spec": {"capacity": {"storage": "2Gi"}, "storageClassName": "x",
                                          "persistentVolumeReclaimPolicy": "Delete"}})"))
            .empty());
  const Texts refused =
      patching(Kind::PersistentVolume, old, Json::parse(R"({"spec": {"nfs": {"path": "/q"}}})"));
  REQUIRE(refused.size() == 1);
  CHECK(
      refused[0] ==
      "spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after "
      "creation\n@@ -5,7 +5,7 @@\n  \"Glusterfs\": null,\n  \"NFS\": {\n   \"Server\": \"s\",\n-  "
      "\"Path\": \"/p\",\n+  \"Path\": \"/q\",\n   \"ReadOnly\": false\n  },\n  \"RBD\": null,\n");
}

TEST_CASE("PV-6: claims", "[validation]") {
  const auto [change, expected] = GENERATE(table<std::string, Texts>({
      {"{}", {}},
      {R"({"spec": {"accessModes": []}})",
       {"spec.accessModes: Required value: at least 1 access mode is required"}},
      {R"({"spec": {"resources": null}})", {"spec.resources[storage]: Required value"}},
      {R"({"spec": {"resources": {"requests": {"storage": "-1Gi"}}}})",
       {R"(spec.resources[storage]: Invalid value: "-1Gi": must be greater than zero)"}},
      {R"({"spec": {"volumeMode": "Tape"}})",
       {R"(spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem")"}},
  }));
  CHECK(creating(Kind::PersistentVolumeClaim, claim(), Json::parse(change)) == expected);
}

TEST_CASE("PV-7: a claim's spec may hardly change", "[validation]") {
  Json old = stored(Kind::PersistentVolumeClaim, claim(), "1.36");
  const auto say = [&old](const char* patch, std::string_view release = "1.36") {
    return patching(Kind::PersistentVolumeClaim, old, Json::parse(patch), release);
  };
  CHECK(say(R"({"spec": {"volumeName": "pv1"}})").empty());
  CHECK(say(R"({"spec": {"storageClassName": "fast"}})").empty());
  const std::string grown = R"({"spec": {"resources": {"requests": {"storage": "2Gi"}}}})";
  const Texts refused = say(grown.c_str());
  REQUIRE(refused.size() == 1);
  CHECK(refused[0] ==
        "spec: Forbidden: spec is immutable after creation except resources.requests and "
        "volumeAttributesClassName for bound claims\n@@ -6,7 +6,7 @@\n  \"Resources\": {\n   "
        "\"Limits\": null,\n   \"Requests\": {\n-   \"storage\": \"1Gi\"\n+   \"storage\": "
        "\"2Gi\"\n   }\n  },\n  \"VolumeName\": \"\",\n");
  old["status"] = Json::parse(R"({"phase": "Bound", "capacity": {"storage": "1Gi"}})");
  CHECK(say(grown.c_str()).empty());
  const char* shrunk = R"({"spec": {"resources": {"requests": {"storage": "512Mi"}}}})";
  CHECK(say(shrunk) ==
        Texts{"spec.resources.requests.storage: Forbidden: field can not be less than "
              "status.capacity"});
  CHECK(say(shrunk, "1.30") ==
        Texts{"spec.resources.requests.storage: Forbidden: field can not be less than previous "
              "value"});
  CHECK(say(R"({"spec": {"accessModes": ["ReadWriteMany"]}})").size() == 1);
}

TEST_CASE("PV-8: a refused change of a source names its members as the server does") {
  Json old = volume();
  old["spec"].erase("nfs");
  old["spec"]["local"] = {{"path", "/a"}};
  old["spec"]["nodeAffinity"]["required"]["nodeSelectorTerms"] =
      Json::array({{{"matchExpressions", Json::array({{{"key", "a"}, {"operator", "Exists"}}})}}});
  old = stored(Kind::PersistentVolume, std::move(old), "1.36");
  const Texts refused =
      patching(Kind::PersistentVolume, old, Json::parse(R"({"spec": {"local": {"path": "/b"}}})"));
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].ends_with(
      "@@\n  \"PortworxVolume\": null,\n  \"ScaleIO\": null,\n  \"Local\": {\n-  \"Path\": "
      "\"/a\",\n+  \"Path\": \"/b\",\n   \"FSType\": null\n  },\n  \"StorageOS\": null,\n"));
}

TEST_CASE("PV-8: the nodes of a volume do not change", "[validation]") {
  const auto on = [](const char* key) {
    return Json{{"nodeAffinity",
                 {{"required",
                   {{"nodeSelectorTerms",
                     Json::array({{{"matchExpressions",
                                    Json::array({{{"key", key}, {"operator", "Exists"}}})}}})}}}}}};
  };
  Json old = volume();
  old["spec"].update(on("a"));
  old = stored(Kind::PersistentVolume, std::move(old), "1.36");
  CHECK(patching(Kind::PersistentVolume, old, Json{{"spec", on("a")}}).empty());
  CHECK(
      patching(Kind::PersistentVolume, old, Json{{"spec", on("b")}}) ==
      Texts{R"(nodeAffinity: Invalid value: {"Required":{"NodeSelectorTerms":[{"MatchExpressions":)"
            R"([{"Key":"b","Operator":"Exists","Values":null}],"MatchFields":null}]}}: )"
            "field is immutable"});
}

TEST_CASE("PV-4: the node affinity of a volume", "[validation]") {
  CHECK(
      creating(
          Kind::PersistentVolume, volume(), Json::parse(R"({"spec": {"nodeAffinity": {}}})")) ==
      Texts{"spec.nodeAffinity.required: Required value: must specify required node constraints"});
  CHECK(creating(Kind::PersistentVolume,
                 volume(),
                 Json::parse(R"({"spec": {"nodeAffinity": {"required": {}}}})")) ==
        Texts{"spec.nodeAffinity.required.nodeSelectorTerms: Required value: must have at least "
              "one node selector term"});
}
