#include "shape.hpp"

#include "particulars.hpp"

#include <stsim/base/digest.hpp>

#include <concepts>

namespace stsim::world {

using api::Json;

namespace {

/// Digests the typed forms of documents: what api::to_json shows of them, without particulars.
class Shape {
 public:
  void add(const Json& value) {
    // Numbers that are read with or without a sign are the same numbers.
    digest_.add(value.is_number_integer() ? Json::value_t::number_integer : value.type());
    switch (value.type()) {
      case Json::value_t::object:
        digest_.add(value.size());
        for (const auto& [key, member] : value.get_ref<const Json::object_t&>()) {
          digest_.add(key);
          add(member);
        }
        break;
      case Json::value_t::array:
        digest_.add(value.size());
        for (const Json& item : value) {
          add(item);
        }
        break;
      case Json::value_t::string:
        digest_.add(value.get_ref<const std::string&>());
        break;
      case Json::value_t::boolean:
        digest_.add(value.get<bool>());
        break;
      case Json::value_t::number_integer:
      case Json::value_t::number_unsigned:
        digest_.add(value.get<std::int64_t>());
        break;
      default:
        digest_.add(value.dump());
    }
  }
  void add(const api::PackedJson& document) { digest_.add(document.bytes()); }
  void add(const api::JsonPtr& document) {
    digest_.add(document != nullptr);
    if (document != nullptr) {
      add(*document);
    }
  }
  void add(std::string_view text) { digest_.add(text); }
  void add(const Text& text) { text.add_to(digest_); }
  void add(const std::string& text) { digest_.add(text); }  // and does not make it a document
  template <class T>
  requires std::integral<T> || std::is_enum_v<T>
  void add(T value) { digest_.add(value); }
  void add(const api::ObjectKey& key) { digest_.add(api::digest(key)); }
  void add(const api::Labels& labels) {
    digest_.add(labels.size());
    for (const auto& [key, value] : labels) {
      add_all(key, value);
    }
  }
  void add(const api::Explanation& why) { add_all(why.reason, why.message); }
  template <class... Parts>
  void add_all(const Parts&... parts) {
    (add(parts), ...);
  }

  /// A specification, of which many objects may have the same.
  template <class Spec>
  void add_shared(const Spec& spec) {
    digest_.add(spec.shape.get([&spec] {
      Shape own;
      own.specification(spec);
      return own.number();
    }));
  }
  template <class Spec>
  void add(const std::shared_ptr<const Spec>& spec) {
    add_shared(*spec);
  }

  void body(const api::Generic& generic) { add(generic.document); }
  void body(const api::StatefulSet& set) {
    const api::StatefulSetStatus& status = set.status;
    add_all(set.spec,
            status.observed_generation,
            status.replicas,
            status.ready_replicas,
            status.current_replicas,
            status.updated_replicas,
            status.available_replicas,
            status.current_revision,
            status.update_revision,
            status.collision_count,
            status.has_collision_count);
  }
  void body(const api::Pod& pod) {
    const api::PodStatus& status = pod.status;
    add_all(pod.spec, pod.node_name, status.phase, status.host_ip, status.why.of_pod());
    for (std::size_t i = 0; i < api::kPodConditionTypes; ++i) {
      const api::PodCondition& condition = status.conditions[i];
      add(condition.present);
      if (condition.present) {
        add_all(condition.status, status.why.of(static_cast<api::PodConditionType>(i)));
      }
    }
    add(status.containers.size());
    for (const api::ContainerStatus& container : status.containers) {
      add_all(container.ready, container.started, container.restart_count);
      state(container.state);
      state(*container.last_state);
    }
  }
  void body(const api::Claim& claim) {
    add_all(claim.spec, claim.volume_name, claim.phase, claim.access_modes, claim.capacity);
  }
  void body(const api::Volume& volume) {
    add_shared(*volume.spec);
    add_all(volume.nfs_path, volume.phase, volume.reason, volume.message);
    add(volume.claim_ref.has_value());
    if (volume.claim_ref) {
      claim_reference(*volume.claim_ref);
    }
  }
  void body(const api::Service& service) { add(service.spec); }
  void body(const api::EndpointSlice& slice) {
    add(slice.service);
    ports(slice.ports);
    endpoints(slice.endpoints);
  }
  void body(const api::Endpoints& all) {
    ports(all.ports);
    endpoints(all.endpoints);
  }
  void body(const api::ControllerRevision& revision) { add_all(revision.data, revision.revision); }
  void body(const api::ApiEvent&) {}  // never asked for

  [[nodiscard]] std::uint64_t number() const { return digest_.high(); }

 private:
  template <class Spec>
  void specification(const Spec& spec) {
    add(spec.document);
  }
  void specification(const api::PodSpec& spec) {
    add_all(spec.document, spec.of_set, spec.subdomain, spec.claims.size());
    for (const api::ClaimVolume& volume : spec.claims) {
      add_all(volume.volume, volume.claim);
    }
  }
  void claim_reference(const api::ClaimReference& reference) {
    if (reference.document == nullptr) {
      member("apiVersion", "v1");  // as to_json shows it
      member("kind", "PersistentVolumeClaim");
      member("name", reference.name);
      member("namespace", reference.ns);
      return;
    }
    for (const auto& [key, value] : reference.document->items()) {
      if (is_shape_of_claim_ref(key)) {
        add_all(key, value);
      }
    }
  }
  void member(std::string_view key, std::string_view value) {
    add_all(key, Json::value_t::string, value);
  }
  void state(const api::ContainerState& state) {
    add_all(state.type, state.why->reason, state.why->message, state.exit_code);
  }
  void ports(const std::vector<api::EndpointPort>& all) {
    add(all.size());
    for (const api::EndpointPort& port : all) {
      add_all(port.name, port.protocol, port.port);
    }
  }
  void endpoints(const std::vector<api::Endpoint>& all) {
    add(all.size());
    for (const api::Endpoint& endpoint : all) {
      add_all(endpoint.pod,
              endpoint.hostname,
              endpoint.node_name,
              endpoint.ready,
              endpoint.serving,
              endpoint.terminating);
    }
  }

  Digest digest_;
};

}  // namespace

std::uint64_t shape(const api::Object& object) {
  return object.shape.get([&object] {
    Shape out;
    out.add_all(object.key,
                object.seldom->generate_name,
                object.generation,
                object.labels,
                object.annotations,
                object.terminating());
    if (object.terminating()) {
      out.add(object.deletion()->grace_seconds);
    }
    out.add(object.owners.size());
    for (const api::OwnerReference& owner : object.owners) {
      out.add_all(
          owner.api_version, owner.kind, owner.name, owner.controller, owner.block_owner_deletion);
    }
    out.add(object.finalizers.size());
    for (const Text& finalizer : object.finalizers) {
      out.add(finalizer);
    }
    object.body.visit([&out](const auto& body) { out.body(body); });
    return out.number();
  });
}

}  // namespace stsim::world
