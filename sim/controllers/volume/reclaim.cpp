// What becomes of a volume whose claim is gone. Rule: PV-60.
#include "writes.hpp"

#include <fmt/format.h>
#include <stsim/api/decode.hpp>
#include <stsim/api/well_known.hpp>
#include <stsim/controllers/volume/binder.hpp>

#include <algorithm>

namespace stsim::controllers::volume {

using api::Json;
using api::Kind;
using api::Object;
using api::ObjectKey;
using api::ObjectPtr;
using api::Volume;
using api::VolumePhase;

namespace {

constexpr std::string_view kScrubber = "recycler-for-";
constexpr const char* kMigratedTo = "pv.kubernetes.io/migrated-to";
constexpr const char* kNoDeleter = "no deletable volume plugin matched";

/// The API Event is told only if the phase has changed.
void fail(
    Plan& plan, const Object& volume, SimTime now, const char* reason, const std::string& message) {
  if (Call* call =
          set_volume_phase(plan, volume, VolumePhase::Failed, now, message, "PV-60", message)) {
    call->success = EventText{"Warning", reason, message};
  }
}

Json spec_of(const Object& volume) {
  return api::spec_json(volume.as<Volume>());
}

bool has_source(const Object& volume, std::string_view source) {
  return api::member(spec_of(volume), source).is_object();
}

/// Who deletes what is behind a volume.
struct Deleter {
  bool external{};    ///< somebody outside the cluster's own controllers
  std::string error;  ///< there is none, or it refuses
};

/// The plug-in for host paths deletes nothing elsewhere.
Deleter host_path_deleter(const Object& volume) {
  constexpr std::string_view kOnlyIn = "/tmp/";
  const Json spec = spec_of(volume);
  const std::string path = api::text(api::member(spec, "hostPath"), "path");
  const std::size_t at = path.find(kOnlyIn);
  if (at != std::string::npos && at + kOnlyIn.size() < path.size()) {
    return {};
  }
  return {false, "host_path deleter only supports /tmp/.+ but received provided " + path};
}

Deleter deleter_of(const Object& volume, Release release) {
  constexpr int kLeavesCsiAlone = 31;
  if (const Text* by = volume.annotations.find(kProvisionedBy); by != nullptr && !by->empty()) {
    if (*by == "kubernetes.io/host-path") {
      return host_path_deleter(volume);
    }
    if (!by->view().starts_with(kInTree)) {
      return {true, ""};
    }
    return {false,
            *by == "kubernetes.io/nfs" ? kNoDeleter : "no volume plugin matched name: " + *by};
  }
  if (has_source(volume, "hostPath")) {
    return host_path_deleter(volume);
  }
  if (has_source(volume, "csi") && release.at_least(kLeavesCsiAlone)) {
    return {true, ""};
  }
  const bool known = has_source(volume, "nfs") || has_source(volume, "local");
  return {false,
          fmt::format("error getting deleter volume plugin for volume \"{}\": {}",
                      volume.key.name,
                      known ? kNoDeleter : "no volume plugin matched")};
}

void remove(Plan& plan, const Object& volume, Release release, SimTime now) {
  const Deleter deleter = deleter_of(volume, release);
  if (!deleter.error.empty()) {
    fail(plan, volume, now, "VolumeFailedDelete", deleter.error);
  } else if (!deleter.external && !volume.terminating()) {
    add_call(plan, Call::Verb::Delete, share(volume), "what was behind it is deleted", "PV-60");
  }
}

ObjectKey scrubber_of(const Object& volume) {
  return {Kind::Pod, api::kDefaultNamespace, std::string(kScrubber) + volume.key.name};
}

/// How long a recycler may take: by default 30 s for every GiB, and a least time.
std::int64_t deadline_seconds(const Object& volume) {
  constexpr std::int64_t kNanoGi = 1'000'000'000LL << 30U;
  constexpr std::int64_t kSecondsForGi = 30;
  const auto least = std::int64_t{has_source(volume, "nfs") ? 300 : 60};
  const Int128 whole = volume.as<Volume>().spec->capacity.nano() / kNanoGi;
  constexpr std::int64_t kMost = 1LL << 32U;
  return whole > kMost ? kMost : std::max(least, static_cast<std::int64_t>(whole) * kSecondsForGi);
}

Object scrubber(const Object& volume, const api::Features& features) {
  const bool old = !features.release.at_least(30);
  const char* source = has_source(volume, "nfs") ? "nfs" : "hostPath";
  const ObjectKey key = scrubber_of(volume);
  Json mount = {{"name", "vol"}};
  mount[source] = api::member(spec_of(volume), source);
  const std::string clean =
      old ? "rm -rf /scrub/..?* /scrub/.[!.]* /scrub/* " : "find /scrub -mindepth 1 -delete";
  const Json container = {
      {"name", "pv-recycler"},
      {"image",
       old ? "registry.k8s.io/debian-base:v2.0.0"
           : "registry.k8s.io/build-image/debian-base:bookworm-v1.0.6"},
      {"command", Json::array({"/bin/sh"})},
      {"args",
       Json::array(
           {"-c",
            fmt::format("test -e /scrub && {} && test -z \"$(ls -A /scrub)\" || exit 1", clean)})},
      {"volumeMounts", Json::array({Json{{"name", "vol"}, {"mountPath", "/scrub"}}})}};
  const Json manifest = {{"apiVersion", "v1"},
                         {"kind", "Pod"},
                         {"metadata", {{"name", key.name}, {"namespace", key.ns}}},
                         {"spec",
                          {{"activeDeadlineSeconds", deadline_seconds(volume)},
                           {"restartPolicy", "Never"},
                           {"volumes", Json::array({std::move(mount)})},
                           {"containers", Json::array({container})}}}};
  Json document = *api::decode(Kind::Pod, manifest, features.release);
  api::set_defaults(Kind::Pod, document, Json(), features);
  return api::from_json(Kind::Pod, document);
}

/// The pods that still use the claim which a volume had: `default/web-0,default/web-1`.
std::string users(const Object& volume, const store::Cache& cache) {
  const api::ClaimReference& reference = *volume.as<Volume>().claim_ref;
  std::string out;
  for (const ObjectPtr& pod : cache.list(Kind::Pod, reference.ns)) {
    if (mounts(*pod, {Kind::PersistentVolumeClaim, pod->key.ns, reference.name}) &&
        !is_done_with_claims(*pod)) {
      out += fmt::format("{}{}/{}", out.empty() ? "" : ",", pod->key.ns, pod->key.name);
    }
  }
  return out;
}

/// The recycler has ended: with success the volume is free again.
void end_recycling(Plan& plan, const Object& volume, const Object& pod, SimTime now) {
  Call& call = add_call(plan, Call::Verb::Delete, share(pod), "it has ended", "PV-60");
  call.harmless = {"NotFound"};
  const api::PodStatus& status = pod.as<api::Pod>().status;
  if (status.phase == api::PodPhase::Succeeded) {
    add_event(plan, "Normal", "VolumeRecycled", "Volume recycled");
    unbind(plan, volume, now, fmt::format("{} was recycled", volume.key.name));
    return;
  }
  fail(plan,
       volume,
       now,
       "VolumeFailedRecycle",
       fmt::format("Recycle failed: failed to recycle volume: {}",
                   status.why.of_pod().message.empty() ? "pod failed, pod.Status.Message unknown"
                                                       : status.why.of_pod().message.view()));
}

void recycle(Plan& plan, const Object& volume, const store::Cache& cache, SimTime now) {
  if (const ObjectPtr pod = cache.find(scrubber_of(volume))) {
    if (pod->as<api::Pod>().status.ended()) {
      end_recycling(plan, volume, *pod, now);
    } else {
      plan.waits.push_back(
          {volume.key, fmt::format("{} scrubs {}", pod->key.name, volume.key.name), "PV-60"});
    }
    return;
  }
  // Another claim of that name has another volume, and so have the pods that mount it.
  const api::ClaimReference& reference = *volume.as<Volume>().claim_ref;
  const bool replaced =
      cache.find({Kind::PersistentVolumeClaim, reference.ns, reference.name}) != nullptr;
  if (const std::string pods = users(volume, cache); !pods.empty() && !replaced) {
    add_event(plan, "Normal", "VolumeFailedRecycle", "Volume is used by pods: " + pods);
  } else if (has_source(volume, "nfs") || has_source(volume, "hostPath")) {
    add_call(plan,
             Call::Verb::Create,
             share(scrubber(volume, cache.features())),
             fmt::format("{} is to be recycled", volume.key.name),
             "PV-60");
  } else {
    fail(plan, volume, now, "VolumeFailedRecycle", "No recycler plugin found for the volume!");
  }
}

}  // namespace

void reclaim(Plan& plan, const Object& volume, const store::Cache& cache, SimTime now) {
  const auto& body = volume.as<Volume>();
  if (body.phase != VolumePhase::Released && body.phase != VolumePhase::Failed) {
    set_volume_phase(plan,
                     volume,
                     VolumePhase::Released,
                     now,
                     fmt::format("claim {} of {} is gone", body.claim_ref->name, volume.key.name),
                     "PV-60");
  }
  if (const Text* to = volume.annotations.find(kMigratedTo); to != nullptr && !to->empty()) {
    return;  // somebody outside sees to it
  }
  const Text& policy = body.spec->reclaim_policy;
  if (policy == "Delete") {
    remove(plan, volume, cache.features().release, now);
  } else if (policy == "Recycle") {
    recycle(plan, volume, cache, now);
  } else if (policy != "Retain") {
    fail(plan,
         volume,
         now,
         "VolumeUnknownReclaimPolicy",
         "Volume has unrecognized PersistentVolumeReclaimPolicy");
  }
}

std::optional<ObjectKey> scrubbed_by(const ObjectKey& pod) {
  if (pod.kind != Kind::Pod || pod.ns != api::kDefaultNamespace ||
      !pod.name.view().starts_with(kScrubber)) {
    return std::nullopt;
  }
  return ObjectKey{Kind::PersistentVolume, "", pod.name.view().substr(kScrubber.size())};
}

}  // namespace stsim::controllers::volume
