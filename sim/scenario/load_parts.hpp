#pragma once
// The parts of loading a scenario, and the words of its language in the order of their enumerators.

#include <stsim/scenario/reader.hpp>
#include <stsim/scenario/scenario.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace stsim::scenario {

inline constexpr std::array<std::string_view, 2> kKubeletModes{"auto", "stepped"};
inline constexpr std::array<std::string_view, 8> kPodFates{
    "ready", "running", "unready", "crashed", "failed", "succeeded", "evicted", "gone"};
inline constexpr std::array<std::string_view, 4> kConducts{
    "unpullable", "crashing", "stuck", "fine"};
inline constexpr std::array<std::string_view, 9> kNodeFates{"cordoned",
                                                            "uncordoned",
                                                            "drained",
                                                            "down",
                                                            "unreachable",
                                                            "up",
                                                            "out-of-service",
                                                            "in-service",
                                                            "gone"};
inline constexpr std::array<std::string_view, 4> kCascades{
    "background", "foreground", "orphan", "ordered"};
inline constexpr std::array<std::string_view, 3> kPatchTypes{"strategic", "merge", "json"};
inline constexpr std::array<std::string_view, 3> kNevers{"pull", "start", "ready"};
/// In the order of dns::RecordType.
inline constexpr std::array<std::string_view, 4> kRecordTypes{"a", "aaaa", "srv", "ptr"};
inline constexpr std::array<std::string_view, 3> kWatchFates{"live", "late", "broken"};
inline constexpr std::array<std::string_view, 3> kControllerFates{"down", "up", "restarted"};
/// Behind them `normally`.
inline constexpr std::array<std::string_view, 6> kAnswers{
    "conflict", "quota", "denied", "unavailable", "timeout", "lost"};
inline constexpr std::array<std::string_view, 3> kServerStates{"up", "down", "full"};

/// `cluster:`.
void load_cluster(Reader& reader, const api::YamlNode& node, Scenario& scenario);

/// `cluster: {objects: PATH}`: the objects of a live cluster, as `kubectl get -o yaml` writes them,
/// with the nodes that they are on, and images and pods that are in trouble.
void load_objects(Reader& reader, const api::YamlNode& node, Scenario& scenario);

/// `timing:`; leaves what it does not name.
void load_timing(Reader& reader, const api::YamlNode& node, Scenario& scenario);

/// A length of time or a distribution; `what` names it in messages.
std::optional<engine::Latency> load_latency(Reader& reader,
                                            const api::YamlNode& node,
                                            const std::string& what);

/// The exit code of a container.
std::optional<int> load_exit_code(Reader& reader, const api::YamlNode& node);

/// `images:`.
void load_images(Reader& reader, const api::YamlNode& node, Scenario& scenario);

/// `dns:`.
void load_dns(Reader& reader, const api::YamlNode& node, Scenario& scenario);

/// The two members that pod, image, node and controller steps have.
struct Becoming {
  std::string name;
  std::size_t becomes;  ///< the position of the word
};
std::optional<Becoming> load_becoming(Reader& reader,
                                      const api::YamlNode& node,
                                      std::string_view what,
                                      std::span<const std::string_view> words);
inline constexpr std::array<std::string_view, 2> kBecomingKeys{"becomes", "name"};

/// Steps about what lies between the actors: `watch:`, `controller:`, `api:`, `nfs:`, `dns:`.
std::optional<Action> load_watch_step(Reader& reader, const api::YamlNode& node);
std::optional<Action> load_controller_step(Reader& reader, const api::YamlNode& node);
std::optional<Action> load_api_step(Reader& reader, const api::YamlNode& node);
std::optional<Action> load_nfs_step(Reader& reader, const api::YamlNode& node);
std::optional<Action> load_dns_step(Reader& reader, const api::YamlNode& node);

/// `steps:`.
void load_steps(Reader& reader, const api::YamlNode& node, Scenario& scenario);

inline constexpr std::array<std::string_view, 4> kTimed{"always", "never", "eventually", "order"};

/// Notes what in a condition over time can never hold; `others` are keys that are no part of it.
void check_condition(Reader& reader,
                     const api::YamlNode& node,
                     std::span<const std::string_view> others);

/// Notes what in an `expect:` can never hold: unknown members and values of a wrong type.
void check_expect(Reader& reader, const api::YamlNode& node);

}  // namespace stsim::scenario
