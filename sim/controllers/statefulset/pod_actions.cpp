#include "update_loop.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/controllers/statefulset/identity.hpp>
#include <stsim/controllers/statefulset/retention.hpp>
#include <stsim/controllers/statefulset/revisions.hpp>

#include <algorithm>

namespace stsim::controllers::statefulset {

using api::Kind;
using api::Object;
using api::ObjectPtr;

namespace {

const api::StatefulSetSpec& spec_of(const Object& set) {
  return *set.as<api::StatefulSet>().spec;
}

}  // namespace

std::string PodActions::capitalised(std::string_view verb) const {
  std::string out(verb);
  if (!conditions_.release.at_least(35)) {
    out[0] = static_cast<char>(out[0] - 'A' + 'a');  // SS-190: lower-case up to 1.34
  }
  return out;
}

EventText PodActions::event(bool success, std::string_view verb, const std::string& pod) const {
  if (success) {
    return {"Normal",
            fmt::format("Successful{}", verb),
            fmt::format(
                "{} Pod {} in StatefulSet {} successful", capitalised(verb), pod, set_.key.name)};
  }
  return {"Warning",
          fmt::format("Failed{}", verb),
          fmt::format(
              "{} Pod {} in StatefulSet {} failed error: ", capitalised(verb), pod, set_.key.name)};
}

void PodActions::add_missing_claims(const Object& pod, Group& group, bool for_create) const {
  const auto& templates = spec_of(set_).claim_templates;
  if (templates.empty()) {
    return;
  }
  const std::string pod_name = usual_name(set_, pod);
  for (const api::ClaimTemplate& claim : templates) {
    const std::string name = claim_name(claim, pod_name);
    const ObjectPtr known = cache_.find({Kind::PersistentVolumeClaim, set_.key.ns, name});
    if (known && !known->terminating()) {
      continue;  // SS-27
    }
    Call call;
    call.target = {Kind::PersistentVolumeClaim, set_.key.ns, name};
    call.on_error = Call::OnError::Collect;
    call.rule = for_create ? "SS-115" : "SS-116";
    if (known) {
      call.verb = Call::Verb::Fail;
      call.error = fmt::format("pvc {} is being deleted", name);
      call.why = fmt::format("claim {} of {} is on its way out", name, pod.key.name);
    } else {
      call.verb = Call::Verb::Create;
      call.object = std::make_shared<const Object>(make_claim(set_, claim, pod_name));
      call.quiet_if_exists = true;
      call.error_prefix = fmt::format("failed to create PVC {}: ", name);
      call.success = EventText{"Normal",
                               "SuccessfulCreate",
                               fmt::format("{} Claim {} Pod {} in StatefulSet {} success",
                                           capitalised("Create"),
                                           name,
                                           pod.key.name,
                                           set_.key.name)};
      call.failure =
          EventText{"Warning",
                    "FailedCreate",
                    fmt::format("{} Claim {} for Pod {} in StatefulSet {} failed error: ",
                                capitalised("Create"),
                                name,
                                pod.key.name,
                                set_.key.name)};
      call.why = fmt::format("{} needs a claim from template {}", pod.key.name, claim.name);
    }
    group.calls.push_back(std::move(call));
  }
}

void PodActions::add_owner_updates(const Object& pod, Group& group, bool after_create) const {
  const auto& templates = spec_of(set_).claim_templates;
  if (templates.empty() || !spec_of(set_).has_retention) {
    return;
  }
  const std::string pod_name = usual_name(set_, pod);
  for (const api::ClaimTemplate& claim : templates) {
    const std::string name = claim_name(claim, pod_name);
    const ObjectPtr known = cache_.find({Kind::PersistentVolumeClaim, set_.key.ns, name});
    ClaimOwners owners;
    if (known) {
      owners = statefulset::claim_owners(set_, pod, *known, conditions_.release);
    }
    if (owners.conflicting) {
      group.calls.push_back(tell(
          {"Warning",
           "ConflictingController",
           fmt::format("PersistentVolumeClaim {} has a conflicting OwnerReference that acts as a "
                       "manging controller, the retention policy is ignored for this claim",
                       name)}));
    }
    // A claim that is not seen yet was made a moment ago in this very sync; its pod is in range.
    const bool owned_by_set =
        !known && after_create && spec_of(set_).when_deleted == api::Retention::Delete;
    if (!owners.wanted && !owned_by_set) {
      continue;
    }
    Call call;
    call.target = {Kind::PersistentVolumeClaim, set_.key.ns, name};
    call.rule = "SS-170";
    call.error_prefix =
        fmt::format("could not update claim {} for delete policy ownerRefs: ", name);
    if (after_create) {
      call.failure = event(false, "Update", pod.key.name);
    }
    if (owned_by_set) {
      call.verb = Call::Verb::Patch;
      call.mutation = AddOwner{claim_owner(set_, conditions_.release)};
      call.why = fmt::format("claim {} goes when the set is deleted", name);
    } else {
      Object changed = *known;
      changed.owners = *std::move(owners.wanted);
      call.verb = Call::Verb::Update;
      call.object = std::make_shared<const Object>(std::move(changed));
      call.why = fmt::format("the retention policy decides who owns claim {}", name);
    }
    group.calls.push_back(std::move(call));
  }
}

Group PodActions::create(const Object& pod, std::string why, std::string_view rule) const {
  Group group;
  then_create(group, pod, std::move(why), rule);
  return group;
}

void PodActions::then_create(Group& group,
                             const Object& pod,
                             std::string why,
                             std::string_view rule) const {
  add_missing_claims(pod, group, true);
  Call call;
  call.verb = Call::Verb::Create;
  call.target = pod.key;
  call.object = std::make_shared<const Object>(pod);
  call.quiet_if_exists = true;
  call.on_error = Call::OnError::GoOn;  // the claims of a refused pod get their owners all the same
  call.why = std::move(why);
  call.rule = rule;
  group.calls.push_back(std::move(call));
  add_owner_updates(pod, group, true);
  group.success = event(true, "Create", pod.key.name);
  group.failure = event(false, "Create", pod.key.name);
}

Group PodActions::remove(const api::ObjectKey& pod, std::string why, std::string_view rule) const {
  Group group;
  Call call;
  call.verb = Call::Verb::Delete;
  call.target = pod;
  if (conditions_.release.at_least(36)) {
    call.harmless = {"NotFound"};  // SS-193
  }
  call.success = event(true, "Delete", pod.name);
  call.failure = event(false, "Delete", pod.name);
  call.why = std::move(why);
  call.rule = rule;
  group.calls.push_back(std::move(call));
  return group;
}

bool PodActions::can_change_in_place(const Object& pod, const Object& revision) const {
  const ObjectPtr own = cache_.find(
      {Kind::ControllerRevision, set_.key.ns, std::string(pod.label(api::kRevisionLabel))});
  if (!own) {
    return false;
  }
  const auto without_images = [](const Object& of) {
    api::Json spec = api::member(template_of(of), "spec");
    for (api::Json& container : spec["containers"]) {
      container.erase("image");
    }
    return spec;
  };
  return without_images(*own) == without_images(revision);
}

Group PodActions::change_in_place(const Object& pod,
                                  const Object& revision,
                                  std::string why,
                                  std::string_view rule) const {
  const api::Json& wanted = template_of(revision);
  Object unready = pod;
  unready.as<api::Pod>().status.set_condition(
      api::PodConditionType::Ready, false, conditions_.now, "StartInPlaceUpdate");
  unready.resource_version = {};
  Object changed = pod;
  changed.resource_version = {};
  changed.labels[api::kRevisionLabel] = revision.key.name;
  for (const auto& [parts, to] :
       {std::pair("labels", &changed.labels), std::pair("annotations", &changed.annotations)}) {
    for (const auto& [key, value] :
         api::labels_of(api::member(api::member(wanted, "metadata"), parts))) {
      (*to)[key] = value;
    }
  }
  api::Json document = api::to_json(pod)["spec"];
  document.erase("nodeName");
  const api::Json& containers = api::member(api::member(wanted, "spec"), "containers");
  for (std::size_t i = 0; i < containers.size(); ++i) {
    document["containers"][i]["image"] = api::member(containers[i], "image");
  }
  changed.as<api::Pod>().spec =
      api::read_pod_spec(std::make_shared<const api::Json>(std::move(document)));
  Group group;
  for (auto& [verb, object] :
       {std::pair(Call::Verb::UpdateStatus, &unready), std::pair(Call::Verb::Update, &changed)}) {
    Call call;
    call.verb = verb;
    call.target = pod.key;
    call.object = std::make_shared<const Object>(std::move(*object));
    call.why = why;
    call.rule = rule;
    group.calls.push_back(std::move(call));
  }
  group.success = EventText{
      "Normal",
      "SuccessfulUpdatePodInPlace",
      fmt::format(
          "successfully update pod {} in-place(revision {})", pod.key.name, revision.key.name)};
  group.failure = EventText{
      "Warning",
      "FailedUpdatePodInPlace",
      fmt::format(
          "failed to update pod {} in-place(revision {}): ", pod.key.name, revision.key.name)};
  return group;
}

Group PodActions::complete_claims(const Object& pod) const {
  Group group;
  add_missing_claims(pod, group, false);
  add_owner_updates(pod, group, false);
  return group;
}

bool PodActions::is_consistent(const Object& pod) const {
  return identity_matches(set_, pod) && storage_matches(set_, pod) && claims_match(pod);
}

Group PodActions::repair(const Object& pod) const {
  Group group;
  if (is_consistent(pod)) {
    return group;
  }
  Object repaired = pod;
  if (!identity_matches(set_, pod)) {
    const std::int32_t ordinal = api::parent_and_ordinal(pod.key.name).ordinal;
    repaired.key.name = usual_name(set_, pod);  // a write to another pod, which then is not there
    repaired.labels[api::kPodNameLabel] = repaired.key.name;
    if (cache_.features().release.at_least(28)) {
      repaired.labels[api::kPodIndexLabel] = std::to_string(ordinal);
    }
  }
  if (!storage_matches(set_, pod)) {
    add_missing_claims(pod, group, false);
    api::Json document = api::to_json(pod)["spec"];
    api::Json volumes = api::Json::array();
    const std::string pod_name = usual_name(set_, pod);
    for (const api::ClaimTemplate& claim : spec_of(set_).claim_templates) {
      volumes.push_back({{"name", claim.name},
                         {"persistentVolumeClaim", {{"claimName", claim_name(claim, pod_name)}}}});
    }
    for (const api::Json& volume : api::member(document, "volumes")) {
      const std::string name = api::text(volume, "name");
      if (std::ranges::none_of(spec_of(set_).claim_templates,
                               [&name](const auto& claim) { return claim.name == name; })) {
        volumes.push_back(volume);
      }
    }
    document["volumes"] = std::move(volumes);
    document.erase("nodeName");
    repaired.as<api::Pod>().spec =
        api::read_pod_spec(std::make_shared<const api::Json>(std::move(document)));
  }
  if (!claims_match(pod)) {
    add_owner_updates(pod, group, false);
  }
  Call call;
  call.verb = Call::Verb::Update;
  call.target = repaired.key;
  call.why =
      fmt::format("identity, storage or claims of {} are not as the set wants them", pod.key.name);
  call.rule = "SS-118";
  group.success = event(true, "Update", repaired.key.name);
  group.failure = event(false, "Update", repaired.key.name);
  call.object = std::make_shared<const Object>(std::move(repaired));
  group.calls.push_back(std::move(call));
  return group;
}

Group PodActions::claim_owners(const Object& pod) const {
  Group group;
  if (!claims_match(pod)) {
    add_owner_updates(pod, group, false);
  }
  return group;
}

bool PodActions::claims_match(const Object& pod) const {
  const auto& templates = spec_of(set_).claim_templates;
  if (templates.empty() || !spec_of(set_).has_retention) {
    return true;
  }
  const std::string pod_name = usual_name(set_, pod);
  return std::ranges::none_of(templates, [&](const api::ClaimTemplate& claim) {
    const ObjectPtr known =
        cache_.find({Kind::PersistentVolumeClaim, set_.key.ns, claim_name(claim, pod_name)});
    return known && statefulset::claim_owners(set_, pod, *known, conditions_.release).wanted;
  });
}

bool PodActions::waits_for_stale_claim(const std::string& pod) const {
  const api::StatefulSetSpec& spec = spec_of(set_);
  if (spec.when_scaled == api::Retention::Retain || !spec.has_retention) {
    return false;
  }
  return std::ranges::any_of(spec.claim_templates, [&](const api::ClaimTemplate& claim) {
    const ObjectPtr known =
        cache_.find({Kind::PersistentVolumeClaim, set_.key.ns, claim_name(claim, pod)});
    return known && stale(*known, pod, conditions_.release);
  });
}

}  // namespace stsim::controllers::statefulset
