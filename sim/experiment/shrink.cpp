#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/api/yaml.hpp>
#include <stsim/experiment/shrink.hpp>
#include <stsim/scenario/files.hpp>
#include <stsim/scenario/load.hpp>
#include <stsim/scenario/runner.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <variant>
#include <vector>

namespace stsim::experiment {

namespace {

using api::Json;

/// Words that differ from run to run are left out: `+3.010s` and everything behind the first line.
std::string without_times(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (!word.starts_with('+')) {
      out += (out.empty() ? "" : " ") + std::string(word);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

/// What was found in place of what was expected; of an object only that it is there.
std::string found(std::string_view difference) {
  difference = difference.substr(0, difference.find('\n'));
  const std::size_t begin = difference.find("found {");
  return std::string(difference.substr(0, begin == std::string_view::npos ? begin : begin + 6));
}

/// Of the objects that a condition over time names, those that are there: without it, a story in
/// which nothing is ever made would break the same. `difference` ends with the condition.
std::string there_of(std::string_view difference, const world::World& world) {
  const std::size_t begin = difference.find('{');
  const Json condition =
      begin == std::string_view::npos
          ? Json()
          : Json::parse(difference.substr(begin, difference.find('\n') - begin), nullptr, false);
  std::string out;
  if (!condition.is_object()) {
    return out;
  }
  for (const api::KindInfo& kind : api::kinds()) {
    const bool counted = kind.kind == api::Kind::StatefulSet;
    for (const std::string_view key : {kind.plural, std::string_view(counted ? "counts" : "")}) {
      const Json& names = api::member(condition, key);
      if (!names.is_object()) {
        continue;
      }
      for (const auto& [name, unused] : names.items()) {
        const std::string ns = kind.namespaced ? api::kDefaultNamespace : "";
        if (world.store.find(api::ObjectKey{kind.kind, ns, name}) != nullptr) {
          out += fmt::format(" {}/{} is there", kind.plural, name);
        }
      }
    }
  }
  return out;
}

/// Notes the first step that fails, and how.
class FailureWatch : public scenario::RunObserver {
 public:
  void record(const engine::TraceRecord& /*record*/) override {}
  void step_ends(const scenario::Step& step,
                 const scenario::StepResult& result,
                 const world::World& world) override {
    if (!failed_ && !result.differences.empty()) {
      // One over time may fail behind other steps: its own words tell it apart.
      const bool timed = !std::holds_alternative<scenario::ExpectStep>(step.action);
      failed_ = timed ? without_times(result.differences.front()) +
                            there_of(result.differences.front(), world)
                      : step.source.dump() + " " + found(result.differences.front());
    }
  }
  [[nodiscard]] const std::optional<std::string>& failed() const { return failed_; }

 private:
  std::optional<std::string> failed_;
};

/// `+2.0s SS-112: under OrderedReady …` is about `SS-112`.
std::string source_of(std::string_view broken) {
  const std::string text = without_times(broken);
  return text.substr(0, text.find(':'));
}

/// One part of a document: the keys and places that lead to it.
using Path = std::vector<std::variant<std::string, std::size_t>>;

Json* at(Json& document, const Path& path) {
  Json* here = &document;
  for (const auto& part : path) {
    if (const auto* key = std::get_if<std::string>(&part)) {
      if (!here->is_object() || !here->contains(*key)) {
        return nullptr;
      }
      here = &(*here)[*key];
    } else {
      const std::size_t place = std::get<std::size_t>(part);
      if (!here->is_array() || place >= here->size()) {
        return nullptr;
      }
      here = &(*here)[place];
    }
  }
  return here;
}

/// The parts of a document, each before the parts of it; the last ones of a list come first, so
/// that places of those before stay as they are when one is taken away.
void add_paths(const Json& value, Path& prefix, std::vector<Path>& out) {
  const auto add = [&](auto part, const Json& member) {
    prefix.emplace_back(part);
    out.push_back(prefix);
    add_paths(member, prefix, out);
    prefix.pop_back();
  };
  if (value.is_object()) {
    for (const auto& [key, member] : value.items()) {
      add(key, member);
    }
  } else if (value.is_array()) {
    for (std::size_t i = value.size(); i-- > 0;) {
      add(i, value[i]);
    }
  }
}

std::vector<Path> paths_of(const Json& document) {
  std::vector<Path> out;
  Path prefix;
  add_paths(document, prefix, out);
  return out;
}

void take_away(Json& document, const Path& path) {
  Path parent = path;
  const auto last = parent.back();
  parent.pop_back();
  if (Json* of = at(document, parent)) {
    if (const auto* key = std::get_if<std::string>(&last)) {
      of->erase(*key);
    } else {
      of->erase(std::get<std::size_t>(last));
    }
  }
}

class Shrinker {
 public:
  explicit Shrinker(const Shrinking& task) : task_(task), best_(task.document) {}

  Shrunk run() {
    take_manifests_in();
    bool better = true;
    while (better && !exhausted()) {
      better = drop_steps();
      better = drop_parts() || better;
      better = lower_numbers() || better;
    }
    return {std::move(best_), runs_, !exhausted()};
  }

 private:
  [[nodiscard]] bool exhausted() const { return runs_ >= task_.most_runs; }

  /// Takes a document in place of the best one, if it breaks the same.
  bool accept(Json candidate) {
    if (exhausted()) {
      return false;
    }
    const auto scenario = scenario::load_scenario_text(candidate.dump(), "scenario", task_.folder);
    if (!scenario) {
      return false;
    }
    ++runs_;
    const bool same = failure_of(*scenario) == task_.failure;
    if (same) {
      best_ = std::move(candidate);
    }
    if (task_.progress) {
      task_.progress(runs_, size_of(best_));
    }
    return same;
  }

  /// Manifests in files cannot be made smaller: they stand in the steps from now on.
  void take_manifests_in() {
    Json candidate = best_;
    for (Json& step : candidate["steps"]) {
      for (const char* verb : {"apply", "create"}) {
        if (!step.is_object() || !step.contains(verb)) {
          continue;
        }
        Json paths = step[verb];
        if (paths.is_string()) {
          paths = Json::array({paths});
        }
        const bool all_paths = paths.is_array() && std::ranges::all_of(paths, [](const Json& path) {
                                 return path.is_string();
                               });
        if (!all_paths) {
          continue;
        }
        Json manifests = Json::array();
        for (const Json& path : paths) {
          for (const std::string& file :
               scenario::manifest_files(task_.folder, path.get<std::string>(), false)) {
            const auto text = scenario::read_file(task_.folder / file);
            for (Json& manifest : api::read_manifests(text.value_or("")).documents) {
              manifests.push_back(std::move(manifest));
            }
          }
        }
        step[verb] = std::move(manifests);
      }
    }
    accept(std::move(candidate));
  }

  /// Delta debugging: first large parts of the story, then smaller ones.
  bool drop_steps() {
    bool better = false;
    for (std::size_t size = std::max<std::size_t>(1, best_["steps"].size() / 2); size > 0;
         size /= 2) {
      for (std::size_t end = best_["steps"].size(); end > 0 && !exhausted();) {
        const std::size_t begin = end - std::min(end, size);
        Json candidate = best_;
        Json& steps = candidate["steps"];
        const auto place = [&steps](std::size_t i) {
          return steps.begin() + static_cast<Json::difference_type>(i);
        };
        steps.erase(place(begin), place(end));
        better = accept(std::move(candidate)) || better;
        end = begin;
      }
    }
    return better;
  }

  bool drop_parts() {
    bool better = false;
    for (const Path& path : paths_of(best_)) {
      Json candidate = best_;
      if (at(candidate, path) == nullptr) {
        continue;  // gone with something around it
      }
      take_away(candidate, path);
      better = accept(std::move(candidate)) || better;
    }
    return better;
  }

  bool lower_numbers() {
    bool better = false;
    for (const Path& path : paths_of(best_)) {
      const Json* value = at(best_, path);
      if (value == nullptr || !value->is_number_integer() || value->get<std::int64_t>() <= 0) {
        continue;
      }
      const auto number = value->get<std::int64_t>();
      for (const std::int64_t smaller : {std::int64_t{0}, number / 2, number - 1}) {
        Json candidate = best_;
        *at(candidate, path) = smaller;
        if (smaller < number && accept(std::move(candidate))) {
          better = true;
          break;
        }
      }
    }
    return better;
  }

  const Shrinking& task_;
  Json best_;
  std::size_t runs_{};
};

}  // namespace

std::optional<std::string> failure_of(const scenario::Scenario& scenario) {
  FailureWatch watch;
  const scenario::RunSummary summary = scenario::run(scenario, watch);
  if (!summary.broken.empty()) {
    return "guarantee " + source_of(summary.broken);
  }
  if (watch.failed()) {
    return "expectation " + *watch.failed();
  }
  return summary.cut_short ? std::optional<std::string>("no end") : std::nullopt;
}

Result<api::Json> document_of(const std::filesystem::path& file) {
  const auto scenario = scenario::load_scenario(file);
  if (!scenario) {
    return tl::unexpected(scenario.error());
  }
  const auto text = scenario::read_file(file);
  const auto documents = api::load_yaml(text.value_or(""), file.string());
  if (!documents) {
    return tl::unexpected(documents.error());
  }
  auto document = documents->front().json();
  if (!document) {
    return tl::unexpected(UserErrors{{{file.string(), 0, 0}, document.error(), "", ""}});
  }
  // As a number, release 1.30 would be 1.3. A matrix is for more runs than one.
  if (document->contains("kubernetes")) {
    (*document)["kubernetes"] = to_string(scenario->kubernetes);
  }
  document->erase("matrix");
  return *std::move(document);
}

Shrunk shrink(const Shrinking& task) {
  return Shrinker(task).run();
}

std::size_t size_of(const api::Json& document) {
  return 1 + paths_of(document).size();
}

}  // namespace stsim::experiment
