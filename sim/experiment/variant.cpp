#include <fmt/format.h>
#include <stsim/experiment/variant.hpp>
#include <stsim/policy/policies.hpp>

#include <filesystem>

namespace stsim::experiment {

namespace {

/// The parts of a variant, its policy by the given name, each with `between` its name and its
/// value, and `=` between a gate's.
std::string in_words(const Variant& variant,
                     const std::string& policy,
                     std::string_view between,
                     std::string_view of_gate,
                     std::string_view separator) {
  std::string out;
  const auto add = [&](std::string_view name, std::string_view sign, std::string_view value) {
    out += fmt::format("{}{}{}{}", out.empty() ? "" : separator, name, sign, value);
  };
  if (variant.kubernetes) {
    add("kubernetes", between, to_string(*variant.kubernetes));
  }
  for (const auto& [gate, on] : variant.feature_gates) {
    add(gate, of_gate, on ? "true" : "false");
  }
  if (variant.policy != nullptr) {
    add("policy", between, policy);
  }
  if (variant.seed) {
    add("seed", between, std::to_string(*variant.seed));
  }
  return out;
}

/// Each of `so_far` with each of `choices`, which `set` puts in; `so_far` where there are none.
template <class Choices, class Set>
std::vector<Variant> crossed(std::vector<Variant> so_far, const Choices& choices, Set set) {
  if (choices.empty()) {
    return so_far;
  }
  std::vector<Variant> out;
  for (const Variant& variant : so_far) {
    for (const auto& choice : choices) {
      out.push_back(variant);
      set(out.back(), choice);
    }
  }
  return out;
}

}  // namespace

std::string Variant::title() const {
  return in_words(*this, policy == nullptr ? "" : std::string(policy->name()), " ", "=", ", ");
}

std::string Variant::file_part() const {
  std::string name(policy == nullptr ? "" : policy->name());
  if (name.find('/') != std::string::npos) {
    name = std::filesystem::path(name).stem().string();
  }
  return in_words(*this, name, "-", "-", ".");
}

Variant merged(Variant variant, const Variant& instead) {
  variant.kubernetes = instead.kubernetes ? instead.kubernetes : variant.kubernetes;
  variant.seed = instead.seed ? instead.seed : variant.seed;
  variant.policy = instead.policy != nullptr ? instead.policy : variant.policy;
  for (const auto& [gate, on] : instead.feature_gates) {
    variant.feature_gates[gate] = on;
  }
  return variant;
}

scenario::Scenario varied(scenario::Scenario scenario, const Variant& variant) {
  scenario.kubernetes = variant.kubernetes.value_or(scenario.kubernetes);
  scenario.seed = variant.seed.value_or(scenario.seed);
  scenario.policy = variant.policy != nullptr ? variant.policy : scenario.policy;
  for (const auto& [gate, on] : variant.feature_gates) {
    scenario.feature_gates[gate] = on;
  }
  return scenario;
}

std::vector<Variant> variants(const scenario::Matrix& matrix) {
  std::vector<Variant> out(1);
  out = crossed(std::move(out), matrix.kubernetes, [](Variant& variant, Release release) {
    variant.kubernetes = release;
  });
  out = crossed(std::move(out), matrix.feature_gates, [](Variant& variant, const auto& gates) {
    variant.feature_gates = gates;
  });
  out = crossed(std::move(out), matrix.policies, [](Variant& variant, const auto* policy) {
    variant.policy = policy;
  });
  return crossed(std::move(out), matrix.seeds, [](Variant& variant, std::uint64_t seed) {
    variant.seed = seed;
  });
}

}  // namespace stsim::experiment
