#include "support/catch.hpp"

#include <stsim/base/hash.hpp>
#include <stsim/engine/event_queue.hpp>

#include <algorithm>
#include <set>

using namespace stsim;
using engine::Actor;
using engine::Event;
using engine::EventQueue;

namespace {

engine::EventBody work(Actor actor) {
  return engine::Work{actor};
}

SimTime at(std::int64_t seconds) {
  return kStartOfTime + std::chrono::seconds{seconds};
}

}  // namespace

TEST_CASE("events come in the order of time, then of actors, then of scheduling") {
  EventQueue queue;
  queue.schedule(at(2), Actor::User, {}, work(Actor::User));
  queue.schedule(at(1), Actor::Kubelet, engine::Causes(1), work(Actor::Kubelet));
  queue.schedule(at(1), Actor::VolumeBinder, engine::Causes(2), work(Actor::VolumeBinder));
  queue.schedule(at(1), Actor::VolumeBinder, engine::Causes(3), work(Actor::VolumeBinder));
  std::vector<std::pair<Actor, engine::TraceId>> order;
  while (!queue.empty()) {
    const Event event = queue.pop();
    order.emplace_back(event.actor, event.causes.ids().empty() ? 0 : event.causes.ids().front());
  }
  REQUIRE(order == std::vector<std::pair<Actor, engine::TraceId>>{{Actor::VolumeBinder, 2},
                                                                  {Actor::VolumeBinder, 3},
                                                                  {Actor::Kubelet, 1},
                                                                  {Actor::User, 0}});
}

TEST_CASE("the queue orders many events as a stable sort does, while some are taken out") {
  EventQueue queue;
  std::vector<std::tuple<SimTime, Actor, std::uint64_t>> model;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    const std::uint64_t draw = mix64(i);
    const SimTime time = at(static_cast<std::int64_t>(1000 + draw % 50));
    const auto actor = static_cast<Actor>(draw / 64 % engine::kActors);
    queue.schedule(time, actor, {}, work(actor));
    model.emplace_back(time, actor, i);
    if (draw % 3 == 0) {
      const auto first = std::ranges::min_element(model);
      const Event event = queue.pop();
      REQUIRE(std::tuple(event.time, event.actor, event.sequence) == *first);
      model.erase(first);
    }
  }
  std::ranges::sort(model);
  for (const auto& expected : model) {
    const Event event = queue.pop();
    REQUIRE(std::tuple(event.time, event.actor, event.sequence) == expected);
  }
  REQUIRE(queue.empty());
}

TEST_CASE("the queue keeps its order when delays differ by orders of magnitude") {
  // Delays of a microsecond to weeks, many of them the same; in the second round all instants are
  // such as buckets begin with. Now and then all that is pending is taken out.
  const std::int64_t unit = GENERATE(1, 1 << 16);
  EventQueue queue;
  std::set<std::tuple<SimTime, Actor, std::uint64_t>> model;
  SimTime now = at(0);
  const auto take = [&] {
    const Event event = queue.pop();
    REQUIRE(std::tuple(event.time, event.actor, event.sequence) == *model.begin());
    model.erase(model.begin());
    now = event.time;
  };
  std::uint64_t scheduled = 0;
  while (scheduled < 40'000) {
    const std::uint64_t draw = mix64(scheduled);
    const auto length = static_cast<std::int64_t>(mix64(draw) >> (24 + draw % 40));
    const SimDuration delay{length / unit * unit};
    const auto actor = static_cast<Actor>(draw / 64 % engine::kActors);
    queue.schedule(now + delay, actor, {}, work(actor));
    model.emplace(now + delay, actor, scheduled++);
    REQUIRE(queue.size() == model.size());
    REQUIRE(queue.next().time == std::get<SimTime>(*model.begin()));
    if (draw % 5 < 2) {
      take();
    }
    if (scheduled % 15'000 == 0) {
      const EventQueue copy = queue;
      REQUIRE(copy == queue);
      while (!queue.empty()) {
        take();
      }
      REQUIRE_FALSE(copy == queue);
    }
  }
}

TEST_CASE("the queue keeps its order up to the end of time") {
  EventQueue queue;
  const SimTime end = SimTime::max() - SimDuration{1};
  queue.schedule(at(0), Actor::User, {}, work(Actor::User));
  for (std::int64_t i = 1; i < 70; ++i) {
    queue.schedule(at(i), Actor::User, {}, work(Actor::User));
  }
  queue.schedule(end, Actor::User, {}, work(Actor::User));
  while (queue.size() > 1) {
    static_cast<void>(queue.pop());
  }
  for (std::int64_t i = 1; i < 100; ++i) {
    queue.schedule(end - SimDuration{i}, Actor::User, {}, work(Actor::User));
    REQUIRE(queue.next().time == end - SimDuration{i});
  }
  for (std::int64_t i = 99; i >= 0; --i) {
    REQUIRE(queue.pop().time == end - SimDuration{i});
  }
  REQUIRE(queue.empty());
}

TEST_CASE("every pending event is shown once") {
  EventQueue queue;
  for (std::int64_t i = 0; i < 5'000; ++i) {
    queue.schedule(at(i * i % 4'999), Actor::User, {}, work(Actor::User));
    if (i % 3 == 0) {
      static_cast<void>(queue.pop());
    }
  }
  std::set<std::uint64_t> shown;
  queue.for_each(
      [&](const engine::PendingEvent& event) { REQUIRE(shown.insert(event.sequence).second); });
  REQUIRE(shown.size() == queue.size());
}

TEST_CASE("a copy of the queue is a queue of its own, and equal until one changes") {
  EventQueue queue;
  queue.schedule(at(1), Actor::User, {}, work(Actor::User));
  EventQueue copy = queue;
  REQUIRE(copy == queue);
  static_cast<void>(copy.pop());
  REQUIRE(queue.size() == 1);
  REQUIRE_FALSE(copy == queue);
}
