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

/// The last of the four writes. The capacity is taken over only when the claim becomes Bound: later
/// it may differ from the volume's on purpose.
void set_claim_bound(Plan& plan, Object claim, const Object& volume, const std::string& why) {
  auto& body = claim.as<Claim>();
  const api::VolumeSpec& given = *volume.as<Volume>().spec;
  bool changed = false;
  if (body.phase != ClaimPhase::Bound) {
    body.phase = ClaimPhase::Bound;
    changed = true;
    if (body.capacity.is_null() || storage_of(body.capacity.json()) != given.capacity) {
      body.capacity = given.capacity_of;
    }
  }
  if (body.access_modes != given.modes_list) {
    body.access_modes = given.modes_list;
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
               OptionalBox<api::ObjectKey> about) {
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
  if (body.phase == phase && body.access_modes.is_null() && body.capacity.is_null()) {
    return nullptr;
  }
  Object changed = claim;
  auto& to = changed.as<Claim>();
  to.phase = phase;
  to.access_modes = {};
  to.capacity = {};
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

/// Nearly all bound claims have the same annotations, and nearly all bound volumes: they share
/// them.
void share_annotations(Object& object) {
  static const api::Labels kOfClaims{{kBindCompleted, "yes"}, {kBoundByController, "yes"}};
  static const api::Labels kOfVolumes{{kBoundByController, "yes"}};
  for (const api::Labels* usual : {&kOfClaims, &kOfVolumes}) {
    if (object.annotations == *usual) {
      object.annotations = *usual;
    }
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
  out.as<Volume>().claim_ref =
      api::ClaimReference{claim.key.ns, claim.key.name, claim.uid, claim.resource_version, nullptr};
  if (!by_name || !reference->uid.empty()) {
    mark_as_chosen(out);
  }
  share_annotations(out);
  return out;
}

bool all_is_bound(const Object& claim, const Object& volume) {
  const auto& body = claim.as<Claim>();
  const auto& reference = volume.as<Volume>().claim_ref;
  return reference && reference->ns == claim.key.ns && reference->name == claim.key.name &&
         reference->uid == claim.uid && volume.as<Volume>().phase == VolumePhase::Bound &&
         body.phase == ClaimPhase::Bound && body.volume_name == volume.key.name &&
         claim.annotations.contains(kBindCompleted) &&
         body.access_modes == volume.as<Volume>().spec->modes_list;
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
    share_annotations(bound);
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
    api::Json reference = api::to_json(*changed.claim_ref);
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

}  // namespace stsim::controllers::volume
