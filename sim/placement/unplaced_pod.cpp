#include "rules.hpp"

#include <stsim/placement/unplaced_pod.hpp>

#include <algorithm>

namespace stsim::placement {

using api::Kind;

SimTime UnplacedPod::backoff_ends() const {
  constexpr SimDuration kFirst = std::chrono::seconds{1};
  constexpr SimDuration kLongest = std::chrono::seconds{10};
  SimDuration backoff = kFirst;
  for (std::uint32_t i = 1; i < refusals && backoff < kLongest; ++i) {
    backoff = std::min(2 * backoff, kLongest);
  }
  return last_refusal + backoff;
}

bool waits_for_node(const api::Object& pod) {
  return pod.as<api::Pod>().node_name.empty() && !pod.terminating();
}

bool may_help(const store::Change& change) {
  switch (change.object().key.kind) {
    case Kind::PersistentVolumeClaim:
    case Kind::PersistentVolume:
    case Kind::StorageClass:
    case Kind::Node:
      return true;
    case Kind::Pod:
      break;
    default:
      return false;
  }
  const bool was = change.before && is_on_node(*change.before);
  const bool is = change.after && is_on_node(*change.after);
  return was != is || (is && change.before->labels != change.after->labels);
}

}  // namespace stsim::placement
