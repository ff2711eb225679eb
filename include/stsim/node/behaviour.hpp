#pragma once
// What a story says of containers, and of how long things take on nodes: for all, for a node, for
// an image, or for a pod.

#include <stsim/base/backoff.hpp>
#include <stsim/engine/latency.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace stsim::node {

/// What takes time on a node.
enum class Takes : unsigned char {
  ImagePull,       ///< pulling an image that the node does not have
  ImageCheck,      ///< asking the registry about one that it has, PN-11
  VolumeMount,     ///< only of pods with claims
  ContainerStart,  ///< from the image's presence to the container's start
  Ready,           ///< from the start to being ready
  Stop,            ///< from SIGTERM to the end, at most the grace period
};
/// How many there are.
inline constexpr std::size_t kTakes = 6;

/// The word of scenarios and choice points: `imagePull`.
[[nodiscard]] std::string_view name(Takes what);

/// Something for each of what takes time.
template <class T>
struct ByTakes : std::array<T, kTakes> {
  /// That of one of them.
  T& operator[](Takes what) { return this->at(static_cast<std::size_t>(what)); }
  /// Likewise.
  const T& operator[](Takes what) const { return this->at(static_cast<std::size_t>(what)); }
};

/// Lengths that are said; of what is not, something wider says them.
using Lengths = ByTakes<std::optional<engine::Latency>>;

/// What a container never manages to do.
enum class Never : unsigned char {
  Pull,   ///< its image cannot be had: PN-40
  Start,  ///< it ends as soon as it was started: PN-30
  Ready,  ///< it runs, but is never ready
};

/// What containers need of the other pods of their set. A pod is found where the cluster's DNS has
/// its address below the name of its set's Service; itself it always finds. Rules: SD-8, SD-21.
struct Needs {
  std::int32_t members{};  ///< so many pods of the set, itself among them, run and are found
  bool predecessor{};      ///< the pod of the ordinal before it, if any, is ready and is found
  bool first_alone{};      ///< the first pod of its name needs nothing: it founds what others join
  bool crashes{};  ///< as long as that is not so they end as soon as they were started; else they
                   ///< are not ready
  bool operator==(const Needs&) const = default;
};

/// How containers of an image or a pod behave, where they differ from others.
struct Behaviour {
  /// Where a container has a readiness or startup probe, the probe's own periods count, and Ready
  /// is the time from which on probes succeed.
  Lengths takes;
  std::optional<engine::Latency> crash_after;  ///< after each start a container ends by itself
  std::optional<int> exit_code;                ///< with which it then ends; 1 if nothing is said
  std::optional<Never> never;
  std::optional<Needs> needs;
  /// Whether `never` and `crash_after` are said here, even that there is none of either.
  bool healed{};
  bool operator==(const Behaviour&) const = default;
};

/// In words: `never ready; exit code 3; stop 2s`, `as usual` where nothing is said.
[[nodiscard]] std::string to_string(const Behaviour& behaviour);

/// How long things take on nodes, and what containers do.
struct Timing {
  Backoff restarts{std::chrono::seconds{10}, std::chrono::seconds{300}};  ///< PN-31
  Backoff pulls{std::chrono::seconds{10}, std::chrono::seconds{300}};     ///< PN-41
  ByTakes<engine::Latency> usual;  ///< where nothing else is said
  std::map<std::string, Lengths, std::less<>> nodes;
  std::map<std::string, Behaviour, std::less<>> images;
  std::map<std::string, Behaviour, std::less<>> pods;  ///< by name

  /// Whether containers of any image or pod need other pods.
  [[nodiscard]] bool any_needs() const;

  /// With usual lengths that are plausible where no rule gives them.
  Timing();
};

}  // namespace stsim::node
