// The pod garbage collector.
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

constexpr SimDuration kPeriod = std::chrono::seconds{20};
constexpr SimDuration kQuarantine = std::chrono::seconds{40};

SimDuration until_next_look(SimTime now) {
  const SimDuration since = now - kStartOfTime;
  return (since / kPeriod + 1) * kPeriod - since;
}

/// PN-63: somebody has said that nothing runs on the node any more, and it is not ready.
bool out_of_service(const Object& node) {
  return api::node_ready(node) != api::NodeReady::True &&
         std::ranges::any_of(api::taints_of(node), [](const Json& taint) {
           return api::text(taint, "key") == api::kOutOfServiceTaint;
         });
}

/// PN-70: the pod counts as failed, and is removed at once.
void remove(Plan& plan, const Object& pod, bool orphan, std::string why, SimTime now) {
  Object failed = pod;
  api::PodStatus& status = failed.as<api::Pod>().status;
  if (!status.ended()) {
    status.phase = api::PodPhase::Failed;
  }
  if (orphan) {
    status.set_condition(api::PodConditionType::DisruptionTarget,
                         true,
                         now,
                         "DeletionByPodGC",
                         "PodGC: node no longer exists");
  }
  Group& group = add_status(plan, std::move(failed), why, "PN-70");
  add_deletion(group, pod, 0, std::move(why), "PN-70");
}

}  // namespace

std::vector<Again> concerned_garbage(const store::Change& change,
                                     const store::Cache& cache,
                                     SimTime now) {
  const Object& object = change.object();
  if (object.key.kind == Kind::Node && (!change.after || out_of_service(object))) {
    return {{object.key, until_next_look(now)}};
  }
  if (object.key.kind != Kind::Pod || !change.after) {
    return {};
  }
  const bool bound = has_node(object) && !(change.before && has_node(*change.before));
  const bool goes = object.terminating() && !(change.before && change.before->terminating());
  if (goes && !has_node(object)) {
    return {{object.key, until_next_look(now)}};
  }
  if (bound || goes) {
    const ObjectPtr node = cache.find(node_of(object));
    if (!node || out_of_service(*node)) {
      return {{node_of(object), until_next_look(now)}};
    }
  }
  return {};
}

void advance_garbage(Views& views, const ObjectKey& key, const store::Cache& cache, SimTime now) {
  auto& missing = views.nodes.missing;
  if (key.kind != Kind::Node) {
    return;
  }
  if (cache.find(key)) {
    missing.erase(key);
  } else if (missing.find(key) == nullptr) {
    missing.set(key, now);
  }
}

Plan decide_garbage(const ObjectKey& key,
                    const store::Cache& cache,
                    const Views& views,
                    SimTime now) {
  Plan plan;
  if (key.kind == Kind::Pod) {
    const ObjectPtr pod = cache.find(key);
    if (pod && pod->terminating() && !has_node(*pod)) {
      remove(plan, *pod, false, fmt::format("{} goes and never had a node", key.name), now);
    }
    return plan;
  }
  const ObjectPtr node = cache.find(key);
  if (node && !out_of_service(*node)) {
    return plan;
  }
  const SimTime* since = views.nodes.missing.find(key);
  if (since != nullptr && now - *since < kQuarantine) {
    plan.again.push_back({key, *since + kQuarantine - now, true});
    return plan;
  }
  for (const ObjectPtr& pod : pods_on(key, cache)) {
    if (!node) {
      remove(plan, *pod, true, fmt::format("{} is gone", key.name), now);
    } else if (pod->terminating()) {
      remove(plan, *pod, false, fmt::format("{} is out of service", key.name), now);
    }
  }
  return plan;
}

}  // namespace stsim::controllers::node
