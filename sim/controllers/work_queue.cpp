#include <stsim/controllers/work_queue.hpp>

#include <algorithm>

namespace stsim::controllers {

void WorkQueue::add(const api::ObjectKey& key, const engine::Causes& causes) {
  if (const engine::Causes* known = dirty_.find(key)) {
    engine::Causes both = *known;
    both.add(causes);
    dirty_.set(key, both);
    return;
  }
  dirty_.set(key, causes);
  if (processing_.find(key) == nullptr) {
    order_.set(added_++, key);
  }
}

std::optional<WorkQueue::Item> WorkQueue::take() {
  if (order_.empty()) {
    return std::nullopt;
  }
  const std::uint64_t first = order_.begin()->key;
  Item item{order_.begin()->value, {}};
  item.causes = *dirty_.find(item.key);
  order_.erase(first);
  dirty_.erase(item.key);
  processing_.set(item.key, {});
  return item;
}

void WorkQueue::done(const api::ObjectKey& key) {
  processing_.erase(key);
  if (dirty_.find(key) != nullptr) {
    order_.set(added_++, key);
  }
}

SimDuration WorkQueue::retry_delay(const api::ObjectKey& key, const Backoff& backoff, SimTime now) {
  constexpr SimDuration kEach = std::chrono::milliseconds{100};
  constexpr int kBurst = 100;
  const int* known = failures_.find(key);
  const int failures = known == nullptr ? 0 : *known;
  failures_.set(key, failures + 1);
  retries_until_ = std::max(retries_until_, now) + kEach;
  return std::max(backoff.after(static_cast<std::uint64_t>(failures)),
                  retries_until_ - now - kBurst * kEach);
}

}  // namespace stsim::controllers
