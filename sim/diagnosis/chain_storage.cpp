#include "inquiry.hpp"

#include <fmt/format.h>
#include <stsim/api/storage_class.hpp>
#include <stsim/controllers/volume/binder.hpp>
#include <stsim/node/kubelet.hpp>

#include <algorithm>
#include <vector>

namespace stsim::diagnosis {

using api::Json;
using api::Kind;
using api::Object;
using api::ObjectKey;
using api::ObjectPtr;
using engine::Actor;

namespace {

/// Why a volume is nothing for a claim; "" where it fits. Rules: PV-30, PV-31.
std::string misfit(const Object& volume, const Object& claim) {
  const auto& body = volume.as<api::Volume>();
  const api::VolumeSpec& spec = *body.spec;
  const api::ClaimSpec& wanted = *claim.as<api::Claim>().spec;
  if (body.claim_ref) {
    const api::ClaimReference& owner = *body.claim_ref;
    const bool same_name = owner.ns == claim.key.ns.view() && owner.name == claim.key.name.view();
    if (!same_name || !(owner.uid.empty() || owner.uid == claim.uid)) {
      return fmt::format(
          "{} {}{}",
          body.phase == api::VolumePhase::Released ? "was released by" : "belongs to",
          same_name ? "an earlier " : "",
          owner.name);
    }
  }
  if (volume.terminating()) {
    return "is being deleted";
  }
  if (spec.storage_class.view() != wanted.storage_class.value_or("")) {
    return fmt::format("is of class \"{}\"", spec.storage_class);
  }
  if (!spec.modes.contains(wanted.modes)) {
    return fmt::format("has modes {}", spec.modes.text());
  }
  if (spec.capacity < wanted.request) {
    return fmt::format(
        "is too small: {}",
        api::text(api::at_path(api::to_json(volume), {"spec", "capacity"}), "storage"));
  }
  if (spec.volume_mode.view() != wanted.volume_mode) {
    return fmt::format("has volumeMode {}", spec.volume_mode);
  }
  if (wanted.selector && !wanted.selector->matches(volume.labels)) {
    return "does not have the labels";
  }
  return "";
}

/// The same if nobody had it.
std::string misfit_if_free(const Object& volume, const Object& claim) {
  Object free = volume;
  free.as<api::Volume>().claim_ref.reset();
  return misfit(free, claim);
}

/// A volume made for a claim, on the NFS server that others are on.
Json volume_for(const Object& claim, const world::World& world) {
  const Json document = api::to_json(claim);
  const Json& spec = api::member(document, "spec");
  std::string server = "nfs1";
  std::string folder = "/data";
  for (const ObjectPtr& other : world.store.list(Kind::PersistentVolume)) {
    const auto& known = other->as<api::Volume>();
    if (!known.spec->nfs_server.empty()) {
      server = known.spec->nfs_server;
      const std::string_view path = known.nfs_path;
      folder = std::string(path.substr(0, path.rfind('/')));
      break;
    }
  }
  const std::string name = fmt::format("for-{}", claim.key.name);
  Json out = {
      {"apiVersion", "v1"},
      {"kind", "PersistentVolume"},
      {"metadata", {{"name", name}}},
      {"spec",
       {{"capacity", {{"storage", api::at_path(spec, {"resources", "requests", "storage"})}}},
        {"accessModes", api::member(spec, "accessModes")},
        {"nfs", {{"server", server}, {"path", fmt::format("{}/{}", folder, name)}}}}}};
  if (const Json& of_class = api::member(spec, "storageClassName"); of_class.is_string()) {
    out["spec"]["storageClassName"] = of_class;
  }
  return out;
}

/// A volume for each claim that the pods of a claim's set have or will have, and that is not bound.
std::vector<Json> volumes_of_set(const Object& claim, const world::World& world) {
  constexpr std::int64_t kMost = 20;
  const auto [stem, number] = api::parent_and_ordinal(claim.key.name.view());
  std::vector<Json> out;
  for (const ObjectPtr& set : world.store.list(Kind::StatefulSet, claim.key.ns.view())) {
    const api::StatefulSetSpec& spec = *set->as<api::StatefulSet>().spec;
    for (const api::ClaimTemplate& of_set : spec.claim_templates) {
      if (stem != fmt::format("{}-{}", of_set.name, set->key.name)) {
        continue;
      }
      for (std::int64_t i = 0; i < std::min<std::int64_t>(spec.replicas, kMost); ++i) {
        Object like = claim;
        like.key.name = fmt::format("{}-{}", stem, spec.start_ordinal + i);
        const ObjectPtr found = world.store.find(like.key);
        if (!found || found->as<api::Claim>().phase != api::ClaimPhase::Bound) {
          out.push_back(volume_for(like, world));
        }
      }
    }
  }
  return out;
}

}  // namespace

void Inquiry::offer_volumes(const std::vector<Json>& volumes) {
  std::string text;
  for (const Json& volume : volumes) {
    text += fmt::format("{}{}\n", text.empty() ? "" : "---\n", volume.dump());
  }
  help({fmt::format("kubectl apply -f - <<EOF\n{}EOF", text), {{"apply", volumes}}, false, ""});
}

void Inquiry::claim(const ObjectKey& key, State state) {
  const ObjectPtr found = find(key);
  if (!found) {
    link(key, fmt::format("nobody has made claim {}", key.name), "");
    return;
  }
  if (found->terminating()) {
    for (const ObjectPtr& pod : world_.store.list(Kind::Pod, key.ns.view())) {
      if (api::mounts(*pod, key) && !pod->as<api::Pod>().status.ended()) {
        link(key,
             fmt::format("claim {} is being deleted, and waits for {}, which uses it",
                         key.name,
                         pod->key.name),
             "PV-70");
        if (pod->terminating()) {
          return ask({pod->key, State::Gone, {}, pod->uid});
        }
        return kubectl(fmt::format("delete pod {}{}", pod->key.name, in_namespace(pod->key)));
      }
    }
    if (!out_of_order(Actor::ClaimProtection, key)) {
      link(key, fmt::format("claim {} is being deleted", key.name), "PV-70");
    }
    return;
  }
  if (state == State::Gone) {
    link(key, fmt::format("nobody deletes claim {}", key.name), "");
    return kubectl(fmt::format("delete pvc {}{}", key.name, in_namespace(key)));
  }
  if (found->as<api::Claim>().phase == api::ClaimPhase::Lost) {
    link(key,
         fmt::format("the volume {} of claim {} is gone, and its data with it",
                     found->as<api::Claim>().volume_name,
                     key.name),
         "PV-45");
    return kubectl(fmt::format("delete pvc {}{} --wait=false", key.name, in_namespace(key)));
  }
  unbound(*found);
}

void Inquiry::unbound(const Object& claim) {
  const std::string name = claim.key.name;
  if (out_of_order(Actor::VolumeBinder, claim.key)) {
    return;
  }
  const store::Cache cache(world_.store, world_.of(Actor::VolumeBinder).watch);
  const ObjectPtr of_class = controllers::volume::class_of(claim, cache);
  const bool delays = of_class && api::delays_binding(*of_class);
  if (delays) {
    link(claim.key,
         fmt::format("claim {} is bound only when a pod that uses it has a node", name),
         "PV-51");
  }
  const Text& named = claim.as<api::Claim>().volume_name;
  if (const ObjectPtr next =
          named.empty() ? world_.views.volumes.find_volume(claim, cache, delays) : nullptr) {
    link(claim.key, fmt::format("claim {} is about to get {}", name, next->key.name), "PV-40");
    return;
  }
  if (!named.empty() && !find({Kind::PersistentVolume, "", named})) {
    link(claim.key,
         fmt::format("claim {} asks for volume {}, which is not there", name, named),
         "PV-21");
    return;
  }
  std::string misfits;
  std::vector<ObjectPtr> released;
  std::size_t others = 0;
  for (const ObjectPtr& volume : world_.store.list(Kind::PersistentVolume)) {
    const std::string why = misfit(*volume, claim);
    if (why.empty() || (!named.empty() && volume->key.name != named)) {
      continue;
    }
    constexpr std::size_t kMost = 4;
    if (std::ranges::count(misfits, ';') < static_cast<std::ptrdiff_t>(kMost)) {
      misfits += fmt::format("{}{} {}", misfits.empty() ? "" : "; ", volume->key.name, why);
    } else {
      ++others;
    }
    if (volume->as<api::Volume>().phase == api::VolumePhase::Released &&
        misfit_if_free(*volume, claim).empty()) {
      released.push_back(volume);
    }
  }
  if (others > 0) {
    misfits += fmt::format("; and {} more", others);
  }
  link(claim.key,
       misfits.empty() ? fmt::format("claim {} waits for a volume, and there is none", name)
                       : fmt::format("no volume fits claim {}: {}", name, misfits),
       "PV-30");
  if (named.empty()) {
    offer_volumes({volume_for(claim, world_)});
    offer_volumes(volumes_of_set(claim, world_));
  }
  for (const ObjectPtr& volume : released) {
    kubectl(fmt::format("patch pv {} -p '{{\"spec\":{{\"claimRef\":null}}}}'", volume->key.name),
            fmt::format(
                "{} gets what {} has left on it", name, volume->as<api::Volume>().claim_ref->name));
  }
}

void Inquiry::volume(const ObjectKey& key) {
  const ObjectPtr found = find(key);
  if (!found) {
    link(key, fmt::format("nobody has made volume {}", key.name), "");
    return;
  }
  const auto& body = found->as<api::Volume>();
  if (found->terminating() && body.claim_ref) {
    link(key,
         fmt::format(
             "volume {} is being deleted, and claim {} has it", key.name, body.claim_ref->name),
         "PV-71");
    return;
  }
  if (body.phase == api::VolumePhase::Released && body.claim_ref) {
    link(key,
         fmt::format("volume {} was released by {}, and nobody else gets it ({})",
                     key.name,
                     body.claim_ref->name,
                     body.spec->reclaim_policy),
         "PV-60");
    return kubectl(fmt::format("patch pv {} -p '{{\"spec\":{{\"claimRef\":null}}}}'", key.name),
                   "the next claim gets what is left on it");
  }
  if (!out_of_order(Actor::VolumeBinder, key)) {
    link(key, fmt::format("no claim has asked for volume {}", key.name), "PV-30");
  }
}

bool Inquiry::server(const Object& pod) {
  for (const api::ClaimVolume& volume : api::claims(pod)) {
    const ObjectPtr claim = find({Kind::PersistentVolumeClaim, pod.key.ns, volume.claim});
    const ObjectPtr bound =
        claim ? find({Kind::PersistentVolume, "", claim->as<api::Claim>().volume_name}) : nullptr;
    if (!bound || world_.nodes.server_of(node::file_place(*bound)) != node::ServerState::Down) {
      continue;
    }
    const std::string name(bound->as<api::Volume>().spec->nfs_server.view());
    link(pod.key,
         fmt::format("its volume {} is on NFS server {}, which does not answer: mounts are hard, "
                     "and whoever uses them waits",
                     bound->key.name,
                     name),
         "PV-5");
    step(fmt::format("nfs {} becomes up", name), {{"nfs", {{"server", name}, {"becomes", "up"}}}});
    return true;
  }
  return false;
}

}  // namespace stsim::diagnosis
