#include "support/catch.hpp"
#include "support/cluster.hpp"

using namespace stsim;
using test::Cluster;
using Verb = controllers::Call::Verb;

namespace {

constexpr auto kCollector = engine::Actor::GarbageCollector;

void remove(Cluster& c, const api::ObjectKey& key, store::DeleteOptions::Propagation how) {
  store::DeleteOptions options;
  options.propagation = how;
  static_cast<void>(c.store().remove(key, options, c.now, 0));
}

const api::ObjectKey kSet{api::Kind::StatefulSet, "default", "web"};
const api::ObjectKey kPod{api::Kind::Pod, "default", "web-0"};

}  // namespace

TEST_CASE("GC-3: a pod whose set is gone is deleted") {
  Cluster c;
  c.make_set({});
  c.make_pod(0, {});
  REQUIRE(c.plan(kCollector, kPod).groups.empty());
  remove(c, kSet, store::DeleteOptions::Propagation::Background);
  const auto plan = c.plan(kCollector, kPod);
  REQUIRE(plan.groups.size() == 1);
  REQUIRE(plan.groups.front().calls.front().verb == Verb::Delete);
}

TEST_CASE("GC-7: a set made anew under the same name does not save the pods of the old one") {
  Cluster c;
  c.make_set({});
  c.make_pod(0, {});
  remove(c, kSet, store::DeleteOptions::Propagation::Background);
  c.make_set({});
  REQUIRE(c.plan(kCollector, kPod).groups.front().calls.front().verb == Verb::Delete);
}

TEST_CASE("GC-4: in the foreground the dependents go first, then the owner") {
  Cluster c;
  c.make_set({});
  c.make_pod(0, {});
  remove(c, kSet, store::DeleteOptions::Propagation::Foreground);
  const auto plan = c.plan(kCollector, kSet);
  REQUIRE(plan.groups.size() == 1);
  REQUIRE(plan.groups.front().calls.front().target == kPod);
  static_cast<void>(c.store().remove(kPod, {0, {}, {}}, c.now, 0));
  const auto last = c.plan(kCollector, kSet);
  REQUIRE(last.groups.front().calls.front().target == kSet);
  REQUIRE(last.groups.front().calls.front().verb == Verb::Patch);
}

TEST_CASE("GC-5: orphaned dependents lose their reference, then the owner goes") {
  Cluster c;
  c.make_set({});
  c.make_pod(0, {});
  remove(c, kSet, store::DeleteOptions::Propagation::Orphan);
  const auto plan = c.plan(kCollector, kSet);
  REQUIRE(plan.groups.size() == 2);
  REQUIRE(plan.groups[0].calls.front().target == kPod);
  REQUIRE(plan.groups[1].calls.front().target == kSet);
}

TEST_CASE("GC-6: an object with another living owner only loses the dangling reference") {
  Cluster c;
  const auto set = c.make_set({});
  api::Object pod = *c.make_pod(0, {});
  pod.owners.push_back({"apps/v1", "StatefulSet", "gone", {1, 2}, false, false});
  static_cast<void>(c.store().update(pod, 0));
  const auto plan = c.plan(kCollector, kPod);
  REQUIRE(plan.groups.size() == 1);
  REQUIRE(plan.groups.front().calls.front().verb == Verb::Patch);
}

TEST_CASE("GC-4: owners that wait for each other do not wait for ever") {
  Cluster c;
  const auto make = [&c](const char* name) {
    return c.create(
        api::Kind::ConfigMap,
        fmt::format(R"({{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"{}"}}}})",
                    name));
  };
  const auto a = make("a");
  const auto b = make("b");
  const auto own = [&c](const api::ObjectPtr& dependent, const api::ObjectPtr& owner) {
    api::Object changed = *c.store().find(dependent->key);
    changed.owners.push_back({"v1", "ConfigMap", owner->key.name, owner->uid, false, true});
    static_cast<void>(c.store().update(changed, 0));
  };
  own(a, b);
  own(b, a);
  remove(c, a->key, store::DeleteOptions::Propagation::Foreground);
  remove(c, b->key, store::DeleteOptions::Propagation::Foreground);
  const auto plan = c.plan(kCollector, a->key);
  REQUIRE(plan.groups.size() == 1);
  REQUIRE(plan.groups.front().calls.front().target == a->key);
}

TEST_CASE("GC-6: in the foreground a dependent with another living owner is let go, not deleted") {
  Cluster c;
  c.make_set({});
  c.make_pod(0, {});
  const auto other =
      c.create(api::Kind::ConfigMap,
               R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"other"}})");
  api::Object pod = *c.store().find(kPod);
  pod.owners.push_back({"v1", "ConfigMap", "other", other->uid, false, false});
  REQUIRE(c.store().update(pod, 0));
  remove(c, kSet, store::DeleteOptions::Propagation::Foreground);
  const auto plan = c.plan(kCollector, kSet);
  REQUIRE(plan.groups.size() == 1);
  REQUIRE(plan.groups.front().calls.front().target == kPod);
  REQUIRE(plan.groups.front().calls.front().verb == Verb::Patch);
}

TEST_CASE("GC-4: dependents that do not block their owner are deleted with it") {
  Cluster c;
  const auto set = c.make_set({});
  api::Object pod = *c.make_pod(0, {});
  pod.owners.edit().front().block_owner_deletion = false;
  REQUIRE(c.store().update(pod, 0));
  remove(c, kSet, store::DeleteOptions::Propagation::Foreground);
  const auto plan = c.plan(kCollector, kSet);
  REQUIRE(plan.groups.size() == 2);
  REQUIRE(plan.groups[0].calls.front().target == kPod);
  REQUIRE(plan.groups[0].calls.front().verb == Verb::Delete);
  REQUIRE(plan.groups[1].calls.front().target == kSet);
  REQUIRE(plan.groups[1].calls.front().verb == Verb::Patch);
}

TEST_CASE("GC-16: what is created for an owner that waits is not looked at by itself") {
  Cluster c;
  c.make_set({});
  c.make_pod(0, {});
  remove(c, kSet, store::DeleteOptions::Propagation::Foreground);
  static_cast<void>(c.plan(kCollector, kSet));
  c.make_pod(1, {});
  const auto& last = c.store().change(c.store().position());
  REQUIRE(c.concerned(kCollector, last).empty());
}
