#pragma once
// What would happen to a live cluster if something were changed: its objects as they are, the
// changed manifests applied, and all that follows.

#include <stsim/experiment/variant.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace stsim::experiment {

/// The scenario of a preview: the cluster has the objects of `live`, and the files of `changed` are
/// applied one after the other in a namespace, as `variant` says; without a namespace in that of
/// all sets of the cluster, if they are in one. Errors: those of loading a scenario.
[[nodiscard]] Result<scenario::Scenario> preview_of(
    const std::vector<std::filesystem::path>& live,
    const std::vector<std::filesystem::path>& changed,
    std::string ns,
    const Variant& variant);

/// How a preview ends.
struct Outcome {
  std::string text;  ///< for people; ends with a line end
  bool refused{};    ///< kubectl or the API server refuses a manifest
  /// In the end each set that was changed has all its pods, ready and at the update revision, but
  /// for those that a partition or OnDelete holds back.
  bool complete{};
};

/// Runs a preview and tells of it: what kubectl prints, the order in which pods come and go and
/// why, how long it takes and how few are available, what becomes of claims, and what is stuck.
[[nodiscard]] Outcome preview(const scenario::Scenario& scenario);

}  // namespace stsim::experiment
