// Claims and volumes in use stay. Rules: PV-70, PV-71.
#include "support/catch.hpp"
#include "support/cluster.hpp"

#include <stsim/controllers/statefulset/identity.hpp>
#include <stsim/controllers/volume/protection.hpp>

using namespace stsim;
using api::Kind;
using engine::Actor;
using test::Cluster;
namespace sts = controllers::statefulset;

namespace {

const api::ObjectKey kClaim{Kind::PersistentVolumeClaim, "default", "data-web-0"};
const api::ObjectKey kVolume{Kind::PersistentVolume, "", "pv0"};

/// A claim on its way out, and, if `used`, the pod that mounts it.
Cluster with_claim(bool used, const test::PodState& pod = {}) {
  Cluster c;
  c.make_set({.claims = true});
  if (used) {
    c.make_pod(0, pod);
  }
  c.create(
      Kind::PersistentVolumeClaim,
      R"({"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"data-web-0"},"spec":)"
      R"({"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}})");
  REQUIRE(c.store().remove(kClaim, {}, c.now, 0));
  return c;
}

bool frees(Cluster c, Actor actor, const api::ObjectKey& key) {
  return !c.plan(actor, key).groups.empty();
}

}  // namespace

TEST_CASE("PV-70: a claim on its way out stays as long as a pod uses it") {
  REQUIRE(frees(with_claim(false), Actor::ClaimProtection, kClaim));
  REQUIRE_FALSE(frees(with_claim(true), Actor::ClaimProtection, kClaim));
  REQUIRE_FALSE(frees(with_claim(true, {.terminating = true}), Actor::ClaimProtection, kClaim));
  // It counts until its object is gone, and not before it has a node.
  REQUIRE_FALSE(frees(with_claim(true, {.ready = false, .phase = api::PodPhase::Failed}),
                      Actor::ClaimProtection,
                      kClaim));
  Cluster unplaced = with_claim(false);
  const auto set = unplaced.store().find({Kind::StatefulSet, "default", "web"});
  const api::Json& pod_template = *set->as<api::StatefulSet>().spec->pod_template;
  const auto& features = unplaced.store().features();
  unplaced.create(
      sts::make_pod(*set, sts::make_template(*set, "web-1", pod_template, features), 0, {}));
  REQUIRE(frees(unplaced, Actor::ClaimProtection, kClaim));
}

TEST_CASE("PV-71: a volume on its way out stays as long as it is bound") {
  const auto phase = GENERATE(api::VolumePhase::Available,
                              api::VolumePhase::Bound,
                              api::VolumePhase::Released,
                              api::VolumePhase::Failed);
  Cluster c;
  api::Object volume = *c.create(
      Kind::PersistentVolume,
      R"({"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"pv0"},"spec":)"
      R"({"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},"nfs":{"server":"s","path":"/"}}})");
  volume.as<api::Volume>().phase = phase;
  REQUIRE(c.store().update_status(volume, 0));
  REQUIRE(c.store().remove(kVolume, {}, c.now, 0));
  REQUIRE(frees(c, Actor::VolumeProtection, kVolume) == (phase != api::VolumePhase::Bound));
}

TEST_CASE("PV-9: a finalizer that was taken off too early comes back") {
  Cluster c;
  c.make_set({.claims = true});
  api::Object claim = *c.create(
      Kind::PersistentVolumeClaim,
      R"({"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"data-web-0"},"spec":)"
      R"({"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}})");
  REQUIRE(c.plan(Actor::ClaimProtection, kClaim).groups.empty());
  claim.finalizers.clear();
  REQUIRE(c.store().update(claim, 0));
  const auto plan = c.plan(Actor::ClaimProtection, kClaim);
  REQUIRE(std::get<controllers::AddFinalizer>(*plan.groups.front().calls.front().mutation).name ==
          "kubernetes.io/pvc-protection");

  api::Object volume = *c.create(
      Kind::PersistentVolume,
      R"({"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"pv0"},"spec":)"
      R"({"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},"nfs":{"server":"s","path":"/"}}})");
  REQUIRE(c.plan(Actor::VolumeProtection, kVolume).groups.empty());
  volume.finalizers.clear();
  REQUIRE(c.store().update(volume, 0));
  REQUIRE(c.plan(Actor::VolumeProtection, kVolume).groups.size() == 1);
}
