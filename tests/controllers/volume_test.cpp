#include "support/catch.hpp"
#include "support/cluster.hpp"

#include <stsim/base/hash.hpp>
#include <stsim/controllers/volume/binder.hpp>

using namespace stsim;
using test::Cluster;
using Names = std::vector<std::string>;

namespace {

api::ObjectPtr volume(Cluster& cluster,
                      const std::string& name,
                      const std::string& modes,
                      const std::string& size,
                      const std::string& more = "") {
  api::ObjectPtr made = cluster.create(
      api::Kind::PersistentVolume,
      fmt::format(
          R"({{"apiVersion":"v1","kind":"PersistentVolume","metadata":{{"name":"{}","labels":{{"name":"{}"}}}},)"
          R"("spec":{{{}"accessModes":{},"capacity":{{"storage":"{}"}},"nfs":{{"server":"s","path":"/{}"}}}}}})",
          name,
          name,
          more,
          modes,
          size,
          name));
  api::Object available = *made;
  available.as<api::Volume>().phase = api::VolumePhase::Available;
  return *cluster.store().update_status(available, 0);
}

api::ObjectPtr claim(Cluster& cluster,
                     const std::string& more = "",
                     const std::string& modes = R"(["ReadWriteOnce"])",
                     const std::string& size = "1Gi") {
  return cluster.create(
      api::Kind::PersistentVolumeClaim,
      fmt::format(
          R"({{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{{"name":"data"}},"spec":{{{})"
          R"("accessModes":{},"resources":{{"requests":{{"storage":"{}"}}}}}}}})",
          more,
          modes,
          size));
}

std::string chosen(Cluster& cluster, const api::ObjectPtr& wanted) {
  const store::Cache cache = cluster.seen();
  const auto found = cluster.views().volumes.find_volume(*wanted, cache, false);
  return found ? found->key.name : "none";
}

/// A volume as it stands once a claim has got it: of the claim `data`, with another uid than that
/// of any claim here.
api::ObjectPtr left_behind(Cluster& cluster, const std::string& policy, api::VolumePhase phase) {
  const std::string more = fmt::format(
      R"("persistentVolumeReclaimPolicy":"{}","claimRef":{{"namespace":"default","name":"data",)"
      R"("uid":"11111111-1111-4111-8111-111111111111"}},)",
      policy);
  api::Object made = *volume(cluster, "a", R"(["ReadWriteOnce"])", "20Gi", more);
  made.as<api::Volume>().phase = phase;
  return *cluster.store().update_status(made, 0);
}

/// A claim and the volume `a` that it is bound to.
api::ObjectPtr bound_claim(Cluster& cluster) {
  api::Object bound = *claim(cluster);
  bound.as<api::Claim>().volume_name = "a";
  bound.annotations["pv.kubernetes.io/bind-completed"] = "yes";
  bound = **cluster.store().update(bound, 0);
  bound.as<api::Claim>().phase = api::ClaimPhase::Bound;
  bound.as<api::Claim>().access_modes = api::PackedJson(api::Json::array({"ReadWriteOnce"}));
  bound.as<api::Claim>().capacity = api::PackedJson(api::Json{{"storage", "5Gi"}});
  return *cluster.store().update_status(bound, 0);
}

/// What a plan does, in order: `update a`, `status a Failed`, `event VolumeRecycled`.
Names steps(const controllers::Plan& plan) {
  using Verb = controllers::Call::Verb;
  Names out;
  for (const controllers::Group& group : plan.groups) {
    for (const controllers::Call& call : group.calls) {
      if (call.verb == Verb::Tell) {
        out.push_back("event " + call.success->reason);
        continue;
      }
      const std::string phase =
          call.verb != Verb::UpdateStatus ? ""
          : call.target.kind == api::Kind::PersistentVolume
              ? fmt::format(" {}", to_string(call.object->as<api::Volume>().phase))
              : fmt::format(" {}", to_string(call.object->as<api::Claim>().phase));
      const char* verb = call.verb == Verb::Create         ? "create"
                         : call.verb == Verb::Delete       ? "delete"
                         : call.verb == Verb::UpdateStatus ? "status"
                                                           : "update";
      out.push_back(fmt::format("{} {}{}", verb, call.target.name, phase));
      if (call.success) {
        out.push_back("event " + call.success->reason);
      }
    }
  }
  return out;
}

Names looked_at_again(Cluster& cluster) {
  Names out;
  const store::Cache cache = cluster.seen();
  for (const api::ObjectKey& key : controllers::volume::resync(cache, cluster.views())) {
    out.push_back(key.name);
  }
  return out;
}

constexpr const char* kOnce = R"(["ReadWriteOnce"])";
constexpr const char* kBoth = R"(["ReadWriteOnce","ReadWriteMany"])";

}  // namespace

TEST_CASE("PV-3: the old annotation wins over the class, and no class is the empty one") {
  const std::string field = R"("storageClassName":"fast",)";
  const auto marked = [](Cluster& c, const api::ObjectPtr& object, const char* name) {
    api::Object changed = *c.store().find(object->key);
    changed.annotations["volume.beta.kubernetes.io/storage-class"] = name;
    return *c.store().update(changed, 0);
  };
  Cluster c;
  marked(c, volume(c, "a", kOnce, "5Gi", field), "slow");
  volume(c, "b", kOnce, "5Gi", field);
  volume(c, "c", kOnce, "5Gi");
  const api::ObjectPtr wanted = claim(c, field);
  REQUIRE(chosen(c, wanted) == "b");
  REQUIRE(chosen(c, marked(c, wanted, "slow")) == "a");
  REQUIRE(chosen(c, marked(c, wanted, "")) == "c");
}

TEST_CASE("PV-3: a claim without a class and one of the empty class get the same volume") {
  const std::string field = GENERATE("", R"("storageClassName":"",)");
  Cluster c;
  volume(c, "a", kOnce, "5Gi", R"("storageClassName":"fast",)");
  volume(c, "b", kOnce, "5Gi");
  REQUIRE(chosen(c, claim(c, field)) == "b");
}

TEST_CASE("PV-31: a volume on its way out is not bound") {
  Cluster c;
  const auto small = volume(c, "a", kOnce, "5Gi");
  volume(c, "b", kOnce, "9Gi");
  const auto wanted = claim(c);
  REQUIRE(chosen(c, wanted) == "a");
  REQUIRE(c.store().remove(small->key, {}, c.now, 0));
  REQUIRE(c.store().find(small->key)->terminating());
  REQUIRE(chosen(c, wanted) == "b");
}

TEST_CASE("PV-11: what is changed is looked at; what is gone, in its claim or volume") {
  Cluster c;
  const auto woken = [&c] {
    Names out;
    for (const auto& again :
         c.concerned(engine::Actor::VolumeBinder, c.store().change(c.store().position()))) {
      out.push_back(again.key.text());
    }
    return out;
  };
  const api::ObjectPtr bound = bound_claim(c);
  REQUIRE(woken() == Names{bound->key.text()});
  const api::ObjectPtr reserved =
      volume(c, "a", kOnce, "5Gi", R"("claimRef":{"namespace":"default","name":"data"},)");
  REQUIRE(woken() == Names{reserved->key.text()});
  const auto take_away = [&c](const api::ObjectKey& key) {
    REQUIRE(c.store().remove(key, {}, c.now, 0));
    api::Object left = *c.store().find(key);
    left.finalizers.clear();
    REQUIRE(c.store().update(left, 0));
    REQUIRE_FALSE(c.store().find(key));
  };
  take_away(reserved->key);
  REQUIRE(woken() == Names{bound->key.text()});
  take_away(bound->key);
  REQUIRE(woken() == Names{reserved->key.text()});
}

TEST_CASE("PV-21: a claim gets the volume that it names, or is told what is wrong with it") {
  struct Row {
    const char* claim;
    const char* modes;
    const char* volume;
    Names steps;
    const char* told;
  };
  const auto row = GENERATE(values<Row>({
      {"",
       kOnce,
       "",
       {"update named", "status named Bound", "update data", "status data Bound"},
       ""},
      {R"("selector":{"matchLabels":{"name":"other"}},)",  // not looked at
       kOnce,
       "",
       {"update named", "status named Bound", "update data", "status data Bound"},
       ""},
      {"",
       kOnce,
       R"("claimRef":{"namespace":"default","name":"data"},)",
       {"update named", "status named Bound", "update data", "status data Bound"},
       ""},
      {"",
       kOnce,
       R"("claimRef":{"namespace":"default","name":"else"},)",
       {"event FailedBinding"},
       R"(volume "named" already bound to a different claim.)"},
      {R"("storageClassName":"fast","volumeMode":"Block",)",  // the first of two is told
       kOnce,
       "",
       {"event VolumeMismatch"},
       R"(Cannot bind to requested volume "named": storageClassName does not match)"},
      {R"("volumeMode":"Block",)",
       R"(["ReadWriteMany"])",
       "",
       {"event VolumeMismatch"},
       R"(Cannot bind to requested volume "named": incompatible volumeMode)"},
      {"",
       R"(["ReadWriteMany"])",
       "",
       {"event VolumeMismatch"},
       R"(Cannot bind to requested volume "named": incompatible accessMode)"},
  }));
  CAPTURE(row.claim, row.modes, row.volume);
  Cluster c;
  volume(c, "better", kOnce, "2Gi");
  volume(c, "named", row.modes, "5Gi", row.volume);
  const auto wanted = claim(c, std::string(R"("volumeName":"named",)") + row.claim, kOnce, "2Gi");
  const auto plan = c.plan(engine::Actor::VolumeBinder, wanted->key);
  REQUIRE(steps(plan) == row.steps);
  if (*row.told != '\0') {
    REQUIRE(plan.groups.front().calls.front().success->message == row.told);
  }
}

TEST_CASE("PV-21: a volume that is too small, on its way out or not there is not bound by name") {
  Cluster c;
  const auto wanted = claim(c, R"("volumeName":"named",)", kOnce, "10Gi");
  const auto plan = [&] { return c.plan(engine::Actor::VolumeBinder, wanted->key); };
  REQUIRE(steps(plan()).empty());
  const auto named = volume(c, "named", kOnce, "5Gi", R"("storageClassName":"fast",)");
  REQUIRE(plan().groups.front().calls.front().success->message ==
          R"(Cannot bind to requested volume "named": requested PV is too small)");
  REQUIRE(c.store().remove(named->key, {}, c.now, 0));
  REQUIRE(plan().groups.front().calls.front().success->message ==
          R"(Cannot bind to requested volume "named": the volume is marked for deletion "named")");
}

TEST_CASE("PV-34: the nodes that reach a volume do not matter to the binder") {
  Cluster c;
  volume(c,
         "a",
         kOnce,
         "5Gi",
         R"("nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":)"
         R"([{"key":"kubernetes.io/hostname","operator":"In","values":["nowhere"]}]}]}},)");
  volume(c, "b", kOnce, "5Gi");
  REQUIRE(chosen(c, claim(c)) == "a");
}

TEST_CASE("PV-30: a big volume with fewer modes beats a small one with more") {
  Cluster c;
  volume(c, "small-both", kBoth, "1Gi");
  volume(c, "big-once", kOnce, "100Gi");
  REQUIRE(chosen(c, claim(c)) == "big-once");
}

TEST_CASE(
    "PV-31, PV-32: among equal modes the smallest that fits, of equal ones the first by name") {
  Cluster c;
  volume(c, "c", kOnce, "5Gi");
  volume(c, "a", kOnce, "20Gi");
  volume(c, "b", kOnce, "5Gi");
  volume(c, "d", kOnce, "1Gi");
  REQUIRE(chosen(c, claim(c, "", kOnce, "4Gi")) == "b");
}

TEST_CASE("PV-31: mode, class, selector and phase rule volumes out") {
  Cluster c;
  volume(c, "other-class", kOnce, "5Gi", R"("storageClassName":"fast",)");
  volume(c, "block", kOnce, "5Gi", R"("volumeMode":"Block",)");
  const auto released = volume(c, "released", kOnce, "5Gi");
  api::Object changed = *released;
  changed.as<api::Volume>().phase = api::VolumePhase::Released;
  static_cast<void>(c.store().update_status(changed, 0));
  REQUIRE(chosen(c, claim(c)) == "none");
}

TEST_CASE("PV-31: a selector picks by label") {
  Cluster c;
  volume(c, "a", kOnce, "5Gi");
  volume(c, "b", kOnce, "5Gi");
  REQUIRE(chosen(c, claim(c, R"("selector":{"matchLabels":{"name":"b"}},)")) == "b");
}

TEST_CASE("PV-41: a volume reserved for a claim goes to it whatever its class, and to no other") {
  Cluster c;
  volume(c,
         "reserved",
         kOnce,
         "5Gi",
         R"("storageClassName":"fast","claimRef":{"namespace":"default","name":"data"},)");
  volume(c, "for-other", kOnce, "1Gi", R"("claimRef":{"namespace":"default","name":"else"},)");
  volume(c, "free", kOnce, "2Gi");
  REQUIRE(chosen(c, claim(c)) == "reserved");
}

TEST_CASE("PV-40: a binding is four writes in order") {
  Cluster c;
  volume(c, "a", kOnce, "5Gi");
  const auto wanted = claim(c);
  const auto plan = c.plan(engine::Actor::VolumeBinder, wanted->key);
  REQUIRE(plan.groups.size() == 1);
  Names order;
  for (const auto& call : plan.groups.front().calls) {
    order.push_back((call.verb == controllers::Call::Verb::UpdateStatus ? "status " : "update ") +
                    call.target.name);
  }
  REQUIRE(order == Names{"update a", "status a", "update data", "status data"});
}

TEST_CASE("PV-20: a claim without a volume says so and waits") {
  Cluster c;
  const auto wanted = claim(c);
  const auto plan = c.plan(engine::Actor::VolumeBinder, wanted->key);
  REQUIRE(plan.waits.size() == 1);
  REQUIRE(plan.groups.front().calls.front().success->reason == "FailedBinding");
}

TEST_CASE("PV-60: a volume whose claim is gone is Released and stays so") {
  Cluster c;
  const auto reserved = volume(
      c,
      "a",
      kOnce,
      "5Gi",
      R"("claimRef":{"namespace":"default","name":"data","uid":"11111111-1111-4111-8111-111111111111"},)");
  claim(c);  // of the same name, with another uid
  const auto plan = c.plan(engine::Actor::VolumeBinder, reserved->key);
  REQUIRE(plan.groups.size() == 1);
  REQUIRE(plan.groups.front().calls.front().object->as<api::Volume>().phase ==
          api::VolumePhase::Released);
}

TEST_CASE("PV-60: a volume that cannot be deleted fails, and is told so once") {
  using api::VolumePhase;
  Cluster c;
  const auto kept = left_behind(c, "Delete", VolumePhase::Bound);
  const auto plan = c.plan(engine::Actor::VolumeBinder, kept->key);
  REQUIRE(steps(plan) == Names{"status a Released", "status a Failed", "event VolumeFailedDelete"});
  REQUIRE(
      plan.groups.back().calls.back().object->as<api::Volume>().message ==
      "error getting deleter volume plugin for volume \"a\": no deletable volume plugin matched");
  Cluster later;
  const auto failed = left_behind(later, "Delete", VolumePhase::Failed);
  REQUIRE(steps(later.plan(engine::Actor::VolumeBinder, failed->key)).empty());
  REQUIRE(looked_at_again(later).empty());
}

TEST_CASE("PV-60: a volume of an external provisioner is left to it") {
  Cluster c;
  api::Object made = *left_behind(c, "Delete", api::VolumePhase::Released);
  made.annotations["pv.kubernetes.io/provisioned-by"] = "nfs.csi.k8s.io";
  made = **c.store().update(made, 0);
  REQUIRE(steps(c.plan(engine::Actor::VolumeBinder, made.key)).empty());
}

TEST_CASE("PV-60: the policy Recycle has a pod empty the volume, once no pod uses it") {
  Cluster c;
  const auto kept = left_behind(c, "Recycle", api::VolumePhase::Bound);
  c.create(
      api::Kind::Pod,
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"user"},"spec":{"containers":[{"name":"c",)"
      R"("image":"web"}],"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"data"}}]}})");
  const auto waits = c.plan(engine::Actor::VolumeBinder, kept->key);
  REQUIRE(steps(waits) == Names{"status a Released", "event VolumeFailedRecycle"});
  REQUIRE(waits.groups.back().calls.front().success->message ==
          "Volume is used by pods: default/user");

  api::Object user = *c.store().find({api::Kind::Pod, "default", "user"});
  user.as<api::Pod>().status.phase = api::PodPhase::Succeeded;
  REQUIRE(c.store().update_status(user, 0));
  const auto plan = c.plan(engine::Actor::VolumeBinder, kept->key);
  REQUIRE(steps(plan) == Names{"status a Released", "create recycler-for-a"});
  const api::Object pod = *plan.groups.front().calls.back().object;
  REQUIRE(pod.key.ns == "default");
  const api::Json& spec = *pod.as<api::Pod>().spec->document;
  REQUIRE(spec.at("activeDeadlineSeconds") == 600);  // 30 s for each of 20 GiB
  REQUIRE(spec.at("restartPolicy") == "Never");
  REQUIRE(spec.at("volumes")[0].at("nfs").at("path") == "/a");

  api::Object scrubber = *c.create(pod);
  REQUIRE(steps(c.plan(engine::Actor::VolumeBinder, kept->key)) == Names{"status a Released"});
  scrubber.as<api::Pod>().status.phase = api::PodPhase::Succeeded;
  scrubber = **c.store().update_status(scrubber, 0);
  api::Object released = *c.store().find(kept->key);
  released.as<api::Volume>().phase = api::VolumePhase::Released;
  released.annotations["pv.kubernetes.io/bound-by-controller"] = "yes";
  REQUIRE(c.store().update(released, 0));
  released.resource_version = {};
  REQUIRE(c.store().update_status(released, 0));
  const auto done = c.plan(engine::Actor::VolumeBinder, kept->key);
  REQUIRE(steps(done) ==
          Names{"delete recycler-for-a", "event VolumeRecycled", "update a", "status a Available"});
  REQUIRE_FALSE(done.groups.back().calls.front().object->as<api::Volume>().claim_ref);

  scrubber.as<api::Pod>().status.phase = api::PodPhase::Failed;
  REQUIRE(c.store().update_status(scrubber, 0));
  const auto failed = c.plan(engine::Actor::VolumeBinder, kept->key);
  REQUIRE(steps(failed) ==
          Names{"delete recycler-for-a", "status a Failed", "event VolumeFailedRecycle"});
  REQUIRE(failed.groups.back().calls.back().success->message ==
          "Recycle failed: failed to recycle volume: pod failed, pod.Status.Message unknown");
}

TEST_CASE("PV-45: a claim without its volume is Lost and shows no capacity; told once") {
  Cluster c;
  const auto bound = bound_claim(c);
  const auto plan = c.plan(engine::Actor::VolumeBinder, bound->key);
  REQUIRE(steps(plan) == Names{"status data Lost", "event ClaimLost"});
  const api::Object lost = *plan.groups.front().calls.front().object;
  REQUIRE(lost.as<api::Claim>().capacity.is_null());
  REQUIRE(lost.as<api::Claim>().access_modes.is_null());
  REQUIRE(c.store().update_status(lost, 0));
  REQUIRE(steps(c.plan(engine::Actor::VolumeBinder, bound->key)).empty());
  REQUIRE(looked_at_again(c).empty());
  // A volume of that name brings it back, at the next look at everything.
  volume(c, "a", kOnce, "5Gi");
  REQUIRE(looked_at_again(c) == Names{"data"});
  REQUIRE(steps(c.plan(engine::Actor::VolumeBinder, bound->key)) ==
          Names{"update a", "status a Bound", "status data Bound"});
}

TEST_CASE("PV-45: a volume that has lost its claimRef is bound to its claim again") {
  Cluster c;
  const auto bound = bound_claim(c);
  volume(c, "a", kOnce, "5Gi");
  REQUIRE(looked_at_again(c) == Names{"data"});
  REQUIRE(steps(c.plan(engine::Actor::VolumeBinder, bound->key)) ==
          Names{"update a", "status a Bound"});
}

TEST_CASE("PV-40: a claim that is bound follows its volume's modes, not its capacity") {
  Cluster c;
  const auto bound = bound_claim(c);
  api::Object a =
      *volume(c,
              "a",
              kBoth,
              "50Gi",
              fmt::format(R"("claimRef":{{"namespace":"default","name":"data","uid":"{}"}},)",
                          bound->uid.text()));
  a.as<api::Volume>().phase = api::VolumePhase::Bound;
  REQUIRE(c.store().update_status(a, 0));
  const auto plan = c.plan(engine::Actor::VolumeBinder, bound->key);
  REQUIRE(steps(plan) == Names{"status data Bound"});
  const auto& status = plan.groups.front().calls.front().object->as<api::Claim>();
  REQUIRE(status.access_modes.json().size() == 2);
  REQUIRE(status.capacity.json().at("storage") == "5Gi");
  REQUIRE(looked_at_again(c) == Names{"data"});
}

TEST_CASE("PV-46: volume and claim of different modes are both told") {
  Cluster c;
  const auto wanted = claim(c);
  const auto block = volume(
      c,
      "a",
      kOnce,
      "5Gi",
      fmt::format(
          R"("volumeMode":"Block","claimRef":{{"namespace":"default","name":"data","uid":"{}"}},)",
          wanted->uid.text()));
  const auto plan = c.plan(engine::Actor::VolumeBinder, block->key);
  REQUIRE(steps(plan) == Names{"event VolumeMismatch", "event VolumeMismatch"});
  REQUIRE(plan.again.empty());
  REQUIRE_FALSE(plan.groups.front().calls.front().success->about);
  REQUIRE(plan.groups.back().calls.front().success->about == wanted->key);
}

TEST_CASE("PV-20: a claim that waits for a pod names those that have no node yet") {
  Cluster c;
  c.create(
      api::Kind::StorageClass,
      R"({"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"late"},)"
      R"("provisioner":"kubernetes.io/no-provisioner","volumeBindingMode":"WaitForFirstConsumer"})");
  volume(c, "a", kOnce, "5Gi", R"("storageClassName":"late",)");
  const auto wanted = claim(c, R"("storageClassName":"late",)");
  const auto message = [&] {
    return c.plan(engine::Actor::VolumeBinder, wanted->key)
        .groups.front()
        .calls.front()
        .success->message;
  };
  REQUIRE(message() == "waiting for first consumer to be created before binding");
  const auto pod = [&](const char* name) {
    return c.create(
        api::Kind::Pod,
        fmt::format(
            R"({{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"{}"}},"spec":{{"containers":[{{"name":"c",)"
            R"("image":"web"}}],"volumes":[{{"name":"v","persistentVolumeClaim":{{"claimName":"data"}}}}]}}}})",
            name));
  };
  pod("web-1");
  api::Object ended = *pod("web-0");
  REQUIRE(message() == "waiting for pods web-0,web-1 to be scheduled");
  ended.as<api::Pod>().status.phase = api::PodPhase::Failed;
  REQUIRE(c.store().update_status(ended, 0));
  REQUIRE(message() == "waiting for pod web-1 to be scheduled");
}

TEST_CASE("PV-50: a driver has taken over from a plug-in that once came with Kubernetes") {
  Cluster c;
  c.create(api::Kind::StorageClass,
           R"({"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"disk"},)"
           R"("provisioner":"kubernetes.io/gce-pd"})");
  const auto wanted = claim(c, R"("storageClassName":"disk",)");
  const auto plan = c.plan(engine::Actor::VolumeBinder, wanted->key);
  REQUIRE(steps(plan) == Names{"update data", "event ExternalProvisioning"});
  REQUIRE(plan.groups.front().calls.front().object->annotations.at(
              "volume.kubernetes.io/storage-provisioner") == "pd.csi.storage.gke.io");
}

TEST_CASE("PV-51: what a claim that has waited gets depends on the pod's node") {
  Cluster c;
  volume(c, "far", kOnce, "2Gi");
  volume(c, "near", kBoth, "5Gi");
  const auto wanted = claim(c);
  const auto found = controllers::volume::find_volume_for_pod(
      *wanted, c.store().list(api::Kind::PersistentVolume), [](const api::Object& candidate) {
        return candidate.key.name == "near";
      });
  REQUIRE(found->key.name == "near");
  const auto reserved = controllers::volume::reserve(*found, *wanted);
  REQUIRE(reserved->as<api::Volume>().claim_ref->uid == wanted->uid);
  REQUIRE_FALSE(controllers::volume::reserve(*reserved, *wanted));
}
