#pragma once
// The one walk over a world: what of it counts, in which order and in which form. What is made of
// it is up to the output: a document for people, or a digest.
//
// An output is a type with
//   Value                    what stands for a part of the world
//   of(x) -> Value           of a number, a truth, a text
//   none() -> Value          of what is not there
//   key(ObjectKey) -> Value
//   actor(Actor) -> Value
//   object(Object, exact) -> Value   without its particulars, unless exact
//   once(Memo, compute) -> Value     what compute() gives, and always does for that memo's owner
//   Name                     that of a field, made of a literal
//   Fields, List, Map        with value() -> Value, and set(Name, Value), add(Value),
//                            set(ObjectKey, Actor or text, Value); Fields and Map also with
//                            empty(), List with skip() of what goes without saying in its place
//   Files                    a List whose order does not count, unless exact
//   Objects                  a Map by kind, namespace and name, of objects as they are exactly

#include "numbers.hpp"
#include "object_walk.hpp"

#include <stsim/api/taints.hpp>
#include <stsim/world/difference.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace stsim::world {

/// Walks through one world.
template <class Output>
class Walk {
 public:
  using Value = typename Output::Value;
  using Fields = typename Output::Fields;
  using List = typename Output::List;
  using Map = typename Output::Map;
  using Name = typename Output::Name;

  Walk(const World& world, Form form)
      : world_(world), exact_(form == Form::Exact), objects_(world, exact_) {}

  Value world() {
    Fields out;
    if (exact_) {
      out.set("now", time(world_.now));
      out.set("events", Output::of(world_.events));
      out.set("spent", Output::of(world_.spent));
    }
    out.set("objects", objects());
    out.set("changes", changes());
    Map actors;
    for (std::size_t i = 0; i < engine::kActors; ++i) {
      if (has_nothing_to_say(world_.actors[i])) {
        continue;
      }
      if (const Fields state = actor(world_.actors[i]); !state.empty()) {
        actors.set(static_cast<engine::Actor>(i), state.value());
      }
    }
    out.set("actors", actors.value());
    set_names(out);
    set_list(out, "apiFaults", *world_.api_faults, [this](const ApiFault& fault) {
      return api_fault(fault);
    });
    out.set("queue", queue());
    out.set("nodes", nodes());
    out.set("nodeViews", node_views());
    Map kept;
    for (const auto& [set, state] : world_.views.sets.all_kept()) {
      kept.set(set, Output::of(state.view()));
    }
    out.set("kept", kept.value());
    Map unplaced;
    for (const auto& [pod, waiting] : world_.unplaced) {
      unplaced.set(pod, unplaced_pod(pod, waiting));
    }
    out.set("unplaced", unplaced.value());
    if (exact_ || world_.cycle_ends > world_.now) {
      out.set("cycleEnds", time(world_.cycle_ends));
    }
    return out.value();
  }

 private:
  Value time(SimTime time) const { return objects_.time(time); }
  Value uid(const api::Uid& uid) { return objects_.uid(uid); }
  Value position(std::uint64_t position) const {
    return Output::of(exact_ ? position : world_.store.position() - position);
  }
  /// Whether nothing has changed since; what is older makes no difference.
  Value since(std::uint64_t changes) const {
    return exact_ ? Output::of(changes) : Output::of(changes != 0 && changes == world_.changes);
  }

  [[nodiscard]] bool counts(api::Kind kind) const { return exact_ || kind != api::Kind::Event; }

  template <class Each>
  void for_each_object(Each each) const {
    for (const api::KindInfo& info : api::kinds()) {
      if (counts(info.kind)) {
        world_.store.for_each(info.kind, each);
      }
    }
  }

  Value objects() {
    if (exact_) {
      typename Output::Objects out;
      for_each_object([&](const api::ObjectPtr& stored) {
        out.set(stored->key, Output::object(*stored, true));
      });
      return out.value();
    }
    List out;
    for_each_object([&](const api::ObjectPtr& stored) {
      objects_.add(out, *stored, stored->resource_version);
    });
    return out.value();
  }

  /// What some actor has not seen yet.
  Value changes() {
    std::uint64_t seen = world_.store.position();
    for (const ActorState& actor : world_.actors) {
      seen = std::min(seen, actor.watch.all_seen());
    }
    List out;
    while (seen < world_.store.position()) {
      const store::Change& change = world_.store.change(++seen);
      if (counts(change.object().key.kind)) {
        Fields one;
        one.set("position", position(seen));
        one.set("key", Output::key(change.object().key));
        one.set("before", objects_.held(change.before));
        one.set("after", objects_.held(change.after));
        out.add(one.value());
      }
    }
    return out.value();
  }

  /// What is kept of names and still counts.
  void set_names(Fields& out) {
    List servers;
    bool any = false;
    for (const auto& [number, server] : world_.names->servers) {
      if (server.stale != nullptr || counts(server.cache)) {
        any = true;
        Fields one;
        set(one, "server", number);
        one.set("cache", cache(server.cache));
        if (server.stale != nullptr) {
          List stale;
          for (const auto* objects : {&server.stale->services(), &server.stale->slices()}) {
            for (const api::ObjectPtr& old : *objects) {
              stale.add(objects_.held(old));
            }
          }
          one.set("stale", stale.value());
        }
        servers.add(one.value());
      }
    }
    List clients;
    for (const auto& [pod, own] : world_.names->clients) {
      if (counts(own)) {
        any = true;
        clients.add(Output::key(pod));
        clients.add(cache(own));
      }
    }
    if (any) {
      out.set("nameServers", servers.value());
      out.set("nameClients", clients.value());
    }
    if (exact_) {
      set_list(out, "nameDraws", world_.names->draws, [](const auto& entry) {
        List one;
        one.add(Output::key(entry.key));
        one.add(Output::of(entry.value));
        return one.value();
      });
    }
  }

  [[nodiscard]] bool counts(const dns::Cache::Kept& kept) const {
    return exact_ || kept.until > world_.now;
  }
  [[nodiscard]] bool counts(const dns::Cache& cache) const {
    for (const auto& [question, kept] : cache.all()) {
      if (counts(kept)) {
        return true;
      }
    }
    return false;
  }

  Value cache(const dns::Cache& cache) {
    List out;
    for (const auto& [question, kept] : cache.all()) {
      if (!counts(kept)) {
        continue;
      }
      Fields one;
      one.set("name", Output::of(question.name));
      set(one, "type", static_cast<int>(question.type));
      one.set("since", time(kept.since));
      one.set("until", time(kept.until));
      set(one, "code", static_cast<int>(kept.reply.code));
      set_list(one, "records", kept.reply.records, [](const dns::Record& record) {
        return Output::of(record.data);
      });
      out.add(one.value());
    }
    return out.value();
  }

  Value api_fault(const ApiFault& fault) {
    Fields out;
    set(out, "answer", static_cast<int>(fault.answer));
    if (fault.to) {
      out.set("to", Output::actor(*fault.to));
    }
    set(out, "verb", fault.verb);
    if (fault.kind) {
      out.set("kind", Output::of(api::info(*fault.kind).name));
    }
    set(out, "subresource", fault.subresource);
    set(out, "name", fault.name);
    set(out, "message", fault.message);
    set(out, "left", fault.left.value_or(0));
    return out.value();
  }

  /// Whether actor() surely has nothing to say, as of most actors: each of these is one of its own
  /// conditions.
  [[nodiscard]] bool has_nothing_to_say(const ActorState& state) const {
    return !exact_ && state.watch.position() == world_.store.position() &&
           !state.watch.holds_any() && !state.down && !state.work_pending &&
           !state.resync_pending && state.queue.empty() &&
           state.queue.retries_until() <= world_.now && state.syncs.empty() &&
           !state.synced.any(world_.changes) && state.memory.empty();
  }

  Fields actor(const ActorState& state) {
    Fields out;
    if (exact_ || state.watch.position() != world_.store.position()) {
      out.set("seen", position(state.watch.position()));
    }
    set_holds(out, state);
    set(out, "down", state.down);
    set(out, "workPending", state.work_pending);
    set(out, "resyncPending", state.resync_pending);
    set_list(out, "waiting", state.queue.order(), [](const auto& entry) {
      return Output::key(entry.value);
    });
    set_list(out, "dirty", state.queue.dirty(), kKeyOf);
    set_list(out, "processing", state.queue.processing(), kKeyOf);
    set_list(out, "failures", state.queue.failures(), [](const auto& entry) {
      Fields one;
      one.set("key", Output::key(entry.key));
      one.set("times", Output::of(entry.value));
      return one.value();
    });
    if (exact_ || state.queue.retries_until() > world_.now) {
      out.set("retriesUntil", time(state.queue.retries_until()));
    }
    set_list(out, "syncs", state.syncs, [this](const auto& entry) {
      static_cast<void>(syncs_.of(entry.key));
      return sync(entry.value);
    });
    set_memory(out, state);
    return out;
  }

  /// The kinds that it does not see as they are.
  void set_holds(Fields& out, const ActorState& state) {
    if (!state.watch.holds_any()) {
      return;
    }
    List holds;
    for (const api::KindInfo& kind : api::kinds()) {
      const store::Watch::Hold* hold = state.watch.held(kind.kind);
      if (hold == nullptr) {
        continue;
      }
      bool misses = exact_;
      world_.store.for_each_changed(
          kind.kind, hold->seen, [&misses](const store::Change&) { misses = true; });
      Fields one;
      one.set("kind", Output::of(kind.name));
      one.set("seen", misses ? position(hold->seen) : Output::none());
      one.set("lag", Output::of(hold->lag ? hold->lag->count() : -1));
      holds.add(one.value());
    }
    out.set("held", holds.value());
    List writes;
    for (const auto& [of, write] : *state.held_writes) {
      if (exact_ || write > state.watch.seen(of.second)) {
        writes.add(Output::key(of.first));
        writes.add(Output::of(api::info(of.second).name));
        writes.add(position(write));
      }
    }
    out.set("heldWrites", writes.value());
  }

  /// What an actor remembers of keys, as far as it still makes a difference.
  void set_memory(Fields& out, const ActorState& state) {
    if (exact_ || state.synced.any(world_.changes)) {
      set_list(out, "synced", state.synced.all(), kKeyOf);
    }
    if (exact_) {
      set(out, "syncedAt", state.synced.changes());
    }
    if (state.memory.empty()) {
      return;
    }
    Map all;
    for (const auto& [about, memory] : state.memory) {
      const bool comes_back = memory.requeue_at != SimTime{};
      const bool unseen = memory.own_write > (exact_ ? 0 : state.watch.all_seen());
      if (!comes_back && !unseen) {
        continue;
      }
      Fields one;
      if (comes_back) {
        one.set("requeueAt", time(memory.requeue_at));
      }
      if (unseen) {
        one.set("ownWrite", position(memory.own_write));
      }
      all.set(about, one.value());
    }
    if (!all.empty()) {
      out.set("memory", all.value());
    }
  }

  Value sync(const Sync& sync) {
    const controllers::PlanProgress& progress = sync.progress;
    Fields out;
    out.set("key", Output::key(sync.key));
    set(out, "stage", static_cast<int>(progress.stage));
    set(out, "group", progress.group);
    set(out, "call", progress.call);
    set_texts(out, "errors", progress.errors);
    set(out, "goesOn", progress.goes_on);
    set(out, "quiet", progress.quiet);
    set_list(
        out, "succeeded", progress.succeeded, [](bool succeeded) { return Output::of(succeeded); });
    set(out, "failure", progress.failure);
    out.set("lastBatch", Output::of(progress.last_batch));
    set(out, "statusAttempts", sync.status_attempts);
    set(out, "repairAttempts", progress.repair_attempts);
    set(out, "renew", sync.renew);
    set(out, "foundNews", sync.found_news);
    out.set("plan", plan(*sync.plan));
    return out.value();
  }

  Value plan(const controllers::Plan& plan) {
    Fields out;
    out.set("what", Output::once(plan.shape, [&] { return what(plan); }));
    List particulars;
    for (const auto* groups : {&plan.groups, &plan.afterwards}) {
      for (const controllers::Group& group : *groups) {
        for (const controllers::Call& call : group.calls) {
          add_particulars(particulars, call);
        }
      }
    }
    if (plan.status && !exact_) {
      particulars.add(objects_.particulars(*plan.status->set));
    }
    out.set("particulars", particulars.value());
    return out.value();
  }

  void add_particulars(List& out, const controllers::Call& call) {
    if (call.object != nullptr && !exact_) {
      out.add(objects_.particulars(*call.object));
    }
    out.add(uid(call.options.uid));
    if (!call.mutation) {
      return;
    }
    if (const auto* add = std::get_if<controllers::AddOwner>(&*call.mutation)) {
      out.add(uid(add->owner.uid));
    } else if (const auto* remove = std::get_if<controllers::RemoveOwner>(&*call.mutation)) {
      out.add(uid(remove->owner));
    }
  }

  /// A plan without its particulars.
  Value what(const controllers::Plan& plan) {
    Fields out;
    set_groups(out, "groups", plan.groups);
    set_groups(out, "afterwards", plan.afterwards);
    if (plan.error) {
      out.set("error", Output::of(*plan.error));
    }
    set(out, "nothingLater", plan.nothing_later);
    if (plan.status) {
      out.set("status", status(*plan.status));
    }
    set_list(out, "again", plan.again, [](const controllers::Again& again) {
      Fields one;
      one.set("key", Output::key(again.key));
      one.set("after", Output::of(again.after.count()));
      set(one, "awaitsTime", again.awaits_time);
      return one.value();
    });
    return out.value();
  }

  Value status(const controllers::StatusPlan& plan) {
    api::Object wanted = *plan.set;
    wanted.as<api::StatefulSet>().status = plan.status;
    Fields out;
    out.set("set", Output::object(wanted, exact_));
    set_list(out, "changes", plan.changes, [](const controllers::CountChange& change) {
      List one;
      one.add(Output::of(change.group));
      one.add(Output::of(change.replicas));
      one.add(Output::of(change.current));
      one.add(Output::of(change.updated));
      return one.value();
    });
    return out.value();
  }

  void set_groups(Fields& out, Name name, const std::vector<controllers::Group>& groups) {
    set_list(out, name, groups, [this](const controllers::Group& group) {
      Fields one;
      set(one, "batch", group.batch);
      set(one, "onError", static_cast<int>(group.on_error));
      set_list(one, "calls", group.calls, [this](const controllers::Call& call) {
        return this->call(call);
      });
      return one.value();
    });
  }

  Value call(const controllers::Call& call) {
    Fields out;
    set(out, "verb", static_cast<int>(call.verb));
    out.set("target", Output::key(call.target));
    if (call.object != nullptr) {
      out.set("object", Output::object(*call.object, exact_));
    }
    if (call.options.propagation) {
      out.set("propagation", Output::of(static_cast<int>(*call.options.propagation)));
    }
    if (call.options.grace_seconds) {
      out.set("grace", Output::of(*call.options.grace_seconds));
    }
    if (call.mutation) {
      out.set("mutation", std::visit([](const auto& of) { return mutation(of); }, *call.mutation));
    }
    set(out, "error", call.error);
    set(out, "onError", static_cast<int>(call.on_error));
    set_texts(out, "harmless", call.harmless);
    set_texts(out, "tolerated", call.tolerated);
    set(out, "quietIfExists", call.quiet_if_exists);
    set(out, "errorPrefix", call.error_prefix);
    return out.value();
  }

  static Value mutation(const controllers::AddOwner& add) {
    Fields out;
    out.set("addKind", Output::of(add.owner.kind));
    out.set("addName", Output::of(add.owner.name));
    out.set("controller", Output::of(add.owner.controller));
    out.set("blockOwnerDeletion", Output::of(add.owner.block_owner_deletion));
    return out.value();
  }
  static Value mutation(const controllers::RemoveOwner&) { return Output::of("removeOwner"); }
  static Value mutation(const controllers::AddFinalizer& add) {
    Fields out;
    out.set("addFinalizer", Output::of(add.name));
    return out.value();
  }
  static Value mutation(const controllers::RemoveFinalizer& remove) {
    Fields out;
    out.set("removeFinalizer", Output::of(remove.name));
    return out.value();
  }

  Value queue() {
    List out;
    world_.queue.for_each_in_order([&](const engine::PendingEvent& pending) {
      Fields one;
      one.set("time", time(pending.time));
      one.set("actor", Output::actor(pending.actor));
      engine::visit([&](const auto& event) { this->event(one, event); }, pending.body);
      out.add(one.value());
    });
    return out.value();
  }

  void event(Fields& out, const engine::Delivery& event) {
    out.set("deliver", Output::actor(event.to));
    out.set("upTo", position(event.up_to));
    if (event.kind) {
      out.set("kind", Output::of(api::info(*event.kind).name));
    }
  }
  void event(Fields& out, const engine::Work& event) { out.set("work", Output::actor(event.of)); }
  void event(Fields& out, const engine::CallLands& event) {
    out.set("call", Output::actor(event.of));
    out.set("sync", Output::of(exact_ ? event.sync : syncs_.of(event.sync)));
  }
  void event(Fields& out, const engine::Requeue& event) {
    out.set("requeue", Output::actor(event.of));
    out.set("key", Output::key(event.key));
    out.set("idleSince", since(event.idle_since));
  }
  void event(Fields& out, const engine::PlacementLook& event) {
    out.set("placement", Output::key(event.pod));
    out.set("idleSince", since(event.idle_since));
  }
  void event(Fields& out, const engine::Resync& event) {
    out.set("resync", Output::actor(event.of));
    out.set("idleSince", since(event.idle_since));
  }
  void event(Fields& out, const engine::PodTimer& event) {
    out.set("timer", Output::of(static_cast<int>(event.what)));
    out.set("pod", Output::key(event.pod));
    out.set("uid", uid(event.uid));
    set(out, "container", event.data.container);
    set(out, "restarts", event.data.restarts);
    set(out, "crashes", event.data.crashes);
    set(out, "failures", event.data.failures);
    set(out, "took", event.data.took.count());
    set(out, "misses", event.data.misses);
    set(out, "missed", event.data.missed);
    set_list(out, "killed", event.data.killed, [](bool killed) { return Output::of(killed); });
    if (exact_) {
      set(out, "kubelet", event.kubelet);
      set(out, "conduct", event.data.conduct);
    } else {
      const api::ObjectPtr pod = world_.store.find(event.pod);
      set(out, "void", pod && !node::counts(event, *pod, world_.settings->timing, world_.nodes));
    }
  }
  void event(Fields& out, const engine::NodeTimer& event) {
    out.set("nodeTimer", Output::of(static_cast<int>(event.what)));
    out.set("node", Output::of(event.node));
    if (exact_) {
      set(out, "trouble", event.trouble);
    } else {
      set(out, "void", event.trouble != world_.nodes.state_of(event.node).troubles);
    }
  }

  Value nodes() {
    Fields out;
    typename Output::Files files(exact_);
    for (const auto& [file, content] : world_.nodes.files) {
      const std::size_t slash = std::min(file.place.find('/'), file.place.size());
      const api::Uid of_pod = api::parse_uid(std::string_view(file.place).substr(0, slash));
      Fields one;
      if (!of_pod.empty()) {
        one.set("pod", uid(of_pod));
      }
      one.set("place", Output::of(of_pod.empty() ? file.place : file.place.substr(slash)));
      one.set("path", Output::of(file.path));
      one.set("content", Output::of(content));
      files.add(one.value());
    }
    out.set("files", files.value());
    set_list(out, "images", world_.nodes.images, [](const auto& entry) {
      return Output::of(entry.key);
    });
    const auto behaviour = [this](const auto& entry) {
      Fields one;
      one.set("of", Output::of(entry.key));
      one.set("is", Output::of(to_string(entry.value.behaviour)));
      if (exact_) {
        set(one, "changes", entry.value.changes);
      }
      return one.value();
    };
    List states;
    for (const auto& [name, state] : world_.nodes.states) {
      if (exact_ || !state.kubelet) {
        states.add(node_state(name, state));
      }
    }
    out.set("states", states.value());
    set_list(out, "imagesNow", world_.nodes.images_now, behaviour);
    set_list(out, "podsNow", world_.nodes.pods_now, behaviour);
    List hampered;
    for (const auto& [pod, how] : world_.nodes.hampered) {
      if (exact_ || how.lonely || how.stalled) {
        Fields one;
        one.set("pod", Output::key(pod));
        set(one, "lonely", how.lonely);
        set(one, "stalled", how.stalled);
        if (exact_) {
          set(one, "changes", how.changes);
        }
        hampered.add(one.value());
      }
    }
    out.set("hampered", hampered.value());
    set_list(out, "servers", world_.nodes.servers, [](const auto& entry) {
      Fields one;
      one.set("server", Output::of(entry.key));
      set(one, "is", static_cast<int>(entry.value));
      return one.value();
    });
    set_list(out, "orphans", world_.nodes.orphans, [this](const auto& entry) {
      Fields one;
      one.set("uid", uid(entry.key));
      one.set("pod", Output::key(entry.value.pod->key));
      one.set("node", Output::of(entry.value.pod->template as<api::Pod>().node_name));
      return one.value();
    });
    if (exact_) {
      Map addresses;
      for (const auto& [node, given] : world_.nodes.addresses) {
        addresses.set(node, Output::of(given));
      }
      out.set("addresses", addresses.value());
    }
    return out.value();
  }

  Value node_state(const std::string& name, const node::NodeState& state) {
    Fields out;
    out.set("node", Output::of(name));
    set(out, "machine", state.machine);
    set(out, "kubelet", state.kubelet);
    set(out, "starting", state.starting);
    set(out, "rebooted", state.rebooted);
    const api::ObjectPtr object = world_.store.find({api::Kind::Node, "", name});
    if (exact_ || (object && api::node_ready(*object) != api::NodeReady::Unknown)) {
      out.set("heard", time(state.heard));  // else it has counted already
    }
    if (exact_) {
      set(out, "starts", state.starts);
      set(out, "troubles", state.troubles);
    }
    return out.value();
  }

  /// Since when something is so for the controllers of nodes.
  Value node_views() const {
    const controllers::node::NodeViews& views = world_.views.nodes;
    Fields out;
    set_list(out, "evictions", views.evictions, [this](const auto& entry) {
      Fields one;
      one.set("pod", Output::key(entry.key));
      one.set("since", time(entry.value.since));
      set(one, "cancelled", entry.value.cancelled);
      return one.value();
    });
    set_list(out, "missing", views.missing, [this](const auto& entry) {
      Fields one;
      one.set("node", Output::key(entry.key));
      one.set("since", time(entry.value));
      return one.value();
    });
    return out.value();
  }

  Value unplaced_pod(const api::ObjectKey& pod, const placement::UnplacedPod& waiting) const {
    Fields out;
    out.set("nextLook", time(waiting.next_look));
    out.set("lastResort", time(std::max(waiting.last_resort, exact_ ? SimTime{} : world_.now)));
    out.set("backoffEnds", time(std::max(waiting.backoff_ends(), exact_ ? SimTime{} : world_.now)));
    out.set("refusals", Output::of(waiting.refusals));
    out.set("refused", Output::of(world_.refused.find(pod) != nullptr));
    return out.value();
  }

  static constexpr auto kKeyOf = [](const auto& entry) { return Output::key(entry.key); };

  // What is as it usually is goes without saying.
  template <class T>
  [[gnu::always_inline]] static void set(Fields& out, Name name, const T& value) {
    if (value != T{}) {
      out.set(name, Output::of(value));
    }
  }
  template <class Items, class Each>
  [[gnu::always_inline]] static void set_list(Fields& out,
                                              Name name,
                                              const Items& items,
                                              Each each) {
    if (!items.empty()) {  // nearly all are empty
      out.set(name, list(items, each));
    }
  }
  template <class Items, class Each>
  static Value list(const Items& items, Each each) {
    List out;
    for (const auto& item : items) {
      out.add(each(item));
    }
    return out.value();
  }
  template <class Texts>
  static void set_texts(Fields& out, Name name, const Texts& texts) {
    set_list(out, name, texts, [](std::string_view text) { return Output::of(text); });
  }

  const World& world_;
  bool exact_;  ///< objects are shown with their particulars
  ObjectWalk<Output> objects_;
  Numbers<16> syncs_;
};

}  // namespace stsim::world
