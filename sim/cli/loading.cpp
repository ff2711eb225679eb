#include "cli/loading.hpp"

#include <stsim/scenario/load.hpp>
#include <unistd.h>

#include <cstdlib>
#include <ostream>

namespace stsim::cli {

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

Result<std::ofstream> open_output(const std::filesystem::path& path) {
  std::error_code ignored;
  if (path.has_parent_path()) {
    std::filesystem::create_directories(path.parent_path(), ignored);
  }
  std::ofstream stream(path, std::ios::binary);
  if (!stream) {
    return tl::unexpected(
        UserErrors{{{path.string(), 0, 0}, "cannot be written", "choose another place", ""}});
  }
  return stream;
}

VariantOptions::VariantOptions(Arguments& arguments) : arguments_(arguments) {
  arguments.text("--kubernetes", kubernetes_, "REL", "Release whose rules apply, such as 1.36");
  arguments.texts("--feature-gate", gates_, "NAME=BOOL", "Switch a feature gate; may be repeated");
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
  if (arguments_.given("--seed")) {
    auto seed = read_number("--seed", seed_);
    if (!seed) {
      return tl::unexpected(std::move(seed.error()));
    }
    out.seed = *seed;
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

}  // namespace stsim::cli
