#pragma once
// Objects as the API server keeps them: immutable once stored, shared by whoever holds them. What a
// user wrote stays whole in documents (`document`); beside them stand the few typed fields on which
// decisions are made. The complete JSON form is built when somebody asks: to_json().

#include <stsim/api/json.hpp>
#include <stsim/api/kinds.hpp>
#include <stsim/api/labels.hpp>
#include <stsim/api/packed_json.hpp>
#include <stsim/api/quantity.hpp>
#include <stsim/api/selector.hpp>
#include <stsim/base/boxed.hpp>
#include <stsim/base/boxed_variant.hpp>
#include <stsim/base/digest.hpp>
#include <stsim/base/memo.hpp>
#include <stsim/base/shared_vector.hpp>
#include <stsim/base/text.hpp>
#include <stsim/base/time.hpp>
#include <stsim/base/version.hpp>

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::api {

/// The identity of an object's life: two objects of one name have different ones. Rule: VA-13.
struct Uid {
  std::uint64_t high{};
  std::uint64_t low{};
  auto operator<=>(const Uid&) const = default;

  /// Whether it is none at all, as of an object that was not stored yet.
  [[nodiscard]] bool empty() const { return high == 0 && low == 0; }
  /// `ce201ef2-4ac8-4b12-bc4f-75216a59385e`; "" if empty.
  [[nodiscard]] std::string text() const;
};

/// Reads what Uid::text writes. Errors: an empty uid for other text.
[[nodiscard]] Uid parse_uid(std::string_view text);

/// Counts the writes of a store; only equality means anything outside it. 0: not stored yet.
struct ResourceVersion {
  std::uint64_t value{};
  auto operator<=>(const ResourceVersion&) const = default;
};

/// What names an object in the store. The order is that of listings. Rule: KC-40.
struct ObjectKey {
  Kind kind{};
  Text ns;  ///< empty for kinds of the whole cluster
  Text name;
  bool operator==(const ObjectKey&) const = default;
  /// Most comparisons are of keys of one kind in one namespace.
  friend std::strong_ordering operator<=>(const ObjectKey& a, const ObjectKey& b) {
    if (a.kind != b.kind) {
      return a.kind <=> b.kind;
    }
    return a.ns == b.ns ? a.name <=> b.name : a.ns <=> b.ns;
  }
  /// `StatefulSet/web`.
  [[nodiscard]] std::string text() const;
};

/// Stands for a key: different ones have different digests with near certainty.
[[nodiscard]] Digest digest(const ObjectKey& key);
/// Half of it, for counts that are kept by key: enough where a mistake does no harm.
[[nodiscard]] std::uint64_t short_digest(const ObjectKey& key);

/// Who an object belongs to. Rule: GC-1.
struct OwnerReference {
  Text api_version;
  Text kind;
  Text name;
  Uid uid;
  bool controller{};
  bool block_owner_deletion{};
  bool operator==(const OwnerReference&) const = default;
};

struct Object;
struct PodSpec;

// --- StatefulSets -----------------------------------------------------------------------------

/// How pods of an older revision are replaced. Rules: SS-125, SS-230.
enum class UpdateStrategy : unsigned char { RollingUpdate, OnDelete, Recreate };
/// What becomes of a claim. Rule: SS-170.
enum class Retention : unsigned char { Retain, Delete };

/// A number or a percentage of something.
struct IntOrPercent {
  std::int64_t value{};
  bool percent{};
  bool operator==(const IntOrPercent&) const = default;
};

/// A claim that every pod of a set gets. Rule: SS-22.
struct ClaimTemplate {
  std::string name;
  std::shared_ptr<const Object> claim;  ///< as it is made but for its key; all share its parts
};

/// What decisions need of spec. Rules: SS-1, SS-5.
struct StatefulSetSpec {
  JsonPtr document;  ///< spec as stored
  std::int32_t replicas{};
  bool parallel{};
  UpdateStrategy strategy{};
  bool rolling_update_block{};  ///< whether updateStrategy.rollingUpdate is there, SS-2
  std::int32_t partition{};
  std::optional<IntOrPercent> max_unavailable;
  std::int32_t min_ready_seconds{};
  std::int32_t revision_history_limit{};
  std::int32_t start_ordinal{};
  /// Whether there is a persistentVolumeClaimRetentionPolicy. Where the feature is off the server
  /// has dropped a new one. Rule: SS-240.
  bool has_retention{};
  Retention when_deleted{};
  Retention when_scaled{};
  std::string service_name;
  std::optional<Selector> selector;  ///< nothing where it cannot be parsed
  Labels match_labels;
  JsonPtr pod_template;
  std::vector<ClaimTemplate> claim_templates;
  /// The specification of the pods made from `pod_template`, by the defaults of the store that the
  /// set is in: a specification is not for two stores with different features.
  SharedMemo<PodSpec> made_pods{};
  Memo shape{};  ///< for world::fingerprint
};

/// Rules: SS-150 to SS-162.
struct StatefulSetStatus {
  std::int64_t observed_generation{};
  std::int32_t replicas{};
  std::int32_t ready_replicas{};
  std::int32_t current_replicas{};
  std::int32_t updated_replicas{};
  std::int32_t available_replicas{};
  Text current_revision;
  Text update_revision;
  std::int32_t collision_count{};
  bool has_collision_count{};  ///< false until the controller has written a status
  bool operator==(const StatefulSetStatus&) const = default;
};

/// What is particular to a StatefulSet.
struct StatefulSet {
  std::shared_ptr<const StatefulSetSpec> spec;
  StatefulSetStatus status;
};

// --- Pods -------------------------------------------------------------------------------------

/// A volume of a pod that is a claim.
struct ClaimVolume {
  std::string volume;  ///< the volume's name
  std::string claim;   ///< the claim's name; for a pod of a set, "" until its ordinal is known
};

/// What decisions need of a container.
struct ContainerSpec {
  std::string name;
  std::string image;
};

/// The specification of a pod, shared by all pods that were made from one template.
struct PodSpec {
  JsonPtr document;  ///< spec as stored; of a pod of a set without what its ordinal decides
  std::vector<ContainerSpec> containers;
  std::vector<ClaimVolume> claims;
  std::string hostname;   ///< of a pod of its own
  std::string subdomain;  ///< of a set: spec.serviceName
  std::int64_t grace_seconds{30};
  bool of_set{};  ///< hostname and claims follow from the pod's name: SS-22, SS-23
  Memo shape{};   ///< for world::fingerprint
};

/// Rule: PN-1. None: a pod that only a controller has in mind, SS-103.
enum class PodPhase : unsigned char { None, Pending, Running, Succeeded, Failed, Unknown };

/// In the order in which they are listed. Rule: PN-2.
enum class PodConditionType : unsigned char {
  PodReadyToStartContainers,
  PodScheduled,
  Initialized,
  ContainersReady,
  Ready,
  DisruptionTarget,
};
/// How many types of conditions there are.
inline constexpr std::size_t kPodConditionTypes = 6;

/// Why something is as it is: a word for programs and a sentence for people.
struct Explanation {
  Text reason;
  Text message;
  bool operator==(const Explanation&) const = default;
};

/// The two in a box, which takes no memory where both are empty.
[[nodiscard]] Boxed<Explanation> explained(Text reason, Text message);

/// One condition of a pod. Rules: PN-2, PN-3.
struct PodCondition {
  bool present : 1 {};
  bool status : 1 {};
  std::uint64_t transition : 62 {};  ///< of last_transition(): a pod has six of these

  /// When the status last changed, in whole seconds.
  [[nodiscard]] SimTime last_transition() const;
  /// Sets it, cut to whole seconds.
  void set_last_transition(SimTime time);
  bool operator==(const PodCondition&) const = default;
};

/// Why a pod and its conditions are as they are. Most have no explanation and take no memory.
class PodExplanations {
 public:
  /// Of the pod itself: status.reason and status.message. Empty if there is none; valid until this
  /// is changed.
  [[nodiscard]] const Explanation& of_pod() const { return at(kPodConditionTypes); }
  /// Of a condition, likewise.
  [[nodiscard]] const Explanation& of(PodConditionType type) const {
    return at(static_cast<std::size_t>(type));
  }
  void set_of_pod(Explanation why) { set(kPodConditionTypes, std::move(why)); }
  void set(PodConditionType type, Explanation why) {
    set(static_cast<std::size_t>(type), std::move(why));
  }
  bool operator==(const PodExplanations&) const = default;

 private:
  /// What is not empty.
  struct One {
    std::size_t of{};  ///< the number of the condition's type, or how many types there are
    Explanation why;
    bool operator==(const One&) const = default;
  };
  [[nodiscard]] const Explanation& at(std::size_t of) const;
  void set(std::size_t of, Explanation why);

  SharedVector<One> all_;  ///< in the order of `of`
};

/// One state of a container.
struct ContainerState {
  /// Which of the three states it is; None before the first report.
  enum class Type : unsigned char { None, Waiting, Running, Terminated };
  Type type{Type::None};
  std::int32_t exit_code{};
  Boxed<Explanation> why;  ///< nothing of one that runs
  SimTime started_at;
  SimTime finished_at;
  bool operator==(const ContainerState&) const = default;
};

/// What the kubelet reports of one container.
struct ContainerStatus {
  bool ready{};
  bool started{};
  std::int32_t restart_count{};
  ContainerState state;
  Boxed<ContainerState> last_state;  ///< as long as there was no restart: None
  bool operator==(const ContainerStatus&) const = default;
};

/// What the kubelet reports of a pod. Rules: PN-1 to PN-3.
struct PodStatus {
  PodPhase phase{PodPhase::Pending};
  std::array<PodCondition, kPodConditionTypes> conditions;
  PodExplanations why;                       ///< of what is explained
  SharedVector<ContainerStatus> containers;  ///< one for each container of the spec, or none yet
  Text pod_ip;
  Text host_ip;
  SimTime start_time;  ///< the epoch before a kubelet knows of the pod
  bool operator==(const PodStatus&) const = default;

  /// The condition of a type; not `present` where it was never set.
  [[nodiscard]] const PodCondition& condition(PodConditionType type) const {
    return conditions[static_cast<std::size_t>(type)];
  }
  /// Sets a condition; its transition time changes only with its status. Rule: PN-3.
  void set_condition(
      PodConditionType type, bool status, SimTime now, Text reason = {}, Text message = {});
  [[nodiscard]] bool ready() const { return condition(PodConditionType::Ready).status; }
  /// Whether all containers have ended for good.
  [[nodiscard]] bool ended() const {
    return phase == PodPhase::Succeeded || phase == PodPhase::Failed;
  }
};

/// What is particular to a pod.
struct Pod {
  std::shared_ptr<const PodSpec> spec;
  Text node_name;  ///< empty until placed
  PodStatus status;
};

// --- Storage ----------------------------------------------------------------------------------

/// An access mode in full and as kubectl prints it.
struct AccessModeName {
  std::string_view name;
  std::string_view abbreviation;
};

/// The access modes there are, in the order in which they are printed. Rules: PV-4, PV-30.
inline constexpr std::array kAccessModeNames{AccessModeName{"ReadWriteOnce", "RWO"},
                                             AccessModeName{"ReadOnlyMany", "ROX"},
                                             AccessModeName{"ReadWriteMany", "RWX"},
                                             AccessModeName{"ReadWriteOncePod", "RWOP"}};

/// A set of access modes as bits, in the order of kAccessModeNames.
struct AccessModes {
  std::uint8_t bits{};
  auto operator<=>(const AccessModes&) const = default;
  /// Whether all modes of `other` are among these.
  [[nodiscard]] bool contains(AccessModes other) const { return (bits & other.bits) == other.bits; }
  /// How many modes there are.
  [[nodiscard]] int count() const;
  /// `RWO,RWX`. Rule: KC-41.
  [[nodiscard]] std::string text() const;
};

/// The modes that a list has by their names in full; unknown ones are left out.
[[nodiscard]] AccessModes access_modes(const Json& list);

/// The mode of claims that only one pod at a time may use. Rule: PV-4.
inline constexpr AccessModes kReadWriteOncePod{1U << 3U};

/// What decisions need of a claim's spec. Rules: PV-2, PV-6.
struct ClaimSpec {
  JsonPtr document;  ///< spec as stored, without volumeName
  AccessModes modes;
  Quantity request;
  std::optional<std::string> storage_class;  ///< spec.storageClassName
  std::string volume_mode;
  Text attributes_class;  ///< spec.volumeAttributesClassName
  std::optional<Selector> selector;
  Memo shape{};  ///< for world::fingerprint
};

/// Rule: PV-13.
enum class ClaimPhase : unsigned char { Pending, Bound, Lost };

/// What is particular to a PersistentVolumeClaim.
struct Claim {
  std::shared_ptr<const ClaimSpec> spec;
  Text volume_name;  ///< spec.volumeName
  ClaimPhase phase{ClaimPhase::Pending};
  PackedJson access_modes;  ///< status.accessModes, null while not bound
  PackedJson capacity;      ///< status.capacity, null while not bound
};

/// spec.claimRef of a volume. Rules: PV-40, PV-41.
struct ClaimReference {
  Text ns;
  Text name;
  Uid uid;
  ResourceVersion version;  ///< the claim's, where there is no document
  JsonPtr document;         ///< as a user wrote it; null for the usual one of the volume binder
  bool operator==(const ClaimReference& other) const;
};

/// The whole reference.
[[nodiscard]] Json to_json(const ClaimReference& reference);

/// What decisions need of a volume's spec, which is not changed once it is read. Volumes that
/// differ by their paths on NFS alone share it. Rules: PV-1, PV-4.
struct VolumeSpec {
  PackedJson document;  ///< spec as stored, without claimRef and nfs.path; the rest follows from it
  PackedJson modes_list;   ///< accessModes of it, which a claim takes over
  PackedJson capacity_of;  ///< capacity of it, likewise
  AccessModes modes;
  Quantity capacity;
  Text storage_class;
  Text volume_mode;
  Text attributes_class;  ///< volumeAttributesClassName
  Text reclaim_policy;
  Text nfs_server;  ///< "" where the volume is not on NFS
  bool has_node_affinity{};
  Memo shape{};  ///< for world::fingerprint
  bool operator==(const VolumeSpec& other) const { return document == other.document; }
};

struct Volume;

/// The whole spec of a volume but its claimRef.
[[nodiscard]] Json spec_json(const Volume& volume);

/// Rule: PV-13. None where the server has not set one.
enum class VolumePhase : unsigned char { None, Pending, Available, Bound, Released, Failed };

/// What is particular to a PersistentVolume.
struct Volume {
  Boxed<VolumeSpec> spec;
  Text nfs_path;
  std::optional<ClaimReference> claim_ref;
  VolumePhase phase{VolumePhase::Pending};
  Text reason;
  Text message;
  std::optional<SimTime> last_phase_transition;
};

// --- Services ---------------------------------------------------------------------------------

/// A port of a Service, with where it leads on a pod.
struct ServicePort {
  std::string name;
  std::string protocol;
  std::int32_t port{};
  std::string target_name;     ///< of a named target port
  std::int32_t target_port{};  ///< of a numbered one
};

/// What decisions need of a Service's spec. Rules: SD-1, SD-2.
struct ServiceSpec {
  JsonPtr document;
  std::string cluster_ip;  ///< `None` if headless
  Labels selector;
  bool has_selector{};
  bool publish_not_ready{};
  std::vector<ServicePort> ports;
  Memo shape{};  ///< for world::fingerprint
  /// Rule: SD-1.
  [[nodiscard]] bool headless() const { return cluster_ip == "None"; }
};

/// What is particular to a Service.
struct Service {
  std::shared_ptr<const ServiceSpec> spec;
};

/// A resolved port of an endpoint.
struct EndpointPort {
  std::string name;
  std::string protocol;
  std::int32_t port{};
  auto operator<=>(const EndpointPort&) const = default;
};

/// A pod behind a Service. Rules: SD-3, SD-4, SD-6.
struct Endpoint {
  Text pod;
  Uid pod_uid;
  Text address;
  Text hostname;
  Text node_name;
  bool ready{};
  bool serving{};
  bool terminating{};
  bool operator==(const Endpoint&) const = default;
};

/// What is particular to an EndpointSlice. Rules: SD-3, SD-7.
struct EndpointSlice {
  Text service;
  std::vector<EndpointPort> ports;
  std::vector<Endpoint> endpoints;  ///< in natural order of pods
  bool operator==(const EndpointSlice&) const = default;
};

/// The older form. Rule: SD-5.
struct Endpoints {
  std::vector<EndpointPort> ports;
  std::vector<Endpoint> endpoints;  ///< in order of address; `ready` tells which list each is in
  bool operator==(const Endpoints&) const = default;
};

// --- The rest ---------------------------------------------------------------------------------

/// Rules: SS-80 to SS-86.
struct ControllerRevision {
  JsonPtr data;
  std::shared_ptr<const std::string> data_text;  ///< the bytes that are hashed and compared
  std::int64_t revision{};
};

/// An API Event, which is not a simulation event. Rules: SS-190 to SS-194.
struct ApiEvent {
  Text type;  ///< Normal or Warning
  Text reason;
  Text message;
  Text component;
  ObjectKey about;
  Uid about_uid;
  ResourceVersion about_version;
  Text field_path;
  SimTime first_seen;
  SimTime last_seen;
  std::int32_t count{1};
};

/// Kinds on which nothing here decides by typed fields: all but metadata is the document.
struct Generic {
  JsonPtr document;
};

/// What is particular to a kind. Versions of an object share it as long as it does not change.
using Body = BoxedVariant<Generic,
                          StatefulSet,
                          Pod,
                          Claim,
                          Volume,
                          Service,
                          EndpointSlice,
                          Endpoints,
                          ControllerRevision,
                          ApiEvent>;

/// What is known of an object on its way out: metadata.deletionTimestamp and
/// deletionGracePeriodSeconds.
struct Deletion {
  SimTime timestamp;
  std::int64_t grace_seconds{};
  bool operator==(const Deletion&) const = default;
};

/// What most objects never have of metadata, or what all pods of a set have alike.
struct SeldomMetadata {
  Text generate_name;
  std::optional<Deletion> deletion;  ///< there once it is on its way out
  bool operator==(const SeldomMetadata&) const = default;
};

/// An object of any kind.
struct Object {
  ObjectKey key;
  Uid uid;
  ResourceVersion resource_version;
  SimTime created;
  std::int64_t generation{};
  Boxed<SeldomMetadata> seldom;
  Labels labels;
  Labels annotations;
  SharedVector<OwnerReference> owners;
  SharedVector<Text> finalizers;
  Body body;
  Memo shape{};  ///< of a stored object, for world::fingerprint

  /// What is known of its way out, if it is on that. Valid until the object is changed.
  [[nodiscard]] const std::optional<Deletion>& deletion() const { return seldom->deletion; }
  /// Whether it is on its way out.
  [[nodiscard]] bool terminating() const { return seldom.is_set() && deletion().has_value(); }
  /// The value of a label, or "" where there is none. Valid until the labels are changed.
  [[nodiscard]] std::string_view label(std::string_view name) const;
  /// The owner that is a controller, or nullptr. Rule: GC-1.
  [[nodiscard]] const OwnerReference* controller() const;
  [[nodiscard]] bool has_finalizer(std::string_view name) const;

  /// The body as the type that the kind has. Pre: it is of that kind.
  template <class T>
  [[nodiscard]] const T& as() const {
    return body.get<T>();
  }
  /// The same, to be changed: not shared with other objects any more. Valid until the object is
  /// copied.
  template <class T>
  [[nodiscard]] T& as() {
    return body.edit<T>();
  }
};

/// An object as it is stored: never changed, shared by whoever holds it; null for none.
using ObjectPtr = std::shared_ptr<const Object>;

/// The whole object as `kubectl get -o json` shows it; a pod of a set gets hostname, subdomain and
/// claim volumes here. Fields that the release does not have are left out. Rules: SS-23, VA-13.
[[nodiscard]] Json to_json(const Object& object, Release release = {});

/// The typed form of a document. Pre: the document is decoded and has defaults (api/decode.hpp).
/// What does not fit a type (which validation has refused) reads as absent.
[[nodiscard]] Object from_json(Kind kind, const Json& document);

/// The projections of the documents that from_json reads, one by one, for whoever makes objects.
[[nodiscard]] std::shared_ptr<const StatefulSetSpec> read_statefulset_spec(JsonPtr spec);
[[nodiscard]] std::shared_ptr<const PodSpec> read_pod_spec(JsonPtr spec);
[[nodiscard]] std::shared_ptr<const ClaimSpec> read_claim_spec(JsonPtr spec);

/// spec.hostname of a pod; of a set: its name. Rule: SS-23.
/// Valid as long as the pod is.
[[nodiscard]] std::string_view hostname(const Object& pod);

/// The name of a pod's host as its containers see it: its hostname, else the pod's own name. Valid
/// as long as the pod is.
[[nodiscard]] std::string_view host_name(const Object& pod);

/// The claims a pod mounts, in the order of its volumes. Rules: SS-22, SS-23.
[[nodiscard]] std::vector<ClaimVolume> claims(const Object& pod);

/// Whether a pod mounts a claim.
[[nodiscard]] bool mounts(const Object& pod, const ObjectKey& claim);

/// The number at the end of a pod's name, -1 where there is none or it does not fit 32 bits, and
/// what stands before the dash. Rule: SS-20.
struct ParentAndOrdinal {
  std::string_view parent;
  std::int32_t ordinal{-1};
};
/// Takes a pod's name apart; the result is valid as long as the name is.
[[nodiscard]] ParentAndOrdinal parent_and_ordinal(std::string_view pod_name);

/// Whether `a` comes before `b` when numbers count by value: web-2 before web-10.
[[nodiscard]] bool natural_less(std::string_view a, std::string_view b);

/// `Pending`, `Running`, …; "" for None.
[[nodiscard]] std::string_view to_string(PodPhase phase);
[[nodiscard]] std::string_view to_string(ClaimPhase phase);
[[nodiscard]] std::string_view to_string(VolumePhase phase);
[[nodiscard]] std::string_view to_string(PodConditionType type);

}  // namespace stsim::api
