#pragma once
// The rules by which nodes are ruled out, each with the words of the real one.

#include <stsim/api/object.hpp>
#include <stsim/placement/placement.hpp>
#include <stsim/store/watch.hpp>

#include <optional>
#include <string>
#include <vector>

namespace stsim::placement {

/// What of the cluster matters here, read once for a decision.
struct Situation {
  const api::Object& pod;
  const store::Cache& cache;
  Release release;
  std::vector<api::ObjectPtr> nodes;  ///< in natural order
  const PlacedPods& placed;
  std::vector<api::ObjectPtr> volumes;  ///< behind the pod's bound claims
  bool volume_missing{};                ///< a claim is bound to a volume that is not there
  std::vector<api::ObjectPtr> waiting;  ///< claims that are bound only now, smallest first
};

/// Why a node does not fit.
struct Verdict {
  std::vector<std::string> reasons;  ///< none: it fits
  bool curable{};                    ///< whether fewer pods on the node would help
};

/// The part of the node's document, as of all nodes.
const api::Json& document(const api::Object& node);

/// What is wrong with the pod's claims whatever the node; "" if nothing is. Reads the volumes of
/// bound claims. Rules: PN-50, PN-52.
std::string check_claims(Situation& situation);

/// Whether node selector and node affinity terms of a document match a node.
bool matches_terms(const api::Json& node_selector_terms, const api::Object& node);

/// Cordon, taints, selector and affinity, resources, in this order. Rule: PN-50.
Verdict check_node(const Situation& situation, const api::Object& node);

/// How many taints only speak against a node. Rule: PN-50.
int soft_taints(const api::Object& pod, const api::Object& node);

/// What the claims that wait for the pod get on a node; nothing if one of them gets none. Rule:
/// PV-51.
std::optional<std::vector<ClaimOnNode>> claims_on(const Situation& situation,
                                                  const api::Object& node);

/// What a pod asks for: its containers together, or its most demanding init container.
Amounts requests_of(const api::Object& pod);

/// Whether a pod is on a node and has not ended.
bool is_on_node(const api::Object& pod);

/// Whether a pod wants to be away from others.
bool is_averse(const api::Object& pod);

/// Claims for one pod only, volumes bound to nodes, claims that wait for a pod. Rule: PN-50.
Verdict check_volumes(const Situation& situation, const api::Object& node);

/// Affinity and anti-affinity between pods. Rule: PN-50.
Verdict check_other_pods(const Situation& situation, const api::Object& node);

}  // namespace stsim::placement
