#pragma once
// What the parts of validation share: collecting errors as the server words them, and the checks of
// parts that several kinds have. Rules: KC-32, SS-5.

#include <stsim/api/decode.hpp>
#include <stsim/api/quantity.hpp>

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::api::validation {

/// A field's path, grown as the server does: `spec.ports[0].name`, `limits[cpu]`.
class Path {
 public:
  Path() = default;
  explicit Path(std::string text) : text_(std::move(text)) {}
  [[nodiscard]] Path child(std::string_view name) const;
  [[nodiscard]] Path index(std::size_t i) const;
  [[nodiscard]] Path key(std::string_view name) const;
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// The errors found so far, in the order in which the server finds them.
class Errors {
 public:
  explicit Errors(Release release) : release_(release) {}

  void required(const Path& path, std::string_view detail = "");
  void forbidden(const Path& path, std::string_view detail);
  /// `value` as it stands in the document.
  void invalid(const Path& path, const Json& value, std::string_view detail);
  /// One error for each message.
  void invalid(const Path& path, const Json& value, const std::vector<std::string>& details);
  /// A value that is no plain JSON: its texts since 1.34 and before.
  void invalid(const Path& path,
               std::string_view json,
               std::string_view go,
               std::string_view detail);
  void duplicate(const Path& path, const Json& value);
  /// As invalid(), of a value that is no plain JSON.
  void duplicate(const Path& path, std::string_view json, std::string_view go);
  void not_found(const Path& path, std::string_view value);
  void not_supported(const Path& path,
                     const Json& value,
                     std::initializer_list<std::string_view> supported);
  void not_supported(const Path& path,
                     const Json& value,
                     const std::vector<std::string>& supported);
  void too_long(const Path& path, std::size_t most);

  [[nodiscard]] Release release() const { return release_; }
  [[nodiscard]] bool empty() const { return errors_.empty(); }
  [[nodiscard]] std::size_t size() const { return errors_.size(); }
  [[nodiscard]] FieldErrors take() { return std::move(errors_); }

 private:
  std::string printed(const Json& value) const;

  Release release_;
  FieldErrors errors_;
};

/// The elements of the list `object[key]`; none where there is no list.
[[nodiscard]] const Json& list(const Json& object, std::string_view key);

/// The members of the object `object[key]`; none where there is no object.
[[nodiscard]] const Json& map(const Json& object, std::string_view key);

/// Whether `object` has a member `key` that is not null.
[[nodiscard]] bool has(const Json& object, std::string_view key);

/// The quantity in a document's value; zero where it is none.
[[nodiscard]] Quantity quantity(const Json& value);

// Checks of single values, each with the field's own path.
void nonnegative(Errors& errors, const Path& path, std::int64_t value);
void in_range(
    Errors& errors, const Path& path, std::int64_t value, std::int64_t least, std::int64_t most);
void port_number(Errors& errors, const Path& path, std::int64_t value);
void port_number_or_name(Errors& errors, const Path& path, const Json& value);
void dns_label(Errors& errors, const Path& path, std::string_view value);
void dns_subdomain(Errors& errors, const Path& path, std::string_view value);
void ip_address(Errors& errors, const Path& path, std::string_view value);
/// Whether a part of the path is two dots.
[[nodiscard]] bool steps_up(std::string_view path);
void file_mode(Errors& errors, const Path& path, const Json& owner, std::string_view key);

// Checks of metadata and selectors.
enum class NameForm : unsigned char { Label, Label1035, Subdomain };
void metadata(Errors& errors, const Json& document, NameForm form);
void metadata_update(Errors& errors, const Json& document, const Json& old);
void labels(Errors& errors, const Path& path, const Json& labels);
void annotations(Errors& errors, const Path& path, const Json& annotations);
void label_selector(Errors& errors, const Path& path, const Json& selector);

// Checks of pods and their parts.
/// A template's spec or a pod's own. `claims`: volumes that claim templates add.
void pod_spec(Errors& errors,
              const Path& path,
              const Json& spec,
              bool is_pod,
              const std::vector<std::string>& claims);
void tolerations(Errors& errors, const Path& path, const Json& tolerations);
void node_selector(Errors& errors, const Path& path, const Json& selector);
void affinity(Errors& errors, const Path& path, const Json& affinity);
void topology_spread(Errors& errors, const Path& path, const Json& constraints);
void seccomp_profile(Errors& errors, const Path& path, const Json& profile);
/// Ordinary and init containers. `volumes`: the names that may be mounted.
void containers(
    Errors& errors, const Path& path, const Json& spec, const Json& volumes, bool is_pod);
void probes(Errors& errors, const Path& path, const Json& container, const Json& grace_period);
/// The volumes of a pod; the result has those that are valid, by name.
[[nodiscard]] Json volumes(Errors& errors, const Path& path, const Json& volumes);
void environment(Errors& errors, const Path& path, const Json& container);
void field_reference(Errors& errors,
                     const Path& path,
                     const Json& reference,
                     const std::vector<std::string>& supported);
void resource_field_reference(Errors& errors,
                              const Path& path,
                              const Json& reference,
                              bool in_volume);
void resources(Errors& errors, const Path& path, const Json& resources);

// Sources that pods and persistent volumes share.
void nfs(Errors& errors, const Path& path, const Json& source);
void host_path(Errors& errors, const Path& path, const Json& source);

// Whole kinds.
void stateful_set(Errors& errors, const Json& document, const Features& features);
void stateful_set_update(Errors& errors,
                         const Json& document,
                         const Json& old,
                         const Features& features);
void pod(Errors& errors, const Json& document);
void pod_update(Errors& errors, const Json& document, const Json& old);
void persistent_volume(Errors& errors, const Json& document);
void persistent_volume_update(Errors& errors, const Json& document, const Json& old);
void claim(Errors& errors, const Json& document);
void claim_spec(Errors& errors, const Path& path, const Json& spec);
void claim_update(Errors& errors, const Json& document, const Json& old);
void service(Errors& errors, const Json& document);
void service_update(Errors& errors, const Json& document, const Json& old);

/// The unified diff of two documents, as the server adds it to its refusals since 1.34: indented
/// JSON, three lines around each change. Members stand in the order in which they are given.
[[nodiscard]] std::string difference(const nlohmann::ordered_json& old_value,
                                     const nlohmann::ordered_json& new_value);

}  // namespace stsim::api::validation
