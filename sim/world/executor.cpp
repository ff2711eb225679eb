// Carries plans out: one API call after the other, each of which takes time and can fail.
#include "context.hpp"

#include <fmt/format.h>
#include <stsim/controllers/statefulset/statefulset.hpp>

#include <algorithm>

namespace stsim::world {

using api::Object;
using api::ObjectPtr;
using controllers::Call;
using controllers::Group;
using engine::Actor;
using engine::TraceRecord;

namespace {

void apply(const controllers::Mutation& mutation, Object& object) {
  const auto drop = [&object](const api::Uid& uid) {
    std::erase_if(object.owners,
                  [&uid](const api::OwnerReference& owner) { return owner.uid == uid; });
  };
  if (const auto* add = std::get_if<controllers::AddOwner>(&mutation)) {
    drop(add->owner.uid);
    object.owners.push_back(add->owner);
  } else if (const auto* remove = std::get_if<controllers::RemoveOwner>(&mutation)) {
    drop(remove->owner);
  } else if (const auto* added = std::get_if<controllers::AddFinalizer>(&mutation)) {
    if (!object.has_finalizer(added->name)) {
      object.finalizers.push_back(added->name);
    }
  } else if (const auto* finalizer = std::get_if<controllers::RemoveFinalizer>(&mutation)) {
    std::erase(object.finalizers, finalizer->name);
  }
}

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
      break;
  }
  return "get";
}

/// One sync while it is being carried out.
class Execution {
 public:
  Execution(Context& context, Actor actor, std::uint64_t id, Sync sync)
      : context_(context), world_(context.world), actor_(actor), id_(id), sync_(std::move(sync)) {}

  /// Goes on to the next call, which lands a while from now, or ends the sync.
  void go_on() {
    while (true) {
      if (sync_.stage == Sync::Stage::Status) {
        if (status_due()) {
          wait_for_call(SimDuration{});
          return;
        }
        enter(Sync::Stage::Afterwards);
      }
      const std::vector<Group>& groups = current_groups();
      if (sync_.group >= groups.size() || stopped(groups[sync_.group])) {
        if (sync_.stage == Sync::Stage::Afterwards || aborted_) {
          finish();
          return;
        }
        sync_.succeeded.resize(sync_.plan->groups.size(), false);
        enter(Sync::Stage::Status);
        continue;
      }
      const Group& group = groups[sync_.group];
      if (sync_.call == 0 && !sync_.told) {
        for (const controllers::EventText& event : group.told) {
          report(event, "");
        }
        sync_.told = true;
      }
      if (sync_.call < group.calls.size() && !give_up_group(group)) {
        wait_for_call(SimDuration{});
        return;
      }
      end_group(group);
    }
  }

  /// The call that go_on() waited for takes effect now.
  void land() {
    if (sync_.stage == Sync::Stage::Status) {
      write_status();
      return;
    }
    if (sync_.renew) {
      renew();
    } else if (make(current_groups()[sync_.group].calls[sync_.call])) {
      ++sync_.call;
    } else {
      wait_to_renew();
      return;
    }
    go_on();
  }

 private:
  const std::vector<Group>& current_groups() const {
    return sync_.stage == Sync::Stage::Groups ? sync_.plan->groups : sync_.plan->afterwards;
  }

  void enter(Sync::Stage stage) {
    sync_.stage = stage;
    sync_.group = 0;
    sync_.call = 0;
    sync_.last_batch = -1;
  }

  [[nodiscard]] bool stopped(const Group& group) const {
    return aborted_ || (sync_.last_batch >= 0 && group.batch != sync_.last_batch);
  }

  /// After an error the calls that only collect errors are still made.
  [[nodiscard]] bool give_up_group(const Group& group) const {
    return !sync_.errors.empty() && group.calls[sync_.call].on_error != Call::OnError::Collect;
  }

  void end_group(const Group& group) {
    const bool good = sync_.errors.empty();
    if (good && group.success) {
      report(*group.success, "");
    }
    if (!good) {
      const std::string text = joined();
      if (group.failure && !sync_.quiet) {
        report(*group.failure, text);
      }
      if (sync_.failure.empty()) {
        sync_.failure = text;
      }
      if (group.on_error == Group::OnError::Abort) {
        aborted_ = true;
      } else if (group.on_error == Group::OnError::Stop) {
        sync_.last_batch = group.batch;
      }
    }
    if (sync_.stage == Sync::Stage::Groups) {
      sync_.succeeded.push_back(good);
    }
    sync_.errors.clear();
    sync_.quiet = false;
    sync_.told = false;
    sync_.repair_attempts = 0;
    ++sync_.group;
    sync_.call = 0;
  }

  [[nodiscard]] std::string joined() const {
    if (sync_.errors.size() == 1) {
      return sync_.errors.front();
    }
    return fmt::format("[{}]", fmt::join(sync_.errors, ", "));
  }

  /// Only the StatefulSet controller's events have a rule of their own.
  [[nodiscard]] std::string_view rule_of_events() const {
    return actor_ == Actor::StatefulSetController ? "SS-190" : "";
  }

  void report(const controllers::EventText& event, const std::string& error) {
    ObjectPtr about = world_.store.find(event.about.value_or(sync_.key));
    if (!about && sync_.plan->status) {
      about = sync_.plan->status->set;
    }
    if (about) {
      controllers::EventText told = event;
      told.message += error;
      record_event(context_, actor_, *about, told, engine::Causes(sync_.record), rule_of_events());
    }
  }

  [[nodiscard]] store::WriteResult perform(const Call& call, engine::TraceId id) {
    store::Store& store = world_.store;
    switch (call.verb) {
      case Call::Verb::Create:
        return store.create(*call.object, world_.now, id);
      case Call::Verb::Update:
        return store.update(*call.object, id);
      case Call::Verb::UpdateStatus:
        return store.update_status(*call.object, id);
      case Call::Verb::Delete:
        return store.remove(call.target, call.options, world_.now, id);
      case Call::Verb::Patch: {
        const ObjectPtr stored = store.find(call.target);
        if (!stored) {
          return tl::unexpected(api::not_found(call.target.kind, call.target.name));
        }
        Object patched = *stored;
        apply(*call.mutation, patched);
        return store.update(std::move(patched), id);
      }
      case Call::Verb::Recheck: {
        const ObjectPtr stored = store.find(call.target);
        if (!stored || stored->uid != call.options.uid) {
          return tl::unexpected(api::not_found(call.target.kind, call.target.name));
        }
        if (stored->terminating()) {
          return tl::unexpected(api::bad_request(
              fmt::format("{}/{} has just been deleted", call.target.ns, call.target.name)));
        }
        return stored;
      }
      case Call::Verb::Fail:
        break;
    }
    return tl::unexpected(api::bad_request(call.error));
  }

  /// Returns false where the call met a conflict after which the pod is looked at again.
  bool make(const Call& call) {
    if (call.verb == Call::Verb::Fail) {
      TraceRecord told;
      told.type = TraceRecord::Type::Wait;
      told.actor = actor_;
      told.object = call.target;
      told.text = call.why;
      told.rule = call.rule;
      told.causes = engine::Causes(sync_.record);
      record(context_, std::move(told));
      sync_.errors.push_back(call.error);
      return true;
    }
    Write intent{actor_,
                 verb_of(call.verb),
                 call.verb == Call::Verb::UpdateStatus ? "status" : "",
                 call.target,
                 call.why,
                 call.rule,
                 engine::Causes(sync_.record)};
    store::WriteResult result = call.verb == Call::Verb::Recheck
                                    ? perform(call, 0)
                                    : write(context_, std::move(intent), [&](engine::TraceId id) {
                                        return perform(call, id);
                                      });
    const bool harmless =
        !result && std::ranges::find(call.harmless, result.error().reason) != call.harmless.end();
    if (result || harmless) {
      if (result) {
        remember_own_write(call);
      }
      if (call.success) {
        report(*call.success, "");  // SS-193: of what is harmless, too
      }
      return true;
    }
    const api::ApiError& error = result.error();
    if (std::ranges::find(call.tolerated, error.reason) != call.tolerated.end()) {
      if (call.failure) {
        report(*call.failure, call.error_prefix + error.message);
      }
      return true;
    }
    if (error.reason == "Conflict" && repairs_a_pod(call) &&
        ++sync_.repair_attempts < kRepairAttempts) {
      return false;
    }
    const bool exists = call.quiet_if_exists && error.reason == "AlreadyExists";
    if (call.failure) {
      if (!exists) {
        report(*call.failure,
               call.on_error == Call::OnError::Collect ? error.message
                                                       : call.error_prefix + error.message);
      }
      sync_.quiet = sync_.quiet || call.on_error != Call::OnError::Collect;
    }
    sync_.quiet = sync_.quiet || (exists && call.on_error != Call::OnError::Collect);
    sync_.errors.push_back(call.error_prefix + error.message);
    return true;
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
    for (int i = 1; i < sync_.repair_attempts; ++i) {
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
    const ObjectPtr pod = cache.find(current_groups()[sync_.group].calls[sync_.call].target);
    if (!pod) {
      return;
    }
    controllers::Plan plan = *sync_.plan;
    plan.groups[sync_.group].calls =
        controllers::statefulset::repairs(*plan.status->set, *pod, cache, world_.now);
    sync_.plan = std::make_shared<const controllers::Plan>(std::move(plan));
    sync_.call = 0;
  }

  /// SS-212: what the controller must have seen before it looks at this key again.
  void remember_own_write(const Call& call) {
    if (actor_ == Actor::StatefulSetController && call.verb != Call::Verb::Delete &&
        call.verb != Call::Verb::Recheck) {
      remember_write();
    }
  }

  void remember_write() {
    ActorState& state = world_.of(actor_);
    KeyMemory memory = state.remembered(sync_.key);
    memory.own_write = world_.store.position();
    state.memory.set(sync_.key, memory);
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
    return controllers::statefulset::final_status(
        *sync_.plan->status, sync_.succeeded, world_.settings->features.release);
  }

  [[nodiscard]] bool status_due() const { return due_status().has_value(); }

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
      remember_write();
    } else if (sync_.failure.empty()) {
      sync_.failure = result.error().message;
    }
    enter(Sync::Stage::Afterwards);
    go_on();
  }

  void finish() {
    ActorState& state = world_.of(actor_);
    const std::uint64_t idle = sync_.found_news ? 0 : world_.changes;
    const engine::Causes causes(sync_.record);
    state.syncs.erase(id_);
    KeyMemory memory = state.remembered(sync_.key);
    memory.synced_at = world_.changes;
    state.memory.set(sync_.key, memory);
    state.queue.done(sync_.key);
    if (sync_.failure.empty()) {
      state.queue.forget(sync_.key);
      for (const controllers::Again& again : sync_.plan->again) {
        enqueue_after(context_, actor_, again.key, again.after, causes, idle);
      }
    } else {
      const SimDuration delay = state.queue.retry_delay(sync_.key, world_.now);
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
  bool aborted_{};
};

/// SS-212: whether the caches have seen what the controller itself has written for this key.
bool caches_lag(const World& world, Actor actor, const api::ObjectKey& key) {
  const ActorState& state = world.of(actor);
  return state.watch.position() < state.remembered(key).own_write &&
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
  told.text = plan.error.value_or("");
  told.causes = causes;
  const engine::TraceId id = record(context, std::move(told));
  for (const controllers::Wait& wait : plan.waits) {
    TraceRecord reason;
    reason.type = TraceRecord::Type::Wait;
    reason.actor = actor;
    reason.object = wait.about;
    reason.text = wait.text;
    reason.rule = wait.rule;
    reason.causes = engine::Causes(id);
    record(context, std::move(reason));
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
    const store::Cache cache(world.store, state.watch);
    if (controller.advance != nullptr) {
      controller.advance(world.views, item->key, cache, world.now);
    }
    if (caches_lag(world, actor, item->key)) {
      plan.error = "the caches have not seen the controller's own writes yet";
    } else {
      plan = controller.decide(item->key, cache, world.views, world.now);
    }
    Sync sync;
    sync.key = item->key;
    sync.record = record_sync(context, actor, item->key, plan, item->causes);
    sync.failure = plan.error.value_or("");
    sync.found_news = state.remembered(item->key).synced_at != world.changes;
    sync.plan = std::make_shared<const controllers::Plan>(std::move(plan));
    Execution(context, actor, ++world.last_sync, std::move(sync)).go_on();
  }
}

void call_lands(Context& context, Actor actor, std::uint64_t id) {
  ActorState& state = context.world.of(actor);
  const Sync* sync = state.syncs.find(id);
  STSIM_ASSERT(sync != nullptr);
  Execution(context, actor, id, *sync).land();
}

}  // namespace stsim::world
