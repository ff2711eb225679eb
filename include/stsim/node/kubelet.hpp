#pragma once
// The kubelets: what becomes of a pod on its node, in virtual time. Pure functions of the pod as
// stored, the event and what is on the nodes; the world carries reactions out. Model: the sandbox
// is made once the volumes are mounted; containers are started one after the other, each after its
// image is there. Init containers take no time. Rules: PN-1 to PN-42.

#include <stsim/api/object.hpp>
#include <stsim/base/persistent_map.hpp>
#include <stsim/base/version.hpp>
#include <stsim/engine/chooser.hpp>
#include <stsim/engine/event.hpp>
#include <stsim/node/behaviour.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::node {

/// A file on a volume or in a pod: by where it is (`node2:/data/volumes/v1`, or a pod's uid for
/// what is lost with it) and its path below that.
struct FileKey {
  std::string place;
  std::string path;
  auto operator<=>(const FileKey&) const = default;
};

/// Where the files of a volume are: `node2:/data/volumes/v1` of one on NFS, `volume/<name>` of
/// another.
[[nodiscard]] std::string file_place(const api::Object& volume);

/// What has become of a node, beyond its object.
struct NodeState {
  bool machine{true};      ///< it has power: what runs on it runs on even where nobody hears of it
  bool kubelet{true};      ///< its kubelet runs and can be heard
  bool starting{};         ///< it will, in a while
  bool rebooted{};         ///< nothing runs on it any more of what its kubelet knew last
  SimTime heard;           ///< when the kubelet was heard last, as far as not at its regular times
  std::uint32_t starts{};  ///< how often the kubelet has started again
  std::uint32_t troubles{};  ///< how often something has happened to the node
  bool operator==(const NodeState&) const = default;
};

/// What containers do since something has happened to them.
struct BehaviourNow {
  Behaviour behaviour;
  std::uint32_t changes{};  ///< how often something has
  bool operator==(const BehaviourNow&) const = default;
};

/// What keeps the containers of a pod from their work although nothing is wrong with themselves: of
/// the containers that run, and of those to come.
struct Hampered {
  bool lonely{};            ///< the pods that they need are not there: Needs
  bool stalled{};           ///< they wait for an NFS server that does not answer
  std::uint32_t changes{};  ///< how often one of these has become otherwise
  bool operator==(const Hampered&) const = default;
};

/// How an NFS server is. Its volumes are mounted hard: who uses them waits for it.
enum class ServerState : unsigned char {
  Up,
  Down,  ///< it does not answer
  Full,  ///< there is no space left on it
};

/// A pod that the API does not know any more, and whose containers run all the same. Rule: PN-62.
struct Orphan {
  api::ObjectPtr pod;  ///< as it was last
  bool operator==(const Orphan&) const = default;
};

/// What is on the nodes and NFS servers beyond the API. A value.
struct Nodes {
  PersistentMap<FileKey, std::string> files;
  PersistentSet<std::string> images;          ///< `node1/web:v1`: present on the node
  PersistentMap<std::string, int> addresses;  ///< by node: how many pod addresses were given out
  /// How many pods of a name are gone, by api::short_digest() of the key: there are many pods.
  PersistentMap<std::uint64_t, std::uint32_t> past_pods;
  /// What takes the place of the story's beginning (Timing) since something has happened to
  /// containers of an image or a pod, by its name.
  PersistentMap<std::string, BehaviourNow> images_now;
  PersistentMap<std::string, BehaviourNow> pods_now;
  PersistentMap<std::string, NodeState> states;      ///< of nodes that something has happened to
  PersistentMap<api::ObjectKey, Hampered> hampered;  ///< those pods that are or were
  PersistentMap<std::string, ServerState> servers;   ///< NFS servers that are not as usual
  PersistentMap<api::Uid, Orphan> orphans;           ///< by the pods' uids
  bool operator==(const Nodes&) const = default;

  /// Whether an image is on a node.
  [[nodiscard]] bool has_image(std::string_view node, std::string_view image) const;
  /// How many pod addresses a node has given out.
  [[nodiscard]] int addresses_of(std::string_view node) const;
  /// The state of a node; that of one to which nothing has happened is the usual one.
  [[nodiscard]] NodeState state_of(std::string_view node) const;
  /// What keeps a pod from its work.
  [[nodiscard]] Hampered hampered_of(const api::ObjectKey& pod) const;
  /// How the NFS server of a place of files is, FileKey; one that is no NFS server's is up.
  [[nodiscard]] ServerState server_of(std::string_view place) const;
  /// Whether the kubelet of a node runs, and is the one that has set a timer.
  [[nodiscard]] bool heeds(std::string_view node, const engine::PodTimer& timer) const;
  /// An image is on a node from now on.
  void add_image(std::string_view node, std::string_view image);
  /// A node has given out one more address.
  void add_address(std::string_view node);
  /// A pod is gone, and what was in it.
  void forget(const api::Object& pod);
  /// Removes all files at a place, see FileKey.
  void remove_files(const std::string& place);
};

/// Something to be set off later.
struct Timer {
  engine::PodTimer::What what{};
  SimDuration after{};
  engine::TimerData data;
};

/// An API Event of a kubelet about a pod. Rules: PN-10, PN-40.
struct PodEvent {
  std::string type;
  std::string reason;
  std::string message;
  std::string container;  ///< empty for the pod as a whole
};

/// What a kubelet does about a pod. All of it follows from the pod as stored and the event.
struct Reaction {
  std::optional<api::PodStatus> status;  ///< to be reported
  bool remove{};  ///< the pod is over: after the report, delete it with grace 0, PN-21
  std::vector<Timer> timers;
  std::vector<PodEvent> events;
  std::string what;  ///< in words, for the trace
  std::string_view rule;
  std::string pulled;    ///< an image that is on the node from now on
  bool address_given{};  ///< one more pod address of the node was given out
};

/// What a kubelet knows besides the pod.
struct NodeView {
  const Timing& timing;
  const Nodes& nodes;
  engine::Chooser& chooser;
  Release release;
  SimTime now;
  std::span<const std::string> names;  ///< of all nodes of the cluster: they decide the addresses
  /// Why a volume of the pod cannot be mounted, as the kubelet says it; empty where all can be.
  std::string unmountable{};
};

/// What a kubelet does when it sees that a pod of its node has changed. `before` is null if the pod
/// is new to it. Pre: the pod is on a node. The kubelet's own writes may be shown to it, too: they
/// lead to nothing.
[[nodiscard]] Reaction on_change(const api::Object* before,
                                 const api::Object& pod,
                                 const NodeView& view);

/// What a kubelet does when a timer of a pod comes to its end; nothing where something else has
/// happened in between. Pre: the pod has the timer's uid.
[[nodiscard]] Reaction on_timer(const engine::PodTimer& timer,
                                const api::Object& pod,
                                const NodeView& view);

/// Something happens to containers of an image or a pod (`of_image`): what `change` says of what
/// they never do and when they end takes the place of what was said of that before; how long things
/// take stays.
void change_behaviour(Nodes& nodes,
                      const Timing& timing,
                      bool of_image,
                      const std::string& name,
                      const Behaviour& change);

/// What a kubelet sees once the containers of a pod behave otherwise than before: those that run
/// may lose their readiness, gain it, or end. `by_itself`: something has happened to them, and not
/// to what they need. Pre: the pod is on a node.
[[nodiscard]] Reaction on_behaviour(const api::Object& pod, bool by_itself, const NodeView& view);

/// What a kubelet that starts again does about a pod that it finds. `rebooted`: nothing runs on the
/// node any more; else containers have gone on without it. Pre: the pod is on a node. Rule: PN-63.
[[nodiscard]] Reaction on_start(const api::Object& pod, bool rebooted, const NodeView& view);

/// Whether something may come of a timer: its kubelet runs and has set it, and it does not follow
/// from something that containers have ceased to do. Pre: the pod has the timer's uid.
[[nodiscard]] bool counts(const engine::PodTimer& timer,
                          const api::Object& pod,
                          const Timing& timing,
                          const Nodes& nodes);

/// Whether all that can come of a timer is what has come of it before: another pull of an image
/// that cannot be had, another restart of a container that always ends, another failing probe. As
/// long as only such timers are pending, nothing is left to happen. `mountable`: its volumes can be
/// mounted.
[[nodiscard]] bool only_repeats(const engine::PodTimer& timer,
                                const api::Object& pod,
                                const Timing& timing,
                                const Nodes& nodes,
                                bool mountable = true);

/// What the first of a pod's containers that needs other pods needs of them; null where none does.
/// Valid as long as the other arguments are. Pre: it is a pod.
[[nodiscard]] const Needs* needs_of(const api::Object& pod,
                                    const Timing& timing,
                                    const Nodes& nodes);

/// Whether one of a pod's containers never becomes ready. Pre: it is a pod.
[[nodiscard]] bool never_ready(const api::Object& pod, const Timing& timing, const Nodes& nodes);

/// The address of a node: `10.1.0.1` for the first one.
[[nodiscard]] std::string host_address(std::string_view node, std::span<const std::string> nodes);

/// The address that a node gives out after `given` others: `10.244.0.2` is the first of the first
/// node. No address is given out twice by a node before 3036 others were.
[[nodiscard]] std::string pod_address(std::string_view node,
                                      std::span<const std::string> nodes,
                                      int given);

}  // namespace stsim::node
