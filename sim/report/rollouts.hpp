#pragma once
// In which order the pods of a set came to a revision. Private to the module.

#include "report/told_objects.hpp"

#include <stsim/report/pod_spans.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace stsim::report {

/// What a controller waited for, in words, and the rule.
struct WaitedFor {
  std::string text;
  std::string_view rule;
  bool operator==(const WaitedFor&) const = default;
};

/// A pod that a rollout has taken.
struct Taken {
  std::string pod;
  engine::TraceId record{};  ///< by which it was deleted, changed or, if it was not there, created
  SimTime at;
  std::optional<SimTime> created;  ///< the pod at the new revision
  std::optional<SimTime> ready;
  std::string state;  ///< how it is at the end
  Tone tone{};
  std::vector<WaitedFor> waited;  ///< since the one before was taken, in order
};

/// Something that the user did to the set, or to a pod of it, while the rollout went on.
struct Interference {
  engine::TraceId record{};
  SimTime at;
  std::string prompt;
};

/// How pods of a set came to one revision.
struct Rollout {
  api::ObjectKey set;
  std::string revision;      ///< empty if the controller has not named one
  engine::TraceId record{};  ///< the change of the template
  SimTime begun;
  std::string prompt;               ///< of the step that changed it
  std::int32_t partition_before{};  ///< when it began
  std::vector<Taken> taken;
  std::vector<Interference> interferences;
  std::vector<std::string> held;  ///< below the partition, at another revision, in order
  std::int32_t partition{};       ///< at the end
  std::vector<std::string> left;  ///< others at another revision, in order
  std::vector<WaitedFor> waits;   ///< what is waited for at the end, if there are `left`
};

/// All rollouts of the run, by set, in order. The first of a set is that in which it comes to be.
[[nodiscard]] std::vector<Rollout> rollouts(const scenario::RunLog& log, Instant at);

}  // namespace stsim::report
