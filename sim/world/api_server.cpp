#include "context.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stsim::world {

using engine::Actor;
using engine::TraceRecord;

engine::TraceId record(Context& context, TraceRecord& record) {
  record.id = ++context.world.last_record;
  record.time = context.world.now;
  context.trace.record(record);
  return record.id;
}

namespace {

/// ChoicePoint::object.
std::string who_about_what(Actor actor, const api::ObjectKey& about) {
  return fmt::format(
      "{}/{}/{}/{}", engine::name(actor), api::info(about.kind).name, about.ns, about.name);
}

/// The n-th draw of a latency, n being a count in what the actor remembers of an object.
SimDuration counted_draw(Context& context,
                         Actor actor,
                         const engine::Latency& latency,
                         std::string_view point,
                         const api::ObjectKey& about,
                         std::uint32_t Draws::*count) {
  if (latency.is_constant()) {
    return latency.draw(context.chooser, {});
  }
  ActorState& state = context.world.of(actor);
  Draws draws = state.drawn(about);
  const std::uint64_t n = draws.*count;
  ++(draws.*count);
  state.draws.set(api::short_digest(about), draws);
  return latency.draw(context.chooser, {point, who_about_what(actor, about), n});
}

/// How long an API Event is kept after it was last seen. Rule: SS-194.
constexpr SimDuration kLifetime = std::chrono::hours{1};

/// When an API Event is forgotten that was last seen then.
SimTime expiry(SimTime last_seen) {
  return last_seen == SimTime::max() ? last_seen : last_seen + kLifetime;
}

/// When an API Event is forgotten.
SimTime expiry(const api::Object& event) {
  return expiry(event.as<api::ApiEvent>().last_seen);
}

int code_of(const Write& write, const store::WriteResult& result) {
  if (!result) {
    return result.error().code;
  }
  return write.verb == "create" ? 201 : 200;
}

/// Hands a change to one actor: the keys it concerns go into the actor's queue.
void hand_over(Context& context, Actor actor, const store::Change& change) {
  World& world = context.world;
  const controllers::Controller* controller = controllers::controller(actor);
  if (change.object().key.kind == api::Kind::Event &&
      (controller == nullptr || !controller->hears_events)) {
    return;
  }
  if (actor == Actor::Placement) {
    return placement_sees(context, change);
  }
  if (actor == Actor::Kubelet) {
    return kubelets_see(context, change);
  }
  if (controller == nullptr || (controller->of_nodes && !world.settings->auto_kubelet)) {
    return;  // the user, or nodes that are moved by hand
  }
  if (controller->observe != nullptr) {
    const store::Cache cache(world.store, world.of(actor).watch);
    controller->observe(world.views, change, cache, world.now);
  }
  enqueue_concerned(context, *controller, change);
}

/// Whether somebody who has seen a change of this kind may have to wait for time to pass.
bool is_of_volumes(api::Kind kind) {
  return kind == api::Kind::PersistentVolume || kind == api::Kind::PersistentVolumeClaim;
}

/// An actor sees the next change, unless that is held. Returns whether it did.
bool see(Context& context, Actor actor, const store::Change& change) {
  const api::Kind kind = change.object().key.kind;
  if (const store::Watch::Hold* hold = context.world.of(actor).watch.held(kind)) {
    if (hold->lag) {
      context.world.queue.schedule(context.world.now + *hold->lag,
                                   actor,
                                   engine::Causes(change.cause),
                                   engine::Delivery{actor, kind, change.position});
    }
    return false;
  }
  hand_over(context, actor, change);
  return true;
}

/// Has seen changes of `volumes` or claims, which may now wait for time to pass.
void have_seen(Context& context, Actor actor, const engine::Causes& volumes) {
  if (volumes.ids().empty()) {
    return;
  }
  if (const controllers::Controller* controller = controllers::controller(actor)) {
    schedule_resync(context, *controller, volumes);
  }
}

}  // namespace

void enqueue_concerned(Context& context,
                       const controllers::Controller& controller,
                       const store::Change& change) {
  const World& world = context.world;
  const store::Cache cache(world.store, world.of(controller.actor).watch);
  for (const controllers::Again& again : controller.concerned(change, cache, world.now)) {
    enqueue_after(
        context, controller.actor, again.key, again.after, engine::Causes(change.cause), 0);
  }
}

void schedule_resync(Context& context,
                     const controllers::Controller& controller,
                     const engine::Causes& causes) {
  World& world = context.world;
  ActorState& state = world.of(controller.actor);
  if (controller.resync == nullptr || state.resync_pending || state.down ||
      controller.resync(store::Cache(world.store, state.watch), world.views).empty()) {
    return;
  }
  const SimDuration period = world.settings->binder_resync;
  const SimTime next = kStartOfTime + ((world.now - kStartOfTime) / period + 1) * period;
  state.resync_pending = true;
  world.queue.schedule(next, controller.actor, causes, engine::Resync{controller.actor, 0});
}

SimDuration draw(Context& context,
                 Actor actor,
                 const engine::Latency& latency,
                 std::string_view point,
                 const api::ObjectKey& about) {
  return counted_draw(context, actor, latency, point, about, &Draws::acts);
}

void draw_batches(Context& context,
                  Actor actor,
                  const api::ObjectKey& about,
                  controllers::Plan& plan) {
  ActorState& state = context.world.of(actor);
  Draws draws = state.drawn(about);
  const std::string object = who_about_what(actor, about);
  engine::ChoicePoint point{"batch", object, draws.acts};
  controllers::shuffle_batches(plan, context.chooser, point);
  if (point.n != draws.acts) {
    draws.acts = static_cast<std::uint32_t>(point.n);
    state.draws.set(api::short_digest(about), draws);
  }
}

void deliver(Context& context, Actor actor, std::uint64_t up_to) {
  World& world = context.world;
  store::Watch& watch = world.of(actor).watch;
  engine::Causes volumes;
  while (watch.position() < up_to) {
    const store::Change change = watch.deliver(world.store);
    if (see(context, actor, change) && is_of_volumes(change.object().key.kind)) {
      volumes.add(change.cause);
    }
  }
  have_seen(context, actor, volumes);
}

bool late(const store::Watch& watch, api::Kind kind) {
  const store::Watch::Hold* hold = watch.held(kind);
  return hold != nullptr && hold->lag;
}

void deliver_held(Context& context, Actor actor, api::Kind kind, std::uint64_t up_to) {
  World& world = context.world;
  store::Watch& watch = world.of(actor).watch;
  engine::Causes volumes;
  while (watch.held(kind) != nullptr) {
    const store::Change* next = watch.deliver_held(world.store, kind, up_to);
    if (next == nullptr) {
      break;
    }
    const store::Change change = *next;  // a copy: who sees it may write
    volumes.add(change.cause);
    hand_over(context, actor, change);
  }
  have_seen(context, actor, volumes);
}

void finish_write(Context& context,
                  const Write& write,
                  const store::WriteResult& result,
                  std::uint64_t position_before,
                  const api::ObjectPtr& before) {
  World& world = context.world;
  const bool changed = world.store.position() != position_before;
  // A generated name is known only now.
  const api::ObjectKey& target = result ? (*result)->key : write.target;
  if (write.target.kind != api::Kind::Event) {
    TraceRecord told;
    told.type = TraceRecord::Type::Call;
    told.actor = write.actor;
    told.verb = write.verb;
    told.resource = api::info(write.target.kind).plural;
    if (!write.subresource.empty()) {
      told.resource += "/" + write.subresource;
    }
    told.object = target;
    told.code = code_of(write, result);
    if (!result) {
      told.reason = result.error().reason;
    }
    told.text = result ? write.why : result.error().message;
    told.rule = write.rule;
    told.causes = write.causes;
    told.before = before;
    told.after = changed ? world.store.change(world.store.position()).after : before;
    record(context, told);
    world.changes += changed ? 1 : 0;
  }
  if (!changed) {
    return;
  }
  const std::uint64_t head = world.store.position();
  const store::Change change = world.store.change(head);  // a copy: who sees it may write
  if (change.after && change.after->key.kind == api::Kind::Event) {
    world.events_expire = std::min(world.events_expire, expiry(*change.after));
  }
  const bool of_volumes = is_of_volumes(change.object().key.kind);
  const engine::Latency& watch = world.settings->watch;
  const bool same_for_all = watch.is_constant();
  SimDuration latency = same_for_all ? watch.draw(context.chooser, {}) : SimDuration{};
  for (std::size_t i = 0; i < engine::kActors; ++i) {
    const auto actor = static_cast<Actor>(i);
    if (!same_for_all) {
      latency = counted_draw(context, actor, watch, "watch", target, &Draws::deliveries);
    }
    if (latency == SimDuration{} && world.actors[i].watch.position() + 1 == head) {
      world.actors[i].watch.advance();
      if (see(context, actor, change) && of_volumes) {
        have_seen(context, actor, engine::Causes(change.cause));
      }
    } else {
      world.queue.schedule(world.now + latency,
                           actor,
                           engine::Causes(change.cause),
                           engine::Delivery{actor, {}, head});
    }
  }
  std::uint64_t seen = head;
  for (const ActorState& actor : world.actors) {
    seen = std::min(seen, actor.watch.all_seen());
  }
  world.store.compact(seen);
}

void enqueue(Context& context,
             Actor actor,
             const api::ObjectKey& key,
             const engine::Causes& causes) {
  World& world = context.world;
  ActorState& state = world.of(actor);
  if (state.down) {
    return;
  }
  state.queue.add(key, causes);
  if (!state.work_pending && state.queue.ready()) {
    state.work_pending = true;
    world.queue.schedule(world.now, actor, causes, engine::Work{actor});
  }
}

void enqueue_after(Context& context,
                   Actor actor,
                   const api::ObjectKey& key,
                   SimDuration after,
                   const engine::Causes& causes,
                   std::uint64_t idle_since) {
  if (after <= SimDuration{}) {
    enqueue(context, actor, key, causes);
    return;
  }
  World& world = context.world;
  ActorState& state = world.of(actor);
  if (state.down) {
    return;
  }
  const SimTime due = world.now + after;
  KeyMemory memory = state.remembered(key);
  if (memory.requeue_at != SimTime{} && memory.requeue_at <= due) {
    return;
  }
  memory.requeue_at = due;
  state.remember(key, memory);
  world.queue.schedule(due, actor, causes, engine::Requeue{actor, key, idle_since});
}

namespace {

void expire(Context& context, const api::ObjectKey& event) {
  const Write intent{Actor::User, "delete", "", event, "", "SS-194", {}};
  write(context, intent, [&](engine::TraceId id) {
    return context.world.store.remove(event, {}, context.world.now, id);
  });
}

/// The name under which an actor reports API Events; the volume binder has one of its own there.
std::string component(Actor actor) {
  return actor == Actor::VolumeBinder ? "persistentvolume-controller"
                                      : std::string(engine::name(actor));
}

bool expired(const World& world, const api::Object& event) {
  return expiry(event) <= world.now;
}

/// The scheduler has a recorder of another kind.
std::string_view rule_of_recorder(Actor source) {
  return source == Actor::Placement ? "PN-54" : "SS-194";
}

/// Writes an API Event once more that is there already; `cause` is the record that led to it.
void write_again(Context& context,
                 Actor source,
                 const controllers::EventWrite& what,
                 engine::TraceId cause) {
  const Write intent{
      source, "patch", "", what.event, "", rule_of_recorder(source), engine::Causes(cause)};
  write(context, intent, [&](engine::TraceId) {
    api::Object again = *context.world.store.find(what.event);
    auto& body = again.as<api::ApiEvent>();
    body.count = what.count;
    body.last_seen = whole_seconds(what.last);
    body.message = what.message;
    return context.world.store.update(std::move(again), cause);
  });
}

}  // namespace

void expire_events(Context& context) {
  World& world = context.world;
  if (world.now < world.events_expire) {
    return;
  }
  const store::ApiEvents::Old old = world.store.api_events().last_seen_until(world.now - kLifetime);
  world.events_expire = expiry(old.next_seen);
  for (const api::ObjectKey& event : old.keys) {
    expire(context, event);
  }
}

void write_series(Context& context) {
  World& world = context.world;
  for (const controllers::EventWrite& again : world.correlator.series_due(world.now)) {
    if (world.store.find(again.event) != nullptr) {
      write_again(context, Actor::Placement, again, world.last_record);
    }
  }
}

void record_event(Context& context,
                  Actor source,
                  const api::Object& about,
                  const controllers::EventText& event,
                  const engine::Causes& causes,
                  std::string_view rule) {
  World& world = context.world;
  // Nobody may ask for a long time; then all that have expired go now and then.
  constexpr SimDuration kLeftovers = std::chrono::minutes{6};
  if (source == Actor::Placement) {
    write_series(context);  // lest one expires that goes on
  }
  if (world.events_expire < world.now - kLeftovers) {
    expire_events(context);
  }
  const controllers::EventWrite what =
      source == Actor::Placement
          ? world.correlator.record_in_series(about, event, world.now)
          : world.correlator.record(engine::name(source), about, event, world.now);
  if (what.dropped) {
    return;
  }
  api::ObjectPtr stored = world.store.find(what.event);
  if (stored && expired(world, *stored)) {  // it is created anew, with what is remembered of it
    expire(context, stored->key);
    stored = nullptr;
  }
  TraceRecord told;
  told.type = TraceRecord::Type::ApiEvent;
  told.actor = source;
  told.verb = event.type == "Warning" ? "Warning" : "Normal";
  told.object = about.key;
  told.reason = event.reason;
  told.text = what.message;
  told.rule = rule;
  told.causes = causes;
  told.repeated = stored != nullptr;
  const engine::TraceId id = record(context, told);
  if (stored) {
    write_again(context, source, what, id);
    return;
  }
  const Write intent{
      source, "create", "", what.event, "", rule_of_recorder(source), engine::Causes(id)};
  write(context, intent, [&](engine::TraceId) {
    api::Object fresh;
    fresh.key = what.event;
    fresh.body = api::ApiEvent{event.type,
                               event.reason,
                               what.message,
                               component(source),
                               about.key,
                               about.uid,
                               about.resource_version,
                               event.field_path,
                               whole_seconds(what.first),
                               whole_seconds(what.last),
                               what.count};
    return world.store.create(std::move(fresh), world.now, id);
  });
}

}  // namespace stsim::world
