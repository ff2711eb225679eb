// taint.
#include "verb.hpp"

#include <fmt/format.h>
#include <stsim/api/taints.hpp>

#include <algorithm>
#include <array>

namespace stsim::kubectl {

using api::Json;
using api::Kind;
using api::ObjectPtr;

namespace {

/// One word of the command line: `key=value:NoSchedule`, or with a dash at its end to take off.
struct TaintChange {
  std::string key;
  std::string value;
  std::string effect;  ///< empty: of any effect, to be taken off
  bool off{};
};

/// Takes a word apart. Errors: recorded.
std::optional<TaintChange> read_taint(Command& command, const std::string& word) {
  TaintChange out;
  std::string text = word;
  out.off = text.ends_with('-');
  text.resize(text.size() - (out.off ? 1 : 0));
  const std::size_t colon = text.find(':');
  if (colon != std::string::npos) {
    out.effect = text.substr(colon + 1);
  }
  const std::string pair = text.substr(0, colon);
  const std::size_t equals = pair.find('=');
  out.key = pair.substr(0, equals);
  out.value = equals == std::string::npos ? "" : pair.substr(equals + 1);
  if (out.key.empty() || (out.effect.empty() && !out.off)) {
    command.fail("unknown taint spec: " + word);
    return std::nullopt;
  }
  constexpr std::array<std::string_view, 3> kEffects{"NoSchedule", "PreferNoSchedule", "NoExecute"};
  if (!out.effect.empty() && std::ranges::find(kEffects, out.effect) == kEffects.end()) {
    command.fail(fmt::format("invalid taint effect: {}, unsupported taint effect", out.effect));
    return std::nullopt;
  }
  return out;
}

/// Whether a change is about a taint that a node has.
bool concerns(const TaintChange& change, const Json& taint) {
  return api::text(taint, "key") == change.key &&
         (change.effect.empty() || api::text(taint, "effect") == change.effect);
}

/// What is asked for.
struct Tainting {
  std::vector<TaintChange> changes;
  bool overwrite{};

  /// The taints of a node with the changes; or why they cannot be made.
  [[nodiscard]] Result<Json, std::string> of(const api::Object& node, SimTime now) const {
    Json taints = Json::array();
    for (const Json& taint : api::taints_of(node)) {
      taints.push_back(taint);
    }
    for (const TaintChange& change : changes) {
      const auto found = std::find_if(
          taints.begin(), taints.end(), [&](const Json& taint) { return concerns(change, taint); });
      if (change.off && found == taints.end()) {
        return tl::unexpected(fmt::format("taint \"{}\" not found", change.key));
      }
      if (!change.off && found != taints.end() && !overwrite) {
        return tl::unexpected(fmt::format(
            "node {} already has {} taint(s) with same effect(s) and --overwrite is false",
            node.key.name,
            change.key));
      }
      Json kept = Json::array();
      for (const Json& taint : taints) {
        if (!concerns(change, taint)) {
          kept.push_back(taint);
        }
      }
      if (!change.off) {
        Json taint = {{"key", change.key}, {"effect", change.effect}};
        if (!change.value.empty()) {
          taint["value"] = change.value;
        }
        if (change.effect == "NoExecute") {
          taint["timeAdded"] = to_rfc3339(now);
        }
        kept.push_back(std::move(taint));
      }
      taints = std::move(kept);
    }
    return taints;
  }

  [[nodiscard]] std::string_view done() const {
    const auto off = std::ranges::count(changes, true, &TaintChange::off);
    return off == 0 ? "tainted" : off == std::ssize(changes) ? "untainted" : "modified";
  }
};

/// Whether a word is a taint and no name of a node.
bool is_taint(const std::string& word) {
  return word.find('=') != std::string::npos || word.find(':') != std::string::npos ||
         word.ends_with('-');
}

/// The nodes and the changes that the command line names. Errors: recorded.
std::optional<std::vector<ObjectPtr>> read_tainting(Command& command, Tainting& out) {
  std::vector<std::string> names;
  for (const std::string& word : command.arguments.words) {
    if (!is_taint(word)) {
      names.push_back(word);
    } else if (auto change = read_taint(command, word)) {
      out.changes.push_back(*std::move(change));
    } else {
      return std::nullopt;
    }
  }
  if (!names.empty() && api::find_kind(names.front()) == Kind::Node) {
    names.erase(names.begin());
  } else if (names.size() > 1) {
    command.fail(
        fmt::format("invalid resource type {}, only [node nodes] are supported", names.front()));
    return std::nullopt;
  }
  if (out.changes.empty()) {
    command.fail("at least one taint update is required");
    return std::nullopt;
  }
  Command::Targets targets;
  for (const std::string& name : names) {
    const bool typed = name.starts_with("node/") || name.starts_with("nodes/");
    targets.objects.push_back({Kind::Node, "", typed ? name.substr(name.find('/') + 1) : name});
  }
  if (names.empty()) {
    if (!command.arguments.has("selector") && !command.arguments.has("all")) {
      command.fail("at least one resource name must be specified since 'all' parameter is not set");
      return std::nullopt;
    }
    targets.whole.push_back(Kind::Node);
  }
  return command.find(targets);
}

}  // namespace

void run_taint(Command& command) {
  Tainting wanted;
  const auto nodes = read_tainting(command, wanted);
  if (!nodes || !command.read_dry_run()) {
    return;
  }
  wanted.overwrite = command.arguments.on("overwrite");
  for (const ObjectPtr& node : *nodes) {
    auto taints = wanted.of(*node, command.session.client.now());
    if (!taints) {
      command.fail(taints.error());
      continue;
    }
    const auto change = [&taints](Json stored) -> Result<Json, api::ApiError> {
      stored["spec"]["taints"] = *taints;
      return stored;
    };
    if (const auto written = command.change(node->key, change)) {
      command.done(**written, wanted.done());
    } else {
      command.fail(written.error().message);
    }
  }
}

}  // namespace stsim::kubectl
