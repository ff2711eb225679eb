#include "context.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/world/client.hpp>
#include <stsim/world/rest.hpp>

#include <algorithm>

namespace stsim::world {

using store::WriteResult;

namespace {

/// How long somebody waits who has set no deadline: a day, and not for ever where controllers go
/// round in circles (as they can: SS-117 with SS-161). Events are allowed by the number of objects,
/// of which each takes some until it has its place.
class Patience {
 public:
  explicit Patience(const World& world) : world_(world), limit_(world.now + kLongest) {}

  /// Counts the next event, unless it only repeats what was. Returns whether to go on with it.
  bool lasts() {
    events_ += only_repeats(world_, world_.queue.next()) ? 0u : 1u;
    // API Events do nothing, and those who go round in circles make ever more of them.
    const std::size_t objects = world_.store.size() - world_.store.size(api::Kind::Event);
    return in_time() && events_ <= kEvents + kEventsOfObject * objects;
  }

  /// Whether the next event is due before the longest wait is over.
  [[nodiscard]] bool in_time() const { return world_.queue.next().time <= limit_; }

 private:
  static constexpr SimDuration kLongest = std::chrono::hours{24};
  static constexpr std::size_t kEvents = 20'000;
  static constexpr std::size_t kEventsOfObject = 200;

  const World& world_;
  SimTime limit_;
  std::size_t events_{};
};

}  // namespace

void Client::take_time(const api::ObjectKey& about) {
  Context context{world_, chooser_, trace_};
  run_until(world_.now + draw(context, actor_, world_.settings->api_call, "apiCall", about));
}

WriteResult Client::create(api::Kind kind,
                           const api::Json& manifest,
                           std::string_view default_namespace) {
  const api::Json& metadata = api::member(manifest, "metadata");
  const std::string ns =
      api::info(kind).namespaced ? api::text(metadata, "namespace", default_namespace) : "";
  const api::ObjectKey key{kind, ns, api::text(metadata, "name")};
  take_time(key);
  Context context{world_, chooser_, trace_};
  Write intent{actor_, "create", "", key, "", "", engine::Causes(cause_)};
  return write(context, std::move(intent), [&](engine::TraceId id) {
    return world_.store.create(kind, manifest, default_namespace, world_.now, id);
  });
}

WriteResult Client::patch(const api::ObjectKey& key,
                          const DocumentChange& change,
                          std::string subresource) {
  take_time(key);
  Context context{world_, chooser_, trace_};
  Write intent{actor_, "patch", std::move(subresource), key, "", "", engine::Causes(cause_)};
  return write(context, std::move(intent), [&](engine::TraceId id) -> WriteResult {
    const api::ObjectPtr stored = world_.store.find(key);
    if (!stored) {
      return tl::unexpected(api::not_found(key.kind, key.name));
    }
    auto document = change(api::to_json(*stored, world_.settings->features.release));
    if (!document) {
      return tl::unexpected(std::move(document.error()));
    }
    return world_.store.update(key.kind, *document, id);
  });
}

WriteResult Client::update_status(api::Object object) {
  take_time(object.key);
  Context context{world_, chooser_, trace_};
  Write intent{actor_, "patch", "status", object.key, "", "", engine::Causes(cause_)};
  return write(context, std::move(intent), [&](engine::TraceId id) {
    return world_.store.update_status(std::move(object), id);
  });
}

WriteResult Client::bind(api::Object pod) {
  take_time(pod.key);
  Context context{world_, chooser_, trace_};
  Write intent{actor_, "create", "binding", pod.key, "", "", engine::Causes(cause_)};
  return write(context, std::move(intent), [&](engine::TraceId id) {
    return world_.store.update(std::move(pod), id);
  });
}

WriteResult Client::remove(const api::ObjectKey& key, const store::DeleteOptions& options) {
  take_time(key);
  Context context{world_, chooser_, trace_};
  Write intent{actor_, "delete", "", key, "", "", engine::Causes(cause_)};
  return write(context, std::move(intent), [&](engine::TraceId id) {
    return world_.store.remove(key, options, world_.now, id);
  });
}

WriteResult Client::evict(const api::ObjectKey& pod) {
  take_time(pod);
  Context context{world_, chooser_, trace_};
  Write intent{actor_, "create", "eviction", pod, "", "PN-64", engine::Causes(cause_)};
  return write(context, std::move(intent), [&](engine::TraceId id) -> WriteResult {
    const api::ObjectPtr stored = world_.store.find(pod);
    if (!stored) {
      return tl::unexpected(api::not_found(pod.kind, pod.name));
    }
    api::Object marked = *stored;
    marked.as<api::Pod>().status.set_condition(api::PodConditionType::DisruptionTarget,
                                               true,
                                               world_.now,
                                               "EvictionByEvictionAPI",
                                               "Eviction API: evicting");
    if (auto written = world_.store.update_status(std::move(marked), id); !written) {
      return written;
    }
    return world_.store.remove(pod, {}, world_.now, id);
  });
}

bool Client::strike(const std::string& node, NodeFault fault) {
  Context context{world_, chooser_, trace_};
  return world::strike(context, node, fault, cause_);
}

bool Client::strike(engine::Actor controller, ControllerFault fault) {
  Context context{world_, chooser_, trace_};
  return world::strike(context, controller, fault, cause_);
}

bool Client::strike(const WatchFault& fault) {
  Context context{world_, chooser_, trace_};
  return world::strike(context, fault, cause_);
}

bool Client::strike(std::optional<ApiFault> fault) {
  Context context{world_, chooser_, trace_};
  return world::strike(context, std::move(fault), cause_);
}

bool Client::strike(const DnsFault& fault) {
  Context context{world_, chooser_, trace_};
  return world::strike(context, fault, cause_);
}

bool Client::strike(const std::string& nfs_server, node::ServerState becomes) {
  Context context{world_, chooser_, trace_};
  return world::strike(context, nfs_server, becomes, cause_);
}

dns::Ask Client::ask_names(const api::ObjectKey& pod) {
  return world::ask_names(world_, chooser_, pod);
}

void Client::image_becomes(const std::string& image, const node::Behaviour& behaviour) {
  node::change_behaviour(world_.nodes, world_.settings->timing, true, image, behaviour);
  Context context{world_, chooser_, trace_};
  engine::TraceRecord told;
  told.type = engine::TraceRecord::Type::Fault;
  told.text = fmt::format(
      "containers of {}: {}", image, to_string(world_.nodes.images_now.find(image)->behaviour));
  const engine::Causes causes(tell(std::move(told)));
  behave_now(
      context,
      [&image](const api::Object& pod) {
        return std::ranges::any_of(
            pod.as<api::Pod>().spec->containers,
            [&image](const api::ContainerSpec& container) { return container.image == image; });
      },
      causes);
}

void Client::pod_becomes(const std::string& pod, const node::Behaviour& behaviour) {
  node::change_behaviour(world_.nodes, world_.settings->timing, false, pod, behaviour);
  Context context{world_, chooser_, trace_};
  engine::TraceRecord told;
  told.type = engine::TraceRecord::Type::Fault;
  told.object = {api::Kind::Pod, api::kDefaultNamespace, pod};
  told.text = fmt::format(
      "containers of {}: {}", pod, to_string(world_.nodes.pods_now.find(pod)->behaviour));
  const engine::Causes causes(tell(std::move(told)));
  behave_now(
      context, [&pod](const api::Object& other) { return other.key.name == pod; }, causes);
}

engine::TraceId Client::note_accident(const api::ObjectKey& about, std::string text) {
  engine::TraceRecord told;
  told.type = engine::TraceRecord::Type::Fault;
  told.object = about;
  told.text = std::move(text);
  return tell(std::move(told));
}

void Client::note_write(const api::ObjectKey& pod, const node::FileKey& file) {
  engine::TraceRecord told;
  told.type = engine::TraceRecord::Type::Kubelet;
  told.object = pod;
  told.resource = file.place;
  told.text = fmt::format("{} is written on {}", file.path, file.place);
  told.rule = "PV-80";
  tell(std::move(told));
}

engine::TraceId Client::step_begins(std::string text) {
  engine::TraceRecord told;
  told.type = engine::TraceRecord::Type::Step;
  told.text = std::move(text);
  return tell(std::move(told));
}

engine::TraceId Client::tell(engine::TraceRecord told) {
  Context context{world_, chooser_, trace_};
  told.actor = actor_;
  told.causes = engine::Causes(cause_);
  return record(context, told);
}

bool Client::take_event() {
  world_.spent = world_.spent || world_.events >= world_.settings->most_events ||
                 (halt_.asked != nullptr && *halt_.asked);
  if (!world_.spent && world_.queue.next().time > halt_.at) {
    let_clock_come_to(world_.queue.next().time);
  }
  if (!world_.spent) {
    step(world_, chooser_, trace_);
  }
  return !world_.spent;
}

void Client::let_clock_come_to(SimTime time) {
  world_.spent = time > halt_.at;
  world_.now = std::max(world_.now, std::min(time, halt_.at));
}

void Client::run_until(SimTime time) {
  while (!world_.spent && !world_.queue.empty() && world_.queue.next().time <= time) {
    take_event();
  }
  if (world_.spent) {
    return;
  }
  let_clock_come_to(time);
  forget_old_events();
}

void Client::forget_old_events() {
  Context context{world_, chooser_, trace_};
  write_series(context);
  expire_events(context);
}

Rest Client::run_to_rest() {
  Patience patience(world_);
  RestWatch rest(world_);
  while (!rest.at_rest()) {
    if (!patience.lasts()) {
      return patience.in_time() ? Rest::Circles : Rest::Later;
    }
    if (!take_event()) {
      return Rest::Spent;
    }
  }
  return Rest::Reached;
}

bool Client::run_until(const std::function<bool()>& done, std::optional<SimTime> deadline) {
  Patience patience(world_);
  RestWatch rest(world_);
  bool holds = done();
  while (!holds && !world_.spent) {
    const bool in_time = deadline ? !world_.queue.empty() && world_.queue.next().time <= *deadline
                                  : !rest.at_rest() && patience.lasts();
    if (!in_time) {
      let_clock_come_to(deadline.value_or(world_.now));
      holds = done();
      break;
    }
    take_event();
    holds = done();
  }
  forget_old_events();
  return holds;
}

namespace {

/// Hands records on, and shows the changes among them.
class Watching : public engine::TraceSink {
 public:
  using Seen = std::function<void(const api::ObjectPtr& before, const api::ObjectPtr& after)>;
  Watching(engine::TraceSink& next, const Seen& seen) : next_(next), seen_(seen) {}

  void record(const engine::TraceRecord& record) override {
    next_.record(record);
    if (record.type == engine::TraceRecord::Type::Call && record.before != record.after) {
      seen_(record.before, record.after);
    }
  }

 private:
  engine::TraceSink& next_;
  const Seen& seen_;
};

}  // namespace

void Client::watch(const Watching::Seen& seen) {
  Watching watching(trace_, seen);
  Client(world_, chooser_, watching, actor_, cause_, halt_).run_to_rest();
}

}  // namespace stsim::world
