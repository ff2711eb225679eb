#pragma once
// The revisions of a set's pod template. Rules: SS-80 to SS-95.

#include <stsim/api/decode.hpp>
#include <stsim/api/object.hpp>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace stsim::controllers::statefulset {

/// The bytes of a revision's data for a pod template. Rule: SS-80.
[[nodiscard]] api::Json revision_data(const api::Json& pod_template, Release release);

/// The same as text, which is what is stored and compared.
[[nodiscard]] std::string revision_text(const api::Json& pod_template, Release release);

/// The hash that names a revision. Rule: SS-81.
[[nodiscard]] std::string revision_hash(const std::string& data, std::int32_t collision_count);

/// Sorted by revision, creation and name. Rule: SS-84.
void sort_revisions(std::vector<api::ObjectPtr>& revisions);

/// Which revisions a sync works with, and what has to be written for it. Rule: SS-85.
struct Picked {
  api::ObjectPtr current;
  api::ObjectPtr update;
  /// What has to be written before the update revision is stored as it should be.
  enum class Write : unsigned char { None, Create, Renumber } write{Write::None};
  std::int32_t collision_count{};
  std::string_view rule;
};

/// The revision of a name in the set's namespace, whoever owns it, or null.
using RevisionNamed = std::function<api::ObjectPtr(const std::string& name)>;

/// Picks current and update revision. `revisions` are the set's own, sorted; `named`, if it is
/// given, tells of the others, which may have taken a name. `text` is the revision_text() of the
/// set's template; it is worked out where it is not given.
[[nodiscard]] Picked pick_revisions(const api::Object& set,
                                    const std::vector<api::ObjectPtr>& revisions,
                                    const RevisionNamed& named,
                                    const api::Features& features,
                                    std::shared_ptr<const std::string> text = nullptr);

/// The pod template that a revision holds.
[[nodiscard]] const api::Json& template_of(const api::Object& revision);

/// The revisions that history no longer has room for, oldest first; `in_use` are the names of those
/// that pods carry. Rule: SS-95.
[[nodiscard]] std::vector<api::ObjectPtr> superfluous(const api::Object& set,
                                                      const std::vector<api::ObjectPtr>& revisions,
                                                      std::set<std::string, std::less<>> in_use,
                                                      const Picked& picked,
                                                      Release release);

}  // namespace stsim::controllers::statefulset
