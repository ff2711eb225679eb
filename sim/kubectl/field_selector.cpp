#include "field_selector.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>
#include <string_view>

namespace stsim::kubectl {

using api::Json;
using api::Kind;

namespace {

/// One condition taken apart.
struct Condition {
  std::string field;
  bool differs{};
  std::string value;
};

Condition parse(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::size_t differs = text.find("!=");
  if (differs != std::string::npos && differs < equals) {
    return {text.substr(0, differs), true, text.substr(differs + 2)};
  }
  const std::size_t value = text.find_first_not_of('=', equals);
  return {text.substr(0, equals), false, value == std::string::npos ? "" : text.substr(value)};
}

/// The fields besides name and namespace.
std::span<const std::string_view> fields_of(Kind kind) {
  static constexpr std::string_view kPod[] = {"spec.hostNetwork",
                                              "spec.nodeName",
                                              "spec.restartPolicy",
                                              "spec.schedulerName",
                                              "spec.serviceAccountName",
                                              "status.nominatedNodeName",
                                              "status.phase",
                                              "status.podIP",
                                              "status.podIPs"};
  static constexpr std::string_view kEvent[] = {"involvedObject.apiVersion",
                                                "involvedObject.fieldPath",
                                                "involvedObject.kind",
                                                "involvedObject.name",
                                                "involvedObject.namespace",
                                                "involvedObject.resourceVersion",
                                                "involvedObject.uid",
                                                "reason",
                                                "reportingComponent",
                                                "source",
                                                "type"};
  static constexpr std::string_view kNode[] = {"spec.unschedulable"};
  static constexpr std::string_view kNamespace[] = {"status.phase"};
  static constexpr std::string_view kService[] = {"spec.clusterIP", "spec.type"};
  static constexpr std::string_view kSecret[] = {"type"};
  switch (kind) {
    case Kind::Pod:
      return kPod;
    case Kind::Event:
      return kEvent;
    case Kind::Node:
      return kNode;
    case Kind::Namespace:
      return kNamespace;
    case Kind::Service:
      return kService;
    case Kind::Secret:
      return kSecret;
    case Kind::PersistentVolume:
    case Kind::StorageClass:
    case Kind::PersistentVolumeClaim:
    case Kind::Endpoints:
    case Kind::EndpointSlice:
    case Kind::StatefulSet:
    case Kind::ControllerRevision:
    case Kind::ConfigMap:
    case Kind::ServiceAccount:
      break;
  }
  return {};
}

std::string text_at(const Json& document, std::string_view path) {
  if (path == "source") {
    path = "source.component";
  }
  const Json* at = &document;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    at = &api::member(*at, path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return at->is_string() ? at->get<std::string>() : at->is_null() ? "" : at->dump();
}

}  // namespace

std::string why_unsupported(Kind kind, const std::vector<std::string>& conditions) {
  const auto known = fields_of(kind);
  std::vector<std::string> sorted = conditions;
  std::ranges::sort(sorted);
  for (const std::string& condition : sorted) {
    if (condition.find('=') == std::string::npos) {
      return fmt::format(
          "invalid selector: '{}'; can't understand '{}'", fmt::join(conditions, ","), condition);
    }
  }
  for (const std::string& condition : sorted) {
    const std::string field = parse(condition).field;
    if (field == "metadata.name" || field == "metadata.namespace" ||
        std::ranges::find(known, field) != known.end()) {
      continue;
    }
    return known.empty() ? fmt::format(
                               "\"{}\" is not a known field selector: only \"metadata.name\", "
                               "\"metadata.namespace\"",
                               field)
                         : "field label not supported: " + field;
  }
  return "";
}

bool fields_match(const Json& document, const std::vector<std::string>& conditions) {
  return std::ranges::all_of(conditions, [&document](const std::string& text) {
    const Condition condition = parse(text);
    const std::string value = text_at(document, condition.field);
    // A field that says yes or no and is left out says no.
    const bool same = value == condition.value || (value.empty() && condition.value == "false");
    return same != condition.differs;
  });
}

}  // namespace stsim::kubectl
