// The objects of a live cluster. Of their times only the distances count: the newest one becomes
// the start of virtual time. What is wrong with containers is read off their status, as the image's
// if all pods with it are in that trouble, else as the pod's.
#include "scenario/load_parts.hpp"

#include <fmt/format.h>
#include <stsim/api/decode.hpp>
#include <stsim/api/decode_lenient.hpp>
#include <stsim/scenario/files.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace stsim::scenario {

namespace {

using api::Json;
using api::ObjectPtr;

/// Calls `each` with the documents of a file, those of Lists one by one.
template <class Each>
void each_object(const std::vector<Json>& documents, Each each) {
  for (const Json& document : documents) {
    const Json& items = api::member(document, "items");
    if (items.is_array()) {
      for (const Json& item : items) {
        each(item);
      }
    } else {
      each(document);
    }
  }
}

/// Calls `each` with every time in a document.
template <class Each>
void each_time(Json& document, Each each) {
  if (document.is_structured()) {
    for (auto& member : document) {
      each_time(member, each);
    }
  } else if (document.is_string()) {
    if (const auto time = parse_rfc3339(document.get_ref<const std::string&>())) {
      each(document, *time);
    }
  }
}

/// Calls `each` with the times that the cluster has written into an object: when it was made, and
/// all of its status. What users write (templates, annotations, data) is left alone.
template <class Each>
void each_own_time(Json& document, Each each) {
  if (const auto metadata = document.find("metadata");
      metadata != document.end() && metadata->is_object()) {
    for (const char* key : {"creationTimestamp", "deletionTimestamp"}) {
      if (const auto time = metadata->find(key); time != metadata->end()) {
        each_time(*time, each);
      }
    }
  }
  if (const auto status = document.find("status"); status != document.end()) {
    each_time(*status, each);
  }
}

/// What containers of an image do in a pod, read off its status.
node::Behaviour trouble_of(const api::ContainerStatus& container) {
  using Type = api::ContainerState::Type;
  constexpr SimDuration kUsualLife = std::chrono::seconds{5};  // of a container in a crash loop
  node::Behaviour out;
  const std::string_view reason = container.state.why->reason;
  const bool in_loop = reason == "CrashLoopBackOff";
  if (reason.starts_with("ErrImage") || reason == "ImagePullBackOff" ||
      reason == "InvalidImageName") {
    out.never = node::Never::Pull;
  } else if (in_loop || (container.state.type == Type::Terminated && container.restart_count > 0)) {
    const api::ContainerState& last =
        in_loop && container.last_state.is_set() ? *container.last_state : container.state;
    const SimDuration lived = last.finished_at - last.started_at;
    const SimDuration life = last.type == Type::Terminated ? lived : kUsualLife;
    out.crash_after = engine::Latency{life, life};
    if (last.exit_code != 0) {
      out.exit_code = last.exit_code;
    }
  } else if (container.state.type == Type::Running && !container.ready) {
    out.never = node::Never::Ready;
  }
  return out;
}

/// Takes what is wrong with containers for what they go on to do.
void add_troubles(Scenario& scenario) {
  struct Image {
    std::size_t pods{};
    std::vector<std::pair<std::string, node::Behaviour>> troubled;  ///< by pod
  };
  std::map<std::string, Image, std::less<>> images;
  for (const ObjectPtr& object : scenario.cluster.objects) {
    if (object->key.kind != api::Kind::Pod) {
      continue;
    }
    const auto& pod = object->as<api::Pod>();
    for (std::size_t i = 0; i < pod.status.containers.size(); ++i) {
      Image& image = images[pod.spec->containers[i].image];
      ++image.pods;
      if (const node::Behaviour trouble = trouble_of(pod.status.containers[i]);
          trouble != node::Behaviour{}) {
        image.troubled.emplace_back(object->key.name, trouble);
      }
    }
  }
  for (const auto& [name, image] : images) {
    if (image.troubled.empty()) {
      continue;
    }
    if (image.troubled.size() == image.pods) {
      scenario.images.try_emplace(name, image.troubled.front().second);
      continue;
    }
    for (const auto& [pod, trouble] : image.troubled) {
      scenario.pods.try_emplace(pod, trouble);
    }
  }
}

/// Whether the kubelet of a node is heard: its condition Ready is True, or not told.
bool is_heard(const Json& node) {
  for (const Json& condition : api::member(api::member(node, "status"), "conditions")) {
    if (api::text(condition, "type") == "Ready") {
      return api::text(condition, "status") == "True";
    }
  }
  return true;
}

/// The nodes that are among the objects, and those that pods are on.
void add_nodes(Cluster& cluster, const std::vector<Json>& nodes) {
  if (!nodes.empty()) {
    cluster.nodes.clear();
  }
  std::set<std::string> names;
  for (const Json& document : nodes) {
    Node node{api::text(api::member(document, "metadata"), "name"), {}};
    for (const auto& [key, value] :
         api::labels_of(api::member(api::member(document, "metadata"), "labels"))) {
      node.labels[key] = value;
    }
    if (names.insert(node.name).second) {  // several files may tell of one node
      if (!is_heard(document)) {
        cluster.silent_nodes.push_back(node.name);
      }
      cluster.nodes.push_back(std::move(node));
    }
  }
  for (const ObjectPtr& object : cluster.objects) {
    if (object->key.kind != api::Kind::Pod) {
      continue;
    }
    const std::string name = object->as<api::Pod>().node_name;
    if (!name.empty() &&
        std::ranges::find(cluster.nodes, name, &Node::name) == cluster.nodes.end()) {
      cluster.nodes.push_back({name, {}});
    }
  }
}

/// What controllers make again by themselves, and what says nothing of sets.
bool is_left_out(api::Kind kind) {
  return kind == api::Kind::Event || kind == api::Kind::EndpointSlice ||
         kind == api::Kind::Endpoints || kind == api::Kind::Namespace;
}

/// Of a node's taints those stay that somebody has put there: all nodes are heard here.
void without_passing_taints(Json& node) {
  Json* spec = node.contains("spec") ? &node["spec"] : nullptr;
  if (spec == nullptr || !spec->contains("taints") || !(*spec)["taints"].is_array()) {
    return;
  }
  Json kept = Json::array();
  for (const Json& taint : (*spec)["taints"]) {
    if (!api::text(taint, "key").starts_with("node.kubernetes.io/")) {
      kept.push_back(taint);
    }
  }
  (*spec)["taints"] = std::move(kept);
}

/// Reads one object. Returns what is wrong with it, "" if nothing is.
std::string read_object(const Json& document,
                        const api::Features& features,
                        Cluster& cluster,
                        std::vector<Json>& nodes) {
  const auto kind = api::find_kind(api::text(document, "apiVersion"), api::text(document, "kind"));
  if (!kind || is_left_out(*kind)) {
    return "";
  }
  auto decoded = api::decode_lenient(*kind, document, features.release);
  if (!decoded) {
    return decoded.error().message;
  }
  Json whole = std::move(decoded->document);
  const Json& metadata = api::member(whole, "metadata");
  if (api::text(metadata, "name").empty() || api::text(metadata, "uid").empty()) {
    return "it has no name or no uid: it does not come from a cluster";
  }
  if (*kind == api::Kind::Node) {
    nodes.push_back(whole);
    without_passing_taints(whole);
  }
  // As an update of itself: what is new loses its status.
  const Json stored = whole;
  api::set_defaults(*kind, whole, stored, features);
  cluster.objects.push_back(std::make_shared<const api::Object>(api::from_json(*kind, whole)));
  return "";
}

void read_all(Reader& reader,
              const api::YamlNode& node,
              std::vector<Json> documents,
              Scenario& scenario) {
  std::vector<Json> objects_read;
  each_object(documents, [&](const Json& document) { objects_read.push_back(document); });
  SimTime newest = SimTime::min();
  for (Json& document : objects_read) {
    each_own_time(document, [&](const Json&, SimTime time) { newest = std::max(newest, time); });
  }
  for (Json& document : objects_read) {
    each_own_time(document, [&](Json& text, SimTime time) {
      text = to_rfc3339(kStartOfTime - (newest - time));
    });
  }
  const api::Features features{scenario.kubernetes, scenario.feature_gates};
  std::vector<Json> nodes;
  for (const Json& document : objects_read) {
    const std::string wrong = read_object(document, features, scenario.cluster, nodes);
    if (!wrong.empty()) {
      reader.error(node,
                   fmt::format("{} {}: {}",
                               api::text(document, "kind"),
                               api::text(api::member(document, "metadata"), "name"),
                               wrong),
                   "objects are what kubectl get -o yaml writes");
    }
  }
  auto& objects = scenario.cluster.objects;
  if (objects.empty() && !reader.failed()) {
    reader.error(node,
                 "there are no objects of a cluster in it",
                 "kubectl get sts,pods,pvc,pv,svc,controllerrevisions,nodes -o yaml");
  }
  std::ranges::stable_sort(objects, {}, [](const ObjectPtr& object) { return object->key; });
  const auto same_key = [](const ObjectPtr& a, const ObjectPtr& b) { return a->key == b->key; };
  objects.erase(std::unique(objects.begin(), objects.end(), same_key), objects.end());
  add_nodes(scenario.cluster, nodes);
  add_troubles(scenario);
}

}  // namespace

void load_objects(Reader& reader, const api::YamlNode& node, Scenario& scenario) {
  std::vector<const api::YamlNode*> paths{&node};
  if (node.is_sequence()) {
    paths.clear();
    for (const api::YamlNode& item : node.items()) {
      paths.push_back(&item);
    }
  }
  std::vector<Json> documents;
  for (const api::YamlNode* at : paths) {
    const auto path = reader.text(*at, "the file with the objects");
    if (!path) {
      return;
    }
    const auto text = read_file(reader.folder() / *path);
    if (!text) {
      reader.error(*at,
                   fmt::format("there is no file {}", describe(*at)),
                   "paths are relative to the scenario's folder");
      return;
    }
    api::Manifests read = api::read_manifests(*text);
    if (!read.error.empty()) {
      reader.error(*at, fmt::format("{}: {}", *path, read.error));
      return;
    }
    std::ranges::move(read.documents, std::back_inserter(documents));
  }
  read_all(reader, node, documents, scenario);
}

}  // namespace stsim::scenario
