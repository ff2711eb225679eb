// What is kept of a set's pods, change by change, is what a look at all of them would find.
#include "support/catch.hpp"
#include "support/choices.hpp"
#include "support/cluster.hpp"
#include "support/plain_statefulset.hpp"

#include <stsim/api/well_known.hpp>
#include <stsim/controllers/statefulset/identity.hpp>

#include <algorithm>

using namespace stsim;
using api::Kind;
using api::Object;
using api::ObjectKey;
using api::ObjectPtr;
using controllers::statefulset::SetPods;
using controllers::statefulset::SetViews;
using test::Cluster;

namespace {

const ObjectKey kWeb{Kind::StatefulSet, "default", "web"};

/// The views of somebody who sees everything for the first time.
SetViews from_scratch(const store::Cache& cache, SimTime now) {
  SetViews out;
  for (const Kind kind :
       {Kind::StatefulSet, Kind::Pod, Kind::PersistentVolumeClaim, Kind::ControllerRevision}) {
    for (const ObjectPtr& object : cache.list(kind)) {
      out.observe({1, 0, nullptr, object}, cache, now);
    }
  }
  return out;
}

/// Whether two pods may have one ordinal, of which what is kept knows only one.
bool has_odd_names(const store::Cache& cache) {
  const auto pods = cache.list(Kind::Pod, "default");
  return std::ranges::any_of(pods, [](const ObjectPtr& pod) {
    return pod->key.name.view().starts_with("web-0") && pod->key.name != "web-0";
  });
}

/// Does to a cluster whatever can happen to pods, claims and their set.
class Life {
 public:
  explicit Life(std::uint64_t seed) : choices_(seed, 1) {
    static_cast<void>(choices_.next());
    cluster.create(Kind::Namespace,
                   R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"other"}})");
    cluster.make_set({.replicas = 3,
                      .parallel = choices_.flag(),
                      .claims = true,
                      .more = R"("minReadySeconds":10,)" + test::retention("Delete", "Retain")});
  }

  void step() {
    const int ordinal = static_cast<int>(choices_.pick(5));
    const std::string name =
        choices_.pick(6) == 0 ? fmt::format("web-0{}", ordinal) : fmt::format("web-{}", ordinal);
    const ObjectPtr pod = cluster.store().find({Kind::Pod, "default", name});
    switch (choices_.pick(10)) {
      case 0:
      case 1:
      case 2:
        if (!pod) {
          make_pod(name, ordinal);
        }
        break;
      case 3:
        if (pod) {
          store::DeleteOptions options;
          options.grace_seconds = choices_.flag() ? 0 : 30;
          static_cast<void>(cluster.store().remove(pod->key, options, cluster.now, 0));
        }
        break;
      case 4:
        if (pod) {
          change_labels(*pod);
        }
        break;
      case 5:
        if (pod) {
          Object changed = *pod;
          changed.as<api::Pod>().status.set_condition(
              api::PodConditionType::Ready, choices_.flag(), cluster.now);
          static_cast<void>(cluster.store().update_status(std::move(changed), 0));
        }
        break;
      case 6:
        change_claim(ordinal);
        break;
      case 7:
        cluster.now += std::chrono::seconds{choices_.pick(8)};
        break;
      case 8:
        intrude(name);
        break;
      default:
        change_set();
        break;
    }
  }

  Cluster cluster;

 private:
  void make_pod(const std::string& name, int ordinal) {
    test::PodState state;
    state.ready = choices_.flag();
    state.phase = choices_.flag() ? api::PodPhase::Running : api::PodPhase::Pending;
    state.revision = choices_.flag() ? "web-old" : "web-new";
    state.ready_for = std::chrono::seconds{choices_.pick(12)};
    if (name == fmt::format("web-{}", ordinal)) {
      cluster.make_pod(ordinal, state);
      return;
    }
    const int spare = 9;  // whose looks the oddly named one gets
    const ObjectPtr made = cluster.make_pod(spare, state);
    Object odd = *made;
    static_cast<void>(cluster.store().remove(made->key, {0}, cluster.now, 0));
    odd.key.name = name;
    odd.uid = {};
    odd.resource_version = {};
    const api::PodStatus status = odd.as<api::Pod>().status;
    odd = *cluster.create(std::move(odd));
    odd.as<api::Pod>().status = status;
    static_cast<void>(cluster.store().update_status(std::move(odd), 0));
  }

  void change_labels(const Object& pod) {
    Object changed = pod;
    switch (choices_.pick(5)) {
      case 0:
        changed.labels["app"] = choices_.flag() ? "web" : "other";
        break;
      case 1:
        changed.labels[api::kRevisionLabel] = choices_.flag() ? "web-old" : "web-new";
        break;
      case 2:
        changed.owners.clear();
        break;
      case 3:  // only the uid tells whose it is
        if (!changed.owners.empty()) {
          changed.owners.edit().front().name = choices_.flag() ? "web" : "somebody";
        }
        break;
      default:
        changed.owners = {
            controllers::statefulset::controller_reference(*cluster.store().find(kWeb))};
        break;
    }
    static_cast<void>(cluster.store().update(std::move(changed), 0));
  }

  /// Somebody in another namespace says that a pod or a revision belongs to the set.
  void intrude(const std::string& name) {
    const ObjectPtr known = cluster.store().find({Kind::Pod, "other", name});
    if (known) {
      static_cast<void>(cluster.store().remove(known->key, {0}, cluster.now, 0));
      return;
    }
    const ObjectPtr model = cluster.store().find({Kind::Pod, "default", name});
    if (model) {
      Object pod = *model;
      pod.key.ns = "other";
      pod.uid = {};
      pod.resource_version = {};
      pod.seldom.edit().deletion.reset();
      cluster.create(std::move(pod));
    }
  }

  void change_claim(int ordinal) {
    const ObjectKey key{
        Kind::PersistentVolumeClaim, "default", fmt::format("data-web-{}", ordinal)};
    const ObjectPtr claim = cluster.store().find(key);
    if (!claim) {
      const ObjectPtr set = cluster.store().find(kWeb);
      cluster.create(controllers::statefulset::make_claim(
          *set,
          set->as<api::StatefulSet>().spec->claim_templates.front(),
          fmt::format("web-{}", ordinal)));
    } else if (choices_.flag()) {
      static_cast<void>(cluster.store().remove(key, {}, cluster.now, 0));
    } else {
      Object changed = *claim;
      const ObjectPtr pod =
          cluster.store().find({Kind::Pod, "default", fmt::format("web-{}", ordinal)});
      changed.owners.clear();
      if (pod && choices_.flag()) {
        changed.owners.push_back({"v1", "Pod", pod->key.name, pod->uid, true, true});
      }
      static_cast<void>(cluster.store().update(std::move(changed), 0));
    }
  }

  void change_set() {
    api::Json document = api::to_json(*cluster.store().find(kWeb));
    if (choices_.flag()) {
      document["spec"]["replicas"] = choices_.pick(6);
    } else {
      document["spec"]["minReadySeconds"] = 5 * choices_.pick(3);
    }
    REQUIRE(cluster.store().update(Kind::StatefulSet, document, 0).has_value());
  }

  test::Choices choices_;
};

}  // namespace

TEST_CASE("what is kept of a set's pods is what a look at all of them finds", "[long]") {
  std::int64_t pods = 0;
  std::int64_t compared = 0;
  std::int64_t odd = 0;
  std::int64_t strangers = 0;
  for (std::uint64_t seed = 1; seed <= 80; ++seed) {
    Life life(seed);
    for (int i = 0; i < 150; ++i) {
      life.step();
      const controllers::Plan plan = life.cluster.plan();
      const store::Cache cache = life.cluster.seen();
      const SetViews& kept = life.cluster.views().sets;
      INFO("seed " << seed << ", step " << i);
      REQUIRE(kept == from_scratch(cache, life.cluster.now));
      const SetPods& of_web = kept.of(*cache.find(kWeb));
      if (!has_odd_names(cache)) {
        ++compared;
        const test::SyncSummary decided = test::reduce(plan);
        const test::SyncSummary plain = test::plain_sync(kWeb, cache, life.cluster.now);
        INFO("decided " << test::to_string(decided) << "but the rules say "
                        << test::to_string(plain));
        REQUIRE(decided == plain);
      }
      pods += of_web.present.size();
      odd += static_cast<std::int64_t>(of_web.odd_names.size());
      strangers += static_cast<std::int64_t>(of_web.strangers.size());
    }
  }
  CHECK(pods > 1000);
  CHECK(compared > 1000);
  CHECK(odd > 50);
  CHECK(strangers > 50);
}
