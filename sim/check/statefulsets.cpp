// Sets, their pods and their revisions.
#include "families.hpp"

#include <stsim/api/well_known.hpp>

#include <algorithm>
#include <set>

namespace stsim::check {

using api::Kind;
using api::Object;
using api::ObjectPtr;

namespace {

std::vector<ObjectPtr> owned(const world::World& world, const Object& set, Kind kind) {
  std::vector<ObjectPtr> out = world.store.owned_by(set.uid);
  std::erase_if(out, [&](const ObjectPtr& object) {
    const api::OwnerReference* controller = object->controller();
    return object->key.kind != kind || controller == nullptr || controller->uid != set.uid;
  });
  return out;
}

/// Calls `check` for every set that its controller looks after.
template <class Check>
void for_each_set(const world::World& world, Check check) {
  for (const ObjectPtr& set : world.store.list(Kind::StatefulSet)) {
    if (set->as<api::StatefulSet>().spec->selector) {
      check(*set);
    }
  }
}

}  // namespace

void pods_are_named_after_their_set(const world::World& world, Found& found) {
  for (const ObjectPtr& pod : world.store.list(Kind::Pod)) {
    const api::OwnerReference* owner = pod->controller();
    if (owner == nullptr || owner->kind != "StatefulSet") {
      continue;
    }
    const auto [parent, ordinal] = api::parent_and_ordinal(pod->key.name);
    if (parent != owner->name || ordinal < 0) {
      add(found, *pod, "it belongs to {}", owner->name);
    }
  }
}

void counts_are_those_of_the_pods(const world::World& world, Found& found) {
  for_each_set(world, [&](const Object& set) {
    const api::StatefulSetStatus& status = set.as<api::StatefulSet>().status;
    std::int32_t pods = 0;
    std::int32_t ready = 0;
    std::int32_t updated = 0;
    for (const ObjectPtr& pod : owned(world, set, Kind::Pod)) {
      const api::PodStatus& pod_status = pod->as<api::Pod>().status;
      if (pod_status.ended() && !world.store.features().release.at_least(28)) {
        return;  // SS-250: the one to be created in its place stands for it, and is not there
      }
      if (!set.as<api::StatefulSet>().spec->selector->matches(pod->labels)) {
        continue;  // SS-61: a set on its way out does not release it, but does not count it either
      }
      ++pods;
      ready += pod_status.phase == api::PodPhase::Running && pod_status.ready() ? 1 : 0;
      updated +=
          !pod->terminating() && pod->label(api::kRevisionLabel) == status.update_revision ? 1 : 0;
    }
    const auto compare = [&](const char* what, std::int32_t told, std::int32_t counted) {
      if (told != counted) {
        add(found, set, "{} is {}, {} are counted", what, told, counted);
      }
    };
    compare("replicas", status.replicas, pods);
    compare("readyReplicas", status.ready_replicas, ready);
    compare("updatedReplicas", status.updated_replicas, updated);
  });
}

void generation_was_observed(const world::World& world, Found& found) {
  for_each_set(world, [&](const Object& set) {
    const std::int64_t observed = set.as<api::StatefulSet>().status.observed_generation;
    // More can be left of an earlier set of that name: SS-160 writes it only if something grows.
    if (observed < set.generation) {
      add(found, set, "generation {}, observed {}", set.generation, observed);
    }
  });
}

void history_has_its_limit(const world::World& world, Found& found) {
  for_each_set(world, [&](const Object& set) {
    const auto& body = set.as<api::StatefulSet>();
    std::set<std::string> live{body.status.current_revision, body.status.update_revision};
    for (const ObjectPtr& pod : owned(world, set, Kind::Pod)) {
      live.emplace(pod->label(api::kRevisionLabel));
    }
    const auto dead = std::ranges::count_if(
        owned(world, set, Kind::ControllerRevision),
        [&live](const ObjectPtr& one) { return !live.contains(one->key.name); });
    const std::int32_t limit = body.spec->revision_history_limit;
    if (limit >= 0 && dead > limit) {
      add(found, set, "{} revisions that nothing uses", dead);
    }
  });
}

}  // namespace stsim::check
