// The choice of a volume is compared with a plain scan of all volumes, as the rules read.
#include "support/catch.hpp"
#include "support/choices.hpp"
#include "support/cluster.hpp"

#include <stsim/api/storage_class.hpp>

#include <algorithm>
#include <tuple>

using namespace stsim;
using api::Json;
using api::Kind;
using api::Object;
using api::ObjectPtr;

namespace {

/// PV-31, point by point.
bool may_have(const Object& claim, const Object& volume, bool delay_binding) {
  const auto& wanted = *claim.as<api::Claim>().spec;
  const auto& body = volume.as<api::Volume>();
  const bool reserved = body.claim_ref && body.claim_ref->ns == claim.key.ns &&
                        body.claim_ref->name == claim.key.name &&
                        (body.claim_ref->uid.empty() || body.claim_ref->uid == claim.uid);
  if ((body.claim_ref && !reserved) || volume.terminating() ||
      body.spec->capacity < wanted.request || body.spec->volume_mode != wanted.volume_mode ||
      !body.spec->modes.contains(wanted.modes)) {
    return false;
  }
  return reserved || (!delay_binding && body.phase == api::VolumePhase::Available &&
                      (!wanted.selector || wanted.selector->matches(volume.labels)) &&
                      api::storage_class(volume) == api::storage_class(claim));
}

/// PV-30 to PV-33: among equal access modes a reserved volume, then the smallest; the names decide.
std::string plain_choice(const Object& claim,
                         const std::vector<ObjectPtr>& volumes,
                         bool delay_binding) {
  const auto rank = [](const Object& volume) {
    const auto& body = volume.as<api::Volume>();
    const api::AccessModes modes = body.spec->modes;
    return std::tuple(modes.count(),
                      modes.text(),
                      !body.claim_ref.has_value(),
                      body.claim_ref ? api::Quantity() : body.spec->capacity,
                      volume.key.name);
  };
  const Object* best = nullptr;
  for (const ObjectPtr& volume : volumes) {
    if (may_have(claim, *volume, delay_binding) &&
        (best == nullptr || rank(*volume) < rank(*best))) {
      best = volume.get();
    }
  }
  return best == nullptr ? "none" : best->key.name;
}

/// Volumes and claims of few kinds, so that many are alike.
class Scene {
 public:
  explicit Scene(std::uint64_t seed) : choices_(seed, 1) { static_cast<void>(choices_.next()); }

  Json modes() {
    static const std::array<Json, 4> kModes{Json{"ReadWriteOnce"},
                                            Json{"ReadWriteMany"},
                                            Json{"ReadWriteOnce", "ReadWriteMany"},
                                            Json{"ReadWriteOnce", "ReadOnlyMany"}};
    return kModes[choices_.pick(kModes.size())];
  }

  std::string size() { return std::to_string(1 + choices_.pick(4)) + "Gi"; }

  Json more_of(Json spec) {
    if (choices_.pick(3) == 0) {
      spec["storageClassName"] = "fast";
    }
    if (choices_.pick(6) == 0) {
      spec["volumeMode"] = "Block";
    }
    return spec;
  }

  void add_volume(int number) {
    const std::string name = "pv" + std::to_string(number);
    Json spec = more_of({{"accessModes", modes()},
                         {"capacity", {{"storage", size()}}},
                         {"nfs", {{"server", "s"}, {"path", "/" + name}}}});
    if (choices_.pick(5) == 0) {
      spec["claimRef"] = {{"namespace", "default"},
                          {"name", "data" + std::to_string(choices_.pick(4))}};
    }
    Object made = *cluster.create(
        Kind::PersistentVolume,
        Json{{"apiVersion", "v1"},
             {"kind", "PersistentVolume"},
             {"metadata", {{"name", name}, {"labels", {{"tier", choices_.flag() ? "a" : "b"}}}}},
             {"spec", std::move(spec)}}
            .dump());
    static constexpr std::array kPhases{api::VolumePhase::Available,
                                        api::VolumePhase::Available,
                                        api::VolumePhase::Pending,
                                        api::VolumePhase::Released};
    made.as<api::Volume>().phase = kPhases[choices_.pick(kPhases.size())];
    REQUIRE(cluster.store().update_status(made, 0).has_value());
    if (choices_.pick(8) == 0) {
      REQUIRE(cluster.store().remove(made.key, {}, cluster.now, 0).has_value());
    }
  }

  ObjectPtr add_claim(int number) {
    Json spec =
        more_of({{"accessModes", modes()}, {"resources", {{"requests", {{"storage", size()}}}}}});
    if (choices_.pick(4) == 0) {
      spec["selector"] = {{"matchLabels", {{"tier", "a"}}}};
    }
    return cluster.create(Kind::PersistentVolumeClaim,
                          Json{{"apiVersion", "v1"},
                               {"kind", "PersistentVolumeClaim"},
                               {"metadata", {{"name", "data" + std::to_string(number)}}},
                               {"spec", std::move(spec)}}
                              .dump());
  }

  test::Cluster cluster;

 private:
  test::Choices choices_;
};

}  // namespace

TEST_CASE("PV-30 to PV-33: the volume of a claim is the one that a plain scan finds") {
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Scene scene(seed);
    for (int i = 0; i < 12; ++i) {
      scene.add_volume(i);
    }
    for (int i = 0; i < 4; ++i) {
      const ObjectPtr claim = scene.add_claim(i);
      for (const bool delay : {false, true}) {
        const store::Cache cache = scene.cluster.seen();
        const ObjectPtr chosen = scene.cluster.views().volumes.find_volume(*claim, cache, delay);
        const std::string plain = plain_choice(*claim, cache.list(Kind::PersistentVolume), delay);
        INFO("seed " << seed << ", " << claim->key.name << (delay ? ", delayed" : ""));
        REQUIRE((chosen ? chosen->key.name : "none") == plain);
        found += chosen ? 1 : 0;
      }
    }
  }
  REQUIRE(found > 100);
}
