#include "node_story.hpp"

namespace stsim::node {

using api::PodConditionType;
using api::PodPhase;
using std::chrono::seconds;

namespace {

NodeStory ready_story(const api::Json& spec = NodeStory::one()) {
  NodeStory story(spec);
  story.bind();
  story.run(seconds{5});
  REQUIRE(story.status().ready());
  story.events.clear();
  return story;
}

}  // namespace

TEST_CASE("PN-23: a stopped container ends after its own time, within the grace period") {
  NodeStory story = ready_story();
  story.remove(30);
  CHECK(story.message("Killing") == "Stopping container web");
  CHECK(story.status().ready());
  CHECK_FALSE(story.gone);
  story.run(seconds{1});
  CHECK(story.gone);
  CHECK(story.status().phase == PodPhase::Succeeded);
  CHECK(story.state() == "Completed");
  CHECK_FALSE(story.status().ready());
  CHECK(story.status().why.of(PodConditionType::Ready).reason == "PodCompleted");
  CHECK(story.reasons() == std::vector<std::string>{"Killing"});
}

TEST_CASE("PN-5: a pod on its way out stays Ready until its containers end") {
  NodeStory story = ready_story();
  story.timing.usual[Takes::Stop] = {seconds{100}, seconds{100}};
  story.remove(30);
  story.run(seconds{29});
  CHECK(story.status().ready());
  story.run(seconds{1});
  CHECK_FALSE(story.status().ready());
}

TEST_CASE("PN-23: a container that ignores SIGTERM is killed at the end of the grace period") {
  NodeStory story = ready_story();
  story.timing.usual[Takes::Stop] = {seconds{100}, seconds{100}};
  story.remove(30);
  story.run(seconds{29});
  CHECK_FALSE(story.gone);
  story.run(seconds{1});
  CHECK(story.gone);
  CHECK(story.status().phase == PodPhase::Failed);
  CHECK(story.container().state.exit_code == 137);
  CHECK(story.state() == "Error");
}

TEST_CASE("PN-23: of any number of containers those are killed that outlast the grace period") {
  constexpr std::size_t kContainers = 40;
  api::Json containers = api::Json::array();
  for (std::size_t i = 0; i < kContainers; ++i) {
    containers.push_back(
        {{"name", "c" + std::to_string(i)}, {"image", i % 2 == 0 ? "quick:v1" : "slow:v1"}});
  }
  NodeStory story(api::Json{{"containers", containers}});
  story.bind();
  story.run(std::chrono::minutes{5});
  story.timing.images["slow:v1"].takes[Takes::Stop] = engine::Latency{seconds{100}, seconds{100}};
  story.remove(30);
  story.run(seconds{30});
  REQUIRE(story.gone);
  for (std::size_t i = 0; i < kContainers; ++i) {
    CHECK(story.container(i).state.exit_code == (i % 2 == 0 ? 0 : 137));
  }
}

TEST_CASE("PN-23: a hook before the stop counts within the grace period") {
  NodeStory story = ready_story(NodeStory::one(
      {{"lifecycle", {{"preStop", {{"exec", {{"command", {"sh", "-c", "sleep 10"}}}}}}}}}));
  story.remove(30);
  story.run(seconds{10});
  CHECK_FALSE(story.gone);
  story.run(seconds{1});
  CHECK(story.gone);
}

TEST_CASE("PN-22: a second delete may shorten the wait") {
  NodeStory story = ready_story();
  story.timing.usual[Takes::Stop] = {seconds{100}, seconds{100}};
  story.remove(30);
  story.run(seconds{5});
  story.remove(2);
  story.run(seconds{2});
  CHECK(story.gone);
  CHECK(story.count("Killing") == 1);
}

TEST_CASE("PN-21: a pod that was deleted before anything ran goes at once") {
  NodeStory story(NodeStory::one());
  story.timing.images["web:v1"].takes[Takes::ImagePull] =
      engine::Latency{seconds{100}, seconds{100}};
  story.bind();
  story.run(seconds{5});
  story.remove(30);
  story.run(seconds{0});
  CHECK(story.gone);
  CHECK(story.count("Killing") == 0);
  CHECK(story.count("Started") == 0);
}

TEST_CASE("PN-23: nothing is started or restarted while a pod is on its way out") {
  NodeStory story(NodeStory::one());
  story.timing.images["web:v1"].never = Never::Start;
  story.bind();
  story.run(seconds{5});
  const int started = story.count("Started");
  story.timing.usual[Takes::Stop] = {seconds{100}, seconds{100}};
  story.remove(30);
  story.run(seconds{30});
  CHECK(story.gone);
  CHECK(story.count("Started") == started);
}

TEST_CASE("PN-31: the first restart is immediate, then 10 s, 20 s, up to 300 s after each exit") {
  NodeStory story(NodeStory::one());
  story.timing.images["web:v1"].never = Never::Start;
  story.bind();
  std::vector<std::int64_t> starts;
  for (int second = 0; second < 1200; ++second) {
    const int before = story.count("Started");
    story.run(seconds{second == 0 ? 0 : 1});
    if (story.count("Started") > before) {
      starts.push_back(second);
    }
  }
  // A start takes a second, and the kubelet sees an exit after one.
  CHECK(starts == std::vector<std::int64_t>{2, 4, 15, 36, 77, 158, 319, 620, 921});
  CHECK(story.container().restart_count == 8);
}

TEST_CASE("PN-6: a kubelet sees the exit of a container within a second") {
  NodeStory story(NodeStory::one());
  story.timing.images["web:v1"].crash_after = engine::Latency{seconds{60}, seconds{60}};
  story.bind();
  story.run(seconds{62});  // a second each for the pull and the start
  CHECK(story.state() == "Error");
  const SimTime exit = story.now;
  while (story.count("Pulled") == 1) {
    story.run(std::chrono::milliseconds{100});
  }
  CHECK(story.now - exit == seconds{1});
}

TEST_CASE("PN-33: Error right after the exit, then CrashLoopBackOff; the phase stays Running") {
  NodeStory story(NodeStory::one());
  story.timing.images["web:v1"].never = Never::Start;
  story.timing.images["web:v1"].exit_code = 3;
  story.bind();
  story.run(seconds{4});
  CHECK(story.state() == "Error");
  CHECK(story.container().state.exit_code == 3);
  CHECK(story.container().restart_count == 1);
  CHECK(story.count("BackOff") == 0);
  story.run(seconds{1});
  CHECK(story.state() == "CrashLoopBackOff");
  CHECK(story.container().state.why->message ==
        "back-off 10s restarting failed container=web pod=web-0_default(" + story.pod.uid.text() +
            ")");
  CHECK(story.message("BackOff") ==
        "Back-off restarting failed container web in pod web-0_default(" + story.pod.uid.text() +
            ")");
  CHECK(story.container().last_state->exit_code == 3);
  CHECK(story.status().phase == PodPhase::Running);
  CHECK_FALSE(story.status().ready());
  CHECK(story.timers.size() == 1);
  CHECK(only_repeats(story.timers.begin()->second, story.pod, story.timing, story.nodes));
}

TEST_CASE("PN-32: after ten quiet minutes restarts are immediate again") {
  NodeStory story(NodeStory::one());
  story.timing.images["web:v1"].crash_after = engine::Latency{seconds{700}, seconds{700}};
  story.bind();
  story.run(seconds{4 * 720});
  CHECK(story.container().restart_count == 4);
  CHECK(story.count("BackOff") == 0);
}

TEST_CASE("PN-30: an exit with code 0 is a restart, too, unless the policy says otherwise") {
  api::Json spec = NodeStory::one();
  const auto run = [&spec](const char* policy, int code) {
    spec["restartPolicy"] = policy;
    NodeStory story(spec);
    story.timing.images["web:v1"].crash_after = engine::Latency{seconds{5}, seconds{5}};
    story.timing.images["web:v1"].exit_code = code;
    story.bind();
    story.run(seconds{10});
    return story;
  };
  CHECK(run("Always", 0).container().restart_count == 1);
  CHECK(run("OnFailure", 1).container().restart_count == 1);
  CHECK(run("OnFailure", 0).status().phase == PodPhase::Succeeded);
  CHECK(run("Never", 1).status().phase == PodPhase::Failed);
  CHECK(run("Never", 1).timers.empty());
}

TEST_CASE("PN-31: a crash that somebody else reports is followed by a restart") {
  NodeStory story = ready_story();
  api::PodStatus status = story.status();
  api::ContainerStatus& container = status.containers.edit()[0];
  container.ready = false;
  ++container.restart_count;
  container.state = {};
  container.state.type = api::ContainerState::Type::Waiting;
  container.state.why = api::explained("CrashLoopBackOff", {});
  status.set_condition(PodConditionType::Ready, false, story.now);
  story.report(status);
  story.run(seconds{9});
  CHECK(story.state() == "CrashLoopBackOff");
  story.run(seconds{5});
  CHECK(story.status().ready());
}

TEST_CASE("A pod that others have made Ready, or that has failed, is left alone") {
  NodeStory story(NodeStory::one());
  story.bind();
  api::PodStatus status = story.status();
  api::ContainerStatus& container = status.containers.edit()[0];
  container.state = {};
  container.state.type = api::ContainerState::Type::Running;
  container.ready = true;
  story.report(status);
  story.run(seconds{100});
  CHECK(story.container().ready);
  CHECK(story.count("Created") == 0);

  NodeStory failed = ready_story();
  status = failed.status();
  status.phase = PodPhase::Failed;
  failed.report(status);
  failed.run(seconds{100});
  CHECK(failed.status().phase == PodPhase::Failed);
}

TEST_CASE("A story that is copied in the middle goes on as the original does") {
  NodeStory story(NodeStory::one());
  story.timing.usual[Takes::ContainerStart] = {seconds{1}, seconds{9}};
  story.timing.images["web:v1"].crash_after = engine::Latency{seconds{1}, seconds{60}};
  story.bind();
  story.run(seconds{40});
  NodeStory copy = story;
  story.run(seconds{500});
  copy.run(seconds{500});
  CHECK(story.status() == copy.status());
  CHECK(story.reasons() == copy.reasons());
}

TEST_CASE("PN-41: the first failed pull is news, later ones are repetitions") {
  NodeStory story(NodeStory::one());
  story.timing.images["web:v1"].never = Never::Pull;
  story.bind();
  const auto repeats = [&story] {
    return only_repeats(story.timers.begin()->second, story.pod, story.timing, story.nodes);
  };
  story.run(seconds{0});
  CHECK_FALSE(repeats());
  story.run(seconds{1});
  CHECK_FALSE(repeats());
  story.run(seconds{1});
  CHECK(story.state() == "ImagePullBackOff");
  CHECK(repeats());
  story.run(seconds{100});
  CHECK(repeats());
}

TEST_CASE("what a pod has written goes with it, and what is on its volumes stays") {
  const NodeStory story(NodeStory::one());
  const std::string own = story.pod.uid.text();
  Nodes nodes;
  for (const std::string& place : {own + "/web/0", own + "/volumes/cache", own + "x/web/0"}) {
    nodes.files.set({place, "/tmp/f"}, "hello");
  }
  nodes.files.set({"node2:/data/volumes/v1", "/index.html"}, "hello");
  nodes.forget(story.pod);
  CHECK(nodes.files.size() == 2);
  CHECK(nodes.files.find(FileKey{"node2:/data/volumes/v1", "/index.html"}) != nullptr);
}

TEST_CASE("PN-23: a preStop command of many long sleeps takes long, and no more") {
  api::Json command = api::Json::array({"sh", "-c", ""});
  std::string line;
  for (int i = 0; i < 2'000; ++i) {
    line += "sleep 2562047h; ";
  }
  command[2] = line;
  NodeStory story = ready_story(
      NodeStory::one({{"lifecycle", {{"preStop", {{"exec", {{"command", command}}}}}}}}));
  story.remove(30);
  story.run(seconds{29});
  CHECK_FALSE(story.gone);
  story.run(seconds{3});
  CHECK(story.gone);
}

}  // namespace stsim::node
