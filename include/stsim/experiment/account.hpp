#pragma once
// A run told step by step, as it is approved in reviews and compared with others: what was done,
// what was decided and by which rule, and how things stood then. Without times, on which nothing of
// that depends.

#include <stsim/experiment/measures.hpp>
#include <stsim/scenario/runner.hpp>

#include <string>
#include <utility>
#include <vector>

namespace stsim::experiment {

/// One thing that happened.
struct Happening {
  engine::TraceId record{};
  SimTime time;
  bool decides{};  ///< a controller or the scheduler decides it; a kubelet or a fault does not
  /// It follows from what else is told, or is seen in how things stand then: the steps of binding a
  /// claim, addresses of Services, counts of a status, what a kubelet does between its reports.
  bool chore{};
  /// Of an API write what is done, without the reasons: `statefulset-controller create pods web-1
  /// at web-7f9c`; "" of all else.
  std::string act;
  std::string line;  ///< `statefulset-controller: create pods web-1: web-1 is missing  [SS-115]`
};

/// How one object stands.
struct Standing {
  std::string object;  ///< `pod web-0`; outside namespace default `pod other/web-0`
  std::string line;    ///< `pod web-0: on node1, revision web-5d4f, Running, ready`; or that it is
                       ///< gone
};

/// One step, with all that happened before the next one began.
struct StepAccount {
  std::string prompt;                   ///< `$ kubectl get pods`, `# settle`
  std::vector<std::string> printed;     ///< line by line, what went wrong with it last
  std::vector<Happening> happened;      ///< in order
  std::vector<Standing> standing;       ///< of what is different from the step before, by kind
  std::vector<std::string> unexpected;  ///< what an expectation says that does not hold
  SimTime begun;
  SimTime ended;
};

/// A whole run.
struct Account {
  std::vector<StepAccount> steps;
  /// Names that controllers made up, in the order of their making, each with what stands for it
  /// where runs are compared: `web@1`, `web@2` for a set's revisions, `web@slice` for
  /// EndpointSlices. They depend on release (SS-80) and seed, which would hide all else.
  std::vector<std::pair<std::string, std::string>> made_up;
  std::vector<Phase> phases;  ///< measured as Meter does
  scenario::RunSummary summary;
};

/// The account with Account::made_up put in.
[[nodiscard]] Account without_made_up_names(Account account);

/// What does not hold in a run, each in some lines; none where all holds.
[[nodiscard]] std::vector<std::string> failures(const Account& account);

/// Runs a scenario and tells of it.
[[nodiscard]] Account account_of(const scenario::Scenario& scenario);

/// What led to one of its records, a line each: the run is told again for that.
[[nodiscard]] std::string because(const scenario::Scenario& scenario, engine::TraceId record);

/// How each StatefulSet, pod, claim, volume and revision stands: in the order of kinds, and of
/// names with numbers by value.
[[nodiscard]] std::vector<Standing> standings(const world::World& world);

}  // namespace stsim::experiment
