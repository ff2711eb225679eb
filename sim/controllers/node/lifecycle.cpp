// The node controller.
#include "pods.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/api/taints.hpp>
#include <stsim/controllers/node/nodes.hpp>

#include <algorithm>
#include <array>

namespace stsim::controllers::node {

using api::Json;
using api::Kind;
using api::NodeReady;
using api::Object;
using api::ObjectKey;
using api::ObjectPtr;

namespace {

bool cordoned(const Object& node) {
  const Json& flag = api::at_path(*node.as<api::Generic>().document, {"spec", "unschedulable"});
  return flag.is_boolean() && flag.get<bool>();
}

/// Whether a taint belongs on the node; nothing of those that are no business of the controller.
std::optional<bool> wanted(const Json& taint, const Object& node) {
  const std::string key = api::text(taint, "key");
  if (key == api::kUnreachableTaint) {
    return api::node_ready(node) == NodeReady::Unknown;
  }
  if (key == api::kNotReadyTaint) {
    return api::node_ready(node) == NodeReady::False;
  }
  if (key == api::kUnschedulableTaint) {
    return cordoned(node);
  }
  return std::nullopt;
}

/// The taints as they should be: those of others first, as they are.
Json right_taints(const Object& node, SimTime now) {
  constexpr std::array<std::pair<const char*, const char*>, 5> kOwn{{
      {api::kUnreachableTaint, "NoSchedule"},
      {api::kUnreachableTaint, "NoExecute"},
      {api::kNotReadyTaint, "NoSchedule"},
      {api::kNotReadyTaint, "NoExecute"},
      {api::kUnschedulableTaint, "NoSchedule"},
  }};
  Json out = Json::array();
  for (const Json& taint : api::taints_of(node)) {
    if (wanted(taint, node).value_or(true)) {
      out.push_back(taint);
    }
  }
  for (const auto& [key, effect] : kOwn) {
    const Json own = {{"key", key}, {"effect", effect}};
    const bool there = std::ranges::any_of(out, [&own](const Json& taint) {
      return taint["key"] == own["key"] && api::text(taint, "effect") == own["effect"];
    });
    if (!there && *wanted(own, node)) {
      out.push_back(own);
      out.back()["timeAdded"] = to_rfc3339(now);
    }
  }
  return out;
}

/// PN-60: `Node node1 status is now: NodeNotReady`.
EventText not_ready_event(const Object& node) {
  return {.type = "Normal",
          .reason = "NodeNotReady",
          .message = fmt::format("Node {} status is now: NodeNotReady", node.key.name),
          .about = node.key};
}

/// `node1 is tainted: node.kubernetes.io/unschedulable:NoSchedule`.
std::string in_words(const Object& node, const Json& taints) {
  if (taints.empty()) {
    return fmt::format("nothing speaks against {} any more", node.key.name);
  }
  std::vector<std::string> all;
  for (const Json& taint : taints) {
    all.push_back(fmt::format("{}:{}", api::text(taint, "key"), api::text(taint, "effect")));
  }
  return fmt::format("{} is tainted: {}", node.key.name, fmt::join(all, ", "));
}

void set_taints(Plan& plan, const Object& node, SimTime now) {
  const Json taints = right_taints(node, now);
  const Json& before = api::taints_of(node);
  if (taints == before || (taints.empty() && before.is_null())) {
    return;
  }
  const bool was = std::ranges::any_of(before, [](const Json& taint) {
    const std::string key = api::text(taint, "key");
    return key == api::kUnreachableTaint || key == api::kNotReadyTaint;
  });
  Object changed = node;
  Json document = *node.as<api::Generic>().document;
  document["spec"]["taints"] = taints;
  changed.as<api::Generic>().document = std::make_shared<const Json>(std::move(document));
  Group& group = plan.groups.emplace_back();
  Call& call = group.calls.emplace_back();
  call.verb = Call::Verb::Update;
  call.target = node.key;
  call.object = std::make_shared<const Object>(std::move(changed));
  call.why = in_words(node, taints);
  call.rule = "PN-60";
  if (api::node_ready(node) != NodeReady::True && !was) {
    group.success = not_ready_event(node);
  }
}

/// PN-60: whoever is on a node that is not ready is not ready.
void take_readiness(Plan& plan, const Object& node, const ObjectPtr& pod, SimTime now) {
  if (api::node_ready(node) == NodeReady::True || !pod->as<api::Pod>().status.ready()) {
    return;
  }
  Object changed = *pod;
  changed.as<api::Pod>().status.set_condition(api::PodConditionType::Ready, false, now);
  Group& group =
      add_status(plan, std::move(changed), fmt::format("{} is not ready", node.key.name), "PN-60");
  group.success = EventText{.type = "Warning",
                            .reason = "NodeNotReady",
                            .message = "Node is not ready",
                            .about = pod->key};
}

}  // namespace

std::vector<Again> concerned_nodes(const store::Change& change,
                                   const store::Cache& cache,
                                   SimTime /*now*/) {
  const Object& object = change.object();
  if (!change.after) {
    return {};
  }
  if (object.key.kind == Kind::Node) {
    return {{object.key, {}}};
  }
  if (object.key.kind == Kind::Pod && has_node(object) && object.as<api::Pod>().status.ready() &&
      !(change.before && change.before->as<api::Pod>().status.ready())) {
    const ObjectPtr node = cache.find(node_of(object));
    if (node && api::node_ready(*node) != NodeReady::True) {
      return {{object.key, {}}};
    }
  }
  return {};
}

Plan decide_node(const ObjectKey& key,
                 const store::Cache& cache,
                 const Views& /*views*/,
                 SimTime now) {
  Plan plan;
  if (key.kind == Kind::Pod) {
    const ObjectPtr pod = cache.find(key);
    const ObjectPtr node = pod && has_node(*pod) ? cache.find(node_of(*pod)) : nullptr;
    if (node) {
      take_readiness(plan, *node, pod, now);
    }
    return plan;
  }
  const ObjectPtr node = cache.find(key);
  if (!node) {
    return plan;
  }
  set_taints(plan, *node, now);
  if (api::node_ready(*node) != NodeReady::True) {
    for (const ObjectPtr& pod : pods_on(key, cache)) {
      take_readiness(plan, *node, pod, now);
    }
  }
  return plan;
}

}  // namespace stsim::controllers::node
