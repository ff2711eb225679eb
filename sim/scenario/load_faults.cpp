// Steps about what lies between the actors, and what they name.
#include "scenario/load_parts.hpp"

#include <fmt/format.h>
#include <stsim/controllers/controller.hpp>
#include <stsim/world/client.hpp>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace stsim::scenario {

using api::YamlNode;
using engine::Actor;

namespace {

constexpr std::int64_t kMostServers = 100;

std::optional<Actor> load_actor(Reader& reader,
                                const YamlNode& node,
                                std::string_view what,
                                bool (*fits)(Actor)) {
  std::vector<std::string_view> words;
  std::vector<Actor> actors;
  for (std::size_t i = 0; i < engine::kActors; ++i) {
    const auto actor = static_cast<Actor>(i);
    if (fits(actor)) {
      words.push_back(engine::name(actor));
      actors.push_back(actor);
    }
  }
  const auto found = reader.choice(node, what, words);
  return found ? std::optional(actors[*found]) : std::nullopt;
}

std::optional<api::Kind> load_kind(Reader& reader, const YamlNode& node, std::string_view text) {
  const auto kind = api::find_kind(text);
  if (!kind) {
    std::vector<std::string_view> plurals;
    for (const api::KindInfo& info : api::kinds()) {
      plurals.push_back(info.plural);
    }
    std::ranges::sort(plurals);
    reader.unknown(node, "kind of objects", text, plurals);
  }
  return kind;
}

/// `pods`, `statefulsets/status`.
bool load_resource(Reader& reader, const YamlNode& node, world::ApiFault& fault) {
  const auto text = reader.text(node, "resource");
  if (!text) {
    return false;
  }
  const std::size_t slash = std::min(text->find('/'), text->size());
  fault.kind = load_kind(reader, node, std::string_view(*text).substr(0, slash));
  if (!fault.kind || slash == text->size()) {
    return fault.kind.has_value();
  }
  std::vector<std::string_view> possible{"status"};
  if (*fault.kind == api::Kind::Pod) {
    possible = {"binding", "eviction", "status"};
  }
  fault.subresource = text->substr(slash + 1);
  if (std::ranges::find(possible, fault.subresource) == possible.end()) {
    reader.unknown(node, "subresource", fault.subresource, possible);
    return false;
  }
  return true;
}

bool is_asked_for(const YamlNode& node, Reader& reader, std::string_view what) {
  if (node.find("becomes") != nullptr) {
    return true;
  }
  reader.error(node, fmt::format("{} needs becomes", what));
  return false;
}

}  // namespace

std::optional<Becoming> load_becoming(Reader& reader,
                                      const YamlNode& node,
                                      std::string_view what,
                                      std::span<const std::string_view> words) {
  const YamlNode* name = node.find("name");
  const YamlNode* becomes = node.find("becomes");
  if (name == nullptr || becomes == nullptr) {
    reader.error(node,
                 fmt::format("{} needs {}", what, name == nullptr ? "a name" : "becomes"),
                 fmt::format("{{name: NAME, becomes: {}}}", words.front()));
    return std::nullopt;
  }
  auto text = reader.text(*name, "name");
  const auto word = reader.choice(*becomes, "becomes", words);
  return text && word ? std::optional(Becoming{std::move(*text), *word}) : std::nullopt;
}

std::optional<Action> load_watch_step(Reader& reader, const YamlNode& node) {
  constexpr std::array<std::string_view, 4> kKeys{"becomes", "by", "kind", "of"};
  if (!reader.has_only(node, "a watch step", kKeys) ||
      !is_asked_for(node, reader, "a watch step")) {
    return std::nullopt;
  }
  const YamlNode* of = node.find("of");
  const YamlNode* by = node.find("by");
  if (of == nullptr) {
    reader.error(node, "a watch step does not say whose watch", "of: statefulset-controller");
    return std::nullopt;
  }
  const auto actor =
      load_actor(reader, *of, "of", [](Actor candidate) { return candidate != Actor::User; });
  const auto fate = reader.choice(*node.find("becomes"), "becomes", kWatchFates);
  if (!actor || !fate) {
    return std::nullopt;
  }
  WatchStep step{static_cast<WatchFate>(*fate), {*actor, {}, false, {}}};
  if (const YamlNode* kind = node.find("kind")) {
    const auto text = reader.text(*kind, "kind");
    step.fault.kind = text ? load_kind(reader, *kind, *text) : std::nullopt;
    if (!step.fault.kind) {
      return std::nullopt;
    }
  }
  const bool late = step.becomes == WatchFate::Late;
  if (late != (by != nullptr)) {
    reader.error(late ? node : *by,
                 late ? "a watch that becomes late needs by"
                      : "by says something of a watch that becomes late only",
                 late ? "by: 30s" : "");
    return std::nullopt;
  }
  step.fault.broken = step.becomes == WatchFate::Broken;
  if (late) {
    step.fault.lag = reader.duration(*by, "by");
    if (!step.fault.lag) {
      return std::nullopt;
    }
  }
  return step;
}

std::optional<Action> load_controller_step(Reader& reader, const YamlNode& node) {
  if (!reader.has_only(node, "a controller step", kBecomingKeys)) {
    return std::nullopt;
  }
  const auto becoming = load_becoming(reader, node, "a controller step", kControllerFates);
  const auto actor = becoming ? load_actor(reader,
                                           *node.find("name"),
                                           "name",
                                           [](Actor candidate) {
                                             return controllers::controller(candidate) != nullptr;
                                           })
                              : std::nullopt;
  return actor ? std::optional<Action>(
                     ControllerStep{*actor, static_cast<world::ControllerFault>(becoming->becomes)})
               : std::nullopt;
}

std::optional<Action> load_api_step(Reader& reader, const YamlNode& node) {
  constexpr std::array<std::string_view, 7> kKeys{
      "answers", "message", "name", "resource", "times", "to", "verb"};
  constexpr std::array<std::string_view, 4> kVerbs{"create", "delete", "patch", "update"};
  if (!reader.has_only(node, "an api step", kKeys)) {
    return std::nullopt;
  }
  const YamlNode* answers = node.find("answers");
  if (answers == nullptr) {
    reader.error(node, "an api step does not say what the API server answers", "answers: quota");
    return std::nullopt;
  }
  std::vector<std::string_view> words(kAnswers.begin(), kAnswers.end());
  words.emplace_back("normally");
  const auto answer = reader.choice(*answers, "answers", words);
  if (!answer) {
    return std::nullopt;
  }
  if (*answer == kAnswers.size()) {
    if (node.entries().size() > 1) {
      reader.error(node, "once the API server answers normally, it does so for all calls");
      return std::nullopt;
    }
    return ApiStep{};
  }
  world::ApiFault fault;
  fault.answer = static_cast<world::ApiAnswer>(*answer);
  bool good = true;
  for (const api::YamlEntry& entry : node.entries()) {
    const std::string& key = entry.key.text();
    if (key == "to") {
      fault.to = load_actor(reader, entry.value, "to", [](Actor candidate) {
        return candidate != Actor::Kubelet && candidate != Actor::NodeController;
      });
      good = good && fault.to;
    } else if (key == "verb") {
      const auto verb = reader.choice(entry.value, "verb", kVerbs);
      fault.verb = verb ? kVerbs[*verb] : "";
      good = good && verb;
    } else if (key == "resource") {
      good = load_resource(reader, entry.value, fault) && good;
    } else if (key == "name") {
      fault.name = reader.text(entry.value, "name").value_or("");
    } else if (key == "message") {
      fault.message = reader.text(entry.value, "message").value_or("");
    } else if (key == "times") {
      const auto times = reader.integer(entry.value, "times", 1);
      constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
      good = good && times;
      fault.left = static_cast<std::uint32_t>(std::min(times.value_or(1), kMost));
    }
  }
  return good ? std::optional<Action>(ApiStep{std::move(fault)}) : std::nullopt;
}

std::optional<Action> load_nfs_step(Reader& reader, const YamlNode& node) {
  constexpr std::array<std::string_view, 2> kKeys{"becomes", "server"};
  if (!reader.has_only(node, "an nfs step", kKeys) || !is_asked_for(node, reader, "an nfs step")) {
    return std::nullopt;
  }
  const YamlNode* server = node.find("server");
  if (server == nullptr) {
    reader.error(node, "an nfs step does not say which server", "server: nfs1");
    return std::nullopt;
  }
  auto name = reader.text(*server, "server");
  const auto state = reader.choice(*node.find("becomes"), "becomes", kServerStates);
  return name && state ? std::optional<Action>(
                             NfsStep{*std::move(name), static_cast<node::ServerState>(*state)})
                       : std::nullopt;
}

std::optional<Action> load_dns_step(Reader& reader, const YamlNode& node) {
  constexpr std::array<std::string_view, 2> kKeys{"becomes", "server"};
  constexpr std::array<std::string_view, 2> kFates{"fresh", "stale"};
  if (!reader.has_only(node, "a dns step", kKeys) || !is_asked_for(node, reader, "a dns step")) {
    return std::nullopt;
  }
  DnsStep step;
  const auto fate = reader.choice(*node.find("becomes"), "becomes", kFates);
  if (!fate) {
    return std::nullopt;
  }
  step.fault.stale = *fate == 1;
  if (const YamlNode* server = node.find("server")) {
    const auto number = reader.integer(*server, "server", 1);
    if (!number) {
      return std::nullopt;
    }
    step.fault.server = static_cast<int>(std::min(*number, kMostServers + 1)) - 1;
  }
  return step;
}

void load_dns(Reader& reader, const YamlNode& node, Scenario& scenario) {
  constexpr std::array<std::string_view, 6> kKeys{"clientCache",
                                                  "clientNegativeCache",
                                                  "negativeCache",
                                                  "serverCache",
                                                  "servers",
                                                  "timeToLive"};
  if (!reader.has_only(node, "dns", kKeys)) {
    return;
  }
  dns::Settings dns = usual_dns(scenario.kubelet, scenario.kubernetes);
  const auto length = [&](std::string_view key, SimDuration& to) {
    if (const YamlNode* member = node.find(key)) {
      to = reader.duration(*member, key).value_or(to);
    }
  };
  length("timeToLive", dns.time_to_live);
  length("serverCache", dns.server.positive);
  length("negativeCache", dns.server.negative);
  length("clientCache", dns.client.positive);
  length("clientNegativeCache", dns.client.negative);
  if (const YamlNode* servers = node.find("servers")) {
    const auto number = reader.integer(*servers, "servers", 1);
    if (number && *number > kMostServers) {
      reader.error(*servers, "servers must be at most 100");
    } else if (number) {
      dns.servers = static_cast<int>(*number);
    }
  }
  scenario.dns = dns;
}

}  // namespace stsim::scenario
