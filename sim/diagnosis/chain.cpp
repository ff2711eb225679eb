#include "inquiry.hpp"

#include <fmt/format.h>
#include <stsim/controllers/controller.hpp>
#include <stsim/controllers/statefulset/statefulset.hpp>
#include <stsim/kubectl/words.hpp>

#include <algorithm>

namespace stsim::diagnosis {

using api::Kind;
using api::Object;
using api::ObjectKey;
using api::ObjectPtr;
using engine::Actor;

namespace {

/// What a controller would do about a key now, by what it has seen.
controllers::Plan plan_of(const world::World& world, Actor actor, const ObjectKey& key) {
  const controllers::Controller& controller = *controllers::controller(actor);
  const store::Cache cache(world.store, world.of(actor).watch);
  controllers::Views views = world.views;
  if (controller.advance != nullptr) {
    controller.advance(views, key, cache, world.now);
  }
  return controller.decide(key, cache, views, world.now);
}

/// Whether a fault of the API server concerns calls of an actor.
bool concerns(const world::ApiFault& fault, Actor actor) {
  return !fault.to || *fault.to == actor;
}

std::string in_words(world::ApiAnswer answer) {
  switch (answer) {
    case world::ApiAnswer::Conflict:
      return "says that somebody was faster";
    case world::ApiAnswer::Quota:
      return "refuses: a quota is used up";
    case world::ApiAnswer::Denied:
      return "refuses: an admission webhook says no";
    case world::ApiAnswer::Unavailable:
      return "is overloaded";
    case world::ApiAnswer::Timeout:
    case world::ApiAnswer::Lost:
      return "does not answer in time";
  }
  return "";
}

/// The last warning about an object that somebody has recorded; "" where there is none.
std::string last_warning(const world::World& world, const ObjectKey& about) {
  const std::vector<ObjectPtr> events = world.store.api_events().about(about);
  const api::ApiEvent* last = nullptr;
  for (const ObjectPtr& object : events) {
    const auto& event = object->as<api::ApiEvent>();
    if (event.type == "Warning" && (last == nullptr || event.last_seen >= last->last_seen)) {
      last = &event;
    }
  }
  return last == nullptr ? "" : fmt::format("{}: {}", last->reason, last->message);
}

/// The first call of a plan that is about an object, or any if that is the one of the plan.
const controllers::Call* call_about(const controllers::Plan& plan,
                                    const ObjectKey& about,
                                    const ObjectKey& of_plan) {
  for (const controllers::Group& group : plan.groups) {
    for (const controllers::Call& call : group.calls) {
      if (about == of_plan || call.target == about) {
        return &call;
      }
    }
  }
  return nullptr;
}

}  // namespace

ObjectPtr set_of(const world::World& world, const ObjectKey& pod) {
  if (const ObjectPtr found = world.store.find(pod)) {
    const api::OwnerReference* owner = found->controller();
    const ObjectPtr set =
        owner == nullptr ? nullptr : world.store.find({Kind::StatefulSet, pod.ns, owner->name});
    return set && set->uid == owner->uid ? set : nullptr;
  }
  const auto [parent, ordinal] = api::parent_and_ordinal(pod.name.view());
  return ordinal < 0 ? nullptr : world.store.find({Kind::StatefulSet, pod.ns, std::string(parent)});
}

ObjectPtr first_trouble(const world::World& world, const Object& set) {
  std::vector<ObjectPtr> pods = world.store.owned_by(set.uid, Kind::Pod);
  std::ranges::sort(pods, [](const ObjectPtr& a, const ObjectPtr& b) {
    return api::natural_less(a->key.name.view(), b->key.name.view());
  });
  const auto found = std::ranges::find_if(pods, [&](const ObjectPtr& pod) {
    const auto open = open_wish(world, pod->key);
    return open && open->state != State::Updated;
  });
  return found == pods.end() ? nullptr : *found;
}

bool wants(const world::World& world, const Object& set, const ObjectKey& pod) {
  const api::StatefulSetSpec& spec = *set.as<api::StatefulSet>().spec;
  const std::int64_t ordinal = api::parent_and_ordinal(pod.name.view()).ordinal;
  const bool in_range =
      ordinal >= spec.start_ordinal && ordinal < std::int64_t{spec.start_ordinal} + spec.replicas;
  if (set.terminating()) {
    return false;
  }
  if (!world.views.sets.policy().has_own_order()) {
    return in_range;
  }
  return world.store.find(pod)
             ? true
             : in_range && std::ssize(world.store.owned_by(set.uid, Kind::Pod)) < spec.replicas;
}

bool held_back(const Object& set, const ObjectKey& pod) {
  const api::StatefulSetSpec& spec = *set.as<api::StatefulSet>().spec;
  const std::int64_t ordinal = api::parent_and_ordinal(pod.name.view()).ordinal;
  return spec.strategy == api::UpdateStrategy::OnDelete ||
         (spec.strategy == api::UpdateStrategy::RollingUpdate && spec.rolling_update_block &&
          ordinal < std::int64_t{spec.start_ordinal} + spec.partition);
}

bool is_available(const Object& set, const Object& pod, SimTime now) {
  const std::int32_t seconds = set.as<api::StatefulSet>().spec->min_ready_seconds;
  const api::PodCondition& ready =
      pod.as<api::Pod>().status.condition(api::PodConditionType::Ready);
  return ready.status && now >= ready.last_transition() + seconds_of(seconds);
}

bool is_garbage(const world::World& world, const Object& object) {
  const auto is_there = [&](const api::OwnerReference& reference) {
    const auto kind = api::find_kind(reference.api_version, reference.kind);
    if (!kind) {
      return true;  // nobody here knows of it, and the collector leaves what it owns alone
    }
    const ObjectPtr owner =
        world.store.find({*kind,
                          api::info(*kind).namespaced ? object.key.ns.view() : "",
                          std::string(reference.name)});
    return owner && owner->uid == reference.uid;
  };
  return !object.owners.empty() && std::ranges::none_of(object.owners, is_there);
}

Chain Inquiry::take() {
  if (circle_ && chain_.acts.empty()) {
    chain_.advice =
        "These wait for each other, and nothing that is done to one of them ends that: the set "
        "itself has to be made otherwise";
  }
  return std::move(chain_);
}

void Inquiry::ask(const Wish& wish) {
  if (!asked_.insert({wish.object, wish.state}).second) {
    circle_ = circle_ || (!path_.empty() && path_.back().object != wish.object);
    return;
  }
  path_.push_back(wish);
  explain(wish);
  path_.pop_back();
}

void Inquiry::explain(const Wish& wish) {
  if (const ObjectPtr found = find(wish.object);
      found && !found->terminating() && is_garbage(world_, *found)) {
    return garbage(*found);
  }
  switch (wish.object.kind) {
    case Kind::Pod:
      return pod(wish.object, wish.state);
    case Kind::PersistentVolumeClaim:
      return claim(wish.object, wish.state);
    case Kind::PersistentVolume:
      return volume(wish.object);
    case Kind::Node:
      return node(wish.object);
    case Kind::StatefulSet:
      if (const ObjectPtr found = find(wish.object)) {
        if (wish.state == State::Gone && !found->terminating()) {
          link(found->key, fmt::format("nobody deletes {}", found->key.name), "");
          return kubectl(fmt::format("delete sts {}{}", found->key.name, in_namespace(found->key)),
                         "its pods go with it");
        }
        return set(found);
      }
      [[fallthrough]];
    default:
      if (!find(wish.object)) {
        link(wish.object, fmt::format("nobody has made {}", wish.object.text()), "");
      }
  }
}

void Inquiry::set(const ObjectPtr& set) {
  if (set->terminating()) {
    link(set->key, fmt::format("{} is being deleted", set->key.name), "SS-106");
    if (out_of_order(Actor::GarbageCollector, set->key)) {
      return;
    }
    for (const ObjectPtr& pod : world_.store.owned_by(set->uid, Kind::Pod)) {
      return ask({pod->key, State::Gone, {}, pod->uid});
    }
    return;
  }
  controller(set, set->key);
}

bool Inquiry::out_of_order(Actor actor, const ObjectKey& about) {
  const world::ActorState& state = world_.of(actor);
  const std::string name(engine::name(actor));
  bool found = false;
  if (state.down) {
    link(about, fmt::format("{} does not run", name), "");
    step(fmt::format("controller {} becomes up", name),
         {{"controller", {{"name", name}, {"becomes", "up"}}}});
    found = true;
  }
  for (const store::Watch::Hold& hold : state.watch.holds()) {
    const std::string_view kind = api::info(hold.kind).plural;
    link(about,
         fmt::format("{} hears of changes of {} {}",
                     name,
                     kind,
                     hold.lag ? fmt::format("{} late", to_go_string(*hold.lag)) : "not at all"),
         "");
    step(fmt::format("watch of {} kind {} becomes live", name, kind),
         {{"watch", {{"of", name}, {"kind", kind}, {"becomes", "live"}}}});
    found = true;
  }
  for (const world::ApiFault& fault : *world_.api_faults) {
    if (concerns(fault, actor)) {
      link(about,
           fmt::format("where {} wants to {} {}, the API server {}",
                       name,
                       fault.verb.empty() ? "change" : fault.verb,
                       fault.kind ? api::info(*fault.kind).plural : "anything",
                       in_words(fault.answer)),
           "");
      step("api answers normally", {{"api", {{"answers", "normally"}}}});
      found = true;
    }
  }
  return found;
}

void Inquiry::controller(const ObjectPtr& set, const ObjectKey& about) {
  if (out_of_order(Actor::StatefulSetController, set->key)) {
    return;
  }
  const controllers::Plan plan = plan_of(world_, Actor::StatefulSetController, set->key);
  if (plan.misconduct) {
    link(set->key, plan.misconduct->text, plan.misconduct->rule);
    return;
  }
  if (const controllers::Call* call = call_about(plan, about, set->key)) {
    // If it has tried that in vain, the last word of the API server tells why.
    const std::string refused = last_warning(world_, set->key);
    if (refused.empty() ||
        world_.of(Actor::StatefulSetController).queue.failures().find(set->key) == nullptr) {
      link(about,
           fmt::format("statefulset-controller is about to see to it: {}", call->why),
           call->rule);
    } else {
      link(set->key, refused, "SS-210");
    }
    return;
  }
  const auto of_object = std::ranges::find(plan.waits, about, &controllers::Wait::about);
  if (of_object != plan.waits.end()) {
    return wait(*of_object, set);
  }
  if (!plan.waits.empty()) {
    return wait(plan.waits.front(), set);
  }
  if (plan.error) {
    link(set->key, *plan.error, "");
    return;
  }
  if (const ObjectPtr pod = first_trouble(world_, *set)) {
    ask(*open_wish(world_, pod->key));
  }
}

void Inquiry::wait(const controllers::Wait& wait, const ObjectPtr& set) {
  link(wait.about, wait.text, wait.rule);
  if (wait.rule == "SS-177") {
    return old_claims(*set, wait.about);
  }
  if (wait.about.kind != Kind::Pod) {
    if (const ObjectPtr pod = first_trouble(world_, *set)) {
      ask(*open_wish(world_, pod->key));
    }
    return;
  }
  if (const auto open = open_wish(world_, wait.about)) {
    ask(*open);
  }
}

void Inquiry::garbage(const Object& object) {
  const api::OwnerReference& owner = *object.owners.begin();
  link(object.key,
       fmt::format("{} belongs to {} {}, which is gone: the garbage collector deletes it",
                   object.key.name,
                   owner.kind,
                   owner.name),
       "GC-3");
  out_of_order(Actor::GarbageCollector, object.key);
}

void Inquiry::old_claims(const Object& set, const ObjectKey& pod) {
  for (const api::ClaimTemplate& of_set : set.as<api::StatefulSet>().spec->claim_templates) {
    const ObjectKey key{
        Kind::PersistentVolumeClaim, pod.ns, fmt::format("{}-{}", of_set.name, pod.name)};
    const ObjectPtr claim = find(key);
    if (claim && claim->terminating()) {
      ask({key, State::Gone, {}, claim->uid});
    }
  }
}

void Inquiry::link(const ObjectKey& about, std::string text, std::string_view rule) {
  Link link{about, std::move(text), std::string(rule)};
  if (std::ranges::find(chain_.links, link) == chain_.links.end()) {
    chain_.links.push_back(std::move(link));
  }
}

void Inquiry::help(Act act) {
  if (std::ranges::find(chain_.acts, act.line, &Act::line) == chain_.acts.end()) {
    chain_.acts.push_back(std::move(act));
  }
}

void Inquiry::kubectl(std::string words, std::string caution) {
  api::Json step = {{"kubectl", words}};
  std::string line = "kubectl " + words;
  help({std::move(line), std::move(step), false, std::move(caution)});
}

void Inquiry::step(std::string line, api::Json step, std::string caution) {
  help({std::move(line), std::move(step), true, std::move(caution)});
}

Chain chain_of(const world::World& world, const Wish& wish) {
  Inquiry inquiry(world);
  inquiry.ask(wish);
  return inquiry.take();
}

}  // namespace stsim::diagnosis
