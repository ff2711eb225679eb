#include <stsim/api/well_known.hpp>
#include <stsim/base/hash.hpp>
#include <stsim/controllers/statefulset/identity.hpp>
#include <stsim/controllers/statefulset/revisions.hpp>

#include <algorithm>
#include <set>
#include <tuple>

namespace stsim::controllers::statefulset {

using api::ControllerRevision;
using api::Json;
using api::Object;
using api::ObjectPtr;

namespace {

constexpr std::size_t kLongestSetName = 223;  // SS-82

/// Rule: SS-82.
std::string revision_name(const Object& set, const std::string& hash) {
  return fmt::format("{}-{}", set.key.name.view().substr(0, kLongestSetName), hash);
}

Object make_revision(const Object& set,
                     Json data,
                     std::shared_ptr<const std::string> text,
                     std::int64_t revision,
                     const std::string& hash) {
  Object out;
  out.key = {api::Kind::ControllerRevision, set.key.ns, revision_name(set, hash)};
  out.labels = api::labels_of(
      api::at_path(*set.as<api::StatefulSet>().spec->pod_template, {"metadata", "labels"}));
  out.labels["controller.kubernetes.io/hash"] = hash;
  out.annotations = set.annotations;
  out.owners.push_back(controller_reference(set));
  out.body =
      ControllerRevision{std::make_shared<const Json>(std::move(data)), std::move(text), revision};
  return out;
}

const std::string& bytes(const ObjectPtr& revision) {
  return *revision->as<ControllerRevision>().data_text;
}

std::int64_t number(const ObjectPtr& revision) {
  return revision->as<ControllerRevision>().revision;
}

/// Whether the last revision means the same as the template although its bytes differ. Rule:
/// SS-85.3.
bool same_meaning(const Object& set, const ObjectPtr& revision, const api::Features& features) {
  Json document = {{"apiVersion", "apps/v1"},
                   {"kind", "StatefulSet"},
                   {"metadata", {{"name", set.key.name}}},
                   {"spec", *set.as<api::StatefulSet>().spec->document}};
  Json pod_template = template_of(*revision);
  if (!pod_template.is_object()) {
    return false;
  }
  pod_template.erase("$patch");
  if (Json& metadata = pod_template["metadata"]; metadata.is_object()) {
    if (api::member(metadata, "creationTimestamp").is_null()) {
      metadata.erase("creationTimestamp");
    }
  }
  document["spec"]["template"] = std::move(pod_template);
  api::set_defaults(api::Kind::StatefulSet, document, Json(), features);
  return document["spec"]["template"] == *set.as<api::StatefulSet>().spec->pod_template;
}

}  // namespace

Json revision_data(const Json& pod_template, Release release) {
  Json marked = pod_template;
  marked["$patch"] = "replace";
  if (!release.at_least(34)) {
    marked["metadata"]["creationTimestamp"] = nullptr;
  }
  return {{"spec", {{"template", std::move(marked)}}}};
}

std::string revision_text(const Json& pod_template, Release release) {
  return api::to_go_json(revision_data(pod_template, release));
}

std::string revision_hash(const std::string& data, std::int32_t collision_count) {
  return safe_encode(fnv1_32(std::to_string(collision_count), fnv1_32(data)));
}

void sort_revisions(std::vector<ObjectPtr>& revisions) {
  std::ranges::sort(revisions, [](const ObjectPtr& a, const ObjectPtr& b) {
    return std::tuple(number(a), a->created, a->key.name) <
           std::tuple(number(b), b->created, b->key.name);
  });
}

const Json& template_of(const Object& revision) {
  return api::at_path(*revision.as<ControllerRevision>().data, {"spec", "template"});
}

Picked pick_revisions(const Object& set,
                      const std::vector<ObjectPtr>& revisions,
                      const RevisionNamed& named,
                      const api::Features& features,
                      std::shared_ptr<const std::string> known_text) {
  const auto& body = set.as<api::StatefulSet>();
  Picked out;
  out.collision_count = body.status.collision_count;
  if (!known_text) {
    known_text = std::make_shared<const std::string>(
        revision_text(*body.spec->pod_template, features.release));
  }
  const std::string& text = *known_text;
  const std::int64_t next = revisions.empty() ? 1 : number(revisions.back()) + 1;
  const auto equal = std::ranges::find_if(revisions.rbegin(),
                                          revisions.rend(),
                                          [&text](const ObjectPtr& r) { return bytes(r) == text; });
  if (equal != revisions.rend() && bytes(revisions.back()) == text) {
    out.update = revisions.back();
  } else if (equal != revisions.rend()) {
    Object renumbered = **equal;
    renumbered.as<ControllerRevision>().revision = next;
    out.update = std::make_shared<const Object>(std::move(renumbered));
    out.write = Picked::Write::Renumber;
    out.rule = "SS-85";
  } else if (!revisions.empty() && features.enabled("StatefulSetSemanticRevisionComparison") &&
             same_meaning(set, revisions.back(), features)) {
    out.update = revisions.back();
  } else {
    // SS-85.4: a name that somebody else's data has taken raises the collision count; the label
    // keeps the first hash.
    const std::string first_hash = revision_hash(text, out.collision_count);
    Object made = make_revision(set,
                                revision_data(*body.spec->pod_template, features.release),
                                known_text,
                                next,
                                first_hash);
    const auto taken = [&](const std::string& name) -> ObjectPtr {
      const auto own = std::ranges::find_if(
          revisions, [&name](const ObjectPtr& revision) { return revision->key.name == name; });
      if (own != revisions.end()) {
        return *own;
      }
      return named ? named(name) : nullptr;
    };
    ObjectPtr holder = taken(made.key.name);
    while (holder && bytes(holder) != text) {
      ++out.collision_count;
      made.key.name = revision_name(set, revision_hash(text, out.collision_count));
      holder = taken(made.key.name);
    }
    if (holder) {
      out.update = holder;
    } else {
      out.update = std::make_shared<const Object>(std::move(made));
      out.write = Picked::Write::Create;
      out.rule = "SS-85";
    }
  }
  const auto stored = std::ranges::find_if(revisions, [&body](const ObjectPtr& revision) {
    return revision->key.name == body.status.current_revision;
  });
  out.current = stored != revisions.end() ? *stored : out.update;
  return out;
}

std::vector<ObjectPtr> superfluous(const Object& set,
                                   const std::vector<ObjectPtr>& revisions,
                                   std::set<std::string, std::less<>> in_use,
                                   const Picked& picked,
                                   Release release) {
  const std::int32_t limit = set.as<api::StatefulSet>().spec->revision_history_limit;
  if (limit < 0 && release.at_least(29)) {
    return {};
  }
  in_use.insert({picked.current->key.name, picked.update->key.name});
  std::vector<ObjectPtr> out;
  for (const ObjectPtr& revision : revisions) {
    if (!in_use.contains(revision->key.name)) {
      out.push_back(revision);
    }
  }
  const auto keep = static_cast<std::size_t>(std::max(limit, 0));
  out.resize(out.size() > keep ? out.size() - keep : 0);
  return out;
}

}  // namespace stsim::controllers::statefulset
