// What decides on which node a pod may run: affinity, tolerations and how pods are spread.
#include "api/validation_parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/api/names.hpp>
#include <stsim/api/well_known.hpp>

namespace stsim::api::validation {

namespace {

void label_name(Errors& errors, const Path& path, const std::string& name) {
  errors.invalid(path, Json(name), names::label_key(name, errors.release()));
}

void weight(Errors& errors, const Path& path, const Json& term) {
  if (const std::int64_t weight = integer(term, "weight"); weight <= 0 || weight > 100) {
    errors.invalid(path.child("weight"), Json(weight), "must be in the range 1-100");
  }
}

/// `strict`: whether the values must be such as labels can have.
void node_expression(Errors& errors, const Path& path, const Json& expression, bool strict) {
  const std::string op = text(expression, "operator");
  const Json& values = list(expression, "values");
  if (op == "In" || op == "NotIn") {
    if (values.empty()) {
      errors.required(path.child("values"), "must be specified when `operator` is 'In' or 'NotIn'");
    }
  } else if (op == "Exists" || op == "DoesNotExist") {
    if (!values.empty()) {
      errors.forbidden(path.child("values"),
                       "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    }
  } else if (op == "Gt" || op == "Lt") {
    if (values.size() != 1) {
      errors.required(path.child("values"),
                      "must be specified single value when `operator` is 'Lt' or 'Gt'");
    }
  } else {
    errors.invalid(path.child("operator"), Json(op), "not a valid selector operator");
  }
  label_name(errors, path.child("key"), text(expression, "key"));
  for (std::size_t i = 0; strict && i < values.size(); ++i) {
    if (values[i].is_string()) {
      errors.invalid(path.child("values").index(i),
                     values[i],
                     names::label_value(values[i].get<std::string>(), errors.release()));
    }
  }
}

void node_field(Errors& errors, const Path& path, const Json& expression) {
  const std::string op = text(expression, "operator");
  const Json& values = list(expression, "values");
  if (op != "In" && op != "NotIn") {
    errors.invalid(path.child("operator"), Json(op), "not a valid selector operator");
  } else if (values.size() != 1) {
    errors.required(path.child("values"),
                    "must be only one value when `operator` is 'In' or 'NotIn' for node field "
                    "selector");
  }
  if (const std::string key = text(expression, "key"); key != "metadata.name") {
    errors.invalid(path.child("key"), Json(key), "not a valid field selector key");
    return;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    dns_subdomain(errors,
                  path.child("values").index(i),
                  values[i].is_string() ? values[i].get<std::string>() : "");
  }
}

void node_term(Errors& errors, const Path& path, const Json& term, bool strict) {
  const Json& expressions = list(term, "matchExpressions");
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    node_expression(errors, path.child("matchExpressions").index(i), expressions[i], strict);
  }
  const Json& fields = list(term, "matchFields");
  for (std::size_t i = 0; i < fields.size(); ++i) {
    node_field(errors, path.child("matchFields").index(i), fields[i]);
  }
}

void node_affinity(Errors& errors, const Path& path, const Json& affinity) {
  if (const Json& required = member(affinity, kRequired); !required.is_null()) {
    node_selector(errors, path.child(kRequired), required);
  }
  const Json& wishes = list(affinity, kPreferred);
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    const Path at = path.child(kPreferred).index(i);
    weight(errors, at, wishes[i]);
    node_term(errors, at.child("preference"), member(wishes[i], "preference"), false);
  }
}

void pod_term(Errors& errors, const Path& path, const Json& term) {
  for (const std::string_view key : {"labelSelector", "namespaceSelector"}) {
    if (const Json& selector = member(term, key); !selector.is_null()) {
      label_selector(errors, path.child(key), selector);
    }
  }
  for (const Json& space : list(term, "namespaces")) {
    dns_label(errors, path.child("namespace"), space.is_string() ? space.get<std::string>() : "");
  }
  const std::string topology = text(term, "topologyKey");
  if (topology.empty()) {
    errors.required(path.child("topologyKey"), "can not be empty");
  }
  label_name(errors, path.child("topologyKey"), topology);
}

void pod_affinity(Errors& errors, const Path& path, const Json& affinity) {
  const Json& terms = list(affinity, kRequired);
  for (std::size_t i = 0; i < terms.size(); ++i) {
    pod_term(errors, path.child(kRequired).index(i), terms[i]);
  }
  const Json& wishes = list(affinity, kPreferred);
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    const Path at = path.child(kPreferred).index(i);
    weight(errors, at, wishes[i]);
    pod_term(errors, at.child("podAffinityTerm"), member(wishes[i], "podAffinityTerm"));
  }
}

void positive_count(Errors& errors, const Path& path, std::int64_t count) {
  if (count <= 0) {
    errors.invalid(path, Json(count), "must be greater than zero");
  }
}

bool spread_alike(const Json& one, const Json& other) {
  return member(one, "topologyKey") == member(other, "topologyKey") &&
         member(one, "whenUnsatisfiable") == member(other, "whenUnsatisfiable");
}

void spread(Errors& errors, const Path& path, const Json& constraints, std::size_t i) {
  const Json& constraint = constraints[i];
  const Path at = path.index(i);
  positive_count(errors, at.child("maxSkew"), integer(constraint, "maxSkew"));
  const std::string topology = text(constraint, "topologyKey");
  if (topology.empty()) {
    errors.required(at.child("topologyKey"), "can not be empty");
  }
  const std::string action = text(constraint, "whenUnsatisfiable");
  if (action != "DoNotSchedule" && action != "ScheduleAnyway") {
    errors.not_supported(
        at.child("whenUnsatisfiable"), Json(action), {"DoNotSchedule", "ScheduleAnyway"});
  }
  for (std::size_t later = i + 1; later < constraints.size(); ++later) {
    if (spread_alike(constraint, constraints[later])) {
      errors.duplicate(at.child("{topologyKey, whenUnsatisfiable}"),
                       Json(fmt::format("{{{}, {}}}", topology, action)));
      break;
    }
  }
  if (const Json& domains = member(constraint, "minDomains"); domains.is_number_integer()) {
    positive_count(errors, at.child("minDomains"), domains.get<std::int64_t>());
    if (action != "DoNotSchedule") {
      errors.invalid(
          at.child("minDomains"),
          domains,
          fmt::format("can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {}",
                      action));
    }
  }
  for (const std::string_view key : {"nodeAffinityPolicy", "nodeTaintsPolicy"}) {
    if (const std::string policy = text(constraint, key);
        has(constraint, key) && policy != "Honor" && policy != "Ignore") {
      errors.not_supported(at.child(key), Json(policy), {"Honor", "Ignore"});
    }
  }
  if (const Json& selector = member(constraint, "labelSelector"); !selector.is_null()) {
    label_selector(errors, at.child("labelSelector"), selector);
  }
}

}  // namespace

void node_selector(Errors& errors, const Path& path, const Json& selector) {
  const Path at = path.child("nodeSelectorTerms");
  const Json& terms = list(selector, "nodeSelectorTerms");
  if (terms.empty()) {
    errors.required(at, "must have at least one node selector term");
  }
  for (std::size_t i = 0; i < terms.size(); ++i) {
    node_term(errors, at.index(i), terms[i], errors.release().at_least(32));
  }
}

void affinity(Errors& errors, const Path& path, const Json& affinity) {
  node_affinity(errors, path.child("nodeAffinity"), member(affinity, "nodeAffinity"));
  for (const std::string_view key : {"podAffinity", "podAntiAffinity"}) {
    pod_affinity(errors, path.child(key), member(affinity, key));
  }
}

void topology_spread(Errors& errors, const Path& path, const Json& constraints) {
  for (std::size_t i = 0; i < constraints.size(); ++i) {
    spread(errors, path, constraints, i);
  }
}

void tolerations(Errors& errors, const Path& path, const Json& tolerations) {
  for (std::size_t i = 0; i < tolerations.size(); ++i) {
    const Json& t = tolerations[i];
    const Path at = path.index(i);
    const std::string key = text(t, "key");
    const std::string op = text(t, "operator");
    const std::string value = text(t, "value");
    const std::string effect = text(t, "effect");
    if (!key.empty()) {
      errors.invalid(at.child("key"), Json(key), names::label_key(key, errors.release()));
    } else if (op != "Exists") {
      errors.invalid(at.child("operator"),
                     Json(op),
                     "operator must be Exists when `key` is empty, which means \"match all values "
                     "and all keys\"");
    }
    if (has(t, "tolerationSeconds") && effect != "NoExecute") {
      errors.invalid(at.child("effect"),
                     Json(effect),
                     "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }
    if (op == "Equal" || op.empty()) {
      if (const auto wrong = names::label_value(value, errors.release()); !wrong.empty()) {
        errors.invalid(at.child("operator"), Json(value), fmt::format("{}", fmt::join(wrong, ";")));
      }
    } else if (op == "Exists") {
      if (!value.empty()) {
        errors.invalid(
            at.child("operator"), Json(value), "value must be empty when `operator` is 'Exists'");
      }
    } else if ((op == "Lt" || op == "Gt") && errors.release().at_least(35)) {
      // Known since then, and not on by default.
      errors.not_supported(at.child("operator"), Json(op), {"Equal", "Exists", "Lt", "Gt"});
    } else {
      errors.not_supported(at.child("operator"), Json(op), {"Equal", "Exists"});
    }
    if (!effect.empty() && effect != "NoSchedule" && effect != "PreferNoSchedule" &&
        effect != "NoExecute") {
      errors.not_supported(
          at.child("effect"), Json(effect), {"NoSchedule", "PreferNoSchedule", "NoExecute"});
    }
  }
}

}  // namespace stsim::api::validation
