// What a story says of containers, at its beginning and later, and which of several sayings counts.
#include "node_story.hpp"

namespace stsim::node {

using std::chrono::seconds;

namespace {

api::Json probed() {
  return {{"readinessProbe",
           {{"httpGet", {{"path", "/"}, {"port", 80}}},
            {"periodSeconds", 5},
            {"failureThreshold", 2}}}};
}

Behaviour never(Never what) {
  Behaviour out;
  out.never = what;
  return out;
}

engine::Latency always(SimDuration length) {
  return engine::Latency::constant(length);
}

/// When the story's container became ready, in seconds.
std::int64_t ready_at(NodeStory& story) {
  story.bind();
  for (std::int64_t second = 0; second < 100; ++second) {
    if (story.status().ready()) {
      return second;
    }
    story.run(seconds{1});
  }
  return -1;
}

}  // namespace

TEST_CASE("a pod's own length counts before its image's, the node's and the usual one") {
  NodeStory story(NodeStory::one());
  CHECK(ready_at(story) == 3);  // pull, start, ready: a second each
  NodeStory on_slow(NodeStory::one());
  on_slow.timing.nodes["node1"][Takes::Ready] = always(seconds{10});
  CHECK(ready_at(on_slow) == 12);
  NodeStory of_image(NodeStory::one());
  of_image.timing.nodes["node1"][Takes::Ready] = always(seconds{10});
  of_image.timing.images["web:v1"].takes[Takes::Ready] = always(seconds{20});
  CHECK(ready_at(of_image) == 22);
  NodeStory of_pod(NodeStory::one());
  of_pod.timing.nodes["node1"][Takes::Ready] = always(seconds{10});
  of_pod.timing.images["web:v1"].takes[Takes::Ready] = always(seconds{20});
  of_pod.timing.pods["web-0"].takes[Takes::Ready] = always(seconds{30});
  CHECK(ready_at(of_pod) == 32);
}

TEST_CASE("lengths of other nodes, images and pods do not count") {
  NodeStory story(NodeStory::one());
  story.timing.nodes["node2"][Takes::Ready] = always(seconds{10});
  story.timing.images["web:v2"].takes[Takes::Ready] = always(seconds{20});
  story.timing.pods["web-1"].takes[Takes::Ready] = always(seconds{30});
  CHECK(ready_at(story) == 3);
}

TEST_CASE("PN-11: an image that is there is only checked, if it is to be pulled always") {
  NodeStory story(NodeStory::one({{"imagePullPolicy", "Always"}}));
  story.timing.usual[Takes::ImagePull] = always(seconds{50});
  story.timing.usual[Takes::ImageCheck] = always(seconds{2});
  SECTION("it is there") {
    story.nodes.add_image("node1", "web:v1");
    CHECK(ready_at(story) == 4);
  }
  SECTION("it is not") {
    CHECK(ready_at(story) == 52);
  }
}

TEST_CASE(
    "PN-4: a ready container loses its readiness after as many failed probes as it may have") {
  NodeStory story(NodeStory::one(probed()));
  REQUIRE(ready_at(story) > 0);
  story.image_becomes("web:v1", never(Never::Ready));
  story.run(seconds{9});
  CHECK(story.status().ready());
  CHECK(story.count("Unhealthy") == 1);
  story.run(seconds{1});
  CHECK_FALSE(story.status().ready());
  CHECK(story.count("Unhealthy") == 2);
  CHECK(story.message("Unhealthy") ==
        "Readiness probe failed: HTTP probe failed with statuscode: 503");
  CHECK(story.container().restart_count == 0);
  story.run(seconds{20});
  CHECK(story.count("Unhealthy") == 6);
  // What is left are failing probes: nothing new comes of them, until something changes.
  REQUIRE(story.timers.size() == 1);
  CHECK(only_repeats(story.timers.begin()->second, story.pod, story.timing, story.nodes));
  story.image_becomes("web:v1", {});
  CHECK_FALSE(only_repeats(story.timers.begin()->second, story.pod, story.timing, story.nodes));
  story.run(seconds{5});
  CHECK(story.status().ready());
  CHECK(story.timers.empty());
}

TEST_CASE("a container that recovers before its last probe fails stays ready") {
  NodeStory story(NodeStory::one(probed()));
  REQUIRE(ready_at(story) > 0);
  story.image_becomes("web:v1", never(Never::Ready));
  story.run(seconds{6});
  story.image_becomes("web:v1", {});
  story.run(seconds{60});
  CHECK(story.status().ready());
  CHECK(story.count("Unhealthy") == 1);
}

TEST_CASE("a container without a probe loses and regains its readiness with its application") {
  NodeStory story(NodeStory::one());
  REQUIRE(ready_at(story) == 3);
  story.image_becomes("web:v1", never(Never::Ready));
  story.run(seconds{0});
  CHECK_FALSE(story.status().ready());
  CHECK(story.count("Unhealthy") == 0);
  story.image_becomes("web:v1", {});
  story.run(seconds{1});
  CHECK(story.status().ready());
}

TEST_CASE(
    "PN-31: a running container that begins to crash does so again and again, until it is cured") {
  NodeStory story(NodeStory::one());
  REQUIRE(ready_at(story) == 3);
  Behaviour crashing;
  crashing.crash_after = always(seconds{5});
  crashing.exit_code = 3;
  story.image_becomes("web:v1", crashing);
  story.run(seconds{5});
  CHECK(story.state() == "Error");
  CHECK(story.container().state.exit_code == 3);
  story.run(seconds{10});
  CHECK(story.container().restart_count == 1);
  CHECK(story.state() == "CrashLoopBackOff");
  story.image_becomes("web:v1", {});
  story.run(std::chrono::minutes{10});
  CHECK(story.state() == "running");
  CHECK(story.container().restart_count == 2);
  CHECK(story.status().ready());
}

TEST_CASE("a container that is cured before it has crashed does not crash") {
  NodeStory story(NodeStory::one());
  REQUIRE(ready_at(story) == 3);
  Behaviour crashing;
  crashing.crash_after = always(seconds{5});
  story.image_becomes("web:v1", crashing);
  story.run(seconds{4});
  story.image_becomes("web:v1", {});
  story.run(seconds{60});
  CHECK(story.state() == "running");
  CHECK(story.container().restart_count == 0);
}

TEST_CASE("PN-41: an image that can be had again is pulled at the end of the back-off") {
  NodeStory story(NodeStory::one());
  story.timing.images["web:v1"] = never(Never::Pull);
  story.bind();
  story.run(seconds{2});
  CHECK(story.state() == "ImagePullBackOff");
  story.image_becomes("web:v1", {});
  story.run(seconds{12});
  CHECK(story.status().ready());
}

TEST_CASE("PN-4: a startup probe that has succeeded does not run again") {
  api::Json container = probed();
  container["startupProbe"] = {{"tcpSocket", {{"port", 80}}}, {"periodSeconds", 60}};
  NodeStory story(NodeStory::one(container));
  REQUIRE(ready_at(story) > 0);
  story.image_becomes("web:v1", never(Never::Ready));
  story.run(seconds{120});
  CHECK_FALSE(story.status().ready());
  for (const PodEvent& event : story.events) {
    if (event.reason == "Unhealthy") {
      CHECK(event.message.starts_with("Readiness"));
    }
  }
  story.image_becomes("web:v1", {});
  story.run(seconds{5});
  CHECK(story.status().ready());
}

TEST_CASE("what follows from an earlier change is void after another one") {
  NodeStory story(NodeStory::one());
  REQUIRE(ready_at(story) == 3);
  Behaviour crashing;
  crashing.crash_after = always(seconds{60});
  story.image_becomes("web:v1", crashing);
  story.run(seconds{50});
  story.image_becomes("web:v1", {});
  story.image_becomes("web:v1", crashing);
  story.run(seconds{59});
  CHECK(story.state() == "running");
  story.run(seconds{1});
  CHECK(story.state() == "Error");
}

TEST_CASE("a container that was stuck, cured and stuck again is asked once each time") {
  NodeStory story(NodeStory::one(probed()));
  REQUIRE(ready_at(story) > 0);
  story.image_becomes("web:v1", never(Never::Ready));
  story.run(seconds{2});
  story.image_becomes("web:v1", {});
  story.image_becomes("web:v1", never(Never::Ready));
  story.run(seconds{9});
  CHECK(story.status().ready());
  CHECK(story.count("Unhealthy") == 1);
  story.run(seconds{1});
  CHECK_FALSE(story.status().ready());
}

TEST_CASE("what is said of a pod counts before what its image does, even that nothing is wrong") {
  Nodes nodes;
  Timing timing;
  NodeStory story(NodeStory::one());
  timing.images["web:v1"] = never(Never::Pull);
  CHECK(never_ready(story.pod, timing, nodes));
  change_behaviour(nodes, timing, false, "web-0", {});
  CHECK_FALSE(never_ready(story.pod, timing, nodes));
  change_behaviour(nodes, timing, false, "web-0", never(Never::Ready));
  CHECK(never_ready(story.pod, timing, nodes));
}

TEST_CASE("a change of what containers do leaves how long things take") {
  NodeStory story(NodeStory::one());
  story.timing.images["web:v1"].takes[Takes::Ready] = always(seconds{20});
  story.timing.images["web:v1"].never = Never::Start;
  change_behaviour(story.nodes, story.timing, true, "web:v1", {});
  CHECK(ready_at(story) == 22);
}

TEST_CASE("PN-30: a kubelet that starts does not start again what has ended for good") {
  api::Json spec = NodeStory::one();
  spec["restartPolicy"] = "OnFailure";
  NodeStory story(spec);
  story.timing.images["web:v1"].crash_after = always(seconds{1});
  story.timing.images["web:v1"].exit_code = 0;
  spec["containers"].push_back({{"name", "other"}, {"image", "other:v1"}});
  NodeStory two(spec);
  two.timing.images = story.timing.images;
  two.bind();
  two.run(seconds{10});
  REQUIRE(two.state(0) == "Completed");
  REQUIRE(two.state(1) == "running");
  two.restart_kubelet(false);
  two.run(seconds{10});
  CHECK(two.state(0) == "Completed");
  CHECK(two.container(0).restart_count == 0);
  two.restart_kubelet(true);
  two.run(seconds{10});
  CHECK(two.state(0) == "Completed");
  CHECK(two.state(1) == "running");
  CHECK(two.container(1).restart_count == 1);
}

TEST_CASE("behaviours in words") {
  CHECK(to_string(Behaviour{}) == "as usual");
  Behaviour all;
  all.never = Never::Ready;
  all.crash_after = engine::Latency{seconds{5}, seconds{6}};
  all.exit_code = 0;
  all.takes[Takes::Stop] = always(seconds{2});
  CHECK(to_string(all) ==
        "never ready; ends by itself after each start: uniform, 5s to 6s; exit code 0; stop 2s");
}

}  // namespace stsim::node
