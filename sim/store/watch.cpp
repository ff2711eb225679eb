#include <stsim/store/watch.hpp>

#include <algorithm>
#include <map>

namespace stsim::store {

using api::ObjectKey;
using api::ObjectPtr;

const Change& Watch::deliver(const Store& store) {
  return store.change(++position_);
}

std::uint64_t Watch::seen_despite_holds() const {
  std::uint64_t out = position_;
  for (const Hold& hold : *holds_) {
    out = std::min(out, hold.seen);
  }
  return out;
}

const Watch::Hold* Watch::find_hold(api::Kind kind) const {
  const auto it = std::ranges::find(*holds_, kind, &Hold::kind);
  return it == holds_->end() ? nullptr : &*it;
}

void Watch::hold(api::Kind kind, std::optional<SimDuration> lag) {
  std::vector<Hold>& holds = holds_.edit();
  const auto it = std::ranges::find(holds, kind, &Hold::kind);
  if (it == holds.end()) {
    holds.push_back({kind, position_, lag});
  } else {
    it->lag = lag;
  }
}

const Change* Watch::deliver_held(const Store& store, api::Kind kind, std::uint64_t up_to) {
  std::vector<Hold>& holds = holds_.edit();
  const auto hold = std::ranges::find(holds, kind, &Hold::kind);
  const std::uint64_t last = std::min(up_to, position_);
  while (hold->seen < last) {
    const Change& change = store.change(++hold->seen);
    if (change.object().key.kind == kind) {
      return &change;
    }
  }
  return nullptr;
}

void Watch::release(api::Kind kind) {
  std::erase_if(holds_.edit(), [kind](const Hold& hold) { return hold.kind == kind; });
  if (holds_->empty()) {
    holds_ = {};
  }
}

ObjectPtr Cache::find(const ObjectKey& key) const {
  const Change* undelivered = store_.next_change(key, watch_.seen(key.kind));
  return undelivered != nullptr ? undelivered->before : store_.find(key);
}

template <class Belongs>
std::vector<ObjectPtr> Cache::as_seen(std::vector<ObjectPtr> now,
                                      std::span<const api::Kind> kinds,
                                      Belongs belongs) const {
  std::map<ObjectKey, ObjectPtr> old;  // what has changed since, as it was
  for (const api::Kind kind : kinds) {
    const std::uint64_t seen = watch_.seen(kind);
    if (seen != store_.position()) {
      store_.for_each_changed(kind, seen, [&old](const Change& change) {
        old.emplace(change.object().key, change.before);
      });
    }
  }
  if (old.empty()) {
    return now;
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
  return as_seen(store_.list(kind, ns), std::span(&kind, 1), [&](const api::Object& object) {
    return object.key.kind == kind && (ns.empty() || object.key.ns == ns);
  });
}

namespace {

std::span<const api::Kind> all_kinds() {
  static const std::vector<api::Kind> kAll = [] {
    std::vector<api::Kind> out;
    for (const api::KindInfo& info : api::kinds()) {
      out.push_back(info.kind);
    }
    return out;
  }();
  return kAll;
}

bool names(const api::Object& object, const api::Uid& owner) {
  return std::ranges::find(object.owners, owner, &api::OwnerReference::uid) != object.owners.end();
}

}  // namespace

std::vector<ObjectPtr> Cache::owned_by(const api::Uid& owner) const {
  return as_seen(store_.owned_by(owner), all_kinds(), [&owner](const api::Object& object) {
    return names(object, owner);
  });
}

std::vector<ObjectPtr> Cache::owned_by(const api::Uid& owner, api::Kind kind) const {
  return as_seen(store_.owned_by(owner, kind), std::span(&kind, 1), [&](const api::Object& object) {
    return object.key.kind == kind && names(object, owner);
  });
}

}  // namespace stsim::store
