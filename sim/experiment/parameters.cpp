// What is varied of StatefulSets.
#include <fmt/format.h>
#include <stsim/api/yaml.hpp>
#include <stsim/experiment/sweep.hpp>
#include <stsim/scenario/files.hpp>

#include <algorithm>
#include <array>

namespace stsim::experiment {

namespace {

using api::Json;

struct Known {
  std::string_view name;
  std::string_view pointer;
};
constexpr std::array kKnown{
    Known{"maxUnavailable", "/spec/updateStrategy/rollingUpdate/maxUnavailable"},
    Known{"minReadySeconds", "/spec/minReadySeconds"},
    Known{"partition", "/spec/updateStrategy/rollingUpdate/partition"},
    Known{"podManagementPolicy", "/spec/podManagementPolicy"},
    Known{"replicas", "/spec/replicas"},
    Known{"terminationGracePeriodSeconds", "/spec/template/spec/terminationGracePeriodSeconds"},
    Known{"updateStrategy", "/spec/updateStrategy/type"},
};
constexpr std::array kNames = [] {
  std::array<std::string_view, kKnown.size()> out{};
  std::ranges::transform(kKnown, out.begin(), &Known::name);
  return out;
}();

Json::json_pointer pointer_of(const std::string& name) {
  const auto* const known = std::ranges::find(kKnown, std::string_view(name), &Known::name);
  return Json::json_pointer(known == kKnown.end() ? name : std::string(known->pointer));
}

/// A step's manifests stand in the step from now on, and not in files.
Result<void, std::string> take_in(scenario::ManifestStep& step,
                                  const std::filesystem::path& folder) {
  for (const std::string& path : step.paths) {
    for (const std::string& file : scenario::manifest_files(folder, path, false)) {
      const auto text = scenario::read_file(folder / file);
      if (!text) {
        return tl::unexpected(fmt::format("{} cannot be read", file));
      }
      api::Manifests manifests = api::read_manifests(*text);
      if (!manifests.error.empty()) {
        return tl::unexpected(fmt::format("{}: {}", file, manifests.error));
      }
      std::ranges::move(manifests.documents, std::back_inserter(step.manifests));
    }
  }
  step.paths.clear();
  return {};
}

bool is_set(const Json& manifest) {
  return manifest.is_object() && manifest.value("kind", "") == "StatefulSet";
}

}  // namespace

std::span<const std::string_view> parameter_names() {
  return kNames;
}

std::string to_string(const Choice& choice) {
  std::string out;
  for (const auto& [name, value] : choice) {
    out += fmt::format("{}{}={}",
                       out.empty() ? "" : " ",
                       name,
                       value.is_string() ? value.get<std::string>() : value.dump());
  }
  return out;
}

std::vector<Choice> choices(const std::vector<Parameter>& parameters) {
  std::vector<Choice> out(1);
  for (const Parameter& parameter : parameters) {
    std::vector<Choice> longer;
    for (const Choice& choice : out) {
      for (const Json& value : parameter.values) {
        longer.push_back(choice);
        longer.back().emplace_back(parameter.name, value);
      }
    }
    out = std::move(longer);
  }
  return out;
}

Result<scenario::Scenario, std::string> with_choice(scenario::Scenario scenario,
                                                    const Choice& choice) {
  if (choice.empty()) {
    return scenario;
  }
  bool any = false;
  for (scenario::Step& step : scenario.steps) {
    auto* manifests = std::get_if<scenario::ManifestStep>(&step.action);
    if (manifests == nullptr) {
      continue;
    }
    if (auto taken = take_in(*manifests, scenario.folder); !taken) {
      return tl::unexpected(std::move(taken.error()));
    }
    for (Json& manifest : manifests->manifests) {
      if (!is_set(manifest)) {
        continue;
      }
      any = true;
      for (const auto& [name, value] : choice) {
        manifest[pointer_of(name)] = value;
      }
    }
  }
  if (!any) {
    return tl::unexpected(std::string("no step of the scenario makes a StatefulSet"));
  }
  return scenario;
}

}  // namespace stsim::experiment
