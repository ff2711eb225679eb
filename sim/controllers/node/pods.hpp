#pragma once
// What the controllers of nodes share.

#include <stsim/controllers/plan.hpp>
#include <stsim/store/watch.hpp>

#include <vector>

namespace stsim::controllers::node {

/// The node of a pod as a key. Pre: the pod has one.
inline api::ObjectKey node_of(const api::Object& pod) {
  return {api::Kind::Node, "", pod.as<api::Pod>().node_name};
}

inline bool has_node(const api::Object& pod) {
  return !pod.as<api::Pod>().node_name.empty();
}

/// The pods on a node. Nodes are in trouble seldom: all pods are looked through.
std::vector<api::ObjectPtr> pods_on(const api::ObjectKey& node, const store::Cache& cache);

/// A group with the write of a pod's status; an error of it leaves other pods alone.
Group& add_status(Plan& plan, api::Object pod, std::string why, std::string_view rule);

/// Appends the deletion of the pod, if it is still that one.
void add_deletion(Group& group,
                  const api::Object& pod,
                  std::optional<std::int64_t> grace_seconds,
                  std::string why,
                  std::string_view rule);

}  // namespace stsim::controllers::node
