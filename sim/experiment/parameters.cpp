// What is varied of StatefulSets.
#include <fmt/format.h>
#include <stsim/api/yaml.hpp>
#include <stsim/experiment/sweep.hpp>
#include <stsim/scenario/files.hpp>

#include <algorithm>
#include <array>
#include <charconv>

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

std::string pointer_of(const std::string& name) {
  const auto* const known = std::ranges::find(kKnown, std::string_view(name), &Known::name);
  return known == kKnown.end() ? name : std::string(known->pointer);
}

/// The parts of a JSON pointer. RFC 6901.
std::vector<std::string> parts_of(std::string_view pointer) {
  std::vector<std::string> out;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);  // the slash
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    std::string part;
    for (std::size_t i = 0; i < end; ++i) {
      const bool escaped =
          pointer[i] == '~' && i + 1 < end && (pointer[i + 1] == '0' || pointer[i + 1] == '1');
      part += escaped ? (pointer[i + 1] == '0' ? '~' : '/') : pointer[i];
      i += escaped ? 1 : 0;
    }
    out.push_back(std::move(part));
    pointer.remove_prefix(end);
  }
  return out;
}

/// Puts a value at a place; mappings on the way are made where there are none.
Result<void, std::string> put(Json& manifest, const std::string& pointer, const Json& value) {
  Json* here = &manifest;
  for (const std::string& part : parts_of(pointer)) {
    if (here->is_array()) {
      std::size_t place = 0;
      const char* end = part.data() + part.size();
      const auto [stop, error] = std::from_chars(part.data(), end, place);
      if (error != std::errc() || stop != end || place >= here->size()) {
        return tl::unexpected(fmt::format("{}: the list has no item {}", pointer, part));
      }
      here = &(*here)[place];
    } else if (here->is_object() || here->is_null()) {
      here = &(*here)[part];
    } else {
      return tl::unexpected(fmt::format("{}: {} lies in what has no parts", pointer, part));
    }
  }
  *here = value;
  return {};
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
  return manifest.is_object() && api::text(manifest, "kind") == "StatefulSet";
}

/// The StatefulSets of a manifest, which may be a List.
std::vector<Json*> objects_of(Json& manifest) {
  std::vector<Json*> out;
  if (is_set(manifest)) {
    out.push_back(&manifest);
  } else if (manifest.is_object() && api::text(manifest, "kind") == "List" &&
             manifest.contains("items") && manifest["items"].is_array()) {
    for (Json& item : manifest["items"]) {
      if (is_set(item)) {
        out.push_back(&item);
      }
    }
  }
  return out;
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
      for (Json* object : objects_of(manifest)) {
        any = true;
        for (const auto& [name, value] : choice) {
          if (auto done = put(*object, pointer_of(name), value); !done) {
            return tl::unexpected(std::move(done.error()));
          }
        }
      }
    }
  }
  if (!any) {
    return tl::unexpected(
        std::string("no apply: or create: step of the scenario makes a StatefulSet"));
  }
  return scenario;
}

}  // namespace stsim::experiment
