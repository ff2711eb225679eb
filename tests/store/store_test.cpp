#include "stores.hpp"
#include "support/catch.hpp"

using namespace stsim;
using api::Json;
using api::Kind;
using store::DeleteOptions;
using store::Store;

namespace {

Json set_manifest(int replicas = 1) {
  Json out = Json::parse(
      R"({"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web"},"spec":{"serviceName":"web",)"
      R"("selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":)"
      R"({"containers":[{"name":"web","image":"web:v1"}]}}}})");
  out["spec"]["replicas"] = replicas;
  return out;
}

api::Object a_pod(const char* node) {
  Json document = Json::parse(
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"default"},"spec":{"containers":)"
      R"([{"name":"c","image":"i"}],"terminationGracePeriodSeconds":30}})");
  api::Object out = api::from_json(Kind::Pod, document);
  out.as<api::Pod>().node_name = node;
  return out;
}

const api::ObjectKey kSet{Kind::StatefulSet, "default", "web"};
const api::ObjectKey kPod{Kind::Pod, "default", "p"};

/// What the server says of a pod with such a spec that a controller makes.
std::string made_pod(const char* spec, int minor = 36) {
  Store s = make_store(minor);
  Json document = api::to_json(a_pod(""));
  document["spec"].merge_patch(Json::parse(spec));
  return message(s.create(api::from_json(Kind::Pod, document), kNow, 0));
}

Json claim_manifest(const char* storage) {
  Json claim = Json::parse(
      R"({"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"data"},"spec":)"
      R"({"accessModes":["ReadWriteOnce"],"storageClassName":"slow"}})");
  claim["spec"]["resources"]["requests"]["storage"] = storage;
  return claim;
}

}  // namespace

TEST_CASE("SS-3: a created set has generation 1, a uid, a version and its defaults") {
  Store s = make_store();
  const auto made = s.create(Kind::StatefulSet, set_manifest(), "default", kNow, 0);
  REQUIRE(made);
  REQUIRE((*made)->generation == 1);
  REQUIRE_FALSE((*made)->uid.empty());
  REQUIRE((*made)->as<api::StatefulSet>().spec->rolling_update_block);
  REQUIRE(api::parse_uid((*made)->uid.text()) == (*made)->uid);
  REQUIRE((*made)->uid.text()[14] == '4');  // a version-4 UUID, VA-13
}

TEST_CASE("SS-4: generation rises with the spec and with nothing else") {
  Store s = make_store();
  Json document = api::to_json(**s.create(Kind::StatefulSet, set_manifest(), "default", kNow, 0));
  document["metadata"]["labels"] = {{"a", "b"}};
  auto written = s.update(Kind::StatefulSet, document, 0);
  REQUIRE((*written)->generation == 1);
  document = api::to_json(**written);
  document["spec"]["replicas"] = 5;
  written = s.update(Kind::StatefulSet, document, 0);
  REQUIRE((*written)->generation == 2);
  api::Object status = **written;
  status.as<api::StatefulSet>().status.replicas = 1;
  REQUIRE((*s.update_status(status, 0))->generation == 2);
}

TEST_CASE("KC-31: a write of an old version is a conflict, a write that changes nothing is none") {
  Store s = make_store();
  const auto made = s.create(Kind::StatefulSet, set_manifest(), "default", kNow, 0);
  const Json old = api::to_json(**made);
  const auto same = s.update(Kind::StatefulSet, old, 0);
  REQUIRE((*same)->resource_version == (*made)->resource_version);
  Json changed = old;
  changed["spec"]["replicas"] = 3;
  REQUIRE(s.update(Kind::StatefulSet, changed, 0));
  REQUIRE(reason(s.update(Kind::StatefulSet, changed, 0)) == "Conflict");
}

TEST_CASE("KC-31: what a claim and a volume are bound to counts as a change, the rest stays") {
  Store s = make_store();
  api::Object claim =
      **s.create(Kind::PersistentVolumeClaim, claim_manifest("1Gi"), "default", kNow, 0);
  const Json manifest = Json::parse(
      R"({"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"pv0"},"spec":{"capacity":)"
      R"({"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"nfs":{"server":"node2","path":"/0"}}})");
  api::Object volume = **s.create(Kind::PersistentVolume, manifest, "", kNow, 0);
  const auto changes = [&s](const api::Object& object) {
    const std::uint64_t before = s.position();
    REQUIRE(s.update(object, 0));
    return s.position() != before;
  };
  CHECK_FALSE(changes(claim));
  CHECK_FALSE(changes(volume));
  volume.as<api::Volume>().claim_ref =
      api::ClaimReference{"default", "data", claim.uid, claim.resource_version, nullptr};
  CHECK(changes(volume));
  CHECK(api::to_json(*s.find(volume.key))["spec"]["claimRef"]["uid"] == claim.uid.text());
  volume = *s.find(volume.key);
  CHECK_FALSE(changes(volume));
  claim.as<api::Claim>().volume_name = "pv0";
  CHECK(changes(claim));
  claim = *s.find(claim.key);
  CHECK_FALSE(changes(claim));
}

TEST_CASE("SS-4: an update leaves the status as stored, a status update the spec") {
  Store s = make_store();
  api::Object set = **s.create(Kind::StatefulSet, set_manifest(), "default", kNow, 0);
  set.as<api::StatefulSet>().status.replicas = 7;
  set.labels["x"] = "y";
  const auto updated = s.update(set, 0);
  REQUIRE((*updated)->as<api::StatefulSet>().status.replicas == 0);
  REQUIRE((*updated)->label("x") == "y");
  set = **updated;
  set.labels["x"] = "z";
  set.as<api::StatefulSet>().status.replicas = 7;
  const auto status = s.update_status(set, 0);
  REQUIRE((*status)->label("x") == "y");
  REQUIRE((*status)->as<api::StatefulSet>().status.replicas == 7);
}

TEST_CASE("SS-161: a status with a negative count is refused") {
  Store s = make_store();
  api::Object set = **s.create(Kind::StatefulSet, set_manifest(), "default", kNow, 0);
  set.as<api::StatefulSet>().status.current_replicas = -1;
  const auto refused = s.update_status(set, 0);
  REQUIRE(reason(refused) == "Invalid");
  REQUIRE(refused.error().message ==
          "StatefulSet.apps \"web\" is invalid: status.currentReplicas: Invalid value: -1: must be "
          "greater than or "
          "equal to 0");
}

TEST_CASE("KC-31: what is not there, is there already, or has no namespace") {
  Store s = make_store();
  REQUIRE(reason(s.remove(kSet, {}, kNow, 0)) == "NotFound");
  REQUIRE(s.create(Kind::StatefulSet, set_manifest(), "default", kNow, 0));
  REQUIRE(reason(s.create(Kind::StatefulSet, set_manifest(), "default", kNow, 0)) ==
          "AlreadyExists");
  REQUIRE(s.create(Kind::StatefulSet, set_manifest(), "nowhere", kNow, 0).error().message ==
          "namespaces \"nowhere\" not found");
}

TEST_CASE("PN-20: a pod on a node is given its grace, one that is on none goes at once") {
  Store s = make_store();
  REQUIRE(s.create(a_pod("node1"), kNow, 0));
  REQUIRE(s.remove(kPod, {}, kNow, 0));
  REQUIRE(s.find(kPod)->deletion()->timestamp == kNow + std::chrono::seconds{30});
  REQUIRE(s.create(a_pod(""), kNow, 0).error().message ==
          "object is being deleted: pods \"p\" already exists");
  DeleteOptions now;
  now.grace_seconds = 0;
  REQUIRE(s.remove(kPod, now, kNow, 0));
  REQUIRE_FALSE(s.find(kPod));
  REQUIRE(s.create(a_pod(""), kNow, 0));
  REQUIRE(s.remove(kPod, {}, kNow, 0));
  REQUIRE_FALSE(s.find(kPod));
}

TEST_CASE("PN-22: a second delete can only shorten the grace") {
  Store s = make_store();
  REQUIRE(s.create(a_pod("node1"), kNow, 0));
  REQUIRE(s.remove(kPod, {}, kNow, 0));
  const auto version = s.find(kPod)->resource_version;
  DeleteOptions longer;
  longer.grace_seconds = 60;
  REQUIRE(s.remove(kPod, longer, kNow, 0));
  REQUIRE(s.find(kPod)->resource_version == version);
  DeleteOptions shorter;
  shorter.grace_seconds = 5;
  REQUIRE(s.remove(kPod, shorter, kNow + std::chrono::seconds{3}, 0));
  REQUIRE(s.find(kPod)->deletion()->grace_seconds == 5);
  // It counts from the first delete.
  REQUIRE(s.find(kPod)->deletion()->timestamp == kNow + std::chrono::seconds{5});
}

TEST_CASE("PN-22: a second delete that asks for nothing changes nothing") {
  Store s = make_store();
  REQUIRE(s.create(a_pod("node1"), kNow, 0));
  DeleteOptions longer;
  longer.grace_seconds = 60;
  REQUIRE(s.remove(kPod, longer, kNow, 0));
  api::Object ended = *s.find(kPod);
  ended.as<api::Pod>().status.phase = api::PodPhase::Succeeded;
  REQUIRE(s.update_status(ended, 0));
  const auto version = s.find(kPod)->resource_version;
  REQUIRE(s.remove(kPod, {}, kNow + std::chrono::seconds{1}, 0));
  REQUIRE(s.find(kPod)->deletion()->grace_seconds == 60);
  REQUIRE(s.find(kPod)->resource_version == version);
}

TEST_CASE("GC-4, GC-5: what a later delete says of dependents takes the place of what was said") {
  using Propagation = DeleteOptions::Propagation;
  const auto finalizers_after = [](std::vector<std::optional<Propagation>> deletes) {
    Store s = make_store();
    REQUIRE(s.create(Kind::StatefulSet, set_manifest(), "default", kNow, 0));
    for (const auto& propagation : deletes) {
      DeleteOptions options;
      options.propagation = propagation;
      REQUIRE(s.remove(kSet, options, kNow, 0));
    }
    const auto left = s.find(kSet);
    return left ? left->finalizers : SharedVector<Text>{"gone"};
  };
  using Names = SharedVector<Text>;
  REQUIRE(finalizers_after({Propagation::Foreground}) == Names{"foregroundDeletion"});
  REQUIRE(finalizers_after({Propagation::Foreground, Propagation::Orphan}) == Names{"orphan"});
  REQUIRE(finalizers_after({Propagation::Foreground, std::nullopt}) == Names{"foregroundDeletion"});
  REQUIRE(finalizers_after({Propagation::Foreground, Propagation::Background}) == Names{"gone"});
}

TEST_CASE("API Events are stored, changed, listed and taken out as other objects are") {
  Store store = make_store();
  const auto event = [](const char* name, const char* message) {
    api::Object out;
    out.key = {Kind::Event, "default", name};
    api::ApiEvent body;
    body.message = message;
    body.about = {Kind::Node, "", "node1"};
    out.body = body;
    return out;
  };
  const api::ObjectKey row{Kind::Event, "default", "node1.18bcfe5687e20000"};
  const api::ObjectKey other{Kind::Event, "default", "other"};
  REQUIRE(store.create(event("other", "x"), kNow, 0));
  REQUIRE(store.create(event("node1.18bcfe5687e20000", "node1 is there"), kNow, 0));
  CHECK(store.create(event("other", "x"), kNow, 0).error().reason == "AlreadyExists");
  CHECK(store.size() == 3);
  CHECK(store.size(Kind::Event) == 2);
  const auto names = [&store] {
    std::vector<std::string> out;
    store.for_each([&out](const api::ObjectPtr& object) { out.push_back(object->key.name); });
    return out;
  };
  CHECK(names() == std::vector<std::string>{"default", "node1.18bcfe5687e20000", "other"});
  CHECK(store.list(Kind::Event).size() == 2);
  CHECK(store.list(Kind::Event).front()->key == row);
  CHECK(store.list(Kind::Event, "elsewhere").empty());

  const Store before = store;
  api::Object changed = *store.find(row);
  const api::Uid uid = changed.uid;
  changed.as<api::ApiEvent>().count = 7;
  REQUIRE(store.update(changed, 0));
  CHECK(store.find(row)->as<api::ApiEvent>().count == 7);
  CHECK(store.find(row)->uid == uid);
  CHECK(store.find(row)->resource_version.value == 4);
  CHECK(before.find(row)->as<api::ApiEvent>().count == 1);
  CHECK_FALSE(store == before);
  CHECK(Store(before) == before);

  std::size_t not_rows = 0;
  store.for_each_but_rows([&](const api::ObjectPtr& object) {
    ++not_rows;
    CHECK(object->key != row);
  });
  CHECK(not_rows == 2);
  REQUIRE(store.remove(row, {}, kNow, 0));
  REQUIRE(store.remove(other, {}, kNow, 0));
  CHECK(store.size(Kind::Event) == 0);
  CHECK(names() == std::vector<std::string>{"default"});
}

TEST_CASE("a status that says the same makes no new version") {
  Store s = make_store();
  REQUIRE(s.create(a_pod("node1"), kNow, 0));
  api::Object pod = *s.find(kPod);
  pod.as<api::Pod>().status.phase = api::PodPhase::Running;
  REQUIRE(s.update_status(pod, 0));
  const auto position = s.position();
  pod.resource_version = {};
  REQUIRE(s.update_status(pod, 0));
  REQUIRE(s.position() == position);
}

TEST_CASE("PV-2: a claim that names no class gets the newest default one") {
  Store s = make_store();
  const auto make_class = [&s](const char* name, const char* annotation, SimTime when) {
    const api::Json manifest = {
        {"apiVersion", "storage.k8s.io/v1"},
        {"kind", "StorageClass"},
        {"metadata", {{"name", name}, {"annotations", {{annotation, "true"}}}}},
        {"provisioner", "example.com/nfs"}};
    REQUIRE(s.create(Kind::StorageClass, manifest, "", when, 0));
  };
  const auto class_of_claim = [&s](const char* name, const api::Json& more) {
    api::Json manifest = api::Json::parse(
        R"({"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{},"spec":)"
        R"({"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}})");
    manifest["metadata"]["name"] = name;
    manifest["spec"].update(more.is_null() ? api::Json::object() : more);
    const auto made = s.create(Kind::PersistentVolumeClaim, manifest, "default", kNow, 0);
    REQUIRE(made);
    REQUIRE((*made)->has_finalizer("kubernetes.io/pvc-protection"));  // PV-9
    return api::to_json(**made)["spec"].value("storageClassName", "none");
  };
  REQUIRE(class_of_claim("before", {}) == "none");
  make_class("older", "storageclass.kubernetes.io/is-default-class", kNow);
  make_class(
      "newer", "storageclass.beta.kubernetes.io/is-default-class", kNow + std::chrono::seconds{1});
  REQUIRE(class_of_claim("after", {}) == "newer");
  REQUIRE(class_of_claim("own", {{"storageClassName", "older"}}) == "older");
  REQUIRE(class_of_claim("no-class", {{"storageClassName", ""}}) == "");
}

TEST_CASE("GC-4: a foreground deletion keeps the object until its finalizer is taken away") {
  Store s = make_store();
  REQUIRE(s.create(Kind::StatefulSet, set_manifest(), "default", kNow, 0));
  DeleteOptions foreground;
  foreground.propagation = DeleteOptions::Propagation::Foreground;
  REQUIRE(s.remove(kSet, foreground, kNow, 0));
  api::Object set = *s.find(kSet);
  REQUIRE(set.terminating());
  REQUIRE(set.generation == 2);
  set.finalizers.clear();
  REQUIRE(s.update(set, 0));
  REQUIRE_FALSE(s.find(kSet));
}

TEST_CASE("SS-6: a pod whose revision label is too long is refused") {
  Store s = make_store();
  api::Object pod = a_pod("");
  pod.labels["controller-revision-hash"] = std::string(64, 'x');
  REQUIRE(reason(s.create(std::move(pod), kNow, 0)) == "Invalid");
}

TEST_CASE("SS-6: the server's words about a pod whose set has a long name") {
  const std::string name(64, 'x');
  const auto refusal = [&name](int minor) {
    Store s = make_store(minor);
    Json document = Json::parse(
        R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"default"},"spec":)"
        R"({"containers":[{"name":"c","image":"i"}]}})");
    api::set_defaults(Kind::Pod, document, nullptr, s.features());
    document["spec"]["hostname"] = name;
    document["metadata"]["labels"] = {{"revision", name}};
    return message(s.create(api::from_json(Kind::Pod, document), kNow, 0));
  };
  CHECK(refusal(36) == "Pod \"p\" is invalid: [metadata.labels: Invalid value: \"" + name +
                           "\": must be no more than 63 bytes, spec.hostname: Invalid value: \"" +
                           name + "\": must be no more than 63 characters]");
  CHECK(refusal(34) == "Pod \"p\" is invalid: [metadata.labels: Invalid value: \"" + name +
                           "\": must be no more than 63 characters, spec.hostname: Invalid value: "
                           "\"" +
                           name + "\": must be no more than 63 characters]");
}

TEST_CASE("SS-250: up to 1.33 pods and claims show what is wrong with a set's templates") {
  Json set = set_manifest();
  set["spec"]["template"]["spec"]["containers"][0]["image"] = "";
  set["spec"]["volumeClaimTemplates"] =
      Json::parse(R"([{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"]}}])");
  Store old = make_store(26);
  CHECK(old.create(Kind::StatefulSet, set, "default", kNow, 0));
  Store newer = make_store(34);
  CHECK(message(newer.create(Kind::StatefulSet, set, "default", kNow, 0)) ==
        "StatefulSet.apps \"web\" is invalid: [spec.volumeClaimTemplates[0].spec.resources["
        "storage]: Required value, spec.template.spec.containers[0].image: Required value]");

  Json pod = Json::parse(
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"default"},"spec":)"
      R"({"containers":[{"name":"c"}]}})");
  api::set_defaults(Kind::Pod, pod, nullptr, old.features());
  CHECK(message(old.create(api::from_json(Kind::Pod, pod), kNow, 0)) ==
        "Pod \"p\" is invalid: spec.containers[0].image: Required value");
  Json claim = Json::parse(
      R"({"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"data-web-0",)"
      R"("namespace":"default"},"spec":{"accessModes":["ReadWriteOnce"]}})");
  CHECK(message(old.create(api::from_json(Kind::PersistentVolumeClaim, claim), kNow, 0)) ==
        "PersistentVolumeClaim \"data-web-0\" is invalid: spec.resources[storage]: Required value");
}

TEST_CASE("PV-1: volumes that differ by their paths alone share their specification") {
  Store s = make_store();
  const auto volume = [&s](const char* name, const char* server, const char* path) {
    Json manifest = Json::parse(
        R"({"apiVersion":"v1","kind":"PersistentVolume","spec":{"capacity":{"storage":"1Gi"},)"
        R"("accessModes":["ReadWriteOnce"]}})");
    manifest["metadata"]["name"] = name;
    manifest["spec"]["nfs"] = {{"server", server}, {"path", path}};
    return s.create(Kind::PersistentVolume, manifest, "", kNow, 0).value();
  };
  const auto spec = [](const api::ObjectPtr& object) { return &*object->as<api::Volume>().spec; };
  const api::ObjectPtr one = volume("one", "nas", "/one");
  const api::ObjectPtr two = volume("two", "nas", "/two");
  CHECK(spec(one) == spec(two));
  CHECK(spec(volume("three", "other", "/one")) != spec(one));
  CHECK(api::to_json(*one)["spec"]["nfs"] == Json({{"server", "nas"}, {"path", "/one"}}));
  CHECK(api::to_json(*two)["spec"]["nfs"] == Json({{"server", "nas"}, {"path", "/two"}}));
  // What is changed of one makes no difference to the other, and leaves shared what it can.
  Json labelled = api::to_json(*two);
  labelled["metadata"]["labels"] = {{"tier", "front"}};
  CHECK(spec(s.update(Kind::PersistentVolume, labelled, 0).value()) == spec(one));
  api::Object moved = *s.find({Kind::PersistentVolume, "", "two"});
  moved.as<api::Volume>().nfs_path = "/moved";
  const std::uint64_t before = s.position();
  REQUIRE(s.update(std::move(moved), 0));
  CHECK(s.position() == before + 1);
}

TEST_CASE("PV-1: a volume's source is kept as it was written") {
  for (const char* source : {R"({"nfs":{"server":"nas","path":"/one"}})",
                             R"({"nfs":{"server":"nas","path":""}})",
                             R"({"nfs":{"server":"nas"}})",
                             R"({"nfs":{"path":"/one"}})",
                             R"({"nfs":{"server":"nas","path":"/one","readOnly":true}})",
                             R"({"hostPath":{"path":"/one"}})"}) {
    Json document = Json::parse(R"({"apiVersion":"v1","kind":"PersistentVolume"})");
    document["metadata"]["name"] = "pv0";
    document["spec"] = Json::parse(source);
    CHECK(api::to_json(api::from_json(Kind::PersistentVolume, document))["spec"] ==
          document["spec"]);
  }
}

TEST_CASE("an object that is made anew is not on its way out, whatever its maker thought") {
  Store s = make_store();
  api::Object pod = a_pod("");
  pod.seldom.edit() = {"p-", api::Deletion{kNow, 30}};
  const api::ObjectPtr made = s.create(pod, kNow, 0).value();
  CHECK_FALSE(made->terminating());
  CHECK(made->seldom->generate_name == "p-");
  // Nor does somebody bring it back who has read it before it was on its way out.
  api::Object read = *made;
  read.finalizers.push_back("example.com/mine");
  const api::ObjectPtr kept = s.update(std::move(read), 0).value();
  REQUIRE(s.remove(kPod, {}, kNow, 0));
  REQUIRE(s.find(kPod)->terminating());
  api::Object late = *kept;
  late.resource_version = {};
  late.labels["late"] = "yes";
  CHECK(s.update(std::move(late), 0).value()->terminating());
}

TEST_CASE("admission refuses pods with classes that do not exist") {
  CHECK(made_pod(R"({"priorityClassName": "high"})") ==
        "pods \"p\" is forbidden: no PriorityClass with name high was found");
  CHECK(
      made_pod(R"({"priorityClassName": "system-node-critical", "priority": 2000001000})").empty());
  CHECK(made_pod(R"({"priority": 5})") ==
        "pods \"p\" is forbidden: the integer value of priority (5) must not be provided in pod "
        "spec; priority admission controller computed 0 from the given PriorityClass name");
  CHECK(
      made_pod(R"({"preemptionPolicy": "Never"})") ==
      "pods \"p\" is forbidden: the string value of PreemptionPolicy (Never) must not be provided "
      "in pod spec; priority admission controller computed PreemptLowerPriority from the given "
      "PriorityClass name");
  CHECK(made_pod(R"({"runtimeClassName": "gvisor"})") ==
        "pods \"p\" is forbidden: pod rejected: RuntimeClass \"gvisor\" not found");
  CHECK(made_pod(R"({"overhead": {"cpu": "1"}})") ==
        "pods \"p\" is forbidden: pod rejected: Pod Overhead set without corresponding "
        "RuntimeClass defined Overhead");
}

TEST_CASE("a missing namespace is told before anything that is wrong with the object") {
  Store s = make_store();
  Json set = set_manifest(-1);
  set["metadata"]["namespace"] = "other";
  CHECK(message(s.create(Kind::StatefulSet, set, "default", kNow, 0)) ==
        "namespaces \"other\" not found");
}

TEST_CASE("PV-7: a bound claim grows only where its class lets it") {
  Store s = make_store();
  api::Object claim =
      **s.create(Kind::PersistentVolumeClaim, claim_manifest("1Gi"), "default", kNow, 0);
  const auto growing = [&s] {
    Json document = api::to_json(*s.find({Kind::PersistentVolumeClaim, "default", "data"}));
    document["spec"]["resources"]["requests"]["storage"] = "2Gi";
    return s.update(Kind::PersistentVolumeClaim, document, 0);
  };
  CHECK(reason(growing()) == "Invalid");  // the spec of a claim that is not bound stays as it is
  claim.as<api::Claim>().phase = api::ClaimPhase::Bound;
  REQUIRE(s.update_status(claim, 0));
  const std::string refusal =
      "persistentvolumeclaims \"data\" is forbidden: only dynamically provisioned pvc can be "
      "resized and the storageclass that provisions the pvc must support resize";
  CHECK(message(growing()) == refusal);
  Json slow = Json::parse(
      R"({"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"slow"},)"
      R"("provisioner":"example.com/nfs"})");
  REQUIRE(s.create(Kind::StorageClass, slow, "", kNow, 0));
  CHECK(message(growing()) == refusal);
  slow = api::to_json(*s.find({Kind::StorageClass, "", "slow"}));
  slow["allowVolumeExpansion"] = true;
  REQUIRE(s.update(Kind::StorageClass, slow, 0));
  CHECK(growing());
}

TEST_CASE("GC-1: dependents are found by their owner") {
  Store s = make_store();
  const auto set = *s.create(Kind::StatefulSet, set_manifest(), "default", kNow, 0);
  api::Object pod = a_pod("");
  pod.owners.push_back({"apps/v1", "StatefulSet", "web", set->uid, true, true});
  REQUIRE(s.create(pod, kNow, 0));
  REQUIRE(s.owned_by(set->uid).size() == 1);
  api::Object orphan = *s.find(kPod);
  orphan.owners.clear();
  REQUIRE(s.update(orphan, 0));
  REQUIRE(s.owned_by(set->uid).empty());
}

TEST_CASE("objects are gone through in order of key, all of them or those of one kind") {
  Store s = make_store();
  REQUIRE(s.create(Kind::StatefulSet, set_manifest(), "default", kNow, 0));
  REQUIRE(s.create(a_pod(""), kNow, 0));
  std::vector<std::string> all;
  s.for_each([&all](const api::ObjectPtr& object) { all.push_back(object->key.text()); });
  CHECK(all == std::vector<std::string>{"Namespace/default", "Pod/p", "StatefulSet/web"});
  std::vector<std::string> pods;
  s.for_each(Kind::Pod, [&pods](const api::ObjectPtr& pod) { pods.push_back(pod->key.text()); });
  CHECK(pods == std::vector<std::string>{"Pod/p"});
  CHECK(s.size() == 3);
  CHECK(s.size(Kind::Pod) == 1);
  CHECK(s.size(Kind::Service) == 0);
}

TEST_CASE("a copy of a store stays as it was, and two stores with the same writes are the same") {
  Store a = make_store();
  const Store before = a;
  REQUIRE(a.create(a_pod(""), kNow, 0));
  REQUIRE_FALSE(before.find(kPod));
  Store b = make_store();
  REQUIRE(b.create(a_pod(""), kNow, 0));
  REQUIRE(a == b);
  REQUIRE_FALSE(a == before);
}

TEST_CASE("SS-9: a status that contradicts itself is refused") {
  Store s = make_store();
  REQUIRE(s.create(Kind::StatefulSet, set_manifest(), "default", kNow, 0));
  const auto refusal = [&s](const api::StatefulSetStatus& status) {
    api::Object set = *s.find(kSet);
    set.as<api::StatefulSet>().status = status;
    const auto written = s.update_status(set, 0);
    return written ? std::string("none") : written.error().causes.front().text();
  };
  api::StatefulSetStatus status;
  status.replicas = 2;
  status.ready_replicas = 3;
  REQUIRE(refusal(status) ==
          "status.readyReplicas: Invalid value: 3: cannot be greater than status.replicas");
  status.ready_replicas = 1;
  status.available_replicas = 2;
  REQUIRE(refusal(status) ==
          "status.availableReplicas: Invalid value: 2: cannot be greater than "
          "status.readyReplicas");
  status.available_replicas = -1;
  REQUIRE(refusal(status) ==
          "status.availableReplicas: Invalid value: -1: must be greater than or equal to 0");
  status.available_replicas = 1;
  REQUIRE(refusal(status) == "none");
}

TEST_CASE("generateName: the server adds five letters, other ones for each object") {
  Store s = make_store();
  const api::Json manifest = {
      {"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"metadata", {{"generateName", "note-"}}}};
  const auto one = s.create(Kind::ConfigMap, manifest, "default", kNow, 0);
  const auto two = s.create(Kind::ConfigMap, manifest, "default", kNow, 0);
  REQUIRE((*one)->key.name.size() == std::string("note-12345").size());
  REQUIRE((*one)->key.name.view().starts_with("note-"));
  REQUIRE((*one)->key.name != (*two)->key.name);
}

TEST_CASE("a store that is full takes no more objects, but still changes and deletes") {
  Store s({*parse_release("1.36"), {}}, 1, 2);
  REQUIRE(
      s.create(Kind::Namespace,
               {{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", "default"}}}},
               "",
               kNow,
               0));
  REQUIRE(s.create(a_pod(""), kNow, 0));
  api::Object other = a_pod("");
  other.key.name = "q";
  const auto refused = s.create(other, kNow, 0);
  REQUIRE_FALSE(refused);
  REQUIRE(refused.error().message == "etcdserver: mvcc: database space exceeded");
  REQUIRE(s.remove(kPod, {}, kNow, 0));
  REQUIRE(s.create(other, kNow, 0));
}

TEST_CASE("a delete that names another life of the object is refused") {
  Store s = make_store();
  REQUIRE(s.create(a_pod(""), kNow, 0));
  DeleteOptions options;
  options.uid = {1, 2};
  REQUIRE(reason(s.remove(kPod, options, kNow, 0)) == "Conflict");
  options.uid = s.find(kPod)->uid;
  REQUIRE(s.remove(kPod, options, kNow, 0));
}

TEST_CASE("the cluster's own namespaces cannot be deleted") {
  Store s = make_store();
  REQUIRE(reason(s.remove({Kind::Namespace, "", "default"}, {}, kNow, 0)) == "Forbidden");
}

TEST_CASE("a compacted log has forgotten what was seen, and nothing else") {
  Store s = make_store();
  REQUIRE(s.create(a_pod(""), kNow, 7));
  const std::uint64_t head = s.position();
  REQUIRE(head > 1);
  s.compact(head - 1);
  REQUIRE(s.change(head).cause == 7);
  REQUIRE(s.position() == head);
  REQUIRE(s.find(kPod));
}

TEST_CASE("stores are the same only if they remember the same writes") {
  Store s = make_store();
  Store other = s;
  api::Object pod = a_pod("");
  REQUIRE(s.create(pod, kNow, 0));
  REQUIRE(s.remove(pod.key, {}, kNow, 0));
  pod.key.name = "q";
  REQUIRE(other.create(pod, kNow, 0));
  REQUIRE(other.remove(pod.key, {}, kNow, 0));
  REQUIRE_FALSE(other == s);
  s.compact(s.position() - 1);
  other.compact(other.position() - 1);
  REQUIRE_FALSE(other == s);
  s.compact(s.position());
  REQUIRE_FALSE(other == s);
  other.compact(other.position());
  REQUIRE(other == s);
}

TEST_CASE("stores are the same only if they have had as many writes") {
  Store s = make_store();
  Store busier = s;
  REQUIRE(busier.create(a_pod(""), kNow, 0));
  REQUIRE(busier.remove(kPod, {}, kNow, 0));
  for (Store* store : {&s, &busier}) {
    store->compact(store->position());
  }
  REQUIRE_FALSE(busier.find(kPod));
  REQUIRE_FALSE(busier == s);
}
