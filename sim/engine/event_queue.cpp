#include <stsim/engine/event_queue.hpp>

#include <algorithm>
#include <utility>

namespace stsim::engine {

namespace {
/// Four children a node: fewer cache lines on the way down than with two.
constexpr std::size_t kChildren = 4;
constexpr int kActorShift = 56;
}  // namespace

void EventQueue::schedule(SimTime time, Actor actor, Causes causes, EventBody body) {
  std::uint32_t slot{};
  Event event{time, actor, sequence_, causes, std::move(body)};
  if (free_.empty()) {
    slot = static_cast<std::uint32_t>(slots_.size());
    slots_.push_back(std::move(event));
  } else {
    slot = free_.back();
    free_.pop_back();
    slots_[slot] = std::move(event);
  }
  const std::uint64_t order = static_cast<std::uint64_t>(actor) << kActorShift | sequence_++;
  heap_.push_back({time, order, slot});
  sift_up(heap_.size() - 1);
}

const Event& EventQueue::next() const {
  STSIM_ASSERT(!heap_.empty());
  return slots_[heap_.front().slot];
}

Event EventQueue::pop() {
  STSIM_ASSERT(!heap_.empty());
  const std::uint32_t slot = heap_.front().slot;
  heap_.front() = heap_.back();
  heap_.pop_back();
  if (!heap_.empty()) {
    sift_down(0);
  }
  free_.push_back(slot);
  return std::move(slots_[slot]);
}

void EventQueue::sift_up(std::size_t at) {
  const Key key = heap_[at];
  while (at > 0) {
    const std::size_t parent = (at - 1) / kChildren;
    if (!(key < heap_[parent])) {
      break;
    }
    heap_[at] = heap_[parent];
    at = parent;
  }
  heap_[at] = key;
}

void EventQueue::sift_down(std::size_t at) {
  const Key key = heap_[at];
  while (true) {
    const std::size_t first = at * kChildren + 1;
    if (first >= heap_.size()) {
      break;
    }
    const std::size_t last = std::min(first + kChildren, heap_.size());
    std::size_t least = first;
    for (std::size_t child = first + 1; child < last; ++child) {
      if (heap_[child] < heap_[least]) {
        least = child;
      }
    }
    if (!(heap_[least] < key)) {
      break;
    }
    heap_[at] = heap_[least];
    at = least;
  }
  heap_[at] = key;
}

bool EventQueue::operator==(const EventQueue& other) const {
  if (sequence_ != other.sequence_ || heap_.size() != other.heap_.size()) {
    return false;
  }
  const auto sorted = [](std::vector<Key> keys) {
    std::ranges::sort(keys, [](const Key& a, const Key& b) { return a < b; });
    return keys;
  };
  return std::ranges::equal(sorted(heap_), sorted(other.heap_), [&](const Key& a, const Key& b) {
    return slots_[a.slot] == other.slots_[b.slot];
  });
}

}  // namespace stsim::engine
