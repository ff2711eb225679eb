#include "support/catch.hpp"

#include <stsim/controllers/work_queue.hpp>

using namespace stsim;
using controllers::WorkQueue;
using engine::Causes;

namespace {
constexpr Backoff kUsual = WorkQueue::kUsualBackoff;
const api::ObjectKey kA{api::Kind::Pod, "default", "a"};
const api::ObjectKey kB{api::Kind::Pod, "default", "b"};
}  // namespace

TEST_CASE("SS-40: a key stands in the queue once, with all that caused it") {
  WorkQueue queue;
  queue.add(kA, Causes(1));
  queue.add(kB, Causes(2));
  queue.add(kA, Causes(3));
  const auto first = queue.take();
  REQUIRE(first->key == kA);
  REQUIRE(std::vector<engine::TraceId>(first->causes.ids().begin(), first->causes.ids().end()) ==
          std::vector<engine::TraceId>{3, 1});
  REQUIRE(queue.take()->key == kB);
  REQUIRE_FALSE(queue.take());
}

TEST_CASE("SS-40: a key added while it is processed is processed again afterwards") {
  WorkQueue queue;
  queue.add(kA, Causes(1));
  static_cast<void>(queue.take());
  queue.add(kA, Causes(2));
  REQUIRE_FALSE(queue.ready());
  queue.done(kA);
  REQUIRE(queue.ready());
}

TEST_CASE("SS-210: the delay doubles from 5 ms to 1000 s, and success forgets it") {
  WorkQueue queue;
  REQUIRE(queue.retry_delay(kA, kUsual, kStartOfTime) == std::chrono::milliseconds{5});
  REQUIRE(queue.retry_delay(kA, kUsual, kStartOfTime) == std::chrono::milliseconds{10});
  for (int i = 0; i < 40; ++i) {
    static_cast<void>(queue.retry_delay(kA, kUsual, kStartOfTime));
  }
  REQUIRE(queue.retry_delay(kA, kUsual, kStartOfTime) == std::chrono::seconds{1000});
  queue.forget(kA);
  REQUIRE(queue.retry_delay(kA, kUsual, kStartOfTime) == std::chrono::milliseconds{5});
}

TEST_CASE("SS-210: after a burst of a hundred all keys together are retried ten times a second") {
  WorkQueue queue;
  const auto retry = [&queue](int key, SimTime now) {
    return queue.retry_delay({api::Kind::Pod, "default", std::to_string(key)}, kUsual, now);
  };
  for (int i = 0; i < 100; ++i) {
    REQUIRE(retry(i, kStartOfTime) == std::chrono::milliseconds{5});
  }
  REQUIRE(retry(100, kStartOfTime) == std::chrono::milliseconds{100});
  REQUIRE(retry(101, kStartOfTime) == std::chrono::milliseconds{200});
  // A second later ten tokens have come, two of which were spent in advance.
  const SimTime later = kStartOfTime + std::chrono::seconds{1};
  for (int i = 200; i < 208; ++i) {
    REQUIRE(retry(i, later) == std::chrono::milliseconds{5});
  }
  REQUIRE(retry(208, later) == std::chrono::milliseconds{100});
}
