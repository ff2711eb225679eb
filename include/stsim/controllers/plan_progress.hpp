#pragma once
// How a plan is walked through: which call is next, which API Events are told after which outcome,
// what an error does to the rest, and why the sync fails at the end. Whoever carries a plan out
// makes its calls and writes its status, and decides nothing of this.

#include <stsim/controllers/plan.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace stsim::controllers {

/// How far a plan has been carried out. A value apart from its plan, which each function is given.
/// Each that moves on returns the API Events that are told now, in order, their messages complete.
struct PlanProgress {
  /// What is done next.
  enum class Stage : unsigned char {
    Groups,      ///< next_call(), of Plan::groups
    Status,      ///< the status, for which `succeeded` is complete now
    Afterwards,  ///< next_call(), of Plan::afterwards
    Done,        ///< nothing: the sync has ended
  };
  Stage stage{Stage::Groups};
  std::size_t group{};
  std::size_t call{};               ///< of the group
  std::vector<std::string> errors;  ///< of the group under way
  bool goes_on{};                   ///< whether the rest of the group is done despite `errors`
  bool quiet{};                     ///< whether the group's failure is told by no API Event
  std::vector<bool> succeeded;      ///< by group
  std::string failure;              ///< of the sync: its first; empty as long as all goes well
  int last_batch{-1};               ///< after a Stop: the batch that is still done
  int repair_attempts{};  ///< counted by who makes the calls: conflicts that the repair of the
                          ///< group's pod has met, SS-118

  /// Goes to the first thing to be done. Pre: nothing was done yet.
  std::vector<EventText> begin(const Plan& plan);

  /// The call to be made now; null where no call is next.
  [[nodiscard]] const Call* next_call(const Plan& plan) const;

  /// Takes in what became of next_call().
  std::vector<EventText> call_ended(const Plan& plan, const store::WriteResult& result);

  /// Goes back to the first call of the group under way, whose calls are others in `changed`.
  std::vector<EventText> calls_changed(const Plan& changed);

  /// Goes on behind Stage::Status. `error`: why the status could not be written, or "".
  std::vector<EventText> status_ended(const Plan& plan, const std::string& error);

  bool operator==(const PlanProgress&) const = default;

 private:
  void call_failed(const Call& made, const api::ApiError& error, std::vector<EventText>& events);
  std::vector<EventText> go_on(const Plan& plan, std::vector<EventText> events);
  void end_group(const Group& ended, std::vector<EventText>& events);
  void group_failed(const Group& ended, std::vector<EventText>& events);
  void enter(Stage next);
};

}  // namespace stsim::controllers
