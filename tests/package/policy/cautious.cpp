// Creates all pods at once, and updates one pod a minute, the lowest first: what somebody could
// want of an operator of his own. When the last one was updated stands in the state.
#include <stsim/policy/policy.hpp>

#include <charconv>
#include <string>

namespace {

using stsim::policy::Ordinal;
using stsim::policy::Plan;
using stsim::policy::Pods;
using stsim::policy::Revision;
using stsim::policy::View;

constexpr std::int64_t kMinute = 60'000'000;

void decide(const View& view, Plan& plan) {
  const stsim_set& set = view.set();
  if (set.terminating != 0) {
    return;
  }
  plan.completes_with(set.replicas);
  plan.batch();
  bool all_there = true;
  for (Ordinal at = view.next_missing(Pods::Present, 0); at < set.replicas;
       at = view.next_missing(Pods::Present, at + 1)) {
    plan.create(at, Revision::Update, std::string(view.name()) + " lacks a pod", "CAUTIOUS-1");
    all_there = false;
  }
  for (auto at = view.previous(Pods::Present, INT32_MAX); at && *at >= set.replicas;
       at = view.previous(Pods::Present, *at - 1)) {
    if (!view.contains(Pods::Terminating, *at)) {
      plan.remove(*at, "there are too many pods", "CAUTIOUS-2");
    }
  }
  const auto outdated = view.next(Pods::Outdated, 0);
  if (!outdated || !all_there) {
    return;
  }
  std::int64_t last = -kMinute;
  const std::string_view state = view.state();
  std::from_chars(state.data(), state.data() + state.size(), last);
  if (set.now_us < last + kMinute) {
    plan.wait(*outdated, "a pod was updated less than a minute ago", "CAUTIOUS-3");
    plan.again(last + kMinute - set.now_us, true);
    return;
  }
  plan.remove_if_there(*outdated, "it is at another revision", "CAUTIOUS-3");
  plan.keep(std::to_string(set.now_us));
}

}  // namespace

STSIM_POLICY("cautious", "one update a minute, from the lowest ordinal up", nullptr, true, decide)
