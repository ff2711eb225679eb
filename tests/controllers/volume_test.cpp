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
  const auto found = controllers::volume::find_volume(
      *wanted, cluster.store().list(api::Kind::PersistentVolume), false);
  return found ? found->key.name : "none";
}

constexpr const char* kOnce = R"(["ReadWriteOnce"])";
constexpr const char* kBoth = R"(["ReadWriteOnce","ReadWriteMany"])";

}  // namespace

TEST_CASE("PV-30: a big volume with fewer modes beats a small one with more") {
  Cluster c;
  volume(c, "small-both", kBoth, "1Gi");
  volume(c, "big-once", kOnce, "100Gi");
  REQUIRE(chosen(c, claim(c)) == "big-once");
}

TEST_CASE("PV-31: among equal modes the smallest that fits, of equal ones the first by name") {
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
  REQUIRE(plan.groups.front().told.front().reason == "FailedBinding");
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
