#include "api/recorded.hpp"

#include "support/catch.hpp"
#include "support/paths.hpp"

#include <stsim/api/yaml.hpp>

#include <fstream>

namespace stsim::test {

std::vector<api::Json> recording(std::string_view release, std::string_view name) {
  std::ifstream file(kRoot / "tests/conformance/recorded" / release /
                     (std::string(name) + ".jsonl"));
  std::vector<api::Json> steps;
  for (std::string line; std::getline(file, line);) {
    steps.push_back(api::Json::parse(line));
  }
  return steps;
}

std::string printed(const std::vector<api::Json>& steps, std::string_view command) {
  for (const api::Json& step : steps) {
    if (api::text(step.at("step"), "kubectl") == command) {
      return api::text(step.at("output"), "stdout");
    }
  }
  FAIL("nothing recorded for " << command);
  return "";
}

api::Json printed_document(const std::vector<api::Json>& steps, std::string_view command) {
  const api::Manifests found = api::read_manifests(printed(steps, command));
  REQUIRE(found.error.empty());
  REQUIRE(found.documents.size() == 1);
  return found.documents.front();
}

api::Json applied(const std::vector<api::Json>& steps, std::string_view kind) {
  for (const api::Json& step : steps) {
    const api::Json& manifests = api::member(step.at("step"), "apply");
    for (const api::Json& manifest : manifests.is_array() ? manifests : api::Json::array()) {
      if (api::text(manifest, "kind") == kind) {
        return manifest;
      }
    }
  }
  FAIL("no " << kind << " was applied");
  return {};
}

}  // namespace stsim::test
