#include "writes.hpp"

#include <fmt/format.h>
#include <stsim/api/storage_class.hpp>
#include <stsim/controllers/volume/binder.hpp>

#include <algorithm>
#include <array>

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

/// The driver that has taken over from a plug-in that once came with Kubernetes; "" where none has.
std::string_view successor(std::string_view provisioner, Release release) {
  struct Row {
    std::string_view plugin;
    std::string_view driver;
    int since;
  };
  static constexpr std::array<Row, 7> kRows{{
      {"kubernetes.io/aws-ebs", "ebs.csi.aws.com", 0},
      {"kubernetes.io/azure-disk", "disk.csi.azure.com", 0},
      {"kubernetes.io/azure-file", "file.csi.azure.com", 0},
      {"kubernetes.io/cinder", "cinder.csi.openstack.org", 0},
      {"kubernetes.io/gce-pd", "pd.csi.storage.gke.io", 0},
      {"kubernetes.io/portworx-volume", "pxd.portworx.com", 31},
      {"kubernetes.io/vsphere-volume", "csi.vsphere.vmware.com", 0},
  }};
  const auto* found = std::ranges::find(kRows, provisioner, &Row::plugin);
  return found != kRows.end() && release.at_least(found->since) ? found->driver
                                                                : std::string_view{};
}

/// Rule: PV-50.
void provision(Plan& plan, const Object& claim, const ObjectPtr& storage_class, Release release) {
  if (!storage_class) {
    add_event(
        plan,
        "Warning",
        "ProvisioningFailed",
        fmt::format("storageclass.storage.k8s.io \"{}\" not found", api::storage_class(claim)));
    return;
  }
  std::string provisioner = api::text(*storage_class->as<api::Generic>().document, "provisioner");
  if (const std::string_view driver = successor(provisioner, release); !driver.empty()) {
    provisioner = driver;
  } else if (provisioner.starts_with(kInTree)) {
    add_event(
        plan, "Warning", "ProvisioningFailed", "no volume plugin matched name: " + provisioner);
    return;
  }
  constexpr const char* kProvisioner = "volume.kubernetes.io/storage-provisioner";
  const Text* known = claim.annotations.find(kProvisioner);
  if (known == nullptr || *known != provisioner) {
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
    if (pod->as<api::Pod>().node_name.empty() && !is_done_with_claims(*pod) &&
        mounts(*pod, claim.key)) {
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
void find_and_bind(Plan& plan,
                   const Object& claim,
                   const store::Cache& cache,
                   const VolumeViews& views,
                   SimTime now) {
  const ObjectPtr storage_class = class_of(claim, cache);
  const bool delay = storage_class && api::delays_binding(*storage_class);
  if (const ObjectPtr volume = views.find_volume(claim, cache, delay)) {
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
  if (delay && !claim.annotations.contains(kSelectedNode)) {
    wait_for_consumer(plan, claim, cache);
  } else if (!api::storage_class(claim).empty()) {
    provision(plan, claim, storage_class, cache.features().release);
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
  if (offered.attributes_class != wanted.attributes_class) {
    return "volumeAttributesClassName does not match";
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
  const Text& name = claim.as<Claim>().volume_name;
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
      if (Call* call = set_claim_phase(plan, claim, ClaimPhase::Lost, message, "PV-45")) {
        call->success = EventText{"Warning", reason, message};
      }
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

/// Volume and claim have different modes and are told so. Rule: PV-46.
void tell_of_modes(Plan& plan, const Object& claim, const Object& volume) {
  add_event(
      plan,
      "Warning",
      "VolumeMismatch",
      fmt::format("Cannot bind PersistentVolume to requested PersistentVolumeClaim \"{}\" due "
                  "to incompatible volumeMode.",
                  claim.key.name));
  add_event(
      plan,
      "Warning",
      "VolumeMismatch",
      fmt::format("Cannot bind PersistentVolume \"{}\" to requested PersistentVolumeClaim due "
                  "to incompatible volumeMode.",
                  volume.key.name),
      claim.key);
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
    reclaim(plan, volume, cache, now);
    return;
  }
  const Text& points_at = claim->as<Claim>().volume_name;
  if (points_at.empty()) {
    if (claim->as<Claim>().spec->volume_mode != body.spec->volume_mode) {
      tell_of_modes(plan, *claim, volume);
    } else {
      plan.again.push_back({claim->key, {}});
    }
  } else if (points_at == volume.key.name) {
    set_volume_phase(plan, volume, VolumePhase::Bound, now, "its claim points here", "PV-46");
  } else if (volume.annotations.contains(kProvisionedBy) && body.spec->reclaim_policy == "Delete") {
    reclaim(plan, volume, cache, now);  // it was made for this claim
  } else {
    unbind(plan, volume, now, fmt::format("claim {} has another volume", claim->key.name));
  }
}

/// An API Event about a pod that scrubs a volume is one about the volume, too. Rule: PV-60.
void relay(Plan& plan, const api::ApiEvent& event) {
  if (const auto volume = scrubbed_by(event.about)) {
    add_event(
        plan, std::string(event.type), "RecyclerPod", "Recycler pod: " + event.message, *volume);
  }
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
  } else if (object.key.kind == Kind::Pod) {
    if (auto volume = scrubbed_by(object.key)) {
      out.push_back({*std::move(volume), {}});
    }
  } else if (object.key.kind == Kind::Event && !change.before) {
    if (const auto volume = scrubbed_by(object.as<api::ApiEvent>().about);
        volume && cache.find(*volume)) {
      out.push_back({object.key, {}});
    }
  }
  return out;
}

namespace {

Plan sync(const ObjectKey& key, const store::Cache& cache, const VolumeViews& views, SimTime now) {
  Plan plan;
  const ObjectPtr object = cache.find(key);
  if (!object) {
    return plan;
  }
  if (key.kind == Kind::PersistentVolume) {
    sync_volume(plan, *object, cache, now);
  } else if (key.kind == Kind::Event) {
    relay(plan, object->as<api::ApiEvent>());
  } else if (object->annotations.contains(kBindCompleted)) {
    check_bound(plan, *object, cache, now);
  } else if (object->as<Claim>().volume_name.empty()) {
    find_and_bind(plan, *object, cache, views, now);
  } else {
    bind_to_named(plan, *object, cache, now);
  }
  return plan;
}

}  // namespace

Plan decide(const ObjectKey& key, const store::Cache& cache, const Views& views, SimTime now) {
  return sync(key, cache, views.volumes, now);
}

std::vector<ObjectKey> resync(const store::Cache& cache, const Views& views) {
  std::vector<ObjectKey> out;
  const auto has_to_do = [&](const ObjectKey& key) {
    // When it would be does not matter.
    const Plan plan = sync(key, cache, views.volumes, SimTime{});
    return !plan.groups.empty() || !plan.again.empty();
  };
  for (const auto& [claim, is_unsettled] : views.volumes.unsettled_claims()) {
    if (!cache.find(claim)->annotations.contains(kBindCompleted) || has_to_do(claim)) {
      out.push_back(claim);
    }
  }
  for (const auto& [volume, is_unsettled] : views.volumes.unsettled_volumes()) {
    if (has_to_do(volume)) {
      out.push_back(volume);
    }
  }
  return out;
}

ObjectPtr class_of(const Object& claim, const store::Cache& cache) {
  const std::string name = api::storage_class(claim);
  return name.empty() ? nullptr : cache.find({Kind::StorageClass, "", name});
}

}  // namespace stsim::controllers::volume
