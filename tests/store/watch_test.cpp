#include "support/catch.hpp"

#include <fmt/format.h>
#include <stsim/base/hash.hpp>
#include <stsim/store/watch.hpp>

using namespace stsim;
using api::Kind;
using store::Cache;
using store::Store;
using store::Watch;

namespace {

api::Object config(int number, int value) {
  api::Object out;
  out.key = {Kind::ConfigMap, "", fmt::format("c{}", number)};
  out.labels["value"] = std::to_string(value);
  if (value % 2 == 0) {
    out.owners.push_back({"v1", "ConfigMap", "owner", {1, 1}, false, false});
  }
  out.body = api::Generic{std::make_shared<const api::Json>(api::Json::object())};
  return out;
}

/// What a cache shows, as text.
std::string shown(const std::vector<api::ObjectPtr>& objects) {
  std::string out;
  for (const auto& object : objects) {
    out += fmt::format("{}={} ", object->key.name, object->label("value"));
  }
  return out;
}

}  // namespace

TEST_CASE("a cache that lags shows the store as it was at its position, whatever happened since") {
  Store store({Release{}, {}}, 1);
  Watch watch;
  std::vector<std::string> lists{""};  // what the store showed at each position
  std::vector<std::string> owned{""};
  const auto note = [&] {
    lists.push_back(shown(store.list(Kind::ConfigMap)));
    owned.push_back(shown(store.owned_by({1, 1})));
  };
  for (std::uint64_t i = 0; i < 400; ++i) {
    const std::uint64_t draw = mix64(i);
    const int number = static_cast<int>(draw % 6);
    const api::ObjectKey key{Kind::ConfigMap, "", fmt::format("c{}", number)};
    const std::uint64_t before = store.position();
    if (!store.find(key)) {
      REQUIRE(store.create(config(number, static_cast<int>(i)), kStartOfTime, 0));
    } else if (draw / 6 % 2 == 0) {
      REQUIRE(store.remove(key, {}, kStartOfTime, 0));
    } else {
      REQUIRE(store.update(config(number, static_cast<int>(i)), 0));
    }
    REQUIRE(store.position() == before + 1);
    note();
    if (draw / 12 % 3 == 0) {
      static_cast<void>(watch.deliver(store));
    }
    const Cache cache(store, watch);
    REQUIRE(shown(cache.list(Kind::ConfigMap)) == lists[watch.position()]);
    REQUIRE(shown(cache.owned_by({1, 1})) == owned[watch.position()]);
    std::vector<api::ObjectPtr> found;
    for (int each = 0; each < 6; ++each) {
      if (auto object = cache.find({Kind::ConfigMap, "", fmt::format("c{}", each)})) {
        found.push_back(std::move(object));
      }
    }
    REQUIRE(shown(found) == lists[watch.position()]);
  }
  while (watch.position() < store.position()) {
    static_cast<void>(watch.deliver(store));
    REQUIRE(shown(Cache(store, watch).list(Kind::ConfigMap)) == lists[watch.position()]);
  }
}

TEST_CASE(
    "a watch that is held of one kind shows that kind as it was, and all others as they are") {
  Store store({Release{}, {}}, 1);
  Watch watch;
  std::vector<std::string> held{""};  // what the store showed of the kind that is held
  constexpr Kind kOther = Kind::Namespace;
  const auto catch_up = [&] {
    while (watch.position() < store.position()) {
      static_cast<void>(watch.deliver(store));
    }
  };
  std::uint64_t seen = 0;
  for (std::uint64_t i = 0; i < 400; ++i) {
    const std::uint64_t draw = mix64(i + 1000);
    const int number = static_cast<int>(draw % 6);
    const api::ObjectKey key{Kind::ConfigMap, "", fmt::format("c{}", number)};
    if (draw / 6 % 3 == 0) {
      api::Object other;
      other.key = {kOther, "", fmt::format("n{}", i)};
      other.body = api::Generic{};
      REQUIRE(store.create(std::move(other), kStartOfTime, 0));
    } else if (!store.find(key)) {
      REQUIRE(store.create(config(number, static_cast<int>(i)), kStartOfTime, 0));
    } else {
      REQUIRE(store.remove(key, {}, kStartOfTime, 0));
    }
    held.resize(store.position() + 1, shown(store.list(Kind::ConfigMap)));
    catch_up();
    if (i == 0) {
      watch.hold(Kind::ConfigMap, std::nullopt);
      seen = watch.position();
    } else if (draw / 100 % 4 == 0) {
      if (const store::Change* next =
              watch.deliver_held(store, Kind::ConfigMap, store.position())) {
        REQUIRE(next->object().key.kind == Kind::ConfigMap);
        REQUIRE(next->position > seen);
        seen = next->position;
      } else {
        seen = store.position();
      }
    }
    const Cache cache(store, watch);
    REQUIRE(watch.seen(Kind::ConfigMap) == seen);
    REQUIRE(watch.all_seen() == seen);
    REQUIRE(shown(cache.list(Kind::ConfigMap)) == held[seen]);
    REQUIRE(cache.list(kOther).size() == store.list(kOther).size());
    store.compact(watch.all_seen());
  }
  while (watch.deliver_held(store, Kind::ConfigMap, store.position()) != nullptr) {
  }
  watch.release(Kind::ConfigMap);
  REQUIRE(watch.holds().empty());
  REQUIRE(shown(Cache(store, watch).list(Kind::ConfigMap)) == held.back());
}
