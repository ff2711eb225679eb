// set image, set env and set resources. Rules: KC-14, KC-15.
#include "verb.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace stsim::kubectl {

using api::Json;
using api::Kind;
using api::ObjectPtr;

namespace {

/// `name=value` taken apart.
struct Pair {
  std::string name;
  std::string value;
};

std::optional<Pair> pair_of(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0) {
    return std::nullopt;
  }
  return Pair{word.substr(0, equals), word.substr(equals + 1)};
}

/// Resources stand before the first word with an equals sign or a dash at its end.
std::size_t count_resources(const std::vector<std::string>& words) {
  std::size_t count = 0;
  while (count < words.size() && words[count].find('=') == std::string::npos &&
         !words[count].ends_with('-')) {
    ++count;
  }
  return count;
}

/// The pod spec inside a document, or nullptr where the kind has none.
Json* pod_spec(Kind kind, Json& document) {
  if (kind == Kind::StatefulSet) {
    return &document["spec"]["template"]["spec"];
  }
  return kind == Kind::Pod ? &document["spec"] : nullptr;
}

/// Calls `change` with each container of a pod spec that is named, `*` for all. Returns how many.
std::size_t for_containers(Json& spec,
                           const std::string& name,
                           bool with_init,
                           const std::function<void(Json&)>& change) {
  std::size_t found = 0;
  for (const char* list : {"initContainers", "containers"}) {
    if ((!with_init && std::string_view(list) == "initContainers") || !spec.contains(list)) {
      continue;
    }
    for (Json& container : spec[list]) {
      if (name == "*" || api::text(container, "name") == name) {
        change(container);
        ++found;
      }
    }
  }
  return found;
}

/// Writes each changed object and says so; `what` stands in the line, `doing` in errors.
void write_changed(Command& command,
                   const std::vector<ObjectPtr>& objects,
                   std::string_view what,
                   std::string_view doing,
                   const std::function<bool(Json& spec)>& change) {
  for (const ObjectPtr& object : objects) {
    Json document = api::to_json(*object);
    Json* spec = pod_spec(object->key.kind, document);
    if (spec == nullptr) {
      command.fail(
          fmt::format("{} has no pod template", object_name(object->key.kind, object->key.name)));
      continue;
    }
    const Json before = *spec;
    if (!change(*spec) || *spec == before) {
      continue;
    }
    const auto apply = [&](Json stored) -> Result<Json, api::ApiError> {
      *pod_spec(object->key.kind, stored) = *spec;
      return stored;
    };
    const auto written = command.change(object->key, apply);
    if (!written) {
      command.fail(fmt::format("failed to patch {} {}", doing, written.error().message));
      continue;
    }
    command.done(**written, fmt::format("{} updated", what));
  }
}

std::optional<std::vector<ObjectPtr>> resources(Command& command, std::size_t count) {
  const auto words = std::span(command.arguments.words).subspan(1, count);
  if (words.empty() && !command.arguments.has("filename")) {
    command.fail(
        "one or more resources must be specified as <resource> <name> or <resource>/<name>");
    return std::nullopt;
  }
  const auto targets = command.targets(words, Command::Bare::Refused);
  if (!targets || !command.read_dry_run()) {
    return std::nullopt;
  }
  return command.find(*targets);
}

void set_image(Command& command, const std::vector<std::string>& pairs, std::size_t count) {
  if (pairs.empty()) {
    command.fail("at least one image update is required");
    return;
  }
  const auto objects = resources(command, count);
  if (!objects) {
    return;
  }
  write_changed(command, *objects, "image", "image update to pod template:", [&](Json& spec) {
    bool all_found = true;
    for (const std::string& word : pairs) {
      const auto pair = pair_of(word);
      if (!pair) {
        command.fail("all resources must be specified before image changes: " + word);
        return false;
      }
      const std::size_t found = for_containers(
          spec, pair->name, true, [&](Json& container) { container["image"] = pair->value; });
      if (found == 0) {
        command.fail(fmt::format("unable to find container named \"{}\"", pair->name));
        all_found = false;
      }
    }
    return all_found;
  });
}

void change_variable(Json& container, const std::string& word) {
  Json& env = container["env"];
  if (!env.is_array()) {
    env = Json::array();
  }
  const auto find = [&env](const std::string& name) {
    return std::find_if(
        env.begin(), env.end(), [&](const Json& one) { return api::text(one, "name") == name; });
  };
  if (const auto pair = pair_of(word)) {
    Json variable = {{"name", pair->name}, {"value", pair->value}};
    if (const auto it = find(pair->name); it != env.end()) {
      *it = std::move(variable);
    } else {
      env.push_back(std::move(variable));
    }
  } else if (const auto it = find(word.substr(0, word.size() - 1)); it != env.end()) {
    env.erase(it);
  }
  if (env.empty()) {
    container.erase("env");
  }
}

void set_env(Command& command, const std::vector<std::string>& changes, std::size_t count) {
  const auto objects = resources(command, count);
  if (!objects) {
    return;
  }
  const std::string containers = command.arguments.value("containers", "*");
  if (command.arguments.on("list")) {
    for (const ObjectPtr& object : *objects) {
      Json document = api::to_json(*object);
      if (Json* spec = pod_spec(object->key.kind, document)) {
        for_containers(*spec, containers, false, [&](Json& container) {
          command.print(fmt::format("# {} {}, container {}",
                                    api::info(object->key.kind).plural,
                                    object->key.name,
                                    api::text(container, "name")));
          for (const Json& variable : api::member(container, "env")) {
            command.print(
                fmt::format("{}={}", api::text(variable, "name"), api::text(variable, "value")));
          }
        });
      }
    }
    return;
  }
  if (changes.empty()) {
    command.fail("at least one environment variable must be provided");
    return;
  }
  const auto wrong = std::ranges::find_if(changes, [](const std::string& word) {
    return !pair_of(word) && (!word.ends_with('-') || word.size() < 2);
  });
  if (wrong != changes.end()) {
    command.fail("unknown environment variable: " + *wrong);
    return;
  }
  write_changed(command, *objects, "env", "env update to pod template:", [&](Json& spec) {
    for_containers(spec, containers, false, [&](Json& container) {
      for (const std::string& word : changes) {
        change_variable(container, word);
      }
    });
    return true;
  });
}

void set_resources(Command& command, std::size_t count) {
  const auto limits = command.arguments.values("limits");
  const auto requests = command.arguments.values("requests");
  if (limits.empty() && requests.empty()) {
    command.fail(
        "you must specify an update to requests or limits (in the form of --requests/--limits)");
    return;
  }
  const auto objects = resources(command, count);
  if (!objects) {
    return;
  }
  const std::string containers = command.arguments.value("containers", "*");
  write_changed(command,
                *objects,
                "resource requirements",
                "resources update to pod template",
                [&](Json& spec) {
                  bool good = true;
                  const std::size_t found =
                      for_containers(spec, containers, false, [&](Json& container) {
                        for (const auto& [field, list] :
                             {std::pair("limits", &limits), std::pair("requests", &requests)}) {
                          for (const std::string& word : *list) {
                            if (const auto pair = pair_of(word)) {
                              container["resources"][field][pair->name] = pair->value;
                            } else {
                              command.fail(fmt::format(
                                  "Invalid argument syntax {}, expected <resource>=<value>", word));
                              good = false;
                            }
                          }
                        }
                      });
                  if (found == 0) {
                    command.fail(fmt::format("unable to find container named {}", containers));
                  }
                  return good && found > 0;
                });
}

}  // namespace

void run_set(Command& command) {
  const std::vector<std::string>& words = command.arguments.words;
  const std::string what = words.empty() ? "" : words.front();
  const std::vector<std::string> rest(words.begin() + (words.empty() ? 0 : 1), words.end());
  const std::size_t count = count_resources(rest);
  const std::vector<std::string> changes(rest.begin() + static_cast<std::ptrdiff_t>(count),
                                         rest.end());
  if (what == "image") {
    set_image(command, changes, count);
  } else if (what == "env") {
    set_env(command, changes, count);
  } else if (what == "resources") {
    set_resources(command, count);
  } else {
    command.fail(fmt::format(
        "unknown command \"{}\" for \"kubectl set\"; it knows image, env and resources", what));
  }
}

}  // namespace stsim::kubectl
