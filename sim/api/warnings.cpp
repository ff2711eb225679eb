// What the server says of a write that it accepts. Rule: SS-8.

#include "api/validation_parts.hpp"

#include <fmt/format.h>
#include <stsim/api/decode.hpp>
#include <stsim/api/well_known.hpp>

#include <array>
#include <map>
#include <set>

namespace stsim::api {

namespace {

using validation::has;
using validation::list;
using validation::map;
using validation::Path;
using validation::quantity;
using Warnings = std::vector<std::string>;

constexpr Int128 kUnit = 1'000'000'000;

void add(Warnings& out, const Path& path, std::string_view text) {
  out.push_back(fmt::format("{}: {}", path.text(), text));
}

void fractional(Warnings& out, const Path& path, const Json& amounts, std::string_view name) {
  const Json& value = member(amounts, name);
  if (!value.is_null() && quantity(value).nano() % kUnit != 0) {
    add(out,
        path.key(name),
        fmt::format("fractional byte value \"{}\" is invalid, must be an integer",
                    quantity(value).text()));
  }
}

/// Labels of nodes that have a newer name, and what is said of them.
std::string_view old_node_label(std::string_view key) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kOld{{
      {"beta.kubernetes.io/arch", R"(deprecated since v1.14; use "kubernetes.io/arch" instead)"},
      {"beta.kubernetes.io/os", R"(deprecated since v1.14; use "kubernetes.io/os" instead)"},
      {"failure-domain.beta.kubernetes.io/region",
       R"(deprecated since v1.17; use "topology.kubernetes.io/region" instead)"},
      {"failure-domain.beta.kubernetes.io/zone",
       R"(deprecated since v1.17; use "topology.kubernetes.io/zone" instead)"},
      {"beta.kubernetes.io/instance-type",
       R"(deprecated since v1.17; use "node.kubernetes.io/instance-type" instead)"},
  }};
  for (const auto& [old, text] : kOld) {
    if (old == key) {
      return text;
    }
  }
  return "";
}

void old_name_in(Warnings& out, const Path& path, std::string_view key) {
  if (const std::string_view text = old_node_label(key); !text.empty()) {
    add(out, path, fmt::format("{} is {}", key, text));
  }
}

void node_term(Warnings& out, const Path& path, const Json& term) {
  const Json& expressions = list(term, "matchExpressions");
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    old_name_in(
        out, path.child("matchExpressions").index(i).child("key"), text(expressions[i], "key"));
  }
}

void node_terms(Warnings& out, const Path& path, const Json& affinity) {
  const Json& terms = list(member(affinity, kRequired), "nodeSelectorTerms");
  for (std::size_t i = 0; i < terms.size(); ++i) {
    node_term(out, path.child(kRequired).child("nodeSelectorTerms").index(i), terms[i]);
  }
  const Json& wishes = list(affinity, kPreferred);
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    node_term(
        out, path.child(kPreferred).index(i).child("preference"), member(wishes[i], "preference"));
  }
}

constexpr std::string_view kMatchesNothing = "a null labelSelector results in matching no pod";

void pod_terms(Warnings& out, const Path& path, const Json& affinity) {
  const Json& terms = list(affinity, kRequired);
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (!has(terms[i], "labelSelector")) {
      add(out, path.child(kRequired).index(i).child("labelSelector"), kMatchesNothing);
    }
  }
  const Json& wishes = list(affinity, kPreferred);
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    if (!has(member(wishes[i], "podAffinityTerm"), "labelSelector")) {
      add(out,
          path.child(kPreferred).index(i).child("podAffinityTerm").child("labelSelector"),
          kMatchesNothing);
    }
  }
}

void container(Warnings& out, const Path& path, const Json& c) {
  for (const std::string_view name : {"memory", "ephemeral-storage"}) {
    for (const std::string_view amounts : {"limits", "requests"}) {
      fractional(
          out, path.child("resources").child(amounts), map(member(c, "resources"), amounts), name);
    }
  }
  std::set<std::string> seen;
  const Json& variables = list(c, "env");
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const std::string name = text(variables[i], "name");
    const std::string value = text(variables[i], "value");
    const std::string earlier = "$(" + name + ")";
    // A variable may build on the one that it hides.
    const bool builds = value != earlier && value.find(earlier) != std::string::npos;
    if (!seen.insert(name).second && !builds) {
      add(out,
          path.child("env").index(i),
          fmt::format("hides previous definition of \"{}\", which may be dropped when using apply",
                      name));
    }
  }
}

struct Port {
  Path path;
  std::string host_ip;
  std::int64_t host_port;
};

/// What two ports of the same number and protocol are to each other; nothing where both can be.
std::string_view clash(const Port& one, const Port& other) {
  if (one.host_ip == other.host_ip && one.host_port == other.host_port) {
    return "duplicate";
  }
  if (one.host_port == 0 || other.host_port == 0) {
    return "overlapping";
  }
  return one.host_port == other.host_port && one.host_ip.empty() != other.host_ip.empty()
             ? "dangerously ambiguous"
             : "";
}

void port(Warnings& out,
          const Path& path,
          const Json& port,
          std::map<std::string, std::vector<Port>>& all) {
  const Port own{path, text(port, "hostIP"), integer(port, "hostPort")};
  const std::int64_t number = integer(port, "containerPort");
  const std::string protocol = text(port, "protocol");
  if (!own.host_ip.empty() && own.host_port == 0) {
    add(out,
        path,
        fmt::format("hostIP set without hostPort: {{Name:{} HostPort:0 ContainerPort:{} "
                    "Protocol:{} HostIP:{}}}",
                    text(port, "name"),
                    number,
                    protocol,
                    own.host_ip));
  }
  std::vector<Port>& others = all[fmt::format("{}/{}", number, protocol)];
  for (const Port& other : others) {
    if (const std::string_view what = clash(own, other); !what.empty()) {
      add(out, path, fmt::format("{} port definition with {}", what, other.path.text()));
    }
  }
  others.push_back(own);
}

/// Values of a member that stand twice in a list.
void twice(Warnings& out,
           const Path& path,
           const Json& items,
           std::string_view key,
           std::string_view what) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (const std::string value = text(items[i], key); !seen.insert(value).second) {
      add(out, path.index(i).child(key), fmt::format("duplicate {} \"{}\"", what, value));
    }
  }
}

void claim_spec(Warnings& out, const Path& path, const Json& spec) {
  for (const std::string_view amounts : {"requests", "limits"}) {
    fractional(out,
               path.child("resources").child(amounts),
               map(member(spec, "resources"), amounts),
               "storage");
  }
}

/// What is where pods are placed by.
void placement(Warnings& out, const Path& path, const Json& spec, Release release) {
  for (const auto& [key, value] : map(spec, "nodeSelector").items()) {
    if (const std::string_view text = old_node_label(key); !text.empty()) {
      add(out, path.child("nodeSelector").key(key), text);
    }
  }
  node_terms(out,
             path.child("affinity").child("nodeAffinity"),
             at_path(spec, {"affinity", "nodeAffinity"}));
  const Json& spread = list(spec, "topologySpreadConstraints");
  for (std::size_t i = 0; i < spread.size(); ++i) {
    const Path at = path.child("topologySpreadConstraints").index(i);
    old_name_in(out, at.child("topologyKey"), text(spread[i], "topologyKey"));
    if (release.at_least(28) && !has(spread[i], "labelSelector")) {
      add(out, at.child("labelSelector"), kMatchesNothing);
    }
  }
}

void pod_spec(Warnings& out, const Path& path, const Json& spec, Release release) {
  placement(out, path, spec, release);
  const Json& volumes = list(spec, "volumes");
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    claim_spec(out,
               path.child("volumes").index(i).child("ephemeral").child("volumeClaimTemplate.spec"),
               at_path(volumes[i], {"ephemeral", "volumeClaimTemplate", "spec"}));
  }
  twice(out, path.child("hostAliases"), list(spec, "hostAliases"), "ip", "ip");
  const Json& secrets = list(spec, "imagePullSecrets");
  twice(out, path.child("imagePullSecrets"), secrets, "name", "name");
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    if (text(secrets[i], "name").empty()) {
      add(out, path.child("imagePullSecrets").index(i).child("name"), "invalid empty name \"\"");
    }
  }
  for (const std::string_view key : {"initContainers", "containers"}) {
    const Json& containers = list(spec, key);
    for (std::size_t i = 0; i < containers.size(); ++i) {
      container(out, path.child(key).index(i), containers[i]);
    }
  }
  std::map<std::string, std::vector<Port>> ports;
  for (const std::string_view key : {"initContainers", "containers"}) {
    const Json& containers = list(spec, key);
    for (std::size_t c = 0; c < containers.size() && release.at_least(27); ++c) {
      const Json& own = list(containers[c], "ports");
      for (std::size_t i = 0; i < own.size(); ++i) {
        port(out, path.child(key).index(c).child("ports").index(i), own[i], ports);
      }
    }
  }
  if (integer(spec, "terminationGracePeriodSeconds") < 0) {
    add(out,
        path.child("terminationGracePeriodSeconds"),
        "must be >= 0; negative values are invalid and will be treated as 1");
  }
  if (release.at_least(28)) {
    for (const std::string_view key : {"podAffinity", "podAntiAffinity"}) {
      pod_terms(out, path.child("affinity").child(key), at_path(spec, {"affinity", key}));
    }
  }
}

void stateful_set(Warnings& out, const Json& document, const Json& old, Release release) {
  const Json& spec = member(document, "spec");
  const Path path("spec");
  const bool creating = old.is_null();
  if (creating || integer(member(document, "metadata"), "generation") !=
                      integer(member(old, "metadata"), "generation")) {
    pod_spec(
        out, path.child("template").child("spec"), at_path(spec, {"template", "spec"}), release);
  }
  const Json& claims = list(spec, "volumeClaimTemplates");
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const Path at = path.child("volumeClaimTemplates").index(i);
    // The server itself names the place in these two ways.
    claim_spec(out, creating ? at : at.child("Spec"), member(claims[i], "spec"));
  }
  if (release.at_least(33) && integer(spec, "revisionHistoryLimit") < 0) {
    add(out,
        path.child("revisionHistoryLimit"),
        "a negative value retains all historical revisions; a value >= 0 is recommended");
  }
}

void old_annotation(Warnings& out,
                    const Json& document,
                    std::string_view key,
                    std::string_view text) {
  if (has(map(member(document, "metadata"), "annotations"), key)) {
    add(out, Path("metadata").child("annotations").key(key), text);
  }
}

void class_annotation(Warnings& out, const Json& document, Release release) {
  if (release.at_least(28)) {
    old_annotation(out,
                   document,
                   kStorageClassAnnotation,
                   R"(deprecated since v1.8; use "storageClassName" attribute instead)");
  }
}

void persistent_volume(Warnings& out, const Json& document, Release release) {
  const Json& spec = member(document, "spec");
  const Path path("spec");
  class_annotation(out, document, release);
  if (release.at_least(31)) {
    old_annotation(out,
                   document,
                   "volume.beta.kubernetes.io/mount-options",
                   R"(deprecated since v1.31; use "mountOptions" attribute instead)");
  }
  if (release.at_least(30) && text(spec, "persistentVolumeReclaimPolicy") == "Recycle") {
    add(out,
        path.child("persistentVolumeReclaimPolicy"),
        "The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use "
        "dynamic provisioning.");
  }
  fractional(out, path.child("capacity"), map(spec, "capacity"), "storage");
}

void service(Warnings& out, const Json& document, Release release) {
  const Json& spec = member(document, "spec");
  const std::string type = text(spec, "type");
  const bool headless = type == "ClusterIP" && text(spec, "clusterIP") == "None";
  const bool external_addresses = !list(spec, "externalIPs").empty();
  if (headless && release.at_least(34)) {
    if (!text(spec, "loadBalancerIP").empty()) {
      out.emplace_back("spec.loadBalancerIP is ignored for headless services");
    }
    if (external_addresses) {
      out.emplace_back("spec.externalIPs is ignored for headless services");
    }
    if (text(spec, "sessionAffinity") != "None") {
      out.emplace_back("spec.SessionAffinity is ignored for headless services");
    }
  }
  if (external_addresses && !headless && type != "ExternalName" && release.at_least(36)) {
    out.emplace_back(
        "spec.externalIPs is deprecated and may no longer be implemented in some clusters");
  }
  if (type != "ExternalName" && !text(spec, "externalName").empty() && release.at_least(30)) {
    out.emplace_back("spec.externalName is ignored when spec.type is not \"ExternalName\"");
  }
}

}  // namespace

std::vector<std::string> warnings(Kind kind,
                                  const Json& document,
                                  const Json& old,
                                  const Features& features) {
  Warnings out;
  const Release release = features.release;
  if (kind == Kind::StatefulSet) {
    stateful_set(out, document, old, release);
  } else if (kind == Kind::Pod && old.is_null()) {
    pod_spec(out, Path("spec"), member(document, "spec"), release);
  } else if (kind == Kind::PersistentVolumeClaim) {
    class_annotation(out, document, release);
    claim_spec(out, Path("spec"), member(document, "spec"));
  } else if (kind == Kind::PersistentVolume) {
    persistent_volume(out, document, release);
  } else if (kind == Kind::Service) {
    service(out, document, release);
  }
  return out;
}

}  // namespace stsim::api
