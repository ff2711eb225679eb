#include "node_story.hpp"

namespace stsim::node {

using api::PodConditionType;
using api::PodPhase;
using std::chrono::seconds;

TEST_CASE("PN-12: a pod that comes to a node is being created, with its node's address") {
  NodeStory story(NodeStory::one());
  story.bind("node2");
  CHECK(story.state() == "ContainerCreating");
  CHECK(story.status().phase == PodPhase::Pending);
  CHECK(story.status().host_ip == "10.1.0.2");
  CHECK(story.status().start_time == story.now);
  CHECK(story.status().condition(PodConditionType::PodScheduled).status);
  CHECK(story.status().condition(PodConditionType::Initialized).status);
  CHECK_FALSE(story.status().ready());
  CHECK(story.status().why.of(PodConditionType::Ready).reason == "ContainersNotReady");
  CHECK(story.status().why.of(PodConditionType::Ready).message ==
        "containers with unready status: [web]");
}

TEST_CASE("PN-10: events and states from the pull to readiness, in order") {
  NodeStory story(NodeStory::one());
  story.bind();
  story.run(seconds{0});
  CHECK(story.status().pod_ip == "10.244.0.2");
  CHECK(story.status().condition(PodConditionType::PodReadyToStartContainers).status);
  CHECK(story.reasons() == std::vector<std::string>{"Pulling"});
  story.run(seconds{2});
  CHECK(story.reasons() == std::vector<std::string>{"Pulling", "Pulled", "Created", "Started"});
  CHECK(story.message("Pulling") == "Pulling image \"web:v1\"");
  CHECK(story.message("Pulled").starts_with(
      "Successfully pulled image \"web:v1\" in 1s (1s including waiting). Image size: "));
  CHECK(story.message("Created") == "Container created");
  CHECK(story.message("Started") == "Container started");
  CHECK(story.state() == "running");
  CHECK(story.container().state.started_at == kStartOfTime + seconds{2});
  CHECK(story.status().phase == PodPhase::Running);
  CHECK_FALSE(story.status().ready());
  story.run(seconds{1});
  CHECK(story.status().ready());
  CHECK(story.container().ready);
  CHECK(story.status().condition(PodConditionType::Ready).last_transition() ==
        kStartOfTime + seconds{3});
  CHECK(story.timers.empty());
  CHECK(story.nodes.has_image("node1", "web:v1"));
}

TEST_CASE("PN-10: the message of a pull tells its length to the millisecond, however long it was") {
  const auto told = [](SimDuration pull) {
    NodeStory story(NodeStory::one());
    story.timing.usual[Takes::ImagePull] = {pull, pull};
    story.bind();
    story.run(pull);
    return story.message("Pulled");
  };
  const std::string begin = "Successfully pulled image \"web:v1\" in ";
  CHECK(told(std::chrono::minutes{20}).starts_with(begin + "20m0s (20m0s including"));
  CHECK(told(std::chrono::microseconds{1'234'567}).starts_with(begin + "1.234s (1.234s including"));
}

TEST_CASE("PN-10: older releases name the container") {
  NodeStory story(NodeStory::one(), {34, -1});
  story.nodes.add_image("node1", "web:v1");
  story.bind();
  story.run(seconds{1});
  CHECK(story.message("Pulled") == "Container image \"web:v1\" already present on machine");
  CHECK(story.message("Created") == "Created container: web");
  CHECK(story.message("Started") == "Started container web");
}

TEST_CASE("PN-11: an image that is there is pulled only if the policy says Always") {
  for (const char* policy : {"IfNotPresent", "Always", "Never"}) {
    NodeStory story(NodeStory::one({{"imagePullPolicy", policy}}));
    story.nodes.add_image("node1", "web:v1");
    story.bind();
    story.run(seconds{0});
    CHECK(story.reasons().front() == (std::string(policy) == "Always" ? "Pulling" : "Pulled"));
  }
}

TEST_CASE("PN-41: policy Never without the image waits with ErrImageNeverPull") {
  NodeStory story(NodeStory::one({{"imagePullPolicy", "Never"}}));
  story.bind();
  story.run(seconds{100});
  CHECK(story.state() == "ErrImageNeverPull");
  CHECK(story.timers.empty());
}

TEST_CASE("PN-12: volumes are mounted first, and only where there are claims") {
  api::Json spec = NodeStory::one();
  spec["volumes"] = {{{"name", "data"}, {"persistentVolumeClaim", {{"claimName", "data-web-0"}}}}};
  NodeStory story(spec);
  story.timing.usual[Takes::VolumeMount] = {seconds{5}, seconds{5}};
  story.bind();
  story.run(seconds{4});
  CHECK(story.status().pod_ip.empty());
  CHECK_FALSE(story.status().condition(PodConditionType::PodReadyToStartContainers).status);
  story.run(seconds{1});
  CHECK(story.status().pod_ip == "10.244.0.2");
}

TEST_CASE(
    "PN-1: with two containers the pod is Pending until both were started, Ready when both are") {
  api::Json spec = {
      {"containers",
       {{{"name", "web"}, {"image", "web:v1"}}, {{"name", "log"}, {"image", "log:v1"}}}}};
  NodeStory story(spec);
  story.timing.images["log:v1"].takes[Takes::Ready] = engine::Latency{seconds{10}, seconds{10}};
  story.bind();
  story.run(seconds{2});
  CHECK(story.state(0) == "running");
  CHECK(story.state(1) == "ContainerCreating");
  CHECK(story.status().phase == PodPhase::Pending);
  story.run(seconds{2});
  CHECK(story.state(1) == "running");
  CHECK(story.status().phase == PodPhase::Running);
  CHECK(story.status().why.of(PodConditionType::Ready).message ==
        "containers with unready status: [log]");
  story.run(seconds{10});
  CHECK(story.status().ready());
  CHECK(story.count("Pulling") == 2);
}

TEST_CASE("PN-40: an image that cannot be had") {
  NodeStory story(NodeStory::one());
  story.timing.images["web:v1"].never = Never::Pull;
  story.bind();
  story.run(seconds{1});
  const std::string error =
      "rpc error: code = NotFound desc = failed to pull and unpack image "
      "\"docker.io/library/web:v1\": "
      "failed to resolve reference \"docker.io/library/web:v1\": docker.io/library/web:v1: not "
      "found";
  CHECK(story.state() == "ErrImagePull");
  CHECK(story.container().state.why->message == error);
  CHECK(story.message("Failed") == "Failed to pull image \"web:v1\": " + error);
  CHECK(story.events.back().message == "Error: ErrImagePull");
  CHECK(story.status().phase == PodPhase::Pending);
  story.run(seconds{1});
  CHECK(story.state() == "ImagePullBackOff");
  CHECK(story.container().state.why->message ==
        "Back-off pulling image \"web:v1\": ErrImagePull: " + error);
  CHECK(story.message("BackOff") == "Back-off pulling image \"web:v1\"");
  CHECK(story.events.back().message == "Error: ImagePullBackOff");
}

TEST_CASE("PN-41: pulls are tried again 10 s after the last failure, then 20 s, up to 300 s") {
  NodeStory story(NodeStory::one());
  story.timing.images["web:v1"].never = Never::Pull;
  story.bind();
  std::vector<std::int64_t> pulls;
  for (int second = 0; second < 1600; ++second) {
    const int before = story.count("Pulling");
    story.run(seconds{second == 0 ? 0 : 1});
    if (story.count("Pulling") > before) {
      pulls.push_back(second);
    }
  }
  // Each attempt takes a second.
  CHECK(pulls == std::vector<std::int64_t>{0, 11, 32, 73, 154, 315, 616, 917, 1218, 1519});
}

TEST_CASE("PN-4: a readiness probe is asked after its initial delay and then once a period") {
  const api::Json probe = {
      {"httpGet", {{"path", "/"}, {"port", 80}}}, {"initialDelaySeconds", 5}, {"periodSeconds", 3}};
  NodeStory story(NodeStory::one({{"readinessProbe", probe}}));
  story.bind();
  SECTION("the first one succeeds") {
    story.run(seconds{6});
    CHECK_FALSE(story.status().ready());
    story.run(seconds{1});
    CHECK(story.status().ready());
    CHECK(story.count("Unhealthy") == 0);
  }
  SECTION("the application comes up later") {
    story.timing.images["web:v1"].takes[Takes::Ready] = engine::Latency{seconds{9}, seconds{9}};
    story.run(seconds{2 + 10});
    CHECK_FALSE(story.status().ready());
    CHECK(story.count("Unhealthy") == 2);
    CHECK(story.message("Unhealthy") ==
          "Readiness probe failed: Get \"http://10.244.0.2:80/\": dial tcp 10.244.0.2:80: connect: "
          "connection refused");
    story.run(seconds{1});
    CHECK(story.status().ready());
  }
  SECTION("the application takes days") {
    constexpr std::chrono::hours kLong{200};
    story.timing.images["web:v1"].takes[Takes::Ready] = engine::Latency{kLong, kLong};
    story.run(seconds{2} + kLong - seconds{1});
    CHECK_FALSE(story.status().ready());
    CHECK(story.count("Unhealthy") == (kLong - seconds{5}) / seconds{3} + 1);
    story.run(seconds{4});
    CHECK(story.status().ready());
  }
  SECTION("never") {
    story.timing.images["web:v1"].never = Never::Ready;
    story.run(seconds{60});
    CHECK_FALSE(story.status().ready());
    CHECK(story.count("Unhealthy") > 10);
    CHECK(only_repeats(story.timers.begin()->second, story.pod, story.timing, story.nodes));
  }
}

TEST_CASE("PN-2: a startup probe holds back started and ready") {
  const api::Json probe = {{"tcpSocket", {{"port", 80}}}, {"periodSeconds", 4}};
  NodeStory story(NodeStory::one({{"startupProbe", probe}}));
  story.timing.images["web:v1"].takes[Takes::Ready] = engine::Latency{seconds{1}, seconds{1}};
  story.bind();
  story.run(seconds{2});
  CHECK_FALSE(story.container().started);
  story.run(seconds{4});
  CHECK(story.container().started);
  CHECK(story.status().ready());
}

TEST_CASE("PN-2: without a probe an image that never becomes ready runs quietly") {
  NodeStory story(NodeStory::one());
  story.timing.images["web:v1"].never = Never::Ready;
  story.bind();
  story.run(seconds{1000});
  CHECK(story.state() == "running");
  CHECK_FALSE(story.status().ready());
  CHECK(story.timers.empty());
}

TEST_CASE("PN-2: readiness gates that nobody sets keep a pod from being Ready") {
  api::Json spec = NodeStory::one();
  spec["readinessGates"] = {{{"conditionType", "example.com/fed"}}};
  NodeStory story(spec);
  story.bind();
  story.run(seconds{10});
  CHECK(story.status().condition(PodConditionType::ContainersReady).status);
  CHECK_FALSE(story.status().ready());
  CHECK(story.status().why.of(PodConditionType::Ready).reason == "ReadinessGatesNotReady");
}

TEST_CASE("PN-2: up to 1.28 pods have no condition PodReadyToStartContainers") {
  NodeStory story(NodeStory::one(), {28, -1});
  story.bind();
  story.run(seconds{10});
  CHECK_FALSE(story.status().condition(PodConditionType::PodReadyToStartContainers).present);
}

TEST_CASE("Addresses follow the node's number and are given out in order") {
  const std::vector<std::string> nodes{"node1", "node2"};
  CHECK(host_address("node2", nodes) == "10.1.0.2");
  CHECK(pod_address("node1", nodes, 0) == "10.244.0.2");
  CHECK(pod_address("node2", nodes, 3) == "10.244.1.5");
  CHECK(pod_address("node2", nodes, 252) == "10.244.1.254");
  CHECK(pod_address("node2", nodes, 253) == "10.245.1.2");
}

}  // namespace stsim::node
