#pragma once
// Shells for these tests.

#include <fmt/format.h>
#include <stsim/scenario/load.hpp>
#include <stsim/scenario/session.hpp>
#include <stsim/shell/shell.hpp>
#include <stsim/world/difference.hpp>

#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace stsim::test {

/// A set `web` of so many pods, as a step of a scenario.
inline std::string web_step(int replicas) {
  return fmt::format(
      "apply: {{apiVersion: apps/v1, kind: StatefulSet, metadata: {{name: web}}, spec: "
      "{{serviceName: web, replicas: {}, selector: {{matchLabels: {{app: web}}}}, template: "
      "{{metadata: {{labels: {{app: web}}}}, spec: {{containers: [{{name: web, image: "
      "\"web:v1\"}}]}}}}}}}}",
      replicas);
}

inline std::shared_ptr<const scenario::Scenario> cluster_of(std::string_view text,
                                                            std::string_view file = "") {
  auto loaded = scenario::load_scenario_text(text, file, "");
  if (!loaded) {
    throw std::runtime_error(to_string(loaded.error()));
  }
  return std::make_shared<const scenario::Scenario>(*std::move(loaded));
}

/// A shell of a bare cluster.
inline shell::Shell bare_shell(shell::ShellOptions options = {}) {
  return {cluster_of("scenario: bare\nsteps: []\n"), std::move(options)};
}

/// One in which a set `web` of three pods is ready.
inline shell::Shell web_shell(shell::ShellOptions options = {}) {
  shell::Shell out = bare_shell(std::move(options));
  if (out.enter(web_step(3)).exit != 0 || out.enter("until sts web complete").exit != 0) {
    throw std::runtime_error("the set does not come up");
  }
  return out;
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// A folder of its own that is gone afterwards.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "stsim-shell-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      throw std::runtime_error("no temporary folder");
    }
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
    return path_ / name;
  }
  void write(std::string_view name, std::string_view text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }

 private:
  std::filesystem::path path_;
};

/// Says nothing of what happens.
class Nobody : public scenario::RunObserver {
 public:
  void record(const engine::TraceRecord& /*record*/) override {}
};

/// The world that a scenario leads to, with settings of its own or with those given.
inline world::World replayed(const scenario::Scenario& saved,
                             std::shared_ptr<const world::Settings> settings = nullptr) {
  Nobody nobody;
  const auto scenario = std::make_shared<const scenario::Scenario>(saved);
  scenario::Session session(
      scenario, settings ? std::move(settings) : scenario::settings_of(saved), nobody);
  for (const scenario::Step& step : saved.steps) {
    session.take(std::make_shared<const scenario::Step>(step), nobody);
  }
  return session.world();
}

/// Whether a saved scenario leads to the world of a session.
inline bool leads_to_the_same(const scenario::Scenario& saved, const shell::Shell& shell) {
  const world::World& here = shell.session().world();
  const auto written = [](const world::World& world) {
    return world::to_json(world, world::Form::Exact).dump();
  };
  // With settings of its own nothing that is written down differs, with the same ones nothing.
  return written(replayed(saved)) == written(here) &&
         world::same(replayed(saved, here.settings), here);
}

}  // namespace stsim::test
