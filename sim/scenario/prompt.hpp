#pragma once
// The kubectl command lines that native steps stand for. Private to the module.

#include <stsim/scenario/scenario.hpp>

#include <string>
#include <vector>

namespace stsim::scenario {

/// `StatefulSet/web` as kubectl takes it: `statefulset/web`.
[[nodiscard]] std::string target_word(const Target& target);

/// The words behind `kubectl`.
[[nodiscard]] std::vector<std::string> command_of(const ManifestStep& step);
[[nodiscard]] std::vector<std::string> command_of(const ScaleStep& step);
[[nodiscard]] std::vector<std::string> command_of(const PatchStep& step);
[[nodiscard]] std::vector<std::string> command_of(const SetImageStep& step);
[[nodiscard]] std::vector<std::string> command_of(const DeleteStep& step);
[[nodiscard]] std::vector<std::string> command_of(const LookupStep& step);

}  // namespace stsim::scenario
