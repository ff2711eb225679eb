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

std::vector<ObjectPtr> Cache::list(api::Kind kind, std::string_view ns) const {
  std::vector<ObjectPtr> out = store_.list(kind, ns);
  if (watch_.undelivered_.empty()) {
    return out;
  }
  std::erase_if(out, [this](const ObjectPtr& object) {
    return watch_.undelivered_.find(object->key) != nullptr;
  });
  for (const auto& [key, old] : watch_.undelivered_) {
    if (old.object && key.kind == kind && (ns.empty() || key.ns == ns)) {
      out.push_back(old.object);
    }
  }
  std::ranges::sort(
      out, {}, [](const ObjectPtr& object) -> const ObjectKey& { return object->key; });
  return out;
}

std::vector<ObjectPtr> Cache::owned_by(const api::Uid& owner) const {
  std::vector<ObjectPtr> out = store_.owned_by(owner);
  if (watch_.undelivered_.empty()) {
    return out;
  }
  std::erase_if(out, [this](const ObjectPtr& object) {
    return watch_.undelivered_.find(object->key) != nullptr;
  });
  for (const auto& [key, old] : watch_.undelivered_) {
    if (old.object && std::ranges::any_of(old.object->owners, [&owner](const auto& reference) {
          return reference.uid == owner;
        })) {
      out.push_back(old.object);
    }
  }
  std::ranges::sort(
      out, {}, [](const ObjectPtr& object) -> const ObjectKey& { return object->key; });
  return out;
}

}  // namespace stsim::store
