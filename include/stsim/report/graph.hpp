#pragma once
// Pictures of a run as graphs: who owns what, what is bound to what, what led to what, and in which
// order a rollout took the pods. A graph is a small value; Graphviz and Mermaid draw it.

#include <stsim/api/object.hpp>
#include <stsim/base/time.hpp>
#include <stsim/scenario/log.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::report {

/// What a node stands for; its shape and colour follow from it.
enum class NodeKind : unsigned char {
  Set,       ///< a StatefulSet
  Pod,       ///< a pod
  Storage,   ///< a claim or a volume
  Server,    ///< an NFS server
  Network,   ///< a Service or what is behind it
  Revision,  ///< a ControllerRevision
  Object,    ///< any other object
  User,      ///< something that the user does
  Fault,     ///< something that goes wrong, or is right again
};

/// How things stand with what a node stands for.
enum class Tone : unsigned char {
  Usual,    ///< nothing to be said
  Good,     ///< ready, bound, done
  Waiting,  ///< on its way, or held up
  Bad,      ///< failing
  Gone,     ///< not there any more, or on its way out
};

/// A node of a graph.
struct GraphNode {
  std::string id;                  ///< unique; `Pod/web-0`
  std::string title;               ///< the first line
  std::vector<std::string> lines;  ///< what is below it
  NodeKind kind{};
  Tone tone{};
  std::string group;  ///< the id of the group it is in; empty for none
  bool operator==(const GraphNode&) const = default;
};

/// How an edge is drawn.
enum class EdgeKind : unsigned char {
  Usual,
  Strong,  ///< the controller among owners; what something waited for last
  Weak,    ///< one that only might be, or is over
};

/// An edge of a graph.
struct GraphEdge {
  std::string from;
  std::string to;
  std::vector<std::string> lines;  ///< its label
  EdgeKind kind{};
  bool operator==(const GraphEdge&) const = default;
};

/// Nodes that stand together in a frame.
struct GraphGroup {
  std::string id;
  std::string title;
  std::string parent;  ///< the id of the group around it; empty for none
  bool line{};         ///< a line between, and no frame of things that belong together: a partition
  bool operator==(const GraphGroup&) const = default;
};

/// A graph to be drawn. All ids of edges and groups are there.
struct Graph {
  std::string title;
  bool to_the_right{};  ///< edges lead to the right, and not downwards
  std::vector<GraphGroup> groups;
  std::vector<GraphNode> nodes;
  std::vector<GraphEdge> edges;
  bool operator==(const Graph&) const = default;
};

/// Of which instant or up to which a graph tells; nothing: of the end of the run.
using Instant = std::optional<SimTime>;

/// The objects of an instant with their owner references; the controller among an object's owners
/// stands out. Rule: GC-1.
[[nodiscard]] Graph owners_graph(const scenario::RunLog& log, Instant at = std::nullopt);

/// Pods, by the node that each is on, with their claims, the claims' volumes, and the servers that
/// these lie on, at an instant. Rules: PV-13, SS-22.
[[nodiscard]] Graph bindings_graph(const scenario::RunLog& log, Instant at = std::nullopt);

/// The object whose last change causes_graph() explains if nobody names one: the pod that last
/// came into another state, or where there were no pods, the object that was changed last. Nothing
/// if nothing was ever changed.
[[nodiscard]] std::optional<api::ObjectKey> last_changed(const scenario::RunLog& log,
                                                         Instant at = std::nullopt);

/// What led to the state in which an object is: the records that led to its last change and say
/// something of their own, those of one object that follow each other in one node, each with its
/// time and rule. Strong edges are the critical path. Without nodes if the object was never there.
[[nodiscard]] Graph causes_graph(const scenario::RunLog& log,
                                 const api::ObjectKey& object,
                                 Instant at = std::nullopt);

/// How the pods of each set came to each of its revisions: in the order in which they were taken,
/// with the times, what each waited for and by which rule, what the user did in between, and the
/// pods that the partition holds back. Rules: SS-111, SS-125.
[[nodiscard]] Graph rollout_graph(const scenario::RunLog& log, Instant at = std::nullopt);

/// The graph in Graphviz' language. https://graphviz.org/doc/info/lang.html
[[nodiscard]] std::string to_dot(const Graph& graph);

/// The graph as a flowchart in Mermaid's language. https://mermaid.js.org/syntax/flowchart.html
[[nodiscard]] std::string to_mermaid(const Graph& graph);

}  // namespace stsim::report
