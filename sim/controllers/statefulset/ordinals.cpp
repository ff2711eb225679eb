#include <stsim/base/error.hpp>
#include <stsim/controllers/statefulset/ordinals.hpp>

#include <algorithm>

namespace stsim::controllers::statefulset {

bool Ordinals::contains(std::int32_t ordinal) const {
  const auto* run = runs_.last_up_to(ordinal);
  return run != nullptr && run->value >= ordinal;
}

void Ordinals::set(std::int32_t ordinal, bool is_member) {
  STSIM_ASSERT(ordinal >= 0);
  const std::int64_t number = ordinal;
  const auto* run = runs_.last_up_to(number);
  const bool there = run != nullptr && run->value >= number;
  if (there == is_member) {
    return;
  }
  if (is_member) {
    const std::int64_t* after = runs_.find(number + 1);
    const std::int64_t last = after == nullptr ? number : *after;
    const std::int64_t first = run != nullptr && run->value == number - 1 ? run->key : number;
    if (after != nullptr) {
      runs_.erase(number + 1);
    }
    runs_.set(first, last);
    ++size_;
    return;
  }
  const std::int64_t first = run->key;
  const std::int64_t last = run->value;
  if (first == number) {
    runs_.erase(first);
  } else {
    runs_.set(first, number - 1);
  }
  if (number < last) {
    runs_.set(number + 1, last);
  }
  --size_;
}

std::optional<std::int64_t> Ordinals::next(std::int64_t least) const {
  if (const auto* run = runs_.last_up_to(least); run != nullptr && run->value >= least) {
    return least;
  }
  const auto run = runs_.lower_bound(least);
  return run == runs_.end() ? std::nullopt : std::optional(run->key);
}

std::optional<std::int64_t> Ordinals::previous(std::int64_t most) const {
  const auto* run = runs_.last_up_to(most);
  return run == nullptr ? std::nullopt : std::optional(std::min(run->value, most));
}

std::int64_t Ordinals::next_missing(std::int64_t least) const {
  const auto* run = runs_.last_up_to(least);
  return run != nullptr && run->value >= least ? run->value + 1 : least;
}

std::int64_t Ordinals::previous_missing(std::int64_t most) const {
  const auto* run = runs_.last_up_to(most);
  return run != nullptr && run->value >= most ? run->key - 1 : most;
}

std::int64_t Ordinals::count(std::int64_t first, std::int64_t last) const {
  std::int64_t out = 0;
  if (const auto* run = runs_.last_up_to(first); run != nullptr && run->key < first) {
    out += std::max<std::int64_t>(0, std::min(run->value, last) - first + 1);
  }
  for (auto run = runs_.lower_bound(first); run != runs_.end() && run->key <= last; ++run) {
    out += std::min(run->value, last) - run->key + 1;
  }
  return out;
}

}  // namespace stsim::controllers::statefulset
