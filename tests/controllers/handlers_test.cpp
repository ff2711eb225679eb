// Which changes make the controller look at which sets.
#include "support/catch.hpp"
#include "support/cluster.hpp"

#include <stsim/controllers/statefulset/identity.hpp>

using namespace stsim;
using api::Kind;
using test::Cluster;
using Names = std::vector<std::string>;

namespace {

/// The set `name` with the selector that the set `web` has, too.
api::ObjectPtr make_set(Cluster& c, std::string_view name) {
  return c.create(
      Kind::StatefulSet,
      fmt::format(R"({{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{{"name":"{}"}},)"
                  R"("spec":{{"selector":{{"matchLabels":{{"app":"web"}}}},"template":)"
                  R"({{"metadata":{{"labels":{{"app":"web"}}}},"spec":{{"containers":)"
                  R"([{{"name":"web","image":"web:v1"}}]}}}}}}}})",
                  name));
}

Names sets(Cluster& c, const store::Change& change) {
  Names out;
  for (const auto& again : c.concerned(engine::Actor::StatefulSetController, change)) {
    REQUIRE(again.after == SimDuration{});
    out.push_back(again.key.name);
  }
  return out;
}

/// The sets that the last write concerns.
Names woken(Cluster& c) {
  return sets(c, c.store().change(c.store().position()));
}

/// Makes a pod that the sets' selector matches. Returns whom that concerns.
Names add_pod(Cluster& c, const api::Object& pod) {
  c.create(pod);
  return woken(c);
}

api::Object pod_of(const api::OwnerReference* owner, const std::string& name = "web-0") {
  api::Object out = api::from_json(
      Kind::Pod,
      {{"metadata", {{"name", name}, {"namespace", "default"}, {"labels", {{"app", "web"}}}}},
       {"spec", {{"containers", {{{"name", "web"}, {"image", "web:v1"}}}}}}});
  if (owner != nullptr) {
    out.owners.push_back(*owner);
  }
  return out;
}

}  // namespace

TEST_CASE("SS-41: whatever happens to a set makes the controller look at it, its status included") {
  Cluster c;
  api::Object set = *make_set(c, "web");
  REQUIRE(woken(c) == Names{"web"});
  set.labels["tier"] = "front";
  set = **c.store().update(set, 0);
  REQUIRE(woken(c) == Names{"web"});
  set.as<api::StatefulSet>().status.observed_generation = 1;
  REQUIRE(c.store().update_status(set, 0));
  REQUIRE(woken(c) == Names{"web"});
  REQUIRE(c.store().remove(set.key, {}, c.now, 0));
  REQUIRE(woken(c) == Names{"web"});
}

TEST_CASE("SS-42: a new pod concerns its owner, an orphan all sets whose selector it matches") {
  Cluster c;
  const auto ours = controllers::statefulset::controller_reference(*make_set(c, "web"));
  make_set(c, "web2");
  REQUIRE(add_pod(c, pod_of(&ours, "web-0")) == Names{"web"});
  REQUIRE(add_pod(c, pod_of(nullptr, "web-1")) == Names{"web", "web2"});
  api::OwnerReference earlier = ours;  // a set of that name, but not this one
  earlier.uid = {1, 2};
  REQUIRE(add_pod(c, pod_of(&earlier, "web-2")).empty());
  api::OwnerReference other = ours;
  other.kind = "ReplicaSet";
  REQUIRE(add_pod(c, pod_of(&other, "web-3")).empty());
}

TEST_CASE("SS-42: a pod that is first seen on its way out concerns its owner alone") {
  Cluster c;
  const auto ours = controllers::statefulset::controller_reference(*make_set(c, "web"));
  const auto first_seen = [&c](api::Object pod) {
    pod.seldom.edit().deletion = api::Deletion{c.now};
    store::Change change;
    change.after = std::make_shared<const api::Object>(std::move(pod));
    return sets(c, change);
  };
  REQUIRE(first_seen(pod_of(&ours)) == Names{"web"});
  REQUIRE(first_seen(pod_of(nullptr)).empty());
}

TEST_CASE("SS-44: a pod that is gone concerns its owner, an orphan nobody") {
  Cluster c;
  const auto ours = controllers::statefulset::controller_reference(*make_set(c, "web"));
  make_set(c, "web2");
  const auto gone = [&c](const api::Object& pod) {
    c.create(pod);
    REQUIRE(c.store().remove(pod.key, {}, c.now, 0));
    return woken(c);
  };
  REQUIRE(gone(pod_of(&ours)) == Names{"web"});
  REQUIRE(gone(pod_of(nullptr)).empty());
}
