#pragma once
// The parts of loading a scenario, and the words of its language in the order of their enumerators.

#include "scenario/reader.hpp"

#include <stsim/scenario/scenario.hpp>

#include <array>
#include <string_view>

namespace stsim::scenario {

inline constexpr std::array<std::string_view, 2> kKubeletModes{"auto", "stepped"};
inline constexpr std::array<std::string_view, 7> kPodFates{
    "ready", "running", "unready", "crashed", "failed", "succeeded", "gone"};
inline constexpr std::array<std::string_view, 3> kNodeFates{"cordoned", "uncordoned", "gone"};
inline constexpr std::array<std::string_view, 4> kCascades{
    "background", "foreground", "orphan", "ordered"};
inline constexpr std::array<std::string_view, 3> kPatchTypes{"strategic", "merge", "json"};
inline constexpr std::array<std::string_view, 3> kNevers{"pull", "start", "ready"};

/// `cluster:`.
void load_cluster(Reader& reader, const api::YamlNode& node, Cluster& cluster);

/// `timing:`; leaves what it does not name.
void load_timing(Reader& reader, const api::YamlNode& node, Scenario& scenario);

/// `images:`.
void load_images(Reader& reader, const api::YamlNode& node, Scenario& scenario);

/// `steps:`.
void load_steps(Reader& reader, const api::YamlNode& node, Scenario& scenario);

/// Notes what in an `expect:` can never hold: unknown members and values of a wrong type.
void check_expect(Reader& reader, const api::YamlNode& node);

}  // namespace stsim::scenario
