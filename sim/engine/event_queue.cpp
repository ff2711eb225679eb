#include <stsim/engine/event_queue.hpp>

#include <algorithm>
#include <utility>

namespace stsim::engine {

EventQueue::Key EventQueue::key_of(SimTime time,
                                   Actor actor,
                                   std::uint64_t sequence,
                                   std::size_t slot) {
  static_assert(kActors <= std::size_t{1} << kActorBits);
  STSIM_ASSERT(sequence < std::uint64_t{1} << kSequenceBits && slot < std::size_t{1} << kSlotBits);
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;  // negative times come first
  const std::uint64_t instant = static_cast<std::uint64_t>(time.time_since_epoch().count()) ^ kSign;
  const std::uint64_t order = static_cast<std::uint64_t>(actor) << (64 - kActorBits) |
                              sequence << kSlotBits | std::uint64_t{slot};
  return Key{instant} << 64U | order;
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

void EventQueue::schedule(SimTime time, Actor actor, const Causes& causes, EventBody body) {
  const std::size_t slot = take_slot();
  Event& event = slots_[slot];
  event.time = time;
  event.actor = actor;
  event.sequence = sequence_;
  event.causes = causes;
  event.body = std::move(body);
  if ((size_ + kChildren - 1) / kChildren == families_.size()) {
    families_.emplace_back();
  }
  sift_up(size_++, key_of(time, actor, sequence_++, slot));
}

const Event& EventQueue::next() const {
  STSIM_ASSERT(size_ > 0);
  return slots_[slot_of(key(0))];
}

Event EventQueue::pop() {
  STSIM_ASSERT(size_ > 0);
  const std::size_t slot = slot_of(key(0));
  __builtin_prefetch(&slots_[slot]);
  const Key moved = std::exchange(key(--size_), kNone);
  if (size_ > 0) {
    sift_up(sink_hole(), moved);
  }
  if ((size_ + 2 * kChildren - 2) / kChildren < families_.size()) {
    families_.pop_back();
  }
  free_.push_back(static_cast<std::uint32_t>(slot));
  return std::move(slots_[slot]);
}

/// Puts a key into an empty place, or above it if it comes before what is there.
void EventQueue::sift_up(std::size_t place, Key moved) {
  while (place > 0) {
    const std::size_t parent = (place - 1) / kChildren;
    if (key(parent) < moved) {
      break;
    }
    key(place) = key(parent);
    place = parent;
  }
  key(place) = moved;
}

/// Fills the root with the least key below it, that one's place likewise, and so on. Returns the
/// place that is empty then; the key that goes there seldom has to rise.
std::size_t EventQueue::sink_hole() {
  std::size_t place = 0;
  while (place + 1 < families_.size()) {
    const auto& children = families_[place + 1].keys;
    const std::size_t first = place * kChildren + 1;
    if (first + kChildren < families_.size()) {
      for (std::size_t child = 1; child <= kChildren; ++child) {
        __builtin_prefetch(&families_[first + child]);
      }
    }
    const std::size_t low = children[1] < children[0] ? 1 : 0;
    const std::size_t high = children[3] < children[2] ? 3 : 2;
    const std::size_t least = children[high] < children[low] ? high : low;
    if (children[least] == kNone) {
      break;
    }
    key(place) = children[least];
    place = first + least;
  }
  return place;
}

bool EventQueue::operator==(const EventQueue& other) const {
  if (sequence_ != other.sequence_ || size_ != other.size_) {
    return false;
  }
  const auto in_order = [](const EventQueue& queue) {
    std::vector<Key> keys;
    for (std::size_t place = 0; place < queue.size_; ++place) {
      keys.push_back(queue.key(place));
    }
    std::ranges::sort(keys);
    return keys;
  };
  return std::ranges::equal(in_order(*this), in_order(other), [&](Key a, Key b) {
    return slots_[slot_of(a)] == other.slots_[slot_of(b)];
  });
}

}  // namespace stsim::engine
