#include <stsim/store/watch.hpp>

#include <algorithm>

namespace stsim::store {

using api::ObjectKey;
using api::ObjectPtr;

void Watch::observe(const Change& change) {
  const ObjectKey& key = change.object().key;
  Old old;
  if (const Old* known = undelivered_.find(key)) {
    old = *known;
  } else {
    old.object = change.before;
  }
  old.changed_at = change.position;
  undelivered_.set(key, std::move(old));
}

const Change& Watch::deliver(const Store& store) {
  const Change& change = store.change(++position_);
  const ObjectKey& key = change.object().key;
  if (const Old* old = undelivered_.find(key)) {
    if (old->changed_at == change.position) {
      undelivered_.erase(key);
    } else {
      undelivered_.set(key, Old{change.after, old->changed_at});
    }
  }
  return change;
}

ObjectPtr Cache::find(const ObjectKey& key) const {
  if (const auto* old = watch_.undelivered_.find(key)) {
    return old->object;
  }
  return store_.find(key);
}

template <class Belongs>
std::vector<ObjectPtr> Cache::as_seen(std::vector<ObjectPtr> now, Belongs belongs) const {
  if (watch_.undelivered_.empty()) {
    return now;
  }
  std::erase_if(now, [this](const ObjectPtr& object) {
    return watch_.undelivered_.find(object->key) != nullptr;
  });
  for (const auto& [key, old] : watch_.undelivered_) {
    if (old.object && belongs(*old.object)) {
      now.push_back(old.object);
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
