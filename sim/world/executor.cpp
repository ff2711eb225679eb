// Carries plans out: one API call after the other, each of which takes time and can fail.
#include "context.hpp"

#include <fmt/format.h>
#include <stsim/controllers/statefulset/statefulset.hpp>

#include <algorithm>

namespace stsim::world {

using api::Object;
using api::ObjectPtr;
using controllers::Call;
using controllers::PlanProgress;
using engine::Actor;
using engine::TraceRecord;

namespace {

std::string_view verb_of(Call::Verb verb) {
  switch (verb) {
    case Call::Verb::Create:
      return "create";
    case Call::Verb::Update:
    case Call::Verb::UpdateStatus:
      return "update";
    case Call::Verb::Patch:
      return "patch";
    case Call::Verb::Delete:
      return "delete";
    case Call::Verb::Recheck:
    case Call::Verb::Fail:
    case Call::Verb::Tell:
      break;
  }
  return "get";
}

/// One sync while it is being carried out.
class Execution {
 public:
  Execution(Context& context, Actor actor, std::uint64_t id, Sync sync)
      : context_(context), world_(context.world), actor_(actor), id_(id), sync_(std::move(sync)) {}

  void begin() { go_on(sync_.progress.begin(*sync_.plan)); }

  /// The call that go_on() waited for takes effect now.
  void land() {
    if (sync_.progress.stage == PlanProgress::Stage::Status) {
      write_status();
    } else if (sync_.renew) {
      renew();
    } else {
      make(*sync_.progress.next_call(*sync_.plan));
    }
  }

 private:
  /// Reports what is told now, and goes on to the next call, which lands a while from now, or ends
  /// the sync.
  void go_on(const std::vector<controllers::EventText>& told) {
    for (const controllers::EventText& event : told) {
      report(event);
    }
    if (sync_.progress.stage == PlanProgress::Stage::Done) {
      finish();
    } else if (sync_.progress.stage == PlanProgress::Stage::Status && !due_status()) {
      go_on(sync_.progress.status_ended(*sync_.plan, ""));
    } else {
      wait_for_call(SimDuration{});
    }
  }

  /// Only the StatefulSet controller's events have a rule of their own.
  [[nodiscard]] std::string_view rule_of_events() const {
    return actor_ == Actor::StatefulSetController ? "SS-190" : "";
  }

  void report(const controllers::EventText& event) {
    ObjectPtr about = world_.store.find(event.about.value_or(sync_.key));
    if (!about && sync_.plan->status) {
      about = sync_.plan->status->set;
    }
    if (about) {
      record_event(context_, actor_, *about, event, engine::Causes(sync_.record), rule_of_events());
    }
  }

  store::WriteResult result_of(const Call& call) {
    if (call.verb == Call::Verb::Fail) {
      TraceRecord told;
      told.type = TraceRecord::Type::Wait;
      told.actor = actor_;
      told.object = call.target;
      told.text = call.why;
      told.rule = call.rule;
      told.causes = engine::Causes(sync_.record);
      record(context_, told);
    }
    if (call.verb == Call::Verb::Fail || call.verb == Call::Verb::Recheck) {
      return controllers::perform(call, world_.store, world_.now, 0);
    }
    Write intent{actor_,
                 verb_of(call.verb),
                 call.verb == Call::Verb::UpdateStatus ? "status" : "",
                 call.target,
                 call.why,
                 call.rule,
                 engine::Causes(sync_.record)};
    return write(context_, std::move(intent), [&](engine::TraceId id) {
      return controllers::perform(call, world_.store, world_.now, id);
    });
  }

  /// SS-170: the owners of a claim that the controller does not see are left for the next look.
  [[nodiscard]] bool waits_for_claim(const Call& call) const {
    return actor_ == Actor::StatefulSetController &&
           (call.verb == Call::Verb::Update || call.verb == Call::Verb::Patch) &&
           call.target.kind == api::Kind::PersistentVolumeClaim &&
           !store::Cache(world_.store, world_.of(actor_).watch).find(call.target);
  }

  void make(const Call& call) {
    if (waits_for_claim(call)) {
      go_on(sync_.progress.call_ended(*sync_.plan, ObjectPtr{}));
      return;
    }
    const store::WriteResult result = result_of(call);
    if (result) {
      remember_own_write(call);
    } else if (result.error().reason == "Conflict" && repairs_a_pod(call) &&
               ++sync_.progress.repair_attempts < kRepairAttempts) {
      wait_to_renew();
      return;
    }
    go_on(sync_.progress.call_ended(*sync_.plan, result));
  }

  /// SS-118.
  static constexpr int kRepairAttempts = 4;

  [[nodiscard]] bool repairs_a_pod(const Call& call) const {
    return actor_ == Actor::StatefulSetController && call.verb == Call::Verb::Update &&
           call.target.kind == api::Kind::Pod;
  }

  /// SS-118: 10 ms, then five times as long each time.
  void wait_to_renew() {
    SimDuration pause = std::chrono::milliseconds{10};
    for (int i = 1; i < sync_.progress.repair_attempts; ++i) {
      pause *= 5;
    }
    sync_.renew = true;
    wait_for_call(pause);
  }

  /// SS-118: what is still to be repaired on the pod as it is seen now takes the place of what the
  /// group had to do. A pod that is gone is written once more, to find that out.
  void renew() {
    sync_.renew = false;
    const store::Cache cache(world_.store, world_.of(actor_).watch);
    const ObjectPtr pod = cache.find(sync_.progress.next_call(*sync_.plan)->target);
    if (!pod) {
      wait_for_call(SimDuration{});
      return;
    }
    controllers::Plan plan = *sync_.plan;
    plan.groups[sync_.progress.group].calls = controllers::statefulset::repairs(
        *plan.status->set, *pod, cache, world_.views.sets.rules(cache), world_.now);
    sync_.plan = std::make_shared<const controllers::Plan>(std::move(plan));
    go_on(sync_.progress.calls_changed(*sync_.plan));
  }

  /// SS-212: what the controller must have seen before it looks at this key again.
  void remember_own_write(const Call& call) {
    if (actor_ == Actor::StatefulSetController && call.verb != Call::Verb::Delete &&
        call.verb != Call::Verb::Recheck) {
      remember_write(call.target.kind);
    }
  }

  void remember_write(api::Kind kind) {
    ActorState& state = world_.of(actor_);
    if (state.watch.held(kind) != nullptr) {
      state.held_writes.edit()[{sync_.key, kind}] = world_.store.position();
      return;
    }
    KeyMemory memory = state.remembered(sync_.key);
    memory.own_write = world_.store.position();
    state.remember(sync_.key, memory);
  }

  void wait_for_call(SimDuration extra) {
    const SimDuration latency =
        draw(context_, actor_, world_.settings->api_call, "apiCall", sync_.key);
    world_.queue.schedule(world_.now + latency + extra,
                          actor_,
                          engine::Causes(sync_.record),
                          engine::CallLands{actor_, id_});
    world_.of(actor_).syncs.set(id_, std::move(sync_));
  }

  [[nodiscard]] std::optional<api::StatefulSetStatus> due_status() const {
    if (!sync_.plan->status) {
      return std::nullopt;
    }
    return controllers::statefulset::final_status(*sync_.plan->status, sync_.progress.succeeded);
  }

  /// SS-160: a conflict is tried again with the set as it is now.
  void write_status() {
    constexpr int kAttempts = 5;
    constexpr SimDuration kPause = std::chrono::milliseconds{10};
    Object changed = *sync_.plan->status->set;
    changed.as<api::StatefulSet>().status = *due_status();
    if (sync_.status_attempts > 0) {
      const store::Cache cache(world_.store, world_.of(actor_).watch);
      if (const ObjectPtr fresh = cache.find(sync_.key)) {
        changed.resource_version = fresh->resource_version;
      }
    }
    ++sync_.status_attempts;
    Write intent{actor_,
                 "update",
                 "status",
                 sync_.key,
                 "the counts have changed",
                 "SS-160",
                 engine::Causes(sync_.record)};
    const store::WriteResult result = write(context_, std::move(intent), [&](engine::TraceId id) {
      return world_.store.update_status(changed, id);
    });
    if (!result && result.error().reason == "Conflict" && sync_.status_attempts < kAttempts) {
      wait_for_call(kPause);
      return;
    }
    if (result) {
      remember_write(sync_.key.kind);
    }
    go_on(sync_.progress.status_ended(*sync_.plan, result ? "" : result.error().message));
  }

  void finish() {
    ActorState& state = world_.of(actor_);
    KeyMemory memory = state.remembered(sync_.key);
    // Nothing has changed since the last one, nor meanwhile.
    const bool in_vain = !sync_.found_news && state.synced.contains(sync_.key, world_.changes);
    const std::uint64_t idle = in_vain ? world_.changes : 0;
    const engine::Causes causes(sync_.record);
    state.syncs.erase(id_);
    state.synced.add(sync_.key, world_.changes);
    if (sync_.plan->nothing_later) {
      memory.requeue_at = {};
    }
    state.remember(sync_.key, memory);
    state.queue.done(sync_.key);
    if (sync_.progress.failure.empty()) {
      state.queue.forget(sync_.key);
      for (const controllers::Again& again : sync_.plan->again) {
        enqueue_after(
            context_, actor_, again.key, again.after, causes, again.awaits_time ? 0 : idle);
      }
    } else {
      const SimDuration delay =
          state.queue.retry_delay(sync_.key, world_.settings->retries, world_.now);
      enqueue_after(context_, actor_, sync_.key, delay, causes, idle);
    }
    if (state.queue.ready() && !state.work_pending) {
      state.work_pending = true;
      world_.queue.schedule(world_.now, actor_, causes, engine::Work{actor_});
    }
  }

  Context& context_;
  World& world_;
  Actor actor_;
  std::uint64_t id_;
  Sync sync_;
};

/// SS-212: whether the caches have seen what the controller itself has written for this key.
bool caches_lag(const World& world, Actor actor, const api::ObjectKey& key) {
  const ActorState& state = world.of(actor);
  const std::uint64_t last = state.remembered(key).own_write;
  const auto unseen = [&](const store::Watch::Hold& hold) {
    const auto write = state.held_writes->find({key, hold.kind});
    return (write != state.held_writes->end() && write->second > hold.seen) ||
           // It was made before the watch was held, and had not come yet then.
           (last > hold.seen && last <= state.watch.position() &&
            world.store.change(last).object().key.kind == hold.kind);
  };
  return (state.watch.position() < last || std::ranges::any_of(state.watch.holds(), unseen)) &&
         world.settings->features.enabled("StaleControllerConsistencyStatefulSet");
}

engine::TraceId record_sync(Context& context,
                            Actor actor,
                            const api::ObjectKey& key,
                            const controllers::Plan& plan,
                            const engine::Causes& causes) {
  TraceRecord told;
  told.type = TraceRecord::Type::Sync;
  told.actor = actor;
  told.object = key;
  told.text = plan.misconduct ? plan.misconduct->text : plan.error.value_or("");
  told.rule = plan.misconduct ? plan.misconduct->rule : std::string_view();
  told.causes = causes;
  const engine::TraceId id = record(context, told);
  for (const controllers::Wait& wait : plan.waits) {
    TraceRecord reason;
    reason.type = TraceRecord::Type::Wait;
    reason.actor = actor;
    reason.object = wait.about;
    reason.text = wait.text;
    reason.rule = wait.rule;
    reason.causes = engine::Causes(id);
    record(context, reason);
  }
  return id;
}

}  // namespace

void work(Context& context, Actor actor) {
  World& world = context.world;
  ActorState& state = world.of(actor);
  state.work_pending = false;
  const controllers::Controller& controller = *controllers::controller(actor);
  while (state.queue.ready() && state.syncs.size() < static_cast<std::size_t>(controller.workers)) {
    const auto item = state.queue.take();
    controllers::Plan plan;
    const store::Watch live(world.store.position());
    const store::Cache cache(world.store, controller.reads_live ? live : state.watch);
    if (controller.advance != nullptr) {
      controller.advance(world.views, item->key, cache, world.now);
    }
    if (caches_lag(world, actor, item->key)) {
      plan.error = "the caches have not seen the controller's own writes yet";
    } else {
      plan = controller.decide(item->key, cache, world.views, world.now);
    }
    if (plan.kept) {
      world.views.sets.keep(item->key, *plan.kept);
    }
    if (world.settings->draw_races) {
      draw_batches(context, actor, item->key, plan);
    }
    Sync sync;
    sync.key = item->key;
    sync.record = record_sync(context, actor, item->key, plan, item->causes);
    if (plan.misconduct) {
      world.misconduct = Misconduct{world.now,
                                    sync.record,
                                    item->key,
                                    plan.misconduct->text,
                                    std::string(plan.misconduct->rule)};
      world.spent = true;
    }
    sync.found_news = !state.synced.contains(item->key, world.changes);
    sync.plan = std::make_shared<const controllers::Plan>(std::move(plan));
    Execution(context, actor, ++world.last_sync, std::move(sync)).begin();
  }
}

void call_lands(Context& context, Actor actor, std::uint64_t id) {
  ActorState& state = context.world.of(actor);
  const Sync* sync = state.syncs.find(id);
  if (sync == nullptr) {
    return;  // the controller has stopped in the middle of it
  }
  Execution(context, actor, id, Sync(*sync)).land();
}

}  // namespace stsim::world
