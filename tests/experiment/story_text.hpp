#pragma once
// Scenarios for these tests, as texts.

#include <fmt/format.h>
#include <stsim/scenario/load.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace stsim::test {

/// A set `web` of so many pods comes up, followed by further steps.
inline std::string web_story(int replicas,
                             std::string_view steps = "",
                             std::string_view head = "",
                             std::string_view spec = "") {
  return fmt::format(R"(scenario: story
{}steps:
- apply:
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {{name: web}}
    spec:
      serviceName: web
      replicas: {}
{}      selector: {{matchLabels: {{app: web}}}}
      template:
        metadata: {{labels: {{app: web}}}}
        spec: {{containers: [{{name: web, image: "web:v1"}}]}}
- settle: {{}}
{})",
                     head,
                     replicas,
                     spec,
                     steps);
}

/// The scenario of a text, which has to be right.
inline scenario::Scenario scenario_of(std::string_view text,
                                      const std::filesystem::path& file = "story.yaml") {
  auto loaded = scenario::load_scenario_text(text, file.string(), ".");
  if (!loaded) {
    throw std::runtime_error(to_string(loaded.error()));
  }
  return *std::move(loaded);
}

}  // namespace stsim::test
