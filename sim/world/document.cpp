#include <fmt/format.h>
#include <stsim/world/difference.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace stsim::world {

using api::Json;
using api::Object;
using api::ObjectPtr;
using engine::Actor;

namespace {

/// Numbers things in the order in which they are first met.
template <class Thing>
class Numbers {
 public:
  std::size_t of(const Thing& thing) {
    return numbers_.try_emplace(thing, numbers_.size()).first->second;
  }

 private:
  std::map<Thing, std::size_t> numbers_;
};

/// Shows the identities that an object's body carries, and the times that decisions read, so that
/// they can be written down and blanked; blanks the other times, which are only shown to users.
/// `seen` is called with SimTime&, Uid& and Text& (an address).
template <class Seen>
struct Particulars {
  Seen& seen;

  void operator()(api::Generic&) const {}
  void operator()(api::StatefulSet&) const {}
  void operator()(api::Claim&) const {}
  void operator()(api::Service&) const {}
  void operator()(api::ControllerRevision&) const {}
  void operator()(api::Pod& pod) const {
    for (std::size_t i = 0; i < api::kPodConditionTypes; ++i) {
      SimTime& since = pod.status.conditions[i].last_transition;
      if (static_cast<api::PodConditionType>(i) == api::PodConditionType::Ready) {
        seen(since);
      }
      since = {};
    }
    for (api::ContainerStatus& container : pod.status.containers) {
      for (api::ContainerState* state : {&container.state, &container.last_state.edit()}) {
        seen(state->finished_at);
        state->started_at = {};
      }
    }
    pod.status.start_time = {};
    seen(pod.status.pod_ip);
  }
  void operator()(api::Volume& volume) const {
    if (volume.claim_ref) {
      seen(volume.claim_ref->uid);
      Json document = *volume.claim_ref->document;
      document.erase("uid");
      document.erase("resourceVersion");
      volume.claim_ref->document = std::make_shared<const Json>(std::move(document));
    }
    volume.last_phase_transition = {};
  }
  void operator()(api::EndpointSlice& slice) const { endpoints(slice.endpoints); }
  void operator()(api::Endpoints& body) const { endpoints(body.endpoints); }
  void operator()(api::ApiEvent&) const {}  // left out as a whole

 private:
  void endpoints(std::vector<api::Endpoint>& all) const {
    for (api::Endpoint& endpoint : all) {
      seen(endpoint.pod_uid);
      seen(endpoint.address);
    }
  }
};

/// Writes one world down.
class Writer {
 public:
  Writer(const World& world, Form form) : world_(world), exact_(form == Form::Exact) {
    world.store.for_each([this](const ObjectPtr& stored) {
      if (counts(stored->key)) {
        creations_.insert(stored->created);
      }
    });
  }

  Json write() {
    Json out{{"objects", objects()}, {"changes", changes()}};
    if (exact_) {
      out["now"] = to_rfc3339_micro(world_.now);
      out["events"] = world_.events;
      out["spent"] = world_.spent;
    }
    for (std::size_t i = 0; i < engine::kActors; ++i) {
      out["actors"][std::string(engine::name(static_cast<Actor>(i)))] = actor(world_.actors[i]);
    }
    out["queue"] = queue();
    out["nodes"] = nodes();
    for (const auto& [pod, waiting] : world_.unplaced) {
      out["unplaced"][key(pod).get<std::string>()] = {
          {"nextLook", time(waiting.next_look)},
          {"backoffEnds", time(std::max(waiting.backoff_ends(), exact_ ? SimTime{} : world_.now))},
          {"refusals", waiting.refusals},
          {"refused", world_.refused.find(pod) != nullptr}};
    }
    return out;
  }

 private:
  [[nodiscard]] Json time(SimTime time) const {
    return exact_ ? Json(to_rfc3339_micro(time)) : Json((time - world_.now).count());
  }
  Json uid(const api::Uid& uid) {
    if (uid.empty()) {
      return "";
    }
    return exact_ ? Json(uid.text()) : Json(uids_.of(uid));
  }
  [[nodiscard]] Json position(std::uint64_t position) const {
    return exact_ ? position : world_.store.position() - position;
  }
  /// Whether nothing has changed since; what is older makes no difference.
  [[nodiscard]] Json since(std::uint64_t changes) const {
    return exact_ ? Json(changes) : Json(changes != 0 && changes == world_.changes);
  }
  static Json key(const api::ObjectKey& key) {
    return fmt::format("{}/{}/{}", api::info(key.kind).name, key.ns, key.name);
  }

  Json object(const ObjectPtr& stored) {
    if (stored == nullptr) {
      return nullptr;
    }
    if (exact_) {
      return api::to_json(*stored);
    }
    Object blank = *stored;
    Json particulars = Json::array();
    const auto seen = [&]<class Field>(Field& field) {
      if constexpr (std::is_same_v<Field, SimTime>) {
        // A time that was never set stays apart from all that were.
        particulars.push_back(field == SimTime{} ? Json() : time(field));
      } else if constexpr (std::is_same_v<Field, Text>) {
        particulars.push_back(field.empty() ? Json() : Json(addresses_.of(field)));
      } else {
        particulars.push_back(uid(field));
      }
      field = {};
    };
    seen(blank.uid);
    particulars.push_back(versions_.of(blank.resource_version));
    blank.resource_version = {};
    particulars.push_back(std::distance(creations_.begin(), creations_.lower_bound(blank.created)));
    blank.created = {};
    if (blank.terminating()) {
      seen(blank.deletion.edit()->timestamp);
    }
    for (api::OwnerReference& owner : blank.owners.edit()) {
      seen(owner.uid);
    }
    std::visit([&seen](auto& body) { Particulars<decltype(seen)>{seen}(body.edit()); }, blank.body);
    return {{"document", api::to_json(blank)}, {"particulars", std::move(particulars)}};
  }

  [[nodiscard]] bool counts(const api::ObjectKey& key) const {
    return exact_ || key.kind != api::Kind::Event;
  }

  Json objects() {
    Json out = Json::object();
    world_.store.for_each([&](const ObjectPtr& stored) {
      if (const api::ObjectKey& key = stored->key; counts(key)) {
        Json& of_kind = out[std::string(api::info(key.kind).name)];
        (key.ns.empty() ? of_kind : of_kind[key.ns])[key.name] = object(stored);
      }
    });
    return out;
  }

  /// What some actor has not seen yet.
  Json changes() {
    std::uint64_t seen = world_.store.position();
    for (const ActorState& actor : world_.actors) {
      seen = std::min(seen, actor.watch.position());
    }
    Json out = Json::array();
    while (seen < world_.store.position()) {
      const store::Change& change = world_.store.change(++seen);
      if (counts(change.object().key)) {
        out.push_back({{"position", position(seen)},
                       {"key", key(change.object().key)},
                       {"before", object(change.before)},
                       {"after", object(change.after)}});
      }
    }
    return out;
  }

  Json actor(const ActorState& state) {
    Json out{{"seen", position(state.watch.position())},
             {"workPending", state.work_pending},
             {"resyncPending", state.resync_pending}};
    for (const auto& [order, waiting] : state.queue.order()) {
      out["waiting"].push_back(key(waiting));
    }
    for (const auto& [again, causes] : state.queue.dirty()) {
      out["dirty"].push_back(key(again));
    }
    for (const auto& [busy, is] : state.queue.processing()) {
      out["processing"].push_back(key(busy));
    }
    for (const auto& [failing, times] : state.queue.failures()) {
      out["failures"][key(failing).get<std::string>()] = times;
    }
    if (exact_ || state.queue.retries_until() > world_.now) {
      out["retriesUntil"] = time(state.queue.retries_until());
    }
    for (const auto& [id, under_way] : state.syncs) {
      syncs_.of(id);
      out["syncs"].push_back(sync(under_way));
    }
    for (const auto& [about, memory] : state.memory) {
      const auto name = key(about).get<std::string>();
      if (exact_ || memory.synced_at == world_.changes) {
        out["synced"][name] = since(memory.synced_at);
      }
      if (memory.requeue_at != SimTime{}) {
        out["requeueAt"][name] = time(memory.requeue_at);
      }
      if (exact_ || memory.own_write > state.watch.position()) {
        out["ownWrites"][name] = position(memory.own_write);
      }
    }
    return out;
  }

  Json sync(const Sync& sync) {
    const controllers::PlanProgress& progress = sync.progress;
    return {{"key", key(sync.key)},
            {"stage", static_cast<int>(progress.stage)},
            {"group", progress.group},
            {"call", progress.call},
            {"errors", progress.errors},
            {"goesOn", progress.goes_on},
            {"quiet", progress.quiet},
            {"succeeded", progress.succeeded},
            {"failure", progress.failure},
            {"lastBatch", progress.last_batch},
            {"statusAttempts", sync.status_attempts},
            {"repairAttempts", progress.repair_attempts},
            {"renew", sync.renew},
            {"foundNews", sync.found_news},
            {"plan", plan(*sync.plan)}};
  }

  Json plan(const controllers::Plan& plan) {
    Json out{{"groups", groups(plan.groups)},
             {"afterwards", groups(plan.afterwards)},
             {"error", plan.error.value_or("")}};
    if (plan.status) {
      Object wanted = *plan.status->set;
      wanted.as<api::StatefulSet>().status = plan.status->status;
      Json changes = Json::array();
      for (const controllers::CountChange& change : plan.status->changes) {
        changes.push_back({change.group, change.replicas, change.current, change.updated});
      }
      out["status"] = {{"set", object(std::make_shared<const Object>(std::move(wanted)))},
                       {"changes", std::move(changes)}};
    }
    for (const controllers::Again& again : plan.again) {
      out["again"].push_back({{"key", key(again.key)}, {"after", again.after.count()}});
    }
    return out;
  }

  Json groups(const std::vector<controllers::Group>& groups) {
    Json out = Json::array();
    for (const controllers::Group& group : groups) {
      Json calls = Json::array();
      for (const controllers::Call& intended : group.calls) {
        calls.push_back(call(intended));
      }
      out.push_back({{"batch", group.batch},
                     {"onError", static_cast<int>(group.on_error)},
                     {"calls", std::move(calls)}});
    }
    return out;
  }

  Json call(const controllers::Call& call) {
    Json out{{"verb", static_cast<int>(call.verb)},
             {"target", key(call.target)},
             {"object", object(call.object)},
             {"uid", uid(call.options.uid)},
             {"propagation",
              call.options.propagation ? static_cast<int>(*call.options.propagation) : -1},
             {"error", call.error},
             {"onError", static_cast<int>(call.on_error)},
             {"harmless", call.harmless},
             {"tolerated", call.tolerated},
             {"quietIfExists", call.quiet_if_exists},
             {"errorPrefix", call.error_prefix}};
    if (call.options.grace_seconds) {
      out["grace"] = *call.options.grace_seconds;
    }
    if (call.mutation) {
      out["mutation"] = std::visit(MutationText{*this}, *call.mutation);
    }
    return out;
  }

  struct MutationText {
    Writer& writer;
    Json operator()(const controllers::AddOwner& add) const {
      return {{"add", fmt::format("{} {}", add.owner.kind, add.owner.name)},
              {"uid", writer.uid(add.owner.uid)},
              {"controller", add.owner.controller},
              {"blockOwnerDeletion", add.owner.block_owner_deletion}};
    }
    Json operator()(const controllers::RemoveOwner& remove) const {
      return {{"remove", writer.uid(remove.owner)}};
    }
    Json operator()(const controllers::AddFinalizer& add) const {
      return {{"addFinalizer", add.name}};
    }
    Json operator()(const controllers::RemoveFinalizer& remove) const {
      return {{"removeFinalizer", remove.name}};
    }
  };

  struct EventText {
    Writer& writer;
    Json operator()(const engine::Delivery& event) const {
      return {{"deliver", engine::name(event.to)}, {"upTo", writer.position(event.up_to)}};
    }
    Json operator()(const engine::Work& event) const { return {{"work", engine::name(event.of)}}; }
    Json operator()(const engine::CallLands& event) const {
      return {{"call", engine::name(event.of)},
              {"sync", writer.exact_ ? event.sync : writer.syncs_.of(event.sync)}};
    }
    Json operator()(const engine::Requeue& event) const {
      return {{"requeue", engine::name(event.of)},
              {"key", key(event.key)},
              {"idleSince", writer.since(event.idle_since)}};
    }
    Json operator()(const engine::PlacementLook& event) const {
      return {{"placement", key(event.pod)}, {"idleSince", writer.since(event.idle_since)}};
    }
    Json operator()(const engine::Resync& event) const {
      return {{"resync", engine::name(event.of)}, {"idleSince", writer.since(event.idle_since)}};
    }
    Json operator()(const engine::PodTimer& event) const {
      return {{"timer", static_cast<int>(event.what)},
              {"pod", key(event.pod)},
              {"uid", writer.uid(event.uid)},
              {"container", event.data.container},
              {"restarts", event.data.restarts},
              {"crashes", event.data.crashes},
              {"failures", event.data.failures},
              {"took", event.data.took.count()},
              {"misses", event.data.misses},
              {"missed", event.data.missed},
              {"killed", event.data.killed}};
    }
  };

  Json queue() {
    std::map<std::tuple<SimTime, Actor, std::uint64_t>, const engine::EventBody*> events;
    static_cast<void>(world_.queue.all_of([&](const engine::PendingEvent& event) {
      events[{event.time, event.actor, event.sequence}] = &event.body;
      return true;
    }));
    Json out = Json::array();
    for (const auto& [when, body] : events) {
      out.push_back({{"time", time(std::get<SimTime>(when))},
                     {"actor", engine::name(std::get<Actor>(when))},
                     {"event", engine::visit(EventText{*this}, *body)}});
    }
    return out;
  }

  Json nodes() {
    Json out = Json::object();
    for (const auto& [file, content] : world_.nodes.files) {
      const std::size_t slash = std::min(file.place.find('/'), file.place.size());
      const api::Uid of_pod = api::parse_uid(std::string_view(file.place).substr(0, slash));
      const Json place =
          of_pod.empty() ? Json(file.place) : Json({uid(of_pod), file.place.substr(slash)});
      out["files"].push_back({{"place", place}, {"path", file.path}, {"content", content}});
    }
    if (!exact_ && out.contains("files")) {
      std::sort(out["files"].begin(), out["files"].end());  // not in the order of uids
    }
    for (const auto& [image, present] : world_.nodes.images) {
      out["images"].push_back(image);
    }
    if (exact_) {
      for (const auto& [node, given] : world_.nodes.addresses) {
        out["addresses"][node] = given;
      }
      for (const auto& [pod, count] : world_.nodes.past_pods) {
        out["pastPods"][key(pod).get<std::string>()] = count;
      }
    }
    return out;
  }

  const World& world_;
  bool exact_;
  std::set<SimTime> creations_;  ///< of which only the order decides anything
  Numbers<api::Uid> uids_;
  Numbers<api::ResourceVersion> versions_;
  Numbers<std::string> addresses_;
  Numbers<std::uint64_t> syncs_;
};

}  // namespace

Json to_json(const World& world, Form form) {
  return Writer(world, form).write();
}

}  // namespace stsim::world
