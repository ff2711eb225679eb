/* A policy in C: it leaves all pods as they are, and says so. */
#include <stsim/policy/policy.h>
#include <string.h>

static stsim_text text(const char* words) {
  stsim_text out;
  out.data = words;
  out.size = strlen(words);
  return out;
}

static void decide(const stsim_view* view, const stsim_plan* plan) {
  if (view->next(view->host, STSIM_PODS_OUTDATED, 0) >= 0) {
    plan->wait(plan->host, -1, text("everything stays as it is"), text("FROZEN-1"));
  }
}

const stsim_policy* stsim_policy_entry(uint32_t abi) {
  static const stsim_policy kPolicy = {
      sizeof(stsim_policy), STSIM_POLICY_ABI, "frozen", "leaves all as it is", "1.34", 0, decide};
  return abi == STSIM_POLICY_ABI ? &kPolicy : 0;
}
