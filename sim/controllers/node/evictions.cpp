// The taint eviction controller.
#include "pods.hpp"

#include <fmt/format.h>
#include <stsim/api/taints.hpp>
#include <stsim/controllers/node/nodes.hpp>

#include <algorithm>

namespace stsim::controllers::node {

using api::Json;
using api::Kind;
using api::Object;
using api::ObjectKey;
using api::ObjectPtr;

namespace {

bool executes(const Json& taint) {
  return api::text(taint, "effect") == "NoExecute";
}

bool executes(const Object& node) {
  return std::ranges::any_of(api::taints_of(node),
                             [](const Json& taint) { return executes(taint); });
}

constexpr SimDuration kForEver = SimDuration::max();

/// How long a pod may stay on its node; nobody sees to one that is gone, or goes.
SimDuration may_stay(const ObjectPtr& pod, const store::Cache& cache) {
  const ObjectPtr node = pod && has_node(*pod) ? cache.find(node_of(*pod)) : nullptr;
  if (!node || pod->terminating()) {
    return kForEver;
  }
  SimDuration out = kForEver;
  for (const Json& taint : api::taints_of(*node)) {
    if (!executes(taint)) {
      continue;
    }
    const Json* toleration = api::toleration_for(*pod, taint);
    if (toleration == nullptr) {
      return SimDuration{};
    }
    if (const Json& seconds = api::member(*toleration, "tolerationSeconds"); seconds.is_number()) {
      const SimDuration length =
          std::max(SimDuration{}, seconds_of(api::integer(*toleration, "tolerationSeconds")));
      out = std::min(out, length);
    }
  }
  return out;
}

EventText eviction_event(const Object& pod, std::string_view what) {
  return {.type = "Normal",
          .reason = "TaintManagerEviction",
          .message = fmt::format("{} deletion {}Pod {}/{}",
                                 what,
                                 what == "Cancelling" ? "of " : "",
                                 pod.key.ns,
                                 pod.key.name)};
}

}  // namespace

std::vector<Again> concerned_evictions(const store::Change& change,
                                       const store::Cache& cache,
                                       SimTime /*now*/) {
  std::vector<Again> out;
  const Object& object = change.object();
  if (object.key.kind == Kind::Node) {
    const bool before = change.before && executes(*change.before);
    const bool after = change.after && executes(*change.after);
    if (before || after) {
      for (const ObjectPtr& pod : pods_on(object.key, cache)) {
        out.push_back({pod->key, {}});
      }
    }
  } else if (object.key.kind == Kind::Pod && has_node(object)) {
    const bool comes = change.after && (!change.before || !has_node(*change.before));
    const bool goes =
        !change.after || (object.terminating() && !(change.before && change.before->terminating()));
    const ObjectPtr node = comes || goes ? cache.find(node_of(object)) : nullptr;
    if (node && executes(*node)) {
      out.push_back({object.key, {}});
    }
  }
  return out;
}

void advance_evictions(Views& views, const ObjectKey& key, const store::Cache& cache, SimTime now) {
  auto& evictions = views.nodes.evictions;
  const ObjectPtr pod = cache.find(key);
  const SimDuration stays = may_stay(pod, cache);
  const Eviction* known = evictions.find(key);
  const bool of_pod = known != nullptr && pod && known->pod == pod->uid;
  if (stays > SimDuration{} && stays != kForEver) {
    if (!of_pod || known->cancelled) {
      evictions.set(key, {pod->uid, now, false});
    }
  } else if (known != nullptr) {
    const bool stays_after_all = of_pod && !pod->terminating() && stays == kForEver;
    if (stays_after_all && !known->cancelled) {
      evictions.set(key, {known->pod, known->since, true});
    } else {
      evictions.erase(key);
    }
  }
}

Plan decide_eviction(const ObjectKey& key,
                     const store::Cache& cache,
                     const Views& views,
                     SimTime now) {
  Plan plan;
  const ObjectPtr pod = cache.find(key);
  const SimDuration stays = may_stay(pod, cache);
  const Eviction* known = views.nodes.evictions.find(key);
  if (stays == kForEver) {
    plan.nothing_later = true;
    if (known != nullptr && known->cancelled) {
      plan.groups.emplace_back().calls.push_back(tell(eviction_event(*pod, "Cancelling")));
    }
    return plan;
  }
  const SimTime due = (known == nullptr ? now : known->since) + stays;
  if (due > now) {
    plan.waits.push_back({key,
                          fmt::format("{} tolerates the taints of {} for {} more",
                                      key.name,
                                      pod->as<api::Pod>().node_name,
                                      to_go_string(due - now)),
                          "PN-61"});
    plan.again.push_back({key, due - now, true});
    return plan;
  }
  plan.groups.emplace_back().calls.push_back(tell(eviction_event(*pod, "Marking for")));
  const std::string why = fmt::format("{} does not tolerate the taints of {}{}",
                                      key.name,
                                      pod->as<api::Pod>().node_name,
                                      known == nullptr ? "" : " any longer");
  Object marked = *pod;
  marked.as<api::Pod>().status.set_condition(api::PodConditionType::DisruptionTarget,
                                             true,
                                             now,
                                             "DeletionByTaintManager",
                                             "Taint manager: deleting due to NoExecute taint");
  Group& group = add_status(plan, std::move(marked), why, "PN-61");
  add_deletion(group, *pod, std::nullopt, why, "PN-61");
  return plan;
}

}  // namespace stsim::controllers::node
