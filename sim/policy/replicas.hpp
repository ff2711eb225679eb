#pragma once
// The ordinals that a set wants where some are left out, and what becomes of the others. Rules:
// OP-40, OP-72. Private to the module.

#include <fmt/format.h>
#include <stsim/policy/policy.hpp>

#include <algorithm>
#include <vector>

namespace stsim::policy {

/// From a first ordinal on so many that are not left out. A value.
class Replicas {
 public:
  static constexpr Ordinal kOrdinals = Ordinal{1} << 31;

  /// The `wanted` smallest ordinals from `first` on that are not in `left_out`. Pre: the latter are
  /// sorted, each once.
  Replicas(Ordinal first, Ordinal wanted, const std::vector<Ordinal>& left_out)
      : first_(first), end_(first + std::max<Ordinal>(wanted, 0)) {
    for (const Ordinal hole : left_out) {
      if (hole >= first_ && hole < end_) {
        holes_.push_back(hole);
        ++end_;
      }
    }
    end_ = std::min(end_, kOrdinals);  // there are no others: SS-20
  }

  [[nodiscard]] Ordinal first() const { return first_; }
  /// Behind the last.
  [[nodiscard]] Ordinal end() const { return end_; }
  [[nodiscard]] Ordinal size() const { return end_ - first_ - holes_in(first_, end_); }
  [[nodiscard]] bool contains(Ordinal ordinal) const {
    return ordinal >= first_ && ordinal < end_ && !std::ranges::binary_search(holes_, ordinal);
  }
  /// How many of them are below an ordinal.
  [[nodiscard]] Ordinal below(Ordinal ordinal) const {
    const Ordinal until = std::clamp(ordinal, first_, end_);
    return until - first_ - holes_in(first_, until);
  }
  /// The first of them that `next` finds: next(n) gives the next candidate from n on, or nothing.
  template <class Next>
  [[nodiscard]] std::optional<Ordinal> next(Ordinal from, Next next) const {
    std::optional<Ordinal> at = next(std::max(from, first_));
    while (at && *at < end_ && !contains(*at)) {
      at = next(*at + 1);
    }
    return at && *at < end_ ? at : std::nullopt;
  }
  /// The last of them that `previous` finds: previous(n) gives the next candidate up to n.
  template <class Previous>
  [[nodiscard]] std::optional<Ordinal> previous(Ordinal from, Previous previous) const {
    std::optional<Ordinal> at = previous(std::min(from, end_ - 1));
    while (at && *at >= first_ && !contains(*at)) {
      at = previous(*at - 1);
    }
    return at && *at >= first_ ? at : std::nullopt;
  }
  /// The last that `previous` finds and that is none of them.
  template <class Previous>
  [[nodiscard]] std::optional<Ordinal> previous_other(Ordinal from, Previous previous) const {
    std::optional<Ordinal> at = previous(from);
    while (at && contains(*at)) {
      const auto above = std::ranges::upper_bound(holes_, *at);
      at = previous(above == holes_.begin() ? first_ - 1 : *(above - 1));
    }
    return at;
  }

 private:
  [[nodiscard]] Ordinal holes_in(Ordinal from, Ordinal until) const {
    return std::ranges::lower_bound(holes_, until) - std::ranges::lower_bound(holes_, from);
  }

  Ordinal first_;
  Ordinal end_;
  std::vector<Ordinal> holes_;
};

/// The lowest ordinal that is missing or unhealthy, among replicas and condemned alike. Rules:
/// OP-43, OP-73.
[[nodiscard]] inline std::optional<Ordinal> first_unhealthy(const View& view,
                                                            const Replicas& replicas) {
  const auto missing = replicas.next(0, [&view](Ordinal from) -> std::optional<Ordinal> {
    return view.next_missing(Pods::Present, from);
  });
  const auto unhealthy = view.next(Pods::Unavailable, 0);
  return missing && unhealthy ? std::min(*missing, *unhealthy) : (missing ? missing : unhealthy);
}

/// How a policy takes away the pods that are beyond its replicas.
struct Removal {
  bool ordered{};  ///< one at a time, and unhealthy ones only if nothing before them is
  /// Whether a pod is healthy, and the word for that.
  bool (*is_up)(const stsim_pod& pod){};
  std::string_view up;
  std::string_view order_rule;
  std::string_view range_rule;
};

/// Takes them away, the highest first. `counts` tells what the end of one changes in the status.
/// Returns whether the decision goes on: an ordered set stops at the first one. Rules: OP-48,
/// OP-73.
template <class Counts>
bool remove_others(
    const View& view, Plan& plan, const Replicas& replicas, const Removal& how, Counts counts) {
  const auto present = [&view](Ordinal from) { return view.previous(Pods::Present, from); };
  for (auto at = replicas.previous_other(Replicas::kOrdinals, present); at;
       at = replicas.previous_other(*at - 1, present)) {
    const auto pod = view.pod(*at);
    const std::string_view name = to_view(pod->name);
    if (pod->terminating != 0) {
      if (how.ordered) {
        plan.wait(*at, fmt::format("{} is terminating: the next one waits", name), how.order_rule);
        return false;
      }
      continue;
    }
    if (how.ordered && !how.is_up(*pod) && first_unhealthy(view, replicas) != at) {
      plan.wait(
          *at, fmt::format("{} is not {}, nor is one before it", name, how.up), how.order_rule);
      return false;
    }
    plan.batch();
    plan.remove(*at,
                fmt::format("{} is not one of the {} ordinals wanted", name, replicas.size()),
                how.range_rule,
                counts(*pod));
    if (how.ordered) {
      return false;
    }
  }
  return true;
}

}  // namespace stsim::policy
