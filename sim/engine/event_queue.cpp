#include <stsim/engine/event_queue.hpp>

#include <algorithm>
#include <functional>
#include <utility>

namespace stsim::engine {

namespace {

/// Makes negative times come first.
constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;

/// So many keys are sorted rather than spread.
constexpr std::size_t kFew = 64;
/// So many keys are spread rather than kept in a heap.
constexpr std::size_t kMostNear = 1024;
/// The most buckets of a rung: that many places in memory can be written to in turn.
constexpr std::uint64_t kMostBuckets = 512;

}  // namespace

EventQueue::Key EventQueue::key_of(SimTime time,
                                   Actor actor,
                                   std::uint64_t sequence,
                                   std::size_t slot) {
  static_assert(kActors <= std::size_t{1} << kActorBits);
  STSIM_ASSERT(sequence < std::uint64_t{1} << kSequenceBits && slot < std::size_t{1} << kSlotBits);
  const std::uint64_t instant = static_cast<std::uint64_t>(time.time_since_epoch().count()) ^ kSign;
  const std::uint64_t order = static_cast<std::uint64_t>(actor) << (64 - kActorBits) |
                              sequence << kSlotBits | std::uint64_t{slot};
  return Key{instant} << 64U | order;
}

PendingEvent EventQueue::pending(Key key) const {
  const auto instant = static_cast<std::int64_t>(instant_of(key) ^ kSign);
  const auto order = static_cast<std::uint64_t>(key);
  const Slot& slot = slots_[slot_of(key)];
  return {SimTime{SimDuration{instant}},
          static_cast<Actor>(order >> (64 - kActorBits)),
          order << kActorBits >> (kActorBits + kSlotBits),
          slot.causes,
          slot.body};
}

std::size_t EventQueue::take_slot() {
  if (free_.empty()) {
    slots_.emplace_back();
    return slots_.size() - 1;
  }
  const std::size_t slot = free_.back();
  free_.pop_back();
  return slot;
}

std::vector<EventQueue::Key> EventQueue::keys_in_order() const {
  std::vector<Key> keys = near_;
  keys.insert(keys.end(), far_.begin(), far_.end());
  for (const Rung& rung : rungs_) {
    for (const std::vector<Key>& bucket : rung.buckets) {
      keys.insert(keys.end(), bucket.begin(), bucket.end());
    }
  }
  std::ranges::sort(keys);
  return keys;
}

void EventQueue::schedule(SimTime time, Actor actor, const Causes& causes, EventBody body) {
  STSIM_ASSERT(time < SimTime::max());
  const std::size_t slot = take_slot();
  slots_[slot] = {causes, std::move(body)};
  put(key_of(time, actor, sequence_++, slot));
  ++size_;
  refill();
}

Event EventQueue::pop() {
  STSIM_ASSERT(size_ > 0);
  const Key first = near_.front();
  std::ranges::pop_heap(near_, std::greater<>());
  near_.pop_back();
  --size_;
  refill();
  const std::size_t slot = slot_of(first);
  free_.push_back(static_cast<std::uint32_t>(slot));
  const PendingEvent due = pending(first);
  Slot& taken = slots_[slot];
  return {due.time, due.actor, due.sequence, std::move(taken.causes), std::move(taken.body)};
}

/// Puts a key where its time belongs.
void EventQueue::put(Key key) {
  const std::uint64_t instant = instant_of(key);
  if (instant >= far_from_) {
    far_.push_back(key);
    return;
  }
  for (Rung& rung : rungs_) {
    if (instant >= rung.end_of_opened()) {
      rung.buckets[rung.bucket_of(instant)].push_back(key);
      return;
    }
  }
  near_.push_back(key);
  std::ranges::push_heap(near_, std::greater<>());
  if (near_.size() > kMostNear && instant_of(near_.front()) != instant) {
    spread(std::exchange(near_, {}), rungs_.empty() ? far_from_ : rungs_.back().end_of_opened());
  }
}

/// Sees to it that the next event is in `near_`, if there is any.
void EventQueue::refill() {
  while (near_.empty() && size_ > 0) {
    if (rungs_.empty()) {
      const std::uint64_t last = instant_of(std::ranges::max(far_));
      far_from_ = last + 1;
      spread(std::exchange(far_, {}), far_from_);
      continue;
    }
    Rung& rung = rungs_.back();
    if (rung.opened == rung.buckets.size()) {
      rungs_.pop_back();
      continue;
    }
    std::vector<Key> keys = std::exchange(rung.buckets[rung.opened++], {});
    if (rung.shift > 0) {
      spread(std::move(keys), rung.end_of_opened());
    } else {
      come_near(std::move(keys));  // all at one instant
    }
  }
}

/// Makes keys the next ones. Their events, which lie anywhere, are fetched from memory meanwhile.
void EventQueue::come_near(std::vector<Key> keys) {
  near_ = std::move(keys);
  std::ranges::make_heap(near_, std::greater<>());
  for (const Key key : near_) {
    __builtin_prefetch(&slots_[slot_of(key)]);
  }
}

/// Puts the keys that come before all unopened buckets into a new rung up to `end`, or, if they are
/// few, into `near_`.
void EventQueue::spread(std::vector<Key> keys, std::uint64_t end) {
  if (keys.size() <= kFew) {
    come_near(std::move(keys));
    return;
  }
  Rung rung;
  rung.start = instant_of(std::ranges::min(keys));
  rung.end = end;
  const std::uint64_t most_buckets = std::min<std::uint64_t>(keys.size() / 4, kMostBuckets);
  while ((end - rung.start) >> rung.shift >= most_buckets) {
    ++rung.shift;
  }
  rung.buckets.resize(rung.bucket_of(end - 1) + 1);
  // They are counted first: a bucket that grows takes memory again and again.
  std::vector<std::size_t> sizes(rung.buckets.size());
  for (const Key key : keys) {
    ++sizes[rung.bucket_of(instant_of(key))];
  }
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    rung.buckets[i].reserve(sizes[i]);
  }
  for (const Key key : keys) {
    rung.buckets[rung.bucket_of(instant_of(key))].push_back(key);
  }
  rungs_.push_back(std::move(rung));
}

bool EventQueue::operator==(const EventQueue& other) const {
  // Events may lie in other slots of a copy.
  return sequence_ == other.sequence_ && size_ == other.size_ &&
         std::ranges::equal(keys_in_order(), other.keys_in_order(), [&](Key a, Key b) {
           return a >> kSlotBits == b >> kSlotBits &&
                  slots_[slot_of(a)] == other.slots_[slot_of(b)];
         });
}

}  // namespace stsim::engine
