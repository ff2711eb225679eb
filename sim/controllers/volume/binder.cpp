#include <fmt/format.h>
#include <stsim/api/storage_class.hpp>
#include <stsim/controllers/volume/binder.hpp>

#include <algorithm>

namespace stsim::controllers::volume {

using api::Claim;
using api::ClaimPhase;
using api::Kind;
using api::Object;
using api::ObjectKey;
using api::ObjectPtr;
using api::Volume;
using api::VolumePhase;

namespace {

constexpr const char* kBindCompleted = "pv.kubernetes.io/bind-completed";
constexpr const char* kBoundByController = "pv.kubernetes.io/bound-by-controller";

ObjectPtr share(Object object) {
  return std::make_shared<const Object>(std::move(object));
}

/// One call more, in the plan's last group; a failure fails the sync.
Call& add_call(
    Plan& plan, Call::Verb verb, ObjectPtr object, std::string why, std::string_view rule) {
  if (plan.groups.empty() || !plan.groups.back().told.empty()) {
    plan.groups.emplace_back();
  }
  Call& call = plan.groups.back().calls.emplace_back();
  call.verb = verb;
  call.target = object->key;
  call.object = std::move(object);
  call.why = std::move(why);
  call.rule = rule;
  return call;
}

void add_event(Plan& plan, const char* type, const char* reason, std::string message) {
  plan.groups.emplace_back().told.push_back({type, reason, std::move(message)});
}

/// A status written right after another write of the same object, whatever version that made.
ObjectPtr with_volume_phase(Object volume,
                            VolumePhase phase,
                            SimTime now,
                            std::string message = "") {
  auto& body = volume.as<Volume>();
  if (body.phase != phase) {
    body.last_phase_transition = whole_seconds(now);
  }
  body.phase = phase;
  body.message = std::move(message);
  volume.resource_version = {};
  return share(std::move(volume));
}

void set_volume_phase(Plan& plan,
                      const Object& volume,
                      VolumePhase phase,
                      SimTime now,
                      std::string why,
                      std::string_view rule,
                      const std::string& message = "") {
  if (volume.as<Volume>().phase != phase || volume.as<Volume>().message != message) {
    add_call(plan,
             Call::Verb::UpdateStatus,
             with_volume_phase(volume, phase, now, message),
             std::move(why),
             rule);
  }
}

void set_claim_phase(
    Plan& plan, const Object& claim, ClaimPhase phase, std::string why, std::string_view rule) {
  if (claim.as<Claim>().phase != phase) {
    Object changed = claim;
    changed.as<Claim>().phase = phase;
    changed.resource_version = {};
    add_call(plan, Call::Verb::UpdateStatus, share(std::move(changed)), std::move(why), rule);
  }
}

/// The four writes of a binding, those that are still to be done. Rule: PV-40.
void bind(Plan& plan, const Object& claim, const Object& volume, SimTime now) {
  const std::string why = fmt::format("{} gets {}", claim.key.name, volume.key.name);
  Object bound_volume = volume;
  auto& volume_body = bound_volume.as<Volume>();
  const bool reserved = volume_body.claim_ref.has_value();
  if (!reserved || volume_body.claim_ref->uid != claim.uid) {
    api::Json reference = reserved ? *volume_body.claim_ref->document : api::Json::object();
    reference["apiVersion"] = "v1";
    reference["kind"] = "PersistentVolumeClaim";
    reference["namespace"] = claim.key.ns;
    reference["name"] = claim.key.name;
    reference["uid"] = claim.uid.text();
    reference["resourceVersion"] = std::to_string(claim.resource_version.value);
    volume_body.claim_ref =
        api::ClaimReference{claim.key.ns,
                            claim.key.name,
                            claim.uid,
                            std::make_shared<const api::Json>(std::move(reference))};
    if (!reserved) {
      bound_volume.annotations[kBoundByController] = "yes";
    }
    add_call(plan, Call::Verb::Update, share(bound_volume), why, "PV-40");
  }
  set_volume_phase(plan, bound_volume, VolumePhase::Bound, now, why, "PV-40");
  Object bound_claim = claim;
  auto& claim_body = bound_claim.as<Claim>();
  const bool chosen = claim_body.volume_name.empty();
  if (chosen || !claim.annotations.contains(kBindCompleted)) {
    claim_body.volume_name = volume.key.name;
    bound_claim.annotations[kBindCompleted] = "yes";
    if (chosen) {
      bound_claim.annotations[kBoundByController] = "yes";
    }
    add_call(plan, Call::Verb::Update, share(bound_claim), why, "PV-40");
  }
  const api::Json& spec = *volume_body.spec->document;
  const api::Json& modes = api::member(spec, "accessModes");
  const api::Json& capacity = api::member(spec, "capacity");
  if (claim_body.phase != ClaimPhase::Bound || !claim_body.access_modes ||
      *claim_body.access_modes != modes || !claim_body.capacity ||
      *claim_body.capacity != capacity) {
    claim_body.phase = ClaimPhase::Bound;
    claim_body.access_modes = std::make_shared<const api::Json>(modes);
    claim_body.capacity = std::make_shared<const api::Json>(capacity);
    bound_claim.resource_version = {};
    add_call(plan, Call::Verb::UpdateStatus, share(std::move(bound_claim)), why, "PV-40");
  }
}

ObjectPtr class_of(const Object& claim, const store::Cache& cache) {
  const std::string name = api::storage_class(claim);
  return name.empty() ? nullptr : cache.find({Kind::StorageClass, "", name});
}

/// Rule: PV-50.
void provision(Plan& plan, const Object& claim, const ObjectPtr& storage_class) {
  if (!storage_class) {
    add_event(
        plan,
        "Warning",
        "ProvisioningFailed",
        fmt::format("storageclass.storage.k8s.io \"{}\" not found", api::storage_class(claim)));
    return;
  }
  const std::string provisioner =
      api::text(*storage_class->as<api::Generic>().document, "provisioner");
  if (provisioner.starts_with("kubernetes.io/")) {
    add_event(
        plan, "Warning", "ProvisioningFailed", "no volume plugin matched name: " + provisioner);
    return;
  }
  constexpr const char* kProvisioner = "volume.kubernetes.io/storage-provisioner";
  if (!claim.annotations.contains(kProvisioner)) {
    Object annotated = claim;
    annotated.annotations[kProvisioner] = provisioner;
    annotated.annotations["volume.beta.kubernetes.io/storage-provisioner"] = provisioner;
    add_call(plan,
             Call::Verb::Update,
             share(std::move(annotated)),
             "an external provisioner has to act",
             "PV-50");
  }
  add_event(
      plan,
      "Normal",
      "ExternalProvisioning",
      fmt::format("Waiting for a volume to be created either by the external provisioner '{}' or "
                  "manually by the system administrator. If volume creation is delayed, please "
                  "verify that the provisioner is running and correctly registered.",
                  provisioner));
}

/// Rule: PV-20.4a.
void wait_for_consumer(Plan& plan, const Object& claim, const store::Cache& cache) {
  std::string pods;
  int count = 0;
  for (const ObjectPtr& pod : cache.list(Kind::Pod, claim.key.ns)) {
    const std::vector<api::ClaimVolume> volumes = api::claims(*pod);
    if (pod->as<api::Pod>().node_name.empty() &&
        std::ranges::any_of(volumes, [&](const auto& v) { return v.claim == claim.key.name; })) {
      pods += (pods.empty() ? "" : ",") + pod->key.name;
      ++count;
    }
  }
  if (count == 0) {
    add_event(plan,
              "Normal",
              "WaitForFirstConsumer",
              "waiting for first consumer to be created before binding");
  } else {
    add_event(plan,
              "Normal",
              "WaitForPodScheduled",
              fmt::format("waiting for {} {} to be scheduled", count == 1 ? "pod" : "pods", pods));
  }
}

/// Rule: PV-20.
void find_and_bind(Plan& plan, const Object& claim, const store::Cache& cache, SimTime now) {
  const ObjectPtr storage_class = class_of(claim, cache);
  const bool delay = storage_class && api::delays_binding(*storage_class);
  if (const ObjectPtr volume = find_volume(claim, cache.list(Kind::PersistentVolume), delay)) {
    bind(plan, claim, *volume, now);
    return;
  }
  if (!api::has_storage_class(claim)) {
    if (const ObjectPtr fallback = api::default_class(cache.list(Kind::StorageClass))) {
      Object changed = claim;
      api::set_storage_class(changed, fallback->key.name);
      add_call(plan,
               Call::Verb::Update,
               share(std::move(changed)),
               "there is a default class now",
               "PV-20");
      return;
    }
  }
  plan.waits.push_back(
      {claim.key, fmt::format("no volume suits claim {}", claim.key.name), "PV-20"});
  if (delay && !claim.annotations.contains("volume.kubernetes.io/selected-node")) {
    wait_for_consumer(plan, claim, cache);
  } else if (!api::storage_class(claim).empty()) {
    provision(plan, claim, storage_class);
    return;
  } else {
    add_event(plan,
              "Normal",
              "FailedBinding",
              "no persistent volumes available for this claim and no storage class is set");
  }
  set_claim_phase(plan, claim, ClaimPhase::Pending, "it has no volume yet", "PV-20");
}

/// What speaks against a volume that a claim names; empty if nothing does. Rule: PV-21.
std::string mismatch(const Object& claim, const Object& volume) {
  const auto& wanted = *claim.as<Claim>().spec;
  const auto& offered = *volume.as<Volume>().spec;
  if (volume.terminating()) {
    return fmt::format("the volume is marked for deletion \"{}\"", volume.key.name);
  }
  if (offered.capacity < wanted.request) {
    return "requested PV is too small";
  }
  if (api::storage_class(claim) != api::storage_class(volume)) {
    return "storageClassName does not match";
  }
  if (offered.volume_mode != wanted.volume_mode) {
    return "incompatible volumeMode";
  }
  if (!offered.modes.contains(wanted.modes)) {
    return "incompatible accessMode";
  }
  return "";
}

/// Rule: PV-21.
void bind_to_named(Plan& plan, const Object& claim, const store::Cache& cache, SimTime now) {
  const std::string& name = claim.as<Claim>().volume_name;
  const ObjectPtr volume = cache.find({Kind::PersistentVolume, "", name});
  const auto pending = [&](std::string why) {
    plan.waits.push_back({claim.key, why, "PV-21"});
    set_claim_phase(plan, claim, ClaimPhase::Pending, std::move(why), "PV-21");
  };
  if (!volume) {
    pending(fmt::format("{} names volume {}, which does not exist", claim.key.name, name));
    return;
  }
  const auto& reference = volume->as<Volume>().claim_ref;
  if (!reference) {
    if (const std::string text = mismatch(claim, *volume); !text.empty()) {
      add_event(plan,
                "Warning",
                "VolumeMismatch",
                fmt::format("Cannot bind to requested volume \"{}\": {}", name, text));
      pending(fmt::format("volume {} does not suit {}: {}", name, claim.key.name, text));
      return;
    }
    bind(plan, claim, *volume, now);
    return;
  }
  if (reference->ns == claim.key.ns && reference->name == claim.key.name &&
      (reference->uid.empty() || reference->uid == claim.uid)) {
    bind(plan, claim, *volume, now);
    return;
  }
  add_event(plan,
            "Warning",
            "FailedBinding",
            fmt::format("volume \"{}\" already bound to a different claim.", name));
  pending(fmt::format("volume {} belongs to {}", name, reference->name));
}

/// Rule: PV-45.
void check_bound(Plan& plan, const Object& claim, const store::Cache& cache, SimTime now) {
  const auto& body = claim.as<Claim>();
  const auto lost = [&](const char* reason, const char* message) {
    if (body.phase != ClaimPhase::Lost) {
      add_event(plan, "Warning", reason, message);
      set_claim_phase(plan, claim, ClaimPhase::Lost, message, "PV-45");
    }
  };
  if (body.volume_name.empty()) {
    lost("ClaimLost",
         "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!");
    return;
  }
  const ObjectPtr volume = cache.find({Kind::PersistentVolume, "", body.volume_name});
  if (!volume) {
    lost("ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
    return;
  }
  const auto& reference = volume->as<Volume>().claim_ref;
  if (!reference || reference->uid == claim.uid) {
    bind(plan, claim, *volume, now);
  } else {
    lost("ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly");
  }
}

/// What becomes of a volume whose claim is gone. Rule: PV-60.
void reclaim(Plan& plan, const Object& volume, SimTime now) {
  const auto& body = volume.as<Volume>();
  const std::string why =
      fmt::format("claim {} of {} is gone", body.claim_ref->name, volume.key.name);
  if (body.phase != VolumePhase::Released && body.phase != VolumePhase::Failed) {
    set_volume_phase(plan, volume, VolumePhase::Released, now, why, "PV-60");
  }
  const auto fail = [&](const char* reason, const std::string& message) {
    add_event(plan, "Warning", reason, message);
    set_volume_phase(plan, volume, VolumePhase::Failed, now, message, "PV-60", message);
  };
  const std::string& policy = body.spec->reclaim_policy;
  if (policy == "Delete") {
    fail("VolumeFailedDelete",
         fmt::format(
             "error getting deleter volume plugin for volume \"{}\": no deletable volume plugin "
             "matched",
             volume.key.name));
  } else if (policy == "Recycle") {
    if (body.spec->nfs_server.empty()) {
      fail("VolumeFailedRecycle", "No recycler plugin found for the volume!");
    }
  } else if (policy != "Retain") {
    fail("VolumeUnknownReclaimPolicy", "Volume has unrecognized PersistentVolumeReclaimPolicy");
  }
}

/// Rule: PV-46.
void sync_volume(Plan& plan, const Object& volume, const store::Cache& cache, SimTime now) {
  const auto& body = volume.as<Volume>();
  if (!body.claim_ref || body.claim_ref->uid.empty()) {
    set_volume_phase(
        plan,
        volume,
        VolumePhase::Available,
        now,
        body.claim_ref ? "it is reserved for a claim that is not bound yet" : "it is free",
        body.claim_ref ? "PV-41" : "PV-46");
    return;
  }
  const ObjectPtr claim =
      cache.find({Kind::PersistentVolumeClaim, body.claim_ref->ns, body.claim_ref->name});
  if (!claim || claim->uid != body.claim_ref->uid) {
    reclaim(plan, volume, now);
    return;
  }
  const std::string& points_at = claim->as<Claim>().volume_name;
  if (points_at.empty()) {
    plan.again.push_back({claim->key, {}});
  } else if (points_at == volume.key.name) {
    set_volume_phase(plan, volume, VolumePhase::Bound, now, "its claim points here", "PV-46");
  } else {
    Object unbound = volume;
    auto& changed = unbound.as<Volume>();
    if (volume.annotations.contains(kBoundByController)) {
      changed.claim_ref.reset();
      unbound.annotations.erase(kBoundByController);
    } else {
      api::Json reference = *changed.claim_ref->document;
      reference.erase("uid");
      reference.erase("resourceVersion");
      changed.claim_ref->uid = {};
      changed.claim_ref->document = std::make_shared<const api::Json>(std::move(reference));
    }
    const std::string why = fmt::format("claim {} has another volume", claim->key.name);
    add_call(plan, Call::Verb::Update, share(unbound), why, "PV-46");
    set_volume_phase(plan, unbound, VolumePhase::Available, now, why, "PV-46");
  }
}

bool waiting(const Object& claim) {
  return !claim.annotations.contains(kBindCompleted) ||
         claim.as<Claim>().phase == ClaimPhase::Pending;
}

}  // namespace

std::vector<Again> concerned(const store::Change& change,
                             const store::Cache& cache,
                             SimTime /*now*/) {
  const Object& object = change.object();
  std::vector<Again> out;
  if (object.key.kind == Kind::PersistentVolumeClaim) {
    if (change.after) {
      out.push_back({object.key, {}});
    } else if (!object.as<Claim>().volume_name.empty()) {
      out.push_back({{Kind::PersistentVolume, "", object.as<Claim>().volume_name}, {}});
    }
  } else if (object.key.kind == Kind::PersistentVolume) {
    const auto& reference = object.as<Volume>().claim_ref;
    if (change.after) {
      out.push_back({object.key, {}});
    } else if (reference &&
               cache.find({Kind::PersistentVolumeClaim, reference->ns, reference->name})) {
      out.push_back({{Kind::PersistentVolumeClaim, reference->ns, reference->name}, {}});
    }
  }
  return out;
}

Plan decide(const ObjectKey& key, const store::Cache& cache, SimTime now) {
  Plan plan;
  const ObjectPtr object = cache.find(key);
  if (!object) {
    return plan;
  }
  if (key.kind == Kind::PersistentVolume) {
    sync_volume(plan, *object, cache, now);
  } else if (object->annotations.contains(kBindCompleted)) {
    check_bound(plan, *object, cache, now);
  } else if (object->as<Claim>().volume_name.empty()) {
    find_and_bind(plan, *object, cache, now);
  } else {
    bind_to_named(plan, *object, cache, now);
  }
  return plan;
}

std::vector<ObjectKey> resync(const store::Cache& cache) {
  std::vector<ObjectKey> out;
  for (const ObjectPtr& claim : cache.list(Kind::PersistentVolumeClaim)) {
    if (waiting(*claim)) {
      out.push_back(claim->key);
    }
  }
  for (const ObjectPtr& volume : cache.list(Kind::PersistentVolume)) {
    if (volume->as<Volume>().phase == VolumePhase::Failed) {
      out.push_back(volume->key);
    }
  }
  return out;
}

}  // namespace stsim::controllers::volume
