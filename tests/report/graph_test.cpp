// What pictures of a run show, in its own words; whether Graphviz and Mermaid can read them is for
// formats_test.py.
#include "support/catch.hpp"

#include <fmt/format.h>
#include <stsim/report/graph.hpp>
#include <stsim/report/pod_spans.hpp>
#include <stsim/scenario/load.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace stsim;
using report::Graph;
using report::GraphEdge;
using report::GraphNode;
using report::Tone;

namespace {

const std::string kBegin = R"(
scenario: x
cluster: {nodes: [node1, node2]}
timing: {imagePull: 2s, containerStart: 1s, ready: 1s, stop: 1s}
brokenImages: ["web:broken"]
steps:
- apply:
  - apiVersion: v1
    kind: PersistentVolume
    metadata: {name: pv1}
    spec:
      capacity: {storage: 1Gi}
      accessModes: [ReadWriteOnce]
      nfs: {server: nfs1, path: /exports/one}
  - apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: web}
    spec:
      replicas: 2
      serviceName: web
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: web, image: "web:v1", volumeMounts: [{name: data, mountPath: /data}]}]}
      volumeClaimTemplates:
      - metadata: {name: data}
        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
)";

const std::string kWithoutClaims = R"(
scenario: x
timing: {imagePull: 2s, containerStart: 1s, ready: 1s, stop: 1s}
brokenImages: ["web:broken"]
steps:
- apply:
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: web}
    spec:
      replicas: 3
      serviceName: web
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: web, image: "web:v1"}]}
- settle: {}
)";

scenario::RunLog run_of(const std::string& text) {
  const auto scenario = scenario::load_scenario_text(text, "x.yaml", ".");
  REQUIRE(scenario);
  scenario::RunLog log;
  static_cast<void>(scenario::run(*scenario, log));
  return log;
}

const GraphNode& titled(const Graph& graph, std::string_view title) {
  const auto found = std::ranges::find(graph.nodes, title, &GraphNode::title);
  INFO(report::to_dot(graph));
  REQUIRE(found != graph.nodes.end());
  return *found;
}

/// Whether an edge leads from a node to another, by their titles.
bool leads(const Graph& graph, std::string_view from, std::string_view to) {
  const std::string begin = titled(graph, from).id;
  const std::string end = titled(graph, to).id;
  return std::ranges::any_of(
      graph.edges, [&](const GraphEdge& edge) { return edge.from == begin && edge.to == end; });
}

bool says(const std::vector<std::string>& lines, std::string_view part) {
  return std::ranges::any_of(
      lines, [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

/// The titles of the nodes of one rollout, from 1, in order.
std::string taken_in(const Graph& graph, int rollout) {
  std::string out;
  for (const GraphNode& each : graph.nodes) {
    if (each.group == fmt::format("StatefulSet/web {}", rollout) &&
        each.kind == report::NodeKind::Pod) {
      out += (out.empty() ? "" : " ") + each.title;
    }
  }
  return out;
}

}  // namespace

TEST_CASE("owners: a set controls its pods and revisions; claims that stay belong to nobody") {
  const auto log = run_of(kBegin + "- advance: 20s\n");
  const Graph graph = report::owners_graph(log);
  CHECK(leads(graph, "StatefulSet/web", "Pod/web-0"));
  CHECK(titled(graph, "Pod/web-0").tone == Tone::Good);
  CHECK(titled(graph, "PersistentVolumeClaim/data-web-0").group == "without an owner");
  CHECK(titled(graph, "StatefulSet/web").group.empty());
  const auto controller = std::ranges::find(graph.edges, "Pod/web-0", &GraphEdge::to);
  REQUIRE(controller != graph.edges.end());
  CHECK(controller->kind == report::EdgeKind::Strong);
  CHECK(controller->lines == std::vector<std::string>{"controller"});
}

TEST_CASE("owners: at an instant there is what was there then") {
  const auto log = run_of(kWithoutClaims + "- kubectl: delete sts web\n- settle: {}\n");
  CHECK(report::owners_graph(log).nodes.empty());
  const Graph early = report::owners_graph(log, kStartOfTime + std::chrono::seconds{2});
  CHECK(titled(early, "Pod/web-0").tone == Tone::Waiting);
  CHECK(std::ranges::find(early.nodes, "Pod/web-1", &GraphNode::title) == early.nodes.end());
}

TEST_CASE("what a cluster that was taken over has from the start is in the pictures, too") {
  const auto folder = std::filesystem::temp_directory_path() / "stsim-graph-test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "live.yaml") << R"(
apiVersion: v1
kind: Pod
metadata: {name: alone, namespace: default, uid: 0f0e0d0c-0b0a-4908-8706-050403020100}
spec: {nodeName: node1, containers: [{name: c, image: "c:v1"}]}
status:
  phase: Running
  conditions: [{type: Ready, status: "True", lastTransitionTime: "2025-12-31T00:00:00Z"}]
  containerStatuses:
  - {name: c, image: "c:v1", ready: true, restartCount: 0, state: {running: {startedAt: "2025-12-31T00:00:00Z"}}}
)";
  const auto log = run_of("scenario: x\ncluster: {objects: " + (folder / "live.yaml").string() +
                          "}\nsteps:\n- advance: 1s\n");
  std::filesystem::remove_all(folder);
  const Graph graph = report::bindings_graph(log);
  CHECK(titled(graph, "Pod/alone").group == "node1");
  CHECK(titled(graph, "Pod/alone").tone == Tone::Good);
  // It is ready from the beginning on, whatever its kubelet has to say of it later.
  const auto spans = report::pod_spans(log);
  REQUIRE_FALSE(spans.empty());
  CHECK(spans.front().begin == kStartOfTime);
  CHECK(spans.front().record == 1);
}

TEST_CASE("bindings: from a pod over its claim and the volume to the server, and what hangs") {
  const auto log = run_of(kBegin + "- advance: 20s\n");
  const Graph graph = report::bindings_graph(log);
  CHECK(leads(graph, "Pod/web-0", "PersistentVolumeClaim/data-web-0"));
  CHECK(leads(graph, "PersistentVolumeClaim/data-web-0", "PersistentVolume/pv1"));
  CHECK(leads(graph, "PersistentVolume/pv1", "NFS server nfs1"));
  CHECK(says(titled(graph, "PersistentVolume/pv1").lines, "Bound, 1Gi"));
  CHECK(titled(graph, "Pod/web-0").group == "node1");
  // There is one volume for two.
  CHECK(titled(graph, "PersistentVolumeClaim/data-web-1").tone == Tone::Waiting);
  CHECK(titled(graph, "Pod/web-1").group == "on no node yet");
  const auto path = std::ranges::find(graph.edges, "PersistentVolume/pv1", &GraphEdge::from);
  REQUIRE(path != graph.edges.end());
  CHECK(path->lines == std::vector<std::string>{"/exports/one"});
}

TEST_CASE("causes: what led to a pod's state, from the user's step on, without what says nothing") {
  const auto log = run_of(kWithoutClaims + "- kubectl: delete pod web-1\n- settle: {}\n");
  const auto last = report::last_changed(log);
  REQUIRE(last);
  CHECK(last->text() == "Pod/web-1");
  const Graph graph = report::causes_graph(log, *last);
  REQUIRE(graph.nodes.size() == 2);
  CHECK(says(graph.nodes[0].lines, "kubectl delete pod web-1"));
  const GraphNode& pod = graph.nodes[1];
  CHECK(pod.title == "Pod/web-1");
  CHECK(says(pod.lines, "the containers of web-1 are stopped [PN-23]"));
  CHECK(says(pod.lines, "statefulset-controller: create: web-1 is missing [SS-115]"));
  CHECK(says(pod.lines, "container web is ready"));
  CHECK(pod.lines.back() == "now ready");
  CHECK_FALSE(says(pod.lines, "sync"));
  REQUIRE(graph.edges.size() == 1);
  CHECK(graph.edges.front().kind == report::EdgeKind::Strong);
}

TEST_CASE("causes: nobody has to name the object, and one that never was has none") {
  const auto log = run_of("scenario: x\nsteps:\n- advance: 1s\n");
  CHECK_FALSE(report::last_changed(log));
  const api::ObjectKey never{api::Kind::Pod, "default", "web-0"};
  CHECK(report::causes_graph(log, never).nodes.empty());
}

TEST_CASE("owners: sets of one name in two namespaces are two") {
  std::string other = kWithoutClaims.substr(kWithoutClaims.find("- apply:"));
  other.replace(other.find("{name: web}"), 11, "{name: web, namespace: other}");
  const Graph graph = report::owners_graph(run_of(
      kWithoutClaims + "- apply: {apiVersion: v1, kind: Namespace, metadata: {name: other}}\n" +
      other + "- settle: {}\n"));
  for (const char* id : {"StatefulSet/web", "StatefulSet/web in other"}) {
    CHECK(std::ranges::count(graph.nodes, id, &GraphNode::id) == 1);
    CHECK(std::ranges::count(graph.edges, id, &GraphEdge::from) == 4);
  }
}

TEST_CASE("rollout: pods from the highest ordinal down, each after the one before is ready") {
  const auto log =
      run_of(kWithoutClaims + "- set-image: {statefulset: web, web: \"web:v2\"}\n- settle: {}\n");
  const Graph graph = report::rollout_graph(log);
  CHECK(taken_in(graph, 1) == "web-0 web-1 web-2");
  CHECK(taken_in(graph, 2) == "web-2 web-1 web-0");
  const auto to = std::ranges::find(graph.edges, "StatefulSet/web 2 web-1", &GraphEdge::to);
  REQUIRE(to != graph.edges.end());
  CHECK(to->from == "StatefulSet/web 2 web-2");
  const auto pod = std::ranges::find(graph.nodes, "StatefulSet/web 2 web-1", &GraphNode::id);
  REQUIRE(pod != graph.nodes.end());
  std::string waited;
  for (const std::string& line : pod->lines) {
    waited += line + " ";
  }
  CHECK(waited.find("waited: web-2 is not Running and Ready, and") != std::string::npos);
  CHECK(waited.find("everything after it waits [SS-111]") != std::string::npos);
  CHECK(says(pod->lines, "deleted [SS-125]"));
  CHECK(says(pod->lines, "ready, after"));
}

TEST_CASE("rollout: what the partition holds back stands behind a line") {
  const auto log =
      run_of(kWithoutClaims +
             "- kubectl: patch sts web -p "
             "'{\"spec\":{\"updateStrategy\":{\"rollingUpdate\":{\"partition\":2}}}}'\n"
             "- set-image: {statefulset: web, web: \"web:v2\"}\n- settle: {}\n");
  const Graph graph = report::rollout_graph(log);
  CHECK(taken_in(graph, 2) == "web-2");
  const std::string line = "StatefulSet/web 2 partition";
  const auto group = std::ranges::find(graph.groups, line, &report::GraphGroup::id);
  REQUIRE(group != graph.groups.end());
  CHECK(group->line);
  CHECK(group->title == "held back by partition: 2");
  std::string held;
  for (const GraphNode& each : graph.nodes) {
    held += each.group == line ? each.title + " " : "";
  }
  CHECK(held == "web-1 web-0 ");
}

TEST_CASE("rollout: a pod that never becomes ready stops it, and the others wait") {
  const auto log = run_of(kWithoutClaims +
                          "- set-image: {statefulset: web, web: \"web:broken\"}\n- advance: 60s\n");
  const Graph graph = report::rollout_graph(log);
  const auto broken = std::ranges::find(graph.nodes, "StatefulSet/web 2 web-2", &GraphNode::id);
  REQUIRE(broken != graph.nodes.end());
  CHECK(broken->tone == Tone::Bad);
  CHECK(says(broken->lines, "ImagePullBackOff"));
  const auto next = std::ranges::find(graph.nodes, "StatefulSet/web 2 web-1", &GraphNode::id);
  REQUIRE(next != graph.nodes.end());
  CHECK(says(next->lines, "not taken yet"));
}

TEST_CASE("rollout: one in whose place another has begun waits no more") {
  const auto log = run_of(kWithoutClaims +
                          "- set-image: {statefulset: web, web: \"web:broken\"}\n- advance: 60s\n"
                          "- kubectl: rollout undo sts/web\n- settle: {}\n");
  const Graph graph = report::rollout_graph(log);
  for (const char* id : {"StatefulSet/web 2 web-1", "StatefulSet/web 2 web-0"}) {
    const auto pod = std::ranges::find(graph.nodes, id, &GraphNode::id);
    REQUIRE(pod != graph.nodes.end());
    CHECK(pod->tone == Tone::Usual);
    CHECK(says(pod->lines, "never taken: at +7"));
    CHECK_FALSE(says(pod->lines, "not taken yet"));
  }
}

TEST_CASE("rollout: pods that are made at once hang on the same node") {
  std::string parallel = kWithoutClaims;
  parallel.insert(parallel.find("replicas:"), "podManagementPolicy: Parallel\n      ");
  const Graph graph = report::rollout_graph(run_of(parallel));
  for (const char* pod : {"web-0", "web-1", "web-2"}) {
    const auto edge =
        std::ranges::find(graph.edges, fmt::format("StatefulSet/web 1 {}", pod), &GraphEdge::to);
    REQUIRE(edge != graph.edges.end());
    CHECK(edge->from.find("record") != std::string::npos);
  }
}

TEST_CASE("what could mean something to a language is written so that it does not") {
  Graph graph;
  graph.title = "a \"title\" <b>";
  graph.nodes.push_back({"n \"1\"", "x < y & \"z\"", {"end; `a`"}, {}, {}, ""});
  const std::string dot = report::to_dot(graph);
  CHECK(dot.find(R"("n \"1\"" [label=<<B>x &lt; y &amp; &quot;z&quot;</B>)") != std::string::npos);
  const std::string mermaid = report::to_mermaid(graph);
  CHECK(mermaid.find(R"(title: "a \"title\" <b>")") != std::string::npos);
  CHECK(mermaid.find(R"("x #60; y #38; #34;z#34;<br/>end; #96;a#96;")") != std::string::npos);
}
