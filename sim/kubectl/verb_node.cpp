// cordon and uncordon.
#include "verb.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stsim::kubectl {

using api::Json;
using api::Kind;
using api::ObjectPtr;

namespace {

/// The nodes that the words or -l name. Errors: recorded.
std::optional<std::vector<ObjectPtr>> nodes_of(Command& command) {
  const std::vector<std::string>& words = command.arguments.words;
  if (words.empty() && !command.arguments.has("selector")) {
    command.misused(fmt::format("USAGE: {} NODE [flags]", command.verb));
    return std::nullopt;
  }
  if (!words.empty() && command.arguments.has("selector")) {
    command.misused("error: cannot specify both a node name and a --selector option");
    return std::nullopt;
  }
  Command::Targets targets;
  for (const std::string& word : words) {
    const std::size_t slash = word.find('/');
    if (slash != std::string::npos && api::find_kind(word.substr(0, slash)) != Kind::Node) {
      command.fail(
          fmt::format("the server doesn't have a resource type \"{}\"", word.substr(0, slash)));
      return std::nullopt;
    }
    targets.objects.push_back(
        {Kind::Node, "", slash == std::string::npos ? word : word.substr(slash + 1)});
  }
  if (words.empty()) {
    targets.whole.push_back(Kind::Node);
  }
  std::vector<ObjectPtr> out = command.find(targets);
  // The first that is missing ends the command before it has done anything.
  if (!command.failures.empty()) {
    command.failures.erase(command.failures.begin() + 1, command.failures.end());
    return std::nullopt;
  }
  return out;
}

void cordon(Command& command, bool wanted) {
  const auto nodes = nodes_of(command);
  if (!nodes || !command.read_dry_run()) {
    return;
  }
  const std::string_view done = wanted ? "cordoned" : "uncordoned";
  for (const ObjectPtr& node : *nodes) {
    const bool is = api::at_path(api::to_json(*node), {"spec", "unschedulable"}) == true;
    if (is == wanted) {
      command.done(*node, fmt::format("already {}", done));
      continue;
    }
    const auto change = [wanted](Json stored) -> Result<Json, api::ApiError> {
      stored["spec"].erase("unschedulable");
      if (wanted) {
        stored["spec"]["unschedulable"] = true;
      }
      return stored;
    };
    const auto written = command.change(node->key, change);
    if (!written) {
      command.output.err += fmt::format("error: unable to {} node \"{}\": {}\n",
                                        command.verb,
                                        node->key.name,
                                        written.error().message);
      continue;
    }
    command.done(**written, done);
  }
}

}  // namespace

void run_cordon(Command& command) {
  cordon(command, true);
}

void run_uncordon(Command& command) {
  cordon(command, false);
}

}  // namespace stsim::kubectl
