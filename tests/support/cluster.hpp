#pragma once
// A hand-made cluster for tests of controllers: objects are put into a store, and a controller's
// decision about them is looked at.

#include <fmt/format.h>
#include <stsim/controllers/controller.hpp>
#include <stsim/store/store.hpp>
#include <stsim/store/watch.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace stsim::test {

/// A StatefulSet to be made.
struct SetSpec {
  int replicas{3};
  bool parallel{};
  std::string update_strategy{R"({"type":"RollingUpdate","rollingUpdate":{"partition":0}})"};
  std::string image{"web:v1"};
  bool claims{};
  std::string more{};  ///< further members of spec as JSON, each followed by a comma
  std::string annotations{"{}"};
};

/// The policy of a set's claims, a member of its spec as SetSpec::more wants it.
[[nodiscard]] inline std::string retention(std::string_view when_scaled,
                                           std::string_view when_deleted) {
  return fmt::format(
      R"("persistentVolumeClaimRetentionPolicy":{{"whenScaled":"{}","whenDeleted":"{}"}},)",
      when_scaled,
      when_deleted);
}

/// `StatefulSet/web*` for each owner, the star for a controller.
[[nodiscard]] inline std::vector<std::string> owner_names(
    const SharedVector<api::OwnerReference>& owners) {
  std::vector<std::string> out;
  for (const api::OwnerReference& owner : owners) {
    out.push_back(fmt::format("{}/{}{}", owner.kind, owner.name, owner.controller ? "*" : ""));
  }
  return out;
}

/// What a pod is like.
struct PodState {
  bool ready{true};
  bool terminating{};
  api::PodPhase phase{api::PodPhase::Running};
  std::string revision{};  ///< that of the set's template if empty
  SimDuration ready_for{std::chrono::hours{1}};
  bool without_revision{};  ///< has no label that names one
};

/// The store, everything in it already seen.
class Cluster {
 public:
  explicit Cluster(std::string_view release = "1.36",
                   std::map<std::string, bool, std::less<>> gates = {})
      : store_({*parse_release(release), std::move(gates)}, 1) {
    create(api::Kind::Namespace,
           R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"default"}})");
  }

  /// Lets another policy decide. Pre: nothing was made yet.
  void use(const policy::Policy& policy) {
    views_.sets = controllers::statefulset::SetViews(&policy);
  }

  /// Creates from a manifest, which has to be right.
  api::ObjectPtr create(api::Kind kind, std::string_view manifest) {
    const auto made = store_.create(kind, api::Json::parse(manifest), "default", now, 0);
    if (!made) {
      throw std::runtime_error(made.error().message);
    }
    return *made;
  }

  api::ObjectPtr create(api::Object object) {
    const auto made = store_.create(std::move(object), now, 0);
    if (!made) {
      throw std::runtime_error(made.error().message);
    }
    return *made;
  }

  api::ObjectPtr make_set(const SetSpec& spec) {
    const std::string mounts =
        spec.claims ? R"(,"volumeMounts":[{"name":"data","mountPath":"/data"}])" : "";
    const std::string claims =
        spec.claims
            ? R"("volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],)"
              R"("resources":{"requests":{"storage":"1Gi"}}}}],)"
            : "";
    return create(
        api::Kind::StatefulSet,
        fmt::format(
            R"({{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{{"name":"web",)"
            R"("annotations":{}}},"spec":{{)"
            R"({}{}"podManagementPolicy":"{}","updateStrategy":{},"replicas":{},"serviceName":"web",)"
            R"("selector":{{"matchLabels":{{"app":"web"}}}},"template":{{"metadata":{{"labels":)"
            R"({{"app":"web"}}}},"spec":{{"containers":[{{"name":"web","image":"{}"{}}}]}}}}}}}})",
            spec.annotations,
            claims,
            spec.more,
            spec.parallel ? "Parallel" : "OrderedReady",
            spec.update_strategy,
            spec.replicas,
            spec.image,
            mounts));
  }

  /// A pod of the set `web`, as if the controller had made it.
  api::ObjectPtr make_pod(int ordinal, const PodState& state);

  /// What the controller decides about the set `web` (and writes nothing).
  controllers::Plan plan(engine::Actor actor = engine::Actor::StatefulSetController,
                         api::ObjectKey key = {api::Kind::StatefulSet, "default", "web"}) {
    const controllers::Controller& controller = *controllers::controller(actor);
    const store::Cache cache = seen();
    if (controller.advance != nullptr) {
      controller.advance(views_, key, cache, now);
    }
    return controller.decide(key, cache, views_, now);
  }

  /// Everything that there is. Valid until the next write.
  store::Cache seen() {
    for (std::uint64_t position = watch_.position() + 1; position <= store_.position();
         ++position) {
      const store::Change change = watch_.deliver(store_);
      for (const controllers::Controller& controller : controllers::controllers()) {
        if (controller.observe != nullptr) {
          controller.observe(views_, change, {store_, watch_}, now);
        }
      }
    }
    return {store_, watch_};
  }

  /// The keys that a change makes a controller look at.
  std::vector<controllers::Again> concerned(engine::Actor actor, const store::Change& change) {
    return controllers::controller(actor)->concerned(change, seen(), now);
  }

  /// What controllers keep of everything that there is. Valid until the next write.
  const controllers::Views& views() {
    static_cast<void>(seen());
    return views_;
  }

  store::Store& store() { return store_; }
  [[nodiscard]] const api::Features& features() const { return store_.features(); }

  SimTime now{kStartOfTime + std::chrono::hours{24}};

 private:
  store::Store store_;
  store::Watch watch_;
  controllers::Views views_;
};

/// The calls of a plan for pods and claims in order: `create web-0`, `delete web-2`.
std::vector<std::string> calls(const controllers::Plan& plan);

}  // namespace stsim::test
