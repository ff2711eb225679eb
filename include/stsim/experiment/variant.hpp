#pragma once
// What runs of one scenario differ in: the release, feature gates, the policy, the seed.

#include <stsim/scenario/scenario.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stsim::experiment {

/// What of a scenario is as this says, and not as its file does. A value.
struct Variant {
  std::optional<Release> kubernetes;
  std::map<std::string, bool, std::less<>> feature_gates;
  std::optional<std::uint64_t> seed;
  const policy::Policy* policy{};  ///< nullptr: as the file says
  bool operator==(const Variant&) const = default;

  /// `kubernetes 1.34, PodIndexLabel=false, seed 3`; "" where nothing differs.
  [[nodiscard]] std::string title() const;
  /// The same as a part of a file's name: `kubernetes-1.34.PodIndexLabel-false.seed-3`.
  [[nodiscard]] std::string file_part() const;
};

/// `variant` with what `instead` says in the place of its own.
[[nodiscard]] Variant merged(Variant variant, const Variant& instead);

/// The scenario with what the variant says.
[[nodiscard]] scenario::Scenario varied(scenario::Scenario scenario, const Variant& variant);

/// Each of the matrix' releases with each of its gates with each of its policies with each of its
/// seeds, in that order; one that differs in nothing where the matrix is empty.
[[nodiscard]] std::vector<Variant> variants(const scenario::Matrix& matrix);

}  // namespace stsim::experiment
