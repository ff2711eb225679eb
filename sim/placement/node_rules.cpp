// What a node's own properties say about a pod: cordon, taints, labels, resources.
#include "rules.hpp"

#include <fmt/format.h>
#include <stsim/api/taints.hpp>
#include <stsim/api/well_known.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace stsim::placement {

using api::Json;
using api::Object;
using api::ObjectPtr;
using api::Quantity;

namespace {

const Json& spec_of(const Object& pod) {
  return *pod.as<api::Pod>().spec->document;
}

bool tolerated(const Object& pod, const Json& taint) {
  return api::toleration_for(pod, taint) != nullptr;
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t out{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(out)
                                                                  : std::nullopt;
}

bool matches_expression(const Json& expression, std::optional<std::string_view> value) {
  const std::string op = api::text(expression, "operator");
  const Json& values = api::member(expression, "values");
  const bool listed =
      value && std::ranges::any_of(values, [value](const Json& candidate) {
        return candidate.is_string() && candidate.get_ref<const std::string&>() == *value;
      });
  if (op == "In") {
    return listed;
  }
  if (op == "NotIn") {
    return !listed;
  }
  if (op == "Exists") {
    return value.has_value();
  }
  if (op == "DoesNotExist") {
    return !value;
  }
  if (!value || !values.is_array() || values.size() != 1 || !values[0].is_string()) {
    return false;
  }
  const auto left = number(*value);
  const auto right = number(values[0].get<std::string>());
  return left && right && ((op == "Gt" && *left > *right) || (op == "Lt" && *left < *right));
}

bool matches_term(const Json& term, const Object& node) {
  const Json& expressions = api::member(term, "matchExpressions");
  const Json& fields = api::member(term, "matchFields");
  if (expressions.empty() && fields.empty()) {
    return false;  // a term that asks for nothing matches nothing
  }
  return std::ranges::all_of(expressions,
                             [&node](const Json& expression) {
                               const Text* label = node.labels.find(api::text(expression, "key"));
                               return matches_expression(
                                   expression,
                                   label == nullptr ? std::nullopt : std::optional(label->view()));
                             }) &&
         std::ranges::all_of(fields, [&node](const Json& field) {
           return api::text(field, "key") == "metadata.name" &&
                  matches_expression(field, node.key.name.view());
         });
}

bool matches_selector(const Object& pod, const Object& node) {
  for (const auto& [key, value] : api::labels_of(api::member(spec_of(pod), "nodeSelector"))) {
    if (const Text* label = node.labels.find(key); label == nullptr || *label != value) {
      return false;
    }
  }
  const Json& terms =
      api::at_path(spec_of(pod), {"affinity", "nodeAffinity", api::kRequired, "nodeSelectorTerms"});
  return !terms.is_array() || matches_terms(terms, node);
}

/// The first taint that keeps the pod away, or null.
const Json* untolerated(const Object& pod, const Object& node) {
  for (const Json& taint : api::taints_of(node)) {
    const std::string effect = api::text(taint, "effect");
    if ((effect == "NoSchedule" || effect == "NoExecute") && !tolerated(pod, taint)) {
      return &taint;
    }
  }
  return nullptr;
}

bool cordoned(const Object& pod, const Object& node) {
  static const Json kCordon = {{"key", api::kUnschedulableTaint}, {"effect", "NoSchedule"}};
  const Json& flag = api::member(api::member(document(node), "spec"), "unschedulable");
  return flag.is_boolean() && flag.get<bool>() && !tolerated(pod, kCordon);
}

void add_requests(const Json& container, Amounts& to) {
  const Json& requests = api::at_path(container, {"resources", "requests"});
  if (!requests.is_object()) {
    return;
  }
  for (const auto& [name, value] : requests.items()) {
    if (value.is_string()) {
      if (const auto quantity = Quantity::parse(value.get<std::string>())) {
        to[name] += quantity->nano();
      }
    } else if (value.is_number_integer()) {
      to[name] += Int128{value.get<std::int64_t>()} * 1'000'000'000;
    }
  }
}

/// What a node has; nothing where it does not say.
std::optional<Int128> allocatable(const Object& node, std::string_view resource) {
  const Json& value =
      api::member(api::at_path(document(node), {"status", "allocatable"}), resource);
  if (value.is_number_integer()) {
    return Int128{value.get<std::int64_t>()} * 1'000'000'000;
  }
  const auto quantity =
      value.is_string() ? Quantity::parse(value.get<std::string>()) : std::nullopt;
  return quantity ? std::optional(quantity->nano()) : std::nullopt;
}

std::vector<std::string> lacking(const Situation& situation, const Object& node) {
  const PodsOnNode& there = situation.placed.on(node.key.name);
  std::vector<std::string> out;
  constexpr std::int64_t kNano = 1'000'000'000;
  if (const auto most = allocatable(node, "pods");
      most && Int128{there.count + 1} * kNano > *most) {
    out.emplace_back("Too many pods");
  }
  const Amounts wanted = requests_of(situation.pod);
  if (std::ranges::all_of(wanted, [](const auto& entry) { return entry.second == 0; })) {
    return out;
  }
  for (const auto& [name, amount] : wanted) {
    const auto has = allocatable(node, name);
    const auto used = there.requested.find(name);
    if (amount != 0 && has &&
        amount + (used == there.requested.end() ? Int128{} : used->second) > *has) {
      out.push_back("Insufficient " + name);
    }
  }
  return out;
}

}  // namespace

Amounts requests_of(const Object& pod) {
  Amounts out;
  for (const Json& container : api::member(spec_of(pod), "containers")) {
    add_requests(container, out);
  }
  for (const Json& container : api::member(spec_of(pod), "initContainers")) {
    Amounts alone;
    add_requests(container, alone);
    for (const auto& [name, amount] : alone) {
      out[name] = std::max(out[name], amount);
    }
  }
  return out;
}

bool matches_terms(const Json& node_selector_terms, const Object& node) {
  return std::ranges::any_of(node_selector_terms,
                             [&node](const Json& term) { return matches_term(term, node); });
}

Verdict check_node(const Situation& situation, const Object& node) {
  if (cordoned(situation.pod, node)) {
    return {{"node(s) were unschedulable"}, false};
  }
  if (const Json* taint = untolerated(situation.pod, node)) {
    return {
        {situation.release.at_least(34) ? "node(s) had untolerated taint(s)"
                                        : fmt::format("node(s) had untolerated taint {{{}: {}}}",
                                                      api::text(*taint, "key"),
                                                      api::text(*taint, "value"))},
        false};
  }
  if (!matches_selector(situation.pod, node)) {
    return {{"node(s) didn't match Pod's node affinity/selector"}, false};
  }
  return {lacking(situation, node), true};
}

int soft_taints(const Object& pod, const Object& node) {
  return static_cast<int>(std::ranges::count_if(api::taints_of(node), [&pod](const Json& taint) {
    return api::text(taint, "effect") == "PreferNoSchedule" && !tolerated(pod, taint);
  }));
}

}  // namespace stsim::placement
