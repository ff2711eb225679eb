#pragma once
// The kinds of objects the API server knows here, with the words by which users name them.

#include <array>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace stsim::api {

/// Kinds that the store keeps. The order is that of keys in the store and decides nothing else.
enum class Kind : unsigned char {
  Namespace,
  Node,
  PersistentVolume,
  StorageClass,
  PersistentVolumeClaim,
  Service,
  Endpoints,
  EndpointSlice,
  Pod,
  StatefulSet,
  ControllerRevision,
  ConfigMap,
  Secret,
  ServiceAccount,
  Event,
};

/// What is fixed about a kind. Rules: KC-1, KC-2, SS-10.
struct KindInfo {
  Kind kind;
  std::string_view name;        ///< `StatefulSet`; also the name of its type in the schema
  std::string_view plural;      ///< `statefulsets`
  std::string_view singular;    ///< `statefulset`
  std::string_view short_name;  ///< `sts`; empty where there is none
  std::string_view group;       ///< `apps`; empty for the core group
  std::string_view version;     ///< `v1`
  bool namespaced;
  bool in_all;  ///< whether `kubectl get all` lists it
};

/// All kinds, by Kind.
[[nodiscard]] std::span<const KindInfo> kinds();

/// What is fixed about a kind.
[[nodiscard]] const KindInfo& info(Kind kind);

/// Whether a user's word means a type of these names: one of them in any case, optionally followed
/// by `.group` or `.version.group`. Rule: KC-1.
[[nodiscard]] bool names_type(std::string_view word,
                              std::initializer_list<std::string_view> names,
                              std::string_view group,
                              std::string_view version);

/// The kind that a command line means by `word`: plural, singular, short name or Kind in any case,
/// optionally followed by `.group` or `.version.group`. Rule: KC-1.
[[nodiscard]] std::optional<Kind> find_kind(std::string_view word);

/// The kind of a manifest's `apiVersion` and `kind`, exactly as written.
[[nodiscard]] std::optional<Kind> find_kind(std::string_view api_version, std::string_view kind);

/// `apps/v1`, `v1`.
[[nodiscard]] std::string api_version(Kind kind);

/// `statefulsets.apps`, `pods`: how error messages name a resource. Rule: KC-31.
[[nodiscard]] std::string resource_name(Kind kind);

/// `statefulset.apps`, `pod`: how kubectl names an object's kind. Rule: KC-3.
[[nodiscard]] std::string singular_name(Kind kind);

}  // namespace stsim::api
