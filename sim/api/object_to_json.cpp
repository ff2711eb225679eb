// The JSON form of stored objects.
#include "defaults_parts.hpp"

#include <fmt/format.h>
#include <stsim/api/object.hpp>

namespace stsim::api {

namespace {

void set_unless_empty(Json& object, const char* key, std::string_view value) {
  if (!value.empty()) {
    object[key] = value;
  }
}

Json strings(const Labels& labels) {
  Json out = Json::object();
  for (const auto& [key, value] : labels) {
    out[key] = value;
  }
  return out;
}

Json metadata(const Object& object) {
  Json out = Json::object();
  set_unless_empty(out, "name", object.key.name);
  set_unless_empty(out, "namespace", object.key.ns);
  set_unless_empty(out, "generateName", object.seldom->generate_name);
  set_unless_empty(out, "uid", object.uid.text());
  if (object.resource_version.value != 0) {
    out["resourceVersion"] = std::to_string(object.resource_version.value);
    out["creationTimestamp"] = to_rfc3339(object.created);
  }
  if (object.generation != 0) {
    out["generation"] = object.generation;
  }
  if (const auto& deletion = object.deletion()) {
    out["deletionTimestamp"] = to_rfc3339(deletion->timestamp);
    out["deletionGracePeriodSeconds"] = deletion->grace_seconds;
  }
  if (!object.labels.empty()) {
    out["labels"] = strings(object.labels);
  }
  if (!object.annotations.empty()) {
    out["annotations"] = strings(object.annotations);
  }
  for (const OwnerReference& owner : object.owners) {
    Json reference = {{"apiVersion", owner.api_version},
                      {"kind", owner.kind},
                      {"name", owner.name},
                      {"uid", owner.uid.text()}};
    if (owner.controller) {
      reference["controller"] = true;
    }
    if (owner.block_owner_deletion) {
      reference["blockOwnerDeletion"] = true;
    }
    out["ownerReferences"].push_back(std::move(reference));
  }
  for (const Text& finalizer : object.finalizers) {
    out["finalizers"].push_back(finalizer);
  }
  return out;
}

Json status_json(const StatefulSetStatus& s) {
  Json out = {{"replicas", s.replicas}, {"availableReplicas", s.available_replicas}};
  const auto unless_zero = [&out](const char* key, std::int64_t value) {
    if (value != 0) {
      out[key] = value;
    }
  };
  unless_zero("observedGeneration", s.observed_generation);
  unless_zero("readyReplicas", s.ready_replicas);
  unless_zero("currentReplicas", s.current_replicas);
  unless_zero("updatedReplicas", s.updated_replicas);
  set_unless_empty(out, "currentRevision", s.current_revision);
  set_unless_empty(out, "updateRevision", s.update_revision);
  if (s.has_collision_count) {
    out["collisionCount"] = s.collision_count;
  }
  return out;
}

Json state_json(const ContainerState& state) {
  Json out = Json::object();
  switch (state.type) {
    case ContainerState::Type::None:
      break;
    case ContainerState::Type::Waiting:
      out["waiting"] = Json::object();
      set_unless_empty(out["waiting"], "reason", state.why->reason);
      set_unless_empty(out["waiting"], "message", state.why->message);
      break;
    case ContainerState::Type::Running:
      out["running"] = {{"startedAt", to_rfc3339(state.started_at)}};
      break;
    case ContainerState::Type::Terminated: {
      Json& terminated = out["terminated"];
      terminated = {{"exitCode", state.exit_code},
                    {"startedAt", to_rfc3339(state.started_at)},
                    {"finishedAt", to_rfc3339(state.finished_at)}};
      set_unless_empty(terminated, "reason", state.why->reason);
      set_unless_empty(terminated, "message", state.why->message);
      break;
    }
  }
  return out;
}

Json conditions_json(const PodStatus& status) {
  using Type = PodConditionType;
  // PN-2: a kubelet that reports its sandbox lists Ready before ContainersReady and PodScheduled
  // last.
  constexpr std::array kKubelet{Type::DisruptionTarget,
                                Type::PodReadyToStartContainers,
                                Type::Initialized,
                                Type::Ready,
                                Type::ContainersReady,
                                Type::PodScheduled};
  constexpr std::array kPlain{Type::PodReadyToStartContainers,
                              Type::PodScheduled,
                              Type::Initialized,
                              Type::ContainersReady,
                              Type::Ready,
                              Type::DisruptionTarget};
  Json out = Json::array();
  for (const Type type :
       status.condition(Type::PodReadyToStartContainers).present ? kKubelet : kPlain) {
    const PodCondition& c = status.condition(type);
    if (!c.present) {
      continue;
    }
    const Explanation& why = status.why.of(type);
    Json condition = {{"type", to_string(type)},
                      {"status", c.status ? "True" : "False"},
                      {"lastProbeTime", nullptr},
                      {"lastTransitionTime", to_rfc3339(c.last_transition())}};
    set_unless_empty(condition, "reason", why.reason);
    set_unless_empty(condition, "message", why.message);
    out.push_back(std::move(condition));
  }
  return out;
}

struct Writer {
  const Object& object;
  Json& out;
  Release release;

  void operator()(const Generic& body) const {
    if (body.document) {
      for (const auto& [key, value] : body.document->items()) {
        out[key] = value;
      }
    }
  }

  void operator()(const StatefulSet& body) const {
    out["spec"] = *body.spec->document;
    out["status"] = status_json(body.status);
  }

  void operator()(const Pod& body) const {
    Json& spec = out["spec"] = *body.spec->document;
    if (body.spec->of_set) {
      spec["hostname"] = object.key.name;
      set_unless_empty(spec, "subdomain", body.spec->subdomain);
      Json volumes = Json::array();
      for (const ClaimVolume& volume : claims(object)) {
        if (volume.claim == fmt::format("{}-{}", volume.volume, object.key.name)) {
          volumes.push_back(
              {{"name", volume.volume}, {"persistentVolumeClaim", {{"claimName", volume.claim}}}});
        }
      }
      for (const Json& volume : member(*body.spec->document, "volumes")) {
        volumes.push_back(volume);
      }
      if (!volumes.empty()) {
        spec["volumes"] = std::move(volumes);
      }
    }
    set_unless_empty(spec, "nodeName", body.node_name);
    write_status(body);
  }

  void write_status(const Pod& body) const {
    const PodStatus& s = body.status;
    Json& status = out["status"] = Json::object();
    set_unless_empty(status, "phase", to_string(s.phase));
    set_unless_empty(status, "reason", s.why.of_pod().reason);
    set_unless_empty(status, "message", s.why.of_pod().message);
    status["qosClass"] = defaults::qos_class(*body.spec->document);
    if (Json conditions = conditions_json(s); !conditions.empty()) {
      status["conditions"] = std::move(conditions);
    }
    if (!s.host_ip.empty()) {
      status["hostIP"] = s.host_ip;
      if (release.at_least(29)) {
        status["hostIPs"] = Json::array({{{"ip", s.host_ip}}});
      }
    }
    if (!s.pod_ip.empty()) {
      status["podIP"] = s.pod_ip;
      status["podIPs"] = Json::array({{{"ip", s.pod_ip}}});
    }
    if (s.start_time != SimTime{}) {
      status["startTime"] = to_rfc3339(s.start_time);
    }
    for (std::size_t i = 0; i < s.containers.size() && i < body.spec->containers.size(); ++i) {
      const ContainerStatus& c = s.containers[i];
      status["containerStatuses"].push_back({{"name", body.spec->containers[i].name},
                                             {"image", body.spec->containers[i].image},
                                             {"imageID", ""},
                                             {"ready", c.ready},
                                             {"started", c.started},
                                             {"restartCount", c.restart_count},
                                             {"state", state_json(c.state)},
                                             {"lastState", state_json(*c.last_state)}});
    }
  }

  void operator()(const Claim& body) const {
    out["spec"] = *body.spec->document;
    set_unless_empty(out["spec"], "volumeName", body.volume_name);
    Json& status = out["status"] = {{"phase", to_string(body.phase)}};
    if (!body.access_modes.is_null()) {
      status["accessModes"] = body.access_modes.json();
    }
    if (!body.capacity.is_null()) {
      status["capacity"] = body.capacity.json();
    }
  }

  void operator()(const Volume& body) const {
    out["spec"] = spec_json(body);
    if (body.claim_ref) {
      out["spec"]["claimRef"] = to_json(*body.claim_ref);
    }
    Json& status = out["status"] = Json::object();
    set_unless_empty(status, "phase", to_string(body.phase));
    set_unless_empty(status, "reason", body.reason);
    set_unless_empty(status, "message", body.message);
    if (body.last_phase_transition && release.at_least(29)) {
      status["lastPhaseTransitionTime"] = to_rfc3339(*body.last_phase_transition);
    }
  }

  void operator()(const Service& body) const {
    out["spec"] = *body.spec->document;
    out["status"] = {{"loadBalancer", Json::object()}};
  }

  [[nodiscard]] static Json target(const Object& of, const Endpoint& endpoint) {
    return {{"kind", "Pod"},
            {"namespace", of.key.ns},
            {"name", endpoint.pod},
            {"uid", endpoint.pod_uid.text()}};
  }

  [[nodiscard]] static Json ports_json(const std::vector<EndpointPort>& ports, bool names_always) {
    Json out = Json::array();
    for (const EndpointPort& port : ports) {
      Json one = {{"port", port.port}, {"protocol", port.protocol}};
      if (names_always || !port.name.empty()) {
        one["name"] = port.name;
      }
      out.push_back(std::move(one));
    }
    return out;
  }

  void operator()(const EndpointSlice& body) const {
    out["addressType"] = "IPv4";
    out["endpoints"] = Json::array();
    for (const Endpoint& e : body.endpoints) {
      Json endpoint = {
          {"addresses", {e.address}},
          {"conditions",
           {{"ready", e.ready}, {"serving", e.serving}, {"terminating", e.terminating}}},
          {"targetRef", target(object, e)}};
      set_unless_empty(endpoint, "hostname", e.hostname);
      set_unless_empty(endpoint, "nodeName", e.node_name);
      out["endpoints"].push_back(std::move(endpoint));
    }
    out["ports"] = ports_json(body.ports, true);
  }

  void operator()(const Endpoints& body) const {
    Json subset = Json::object();
    for (const Endpoint& e : body.endpoints) {
      Json address = {{"ip", e.address}, {"targetRef", target(object, e)}};
      set_unless_empty(address, "hostname", e.hostname);
      set_unless_empty(address, "nodeName", e.node_name);
      subset[e.ready ? "addresses" : "notReadyAddresses"].push_back(std::move(address));
    }
    if (!subset.empty()) {
      if (!body.ports.empty()) {
        subset["ports"] = ports_json(body.ports, false);
      }
      out["subsets"] = Json::array({std::move(subset)});
    }
  }

  void operator()(const ControllerRevision& body) const {
    out["data"] = *body.data;
    out["revision"] = body.revision;
  }

  void operator()(const ApiEvent& body) const {
    out["type"] = body.type;
    out["reason"] = body.reason;
    out["message"] = body.message;
    out["count"] = body.count;
    out["source"] = {{"component", body.component}};
    out["reportingComponent"] = body.component;
    out["reportingInstance"] = "";
    out["eventTime"] = nullptr;
    out["firstTimestamp"] = to_rfc3339(body.first_seen);
    out["lastTimestamp"] = to_rfc3339(body.last_seen);
    Json& involved = out["involvedObject"] = {{"apiVersion", api_version(body.about.kind)},
                                              {"kind", info(body.about.kind).name},
                                              {"name", body.about.name},
                                              {"uid", body.about_uid.text()}};
    set_unless_empty(involved, "namespace", body.about.ns);
    set_unless_empty(involved, "fieldPath", body.field_path);
    if (body.about_version.value != 0) {
      involved["resourceVersion"] = std::to_string(body.about_version.value);
    }
  }
};

}  // namespace

Json spec_json(const Volume& volume) {
  Json out = volume.spec->document.json();
  if (!volume.nfs_path.empty()) {
    out["nfs"]["path"] = volume.nfs_path;
  }
  return out;
}

Json to_json(const ClaimReference& reference) {
  if (reference.document != nullptr) {
    return *reference.document;
  }
  return {{"apiVersion", "v1"},
          {"kind", "PersistentVolumeClaim"},
          {"namespace", reference.ns},
          {"name", reference.name},
          {"uid", reference.uid.text()},
          {"resourceVersion", std::to_string(reference.version.value)}};
}

Json to_json(const Object& object, Release release) {
  Json out = Json::object();
  object.body.visit(Writer{object, out, release});
  out["apiVersion"] = api_version(object.key.kind);
  out["kind"] = info(object.key.kind).name;
  out["metadata"] = metadata(object);
  return out;
}

}  // namespace stsim::api
