#pragma once
// Runs scenarios: each step against the world, one after the other.

#include <stsim/check/watchdog.hpp>
#include <stsim/engine/trace.hpp>
#include <stsim/kubectl/kubectl.hpp>
#include <stsim/scenario/scenario.hpp>
#include <stsim/world/world.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace stsim::scenario {

/// What became of a step.
struct StepResult {
  std::string prompt;                     ///< `kubectl get pods`; for other steps what they do
  std::optional<kubectl::Output> output;  ///< of steps that print
  bool recorded_output{};                 ///< whether recordings have it: kubectl, apply and create
  std::optional<std::vector<std::pair<std::string, std::string>>>
      moved;                             ///< of a settle in stepped mode
  std::vector<std::string> notes;        ///< of a look-up: who has answered, and how old that is
  std::string error;                     ///< why a pod or node step, or a rest, did not come about
  std::vector<std::string> differences;  ///< of an expectation that does not hold
};

/// How a run ended.
struct RunSummary {
  std::size_t steps{};
  std::size_t refused{};         ///< commands with an exit status other than 0, whoever refused
  std::size_t failed{};          ///< expectations that do not hold
  std::size_t without_effect{};  ///< steps with StepResult::error
  std::string broken;  ///< the guarantee that was broken, and what led there; the run ends with it
  std::map<std::string_view, check::Repeated> others;  ///< hopes that were broken, and notices
  bool cut_short{};  ///< whether Settings::most_events ended it in the last of its steps
  SimDuration virtual_time{};

  /// Whether all expectations and guarantees hold, and the run came to its end.
  [[nodiscard]] bool holds() const { return failed == 0 && broken.empty() && !cut_short; }
};

/// Whoever wants to see a run. Everything comes in order; the world is as it stands at that moment.
class RunObserver : public engine::TraceSink {
 public:
  /// The cluster before anything is done to it; what it is made with was told of before.
  virtual void run_begins(const world::World& /*world*/) {}
  /// Before a step is taken. `prompt` is what it does, as a command line or in words.
  virtual void step_begins(const Step& /*step*/,
                           const std::string& /*prompt*/,
                           const world::World& /*world*/) {}
  /// After a step and all that follows from it at once.
  virtual void step_ends(const Step& /*step*/,
                         const StepResult& /*result*/,
                         const world::World& /*world*/) {}
  /// After the last step.
  virtual void run_ends(const RunSummary& /*summary*/, const world::World& /*world*/) {}
};

/// Looks away: of whoever wants to know only what becomes of the cluster.
class Unobserved : public RunObserver {
 public:
  void record(const engine::TraceRecord& /*record*/) override {}
};

/// The settings that a scenario asks for.
[[nodiscard]] std::shared_ptr<const world::Settings> settings_of(const Scenario& scenario);

/// Runs a scenario from its beginning to its end, in a cluster with its own settings or with those
/// given. What the API server refuses is part of the story; the run ends early only where an
/// expectation does not hold or a guarantee is broken, or after Settings::most_events.
RunSummary run(const Scenario& scenario, RunObserver& observer);
RunSummary run(const Scenario& scenario,
               RunObserver& observer,
               std::shared_ptr<const world::Settings> settings);

}  // namespace stsim::scenario
