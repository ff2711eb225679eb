#pragma once
// A run kept whole, for those who have to look at it from more than one end: pictures, exports,
// pages and questions.

#include <stsim/engine/trace.hpp>
#include <stsim/scenario/runner.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace stsim::scenario {

/// One step as it was taken.
struct LoggedStep {
  StepResult result;  ///< with its prompt
  SimTime begun;
  SimTime ended;
  engine::TraceId record{};  ///< that tells of its beginning
  bool command{};            ///< something that the user does, and no expectation or pause
};

/// Keeps everything that a run tells.
class RunLog : public RunObserver {
 public:
  void record(const engine::TraceRecord& record) override;
  void run_begins(const world::World& world) override;
  void step_begins(const Step& step, const std::string& prompt, const world::World& world) override;
  void step_ends(const Step& step, const StepResult& result, const world::World& world) override;
  void run_ends(const RunSummary& summary, const world::World& world) override;

  /// What was there before anything was done: of a cluster that is taken over, all of it.
  [[nodiscard]] const std::vector<api::ObjectPtr>& start() const { return start_; }
  /// All records: that of id n stands at n - 1.
  [[nodiscard]] const std::vector<engine::TraceRecord>& records() const { return records_; }
  /// The record of an id. Pre: there is one.
  [[nodiscard]] const engine::TraceRecord& of(engine::TraceId id) const { return records_[id - 1]; }
  [[nodiscard]] const std::vector<LoggedStep>& steps() const { return steps_; }
  [[nodiscard]] const RunSummary& summary() const { return summary_; }
  /// The time of the last record, or of the end of the last step if that is later.
  [[nodiscard]] SimTime end() const { return end_; }

 private:
  std::vector<api::ObjectPtr> start_;
  std::vector<engine::TraceRecord> records_;
  std::vector<LoggedStep> steps_;
  RunSummary summary_;
  SimTime end_{kStartOfTime};
};

}  // namespace stsim::scenario
