#include "admission.hpp"
#include "uids.hpp"

#include <fmt/format.h>
#include <stsim/api/decode_lenient.hpp>
#include <stsim/api/storage_class.hpp>
#include <stsim/api/well_known.hpp>
#include <stsim/base/hash.hpp>
#include <stsim/store/store.hpp>

#include <algorithm>
#include <tuple>
#include <type_traits>

namespace stsim::store {

using api::ApiError;
using api::FieldError;
using api::Kind;
using api::Object;
using api::ObjectKey;
using api::ObjectPtr;

static_assert(sizeof(PersistentSet<ObjectKey>::Entry) == sizeof(ObjectKey));  // there are millions

namespace {

auto refuse(ApiError error) {
  return tl::unexpected(std::move(error));
}

/// Kinds whose metadata.generation the server keeps. Rules: SS-3, SS-4.
bool has_generation(Kind kind, Release release) {
  return kind == Kind::StatefulSet || (kind == Kind::Pod && release.at_least(33));
}

/// Whether a controller may have made something wrong of a template, which only newer releases
/// validate, or of a set's name, which may be too long for names and labels. Rules: SS-6, SS-250.
bool may_be_wrong(const Object& made, Release release) {
  constexpr std::size_t kLabel = 63;
  if (made.key.kind == Kind::PersistentVolumeClaim) {
    return !release.at_least(34);
  }
  return made.key.kind == Kind::Pod &&
         (!release.at_least(34) || api::hostname(made).size() > kLabel ||
          std::ranges::any_of(made.labels,
                              [](const auto& label) { return label.second.size() > kLabel; }));
}

/// Rule: SS-9.
api::FieldErrors check_status(const api::StatefulSetStatus& status) {
  api::FieldErrors out;
  const auto check = [&out](const char* field, std::int64_t value, const char* detail) {
    out.push_back(
        {FieldError::Type::Invalid, std::string("status.") + field, std::to_string(value), detail});
  };
  const std::array<std::pair<const char*, std::int64_t>, 7> counters{{
      {"replicas", status.replicas},
      {"readyReplicas", status.ready_replicas},
      {"currentReplicas", status.current_replicas},
      {"updatedReplicas", status.updated_replicas},
      {"availableReplicas", status.available_replicas},
      {"observedGeneration", status.observed_generation},
      {"collisionCount", status.collision_count},
  }};
  for (const auto& [field, value] : counters) {
    if (value < 0) {
      check(field, value, "must be greater than or equal to 0");
    }
  }
  for (std::size_t i = 1; i <= 4; ++i) {
    if (counters[i].second > status.replicas) {
      check(counters[i].first, counters[i].second, "cannot be greater than status.replicas");
    }
  }
  if (status.available_replicas > status.ready_replicas) {
    check("availableReplicas",
          status.available_replicas,
          "cannot be greater than status.readyReplicas");
  }
  return out;
}

/// The parts of `object` that an update must leave as they are stored.
void keep_stored(Object& object, const Object& stored) {
  object.uid = stored.uid;
  object.created = stored.created;
  object.generation = stored.generation;
  if (object.deletion() != stored.deletion()) {
    object.seldom.edit().deletion = stored.deletion();
  }
}

/// Whether an object says the same as the stored one, whose status it has.
bool same_but_status(const Object& object, const Object& stored) {
  const auto metadata = [](const Object& o) {
    return std::tie(o.seldom->generate_name, o.labels, o.annotations, o.owners, o.finalizers);
  };
  if (metadata(object) != metadata(stored)) {
    return false;
  }
  if (object.key.kind == Kind::Pod) {
    const auto& pod = object.as<api::Pod>();
    const auto& old = stored.as<api::Pod>();
    if (pod.spec == old.spec) {
      return pod.node_name == old.node_name;  // without documents, which take long to make
    }
  } else if (object.key.kind == Kind::PersistentVolumeClaim) {
    const auto& claim = object.as<api::Claim>();
    const auto& old = stored.as<api::Claim>();
    if (claim.spec == old.spec) {
      return claim.volume_name == old.volume_name;
    }
  } else if (object.key.kind == Kind::PersistentVolume) {
    const auto& volume = object.as<api::Volume>();
    const auto& old = stored.as<api::Volume>();
    if (volume.spec == old.spec && volume.nfs_path == old.nfs_path) {
      return volume.claim_ref == old.claim_ref;
    }
  }
  return api::to_json(object) == api::to_json(stored);
}

/// Calls `each` with every field of the status of `a` and the same field of `b`. Pre: both are of
/// the same kind.
template <typename A, typename Each>
void each_status_field(A& a, const Object& b, Each&& each) {
  const auto fields = [&]<typename Of>(auto... members) {
    (each(a.template as<Of>().*members, b.as<Of>().*members), ...);
  };
  switch (b.key.kind) {
    case Kind::StatefulSet:
      return fields.template operator()<api::StatefulSet>(&api::StatefulSet::status);
    case Kind::Pod:
      return fields.template operator()<api::Pod>(&api::Pod::status);
    case Kind::PersistentVolumeClaim:
      return fields.template operator()<api::Claim>(
          &api::Claim::phase, &api::Claim::access_modes, &api::Claim::capacity);
    case Kind::PersistentVolume:
      return fields.template operator()<api::Volume>(&api::Volume::phase,
                                                     &api::Volume::reason,
                                                     &api::Volume::message,
                                                     &api::Volume::last_phase_transition);
    case Kind::Node:
      return;  // in its document
    case Kind::Namespace:
    case Kind::StorageClass:
    case Kind::Service:
    case Kind::Endpoints:
    case Kind::EndpointSlice:
    case Kind::ControllerRevision:
    case Kind::ConfigMap:
    case Kind::Secret:
    case Kind::ServiceAccount:
    case Kind::Event:
      return;  // their writers have no status of their own here
  }
}

/// The status in the document of a kind that has no more typed form.
const api::Json& status_of(const Object& node) {
  return api::member(*node.as<api::Generic>().document, "status");
}

/// Takes over the status of `from`. Pre: both are of the same kind.
void copy_status(Object& to, const Object& from) {
  if (to.key.kind == Kind::Node && status_of(to) != status_of(from)) {
    api::Json document = *to.as<api::Generic>().document;
    document["status"] = status_of(from);
    to.as<api::Generic>().document = std::make_shared<const api::Json>(std::move(document));
  }
  each_status_field(to, from, [](auto& mine, const auto& other) { mine = other; });
}

/// Whether copy_status would change nothing. Pre: both are of the same kind.
bool same_status(const Object& a, const Object& b) {
  bool same = a.key.kind != Kind::Node || status_of(a) == status_of(b);
  each_status_field(a, b, [&same](const auto& x, const auto& y) { same = same && x == y; });
  return same;
}

/// The grace with which an object is on its way out; 0 where it is not.
std::int64_t grace_left(const Object& object) {
  const auto& deletion = object.deletion();
  return deletion ? deletion->grace_seconds : 0;
}

/// The grace with which the first delete of a pod begins. Rule: PN-20.
std::int64_t first_grace(const api::Pod& pod, const DeleteOptions& options) {
  if (pod.node_name.empty() || pod.status.ended()) {
    return 0;
  }
  const std::int64_t grace = options.grace_seconds.value_or(pod.spec->grace_seconds);
  return grace < 0 ? 1 : grace;
}

}  // namespace

ObjectPtr Store::find(const ObjectKey& key) const {
  if (key.kind == Kind::Event) {
    return api_events_.find(key);
  }
  const ObjectPtr* found = of(key.kind).find(key);
  return found == nullptr ? nullptr : *found;
}

std::vector<ObjectPtr> Store::list(Kind kind, std::string_view ns) const {
  std::vector<ObjectPtr> out;
  if (kind == Kind::Event) {
    api_events_.for_each(ns, [&out](const ObjectPtr& event) { out.push_back(event); });
    return out;
  }
  const ObjectKey first{kind, ns, ""};
  for (auto it = of(kind).lower_bound(first); it != of(kind).end(); ++it) {
    if (!ns.empty() && it->key.ns != ns) {
      break;
    }
    out.push_back(it->value);
  }
  return out;
}

std::vector<ObjectPtr> Store::owned_by(const api::Uid& owner) const {
  std::vector<ObjectPtr> out;
  if (const auto* dependents = owned_.find(owner)) {
    for (const auto& [key, is] : *dependents) {
      out.push_back(find(key));
    }
  }
  return out;
}

std::vector<ObjectPtr> Store::owned_by(const api::Uid& owner, Kind kind) const {
  std::vector<ObjectPtr> out;
  if (const auto* dependents = owned_.find(owner)) {
    for (auto it = dependents->lower_bound(ObjectKey{kind, "", ""});
         it != dependents->end() && it->key.kind == kind;
         ++it) {
      out.push_back(find(it->key));
    }
  }
  return out;
}

std::optional<ApiError> Store::admit(Object& object) const {
  using Finalizers = SharedVector<Text>;
  const auto protect = [&object](const Finalizers& usual) {
    if (object.finalizers.empty()) {
      object.finalizers = usual;  // one list for all
    } else if (!object.has_finalizer(usual.front())) {
      object.finalizers.push_back(usual.front());
    }
  };
  if (object.key.kind == Kind::PersistentVolume) {  // PV-9
    static const Finalizers kOfVolumes{api::kVolumeProtectionFinalizer};
    protect(kOfVolumes);
  } else if (object.key.kind == Kind::PersistentVolumeClaim) {
    static const Finalizers kOfClaims{api::kClaimProtectionFinalizer};
    protect(kOfClaims);
    const ObjectPtr chosen =
        api::has_storage_class(object) ? nullptr : api::default_class(list(Kind::StorageClass));
    if (chosen) {
      api::set_storage_class(object, chosen->key.name);  // PV-2
    }
  } else if (object.key.kind == Kind::Service) {
    auto refusal = give_cluster_ip(*this, object);
    return refusal ? std::move(refusal) : give_node_ports(*this, object, nullptr);
  }
  return std::nullopt;
}

WriteResult Store::create(Object object, SimTime now, std::uint64_t cause) {
  const bool pod = object.key.kind == Kind::Pod;
  static const api::Json kNone;
  if (auto refusal =
          refuse_unvalidated(object.key, pod ? *object.as<api::Pod>().spec->document : kNone)) {
    return refuse(*std::move(refusal));
  }
  if (may_be_wrong(object, features_.release)) {
    if (api::FieldErrors errors = api::validate(object.key.kind, api::to_json(object), features_);
        !errors.empty()) {
      return refuse(api::invalid(object.key.kind, object.key.name, std::move(errors)));
    }
  }
  return create_valid(std::move(object), now, cause);
}

std::optional<ApiError> Store::refuse_unvalidated(const ObjectKey& key,
                                                  const api::Json& spec) const {
  if (!key.ns.empty() && find({Kind::Namespace, "", key.ns}) == nullptr) {
    return api::not_found(Kind::Namespace, key.ns);
  }
  return key.kind == Kind::Pod ? refuse_pod(key, spec) : std::nullopt;
}

WriteResult Store::create_valid(Object object, SimTime now, std::uint64_t cause) {
  const ObjectKey key = object.key;
  if (const ObjectPtr existing = find(key)) {
    return refuse(existing->terminating() ? api::being_deleted(key.kind, key.name)
                                          : api::already_exists(key.kind, key.name));
  }
  if (size_ >= most_objects_) {
    return refuse(ApiError{500, "", "etcdserver: mvcc: database space exceeded", {}, "", ""});
  }
  object.uid = make_uid(seed_, key, position_ + 1);
  object.created = whole_seconds(now);
  object.generation = has_generation(key.kind, features_.release) ? 1 : 0;
  if (object.terminating()) {
    object.seldom.edit().deletion.reset();
  }
  if (key.kind == Kind::Pod) {
    object.as<api::Pod>().status = {};  // PN-1: Pending, whatever its maker thought
  }
  if (auto refusal = admit(object)) {
    return refuse(*std::move(refusal));
  }
  return put(nullptr, std::move(object), cause);
}

WriteResult Store::create(Kind kind,
                          const api::Json& manifest,
                          std::string_view default_namespace,
                          SimTime now,
                          std::uint64_t cause) {
  auto decoded = api::decode(kind, manifest, features_.release);
  if (!decoded) {
    return refuse(std::move(decoded.error()));
  }
  api::Json document = *std::move(decoded);
  api::Json& metadata = document["metadata"];
  if (!metadata.is_object()) {
    metadata = api::Json::object();
  }
  if (api::info(kind).namespaced) {
    if (api::text(metadata, "namespace").empty()) {
      metadata["namespace"] = default_namespace;
    }
  } else {
    metadata.erase("namespace");
  }
  for (const char* field : {"uid",
                            "resourceVersion",
                            "creationTimestamp",
                            "generation",
                            "deletionTimestamp",
                            "deletionGracePeriodSeconds",
                            "selfLink",
                            "managedFields"}) {
    metadata.erase(field);
  }
  if (api::text(metadata, "name").empty() && !api::text(metadata, "generateName").empty()) {
    metadata["name"] =
        api::text(metadata, "generateName") + name_suffix(mix64(seed_ ^ (position_ + 1)));
  }
  if (kind != Kind::Endpoints && kind != Kind::EndpointSlice) {
    document.erase("status");  // SS-3
  }
  api::set_defaults(kind, document, api::Json(), features_);
  const std::string name = api::text(metadata, "name");
  const ObjectKey key{kind, api::text(metadata, "namespace"), name};
  if (auto refusal = refuse_unvalidated(key, api::member(document, "spec"))) {
    return refuse(*std::move(refusal));
  }
  if (api::FieldErrors errors = api::validate(kind, document, features_); !errors.empty()) {
    return refuse(api::invalid(kind, name, std::move(errors)));
  }
  return create_valid(api::from_json(kind, document), now, cause);
}

WriteResult Store::update(Object object, std::uint64_t cause) {
  const ObjectPtr stored = find(object.key);
  if (!stored) {
    return refuse(api::not_found(object.key.kind, object.key.name));
  }
  if (object.resource_version.value != 0 && object.resource_version != stored->resource_version) {
    return refuse(api::conflict(object.key.kind, object.key.name));
  }
  keep_stored(object, *stored);
  copy_status(object, *stored);
  object.resource_version = stored->resource_version;
  if (same_but_status(object, *stored)) {
    return stored;  // a write that changes nothing makes no new version
  }
  if (object.key.kind == Kind::Pod && object.as<api::Pod>().spec != stored->as<api::Pod>().spec) {
    if (api::FieldErrors errors =
            api::validate_update(Kind::Pod, api::to_json(object), api::to_json(*stored), features_);
        !errors.empty()) {
      return refuse(api::invalid(Kind::Pod, object.key.name, std::move(errors)));
    }
  }
  return replace(stored, std::move(object), false, cause);
}

WriteResult Store::update(Kind kind, const api::Json& manifest, std::uint64_t cause) {
  auto decoded = api::decode_lenient(kind, manifest, features_.release);
  if (!decoded) {
    return refuse(std::move(decoded.error()));
  }
  api::Json document = std::move(decoded->document);
  Object names = api::from_json(kind, {{"metadata", api::member(document, "metadata")}});
  const ObjectPtr stored = find(names.key);
  if (!stored) {
    return refuse(api::not_found(kind, names.key.name));
  }
  if (names.resource_version.value != 0 && names.resource_version != stored->resource_version) {
    return refuse(api::conflict(kind, names.key.name));
  }
  const api::Json old = api::to_json(*stored);
  api::set_defaults(kind, document, old, features_);
  if (api::FieldErrors errors = api::validate_update(kind, document, old, features_);
      !errors.empty()) {
    return refuse(api::invalid(kind, names.key.name, std::move(errors)));
  }
  Object object = api::from_json(kind, document);
  if (kind == Kind::PersistentVolumeClaim) {
    if (auto refusal = refuse_growth(*this, object, *stored)) {
      return refuse(*std::move(refusal));
    }
  }
  if (kind == Kind::Service) {
    if (stored->as<api::Service>().spec->cluster_ip.empty()) {
      if (auto refusal = give_cluster_ip(*this, object)) {
        return refuse(*std::move(refusal));
      }
    }
    if (auto refusal = give_node_ports(*this, object, stored.get())) {
      return refuse(*std::move(refusal));
    }
  }
  keep_stored(object, *stored);
  copy_status(object, *stored);
  if (kind == Kind::Pod) {
    // The spec of a pod of a set stays derived from its template as long as it says the same.
    const api::Json after = api::to_json(object);
    if (api::member(after, "spec") == api::member(old, "spec")) {
      object.as<api::Pod>().spec = stored->as<api::Pod>().spec;
    }
  }
  if (kind == Kind::PersistentVolume &&
      object.as<api::Volume>().spec == stored->as<api::Volume>().spec) {
    object.as<api::Volume>().spec = stored->as<api::Volume>().spec;  // which others share
  }
  object.resource_version = stored->resource_version;
  const api::Json after = api::to_json(object);
  if (after == old) {
    return stored;  // a write that changes nothing makes no new version
  }
  if (has_generation(kind, features_.release) &&
      api::member(after, "spec") != api::member(old, "spec")) {
    ++object.generation;  // SS-4
  }
  return replace(stored, std::move(object), false, cause);
}

WriteResult Store::update_status(Object object, std::uint64_t cause) {
  const ObjectPtr stored = find(object.key);
  if (!stored) {
    return refuse(api::not_found(object.key.kind, object.key.name));
  }
  if (object.resource_version.value != 0 && object.resource_version != stored->resource_version) {
    return refuse(api::conflict(object.key.kind, object.key.name));
  }
  if (object.key.kind == Kind::StatefulSet) {
    if (api::FieldErrors errors = check_status(object.as<api::StatefulSet>().status);
        !errors.empty()) {
      return refuse(api::invalid(object.key.kind, object.key.name, std::move(errors)));
    }
  }
  Object merged = *stored;
  copy_status(merged, object);
  if (same_status(merged, *stored)) {
    return stored;
  }
  return replace(stored, std::move(merged), true, cause);
}

WriteResult Store::replace(const ObjectPtr& stored,
                           Object object,
                           bool status,
                           std::uint64_t cause) {
  const bool deletable =
      object.terminating() && object.finalizers.empty() && grace_left(object) == 0;
  if (!status && deletable) {
    drop(stored, cause);
    return stored;
  }
  return put(stored, std::move(object), cause);
}

WriteResult Store::remove(const ObjectKey& key,
                          const DeleteOptions& options,
                          SimTime now,
                          std::uint64_t cause) {
  const ObjectPtr stored = find(key);
  if (!stored) {
    return refuse(api::not_found(key.kind, key.name));
  }
  if (!options.uid.empty() && options.uid != stored->uid) {
    return refuse(
        ApiError{409,
                 "Conflict",
                 fmt::format("Operation cannot be fulfilled on {} \"{}\": the UID in the "
                             "precondition ({}) does not match the UID in record ({}). The "
                             "object might have been deleted and then recreated",
                             api::resource_name(key.kind),
                             key.name,
                             options.uid.text(),
                             stored->uid.text()),
                 {},
                 "",
                 ""});
  }
  if (key.kind == Kind::Namespace &&
      (key.name == "default" || key.name == "kube-system" || key.name == "kube-public")) {
    return refuse(api::forbidden(key.kind, key.name, "this namespace may not be deleted"));
  }
  Object marked = *stored;
  if (!stored->terminating()) {
    const std::int64_t grace =
        key.kind == Kind::Pod ? first_grace(stored->as<api::Pod>(), options) : 0;
    marked.seldom.edit().deletion = api::Deletion{whole_seconds(now) + seconds_of(grace), grace};
    marked.generation += marked.generation > 0 ? 1 : 0;  // GC-15
  } else if (const std::int64_t running = grace_left(*stored);
             options.grace_seconds && *options.grace_seconds < running) {
    // PN-22: only a grace that is asked for counts, and only a shorter one.
    const std::int64_t grace = std::max<std::int64_t>(0, *options.grace_seconds);
    marked.seldom.edit().deletion = api::Deletion{
        stored->deletion()->timestamp + seconds_of(grace) - seconds_of(running), grace};
  }
  if (options.propagation) {
    marked.finalizers.erase_if([](const Text& name) {
      return name == api::kForegroundFinalizer || name == api::kOrphanFinalizer;
    });
    if (*options.propagation == DeleteOptions::Propagation::Foreground) {
      marked.finalizers.push_back(api::kForegroundFinalizer);  // GC-4
    } else if (*options.propagation == DeleteOptions::Propagation::Orphan) {
      marked.finalizers.push_back(api::kOrphanFinalizer);  // GC-5
    }
  }
  if (marked.finalizers.empty() && grace_left(marked) == 0) {
    drop(stored, cause);
    return stored;
  }
  if (marked.deletion() == stored->deletion() && marked.finalizers == stored->finalizers) {
    return stored;
  }
  return put(stored, std::move(marked), cause);
}

ObjectPtr Store::restore(Object object, std::uint64_t cause) {
  STSIM_ASSERT(find(object.key) == nullptr);
  return put(nullptr, std::move(object), cause);
}

ObjectPtr Store::put(ObjectPtr before, Object after, std::uint64_t cause) {
  after.resource_version = {position_ + 1};
  if (!before || !(before->owners == after.owners)) {
    if (before) {
      index(*before, false);
    }
    index(after, true);
  }
  if (!before && after.key.kind == Kind::PersistentVolume) {
    share_spec(after.as<api::Volume>());
  }
  auto stored = std::make_shared<const Object>(std::move(after));
  size_ += before ? 0U : 1U;
  if (stored->key.kind == Kind::Event) {
    api_events_.set(stored);
  } else {
    of(stored->key.kind).set(stored->key, stored);
  }
  log(std::move(before), stored, cause);
  return stored;
}

/// Volumes are made one by one, many of them alike.
void Store::share_spec(api::Volume& volume) {
  Digest digest;
  digest.add(volume.spec->document.bytes());
  volume.spec = volume_specs_.get(
      digest.low(),
      [&volume](const api::VolumeSpec& known) { return known == *volume.spec; },
      [&volume] { return volume.spec; });
}

void Store::drop(const ObjectPtr& before, std::uint64_t cause) {
  index(*before, false);
  if (before->key.kind == Kind::Event) {
    api_events_.erase(before->key);
  } else {
    of(before->key.kind).erase(before->key);
  }
  --size_;
  log(before, nullptr, cause);
}

void Store::index(const Object& object, bool add) {
  for (const api::OwnerReference& owner : object.owners) {
    if (add && owned_.find(owner.uid) == nullptr) {
      owned_.set(owner.uid, {});
    }
    auto* dependents = owned_.edit(owner.uid);
    if (add) {
      dependents->set(object.key, {});
    } else if (dependents != nullptr) {
      dependents->erase(object.key);
      if (dependents->empty()) {
        owned_.erase(owner.uid);
      }
    }
  }
}

void Store::log(ObjectPtr before, ObjectPtr after, std::uint64_t cause) {
  if (newest_) {
    older_by_key_.set({newest_->object().key, position_}, {});
    older_.set(position_, *std::move(newest_));
  }
  newest_ = Change{++position_, cause, std::move(before), std::move(after)};
}

const Change& Store::change(std::uint64_t position) const {
  const Change* found = newest_ && position == position_ ? &*newest_ : older_.find(position);
  STSIM_ASSERT(found != nullptr);
  return *found;
}

const Change* Store::next_change(const ObjectKey& key, std::uint64_t position) const {
  if (position == position_) {
    return nullptr;
  }
  const auto it = older_by_key_.lower_bound(ChangedKey{key, position + 1});
  if (it != older_by_key_.end() && it->key.object == key) {
    return older_.find(it->key.position);
  }
  return newest_ && newest_->object().key == key ? &*newest_ : nullptr;
}

void Store::compact(std::uint64_t position) {
  while (!older_.empty() && older_.begin()->key <= position) {
    const Change& oldest = older_.begin()->value;
    older_by_key_.erase(ChangedKey{oldest.object().key, oldest.position});
    older_.erase(std::uint64_t{oldest.position});
  }
  if (position >= position_) {
    newest_.reset();
  }
}

bool Store::operator==(const Store& other) const {
  const auto same = [](const ObjectPtr& a, const ObjectPtr& b) {
    return a == b || (a && b && api::to_json(*a) == api::to_json(*b));
  };
  const auto same_objects = [&same](const Objects& a, const Objects& b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [&same](const auto& x, const auto& y) {
             return x.key == y.key && same(x.value, y.value);
           });
  };
  const auto same_change = [&same](const Change& a, const Change& b) {
    return a.position == b.position && same(a.before, b.before) && same(a.after, b.after);
  };
  const bool same_older = older_.size() == other.older_.size() &&
                          std::equal(older_.begin(),
                                     older_.end(),
                                     other.older_.begin(),
                                     [&same_change](const auto& x, const auto& y) {
                                       return same_change(x.value, y.value);
                                     });
  const bool same_newest = newest_.has_value() == other.newest_.has_value() &&
                           (!newest_ || same_change(*newest_, *other.newest_));
  return seed_ == other.seed_ && features_ == other.features_ && position_ == other.position_ &&
         std::ranges::equal(objects_, other.objects_, same_objects) &&
         api_events_ == other.api_events_ && same_newest && same_older;
}

}  // namespace stsim::store
