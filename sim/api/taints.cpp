#include <stsim/api/taints.hpp>

#include <algorithm>
#include <array>
#include <iterator>

namespace stsim::api {

namespace {

const Json& document(const Object& node) {
  return *node.as<Generic>().document;
}

std::string_view word(NodeReady ready) {
  constexpr std::array<std::string_view, 3> kWords{"True", "False", "Unknown"};
  return kWords[static_cast<std::size_t>(ready)];
}

}  // namespace

const Json& taints_of(const Object& node) {
  return at_path(document(node), {"spec", "taints"});
}

bool tolerates(const Json& toleration, const Json& taint) {
  const std::string effect = text(toleration, "effect");
  const std::string key = text(toleration, "key");
  if (!effect.empty() && effect != text(taint, "effect")) {
    return false;
  }
  if (!key.empty() && key != text(taint, "key")) {
    return false;
  }
  return text(toleration, "operator", "Equal") == "Exists" ||
         text(toleration, "value") == text(taint, "value");
}

const Json* toleration_for(const Object& pod, const Json& taint) {
  for (const Json& toleration : member(*pod.as<Pod>().spec->document, "tolerations")) {
    if (tolerates(toleration, taint)) {
      return &toleration;
    }
  }
  return nullptr;
}

NodeReady node_ready(const Object& node) {
  for (const Json& condition : at_path(document(node), {"status", "conditions"})) {
    if (text(condition, "type") == "Ready") {
      const std::string status = text(condition, "status");
      return status == word(NodeReady::True)    ? NodeReady::True
             : status == word(NodeReady::False) ? NodeReady::False
                                                : NodeReady::Unknown;
    }
  }
  return NodeReady::True;
}

Json with_node_ready(const Object& node,
                     NodeReady ready,
                     std::string_view reason,
                     std::string_view message,
                     SimTime now) {
  Json out = document(node);
  Json& conditions = out["status"]["conditions"];
  if (!conditions.is_array()) {
    conditions = Json::array();
  }
  auto known = std::ranges::find_if(
      conditions, [](const Json& condition) { return text(condition, "type") == "Ready"; });
  if (known == conditions.end()) {
    conditions.push_back({{"type", "Ready"}});
    known = std::prev(conditions.end());
  }
  Json& condition = *known;
  if (text(condition, "status") != word(ready)) {
    condition["lastTransitionTime"] = to_rfc3339(now);
  }
  if (ready == NodeReady::True) {
    condition["lastHeartbeatTime"] = to_rfc3339(now);
  }
  condition["status"] = word(ready);
  condition["reason"] = reason;
  condition["message"] = message;
  return out;
}

}  // namespace stsim::api
