#include "support/catch.hpp"

#include <stsim/placement/placement.hpp>
#include <stsim/placement/unplaced_pod.hpp>

namespace stsim::placement {

using api::Json;
using api::Kind;
using api::Object;

namespace {

/// A cluster as placement sees it.
class Cluster {
 public:
  explicit Cluster(int nodes, int minor = 36) : store_(features(minor), 1) {
    make(Kind::Namespace, {{"metadata", {{"name", "default"}}}});
    for (int i = 1; i <= nodes; ++i) {
      node("node" + std::to_string(i));
    }
  }

  void node(const std::string& name,
            Json spec = Json::object(),
            const Json& allocatable = nullptr) {
    Json document = {{"metadata", {{"name", name}, {"labels", {{"kubernetes.io/hostname", name}}}}},
                     {"spec", std::move(spec)}};
    if (!allocatable.is_null()) {
      document["status"]["allocatable"] = allocatable;
    }
    make(Kind::Node, document);
  }

  static Object pod(const std::string& name,
                    Json spec = Json::object(),
                    const Json& labels = nullptr) {
    if (!spec.contains("containers")) {
      spec["containers"] = {{{"name", "web"}, {"image", "web:v1"}}};
    }
    Json document = {{"metadata", {{"name", name}, {"namespace", "default"}}}, {"spec", spec}};
    if (!labels.is_null()) {
      document["metadata"]["labels"] = labels;
    }
    return api::from_json(Kind::Pod, document);
  }

  static Object owned(Object pod, std::uint64_t owner) {
    pod.owners.push_back({"apps/v1", "StatefulSet", "web", {owner, owner}, true, true});
    return pod;
  }

  void place(Object pod, const std::string& on) {
    pod.as<api::Pod>().node_name = on;
    put(std::move(pod));
  }

  void claim(const std::string& name, const std::string& volume, bool bound) {
    Object out = api::from_json(Kind::PersistentVolumeClaim,
                                {{"metadata", {{"name", name}, {"namespace", "default"}}},
                                 {"spec",
                                  {{"accessModes", {"ReadWriteOnce"}},
                                   {"resources", {{"requests", {{"storage", "1Gi"}}}}}}}});
    out.as<api::Claim>().volume_name = volume;
    out.as<api::Claim>().phase = bound ? api::ClaimPhase::Bound : api::ClaimPhase::Pending;
    put(std::move(out));
  }

  void volume(const std::string& name, const Json& affinity = nullptr) {
    Json spec = {{"capacity", {{"storage", "1Gi"}}},
                 {"accessModes", {"ReadWriteOnce"}},
                 {"nfs", {{"server", "node2"}, {"path", "/data"}}}};
    if (!affinity.is_null()) {
      spec["nodeAffinity"] = affinity;
    }
    make(Kind::PersistentVolume, {{"metadata", {{"name", name}}}, {"spec", spec}});
  }

  void make(Kind kind, const Json& document) { put(api::from_json(kind, document)); }

  void put(Object object) {
    const auto made = store_.create(object, kStartOfTime, 0);
    REQUIRE(made.has_value());
    if (object.key.kind == Kind::Pod || object.key.kind == Kind::PersistentVolumeClaim) {
      Object written = **made;
      written.body = object.body;
      REQUIRE(store_.update_status(std::move(written), 0).has_value());
    }
  }

  /// What is decided once everything was seen.
  [[nodiscard]] Decision decide(const Object& pod) {
    while (watch_.position() < store_.position()) {
      placed_.observe(watch_.deliver(store_));
    }
    return placement::decide(pod, store::Cache(store_, watch_), placed_);
  }

  store::Store& store() { return store_; }

 private:
  static api::Features features(int minor) {
    api::Features out;
    out.release = {minor, -1};
    return out;
  }

  store::Store store_;
  store::Watch watch_;
  PlacedPods placed_;
};

Json with_claim(const std::string& claim) {
  return {{"volumes", {{{"name", "data"}, {"persistentVolumeClaim", {{"claimName", claim}}}}}}};
}

Json taints(const std::string& key, const std::string& effect) {
  return {{"taints", {{{"key", key}, {"effect", effect}}}}};
}

}  // namespace

TEST_CASE("PN-53: pods of one set are spread, then nodes with fewer pods, then the first node") {
  Cluster cluster(3);
  CHECK(cluster.decide(Cluster::pod("a")).node == "node1");
  cluster.place(Cluster::pod("other"), "node1");
  CHECK(cluster.decide(Cluster::pod("a")).node == "node2");
  cluster.place(Cluster::owned(Cluster::pod("web-0"), 7), "node2");
  CHECK(cluster.decide(Cluster::owned(Cluster::pod("web-1"), 7)).node == "node3");
  cluster.place(Cluster::owned(Cluster::pod("web-1"), 7), "node3");
  CHECK(cluster.decide(Cluster::owned(Cluster::pod("web-2"), 7)).node == "node1");
  CHECK(cluster.decide(Cluster::owned(Cluster::pod("web-2"), 7)).why ==
        "fewest pods of StatefulSet/web (0), then fewest pods (1)");
}

TEST_CASE("PN-53: node2 comes before node10") {
  Cluster cluster(0);
  cluster.node("node10");
  cluster.node("node2");
  CHECK(cluster.decide(Cluster::pod("a")).node == "node2");
}

TEST_CASE("PN-53: pods that have ended take no room") {
  Cluster cluster(2);
  Object done = Cluster::pod("done");
  done.as<api::Pod>().status.phase = api::PodPhase::Succeeded;
  cluster.place(std::move(done), "node1");
  CHECK(cluster.decide(Cluster::pod("a")).node == "node1");
}

TEST_CASE("PN-50: no nodes at all") {
  CHECK(Cluster(0).decide(Cluster::pod("a")).message == "no nodes available to schedule pods");
}

TEST_CASE("PN-50, PV-72: claims that keep a pod from being placed") {
  const Object web = Cluster::pod("web-0", with_claim("data-web-0"));
  SECTION("not there, 1.36") {
    const Decision decision = Cluster(3).decide(web);
    CHECK(decision.node.empty());
    CHECK(decision.message ==
          "0/3 nodes are available: persistentvolumeclaim \"data-web-0\" not found. not found");
  }
  SECTION("not bound, 1.36") {
    Cluster cluster(1);
    cluster.claim("data-web-0", "", false);
    CHECK(cluster.decide(web).message ==
          "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found");
  }
  SECTION("not bound, 1.33") {
    Cluster cluster(1, 33);
    cluster.claim("data-web-0", "", false);
    CHECK(cluster.decide(web).message ==
          "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: "
          "0/1 "
          "nodes are available: 1 Preemption is not helpful for scheduling.");
  }
  SECTION("being deleted") {
    Cluster cluster(1);
    cluster.claim("data-web-0", "pv1", true);
    const api::ObjectKey key{Kind::PersistentVolumeClaim, "default", "data-web-0"};
    REQUIRE(cluster.store().find(key)->has_finalizer("kubernetes.io/pvc-protection"));
    REQUIRE(cluster.store().remove(key, {}, kStartOfTime, 0).has_value());
    CHECK(cluster.decide(web).message ==
          "0/1 nodes are available: persistentvolumeclaim \"data-web-0\" is being deleted. not "
          "found");
  }
  SECTION("its volume is gone") {
    Cluster cluster(2);
    cluster.claim("data-web-0", "pv1", true);
    CHECK(cluster.decide(web).message ==
          "0/2 nodes are available: 2 node(s) unavailable due to one or more pvc(s) bound to "
          "non-existent pv(s). no new claims to deallocate, preemption: 0/2 nodes are available: 2 "
          "Preemption is not helpful for scheduling.");
  }
}

TEST_CASE("PN-52: a bound volume on NFS puts no constraint on the node, one with affinity does") {
  Cluster cluster(3);
  cluster.claim("data-web-0", "pv1", true);
  const Object web = Cluster::pod("web-0", with_claim("data-web-0"));
  SECTION("NFS") {
    cluster.volume("pv1");
    CHECK(cluster.decide(web).node == "node1");
  }
  SECTION("local") {
    cluster.volume("pv1",
                   {{"required",
                     {{"nodeSelectorTerms",
                       {{{"matchExpressions",
                          {{{"key", "kubernetes.io/hostname"},
                            {"operator", "In"},
                            {"values", {"node3"}}}}}}}}}}});
    CHECK(cluster.decide(web).node == "node3");
  }
}

TEST_CASE("PN-50: cordoned and tainted nodes") {
  Cluster cluster(0);
  cluster.node("node1", {{"unschedulable", true}});
  cluster.node("node2", taints("dedicated", "NoSchedule"));
  CHECK(cluster.decide(Cluster::pod("a")).message ==
        "0/2 nodes are available: 1 node(s) had untolerated taint(s), 1 node(s) were "
        "unschedulable. no "
        "new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not "
        "helpful for "
        "scheduling.");
  const Json tolerant = {{"tolerations", {{{"key", "dedicated"}, {"operator", "Exists"}}}}};
  CHECK(cluster.decide(Cluster::pod("a", tolerant)).node == "node2");
  const Json brave = {{"tolerations", {{{"operator", "Exists"}}}}};
  CHECK(cluster.decide(Cluster::pod("a", brave)).node == "node1");
}

TEST_CASE("PN-50: up to 1.33 the taint is named") {
  Cluster cluster(0, 30);
  cluster.node("node1", taints("node.kubernetes.io/unreachable", "NoExecute"));
  CHECK(cluster.decide(Cluster::pod("a")).message ==
        "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: "
        "}. "
        "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.");
}

TEST_CASE("PN-50: a soft taint only speaks against a node") {
  Cluster cluster(0);
  cluster.node("node1", taints("slow", "PreferNoSchedule"));
  cluster.node("node2");
  cluster.place(Cluster::pod("a"), "node2");
  CHECK(cluster.decide(Cluster::pod("b")).node == "node2");
}

TEST_CASE("PN-50: node selector and affinity") {
  Cluster cluster(3);
  const Json selector = {{"nodeSelector", {{"kubernetes.io/hostname", "node2"}}}};
  CHECK(cluster.decide(Cluster::pod("a", selector)).node == "node2");
  const Json nowhere = {{"nodeSelector", {{"disk", "ssd"}}}};
  CHECK(cluster.decide(Cluster::pod("a", nowhere)).message ==
        "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. no new "
        "claims to "
        "deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for "
        "scheduling.");
  const Json not_first = {{"affinity",
                           {{"nodeAffinity",
                             {{"requiredDuringSchedulingIgnoredDuringExecution",
                               {{"nodeSelectorTerms",
                                 {{{"matchExpressions",
                                    {{{"key", "kubernetes.io/hostname"},
                                      {"operator", "NotIn"},
                                      {"values", {"node1"}}}}}}}}}}}}}}};
  CHECK(cluster.decide(Cluster::pod("a", not_first)).node == "node2");
}

TEST_CASE("PN-50: cpu, memory and number of pods where a node says what it has") {
  Cluster cluster(0);
  cluster.node("node1", Json::object(), {{"cpu", "1"}, {"memory", "1Gi"}, {"pods", "2"}});
  const auto asks = [](const std::string& cpu, const std::string& memory) {
    return Json{{"containers",
                 {{{"name", "web"},
                   {"image", "web:v1"},
                   {"resources", {{"requests", {{"cpu", cpu}, {"memory", memory}}}}}}}}};
  };
  cluster.place(Cluster::pod("a", asks("600m", "512Mi")), "node1");
  CHECK(cluster.decide(Cluster::pod("b", asks("400m", "512Mi"))).node == "node1");
  CHECK(cluster.decide(Cluster::pod("b", asks("401m", "1Mi"))).message ==
        "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 "
        "nodes "
        "are available: 1 No preemption victims found for incoming pod.");
  CHECK(cluster.decide(Cluster::pod("b", asks("2", "2Gi")))
            .message.starts_with(
                "0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. "));
  cluster.place(Cluster::pod("c"), "node1");
  CHECK(cluster.decide(Cluster::pod("d"))
            .message.starts_with("0/1 nodes are available: 1 Too many pods. "));
}

TEST_CASE("PN-50: anti-affinity puts one pod of a set on each node") {
  Cluster cluster(2);
  const Json apart = {{"affinity",
                       {{"podAntiAffinity",
                         {{"requiredDuringSchedulingIgnoredDuringExecution",
                           {{{"labelSelector", {{"matchLabels", {{"app", "web"}}}}},
                             {"topologyKey", "kubernetes.io/hostname"}}}}}}}}};
  const Json labels = {{"app", "web"}};
  cluster.place(Cluster::pod("web-0", apart, labels), "node1");
  CHECK(cluster.decide(Cluster::pod("web-1", apart, labels)).node == "node2");
  cluster.place(Cluster::pod("web-1", apart, labels), "node2");
  CHECK(cluster.decide(Cluster::pod("web-2", apart, labels))
            .message.starts_with(
                "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules. "));
  CHECK(cluster.decide(Cluster::pod("guest", Json::object(), labels))
            .message.starts_with("0/2 nodes are available: 2 node(s) didn't satisfy existing pods "
                                 "anti-affinity rules. "));
}

TEST_CASE("PN-51: the back-off of a refused pod doubles from a second to ten") {
  const auto seconds = [](std::uint32_t refusals) {
    UnplacedPod pod;
    pod.last_refusal = kStartOfTime;
    pod.refusals = refusals;
    return std::chrono::duration_cast<std::chrono::seconds>(pod.backoff_ends() - kStartOfTime)
        .count();
  };
  CHECK(std::vector{seconds(1), seconds(2), seconds(3), seconds(4), seconds(5), seconds(99)} ==
        std::vector<std::int64_t>{1, 2, 4, 8, 10, 10});
}

TEST_CASE("PN-51: what may help a refused pod") {
  const auto shared = [](Object object) {
    return std::make_shared<const Object>(std::move(object));
  };
  const auto on_node = [&](const Json& labels) {
    Object pod = Cluster::pod("a", Json::object(), labels);
    pod.as<api::Pod>().node_name = "node1";
    return shared(pod);
  };
  const api::ObjectPtr waiting = shared(Cluster::pod("a"));
  const api::ObjectPtr placed = on_node({{"app", "web"}});
  Object over = *placed;
  over.as<api::Pod>().status.phase = api::PodPhase::Succeeded;
  Object ready = *placed;
  ready.as<api::Pod>().status.set_condition(
      api::PodConditionType::Ready, true, kStartOfTime, "", "");
  const auto helps = [](api::ObjectPtr before, api::ObjectPtr after) {
    store::Change change;
    change.before = std::move(before);
    change.after = std::move(after);
    return may_help(change);
  };
  CHECK(helps(waiting, placed));
  CHECK(helps(placed, nullptr));
  CHECK(helps(placed, shared(over)));
  CHECK(helps(placed, on_node({{"app", "other"}})));
  CHECK_FALSE(helps(placed, shared(ready)));
  CHECK_FALSE(helps(nullptr, waiting));
  CHECK_FALSE(helps(waiting, nullptr));
  const Json named = {{"metadata", {{"name", "a"}, {"namespace", "default"}}}};
  CHECK(helps(nullptr, shared(api::from_json(Kind::Node, named))));
  CHECK_FALSE(helps(nullptr, shared(api::from_json(Kind::ConfigMap, named))));
}

}  // namespace stsim::placement
