#include "update_loop.hpp"

#include "policy_plan.hpp"
#include "policy_view.hpp"

#include <stsim/policy/policies.hpp>

namespace stsim::controllers::statefulset {

namespace {

/// Asks the policy once. Gives PolicyPlan::log().
Digest decide_once(const LoopInput& input, Plan& plan) {
  PolicyView view(input);
  PolicyPlan asked(input, view, plan);
  input.policy.decide(view.functions(), asked.functions());
  asked.finish();
  return asked.log();
}

}  // namespace

void run_update_loop(const LoopInput& input, Plan& plan) {
  if (input.policy.is_built_in()) {
    decide_once(input, plan);
    return;
  }
  Plan second = plan;
  const Digest first = decide_once(input, plan);
  if (!plan.misconduct && (decide_once(input, second) != first || second.misconduct)) {
    plan.misconduct = Misconduct{"asked twice at one instant, it has decided differently", "POL-3"};
  }
  if (plan.misconduct) {
    plan.groups.clear();
    plan.status.reset();
    plan.waits.clear();
    plan.again.clear();
    plan.kept.reset();
  }
}

}  // namespace stsim::controllers::statefulset
