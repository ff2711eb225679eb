#pragma once
// A world driven by hand, with everything that it tells.

#include <fmt/format.h>
#include <stsim/api/kinds.hpp>
#include <stsim/world/client.hpp>
#include <stsim/world/difference.hpp>
#include <stsim/world/rest.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace stsim::test {

/// Keeps every record.
class Records : public engine::TraceSink {
 public:
  void record(const engine::TraceRecord& record) override { all.push_back(record); }

  /// The calls of an actor as `+0.002s create pods web-0 201`, those with `resource` only.
  [[nodiscard]] std::vector<std::string> calls(engine::Actor actor,
                                               std::string_view resource) const {
    std::vector<std::string> out;
    for (const engine::TraceRecord& told : all) {
      if (told.type == engine::TraceRecord::Type::Call && told.actor == actor &&
          told.resource == resource) {
        out.push_back(fmt::format("{} {} {}", told.verb, told.object.name, told.code));
      }
    }
    return out;
  }

  /// How often an API Event of that reason was recorded, repetitions included.
  [[nodiscard]] int events(std::string_view reason) const {
    int out = 0;
    for (const engine::TraceRecord& told : all) {
      out += told.type == engine::TraceRecord::Type::ApiEvent && told.reason == reason ? 1 : 0;
    }
    return out;
  }

  std::vector<engine::TraceRecord> all;
};

/// A cluster in which pods move only when a test says so.
class Story {
 public:
  explicit Story(world::Settings settings = {}) : Story(std::move(settings), false) {}

  /// The user's connection.
  world::Client user() { return {world, chooser, records, engine::Actor::User, 1}; }

  /// Creates from a manifest, which has to be right.
  void create(std::string_view manifest) {
    const auto document = api::Json::parse(manifest);
    const auto kind = api::find_kind(document.at("apiVersion").get<std::string>(),
                                     document.at("kind").get<std::string>());
    if (const auto made = user().create(kind.value(), document, "default"); !made) {
      throw std::runtime_error(made.error().message);
    }
  }

  /// A set of pods without claims.
  void create_set(std::string_view name, int replicas, std::string_view policy = "OrderedReady") {
    create(fmt::format(
        R"({{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{{"name":"{0}"}},"spec":{{)"
        R"("replicas":{1},"podManagementPolicy":"{2}","serviceName":"{0}","selector":)"
        R"({{"matchLabels":{{"app":"{0}"}}}},"template":{{"metadata":{{"labels":{{"app":"{0}"}}}},)"
        R"("spec":{{"containers":[{{"name":"web","image":"web:v1"}}]}}}}}}}})",
        name,
        replicas,
        policy));
  }

  /// A pod that belongs to nobody.
  void create_pod(std::string_view name) {
    create(fmt::format(
        R"({{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"{}"}},"spec":{{"containers":)"
        R"([{{"name":"web","image":"web:v1"}}]}}}})",
        name));
  }

  /// Changes a label of an object as the user.
  void label(const api::ObjectKey& key, std::string_view name, std::string_view value) {
    const auto done =
        user().patch(key, [&](api::Json document) -> Result<api::Json, api::ApiError> {
          document["metadata"]["labels"][std::string(name)] = value;
          return document;
        });
    if (!done) {
      throw std::runtime_error(done.error().message);
    }
  }

  /// Runs the next event.
  void step() { world::step(world, chooser, records); }

  /// Runs events until nothing is left to happen.
  void settle() {
    world::RestWatch rest(world);
    while (!rest.at_rest()) {
      step();
    }
  }

  /// Whether the object is there.
  [[nodiscard]] bool has(api::Kind kind, std::string_view name) const {
    return world.store.find({kind, "default", std::string(name)}) != nullptr;
  }

  /// The object, or null.
  [[nodiscard]] api::ObjectPtr find(api::Kind kind, std::string_view name) const {
    return world.store.find({kind, api::info(kind).namespaced ? "default" : "", name});
  }

  Records records;
  engine::SeededChooser chooser{0};
  world::World world;

 protected:
  Story(world::Settings settings, bool auto_kubelet)
      : world(world::make_world(
            [&] {
              settings.auto_kubelet = auto_kubelet;
              return std::make_shared<const world::Settings>(std::move(settings));
            }(),
            records)) {}
};

/// A cluster in which pods move by themselves.
class MovingStory : public Story {
 public:
  explicit MovingStory(world::Settings settings = {}) : Story(std::move(settings), true) {}

  /// Lets time pass.
  void pass(SimDuration length) { user().run_until(world.now + length); }

  [[nodiscard]] const api::PodStatus& pod(std::string_view name) const {
    const api::ObjectPtr found = find(api::Kind::Pod, name);
    if (!found) {
      throw std::runtime_error("there is no such pod");
    }
    return found->as<api::Pod>().status;
  }
};

/// A set `web` of three pods, each on a node of its own, all ready.
inline MovingStory three_ready(world::Settings settings = {}) {
  MovingStory story(std::move(settings));
  story.create_set("web", 3);
  story.settle();
  if (!story.pod("web-2").ready()) {
    throw std::runtime_error("the set is not ready");
  }
  return story;
}

/// The key of the set that most stories tell of.
inline const api::ObjectKey kWeb{api::Kind::StatefulSet, "default", "web"};

}  // namespace stsim::test
