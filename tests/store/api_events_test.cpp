// API Events as rows are compared step by step with a map of objects.
#include "store/uids.hpp"
#include "support/catch.hpp"

#include <fmt/format.h>
#include <stsim/base/hash.hpp>
#include <stsim/store/api_events.hpp>
#include <stsim/store/store.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace stsim;
using api::Kind;
using api::ObjectKey;
using api::ObjectPtr;
using store::ApiEvents;

namespace {

using Model = std::map<ObjectKey, ObjectPtr>;

SimTime second(std::uint64_t n) {
  return kStartOfTime + std::chrono::seconds{n};
}

/// A time in nanoseconds, as recorders put it behind a name.
constexpr std::uint64_t kInstant = 0x18bcfe5687e20000;

/// An event about a pod, named as recorders do.
api::Object event(const std::string& ns, const std::string& pod, std::uint64_t number) {
  api::Object out;
  out.key = {Kind::Event, ns, fmt::format("{}.{:x}", pod, number)};
  out.uid = {number, 7};
  out.resource_version = {number + 1};
  out.created = second(number % 50);
  out.body = api::ApiEvent{"Normal",
                           "Scheduled",
                           fmt::format("Successfully assigned {}/{} to node1", ns, pod),
                           "default-scheduler",
                           {Kind::Pod, ns, pod},
                           {number, 9},
                           {number + 3},
                           "spec.containers{web}",
                           second(number % 40),
                           second(number % 60),
                           static_cast<std::int32_t>(number % 5)};
  return out;
}

/// Makes an event one that was written once, at the time in its name, by a store of that seed.
void write_once(api::Object& one, std::uint64_t seed) {
  auto& body = one.as<api::ApiEvent>();
  body.count = 1;
  body.first_seen = body.last_seen = one.created =
      whole_seconds(SimTime{std::chrono::microseconds{kInstant / 1000}});
  one.uid = store::make_uid(seed, one.key, one.resource_version.value);
}

ObjectPtr stored(api::Object object) {
  return std::make_shared<const api::Object>(std::move(object));
}

std::vector<std::string> texts(const std::vector<ObjectPtr>& events) {
  std::vector<std::string> out;
  for (const ObjectPtr& one : events) {
    out.push_back(api::to_json(*one).dump());
  }
  return out;
}

std::vector<ObjectPtr> all_of(const ApiEvents& events, std::string_view ns = "") {
  std::vector<ObjectPtr> out;
  events.for_each(ns, [&out](const ObjectPtr& one) { out.push_back(one); });
  return out;
}

std::vector<ObjectPtr> all_of(const Model& model, std::string_view ns = "") {
  std::vector<ObjectPtr> out;
  for (const auto& [key, one] : model) {
    if (ns.empty() || key.ns == ns) {
      out.push_back(one);
    }
  }
  return out;
}

void require_same(const ApiEvents& events, const Model& model) {
  REQUIRE(events.size() == model.size());
  for (const char* ns : {"", "a", "b", "c"}) {
    REQUIRE(texts(all_of(events, ns)) == texts(all_of(model, ns)));
  }
}

}  // namespace

TEST_CASE("what is kept of an API Event is all of it") {
  std::vector<api::Object> odd;
  odd.push_back(event("a", "web-0", kInstant));
  const auto change = [&odd](const auto& how) {
    api::Object other = odd.front();
    how(other, other.as<api::ApiEvent>());
    odd.push_back(std::move(other));
  };
  // What events of the project look like.
  change([](auto&, auto& body) { body.message = "Pulled image"; });
  change([](auto&, auto& body) { body.message = "web-0web-0 and web-0"; });
  change([](auto&, auto& body) { body.about.ns = ""; });
  change([](auto&, auto& body) { body.about.kind = Kind::Node; });
  change([](auto&, auto& body) { body.field_path = ""; });
  // And what somebody may write.
  change([](auto&, auto& body) { body.message = "web-0 \x01 web-0"; });
  change([](auto&, auto& body) { body.about.ns = "b"; });
  change([](auto&, auto& body) { body.about.name = "web-1"; });
  change([](auto& object, auto&) { object.labels["app"] = "web"; });
  change([](auto& object, auto&) { object.annotations["app"] = "web"; });
  change([](auto& object, auto&) { object.finalizers.push_back("stsim/never"); });
  change([](auto& object, auto&) {
    object.owners.push_back({"v1", "Pod", "web-0", {1, 2}, true, true});
  });
  change([](auto& object, auto&) { object.seldom.edit().generate_name = "web-"; });
  change([](auto& object, auto&) { object.generation = 2; });
  change([](auto& object, auto&) { object.seldom.edit().deletion = api::Deletion{second(3), 5}; });
  for (const char* name : {"web-0",
                           "web-0.",
                           "web-0.1",
                           "web-0.08bcfe5687e2ffff",
                           "web-0.18BCFE5687E2FFFF",
                           "web-0.18bcfe5687e2fffg",
                           "web-0.18bcfe5687e2ffff1",
                           "web-0.ffffffffffffffff",
                           "web-0.8000000000000000",
                           "web-0..18bcfe5687e2ffff",
                           ".18bcfe5687e2ffff",
                           "18bcfe5687e2ffff"}) {
    change([name](auto& object, auto&) { object.key.name = name; });
  }
  odd.push_back(event("a", "web.0", kInstant));
  odd.push_back(event("a", "", kInstant));
  ApiEvents events;
  for (const api::Object& one : odd) {
    CAPTURE(api::to_json(one).dump());
    events.set(stored(one));
    REQUIRE(events.find(one.key) != nullptr);
    CHECK(api::to_json(*events.find(one.key)) == api::to_json(one));
    CHECK(events.find(one.key)->key == one.key);
    CHECK(events.find(one.key)->as<api::ApiEvent>().about == one.as<api::ApiEvent>().about);
  }
}

TEST_CASE("API Events come in the order of their names, whatever dots and dashes these have") {
  Model model;
  ApiEvents events;
  for (const char* ns : {"a", "b"}) {
    for (const char* about : {"web", "web-0", "web-1", "web-10", "web.1", "web.18", "w", "wf"}) {
      for (const std::uint64_t number : std::initializer_list<std::uint64_t>{kInstant,
                                                                             kInstant + 1,
                                                                             kInstant + 0x10,
                                                                             0x08bcfe5687e20000,
                                                                             0x1,
                                                                             0x18,
                                                                             0x18bcfe56}) {
        const ObjectPtr one = stored(event(ns, about, number));
        model[one->key] = one;
        events.set(one);
      }
    }
    for (const char* name : {"web", "web-0.x", "web.0", "web-0.", "zzz"}) {
      api::Object other = event(ns, "web", 5);
      other.key.name = name;
      model[other.key] = stored(other);
      events.set(stored(other));
    }
  }
  require_same(events, model);
}

TEST_CASE("API Events come, change and go as objects in a map do, and copies stay as they were") {
  Model model;
  ApiEvents events;
  std::vector<std::pair<ApiEvents, Model>> copies;
  for (std::uint64_t i = 0; i < 6000; ++i) {
    const std::uint64_t draw = mix64(i);
    const std::string ns(1, static_cast<char>('a' + draw % 3));
    const std::string pod = fmt::format("web-{}", draw / 3 % 3);
    api::Object one = event(ns, pod, kInstant + draw / 64 % 40);
    if (draw / 4096 % 3 == 0) {
      events.erase(one.key);
      model.erase(one.key);
    } else {
      auto& body = one.as<api::ApiEvent>();
      body.count = static_cast<std::int32_t>(i);
      body.last_seen = second(draw / 16384 % 100);
      // Nearly always the same pod; another one that had its name comes in between.
      body.about_uid = {draw / 65536 % 8 == 0 ? 1U : 2U, 9};
      if (draw / 32768 % 2 == 0) {
        write_once(one, 0);
      }
      if (draw / 8192 % 5 == 0) {
        one.labels["odd"] = "yes";
      }
      model[one.key] = stored(one);
      events.set(stored(one));
    }
    const auto expected = model.find(one.key);
    const ObjectPtr found = events.find(one.key);
    REQUIRE((found != nullptr) == (expected != model.end()));
    REQUIRE((!found || api::to_json(*found) == api::to_json(*expected->second)));
    if (i % 300 == 0) {
      copies.emplace_back(events, model);
    }
    const SimTime until = second(i % 100);
    const ApiEvents::Old old = events.last_seen_until(until);
    std::vector<ObjectKey> keys;
    SimTime next = SimTime::max();
    for (const auto& [key, object] : model) {
      const SimTime seen = object->as<api::ApiEvent>().last_seen;
      if (seen <= until) {
        keys.push_back(key);
      } else {
        next = std::min(next, seen);
      }
    }
    REQUIRE(old.keys == keys);
    REQUIRE(old.next_seen == next);
  }
  require_same(events, model);
  for (const auto& [copy, then] : copies) {
    require_same(copy, then);
    ApiEvents anew;
    for (const auto& [key, object] : then) {
      anew.set(object);
    }
    REQUIRE(anew == copy);
    std::vector<ObjectPtr> about;
    for (const auto& [key, object] : then) {
      if (object->as<api::ApiEvent>().about == ObjectKey{Kind::Pod, "b", "web-1"}) {
        about.push_back(object);
      }
    }
    REQUIRE(texts(copy.about({Kind::Pod, "b", "web-1"})) == texts(about));
  }
}

TEST_CASE("the events about an object are found, by rows and without") {
  ApiEvents events;
  std::vector<std::string> expected;
  const auto put = [&](api::Object one, bool is_about) {
    events.set(stored(one));
    if (is_about) {
      expected.push_back(one.key.name);
    }
  };
  put(event("a", "web-1", kInstant), true);
  put(event("a", "web-1", kInstant + 1), true);
  api::Object labelled = event("a", "web-1", kInstant + 2);
  labelled.labels["odd"] = "yes";
  put(labelled, true);
  api::Object named = event("a", "web-1", kInstant);
  named.key.name = "zzz";
  put(named, true);
  put(event("b", "web-1", kInstant), false);
  put(event("a", "web-10", kInstant), false);
  put(event("a", "web", kInstant), false);
  api::Object of_claim = event("a", "web-1", kInstant + 3);
  of_claim.as<api::ApiEvent>().about.kind = Kind::PersistentVolumeClaim;
  put(of_claim, false);
  std::vector<std::string> names;
  for (const ObjectPtr& one : events.about({Kind::Pod, "a", "web-1"})) {
    names.push_back(one->key.name);
  }
  CHECK(names == expected);

  api::Object of_node = event("default", "node1", kInstant);
  of_node.as<api::ApiEvent>().about = {Kind::Node, "", "node1"};
  events.set(stored(of_node));
  CHECK(events.about({Kind::Node, "", "node1"}).size() == 1);
  CHECK(events.about({Kind::Node, "default", "node1"}).empty());
}

TEST_CASE("an API Event that was written once, as others, is kept whole") {
  constexpr std::uint64_t kSeed = 5;
  store::Store store({}, kSeed);
  REQUIRE(store.create(
      Kind::Namespace,
      {{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", "default"}}}},
      "",
      second(0),
      0));
  ApiEvents events(kSeed);
  ApiEvents of_other_seed(kSeed + 1);
  constexpr std::uint64_t kNanosecondsOfSecond = 1'000'000'000;
  const auto since_epoch = std::chrono::nanoseconds(second(0).time_since_epoch()).count();
  for (std::uint64_t i = 0; i < 20; ++i) {
    api::Object fresh = event(
        "default", "web-0", static_cast<std::uint64_t>(since_epoch) + i * kNanosecondsOfSecond + i);
    auto& body = fresh.as<api::ApiEvent>();
    body.count = 1;
    body.first_seen = body.last_seen = second(i);
    const auto created = store.create(std::move(fresh), second(i), 0);
    REQUIRE(created.has_value());
    const ObjectPtr made = *created;
    events.set(made);
    of_other_seed.set(made);
    CHECK(events.find(made->key)->uid == made->uid);
    CHECK(of_other_seed.find(made->key)->uid == made->uid);
    CHECK(api::to_json(*events.find(made->key)) == api::to_json(*made));
    CHECK(events.last_seen_until(second(i) - SimDuration{1}).keys.size() == i);
    CHECK(events.last_seen_until(second(i)).keys.size() == i + 1);
  }
  CHECK(texts(all_of(events)) == texts(all_of(of_other_seed)));
  CHECK_FALSE(events == of_other_seed);

  // With one thing otherwise.
  const ObjectPtr first = all_of(events).front();
  const auto kept_with = [&](const auto& change) {
    api::Object other = *first;
    change(other, other.as<api::ApiEvent>());
    events.set(stored(other));
    CHECK(api::to_json(*events.find(other.key)) == api::to_json(other));
  };
  kept_with([](auto&, auto& body) { body.count = 2; });
  kept_with([](auto&, auto& body) { body.first_seen = second(30); });
  kept_with([](auto&, auto& body) { body.last_seen = second(30); });
  kept_with([](auto& object, auto&) { object.created = second(30); });
  kept_with([](auto& object, auto& body) {
    object.created = body.first_seen = body.last_seen = second(30);
  });
  kept_with([](auto& object, auto&) { object.uid = {1, 2}; });
  kept_with([](auto& object, auto&) { object.resource_version = {100}; });
  kept_with([](auto&, auto&) {});
}

TEST_CASE("API Events of stores with different seeds differ by their uids") {
  const auto only = [](std::uint64_t seed) {
    ApiEvents out(seed);
    api::Object one = event("a", "web-0", kInstant);
    write_once(one, seed);
    out.set(stored(one));
    return out;
  };
  CHECK(only(1) == only(1));
  CHECK_FALSE(only(1) == only(2));
}

TEST_CASE("API Events are compared by what they say") {
  const api::Object one = event("a", "web-0", kInstant);
  api::Object other = one;
  other.as<api::ApiEvent>().message = "another one";
  api::Object labelled = one;
  labelled.labels["odd"] = "yes";
  const auto holding = [](std::initializer_list<api::Object> objects) {
    ApiEvents out;
    for (const api::Object& object : objects) {
      out.set(stored(object));
    }
    return out;
  };
  CHECK(holding({one}) == holding({one}));
  CHECK(holding({other, one}) == holding({one}));
  CHECK(holding({labelled}) == holding({labelled}));
  std::vector<api::Object> many;
  ApiEvents forth;
  ApiEvents back;
  for (std::uint64_t i = 0; i < 20; ++i) {
    many.push_back(event("a", "web-0", kInstant + i));
    many.back().as<api::ApiEvent>().about_uid = {i / 6, 9};
    forth.set(stored(many.back()));
  }
  std::ranges::reverse(many);
  for (const api::Object& object : many) {
    back.set(stored(object));
  }
  CHECK(forth == back);
  many.back().as<api::ApiEvent>().about_uid = {7, 9};
  back.set(stored(many.back()));
  CHECK_FALSE(forth == back);
  CHECK_FALSE(holding({one}) == holding({other}));
  CHECK_FALSE(holding({one}) == holding({labelled}));
  CHECK_FALSE(holding({one}) == holding({}));
}
