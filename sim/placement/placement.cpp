#include "rules.hpp"

#include <fmt/format.h>
#include <stsim/placement/placement.hpp>

#include <algorithm>
#include <tuple>

namespace stsim::placement {

using api::Kind;
using api::Object;
using api::ObjectPtr;

namespace {

Situation look(const Object& pod, const store::Cache& cache, const PlacedPods& placed) {
  Situation out{
      pod, cache, cache.features().release, cache.list(Kind::Node), placed, {}, false, {}};
  std::ranges::sort(out.nodes, [](const ObjectPtr& a, const ObjectPtr& b) {
    return api::natural_less(a->key.name, b->key.name);
  });
  return out;
}

/// `2 node(s) were unschedulable, 1 Insufficient cpu`, sorted as text.
std::string histogram(const std::map<std::string, int>& counts) {
  std::vector<std::string> lines;
  for (const auto& [reason, count] : counts) {
    lines.push_back(fmt::format("{} {}", count, reason));
  }
  std::ranges::sort(lines);
  return fmt::format("{}", fmt::join(lines, ", "));
}

/// What is said of preemption, which never helps here: nothing is preempted.
std::string preemption(Release release, std::size_t nodes, int curable) {
  std::map<std::string, int> counts;
  const int hopeless = static_cast<int>(nodes) - curable;
  if (curable > 0) {
    counts["No preemption victims found for incoming pod"] = curable;
  }
  if (hopeless > 0) {
    counts["Preemption is not helpful for scheduling"] = hopeless;
  }
  // Up to 1.26 a second full stop was put behind it.
  return fmt::format("preemption: 0/{} nodes are available: {}.{}",
                     nodes,
                     histogram(counts),
                     release.at_least(27) ? "" : ".");
}

Decision refuse(std::string message, std::string why) {
  return {"", std::move(message), std::move(why), "PN-50", {}};
}

int of_same_owner(const Situation& situation, const PodsOnNode& there) {
  const api::OwnerReference* owner = situation.pod.controller();
  const std::int32_t* found = owner == nullptr ? nullptr : there.of_controller.find(owner->uid);
  return found == nullptr ? 0 : *found;
}

Decision choose(const Situation& situation, const std::vector<ObjectPtr>& fitting) {
  using Score = std::tuple<int, int, int>;
  const Object* best = nullptr;
  Score best_score;
  for (const ObjectPtr& node : fitting) {
    const PodsOnNode& there = situation.placed.on(node->key.name);
    const Score score{
        soft_taints(situation.pod, *node), of_same_owner(situation, there), there.count};
    if (best == nullptr || score < best_score) {
      best = node.get();
      best_score = score;
    }
  }
  Decision out;
  out.node = best->key.name;
  out.claims = claims_on(situation, *best).value_or(std::vector<ClaimOnNode>{});
  const api::OwnerReference* owner = situation.pod.controller();
  out.why = owner == nullptr ? fmt::format("fewest pods ({})", std::get<2>(best_score))
                             : fmt::format("fewest pods of {}/{} ({}), then fewest pods ({})",
                                           owner->kind,
                                           owner->name,
                                           std::get<1>(best_score),
                                           std::get<2>(best_score));
  out.rule = "PN-53";
  return out;
}

}  // namespace

const api::Json& document(const Object& node) {
  return *node.as<api::Generic>().document;
}

Decision decide(const Object& pod, const store::Cache& cache, const PlacedPods& placed) {
  Situation situation = look(pod, cache, placed);
  const std::size_t count = situation.nodes.size();
  if (count == 0) {
    return refuse("no nodes available to schedule pods", "there are no nodes");
  }
  const Release release = situation.release;
  if (const std::string wrong = check_claims(situation); !wrong.empty()) {
    return refuse(fmt::format("0/{} nodes are available: {}. {}",
                              count,
                              wrong,
                              release.at_least(34) ? "not found" : preemption(release, count, 0)),
                  wrong);
  }
  std::vector<ObjectPtr> fitting;
  std::map<std::string, int> reasons;
  int curable = 0;
  for (const ObjectPtr& node : situation.nodes) {
    Verdict verdict = check_node(situation, *node);
    if (verdict.reasons.empty()) {
      verdict = check_volumes(situation, *node);
    }
    if (verdict.reasons.empty()) {
      verdict = check_other_pods(situation, *node);
    }
    if (verdict.reasons.empty()) {
      fitting.push_back(node);
      continue;
    }
    curable += verdict.curable ? 1 : 0;
    for (const std::string& reason : verdict.reasons) {
      ++reasons[reason];
    }
  }
  if (!fitting.empty()) {
    return choose(situation, fitting);
  }
  const std::string why = histogram(reasons);
  return refuse(fmt::format("0/{} nodes are available: {}. {}{}",
                            count,
                            why,
                            release.at_least(34) ? "no new claims to deallocate, " : "",
                            preemption(release, count, curable)),
                why);
}

}  // namespace stsim::placement
