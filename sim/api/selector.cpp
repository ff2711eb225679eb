#include "api/selector_check.hpp"

#include <fmt/ranges.h>
#include <stsim/api/selector.hpp>

#include <algorithm>

namespace stsim::api {

namespace {

std::string text_of(const Requirement& r) {
  switch (r.op) {
    case Requirement::Operator::Exists:
      return r.key;
    case Requirement::Operator::DoesNotExist:
      return "!" + r.key;
    case Requirement::Operator::In:
      return r.values.size() == 1 ? r.key + "=" + r.values.front()
                                  : fmt::format("{} in ({})", r.key, fmt::join(r.values, ","));
    case Requirement::Operator::NotIn:
      return r.values.size() == 1 ? r.key + "!=" + r.values.front()
                                  : fmt::format("{} notin ({})", r.key, fmt::join(r.values, ","));
  }
  return r.key;
}

bool holds(const Requirement& r, const Labels& labels) {
  const Text* value = labels.find(r.key);
  const bool present = value != nullptr;
  const bool listed = present && std::ranges::binary_search(r.values, value->view(), std::less<>());
  switch (r.op) {
    case Requirement::Operator::In:
      return listed;
    case Requirement::Operator::NotIn:
      return !listed;
    case Requirement::Operator::Exists:
      return present;
    case Requirement::Operator::DoesNotExist:
      return !present;
  }
  return false;
}

std::optional<Requirement::Operator> operator_of(std::string_view word) {
  if (word == "In") {
    return Requirement::Operator::In;
  }
  if (word == "NotIn") {
    return Requirement::Operator::NotIn;
  }
  if (word == "Exists") {
    return Requirement::Operator::Exists;
  }
  if (word == "DoesNotExist") {
    return Requirement::Operator::DoesNotExist;
  }
  return std::nullopt;
}

}  // namespace

bool Selector::matches(const Labels& labels) const {
  return std::ranges::all_of(requirements,
                             [&labels](const Requirement& r) { return holds(r, labels); });
}

std::string Selector::text() const {
  std::string out;
  for (const Requirement& r : requirements) {
    out += (out.empty() ? "" : ",") + text_of(r);
  }
  return out;
}

Result<Selector, std::string> parse_label_selector(const Json& document) {
  Selector selector;
  for (const auto& [key, value] : labels_of(member(document, "matchLabels"))) {
    selector.requirements.push_back({key, Requirement::Operator::In, {value}});
  }
  const Json& expressions = member(document, "matchExpressions");
  for (const Json& expression : expressions.is_array() ? expressions : Json::array()) {
    const std::string word = api::text(expression, "operator");
    const auto op = operator_of(word);
    if (!op) {
      return tl::unexpected(fmt::format("\"{}\" is not a valid label selector operator", word));
    }
    Requirement r{api::text(expression, "key"), *op, {}};
    const Json& values = member(expression, "values");
    for (const Json& value : values.is_array() ? values : Json::array()) {
      if (value.is_string()) {
        r.values.push_back(value.get<std::string>());
      }
    }
    selector.requirements.push_back(std::move(r));
  }
  for (Requirement& r : selector.requirements) {
    if (std::string problem = requirement_problem(r); !problem.empty()) {
      return tl::unexpected(std::move(problem));
    }
    std::ranges::sort(r.values);
    r.values.erase(std::unique(r.values.begin(), r.values.end()), r.values.end());
  }
  std::ranges::stable_sort(selector.requirements, {}, &Requirement::key);
  return selector;
}

Selector equalities(const Labels& labels) {
  Selector selector;
  for (const auto& [key, value] : labels) {
    selector.requirements.push_back({key, Requirement::Operator::In, {value}});
  }
  return selector;
}

Labels labels_of(const Json& map) {
  Labels labels;
  if (map.is_object()) {
    for (const auto& [key, value] : map.items()) {
      if (value.is_string()) {
        labels[key] = value.get_ref<const std::string&>();
      }
    }
  }
  return labels;
}

}  // namespace stsim::api
