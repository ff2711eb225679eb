// What pods on the nodes say about a pod: affinity and anti-affinity, as far as they are required.
#include "rules.hpp"

#include <stsim/api/well_known.hpp>

#include <algorithm>

namespace stsim::placement {

using api::Json;
using api::Object;
using api::ObjectPtr;

namespace {

const Json& terms_of(const Object& pod, std::string_view which) {
  return api::at_path(*pod.as<api::Pod>().spec->document, {"affinity", which, api::kRequired});
}

/// Whether a term of `holder` is about `other`. Namespace selectors are not modelled.
bool about(const Json& term, const Object& holder, const Object& other) {
  const Json& namespaces = api::member(term, "namespaces");
  const bool in_namespace =
      namespaces.empty()
          ? holder.key.ns == other.key.ns
          : std::ranges::any_of(namespaces, [&other](const Json& ns) {
              return ns.is_string() && ns.get_ref<const std::string&>() == other.key.ns;
            });
  const Json& selector = api::member(term, "labelSelector");
  if (!in_namespace || !selector.is_object()) {
    return false;
  }
  const auto parsed = api::parse_label_selector(selector);
  return parsed && parsed->matches(other.labels);
}

/// Whether both nodes are in the same domain, say the same zone.
bool together(const Json& term, const Object& a, const Object& b) {
  const std::string key = api::text(term, "topologyKey");
  const Text* left = a.labels.find(key);
  const Text* right = b.labels.find(key);
  return left != nullptr && right != nullptr && *left == *right;
}

/// The node of a pod, or null where it is not there.
ObjectPtr node_of(const Situation& situation, const Object& pod) {
  return situation.cache.find({api::Kind::Node, "", pod.as<api::Pod>().node_name});
}

/// Whether `test(node, pod)` holds for any pod that is on a node. Only a pod that asks about others
/// has all of them looked at.
template <class Test>
bool any_placed(const Situation& situation, Test test) {
  return std::ranges::any_of(situation.cache.list(api::Kind::Pod), [&](const ObjectPtr& other) {
    const ObjectPtr node = is_on_node(*other) ? node_of(situation, *other) : nullptr;
    return node && test(*node, *other);
  });
}

/// The same for those pods only that want to be away from others.
template <class Test>
bool any_averse(const Situation& situation, Test test) {
  return std::ranges::any_of(situation.placed.averse(), [&](const auto& entry) {
    const ObjectPtr other = situation.cache.find(entry.key);
    const ObjectPtr node = node_of(situation, *other);
    return node && test(*node, *other);
  });
}

bool affinity_holds(const Situation& situation, const Json& term, const Object& node) {
  if (any_placed(situation, [&](const Object& where, const Object& other) {
        return about(term, situation.pod, other) && together(term, node, where);
      })) {
    return true;
  }
  // The first pod of a group that wants to be with its own kind may go anywhere.
  return about(term, situation.pod, situation.pod) &&
         node.labels.contains(api::text(term, "topologyKey")) &&
         !any_placed(situation, [&](const Object&, const Object& other) {
           return about(term, situation.pod, other);
         });
}

}  // namespace

bool is_averse(const Object& pod) {
  return !terms_of(pod, "podAntiAffinity").empty();
}

Verdict check_other_pods(const Situation& situation, const Object& node) {
  const Json& wanted = terms_of(situation.pod, "podAffinity");
  for (const Json& term : wanted) {
    if (!affinity_holds(situation, term, node)) {
      return {{"node(s) didn't match pod affinity rules"}, false};
    }
  }
  for (const Json& term : terms_of(situation.pod, "podAntiAffinity")) {
    if (any_placed(situation, [&](const Object& where, const Object& other) {
          return about(term, situation.pod, other) && together(term, node, where);
        })) {
      return {{"node(s) didn't match pod anti-affinity rules"}, true};
    }
  }
  if (any_averse(situation, [&](const Object& where, const Object& other) {
        return std::ranges::any_of(terms_of(other, "podAntiAffinity"), [&](const Json& term) {
          return about(term, other, situation.pod) && together(term, node, where);
        });
      })) {
    return {{"node(s) didn't satisfy existing pods anti-affinity rules"}, true};
  }
  return {};
}

}  // namespace stsim::placement
