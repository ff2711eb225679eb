#pragma once
// A scenario as plain data: a cluster and the steps that are replayed against it. It is what a file
// says and no more; the runner gives it its meaning. Everything that a later check may want to
// point at keeps its place.

#include <stsim/api/json.hpp>
#include <stsim/api/kinds.hpp>
#include <stsim/api/yaml.hpp>
#include <stsim/base/error.hpp>
#include <stsim/base/time.hpp>
#include <stsim/base/version.hpp>
#include <stsim/engine/latency.hpp>
#include <stsim/node/behaviour.hpp>
#include <stsim/world/world.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace stsim::scenario {

/// Who moves the pods: the timing model, or steps alone.
enum class KubeletMode : unsigned char { Auto, Stepped };

/// The words for the modes, in the order of KubeletMode: `auto`, `stepped`.
[[nodiscard]] std::span<const std::string_view> kubelet_modes();

/// The word for a mode.
[[nodiscard]] std::string_view to_string(KubeletMode mode);
[[nodiscard]] std::optional<KubeletMode> parse_kubelet_mode(std::string_view text);

/// A thing in the cluster that takes time and that `timing:` can set: a constant `3s`, or a
/// distribution (engine::Latency) as load_latency() reads it.
struct TimingPoint {
  std::string_view name;
  engine::Latency usual;             ///< what holds where the scenario says nothing
  std::optional<node::Takes> takes;  ///< what nodes, images and pods may say otherwise
  std::string_view description;      ///< one sentence
};

/// All timing points, in alphabetical order.
[[nodiscard]] std::span<const TimingPoint> timing_points();

/// A length that a rule gives, the same each time, and that `timing:` can set.
struct Period {
  std::string_view name;
  SimDuration& (*of)(world::Settings& settings);  ///< where it stands
  std::string_view description;                   ///< one sentence
};

/// All periods, in alphabetical order.
[[nodiscard]] std::span<const Period> periods();

/// A node of the cluster.
struct Node {
  std::string name;
  std::map<std::string, std::string> labels;
};

/// Machines of the story.
struct Cluster {
  std::vector<Node> nodes;  ///< world::Settings::kUsualNodes where the file names none
  /// What is there from the start: world::Settings::objects. Its nodes are among the above.
  std::vector<api::ObjectPtr> objects;
  std::vector<std::string> silent_nodes;  ///< of which nobody hears among those of `objects`
};

/// The object that a step is about: `statefulset: web`.
struct Target {
  api::Kind kind{};
  std::string name;
};

/// `kubectl: LINE`.
struct KubectlStep {
  std::string line;                ///< as typed
  std::vector<std::string> words;  ///< split as by a shell, without a leading `kubectl`
};

/// `apply:` or `create:`: either paths, or manifests that stand in the step (kubectl's STDIN).
struct ManifestStep {
  bool create{};
  std::vector<std::string> paths;    ///< as written, relative to the scenario's folder; they exist
  std::vector<api::Json> manifests;  ///< in order; empty where there are paths
};

/// `scale: {statefulset: web, replicas: 3}`.
struct ScaleStep {
  Target target;
  std::int64_t replicas{};  ///< may be negative: refusing it is part of the story
  std::optional<std::int64_t> current_replicas;
};

/// The kinds of patches. Rule: KC-13.
enum class PatchType : unsigned char { Strategic, Merge, Rfc6902 };

/// `patch: {statefulset: web, type: strategic, patch: {…}}`.
struct PatchStep {
  Target target;
  PatchType type{PatchType::Strategic};
  api::Json patch;
};

/// `set-image: {statefulset: web, nginx: "nginx:1.27"}`.
struct SetImageStep {
  Target target;
  std::vector<std::pair<std::string, std::string>> images;  ///< container and image, as in the file
};

/// What becomes of dependents. Rules: GC-3 to GC-5, GC-11.
enum class Cascade : unsigned char { Background, Foreground, Orphan, Ordered };

/// `delete: {statefulset: web, cascade: background}`.
struct DeleteStep {
  Target target;
  Cascade cascade{Cascade::Background};
  bool wait{true};
  bool force{};
  std::optional<std::int64_t> grace_period_seconds;
};

/// What a pod step makes of a pod, at once. Running and Unready are the same state. Evicted: by the
/// node, PN-80.
enum class PodFate : unsigned char {
  Ready,
  Running,
  Unready,
  Crashed,
  Failed,
  Succeeded,
  Evicted,
  Gone
};
/// The word that scenarios use.
[[nodiscard]] std::string_view to_string(PodFate fate);

/// `pod: {name: web-1, becomes: ready}`.
struct PodStep {
  std::string name;
  PodFate becomes{};
};

/// What containers do from now on.
enum class Conduct : unsigned char {
  Unpullable,  ///< their images cannot be had
  Crashing,    ///< they end some time after each start
  Stuck,       ///< they are not ready, and do not become so
  Fine,        ///< nothing of all that
};
/// The word that scenarios use.
[[nodiscard]] std::string_view to_string(Conduct conduct);

/// `image: {name: "web:v2", becomes: crashing, crashAfter: 5s, exitCode: 3}`; likewise `pod:`.
struct ConductStep {
  bool of_image{};  ///< else of a pod
  std::string name;
  Conduct becomes{};
  node::Behaviour behaviour;
};

/// What a node step makes of a node. Drained: closed to new pods, and all of its own evicted. Gone:
/// its object is deleted. Rules: PN-60 to PN-64.
enum class NodeFate : unsigned char {
  Cordoned,
  Uncordoned,
  Drained,
  Down,         ///< the machine has no power
  Unreachable,  ///< its kubelet is not heard, its containers run on
  Up,
  OutOfService,
  InService,
  Gone
};
/// The word that scenarios use.
[[nodiscard]] std::string_view to_string(NodeFate fate);

/// `node: {name: node1, becomes: cordoned}`.
struct NodeStep {
  std::string name;
  NodeFate becomes{};
};

/// What becomes of watches.
enum class WatchFate : unsigned char { Live, Late, Broken };
/// The word that scenarios use.
[[nodiscard]] std::string_view to_string(WatchFate fate);

/// `watch: {of: statefulset-controller, kind: pods, becomes: late, by: 30s}`.
struct WatchStep {
  WatchFate becomes{};
  world::WatchFault fault;
};

/// `controller: {name: statefulset-controller, becomes: restarted}`.
struct ControllerStep {
  engine::Actor controller{};
  world::ControllerFault becomes{};
};
/// The word that scenarios use.
[[nodiscard]] std::string_view to_string(world::ControllerFault fault);

/// `api: {answers: quota, to: statefulset-controller, verb: create, resource: pods, times: 3}`.
struct ApiStep {
  std::optional<world::ApiFault> fault;  ///< nothing: all calls are served again
};
/// The word that scenarios use.
[[nodiscard]] std::string_view to_string(world::ApiAnswer answer);

/// `nfs: {server: nfs1, becomes: down}`.
struct NfsStep {
  std::string server;
  node::ServerState becomes{};
};
/// The word that scenarios use.
[[nodiscard]] std::string_view to_string(node::ServerState state);

/// `dns: {becomes: stale, server: 1}`.
struct DnsStep {
  world::DnsFault fault;
};

/// `history: pv1`: who has used a volume, and when.
struct HistoryStep {
  std::string volume;
};

/// `advance: 30s`.
struct AdvanceStep {
  SimDuration by{};
};

/// `settle: {}`.
struct SettleStep {};

/// `lookup: {name: web-3.web-svc, from: web-0}`; with `type: srv` the records themselves.
struct LookupStep {
  std::string name;                     ///< of PTR records an address
  std::string from;                     ///< the pod that asks
  std::optional<dns::RecordType> type;  ///< nothing: as the pod's nslookup shows it
};

/// `expect:` what must hold: a part of what recordings show of the cluster, each value equal to the
/// one given, mappings compared only in the members given, lists whole, null for what must not be.
/// Members, all optional:
///   statefulsets, pods, persistentvolumeclaims, persistentvolumes, controllerrevisions, endpoints:
///     name → members of that kind as in a recording's `changes`, or null for an object that must
///     not exist; objects that are not named are not looked at.
///   exit: the exit status of the last step that printed something.
///   output: {stdout: TEXT, stderr: TEXT, contains: TEXT or list, lacks: TEXT or list} of that
///   step;
///     stdout and stderr are compared whole, contains and lacks look into both.
///   moved: the pods that the last settle moved, as recordings have it: [[web-0, ready]].
///   hopes: row → how often that hope was broken so far: {R4: 1}, {R4: {least: 1}}.
struct ExpectStep {
  api::Json want;
};

/// When an expectation over time has to hold.
enum class Timed : unsigned char { Always, Never, Eventually, Order };
/// The word that scenarios use.
[[nodiscard]] std::string_view to_string(Timed when);

/// `always:`, `never:`, `eventually:` a condition, `order:` a list of conditions. A condition names
/// objects as `expect:` does, and
///   counts: set → total, ready, available, terminating, images → a number, {least: N} or
///     {most: N}, counted of its pods and not read off its status;
///   resolves: name → whether the cluster's DNS server has an address for it.
/// From the step on, each is looked at at every change. `for: 2m` ends always and never, `within:
/// 2m` is the deadline of eventually; without, they last as long as the run. Those of an order come
/// one after the other or at once, the last by the end of the run.
struct TimedExpectStep {
  Timed when{};
  std::vector<api::Json> conditions;  ///< one, but for Order
  std::optional<SimDuration> length;
};

/// What a step does.
using Action = std::variant<KubectlStep,
                            ManifestStep,
                            ScaleStep,
                            PatchStep,
                            SetImageStep,
                            DeleteStep,
                            PodStep,
                            ConductStep,
                            NodeStep,
                            WatchStep,
                            ControllerStep,
                            ApiStep,
                            NfsStep,
                            DnsStep,
                            HistoryStep,
                            AdvanceStep,
                            SettleStep,
                            LookupStep,
                            ExpectStep,
                            TimedExpectStep>;

/// One step.
struct Step {
  SourceMark mark;
  std::string name;               ///< empty where the file gives none
  std::optional<SimDuration> at;  ///< since the beginning of virtual time; not before, if given
  api::Json source;               ///< the step exactly as the file has it, for recordings
  std::string line;               ///< the line of the file at `mark`, for messages
  Action action;
};

/// `matrix:` what `stsim test` runs a scenario with, each of one list with each of the others. What
/// an empty list is about stays as the scenario has it.
struct Matrix {
  std::vector<Release> kubernetes;
  std::vector<std::map<std::string, bool, std::less<>>> feature_gates;
  std::vector<const policy::Policy*> policies;
  std::vector<std::uint64_t> seeds;
};

/// Scenario::pause where the file does not say it.
inline constexpr SimDuration kUsualPause = std::chrono::seconds{1};

/// A whole scenario.
struct Scenario {
  std::filesystem::path file;    ///< as it was named; empty for a text
  std::filesystem::path folder;  ///< that paths of the scenario are relative to
  std::string name;
  std::string description;
  Release kubernetes;
  std::map<std::string, bool, std::less<>> feature_gates;
  const policy::Policy* policy{};  ///< world::Settings::policy
  KubeletMode kubelet{KubeletMode::Auto};
  std::uint64_t seed{};
  /// How long after the one before has finished a step is taken, at least.
  SimDuration pause{kUsualPause};
  Matrix matrix;
  bool draw_races{};  ///< world::Settings::draw_races
  Cluster cluster;
  /// By timing point, every one: the file's value or the usual one.
  std::map<std::string, engine::Latency, std::less<>> timing;
  std::map<std::string, SimDuration, std::less<>> periods;        ///< those that the file gives
  std::map<std::string, node::Lengths, std::less<>> node_timing;  ///< what nodes say otherwise
  /// `images:`, and those of `brokenImages:` as such that can never be pulled.
  std::map<std::string, node::Behaviour, std::less<>> images;
  std::map<std::string, node::Behaviour, std::less<>> pods;  ///< what pods do otherwise
  std::optional<dns::Settings> dns;                          ///< usual_dns() if it is not given
  bool check{true};  ///< whether guarantees and hopes are watched: check::Watchdog
  std::vector<Step> steps;
};

/// The usual settings of DNS. Servers keep nothing of the cluster's own names since 1.32, as
/// kubeadm sets them up, nor where only steps move pods, as time means nothing there. Rule: SD-27.
[[nodiscard]] dns::Settings usual_dns(KubeletMode mode, Release release);

}  // namespace stsim::scenario
