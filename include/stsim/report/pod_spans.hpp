#pragma once
// How the pods of a run were from instant to instant: what lanes, tracks and waveforms show.

#include <stsim/api/object.hpp>
#include <stsim/base/time.hpp>
#include <stsim/engine/trace.hpp>
#include <stsim/scenario/log.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::report {

/// What somebody sees who looks at a pod from afar.
enum class PodState : unsigned char {
  Pending,      ///< no node has begun with it
  Pulling,      ///< its image is on its way to the node
  Starting,     ///< its node prepares it
  Running,      ///< its containers run, and it is not ready
  Ready,        ///< Rule: PN-2
  Failing,      ///< a container waits for another try: CrashLoopBackOff, ImagePullBackOff, …
  Ended,        ///< Succeeded or Failed
  Terminating,  ///< it is deleted and not gone yet
};
/// `pending`, `pulling`, …
[[nodiscard]] std::string_view to_string(PodState state);

/// Whether a container that does not run is on its way to: what it waits for is no trouble.
/// Rule: PN-1.
[[nodiscard]] bool is_on_its_way(const api::ContainerState& state);

/// A stretch of time in which a pod was in one state.
struct PodSpan {
  api::ObjectKey pod;
  api::Uid uid;              ///< which of the pods that had this name
  std::string set;           ///< the StatefulSet that controls it; empty if none does
  std::int32_t ordinal{-1};  ///< of a pod of a set
  std::string revision;      ///< as its label says
  PodState state{};
  std::string detail;  ///< of Failing and Ended: `CrashLoopBackOff`, `Failed`
  SimTime begin;
  SimTime end;               ///< later than `begin`
  bool open{};               ///< still so at the end of the run
  engine::TraceId record{};  ///< of what made it so
};

/// The spans of all pods, in the order in which they begin. Those of a pod follow each other
/// without gaps, and pods of one name do not overlap.
[[nodiscard]] std::vector<PodSpan> pod_spans(const scenario::RunLog& log);

}  // namespace stsim::report
