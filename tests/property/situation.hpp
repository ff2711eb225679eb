#pragma once
// Situations in which a StatefulSet controller can find a set and its pods, small enough to go
// through all of them.

#include "support/cluster.hpp"

#include <optional>
#include <string>
#include <vector>

namespace stsim::test {

/// What a pod looks like to the controller.
enum class Look : unsigned char {
  Absent,
  Pending,
  Unready,
  Ready,
  Young,  ///< ready, but not for minReadySeconds
  TerminatingReady,
  TerminatingUnready,
  Failed,
  Succeeded,
  TerminatingFailed,
};

/// The revision that a pod was made at.
enum class At : unsigned char { Update, Current, None };

/// A pod of the set.
struct PodLook {
  Look look{};
  At at{};
};

/// What a set asks for.
struct SetLook {
  enum class Strategy : unsigned char { OnDelete, NoBlock, Block };
  int replicas{};
  int start{};
  bool parallel{};
  Strategy strategy{};
  int partition{};
  std::string max_unavailable{};  ///< as JSON; empty where it is not given
  int current_replicas{};         ///< status.currentReplicas, as the last sync has left it
  bool updating{true};            ///< whether the current revision is another one than the update
};

/// As a person would write it down.
[[nodiscard]] std::string to_string(const SetLook& set);
[[nodiscard]] std::string to_string(const PodLook& pod);

/// For how long a pod must be ready to be available, in every situation.
inline constexpr int kMinReadySeconds = 30;

/// A cluster with the set `web` and its pods, of which the set can be changed again and again.
class Scene {
 public:
  /// A set without pods, with an old and a new revision of its template.
  explicit Scene(const api::Features& features);

  /// Adds the pod of an ordinal.
  void add(int ordinal, const PodLook& pod);

  /// The set that a look means, to be worn as often as need be.
  [[nodiscard]] api::Object tailor(const SetLook& look) const;
  /// Makes the set look like that.
  void wear(const api::Object& set);

  [[nodiscard]] const std::string& old_revision() const { return old_; }
  [[nodiscard]] const std::string& new_revision() const { return new_; }

  Cluster cluster;

 private:
  std::string old_;
  std::string new_;
};

/// What is wrong about the calls of one sync (as SyncSummary has them), whatever the details of the
/// rules: what upstream's own tests require of every step of a set, monotonic or burst. Pods stand
/// by ordinal from 0.
[[nodiscard]] std::vector<std::string> broken_invariants(const api::Features& features,
                                                         const SetLook& set,
                                                         const std::vector<PodLook>& pods,
                                                         const Scene& scene,
                                                         const std::vector<std::string>& calls);

}  // namespace stsim::test
