#pragma once
// What is measured of a run: how long each change took, and how many pods served meanwhile.

#include <stsim/scenario/runner.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace stsim::experiment {

/// What follows from one step that changes something, until the next such step begins.
struct Phase {
  std::size_t step{};       ///< from 0
  std::string prompt;       ///< of the step
  SimDuration took{};       ///< until the last API write of anybody but the user
  std::int64_t lowest{};    ///< the fewest pods of StatefulSets that were available at once
  SimDuration below{};      ///< for how long fewer were available than Meter's `enough`
  std::int64_t restarts{};  ///< of containers
  std::int64_t replaced{};  ///< pods that were deleted
};

/// Measures a run. A pod is available if it has been Ready for its set's minReadySeconds and is not
/// on its way out. What of a phase is still going on when the run ends is cut off there.
class Meter : public scenario::RunObserver {
 public:
  /// So many available pods are enough; 0: as many as the sets want at that time.
  explicit Meter(std::int64_t enough = 0) : enough_(enough) {}
  /// Of these sets alone.
  explicit Meter(std::set<api::ObjectKey> sets) : enough_(0), only_(std::move(sets)) {}

  void record(const engine::TraceRecord& record) override;
  void run_begins(const world::World& world) override;
  void step_begins(const scenario::Step& step,
                   const std::string& prompt,
                   const world::World& world) override;
  void run_ends(const scenario::RunSummary& summary, const world::World& world) override;

  [[nodiscard]] const std::vector<Phase>& phases() const { return phases_; }

 private:
  void begin_phase(SimTime now);
  void pass(SimTime now);
  void see_pod(const api::Object* before, const api::Object* after, SimTime since);
  void count_set(const api::Object* set, int by);
  void see_min_ready(const api::Object& set, SimTime now);

  [[nodiscard]] bool is_measured(const api::ObjectKey& set) const;

  std::int64_t enough_;
  std::optional<std::set<api::ObjectKey>> only_;
  std::vector<Phase> phases_;
  std::size_t steps_{};
  std::string prompt_;  ///< of the step under way
  SimTime step_begun_;
  bool acted_{};    ///< whether the step under way has begun a phase
  SimTime begun_;   ///< of the last phase
  SimTime passed_;  ///< until when it is measured
  /// A pod that is Ready and not on its way out.
  struct Ready {
    SimTime since;
    api::Uid set;
    bool available{};
  };
  void set_due(const api::Uid& pod, Ready& ready, SimTime now);

  std::map<api::Uid, Ready> ready_;
  std::int64_t available_{};                    ///< how many of them are available
  std::set<std::pair<SimTime, api::Uid>> due_;  ///< the others, by when they will be
  std::map<api::Uid, SimDuration> min_ready_;   ///< by set
  std::int64_t wanted_{};
};

}  // namespace stsim::experiment
