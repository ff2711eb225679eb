// What pods are told when they look names up, and for how long it stays so. Rule: SD-27.
#include "support/catch.hpp"
#include "support/story.hpp"

using namespace stsim;
using namespace std::chrono_literals;
using api::Kind;
using dns::RecordType;
using test::MovingStory;

namespace {

const api::ObjectKey kAsker{Kind::Pod, "default", "web-0"};
constexpr std::string_view kName = "web-1.web.default.svc.cluster.local";

MovingStory two_ready(const dns::Settings& dns) {
  world::Settings settings;
  settings.dns = dns;
  MovingStory story(std::move(settings));
  story.create(R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":)"
               R"({"clusterIP":"None","selector":{"app":"web"}}})");
  story.create_set("web", 2);
  story.settle();
  return story;
}

dns::Reply ask(MovingStory& story, std::string_view name = kName) {
  return story.user().ask_names(kAsker)(name, RecordType::A);
}

std::string address(const dns::Reply& reply) {
  return reply.records.empty() ? "" : reply.records.front().data;
}

std::string address_of(const MovingStory& story) {
  return std::string(story.pod("web-1").pod_ip.view());
}

void replace(MovingStory& story) {
  REQUIRE(story.user().remove({Kind::Pod, "default", "web-1"}, {}));
  story.settle();
}

constexpr dns::Limits kNone{};

}  // namespace

TEST_CASE("a server says for as long as records live what it said first") {
  MovingStory story = two_ready({});
  const dns::Reply first = ask(story);
  REQUIRE(address(first) == address_of(story));
  REQUIRE(first.age == SimDuration{});
  REQUIRE(first.time_to_live == 30s);
  const SimTime asked = story.world.now;
  replace(story);
  REQUIRE(address(first) != address_of(story));
  story.user().run_until(asked + 29s);
  const dns::Reply old = ask(story);
  REQUIRE(address(old) == address(first));
  REQUIRE(old.age == 29s);
  REQUIRE(old.time_to_live == 1s);
  REQUIRE(old.records.front().time_to_live == 1s);
  REQUIRE(old.from == "the cache of the DNS server");
  story.user().run_until(asked + 30s);
  REQUIRE(address(ask(story)) == address_of(story));
}

TEST_CASE("a server denies for a while what it has denied") {
  dns::Settings settings;
  SECTION("as usual") {}
  SECTION("for a shorter time") {
    settings.server.negative = 5s;
  }
  SECTION("not at all") {
    settings.server.negative = {};
  }
  MovingStory story = two_ready(settings);
  const std::string later = "web-2.web.default.svc.cluster.local";
  REQUIRE(ask(story, later).code == dns::Code::NxDomain);
  const SimTime asked = story.world.now;
  REQUIRE(
      story.user().patch(test::kWeb, [](api::Json document) -> Result<api::Json, api::ApiError> {
        document["spec"]["replicas"] = 3;
        return document;
      }));
  story.settle();
  REQUIRE(story.pod("web-2").ready());
  const SimDuration kept = settings.server.negative;
  if (story.world.now < asked + kept) {
    story.user().run_until(asked + kept - SimDuration{1});
    REQUIRE(address(ask(story, later)).empty());
  }
  story.user().run_until(asked + kept);
  REQUIRE_FALSE(address(ask(story, later)).empty());
}

TEST_CASE("a pod with a cache of its own asks nobody as long as that answers") {
  dns::Settings settings;
  settings.server = kNone;
  settings.client = {10s, {}};
  MovingStory story = two_ready(settings);
  const dns::Reply first = ask(story);
  const SimTime asked = story.world.now;
  replace(story);
  if (story.world.now < asked + 10s) {
    const dns::Reply kept = ask(story);
    REQUIRE(address(kept) == address(first));
    REQUIRE(kept.from == "the pod's own cache");
    // It is the cache of one pod.
    REQUIRE(address(story.user().ask_names({Kind::Pod, "default", "other"})(
                kName, RecordType::A)) == address_of(story));
  }
  story.user().run_until(asked + 10s);
  REQUIRE(address(ask(story)) == address_of(story));
}

TEST_CASE("what a cache got from a cache is as old as it is, and lives no longer") {
  dns::Settings settings;
  settings.client = {1h, 1h};
  MovingStory story = two_ready(settings);
  const SimTime asked = story.world.now;
  static_cast<void>(story.user().ask_names({Kind::Pod, "default", "other"})(kName, RecordType::A));
  story.user().run_until(asked + 20s);
  REQUIRE(ask(story).age == 20s);
  story.user().run_until(asked + 29s);
  const dns::Reply kept = ask(story);
  REQUIRE(kept.from == "the pod's own cache");
  REQUIRE(kept.age == 29s);
  REQUIRE(kept.time_to_live == 1s);
}

TEST_CASE(
    "a server that is out of date serves what it had, and one of several is asked at random") {
  dns::Settings settings;
  settings.server = kNone;
  settings.servers = 2;
  MovingStory story = two_ready(settings);
  const std::string old = address_of(story);
  REQUIRE(story.user().strike(world::DnsFault{1, true}));
  REQUIRE_FALSE(story.user().strike(world::DnsFault{1, true}));
  replace(story);
  REQUIRE(old != address_of(story));
  int stale = 0;
  constexpr int kTimes = 200;
  for (int i = 0; i < kTimes; ++i) {
    const dns::Reply reply = ask(story);
    REQUIRE((address(reply) == old || address(reply) == address_of(story)));
    REQUIRE((address(reply) == old) == (reply.from == "DNS server 2, which is out of date"));
    stale += address(reply) == old ? 1 : 0;
  }
  REQUIRE(stale > kTimes / 4);
  REQUIRE(stale < kTimes * 3 / 4);
  REQUIRE(story.user().strike(world::DnsFault{1, false}));
  for (int i = 0; i < kTimes; ++i) {
    REQUIRE(address(ask(story)) == address_of(story));
  }
}

TEST_CASE("worlds whose servers keep other answers are different situations") {
  MovingStory usual = two_ready({});
  MovingStory story = two_ready({});
  static_cast<void>(ask(story));
  REQUIRE_FALSE(same(usual.world, story.world));
  REQUIRE(fingerprint(usual.world) != fingerprint(story.world));
  // What counts no more makes no difference.
  usual.pass(1h);
  story.pass(1h);
  REQUIRE(fingerprint(usual.world) == fingerprint(story.world));
}

TEST_CASE("what a pod keeps goes with it") {
  dns::Settings settings;
  settings.client = {1h, 1h};
  MovingStory story = two_ready(settings);
  static_cast<void>(ask(story));
  REQUIRE(story.world.names->clients.find(kAsker) != nullptr);
  REQUIRE(story.user().remove(kAsker, {}));
  story.settle();
  REQUIRE(story.world.names->clients.find(kAsker) == nullptr);
}

TEST_CASE("servers with other old records are other situations") {
  MovingStory a = two_ready({});
  MovingStory b = two_ready({});
  // The same happens to both, and each server ceases to hear at another moment of it.
  REQUIRE(a.user().strike(world::DnsFault{0, true}));
  replace(a);
  replace(b);
  REQUIRE(b.user().strike(world::DnsFault{0, true}));
  REQUIRE(fingerprint(a.world) != fingerprint(b.world));
}
