#include "families.hpp"

#include <fmt/format.h>
#include <stsim/check/data_history.hpp>

#include <algorithm>
#include <span>

namespace stsim::check {

using api::Kind;
using api::ObjectPtr;
using engine::TraceRecord;

namespace {

bool ended(const ObjectPtr& pod) {
  return !pod || pod->as<api::Pod>().status.ended();
}

/// Whether its containers run on although the API does not know it any more. Rule: PN-62.
bool runs_on(const api::Object& pod, const world::World& world) {
  const node::NodeState state = world.nodes.state_of(pod.as<api::Pod>().node_name);
  return world.settings->auto_kubelet && !state.kubelet && state.machine;
}

std::string name_of(const api::ObjectKey& pod) {
  return fmt::format("{}/{}", pod.ns, pod.name);
}

}  // namespace

bool runs(const api::Object& pod) {
  const auto& containers = pod.as<api::Pod>().status.containers;
  return std::ranges::any_of(containers, [](const api::ContainerStatus& container) {
    return container.state.type == api::ContainerState::Type::Running;
  });
}

std::vector<DataFinding> DataHistory::see(const TraceRecord& record, const world::World& world) {
  std::vector<DataFinding> out;
  if (record.type == TraceRecord::Type::Kubelet) {
    if (!orphans_.empty()) {
      end_orphans(world);
    }
    if (const auto uses = uses_.find(record.resource); uses != uses_.end()) {
      for (VolumeUse& use : uses->second) {
        const ObjectPtr pod = world.store.find(record.object);
        if (pod && use.uid == pod->uid && use.to == SimTime::max()) {
          use.written.push_back(
              fmt::format("+{} {}", to_seconds_string(record.time - kStartOfTime), record.text));
        }
      }
    }
    return out;
  }
  if (record.type != TraceRecord::Type::Call || record.before == record.after) {
    return out;
  }
  if (record.object.kind == Kind::Pod) {
    const bool same = record.before && record.after && record.before->uid == record.after->uid;
    if (record.after && runs(*record.after) && !(same && runs(*record.before)) &&
        !places_.contains(record.after->uid)) {
      begin(*record.after, world, out);
    }
    const bool alone = record.before && runs(*record.before) && runs_on(*record.before, world);
    if (alone && !record.after) {
      orphans_.emplace(record.before->uid, false);
    } else if (record.before && !alone && ended(record.after)) {
      end(record.before->uid, record.time);
    }
  } else if (record.object.kind == Kind::PersistentVolumeClaim && record.before &&
             record.verb == "delete") {
    give_up(*record.before, world);
  } else if (record.object.kind == Kind::PersistentVolume && record.before && record.after) {
    const auto phase = [](const ObjectPtr& volume) { return volume->as<api::Volume>().phase; };
    if (phase(record.after) == api::VolumePhase::Available &&
        phase(record.before) == api::VolumePhase::Released &&
        record.after->as<api::Volume>().spec->reclaim_policy == "Recycle") {
      empty(node::file_place(*record.after));
    }
    const bool released = phase(record.after) == api::VolumePhase::Released &&
                          phase(record.before) != api::VolumePhase::Released;
    const auto uses = uses_.find(node::file_place(*record.after));
    if (released && uses != uses_.end() &&
        record.after->as<api::Volume>().spec->reclaim_policy == "Retain") {
      out.push_back({DataFinding::What::LeftBehind,
                     fmt::format("{} is released, and what {} has left on it stays there",
                                 record.after->key.name,
                                 name_of(uses->second.back().pod))});
    }
  }
  return out;
}

void DataHistory::begin(const api::Object& pod,
                        const world::World& world,
                        std::vector<DataFinding>& found) {
  for (const api::ClaimVolume& volume : api::claims(pod)) {
    const ObjectPtr claim =
        world.store.find({Kind::PersistentVolumeClaim, pod.key.ns, volume.claim});
    const ObjectPtr bound =
        claim ? world.store.find({Kind::PersistentVolume, "", claim->as<api::Claim>().volume_name})
              : nullptr;
    if (!bound) {
      continue;
    }
    const std::string place = node::file_place(*bound);
    std::vector<VolumeUse>& uses = uses_[place];
    const std::span<const VolumeUse> since_empty = std::span(uses).subspan(emptied_[place]);
    const bool known = std::ranges::any_of(
        since_empty, [&pod](const VolumeUse& use) { return use.pod == pod.key; });
    std::string& last = last_[{pod.key, std::string(volume.volume)}];
    if (!last.empty() && last != place && !known) {
      found.push_back({DataFinding::What::Elsewhere,
                       fmt::format("{} comes back to {} ({}), and its data is on {}",
                                   name_of(pod.key),
                                   bound->key.name,
                                   since_empty.empty() ? "empty" : "with the data of others",
                                   last)});
    }
    last = place;
    uses.push_back({pod.key, pod.uid, pod.as<api::Pod>().node_name, world.now});
    places_[pod.uid].push_back(place);
  }
}

/// It was recycled, and nothing is left on it. Rule: PV-60.
void DataHistory::empty(const std::string& place) {
  std::erase_if(last_, [&place](const auto& entry) { return entry.second == place; });
  const auto uses = uses_.find(place);
  emptied_[place] = uses == uses_.end() ? 0 : uses->second.size();
}

/// Who deletes a claim that no pod uses wants its data to be gone. Rule: PV-84.
void DataHistory::give_up(const api::Object& claim, const world::World& world) {
  std::erase_if(last_, [&](const auto& entry) {
    const auto& [pod, volume] = entry.first;
    return pod.ns == claim.key.ns && !world.store.find(pod) &&
           claim.key.name.view() == fmt::format("{}-{}", volume, pod.name);
  });
}

void DataHistory::end(const api::Uid& pod, SimTime now) {
  const auto places = places_.find(pod);
  if (places == places_.end()) {
    return;
  }
  for (const std::string& place : places->second) {
    for (VolumeUse& use : uses_[place]) {
      if (use.uid == pod && use.to == SimTime::max()) {
        use.to = now;
      }
    }
  }
  places_.erase(places);
}

void DataHistory::end_orphans(const world::World& world) {
  for (auto it = orphans_.begin(); it != orphans_.end();) {
    const bool runs = world.nodes.orphans.find(it->first) != nullptr;
    const bool ended = it->second && !runs;
    it->second = it->second || runs;
    if (ended) {
      end(it->first, world.now);
    }
    it = ended ? orphans_.erase(it) : std::next(it);
  }
}

std::vector<std::string> DataHistory::places_of(const api::Uid& pod) const {
  const auto it = places_.find(pod);
  return it == places_.end() ? std::vector<std::string>{} : it->second;
}

const std::vector<VolumeUse>& DataHistory::of(const std::string& place) const {
  static const std::vector<VolumeUse> kNone;
  const auto it = uses_.find(place);
  return it == uses_.end() ? kNone : it->second;
}

}  // namespace stsim::check
