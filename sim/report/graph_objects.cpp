// Pictures of the objects of an instant: their owners, and what is bound to what.
#include "report/told_objects.hpp"

#include <fmt/format.h>
#include <stsim/controllers/statefulset/statefulset.hpp>
#include <stsim/report/telling.hpp>

#include <algorithm>
#include <set>

namespace stsim::report {

namespace {

using api::Kind;
using api::ObjectKey;

std::string when(const scenario::RunLog& log, Instant at) {
  return clock(at.value_or(log.end()));
}

/// Objects by name where numbers count by value, those of the kinds that stand first in the way
/// from a set to its dependents before the others.
std::vector<api::ObjectPtr> in_reading_order(const Objects& objects) {
  std::vector<api::ObjectPtr> out;
  for (const auto& [key, object] : objects) {
    out.push_back(object);
  }
  const auto place = [](const api::Object& object) {
    switch (object.key.kind) {
      case Kind::StatefulSet:
        return 0;
      case Kind::ControllerRevision:
        return 1;
      case Kind::Pod:
        return 2;
      case Kind::PersistentVolumeClaim:
        return 3;
      default:
        return 4;
    }
  };
  std::ranges::stable_sort(out, [&](const api::ObjectPtr& a, const api::ObjectPtr& b) {
    const int at = place(*a);
    const int other = place(*b);
    return at != other ? at < other : api::natural_less(a->key.name, b->key.name);
  });
  return out;
}

Tone tone_of(const api::Object& object) {
  if (object.terminating()) {
    return Tone::Gone;
  }
  switch (object.key.kind) {
    case Kind::PersistentVolumeClaim: {
      const auto phase = object.as<api::Claim>().phase;
      return phase == api::ClaimPhase::Bound  ? Tone::Good
             : phase == api::ClaimPhase::Lost ? Tone::Bad
                                              : Tone::Waiting;
    }
    case Kind::PersistentVolume: {
      const auto phase = object.as<api::Volume>().phase;
      const bool lost = phase == api::VolumePhase::Released || phase == api::VolumePhase::Failed;
      return phase == api::VolumePhase::Bound ? Tone::Good : lost ? Tone::Bad : Tone::Usual;
    }
    case Kind::StatefulSet: {
      const auto& set = object.as<api::StatefulSet>();
      return set.status.ready_replicas == set.spec->replicas ? Tone::Good : Tone::Waiting;
    }
    default:
      return Tone::Usual;
  }
}

/// What stands below the title, if anything is to be said.
std::vector<std::string> lines_of(const api::Object& object) {
  std::vector<std::string> out;
  switch (object.key.kind) {
    case Kind::StatefulSet: {
      const auto& set = object.as<api::StatefulSet>();
      out.push_back(fmt::format("{} of {} ready", set.status.ready_replicas, set.spec->replicas));
      break;
    }
    case Kind::ControllerRevision:
      out.push_back(fmt::format("revision {}", object.as<api::ControllerRevision>().revision));
      break;
    case Kind::PersistentVolumeClaim:
      out.emplace_back(to_string(object.as<api::Claim>().phase));
      break;
    case Kind::PersistentVolume:
      out.push_back(fmt::format("{}, {}",
                                to_string(object.as<api::Volume>().phase),
                                object.as<api::Volume>().spec->capacity.text()));
      break;
    default:
      break;
  }
  if (object.terminating()) {
    out.emplace_back("is being deleted");
  }
  return out;
}

NodeKind kind_of(Kind kind) {
  switch (kind) {
    case Kind::StatefulSet:
      return NodeKind::Set;
    case Kind::Pod:
      return NodeKind::Pod;
    case Kind::PersistentVolume:
    case Kind::PersistentVolumeClaim:
      return NodeKind::Storage;
    case Kind::Service:
    case Kind::Endpoints:
    case Kind::EndpointSlice:
      return NodeKind::Network;
    case Kind::ControllerRevision:
      return NodeKind::Revision;
    default:
      return NodeKind::Object;
  }
}

/// Whether objects of a kind have owners or may be some; Endpoints say what slices say.
bool has_owners(Kind kind) {
  return kind != Kind::Namespace && kind != Kind::Node && kind != Kind::PersistentVolume &&
         kind != Kind::StorageClass && kind != Kind::Endpoints;
}

/// Whether an object is none that every cluster has.
bool is_of_the_story(const api::Object& object) {
  return object.key.kind != Kind::Service || object.key.name != "kubernetes";
}

/// What an owner is called, which lies in the namespace of what it owns, or in none.
std::string owner_name(const api::OwnerReference& owner, const ObjectKey& owned) {
  const auto kind = api::find_kind(owner.api_version, owner.kind);
  return kind ? told_name({*kind, api::info(*kind).namespaced ? owned.ns.view() : "", owner.name})
              : fmt::format("{}/{}", owner.kind, owner.name);
}

/// Makes the nodes of objects.
class ObjectNodes {
 public:
  ObjectNodes(const scenario::RunLog& log, Instant at) : looks_(pod_looks(log, at)) {}

  [[nodiscard]] GraphNode node(const api::Object& object, std::string group) const {
    GraphNode out;
    out.id = told_name(object.key);
    out.title = told_name(object.key);
    out.lines = lines_of(object);
    out.kind = kind_of(object.key.kind);
    out.tone = tone_of(object);
    out.group = std::move(group);
    if (const auto look = looks_.find(object.key); look != looks_.end()) {
      out.lines = {look->second.words};
      out.tone = look->second.tone;
      if (const auto revision = controllers::statefulset::revision_of(object); !revision.empty()) {
        out.lines.push_back(fmt::format("at {}", revision));
      }
    }
    return out;
  }

 private:
  std::map<ObjectKey, PodLook> looks_;
};

void add_line(GraphNode& node, std::string line) {
  node.lines.push_back(std::move(line));
}

/// An NFS server or another place where data lie, once.
std::string add_server(Graph& graph, const api::VolumeSpec& volume) {
  const std::string server = volume.nfs_server;
  const std::string id = server.empty() ? "not on NFS" : "NFS server " + server;
  if (std::ranges::find(graph.nodes, id, &GraphNode::id) == graph.nodes.end()) {
    graph.nodes.push_back({id, id, {}, NodeKind::Server, Tone::Usual, ""});
  }
  return id;
}

}  // namespace

Graph owners_graph(const scenario::RunLog& log, Instant at) {
  Graph out;
  out.title = "Owners at " + when(log, at);
  out.to_the_right = true;
  const ObjectNodes nodes(log, at);
  const Objects objects = objects_at(log, at);
  std::set<std::string> owned;
  std::set<std::string> owners;
  for (const auto& [key, object] : objects) {
    for (const api::OwnerReference& owner : object->owners) {
      owned.insert(told_name(key));
      owners.insert(owner_name(owner, key));
    }
  }
  constexpr const char* kAlone = "without an owner";
  for (const api::ObjectPtr& object : in_reading_order(objects)) {
    const std::string id = told_name(object->key);
    const bool alone = !owned.contains(id) && !owners.contains(id);
    if (!has_owners(object->key.kind) || !is_of_the_story(*object)) {
      continue;
    }
    if (alone && out.groups.empty()) {
      out.groups.push_back({kAlone, kAlone, "", false});
    }
    out.nodes.push_back(nodes.node(*object, alone ? kAlone : ""));
  }
  const std::size_t there = out.nodes.size();
  for (std::size_t i = 0; i < there; ++i) {
    const auto found = std::ranges::find_if(
        objects, [&](const auto& entry) { return told_name(entry.first) == out.nodes[i].id; });
    for (const api::OwnerReference& owner : found->second->owners) {
      const std::string id = owner_name(owner, found->first);
      const auto holder = std::ranges::find_if(objects, [&](const auto& entry) {
        return told_name(entry.first) == id && entry.second->uid == owner.uid;
      });
      const bool lives = holder != objects.end();
      const std::string from = lives ? id : id + " " + owner.uid.text();
      if (!lives && std::ranges::find(out.nodes, from, &GraphNode::id) == out.nodes.end()) {
        out.nodes.push_back({from, id, {"not there any more"}, NodeKind::Object, Tone::Gone, ""});
      }
      GraphEdge edge{from, out.nodes[i].id, {}, EdgeKind::Usual};
      if (owner.controller) {
        edge.lines = {"controller"};
        edge.kind = EdgeKind::Strong;
      }
      if (!lives) {
        edge.kind = EdgeKind::Weak;
      }
      out.edges.push_back(std::move(edge));
    }
  }
  return out;
}

Graph bindings_graph(const scenario::RunLog& log, Instant at) {
  Graph out;
  out.title = "Bindings at " + when(log, at);
  out.to_the_right = true;
  const ObjectNodes nodes(log, at);
  const Objects objects = objects_at(log, at);
  const std::vector<api::ObjectPtr> ordered = in_reading_order(objects);
  const auto of_kind = [&](Kind kind, const auto& each) {
    for (const api::ObjectPtr& object : ordered) {
      if (object->key.kind == kind) {
        each(*object);
      }
    }
  };

  std::set<std::string> machines;
  of_kind(Kind::Pod,
          [&](const api::Object& pod) { machines.insert(pod.as<api::Pod>().node_name); });
  std::vector<std::string> named(machines.begin(), machines.end());
  std::ranges::sort(named, api::natural_less);
  for (const std::string& machine : named) {
    const std::string title = machine.empty() ? "on no node yet" : machine;
    out.groups.push_back({title, title, "", false});
  }
  of_kind(Kind::Pod, [&](const api::Object& pod) {
    const std::string machine = pod.as<api::Pod>().node_name;
    out.nodes.push_back(nodes.node(pod, machine.empty() ? "on no node yet" : machine));
    for (const api::ClaimVolume& volume : api::claims(pod)) {
      const ObjectKey claim{Kind::PersistentVolumeClaim, pod.key.ns, volume.claim};
      const bool there = objects.contains(claim);
      if (!there &&
          std::ranges::find(out.nodes, told_name(claim), &GraphNode::id) == out.nodes.end()) {
        out.nodes.push_back({told_name(claim),
                             told_name(claim),
                             {"is not there"},
                             NodeKind::Storage,
                             Tone::Bad,
                             ""});
      }
      out.edges.push_back({told_name(pod.key),
                           told_name(claim),
                           {volume.volume},
                           there ? EdgeKind::Usual : EdgeKind::Weak});
    }
  });
  of_kind(Kind::PersistentVolumeClaim, [&](const api::Object& claim) {
    out.nodes.push_back(nodes.node(claim, ""));
    const auto& body = claim.as<api::Claim>();
    const ObjectKey volume{Kind::PersistentVolume, "", body.volume_name};
    if (!body.volume_name.empty() && objects.contains(volume)) {
      const bool bound = body.phase == api::ClaimPhase::Bound;
      out.edges.push_back(
          {told_name(claim.key), told_name(volume), {}, bound ? EdgeKind::Strong : EdgeKind::Weak});
    }
  });
  of_kind(Kind::PersistentVolume, [&](const api::Object& volume) {
    const auto& body = volume.as<api::Volume>();
    GraphNode node = nodes.node(volume, "");
    add_line(node, body.spec->modes.text());
    if (body.claim_ref && body.phase == api::VolumePhase::Released) {
      add_line(node, fmt::format("was of {}", body.claim_ref->name));
    }
    out.nodes.push_back(std::move(node));
    const std::string server = add_server(out, *body.spec);
    GraphEdge edge{told_name(volume.key), server, {}, EdgeKind::Usual};
    if (!body.nfs_path.empty()) {
      edge.lines = {std::string(body.nfs_path)};
    }
    out.edges.push_back(std::move(edge));
  });
  return out;
}

}  // namespace stsim::report
