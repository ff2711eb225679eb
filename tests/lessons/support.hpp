#pragma once
// Small lessons for the tests.

#include "support/catch.hpp"

#include <fmt/format.h>
#include <stsim/lessons/load.hpp>

#include <string>

namespace stsim::lessons::test {

/// The errors of a lesson's text, as users see them.
inline std::string errors_of(const std::string& text, const std::string& file = "1-small.yaml") {
  const auto loaded = load_lesson_text(text, file);
  return loaded ? "" : to_string(loaded.error());
}

/// A lesson of these parts about a set `web` of three pods that is there and at rest.
inline Lesson lesson_of(const std::string& parts, const std::string& more = "") {
  const std::string text = fmt::format(R"(lesson: small
title: {{en: Small, zh: 小}}
{}setup:
- apply:
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {{name: web}}
    spec:
      serviceName: web
      replicas: 3
      selector: {{matchLabels: {{app: web}}}}
      template:
        metadata: {{labels: {{app: web}}}}
        spec: {{containers: [{{name: web, image: "web:v1"}}]}}
- settle: {{}}
parts:
{})",
                                       more,
                                       parts);
  auto loaded = load_lesson_text(text, "1-small.yaml");
  INFO((loaded ? "" : to_string(loaded.error())));
  REQUIRE(loaded);
  return *std::move(loaded);
}

/// A part that asks what these steps lead to.
inline std::string question(const std::string& steps, const std::string& answer) {
  return fmt::format(
      "- predict:\n    question: {{en: \"What?\", zh: 什么？}}\n    steps: [{}]\n    {}\n",
      steps,
      answer);
}

}  // namespace stsim::lessons::test
