#pragma once
// A cluster for benchmarks: a world with a user, and manifests to fill it.

#include <fmt/format.h>
#include <stsim/world/client.hpp>
#include <stsim/world/rest.hpp>
#include <stsim/world/world.hpp>

namespace stsim::bench {

/// Counts what happens.
class Counting : public engine::TraceSink {
 public:
  void record(const engine::TraceRecord& record) override {
    writes += record.type == engine::TraceRecord::Type::Call ? 1 : 0;
  }
  std::size_t writes{};
};

/// What a set is like.
struct Look {
  bool parallel{};
  bool claims{};
  bool half{};  ///< the update stops at half of the pods
};

/// The set `name` of so many replicas.
inline api::Json set_manifest(std::string_view name, std::int64_t replicas, const Look& look) {
  api::Json spec = {{"replicas", replicas},
                    {"podManagementPolicy", look.parallel ? "Parallel" : "OrderedReady"},
                    {"serviceName", name},
                    {"updateStrategy",
                     {{"type", "RollingUpdate"},
                      {"rollingUpdate", {{"partition", look.half ? replicas / 2 : 0}}}}},
                    {"selector", {{"matchLabels", {{"app", name}}}}},
                    {"template",
                     {{"metadata", {{"labels", {{"app", name}}}}},
                      {"spec", {{"containers", {{{"name", "web"}, {"image", "web:v1"}}}}}}}}};
  if (look.claims) {
    spec["volumeClaimTemplates"] = {{{"metadata", {{"name", "data"}}},
                                     {"spec",
                                      {{"accessModes", {"ReadWriteOnce"}},
                                       {"resources", {{"requests", {{"storage", "1Gi"}}}}}}}}};
  }
  return {{"apiVersion", "apps/v1"},
          {"kind", "StatefulSet"},
          {"metadata", {{"name", name}}},
          {"spec", std::move(spec)}};
}

/// A volume, the number of which decides its size and modes.
inline api::Json volume_manifest(std::int64_t number) {
  const std::string name = fmt::format("pv{:07}", number);
  api::Json modes = {"ReadWriteOnce"};
  if (number % 4 == 0) {
    modes.push_back("ReadWriteMany");
  }
  return {{"apiVersion", "v1"},
          {"kind", "PersistentVolume"},
          {"metadata", {{"name", name}}},
          {"spec",
           {{"capacity", {{"storage", fmt::format("{}Gi", 1 + number % 3)}}},
            {"accessModes", std::move(modes)},
            {"nfs", {{"server", "node2"}, {"path", "/" + name}}}}}};
}

/// A claim of 1 to 3 GiB.
inline api::Json claim_manifest(std::int64_t number) {
  return {{"apiVersion", "v1"},
          {"kind", "PersistentVolumeClaim"},
          {"metadata", {{"name", fmt::format("claim{:07}", number)}}},
          {"spec",
           {{"accessModes", {"ReadWriteOnce"}},
            {"resources", {{"requests", {{"storage", fmt::format("{}Gi", 1 + number % 3)}}}}}}}};
}

/// A world and whoever changes it.
class Cluster {
 public:
  explicit Cluster(bool auto_kubelet = true)
      : world_(world::make_world(settings(auto_kubelet), trace_)),
        user_(world_, chooser_, trace_, engine::Actor::User, 1) {}

  void create(api::Kind kind, const api::Json& manifest) {
    STSIM_ASSERT(user_.create(kind, manifest, "default").has_value());
  }

  /// Changes a set's document.
  template <class Change>
  void change(const std::string& set, Change change) {
    const auto apply = [&](api::Json document) -> Result<api::Json, api::ApiError> {
      change(document);
      return document;
    };
    STSIM_ASSERT(user_.patch({api::Kind::StatefulSet, "default", set}, apply, "").has_value());
  }

  /// However long it takes: an ordered set of many pods needs days.
  void settle() {
    world::RestWatch rest(world_);
    while (!rest.at_rest()) {
      world::step(world_, chooser_, trace_);
    }
  }

  [[nodiscard]] world::World& world() { return world_; }
  [[nodiscard]] world::Client& user() { return user_; }
  [[nodiscard]] engine::Chooser& chooser() { return chooser_; }
  [[nodiscard]] Counting& trace() { return trace_; }

 private:
  static std::shared_ptr<const world::Settings> settings(bool auto_kubelet) {
    auto out = std::make_shared<world::Settings>();
    out->most_objects = 100'000'000;
    out->auto_kubelet = auto_kubelet;
    return out;
  }

  Counting trace_;
  engine::SeededChooser chooser_{1};
  world::World world_;
  world::Client user_;
};

}  // namespace stsim::bench
