#include "writes.hpp"

#include <fmt/format.h>
#include <stsim/controllers/volume/binder.hpp>

#include <algorithm>

namespace stsim::controllers::volume {

using api::Claim;
using api::ClaimPhase;
using api::Object;
using api::ObjectPtr;
using api::Volume;
using api::VolumePhase;

namespace {

api::Quantity storage_of(const api::Json& capacity) {
  return api::Quantity::parse(api::text(capacity, "storage")).value_or(api::Quantity{});
}

const api::Json& modes_of(const Object& volume) {
  return api::member(*volume.as<Volume>().spec->document, "accessModes");
}

/// The last of the four writes. The capacity is taken over only when the claim becomes Bound: later
/// it may differ from the volume's on purpose.
void set_claim_bound(Plan& plan, Object claim, const Object& volume, const std::string& why) {
  auto& body = claim.as<Claim>();
  const api::Json& modes = modes_of(volume);
  const api::Json& capacity = api::member(*volume.as<Volume>().spec->document, "capacity");
  bool changed = false;
  if (body.phase != ClaimPhase::Bound) {
    body.phase = ClaimPhase::Bound;
    changed = true;
    if (!body.capacity || storage_of(*body.capacity) != storage_of(capacity)) {
      body.capacity = std::make_shared<const api::Json>(capacity);
    }
  }
  if (!body.access_modes || *body.access_modes != modes) {
    body.access_modes = std::make_shared<const api::Json>(modes);
    changed = true;
  }
  if (changed) {
    claim.resource_version = {};
    add_call(plan, Call::Verb::UpdateStatus, share(std::move(claim)), why, "PV-40");
  }
}

}  // namespace

ObjectPtr share(Object object) {
  return std::make_shared<const Object>(std::move(object));
}

Call& add_call(
    Plan& plan, Call::Verb verb, ObjectPtr object, std::string why, std::string_view rule) {
  if (plan.groups.empty() || plan.groups.back().calls.back().verb == Call::Verb::Tell) {
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

void add_event(Plan& plan,
               std::string type,
               const char* reason,
               std::string message,
               std::optional<api::ObjectKey> about) {
  EventText told{std::move(type), reason, std::move(message)};
  told.about = std::move(about);
  plan.groups.emplace_back().calls.push_back(tell(std::move(told)));
}

Call* set_volume_phase(Plan& plan,
                       const Object& volume,
                       VolumePhase phase,
                       SimTime now,
                       std::string why,
                       std::string_view rule,
                       const std::string& message) {
  if (volume.as<Volume>().phase == phase) {
    return nullptr;
  }
  Object changed = volume;
  auto& body = changed.as<Volume>();
  body.last_phase_transition = whole_seconds(now);
  body.phase = phase;
  body.message = message;
  // Written right after another write of the same object, whatever version that made.
  changed.resource_version = {};
  return &add_call(plan, Call::Verb::UpdateStatus, share(std::move(changed)), std::move(why), rule);
}

Call* set_claim_phase(
    Plan& plan, const Object& claim, ClaimPhase phase, std::string why, std::string_view rule) {
  const auto& body = claim.as<Claim>();
  if (body.phase == phase && !body.access_modes && !body.capacity) {
    return nullptr;
  }
  Object changed = claim;
  auto& to = changed.as<Claim>();
  to.phase = phase;
  to.access_modes.reset();
  to.capacity.reset();
  changed.resource_version = {};
  return &add_call(plan, Call::Verb::UpdateStatus, share(std::move(changed)), std::move(why), rule);
}

namespace {

/// The annotation that is left alone where it is there already. Rule: PV-41.
void mark_as_chosen(Object& object) {
  if (!object.annotations.contains(kBoundByController)) {
    object.annotations[kBoundByController] = "yes";
  }
}

}  // namespace

std::optional<Object> reserve(const Object& volume, const Object& claim) {
  const auto& reference = volume.as<Volume>().claim_ref;
  const bool by_name =
      reference && reference->ns == claim.key.ns && reference->name == claim.key.name;
  if (by_name && reference->uid == claim.uid) {
    return std::nullopt;
  }
  Object out = volume;
  api::Json document = {{"apiVersion", "v1"},
                        {"kind", "PersistentVolumeClaim"},
                        {"namespace", claim.key.ns},
                        {"name", claim.key.name},
                        {"uid", claim.uid.text()},
                        {"resourceVersion", std::to_string(claim.resource_version.value)}};
  out.as<Volume>().claim_ref =
      api::ClaimReference{claim.key.ns,
                          claim.key.name,
                          claim.uid,
                          std::make_shared<const api::Json>(std::move(document))};
  if (!by_name || !reference->uid.empty()) {
    mark_as_chosen(out);
  }
  return out;
}

bool all_is_bound(const Object& claim, const Object& volume) {
  const auto& body = claim.as<Claim>();
  const auto& reference = volume.as<Volume>().claim_ref;
  return reference && reference->ns == claim.key.ns && reference->name == claim.key.name &&
         reference->uid == claim.uid && volume.as<Volume>().phase == VolumePhase::Bound &&
         body.phase == ClaimPhase::Bound && body.volume_name == volume.key.name &&
         claim.annotations.contains(kBindCompleted) && body.access_modes &&
         *body.access_modes == modes_of(volume);
}

void bind(Plan& plan, const Object& claim, const Object& volume, SimTime now) {
  if (all_is_bound(claim, volume)) {
    return;
  }
  const std::string why = fmt::format("{} gets {}", claim.key.name, volume.key.name);
  const std::optional<Object> reserved = reserve(volume, claim);
  if (reserved) {
    add_call(plan, Call::Verb::Update, share(*reserved), why, "PV-40");
  }
  set_volume_phase(plan, reserved ? *reserved : volume, VolumePhase::Bound, now, why, "PV-40");
  Object bound = claim;
  auto& body = bound.as<Claim>();
  const bool chosen = body.volume_name.empty();
  if (chosen || !claim.annotations.contains(kBindCompleted)) {
    body.volume_name = volume.key.name;
    bound.annotations[kBindCompleted] = "yes";
    if (chosen) {
      mark_as_chosen(bound);
    }
    add_call(plan, Call::Verb::Update, share(bound), why, "PV-40");
  }
  set_claim_bound(plan, std::move(bound), volume, why);
}

void unbind(Plan& plan, const Object& volume, SimTime now, const std::string& why) {
  Object unbound = volume;
  auto& changed = unbound.as<Volume>();
  if (volume.annotations.contains(kBoundByController)) {
    changed.claim_ref.reset();
    unbound.annotations.erase(kBoundByController);
  } else {
    api::Json reference = *changed.claim_ref->document;
    reference.erase("uid");
    changed.claim_ref->uid = {};
    changed.claim_ref->document = std::make_shared<const api::Json>(std::move(reference));
  }
  add_call(plan, Call::Verb::Update, share(unbound), why, "PV-46");
  set_volume_phase(plan, unbound, VolumePhase::Available, now, why, "PV-46");
}

bool is_done_with_claims(const Object& pod) {
  const api::PodStatus& status = pod.as<api::Pod>().status;
  if (status.ended()) {
    return true;
  }
  return pod.terminating() && std::ranges::all_of(status.containers, [](const auto& container) {
           using Type = api::ContainerState::Type;
           return container.state.type == Type::Terminated || container.state.type == Type::Waiting;
         });
}

std::string attributes_class(const api::Json& spec) {
  return api::text(spec, "volumeAttributesClassName");
}

}  // namespace stsim::controllers::volume
