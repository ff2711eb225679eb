#pragma once
// The built-in policies' functions. Private to the module.

#include <stsim/policy/policy.hpp>

namespace stsim::policy {

/// Of kube-controller-manager, by the release that the view names.
void decide_upstream(const View& view, Plan& plan);

/// Of OpenKruise. Rules: OP-40 to OP-44, OP-46, OP-50 to OP-53.
void decide_openkruise(const View& view, Plan& plan);

/// Of pingcap/advanced-statefulset. Rules: OP-71 to OP-75.
void decide_delete_slots(const View& view, Plan& plan);

}  // namespace stsim::policy
