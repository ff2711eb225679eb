#include "inquiry.hpp"

#include <stsim/api/taints.hpp>
#include <stsim/controllers/statefulset/statefulset.hpp>
#include <stsim/diagnosis/wish.hpp>

#include <algorithm>
#include <array>

namespace stsim::diagnosis {

namespace {

using api::Kind;
using api::Object;
using api::ObjectPtr;

constexpr std::array<std::string_view, 8> kStateWords{
    "created", "ready", "available", "updated", "bound", "free", "complete", "gone"};

bool pod_is(State state, const Object& pod, const world::World& world) {
  if (state == State::Created) {
    return !pod.terminating();
  }
  if (pod.terminating() || !pod.as<api::Pod>().status.ready()) {
    return false;
  }
  const ObjectPtr set = set_of(world, pod.key);
  if (state == State::Updated) {
    return set && controllers::statefulset::revision_of(pod) ==
                      set->as<api::StatefulSet>().status.update_revision.view();
  }
  return state == State::Ready || !set || is_available(*set, pod, world.now);
}

bool volume_is(State state, const Object& volume) {
  const api::VolumePhase phase = volume.as<api::Volume>().phase;
  return phase == api::VolumePhase::Bound ||
         (state == State::Free && phase == api::VolumePhase::Available);
}

/// Whether all pods that a set wants are there and as it wants them, and no others. Pods that its
/// strategy leaves to somebody else may be outdated.
bool set_is_complete(const Object& set, const world::World& world) {
  const auto& [spec, status] = set.as<api::StatefulSet>();
  if (status.observed_generation < set.generation) {
    return false;
  }
  std::int64_t wanted = spec->replicas;
  for (const ObjectPtr& pod : world.store.owned_by(set.uid, Kind::Pod)) {
    const bool updated = pod_is(State::Updated, *pod, world);
    if (!wants(world, set, pod->key) ||
        !(updated || (pod_is(State::Ready, *pod, world) && held_back(set, pod->key)))) {
      return false;
    }
    --wanted;
  }
  return wanted == 0;
}

bool object_is(State state, const Object& object, const world::World& world) {
  switch (object.key.kind) {
    case Kind::Pod:
      return pod_is(state, object, world);
    case Kind::PersistentVolumeClaim:
      return state == State::Created ? !object.terminating()
                                     : object.as<api::Claim>().phase == api::ClaimPhase::Bound;
    case Kind::PersistentVolume:
      return state == State::Created ? !object.terminating() : volume_is(state, object);
    case Kind::StatefulSet:
      return state == State::Created ? !object.terminating() : set_is_complete(object, world);
    case Kind::Node:
      return state == State::Created || api::node_ready(object) == api::NodeReady::True;
    default:
      return !object.terminating();
  }
}

}  // namespace

std::string_view to_string(State state) {
  return kStateWords.at(static_cast<std::size_t>(state));
}

std::span<const State> states_of(Kind kind) {
  static constexpr std::array kOfPods{
      State::Created, State::Ready, State::Available, State::Updated, State::Gone};
  static constexpr std::array kOfClaims{State::Created, State::Bound, State::Gone};
  static constexpr std::array kOfVolumes{State::Created, State::Free, State::Bound, State::Gone};
  static constexpr std::array kOfSets{State::Created, State::Complete, State::Gone};
  static constexpr std::array kOfNodes{State::Created, State::Ready, State::Gone};
  static constexpr std::array kOfOthers{State::Created, State::Gone};
  switch (kind) {
    case Kind::Pod:
      return kOfPods;
    case Kind::PersistentVolumeClaim:
      return kOfClaims;
    case Kind::PersistentVolume:
      return kOfVolumes;
    case Kind::StatefulSet:
      return kOfSets;
    case Kind::Node:
      return kOfNodes;
    default:
      return kOfOthers;
  }
}

std::optional<State> parse_state(std::string_view word, Kind kind) {
  if (word == "deleted") {
    word = "gone";
  }
  for (const State state : states_of(kind)) {
    if (to_string(state) == word) {
      return state;
    }
  }
  return std::nullopt;
}

bool Wish::holds(const world::World& world) const {
  const ObjectPtr found = world.store.find(object);
  if (state == State::Gone) {
    return !found || (!uid.empty() && found->uid != uid);
  }
  return found && object_is(state, *found, world) &&
         (revision.empty() || controllers::statefulset::revision_of(*found) == revision);
}

Wish wish_of(const world::World& world, const api::ObjectKey& object, State state) {
  const ObjectPtr found = world.store.find(object);
  const ObjectPtr set = object.kind == Kind::Pod ? set_of(world, object) : nullptr;
  Wish out{object, state};
  if (state == State::Gone && found) {
    out.uid = found->uid;
  } else if (state == State::Updated && set) {
    out.revision = set->as<api::StatefulSet>().status.update_revision.view();
  }
  return out;
}

std::optional<Wish> open_wish(const world::World& world, const api::ObjectKey& object) {
  const ObjectPtr found = world.store.find(object);
  const auto open = [&](State state) { return std::optional(wish_of(world, object, state)); };
  const auto unless_so = [&](State state) {
    return found && object_is(state, *found, world) ? std::nullopt : open(state);
  };
  const ObjectPtr set = object.kind == Kind::Pod ? set_of(world, object) : nullptr;
  if (!found) {
    return object.kind == Kind::Pod && (!set || !wants(world, *set, object)) ? std::nullopt
                                                                             : open(State::Created);
  }
  if (found->terminating() || (set && !wants(world, *set, object)) || is_garbage(world, *found)) {
    return open(State::Gone);
  }
  switch (object.kind) {
    case Kind::Pod:
      for (const State state : {State::Ready, State::Available, State::Updated}) {
        if (!object_is(state, *found, world) && (state != State::Updated || set)) {
          return open(state);
        }
      }
      return std::nullopt;
    case Kind::PersistentVolumeClaim:
      return unless_so(State::Bound);
    case Kind::PersistentVolume:
      return unless_so(State::Free);
    case Kind::StatefulSet:
      return unless_so(State::Complete);
    case Kind::Node:
      return unless_so(State::Ready);
    default:
      return std::nullopt;
  }
}

}  // namespace stsim::diagnosis
