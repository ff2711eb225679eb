// What becomes of the pods of a node in trouble, in time. Rules: PN-60 to PN-65, PN-70.
#include "support/catch.hpp"
#include "support/story.hpp"

#include <stsim/api/taints.hpp>

#include <optional>

using namespace stsim;
using namespace std::chrono_literals;
using api::Kind;
using api::NodeReady;
using test::MovingStory;
using test::three_ready;
using world::NodeFault;

namespace {

NodeReady ready(const MovingStory& story) {
  return api::node_ready(*story.find(Kind::Node, "node2"));
}

/// How long it takes until something holds, looked for every tenth of a second.
template <class Holds>
std::optional<SimDuration> time_until(MovingStory& story, SimDuration most, Holds holds) {
  const SimTime begin = story.world.now;
  while (!holds()) {
    if (story.world.now - begin > most) {
      return std::nullopt;
    }
    story.pass(100ms);
  }
  return story.world.now - begin;
}

/// Node2 is down, and web-1 on its way out.
MovingStory stuck() {
  MovingStory story = three_ready();
  REQUIRE(story.user().strike("node2", NodeFault::Down));
  story.settle();
  REQUIRE(story.find(Kind::Pod, "web-1")->terminating());
  return story;
}

}  // namespace

TEST_CASE(
    "PN-60: a node that is down counts as unreachable after its grace, and its pods as not ready") {
  world::Settings settings;
  SimDuration grace = 50s;
  SECTION("since 1.31") {}
  SECTION("up to 1.30") {
    settings.features = {*parse_release("1.30"), {}};
    grace = 40s;
  }
  SECTION("as the scenario says") {
    settings.node_grace = 20s;
    grace = 20s;
  }
  MovingStory story = three_ready(settings);
  REQUIRE(story.user().strike("node2", NodeFault::Down));
  CHECK(ready(story) == NodeReady::True);
  const auto noticed = time_until(story, 2min, [&] { return ready(story) == NodeReady::Unknown; });
  REQUIRE(noticed);
  // The last sign of life was up to ten seconds old, and is looked for every five.
  CHECK(*noticed >= grace - 10s);
  CHECK(*noticed <= grace + 5s + 100ms);
  story.pass(100ms);
  CHECK_FALSE(story.pod("web-1").ready());
  CHECK(story.pod("web-1").phase == api::PodPhase::Running);
  CHECK(story.pod("web-0").ready());
  CHECK(story.pod("web-2").ready());
  const api::Json& taints = api::taints_of(*story.find(Kind::Node, "node2"));
  REQUIRE(taints.size() == 2);
  CHECK(taints[0]["key"] == "node.kubernetes.io/unreachable");
  CHECK(taints[0]["effect"] == "NoSchedule");
  CHECK(taints[1]["effect"] == "NoExecute");
  CHECK(story.records.events("NodeNotReady") == 2);  // of the node, and of web-1
}

TEST_CASE("PN-61: five minutes later its pods are deleted") {
  MovingStory story = three_ready();
  REQUIRE(story.user().strike("node2", NodeFault::Down));
  REQUIRE(time_until(story, 2min, [&] { return ready(story) == NodeReady::Unknown; }));
  const auto deleted =
      time_until(story, 10min, [&] { return story.find(Kind::Pod, "web-1")->terminating(); });
  REQUIRE(deleted);
  CHECK(*deleted >= 300s);
  CHECK(*deleted < 301s);
  CHECK(story.records.events("TaintManagerEviction") == 1);
  const api::PodStatus& status = story.pod("web-1");
  CHECK(status.condition(api::PodConditionType::DisruptionTarget).status);
  CHECK(status.why.of(api::PodConditionType::DisruptionTarget).reason == "DeletionByTaintManager");
}

TEST_CASE("PN-62: nobody replaces a pod on its way out of a node that is down") {
  MovingStory story = stuck();
  const api::Uid uid = story.find(Kind::Pod, "web-1")->uid;
  story.pass(1h);
  CHECK(story.find(Kind::Pod, "web-1")->uid == uid);
  CHECK(story.find(Kind::Pod, "web-1")->terminating());
}

TEST_CASE("PN-63: the node comes back, and its pod is gone and replaced") {
  MovingStory story = stuck();
  const api::Uid uid = story.find(Kind::Pod, "web-1")->uid;
  REQUIRE(story.user().strike("node2", NodeFault::Up));
  story.settle();
  CHECK(story.find(Kind::Pod, "web-1")->uid != uid);
  CHECK(story.pod("web-1").ready());
  CHECK(ready(story) == NodeReady::True);
  CHECK(api::taints_of(*story.find(Kind::Node, "node2")).empty());
}

TEST_CASE("PN-63: a forced deletion lets the pod be replaced on another node") {
  MovingStory story = stuck();
  REQUIRE(story.user().remove({Kind::Pod, "default", "web-1"}, {0, {}, {}}));
  story.settle();
  CHECK(story.pod("web-1").ready());
  CHECK(story.find(Kind::Pod, "web-1")->as<api::Pod>().node_name != "node2");
}

TEST_CASE("PN-63, PN-70: with the node's object, its pods go after a quarantine of 40 s") {
  MovingStory story = stuck();
  const api::Uid uid = story.find(Kind::Pod, "web-1")->uid;
  REQUIRE(story.user().remove({Kind::Node, "", "node2"}, {}));
  const auto removed = time_until(story, 5min, [&] {
    const api::ObjectPtr pod = story.find(Kind::Pod, "web-1");
    return !pod || pod->uid != uid;
  });
  REQUIRE(removed);
  CHECK(*removed >= 40s);
  CHECK(*removed <= 60s + 200ms);
  story.settle();
  CHECK(story.pod("web-1").ready());
}

TEST_CASE("PN-63, PN-70: a node that is said to be out of service gives up its pods within 20 s") {
  MovingStory story = stuck();
  const api::Uid uid = story.find(Kind::Pod, "web-1")->uid;
  REQUIRE(story.user().patch(
      {Kind::Node, "", "node2"}, [](api::Json node) -> Result<api::Json, api::ApiError> {
        node["spec"]["taints"].push_back(
            {{"key", api::kOutOfServiceTaint}, {"value", "nodeshutdown"}, {"effect", "NoExecute"}});
        return node;
      }));
  const auto removed = time_until(story, 5min, [&] {
    const api::ObjectPtr pod = story.find(Kind::Pod, "web-1");
    return !pod || pod->uid != uid;
  });
  REQUIRE(removed);
  CHECK(*removed <= 20s + 200ms);
  story.settle();
  CHECK(story.pod("web-1").ready());
}

TEST_CASE("PN-61: a node that is back within five minutes keeps its pods") {
  MovingStory story = three_ready();
  const auto fault = GENERATE(NodeFault::Down, NodeFault::Unreachable);
  CAPTURE(fault == NodeFault::Down);
  const Text address = story.pod("web-1").pod_ip;
  const api::Uid uid = story.find(Kind::Pod, "web-1")->uid;
  REQUIRE(story.user().strike("node2", fault));
  story.pass(2min);
  REQUIRE_FALSE(story.pod("web-1").ready());
  REQUIRE(story.user().strike("node2", NodeFault::Up));
  story.settle();
  CHECK(story.find(Kind::Pod, "web-1")->uid == uid);
  CHECK(story.pod("web-1").ready());
  CHECK(ready(story) == NodeReady::True);
  CHECK(story.records.events("TaintManagerEviction") == 1);  // it is cancelled
  // Without power, all containers have ended; without a kubelet, they have run on.
  const bool rebooted = fault == NodeFault::Down;
  CHECK(story.pod("web-1").containers[0].restart_count == (rebooted ? 1 : 0));
  CHECK((story.pod("web-1").pod_ip != address) == rebooted);
  CHECK(story.records.events("SandboxChanged") == (rebooted ? 1 : 0));
  if (rebooted) {
    CHECK(story.pod("web-1").containers[0].last_state->exit_code == 255);
  }
}

TEST_CASE("a kubelet that is back before anybody notices leaves no trace on its node") {
  MovingStory story = three_ready();
  REQUIRE(story.user().strike("node2", NodeFault::Unreachable));
  REQUIRE(story.user().strike("node2", NodeFault::Up));
  story.settle();
  CHECK(story.world.now - kStartOfTime < 40s);
  CHECK(ready(story) == NodeReady::True);
  CHECK(story.records.calls(engine::Actor::NodeController, "nodes/status").empty());
  CHECK(story.pod("web-1").ready());
}

TEST_CASE("what happens while no kubelet is there is done once it is back") {
  MovingStory story = three_ready();
  const auto fault = GENERATE(NodeFault::Down, NodeFault::Unreachable);
  REQUIRE(story.user().strike("node2", fault));
  const api::Uid uid = story.find(Kind::Pod, "web-1")->uid;
  REQUIRE(story.user().remove({Kind::Pod, "default", "web-1"}, {}));
  story.pass(5s);
  CHECK(story.find(Kind::Pod, "web-1")->uid == uid);  // nobody stops it
  REQUIRE(story.user().strike("node2", NodeFault::Up));
  story.settle();
  CHECK(story.find(Kind::Pod, "web-1")->uid != uid);
  CHECK(story.pod("web-1").ready());
}

TEST_CASE("a pod that is placed on a dead node before that is known waits there") {
  world::Settings settings;
  settings.nodes = {"node2"};
  MovingStory story(settings);
  REQUIRE(story.user().strike("node2", NodeFault::Down));
  story.create_set("web", 1);
  story.pass(5s);
  CHECK(story.find(Kind::Pod, "web-0")->as<api::Pod>().node_name == "node2");
  CHECK(story.pod("web-0").containers.empty());
  REQUIRE(story.user().strike("node2", NodeFault::Up));
  story.settle();
  CHECK(story.pod("web-0").ready());
}

TEST_CASE("a kubelet registers its node where the object is gone") {
  MovingStory story = three_ready();
  REQUIRE(story.user().strike("node2", NodeFault::Down));
  REQUIRE(story.user().remove({Kind::Node, "", "node2"}, {}));
  story.settle();
  REQUIRE(story.user().strike("node2", NodeFault::Up));
  story.settle();
  REQUIRE(story.find(Kind::Node, "node2"));
  CHECK(ready(story) == NodeReady::True);
}

TEST_CASE("what has happened to a node does not happen again") {
  MovingStory story = three_ready();
  CHECK_FALSE(story.user().strike("node2", NodeFault::Up));
  CHECK(story.user().strike("node2", NodeFault::Unreachable));
  CHECK_FALSE(story.user().strike("node2", NodeFault::Unreachable));
  CHECK(story.user().strike("node2", NodeFault::Down));
  CHECK_FALSE(story.user().strike("node2", NodeFault::Unreachable));
  CHECK_FALSE(story.user().strike("node2", NodeFault::Down));
  CHECK(story.user().strike("node2", NodeFault::Up));
  CHECK_FALSE(story.user().strike("node2", NodeFault::Up));
  CHECK(story.user().strike("node2", NodeFault::Down));  // while it starts
  story.settle();
  CHECK(ready(story) == NodeReady::Unknown);
}

TEST_CASE("PN-61: a pod that takes the place of another has five minutes of its own") {
  MovingStory story = three_ready();
  REQUIRE(story.user().strike("node2", NodeFault::Unreachable));
  story.pass(6min);
  REQUIRE(story.find(Kind::Pod, "web-1")->terminating());
  REQUIRE(story.user().remove({Kind::Pod, "default", "web-1"}, {0, {}, {}}));
  story.settle();
  const Text node = story.find(Kind::Pod, "web-1")->as<api::Pod>().node_name;
  REQUIRE(node != "node2");
  REQUIRE(story.user().strike(std::string(node.view()), NodeFault::Unreachable));
  const auto lost = time_until(story, 2min, [&] { return !story.pod("web-1").ready(); });
  REQUIRE(lost);
  const auto deleted =
      time_until(story, 10min, [&] { return story.find(Kind::Pod, "web-1")->terminating(); });
  REQUIRE(deleted);
  CHECK(*deleted >= 299s);
}

TEST_CASE("PN-61: a pod that was deleted before its time tells nobody that it may stay") {
  MovingStory story = three_ready();
  REQUIRE(story.user().strike("node2", NodeFault::Unreachable));
  story.pass(100s);
  REQUIRE(story.user().remove({Kind::Pod, "default", "web-1"}, {0, {}, {}}));
  story.pass(10min);
  CHECK(story.pod("web-1").ready());
  CHECK(story.records.events("TaintManagerEviction") == 0);
}

TEST_CASE("a settle does not wait for a deletion that was called off") {
  MovingStory story = three_ready();
  REQUIRE(story.user().strike("node2", NodeFault::Unreachable));
  story.pass(90s);
  REQUIRE(story.user().strike("node2", NodeFault::Up));
  story.settle();
  CHECK(story.world.now - kStartOfTime < 3min);
}

TEST_CASE("a kubelet that starts knows what it has reported, however late the news of it comes") {
  world::Settings settings;
  settings.nodes = {"node1"};
  settings.watch = engine::Latency::constant(5s);
  settings.kubelet_start = engine::Latency::constant(1s);
  MovingStory story(settings);
  REQUIRE(story.user().strike("node1", NodeFault::Unreachable));
  story.create_pod("alone");
  REQUIRE(time_until(story, 1min, [&] {
    return !story.find(Kind::Pod, "alone")->as<api::Pod>().node_name.empty();
  }));
  REQUIRE(story.user().strike("node1", NodeFault::Up));
  story.settle();
  CHECK(story.pod("alone").ready());
  CHECK(story.pod("alone").pod_ip == "10.244.0.2");  // one sandbox
  CHECK(story.records.events("Started") == 1);
}

TEST_CASE("PN-60: a cordoned node that dies is told of, too") {
  MovingStory story = three_ready();
  REQUIRE(story.user().patch({Kind::Node, "", "node2"},
                             [](api::Json node) -> Result<api::Json, api::ApiError> {
                               node["spec"]["unschedulable"] = true;
                               return node;
                             }));
  story.settle();
  REQUIRE(story.records.events("NodeNotReady") == 0);
  REQUIRE(story.user().strike("node2", NodeFault::Down));
  story.pass(2min);
  CHECK(story.records.events("NodeNotReady") == 2);
}

TEST_CASE("a machine that boots needs its time, whatever else happens to it meanwhile") {
  world::Settings settings;
  settings.node_start = engine::Latency::constant(60s);
  settings.kubelet_start = engine::Latency::constant(1s);
  MovingStory story = three_ready(settings);
  REQUIRE(story.user().strike("node2", NodeFault::Down));
  REQUIRE(story.user().strike("node2", NodeFault::Up));
  story.pass(2s);
  REQUIRE(story.user().strike("node2", NodeFault::Unreachable));
  REQUIRE(story.user().strike("node2", NodeFault::Up));
  story.pass(30s);
  CHECK_FALSE(story.world.nodes.state_of("node2").kubelet);
  story.pass(31s);
  CHECK(story.world.nodes.state_of("node2").kubelet);
}

TEST_CASE("PN-60: what a kubelet has said at its start counts like its regular signs of life") {
  world::Settings settings;
  settings.node_lease = 10min;
  settings.kubelet_start = engine::Latency::constant(1s);
  MovingStory story = three_ready(settings);
  REQUIRE(story.user().strike("node2", NodeFault::Unreachable));
  REQUIRE(time_until(story, 3min, [&] { return ready(story) == NodeReady::Unknown; }));
  REQUIRE(story.user().strike("node2", NodeFault::Up));
  story.settle();
  REQUIRE(ready(story) == NodeReady::True);
  REQUIRE(story.user().strike("node2", NodeFault::Unreachable));
  const auto noticed = time_until(story, 3min, [&] { return ready(story) == NodeReady::Unknown; });
  REQUIRE(noticed);
  CHECK(*noticed >= 40s);
}

TEST_CASE("PN-64: an eviction tells why, and leaves the pod its grace") {
  MovingStory story = three_ready();
  REQUIRE(story.user().evict({Kind::Pod, "default", "web-1"}));
  const api::ObjectPtr pod = story.find(Kind::Pod, "web-1");
  CHECK(pod->terminating());
  CHECK(pod->as<api::Pod>().status.why.of(api::PodConditionType::DisruptionTarget).reason ==
        "EvictionByEvictionAPI");
  CHECK_FALSE(story.user().evict({Kind::Pod, "default", "web-7"}));
}

TEST_CASE("everything that follows from a fault names it among its causes") {
  MovingStory story = three_ready();
  REQUIRE(story.user().strike("node2", NodeFault::Down));
  engine::TraceId fault = 0;
  for (const engine::TraceRecord& record : story.records.all) {
    if (record.type == engine::TraceRecord::Type::Fault) {
      fault = record.id;
    }
  }
  REQUIRE(fault != 0);
  story.settle();
  std::vector<bool> follows(story.records.all.size() + 1);
  follows[fault] = true;
  int later = 0;
  for (const engine::TraceRecord& record : story.records.all) {
    if (record.id > fault) {
      for (const engine::TraceId cause : record.causes.ids()) {
        follows[record.id] = follows[record.id] || follows[cause];
      }
      ++later;
      CAPTURE(record.text);
      CHECK(follows[record.id]);
    }
  }
  CHECK(later > 5);
}
