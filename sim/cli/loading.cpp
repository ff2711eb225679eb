#include "cli/loading.hpp"

#include <fmt/format.h>
#include <stsim/api/json_parse.hpp>
#include <stsim/policy/policies.hpp>
#include <stsim/scenario/load.hpp>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <set>

namespace stsim::cli {

namespace {

UserError not_written(const std::filesystem::path& path) {
  return {{path.string(), 0, 0}, "cannot be written", "choose another place", ""};
}

/// Makes the folders that a file lies in, and opens it.
Result<std::ofstream> opened(const std::filesystem::path& path, std::ios::openmode mode) {
  std::error_code ignored;
  if (path.has_parent_path()) {
    std::filesystem::create_directories(path.parent_path(), ignored);
  }
  std::ofstream stream(path, mode);
  if (!stream) {
    return tl::unexpected(UserErrors{not_written(path)});
  }
  return stream;
}

}  // namespace

Result<std::vector<scenario::Scenario>> load_scenarios(
    std::span<const std::filesystem::path> arguments) {
  auto files = scenario::find_scenarios(arguments);
  if (!files) {
    return tl::unexpected(files.error());
  }
  std::vector<scenario::Scenario> out;
  UserErrors errors;
  for (const std::filesystem::path& file : *files) {
    auto loaded = scenario::load_scenario(file);
    if (loaded) {
      out.push_back(*std::move(loaded));
    } else {
      errors.insert(errors.end(), loaded.error().begin(), loaded.error().end());
    }
  }
  if (!errors.empty()) {
    return tl::unexpected(std::move(errors));
  }
  return out;
}

Result<scenario::Scenario> load_one(const std::vector<std::string>& files,
                                    std::string_view command) {
  if (files.size() != 1) {
    return tl::unexpected(UserErrors{wrong(fmt::format("stsim {} takes one scenario", command))});
  }
  const std::vector<std::filesystem::path> paths(files.begin(), files.end());
  auto all = load_scenarios(paths);
  if (!all) {
    return tl::unexpected(std::move(all.error()));
  }
  if (all->size() != 1) {
    return tl::unexpected(
        UserErrors{wrong(fmt::format("stsim {} takes one scenario, not a folder", command))});
  }
  return std::move(all->front());
}

Result<std::ofstream> open_output(const std::filesystem::path& path) {
  return opened(path, std::ios::binary);
}

UserErrors not_writable(const std::filesystem::path& path) {
  std::error_code ignored;
  std::filesystem::path nearest = path;  // the folder in which others would be made
  while (!std::filesystem::exists(nearest, ignored)) {
    nearest =
        nearest.has_parent_path() && nearest != nearest.parent_path() ? nearest.parent_path() : ".";
  }
  const bool folder = std::filesystem::is_directory(nearest, ignored);
  const bool fits = folder == (nearest != path);
  return fits && access(nearest.c_str(), W_OK) == 0 ? UserErrors() : UserErrors{not_written(path)};
}

UserErrors overwritten(std::span<const std::filesystem::path> outputs,
                       std::span<const scenario::Scenario> scenarios) {
  UserErrors out;
  std::error_code ignored;
  std::set<std::filesystem::path> taken;
  for (const std::filesystem::path& path : outputs) {
    if (path.empty()) {
      continue;
    }
    if (std::ranges::any_of(scenarios, [&](const scenario::Scenario& scenario) {
          return std::filesystem::equivalent(scenario.file, path, ignored);
        })) {
      out.push_back({{path.string(), 0, 0},
                     "this is a scenario of the run, which would be lost",
                     "name another file to write to",
                     ""});
    } else if (!taken.insert(std::filesystem::weakly_canonical(path, ignored)).second) {
      out.push_back({{path.string(), 0, 0},
                     "two things would be written to this file",
                     "name a file for each",
                     ""});
    }
  }
  return out;
}

VariantOptions::VariantOptions(Arguments& arguments) : arguments_(arguments) {
  arguments.text("--kubernetes", kubernetes_, "REL", "Release whose rules apply, such as 1.36");
  arguments.texts("--feature-gate", gates_, "NAME=BOOL", "Switch a feature gate; may be repeated");
  arguments.text("--policy",
                 policy_,
                 "NAME|FILE",
                 "What decides about the pods: a built-in policy (see stsim policies), or a shared "
                 "library by its path, such as ./libmine.so");
  arguments.flag("--isolate", isolate_, "Let libraries decide in processes of their own");
  arguments.text("--seed", seed_, "N", "What chance depends on");
}

Result<experiment::Variant, UserError> VariantOptions::read() const {
  experiment::Variant out;
  if (arguments_.given("--kubernetes")) {
    auto release = read_release("--kubernetes", kubernetes_);
    if (!release) {
      return tl::unexpected(std::move(release.error()));
    }
    out.kubernetes = *release;
  }
  for (const std::string& text : gates_) {
    auto gate = read_gate(text);
    if (!gate) {
      return tl::unexpected(std::move(gate.error()));
    }
    out.feature_gates[gate->first] = gate->second;
  }
  if (isolate_) {
    policy::isolate_libraries();
  }
  if (arguments_.given("--policy")) {
    auto policy = read_policy(policy_);
    if (!policy) {
      return tl::unexpected(std::move(policy.error()));
    }
    out.policy = *policy;
  }
  if (arguments_.given("--seed")) {
    auto seed = read_number("--seed", seed_);
    if (!seed) {
      return tl::unexpected(std::move(seed.error()));
    }
    out.seed = *seed;
  }
  return out;
}

Result<const policy::Policy*, UserError> read_policy(const std::string& name) {
  auto out = policy::find_policy(name);
  if (!out) {
    out.error().message = "--policy: " + out.error().message;
  }
  return out;
}

Result<experiment::Parameter, UserError> read_parameter(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  const auto known = experiment::parameter_names();
  if (equals == std::string::npos || name.empty()) {
    return tl::unexpected(
        wrong(fmt::format("--param: \"{}\" is not of the form NAME=VALUE", text), "partition=2"));
  }
  if (!name.starts_with('/') && std::ranges::find(known, std::string_view(name)) == known.end()) {
    return tl::unexpected(
        wrong(fmt::format("--param: unknown parameter \"{}\"", name), suggestion(name, known)));
  }
  auto values = read_list("--param", text.substr(equals + 1));
  if (!values) {
    return tl::unexpected(std::move(values.error()));
  }
  experiment::Parameter out{name, {}};
  for (const std::string& value : *values) {
    const auto json = api::parse_json(value);
    out.values.push_back(json ? *json : api::Json(value));
  }
  return out;
}

bool wants_color(bool asked_for) {
  const char* no_color = std::getenv("NO_COLOR");
  return asked_for && (no_color == nullptr || *no_color == '\0') && isatty(STDOUT_FILENO) == 1;
}

int refuse(const Streams& streams, const UserErrors& errors) {
  streams.err << to_string(errors);
  return kExitWrong;
}

int refuse(const Streams& streams, const UserError& error) {
  return refuse(streams, UserErrors{error});
}

std::optional<std::size_t> terminal_width() {
  constexpr std::size_t kNarrowest = 40;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return std::nullopt;
  }
  return std::max<std::size_t>(size.ws_col, kNarrowest);
}

}  // namespace stsim::cli
