// Pods that cannot do their work although nothing is wrong with them, and pods that go on with it
// although nobody knows them any more.
#include "support/catch.hpp"
#include "support/story.hpp"

#include <optional>

using namespace stsim;
using namespace std::chrono_literals;
using api::Kind;
using node::ServerState;
using test::MovingStory;
using world::NodeFault;

namespace {

void create_service(MovingStory& story, bool publish_not_ready) {
  story.create(fmt::format(
      R"({{"apiVersion":"v1","kind":"Service","metadata":{{"name":"web"}},"spec":)"
      R"({{"clusterIP":"None","publishNotReadyAddresses":{},"selector":{{"app":"web"}}}}}})",
      publish_not_ready));
}

world::Settings with_needs(const node::Needs& needs) {
  world::Settings out;
  out.timing.images["web:v1"].needs = needs;
  return out;
}

void lose_all_pods(MovingStory& story, int pods) {
  for (int i = 0; i < pods; ++i) {
    REQUIRE(story.user().remove({Kind::Pod, "default", fmt::format("web-{}", i)}, {0, {}, {}}));
  }
}

/// A set of one pod with a claim on NFS server `s`.
MovingStory with_claim(int replicas = 1, world::Settings settings = {}) {
  MovingStory story(std::move(settings));
  for (int i = 0; i < replicas; ++i) {
    story.create(fmt::format(
        R"({{"apiVersion":"v1","kind":"PersistentVolume","metadata":{{"name":"pv{0}"}},"spec":)"
        R"({{"accessModes":["ReadWriteOnce"],"capacity":{{"storage":"1Gi"}},)"
        R"("nfs":{{"server":"s","path":"/{0}"}}}}}})",
        i));
  }
  story.create(fmt::format(
      R"({{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{{"name":"web"}},"spec":{{"replicas":{},)"
      R"("serviceName":"web","selector":{{"matchLabels":{{"app":"web"}}}},)"
      R"("template":{{"metadata":{{"labels":{{"app":"web"}}}},"spec":{{"containers":[{{"name":"web",)"
      R"("image":"web:v1","readinessProbe":{{"httpGet":{{"path":"/","port":80}}}},"volumeMounts":[{{"name":"data","mountPath":"/data"}}]}}]}}}},)"
      R"("volumeClaimTemplates":[{{"metadata":{{"name":"data"}},"spec":{{"accessModes":["ReadWriteOnce"],)"
      R"("resources":{{"requests":{{"storage":"1Gi"}}}}}}}}]}}}})",
      replicas));
  return story;
}

}  // namespace

TEST_CASE("pods that need each other are lost together for good under OrderedReady") {
  MovingStory story(with_needs({.members = 2, .first_alone = true}));
  const bool publish = GENERATE(false, true);
  create_service(story, publish);
  story.create_set("web", 3, GENERATE("OrderedReady", "Parallel"));
  const bool parallel = story.find(Kind::StatefulSet, "web")->as<api::StatefulSet>().spec->parallel;
  story.settle();
  REQUIRE(story.pod("web-2").ready());
  lose_all_pods(story, 3);
  story.settle();
  story.pass(1h);
  CAPTURE(publish, parallel);
  REQUIRE_FALSE(story.pod("web-0").phase == api::PodPhase::Pending);
  REQUIRE(story.has(Kind::Pod, "web-1") == parallel);
  // They find each other only where names are published before readiness, SD-8.
  REQUIRE(story.pod("web-0").ready() == (parallel && publish));
}

TEST_CASE("a pod that loses those that it needs is not ready any more, and is again with them") {
  MovingStory story(with_needs({.members = 2, .first_alone = true}));
  create_service(story, true);
  story.create_set("web", 2, "Parallel");
  story.settle();
  // The second life of both, so that neither is a founder.
  lose_all_pods(story, 2);
  story.settle();
  REQUIRE(story.pod("web-0").ready());
  const std::string node(story.find(Kind::Pod, "web-1")->as<api::Pod>().node_name.view());
  REQUIRE(story.user().evict({Kind::Pod, "default", "web-1"}));
  REQUIRE(
      story.user().run_until([&] { return !story.pod("web-0").ready(); }, story.world.now + 2min));
  story.settle();
  REQUIRE(story.pod("web-0").ready());
  REQUIRE(story.pod("web-1").ready());
}

TEST_CASE("a pod that needs the one before it ends again and again without it") {
  MovingStory story(with_needs({.predecessor = true, .crashes = true}));
  create_service(story, false);
  story.create_set("web", 2, "Parallel");
  story.settle();
  REQUIRE(story.pod("web-0").ready());
  REQUIRE(story.pod("web-1").ready());
  REQUIRE(story.pod("web-0").containers[0].restart_count == 0);
  REQUIRE(story.pod("web-1").containers[0].restart_count > 0);
}

TEST_CASE("an ordered set of pods that each need the one before it starts without an accident") {
  MovingStory story(with_needs({.predecessor = true, .crashes = true}));
  create_service(story, false);
  story.create_set("web", 3);
  story.settle();
  REQUIRE(story.pod("web-2").ready());
  REQUIRE(story.pod("web-2").containers[0].restart_count == 0);
}

TEST_CASE("volumes of a server that does not answer are not mounted, and are once it does") {
  MovingStory story = with_claim();
  REQUIRE(story.user().strike("s", ServerState::Down));
  REQUIRE_FALSE(story.user().strike("s", ServerState::Down));
  story.settle();
  story.pass(10min);
  REQUIRE(story.pod("web-0").phase == api::PodPhase::Pending);
  REQUIRE(story.pod("web-0").containers[0].state.why->reason == "ContainerCreating");
  REQUIRE(story.records.events("FailedMount") >= 8);  // half a second, doubled up to two minutes
  REQUIRE(story.records.events("FailedMount") <= 16);
  REQUIRE(world::at_rest(story.world));
  REQUIRE(story.user().strike("s", ServerState::Up));
  REQUIRE_FALSE(world::at_rest(story.world));
  story.settle();
  REQUIRE(story.pod("web-0").ready());
}

TEST_CASE("who uses a server that does not answer is not ready, and cannot even end") {
  MovingStory story = with_claim();
  story.create_pod("other");
  story.settle();
  REQUIRE(story.user().strike("s", ServerState::Down));
  story.settle();
  REQUIRE_FALSE(story.pod("web-0").ready());
  REQUIRE(story.pod("other").ready());
  REQUIRE(story.user().remove({Kind::Pod, "default", "web-0"}, {}));
  story.settle();
  story.pass(1h);
  REQUIRE(story.find(Kind::Pod, "web-0")->terminating());
  const api::Uid uid = story.find(Kind::Pod, "web-0")->uid;
  REQUIRE(story.user().strike("s", ServerState::Up));
  story.settle();
  REQUIRE(story.find(Kind::Pod, "web-0")->uid != uid);
  REQUIRE(story.pod("web-0").ready());
}

TEST_CASE("who waited for a server goes on once it answers") {
  MovingStory story = with_claim();
  story.settle();
  REQUIRE(story.user().strike("s", ServerState::Down));
  story.pass(1min);
  REQUIRE_FALSE(story.pod("web-0").ready());
  REQUIRE(story.user().strike("s", ServerState::Up));
  story.settle();
  REQUIRE(story.pod("web-0").ready());
  REQUIRE(story.pod("web-0").containers[0].restart_count == 0);
}

TEST_CASE("a pod whose node starts anew while its server is down is ready once both are back") {
  MovingStory story = with_claim();
  story.settle();
  const std::string node(story.find(Kind::Pod, "web-0")->as<api::Pod>().node_name.view());
  REQUIRE(story.user().strike("s", ServerState::Down));
  REQUIRE(story.user().strike(node, NodeFault::Down));
  REQUIRE(story.user().strike(node, NodeFault::Up));
  story.pass(3min);
  REQUIRE(story.user().strike("s", ServerState::Up));
  story.settle();
  REQUIRE(story.pod("web-0").ready());
}

TEST_CASE("that a server waits does not put off the end of a container that ends by itself") {
  world::Settings settings;
  settings.timing.images["web:v1"].crash_after = engine::Latency::constant(1h);
  MovingStory story = with_claim(1, settings);
  REQUIRE(story.user().run_until(
      [&] { return story.has(Kind::Pod, "web-0") && story.pod("web-0").ready(); },
      story.world.now + 5min));
  story.pass(50min);
  REQUIRE(story.user().strike("s", ServerState::Down));
  story.pass(1min);
  REQUIRE(story.user().strike("s", ServerState::Up));
  story.pass(12min);
  REQUIRE(story.pod("web-0").containers[0].restart_count == 1);
}

TEST_CASE("PN-62: containers of a pod that is deleted by force run on where nobody hears of that") {
  MovingStory story;
  story.create_set("web", 2);
  story.settle();
  const bool reachable = GENERATE(false, true);
  if (!reachable) {
    REQUIRE(story.user().strike("node2", NodeFault::Unreachable));
  }
  const api::Uid uid = story.find(Kind::Pod, "web-1")->uid;
  REQUIRE(story.user().remove({Kind::Pod, "default", "web-1"}, {0, {}, {}}));
  story.settle();
  REQUIRE((story.world.nodes.orphans.find(uid) != nullptr) == !reachable);
  if (reachable) {
    return;
  }
  SECTION("until the kubelet is back") {
    REQUIRE(story.user().strike("node2", NodeFault::Up));
    story.settle();
  }
  SECTION("until the machine has no power") {
    REQUIRE(story.user().strike("node2", NodeFault::Down));
  }
  REQUIRE(story.world.nodes.orphans.empty());
}

TEST_CASE("worlds with other accidents on nodes are different situations") {
  MovingStory usual = with_claim();
  usual.settle();
  MovingStory story = with_claim();
  story.settle();
  REQUIRE(fingerprint(usual.world) == fingerprint(story.world));
  REQUIRE(story.user().strike("s", ServerState::Full));
  REQUIRE_FALSE(same(usual.world, story.world));
  REQUIRE(fingerprint(usual.world) != fingerprint(story.world));
  REQUIRE_FALSE(difference(usual.world, story.world).empty());
}
