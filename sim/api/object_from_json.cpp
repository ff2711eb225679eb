// The typed form of documents that were decoded, defaulted and validated.
#include <stsim/api/object.hpp>
#include <stsim/api/well_known.hpp>

#include <algorithm>
#include <charconv>

namespace stsim::api {

namespace {

std::int32_t int32(const Json& object, std::string_view key, std::int32_t fallback = 0) {
  return static_cast<std::int32_t>(integer(object, key, fallback));
}

JsonPtr shared(Json document) {
  return std::make_shared<const Json>(std::move(document));
}

std::optional<IntOrPercent> int_or_percent(const Json& value) {
  if (value.is_number_integer()) {
    return IntOrPercent{value.get<std::int64_t>(), false};
  }
  if (value.is_string()) {
    const std::string& text = value.get_ref<const std::string&>();
    std::int64_t number{};
    const char* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    if (error == std::errc{} && end + 1 == last && *end == '%') {
      return IntOrPercent{number, true};
    }
  }
  return std::nullopt;
}

std::optional<Selector> selector_of(const Json& document) {
  if (document.is_null()) {
    return std::nullopt;
  }
  auto selector = parse_label_selector(document);
  return selector ? std::optional(*std::move(selector)) : std::nullopt;
}

Quantity quantity_of(const Json& value) {
  if (!value.is_string()) {
    return {};
  }
  return Quantity::parse(value.get_ref<const std::string&>()).value_or(Quantity{});
}

bool flag(const Json& object, std::string_view key) {
  const Json& value = member(object, key);
  return value.is_boolean() && value.get<bool>();
}

ResourceVersion version_of(const Json& metadata) {
  const std::string version = text(metadata, "resourceVersion");
  ResourceVersion out;
  std::from_chars(version.data(), version.data() + version.size(), out.value);
  return out;
}

StatefulSetStatus read_status(const Json& status) {
  StatefulSetStatus out;
  out.observed_generation = integer(status, "observedGeneration");
  out.replicas = int32(status, "replicas");
  out.ready_replicas = int32(status, "readyReplicas");
  out.current_replicas = int32(status, "currentReplicas");
  out.updated_replicas = int32(status, "updatedReplicas");
  out.available_replicas = int32(status, "availableReplicas");
  out.current_revision = text(status, "currentRevision");
  out.update_revision = text(status, "updateRevision");
  out.collision_count = int32(status, "collisionCount");
  out.has_collision_count = !member(status, "collisionCount").is_null();
  return out;
}

SimTime time_of(const Json& object, std::string_view key) {
  return parse_rfc3339(text(object, key)).value_or(SimTime{});
}

ContainerState read_state(const Json& document) {
  ContainerState out;
  if (const Json& waiting = member(document, "waiting"); !waiting.is_null()) {
    out.type = ContainerState::Type::Waiting;
    out.why = explained(text(waiting, "reason"), text(waiting, "message"));
  } else if (const Json& running = member(document, "running"); !running.is_null()) {
    out.type = ContainerState::Type::Running;
    out.started_at = time_of(running, "startedAt");
  } else if (const Json& terminated = member(document, "terminated"); !terminated.is_null()) {
    out.type = ContainerState::Type::Terminated;
    out.why = explained(text(terminated, "reason"), text(terminated, "message"));
    out.exit_code = int32(terminated, "exitCode");
    out.started_at = time_of(terminated, "startedAt");
    out.finished_at = time_of(terminated, "finishedAt");
  }
  return out;
}

PodStatus read_pod_status(const Json& status, const PodSpec& spec) {
  PodStatus out;
  const std::string phase = text(status, "phase", "Pending");
  for (const PodPhase candidate :
       {PodPhase::Running, PodPhase::Succeeded, PodPhase::Failed, PodPhase::Unknown}) {
    if (phase == to_string(candidate)) {
      out.phase = candidate;
    }
  }
  for (const Json& condition : member(status, "conditions")) {
    for (std::size_t i = 0; i < kPodConditionTypes; ++i) {
      if (text(condition, "type") == to_string(static_cast<PodConditionType>(i))) {
        PodCondition& read = out.conditions[i];
        read.present = true;
        read.status = text(condition, "status") == "True";
        read.set_last_transition(time_of(condition, "lastTransitionTime"));
        out.why.set(static_cast<PodConditionType>(i),
                    {text(condition, "reason"), text(condition, "message")});
      }
    }
  }
  for (const ContainerSpec& container : spec.containers) {
    for (const Json& one : member(status, "containerStatuses")) {
      if (text(one, "name") == container.name) {
        out.containers.push_back({flag(one, "ready"),
                                  flag(one, "started"),
                                  int32(one, "restartCount"),
                                  read_state(member(one, "state")),
                                  read_state(member(one, "lastState"))});
      }
    }
  }
  out.pod_ip = text(status, "podIP");
  out.host_ip = text(status, "hostIP");
  out.start_time = parse_rfc3339(text(status, "startTime")).value_or(SimTime{});
  out.why.set_of_pod({text(status, "reason"), text(status, "message")});
  return out;
}

Body read_stateful_set(const Json& document) {
  return StatefulSet{read_statefulset_spec(shared(member(document, "spec"))),
                     read_status(member(document, "status"))};
}

Body read_pod(const Json& document) {
  Json spec = member(document, "spec");
  Pod out;
  out.node_name = text(spec, "nodeName");
  if (spec.is_object()) {
    spec.erase("nodeName");
  }
  out.spec = read_pod_spec(shared(std::move(spec)));
  out.status = read_pod_status(member(document, "status"), *out.spec);
  return out;
}

Body read_claim(const Json& document) {
  Json spec = member(document, "spec");
  Claim out;
  out.volume_name = text(spec, "volumeName");
  if (spec.is_object()) {
    spec.erase("volumeName");
  }
  out.spec = read_claim_spec(shared(std::move(spec)));
  const Json& status = member(document, "status");
  const std::string phase = text(status, "phase");
  out.phase = phase == "Bound"  ? ClaimPhase::Bound
              : phase == "Lost" ? ClaimPhase::Lost
                                : ClaimPhase::Pending;
  out.access_modes = PackedJson(member(status, "accessModes"));
  out.capacity = PackedJson(member(status, "capacity"));
  return out;
}

ClaimReference read_claim_reference(const Json& document) {
  ClaimReference out{text(document, "namespace"),
                     text(document, "name"),
                     parse_uid(text(document, "uid")),
                     version_of(document),
                     nullptr};
  if (to_json(out) != document) {
    out.document = shared(document);
  }
  return out;
}

Body read_volume(const Json& document) {
  Json spec = member(document, "spec");
  Volume out;
  if (const Json& reference = member(spec, "claimRef"); !reference.is_null()) {
    out.claim_ref = read_claim_reference(reference);
    spec.erase("claimRef");
  }
  VolumeSpec& typed = out.spec.edit();
  typed.modes = access_modes(member(spec, "accessModes"));
  typed.capacity = quantity_of(at_path(spec, {"capacity", "storage"}));
  typed.storage_class = text(spec, "storageClassName");
  typed.volume_mode = text(spec, "volumeMode", "Filesystem");
  typed.reclaim_policy = text(spec, "persistentVolumeReclaimPolicy");
  typed.nfs_server = text(member(spec, "nfs"), "server");
  typed.attributes_class = text(spec, "volumeAttributesClassName");
  typed.has_node_affinity = spec.contains("nodeAffinity");
  if (std::string path = text(member(spec, "nfs"), "path"); !path.empty()) {
    spec["nfs"].erase("path");
    out.nfs_path = path;
  }
  typed.document = PackedJson(spec);
  typed.modes_list = PackedJson(member(spec, "accessModes"));
  typed.capacity_of = PackedJson(member(spec, "capacity"));
  const Json& status = member(document, "status");
  const std::string phase = text(status, "phase", "Pending");
  for (const VolumePhase candidate :
       {VolumePhase::Available, VolumePhase::Bound, VolumePhase::Released, VolumePhase::Failed}) {
    if (phase == to_string(candidate)) {
      out.phase = candidate;
    }
  }
  out.reason = text(status, "reason");
  out.message = text(status, "message");
  out.last_phase_transition = parse_rfc3339(text(status, "lastPhaseTransitionTime"));
  return out;
}

Body read_service(const Json& document) {
  const Json& spec = member(document, "spec");
  auto typed = std::make_shared<ServiceSpec>();
  typed->document = shared(spec);
  typed->cluster_ip = text(spec, "clusterIP");
  typed->has_selector = !member(spec, "selector").empty();
  typed->selector = labels_of(member(spec, "selector"));
  typed->publish_not_ready = flag(spec, "publishNotReadyAddresses");
  for (const Json& port : member(spec, "ports")) {
    const Json& target = member(port, "targetPort");
    typed->ports.push_back(
        {text(port, "name"),
         text(port, "protocol", "TCP"),
         int32(port, "port"),
         target.is_string() ? target.get<std::string>() : "",
         target.is_number_integer() ? target.get<std::int32_t>() : int32(port, "port")});
  }
  return Service{std::move(typed)};
}

EndpointPort read_port(const Json& port) {
  return {text(port, "name"), text(port, "protocol", "TCP"), int32(port, "port")};
}

Endpoint read_endpoint(const Json& document, std::string address) {
  Endpoint out;
  out.address = std::move(address);
  out.pod = text(member(document, "targetRef"), "name");
  out.pod_uid = parse_uid(text(member(document, "targetRef"), "uid"));
  out.hostname = text(document, "hostname");
  out.node_name = text(document, "nodeName");
  return out;
}

Body read_endpoint_slice(const Json& document) {
  EndpointSlice out;
  out.service = text(at_path(document, {"metadata", "labels"}), kServiceNameLabel);
  for (const Json& port : member(document, "ports")) {
    out.ports.push_back(read_port(port));
  }
  for (const Json& one : member(document, "endpoints")) {
    for (const Json& address : member(one, "addresses")) {
      Endpoint endpoint = read_endpoint(one, address.is_string() ? address.get<std::string>() : "");
      const Json& conditions = member(one, "conditions");
      endpoint.ready = flag(conditions, "ready");
      endpoint.serving = flag(conditions, "serving");
      endpoint.terminating = flag(conditions, "terminating");
      out.endpoints.push_back(std::move(endpoint));
    }
  }
  return out;
}

Body read_endpoints(const Json& document) {
  Endpoints out;
  for (const Json& subset : member(document, "subsets")) {
    for (const char* list : {"addresses", "notReadyAddresses"}) {
      for (const Json& one : member(subset, list)) {
        Endpoint endpoint = read_endpoint(one, text(one, "ip"));
        endpoint.ready = std::string_view(list) == "addresses";
        out.endpoints.push_back(std::move(endpoint));
      }
    }
    if (out.ports.empty()) {
      for (const Json& port : member(subset, "ports")) {
        out.ports.push_back(read_port(port));
      }
    }
  }
  return out;
}

Body read_revision(const Json& document) {
  const Json& data = member(document, "data");
  return ControllerRevision{shared(data),
                            std::make_shared<const std::string>(to_go_json(data)),
                            integer(document, "revision")};
}

Body read_event(const Json& document) {
  ApiEvent out;
  out.type = text(document, "type");
  out.reason = text(document, "reason");
  out.message = text(document, "message");
  out.component = text(member(document, "source"), "component");
  const Json& about = member(document, "involvedObject");
  out.about = {find_kind(text(about, "apiVersion"), text(about, "kind")).value_or(Kind::Pod),
               text(about, "namespace"),
               text(about, "name")};
  out.about_uid = parse_uid(text(about, "uid"));
  out.field_path = text(about, "fieldPath");
  out.first_seen = time_of(document, "firstTimestamp");
  out.last_seen = time_of(document, "lastTimestamp");
  out.count = int32(document, "count", 1);
  return out;
}

Body read_generic(const Json& document) {
  Json rest = document;
  if (rest.is_object()) {
    rest.erase("metadata");
  }
  return Generic{shared(std::move(rest))};
}

Body read_body(Kind kind, const Json& document) {
  switch (kind) {
    case Kind::StatefulSet:
      return read_stateful_set(document);
    case Kind::Pod:
      return read_pod(document);
    case Kind::PersistentVolumeClaim:
      return read_claim(document);
    case Kind::PersistentVolume:
      return read_volume(document);
    case Kind::Service:
      return read_service(document);
    case Kind::EndpointSlice:
      return read_endpoint_slice(document);
    case Kind::Endpoints:
      return read_endpoints(document);
    case Kind::ControllerRevision:
      return read_revision(document);
    case Kind::Event:
      return read_event(document);
    case Kind::Namespace:
    case Kind::Node:
    case Kind::StorageClass:
    case Kind::ConfigMap:
    case Kind::Secret:
    case Kind::ServiceAccount:
      return read_generic(document);
  }
  return read_generic(document);
}

void read_metadata(const Json& metadata, Object& out) {
  out.key.ns = text(metadata, "namespace");
  out.key.name = text(metadata, "name");
  if (std::string name = text(metadata, "generateName"); !name.empty()) {
    out.seldom.edit().generate_name = name;
  }
  out.uid = parse_uid(text(metadata, "uid"));
  out.resource_version = version_of(metadata);
  out.created = time_of(metadata, "creationTimestamp");
  out.generation = integer(metadata, "generation");
  if (const auto timestamp = parse_rfc3339(text(metadata, "deletionTimestamp"))) {
    out.seldom.edit().deletion =
        Deletion{*timestamp, integer(metadata, "deletionGracePeriodSeconds")};
  }
  out.labels = labels_of(member(metadata, "labels"));
  out.annotations = labels_of(member(metadata, "annotations"));
  for (const Json& owner : member(metadata, "ownerReferences")) {
    out.owners.push_back({text(owner, "apiVersion"),
                          text(owner, "kind"),
                          text(owner, "name"),
                          parse_uid(text(owner, "uid")),
                          flag(owner, "controller"),
                          flag(owner, "blockOwnerDeletion")});
  }
  for (const Json& finalizer : member(metadata, "finalizers")) {
    if (finalizer.is_string()) {
      out.finalizers.push_back(finalizer.get<std::string>());
    }
  }
}

}  // namespace

std::shared_ptr<const StatefulSetSpec> read_statefulset_spec(JsonPtr document) {
  const Json& spec = *document;
  auto out = std::make_shared<StatefulSetSpec>();
  out->replicas = int32(spec, "replicas", 1);
  out->parallel = text(spec, "podManagementPolicy") == "Parallel";
  const Json& strategy = member(spec, "updateStrategy");
  const std::string type = text(strategy, "type");
  out->strategy = type == "OnDelete"   ? UpdateStrategy::OnDelete
                  : type == "Recreate" ? UpdateStrategy::Recreate
                                       : UpdateStrategy::RollingUpdate;
  const Json& rolling = member(strategy, "rollingUpdate");
  out->rolling_update_block = rolling.is_object();
  out->partition = int32(rolling, "partition");
  out->max_unavailable = int_or_percent(member(rolling, "maxUnavailable"));
  out->min_ready_seconds = int32(spec, "minReadySeconds");
  out->revision_history_limit = int32(spec, "revisionHistoryLimit", 10);
  out->start_ordinal = int32(member(spec, "ordinals"), "start");
  const Json& retention = member(spec, "persistentVolumeClaimRetentionPolicy");
  const auto policy = [&retention](const char* when) {
    return text(retention, when) == "Delete" ? Retention::Delete : Retention::Retain;
  };
  out->has_retention = !retention.is_null();
  out->when_deleted = policy("whenDeleted");
  out->when_scaled = policy("whenScaled");
  out->service_name = text(spec, "serviceName");
  out->selector = selector_of(member(spec, "selector"));
  out->match_labels = labels_of(at_path(spec, {"selector", "matchLabels"}));
  out->pod_template = shared(member(spec, "template"));
  for (const Json& claim : member(spec, "volumeClaimTemplates")) {
    Object made = from_json(Kind::PersistentVolumeClaim, claim);
    auto& body = made.as<Claim>();
    body.phase = ClaimPhase::Pending;
    body.access_modes = {};
    body.capacity = {};
    for (const auto& [label, value] : out->match_labels) {
      made.labels[label] = value;
    }
    ClaimTemplate wanted{text(member(claim, "metadata"), "name"),
                         std::make_shared<const Object>(std::move(made))};
    const auto known = std::ranges::find(out->claim_templates, wanted.name, &ClaimTemplate::name);
    if (known == out->claim_templates.end()) {
      out->claim_templates.push_back(std::move(wanted));
    } else {
      *known = std::move(wanted);  // the controller keeps them by name: the last one counts
    }
  }
  out->document = std::move(document);
  return out;
}

std::shared_ptr<const PodSpec> read_pod_spec(JsonPtr document) {
  const Json& spec = *document;
  auto out = std::make_shared<PodSpec>();
  for (const Json& container : member(spec, "containers")) {
    out->containers.push_back({text(container, "name"), text(container, "image")});
  }
  for (const Json& volume : member(spec, "volumes")) {
    if (const std::string claim = text(member(volume, "persistentVolumeClaim"), "claimName");
        !claim.empty()) {
      out->claims.push_back({text(volume, "name"), claim});
    }
  }
  out->hostname = text(spec, "hostname");
  out->subdomain = text(spec, "subdomain");
  out->grace_seconds = integer(spec, "terminationGracePeriodSeconds", 30);
  out->document = std::move(document);
  return out;
}

std::shared_ptr<const ClaimSpec> read_claim_spec(JsonPtr document) {
  const Json& spec = *document;
  auto out = std::make_shared<ClaimSpec>();
  out->modes = access_modes(member(spec, "accessModes"));
  out->attributes_class = text(spec, "volumeAttributesClassName");
  out->request = quantity_of(at_path(spec, {"resources", "requests", "storage"}));
  if (const Json& name = member(spec, "storageClassName"); name.is_string()) {
    out->storage_class = name.get<std::string>();
  }
  out->volume_mode = text(spec, "volumeMode", "Filesystem");
  out->selector = selector_of(member(spec, "selector"));
  out->document = std::move(document);
  return out;
}

Object from_json(Kind kind, const Json& document) {
  Object out;
  read_metadata(member(document, "metadata"), out);
  out.key.kind = kind;
  out.body = read_body(kind, document);
  return out;
}

}  // namespace stsim::api
