#pragma once
// A scenario under way: a cluster to which steps are taken one after the other, whoever thinks of
// them. Runs, shells and questions about what would help go on from such a moment.

#include <stsim/check/watchdog.hpp>
#include <stsim/engine/chooser.hpp>
#include <stsim/kubectl/kubectl.hpp>
#include <stsim/scenario/difference.hpp>
#include <stsim/scenario/runner.hpp>
#include <stsim/scenario/scenario.hpp>
#include <stsim/scenario/watches.hpp>
#include <stsim/world/client.hpp>
#include <stsim/world/world.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace stsim::scenario {

/// A cluster as it stands, and what of its story has to be remembered. A value: a copy goes on by
/// itself, and the same steps lead both to the same.
class Session {
 public:
  /// The cluster before anything is done to it; of the scenario everything counts but its steps.
  /// What the scenario and the settings are shared with lives as long as the session and its
  /// copies. Writes the trace's first records.
  Session(std::shared_ptr<const Scenario> scenario,
          std::shared_ptr<const world::Settings> settings,
          RunObserver& observer);

  [[nodiscard]] const world::World& world() const { return world_; }
  [[nodiscard]] const Scenario& scenario() const { return *scenario_; }
  [[nodiscard]] const RunSummary& summary() const { return summary_; }
  /// The steps that were taken, in order.
  [[nodiscard]] const std::vector<std::shared_ptr<const Step>>& taken() const { return taken_; }

  /// Whether more can be taken: no expectation has failed, no guarantee is broken, no policy has
  /// misbehaved, and events are left.
  [[nodiscard]] bool goes_on() const {
    return goes_on_ && !summary_.cut_short && summary_.broken.empty();
  }
  /// Whether time stands still at stop_at().
  [[nodiscard]] bool stopped() const { return stopped_; }

  /// What does not hold of an expectation as the session stands. Pre: it was checked as that of a
  /// scenario is when that is loaded.
  [[nodiscard]] std::vector<Difference> unmet(const ExpectStep& expectation) const;

  /// Takes a step, Scenario::pause at least after the one before has finished. With the last one of
  /// a run what its expectations over time wait for is waited for. Where the session stops in the
  /// middle of a step, the observer hears of no end, and nothing is counted. Pre: goes_on(), not
  /// stopped().
  StepResult take(std::shared_ptr<const Step> step, RunObserver& observer, bool last = false);

  /// From now on time stops as `halt` says; where it stands still, it goes on. What waits in the
  /// middle of a step gives up where time stops; the cluster itself goes on as if it had not.
  void stop_at(const world::Halt& halt);

  /// Tells all that has happened so far once more, from the beginning.
  void tell_again(RunObserver& observer) const;

  /// Says what the last step has come to be: one that was stopped in its middle, or behind which
  /// time has gone on by the calls below. Pre: a step was taken, and `step` in its place leads to
  /// where the session stands.
  void call_last(std::shared_ptr<const Step> step);

  /// Lets time pass up to an instant.
  void pass(SimTime until, RunObserver& observer);
  /// Lets time pass until nothing is left to happen.
  world::Rest rest(RunObserver& observer);
  /// Lets the next simulation event happen. Returns whether there is one.
  bool take_event(RunObserver& observer);

 private:
  class Taking;

  std::shared_ptr<const Scenario> scenario_;
  std::shared_ptr<const world::Settings> settings_;
  engine::SeededChooser chooser_;
  world::World world_;
  std::vector<std::shared_ptr<const Step>> taken_;
  Watches watches_;
  bool watching_{};  ///< whether there was ever anything in `watches_`
  check::Watchdog watchdog_;
  std::uint64_t looked_at_{};  ///< World::changes at the last rest that was looked at
  RunSummary summary_;
  bool goes_on_{true};
  world::Halt halt_;
  bool stopped_{};
  engine::TraceId record_{kFirstRecord};  ///< of the step, or of the accident in it
  std::optional<kubectl::Output> last_output_;
  std::optional<std::vector<std::pair<std::string, std::string>>> last_moved_;

  static constexpr engine::TraceId kFirstRecord = 1;
};

/// Whether a step is taken at a time of its own, a pause behind the one before. Expectations are
/// not.
[[nodiscard]] bool takes_time(const Step& step);
/// Whether all that a step does is to let time pass.
[[nodiscard]] bool passes_time(const Step& step);

/// What a step does, as a command line or in words: `kubectl get pods`, `settle`; with its name.
[[nodiscard]] std::string prompt_of(const Step& step);

}  // namespace stsim::scenario
