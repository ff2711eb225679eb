// Runs a scenario with the installed libraries.
#include <stsim/report/observers.hpp>
#include <stsim/scenario/load.hpp>

#include <iostream>

int main() {
  const auto scenario = stsim::scenario::load_scenario_text(R"(
scenario: outside
kubelet: stepped
steps:
- kubectl: create -f missing.yaml
- kubectl: get pods
- expect: {output: {contains: No resources found}}
)",
                                                            "outside.yaml",
                                                            ".");
  if (!scenario) {
    std::cerr << stsim::to_string(scenario.error());
    return 1;
  }
  const auto console = stsim::report::console(std::cout, {});
  const auto summary = stsim::scenario::run(*scenario, *console);
  return summary.steps == 3 && summary.refused == 1 && summary.failed == 0 ? 0 : 2;
}
