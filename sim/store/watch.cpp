#include <stsim/store/watch.hpp>

#include <algorithm>
#include <map>

namespace stsim::store {

using api::ObjectKey;
using api::ObjectPtr;

const Change& Watch::deliver(const Store& store) {
  return store.change(++position_);
}

ObjectPtr Cache::find(const ObjectKey& key) const {
  const Change* undelivered = store_.next_change(key, watch_.position());
  return undelivered != nullptr ? undelivered->before : store_.find(key);
}

template <class Belongs>
std::vector<ObjectPtr> Cache::as_seen(std::vector<ObjectPtr> now, Belongs belongs) const {
  if (watch_.position() == store_.position()) {
    return now;
  }
  std::map<ObjectKey, ObjectPtr> old;  // what has changed since, as it was
  for (std::uint64_t at = watch_.position() + 1; at <= store_.position(); ++at) {
    const Change& change = store_.change(at);
    old.emplace(change.object().key, change.before);
  }
  std::erase_if(now, [&old](const ObjectPtr& object) { return old.contains(object->key); });
  for (const auto& [key, object] : old) {
    if (object && belongs(*object)) {
      now.push_back(object);
    }
  }
  std::ranges::sort(
      now, {}, [](const ObjectPtr& object) -> const ObjectKey& { return object->key; });
  return now;
}

std::vector<ObjectPtr> Cache::list(api::Kind kind, std::string_view ns) const {
  return as_seen(store_.list(kind, ns), [&](const api::Object& object) {
    return object.key.kind == kind && (ns.empty() || object.key.ns == ns);
  });
}

namespace {

bool names(const api::Object& object, const api::Uid& owner) {
  return std::ranges::find(object.owners, owner, &api::OwnerReference::uid) != object.owners.end();
}

}  // namespace

std::vector<ObjectPtr> Cache::owned_by(const api::Uid& owner) const {
  return as_seen(store_.owned_by(owner),
                 [&owner](const api::Object& object) { return names(object, owner); });
}

std::vector<ObjectPtr> Cache::owned_by(const api::Uid& owner, api::Kind kind) const {
  return as_seen(store_.owned_by(owner, kind), [&](const api::Object& object) {
    return object.key.kind == kind && names(object, owner);
  });
}

}  // namespace stsim::store
