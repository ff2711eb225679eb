// Faults of the channels through which actors learn of things and act: watches, controllers, calls.
#include "context.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace stsim::world {

using engine::Actor;
using engine::TraceRecord;

namespace {

engine::TraceId tell(Context& context, Actor actor, std::string text, engine::TraceId cause) {
  TraceRecord told;
  told.type = TraceRecord::Type::Fault;
  told.actor = actor;
  told.text = std::move(text);
  told.causes = engine::Causes(cause);
  return record(context, told);
}

void stop(World& world, Actor actor) {
  ActorState& state = world.of(actor);
  state.down = true;
  state.queue = {};
  state.syncs = {};
  state.synced = {};
  state.memory = {};
  state.held_writes = {};
  world.correlator.forget(engine::name(actor));
  if (actor == Actor::TaintEvictionController) {
    world.views.nodes.evictions = {};
  } else if (actor == Actor::PodGarbageCollector) {
    world.views.nodes.missing = {};
  }
}

/// What was written of a kind has been seen now.
void forget_held_writes(ActorState& state, api::Kind kind) {
  if (!state.held_writes.is_set()) {
    return;
  }
  std::erase_if(state.held_writes.edit(),
                [kind](const auto& entry) { return entry.first.second == kind; });
  if (state.held_writes->empty()) {
    state.held_writes = {};
  }
}

/// It lists everything, as it is now, and what it lists is new to it.
void start(Context& context, Actor actor, const engine::Causes& causes) {
  World& world = context.world;
  ActorState& state = world.of(actor);
  deliver(context, actor, world.store.position());
  const std::vector<store::Watch::Hold> holds = state.watch.holds();
  for (const store::Watch::Hold& hold : holds) {
    deliver_held(context, actor, hold.kind, world.store.position());
  }
  state.down = false;
  const controllers::Controller& controller = *controllers::controller(actor);
  std::vector<api::ObjectPtr> all;
  world.store.for_each([&all](const api::ObjectPtr& object) { all.push_back(object); });
  for (const api::ObjectPtr& object : all) {
    if (object->key.kind != api::Kind::Event || controller.hears_events) {
      enqueue_concerned(context, controller, {0, causes.ids().front(), nullptr, object});
    }
  }
  schedule_resync(context, controller, causes);
}

std::string_view words(ControllerFault fault) {
  switch (fault) {
    case ControllerFault::Down:
      return "it stops, and what it was doing is lost";
    case ControllerFault::Up:
      return "it runs again, and looks at everything";
    case ControllerFault::Restarted:
      break;
  }
  return "it starts again: what it was doing is lost, and it looks at everything";
}

std::string words(const WatchFault& fault) {
  const std::string what =
      fault.kind ? fmt::format("its watch of {}", api::info(*fault.kind).plural) : "its watches";
  const bool one = fault.kind.has_value();
  if (fault.broken) {
    return fmt::format("{} {} broken: it sees no changes any more", what, one ? "is" : "are");
  }
  if (fault.lag) {
    return fmt::format(
        "{} {} late: it sees changes after {}", what, one ? "is" : "are", to_go_string(*fault.lag));
  }
  return fmt::format("{} {} well again: it sees what it has missed", what, one ? "is" : "are");
}

std::string words(const ApiFault& fault) {
  std::string out = "the API server answers ";
  out += fault.to ? fmt::format("{}'s", engine::name(*fault.to)) : "all";
  out += fault.verb.empty() ? " calls" : fmt::format(" calls to {}", fault.verb);
  if (fault.kind) {
    out += fmt::format(" {}", api::info(*fault.kind).plural);
  }
  if (!fault.subresource.empty()) {
    out += "/" + fault.subresource;
  }
  if (!fault.name.empty()) {
    out += " " + fault.name;
  }
  if (fault.left) {
    out += fmt::format(", {} of them,", *fault.left);
  }
  switch (fault.answer) {
    case ApiAnswer::Conflict:
      return out + " with a conflict";
    case ApiAnswer::Quota:
      return out + " with: the quota is used up";
    case ApiAnswer::Denied:
      return out + " with the no of an admission webhook";
    case ApiAnswer::Unavailable:
      return out + " with: it is overloaded";
    case ApiAnswer::Timeout:
      return out + " not in time, and does nothing";
    case ApiAnswer::Lost:
      break;
  }
  return out + " not in time, but does what was asked for";
}

bool concerns(const ApiFault& fault, const Write& write) {
  return (!fault.to || *fault.to == write.actor) &&
         (fault.verb.empty() || fault.verb == write.verb) &&
         (!fault.kind ||
          (*fault.kind == write.target.kind && fault.subresource == write.subresource)) &&
         (fault.name.empty() || write.target.name == fault.name);
}

/// The words of a quota of one more than what there is.
api::ApiError over_quota(const World& world, const api::ObjectKey& target) {
  const api::KindInfo& info = api::info(target.kind);
  const bool counted_by_name = target.kind == api::Kind::Pod ||
                               target.kind == api::Kind::PersistentVolumeClaim ||
                               target.kind == api::Kind::Service;
  const std::string what =
      counted_by_name ? std::string(info.plural) : fmt::format("count/{}", info.plural);
  const std::size_t used = world.store.list(target.kind, target.ns.view()).size();
  return api::forbidden(
      target.kind,
      target.name,
      fmt::format(
          "exceeded quota: quota, requested: {0}=1, used: {0}={1}, limited: {0}={1}", what, used));
}

api::ApiError error_of(const World& world, const ApiFault& fault, const Write& write) {
  switch (fault.answer) {
    case ApiAnswer::Conflict:
      return api::conflict(write.target.kind, write.target.name);
    case ApiAnswer::Quota:
      return over_quota(world, write.target);
    case ApiAnswer::Denied:
      return api::denied("policy.example.com", fault.message);
    case ApiAnswer::Unavailable:
      return api::unavailable();
    case ApiAnswer::Timeout:
    case ApiAnswer::Lost:
      break;
  }
  return api::timeout();
}

}  // namespace

bool strike(Context& context, Actor actor, ControllerFault fault, engine::TraceId cause) {
  World& world = context.world;
  const bool was_down = world.of(actor).down;
  if (fault == ControllerFault::Restarted ? was_down
                                          : was_down == (fault == ControllerFault::Down)) {
    return false;
  }
  const engine::Causes causes(tell(context, actor, std::string(words(fault)), cause));
  ++world.changes;  // what was in vain before may not be so now
  if (fault != ControllerFault::Up) {
    stop(world, actor);
  }
  if (fault != ControllerFault::Down) {
    start(context, actor, causes);
  }
  return true;
}

bool strike(Context& context, const WatchFault& fault, engine::TraceId cause) {
  World& world = context.world;
  store::Watch& watch = world.of(fault.of).watch;
  std::vector<api::Kind> kinds;
  for (const api::KindInfo& kind : api::kinds()) {
    const bool meant = fault.kind ? kind.kind == *fault.kind : kind.kind != api::Kind::Event;
    if (meant && (fault.broken || fault.lag || watch.held(kind.kind) != nullptr)) {
      kinds.push_back(kind.kind);
    }
  }
  if (kinds.empty()) {
    return false;
  }
  tell(context, fault.of, words(fault), cause);
  ++world.changes;
  for (const api::Kind kind : kinds) {
    if (fault.broken) {
      watch.hold(kind, std::nullopt);
    } else if (fault.lag) {
      watch.hold(kind, fault.lag);
      // What was held until now comes so late, too.
      world.queue.schedule(world.now + *fault.lag,
                           fault.of,
                           engine::Causes(world.last_record),
                           engine::Delivery{fault.of, kind, watch.position()});
    } else {
      deliver_held(context, fault.of, kind, watch.position());
      watch.release(kind);
      forget_held_writes(world.of(fault.of), kind);
    }
  }
  return true;
}

bool strike(Context& context, std::optional<ApiFault> fault, engine::TraceId cause) {
  World& world = context.world;
  if (!fault && !world.api_faults.is_set()) {
    return false;
  }
  ++world.changes;
  if (fault) {
    fault->record = tell(context, Actor::User, words(*fault), cause);
    world.api_faults.edit().push_back(*std::move(fault));
  } else {
    tell(context, Actor::User, "the API server serves all calls again", cause);
    world.api_faults = {};
  }
  return true;
}

std::optional<Strike> struck(World& world, const Write& write) {
  if (!world.api_faults.is_set() || write.target.kind == api::Kind::Event ||
      write.actor == Actor::Kubelet || write.actor == Actor::NodeController) {
    return std::nullopt;
  }
  const auto fault = std::ranges::find_if(
      *world.api_faults, [&write](const ApiFault& one) { return concerns(one, write); });
  if (fault == world.api_faults->end()) {
    return std::nullopt;
  }
  Strike out{error_of(world, *fault, write), fault->answer == ApiAnswer::Lost, fault->record};
  if (fault->left) {
    const auto index = fault - world.api_faults->begin();
    std::vector<ApiFault>& all = world.api_faults.edit();
    ++world.changes;  // the next call may be answered otherwise
    if (--*all[static_cast<std::size_t>(index)].left == 0) {
      all.erase(all.begin() + index);
    }
    if (all.empty()) {
      world.api_faults = {};
    }
  }
  return out;
}

}  // namespace stsim::world
