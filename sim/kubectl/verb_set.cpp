// set image, set env and set resources. Rules: KC-14, KC-15.
#include "document.hpp"
#include "verb.hpp"

#include <fmt/format.h>
#include <stsim/api/names.hpp>
#include <stsim/api/quantity.hpp>

#include <algorithm>
#include <functional>

namespace stsim::kubectl {

using api::Json;
using api::Kind;
using api::ObjectPtr;

namespace {

constexpr std::string_view kNoResources =
    "one or more resources must be specified as <resource> <name> or <resource>/<name>";
constexpr std::string_view kBoth = "cannot set --all and --selector at the same time";

/// The pod spec inside a document, or nullptr where the kind has none.
Json* pod_spec(Kind kind, Json& document) {
  if (kind == Kind::StatefulSet) {
    return &document["spec"]["template"]["spec"];
  }
  return kind == Kind::Pod ? &document["spec"] : nullptr;
}

/// Whether a container's name is one that -c chooses: a name, where `*` may stand for anything. It
/// looks for the parts between the stars as kubectl does, not for the best way to place them.
bool is_chosen(std::string_view name, std::string_view pattern) {
  if (pattern == "*") {
    return true;
  }
  std::size_t from = 0;
  bool first = true;
  while (true) {
    const std::size_t star = pattern.find('*');
    const std::string_view part = pattern.substr(0, star);
    const bool last = star == std::string_view::npos;
    if (first && last) {
      return name == part;
    }
    if (!part.empty()) {
      const std::size_t at = name.substr(from).find(part);
      if (at == std::string_view::npos || at < from || (last && name.size() != part.size() + at)) {
        return false;
      }
      from = at;
    }
    if (last) {
      return true;
    }
    first = false;
    pattern.remove_prefix(star + 1);
  }
}

/// The containers of a pod spec that are chosen, those that initialise it behind the others.
std::vector<Json*> chosen_containers(Json& spec, std::string_view pattern) {
  std::vector<Json*> out;
  for (const char* list : {"containers", "initContainers"}) {
    if (spec.contains(list)) {
      for (Json& container : spec[list]) {
        if (is_chosen(api::text(container, "name"), pattern)) {
          out.push_back(&container);
        }
      }
    }
  }
  return out;
}

/// Writes each object whose pod spec `change` alters and says so; `what` stands in the line,
/// `doing` in errors.
void write_changed(Command& command,
                   const std::vector<ObjectPtr>& objects,
                   std::string_view what,
                   std::string_view doing,
                   const std::function<void(const ObjectPtr& object, Json& spec)>& change) {
  struct Changed {
    ObjectPtr object;
    Json spec;
  };
  std::vector<Changed> all;
  for (const ObjectPtr& object : objects) {
    Json document = api::to_json(*object, command.release());
    if (Json* spec = pod_spec(object->key.kind, document)) {
      const Json before = *spec;
      const std::size_t failed = command.failures.size();
      change(object, *spec);
      const bool notes = !command.change_cause.empty() && command.failures.size() == failed;
      if (*spec != before || notes) {
        all.push_back({object, std::move(*spec)});
      }
      continue;
    }
    const api::KindInfo& info = api::info(object->key.kind);
    command.fail(fmt::format(
        "error: {}/{} the object is not a pod or does not have a pod template: *{}.{}\n",
        info.plural,
        object->key.name,
        info.version,
        info.name));
  }
  for (const Changed& changed : all) {
    const auto apply = [&](Json stored) -> Result<Json, api::ApiError> {
      *pod_spec(changed.object->key.kind, stored) = changed.spec;
      command.note_cause(stored);
      return stored;
    };
    const auto written = command.change(changed.object->key, apply);
    if (!written) {
      command.fail(fmt::format("failed to patch {} {}", doing, written.error().message));
      continue;
    }
    command.done(**written, fmt::format("{} updated", what));
  }
}

/// The objects to change, if all that are named are there. Errors: recorded.
std::optional<std::vector<ObjectPtr>> objects_of(Command& command,
                                                 std::span<const std::string> words) {
  const auto targets = command.targets(words, Command::Bare::Refused);
  if (!targets) {
    return std::nullopt;
  }
  std::vector<ObjectPtr> out = command.find(*targets);
  return command.failures.empty() ? std::optional(std::move(out)) : std::nullopt;
}

/// The images of `container=image`, by container. Errors: recorded.
std::optional<std::map<std::string, std::string>> read_images(Command& command,
                                                              std::span<const std::string> words) {
  std::map<std::string, std::string> out;
  std::vector<std::string> wrong;
  for (const std::string& word : words) {
    if (const std::size_t equals = word.find('='); equals != std::string::npos) {
      out[word.substr(0, equals)] = word.substr(equals + 1);
    } else {
      wrong.push_back(word);
    }
  }
  if (!wrong.empty()) {
    command.fail("invalid image format: " + join(wrong, ", "));
    return std::nullopt;
  }
  return out;
}

bool both_all_and_selector(const Command& command) {
  return command.arguments.on("all") && !command.arguments.value("selector").empty();
}

/// Changes a container's variables as kubectl does: what is removed goes, what is set takes the
/// place of its first namesake, what is new comes last.
void change_variables(Json& container, const Json& set, const std::vector<std::string>& removed) {
  Json out = Json::array();
  std::vector<std::string> covered = removed;
  const auto is_covered = [&covered](const std::string& name) {
    return std::ranges::find(covered, name) != covered.end();
  };
  const auto setting_of = [&set](const std::string& name) {
    return std::find_if(
        set.begin(), set.end(), [&](const Json& one) { return api::text(one, "name") == name; });
  };
  for (const Json& variable : elements(api::member(container, "env"))) {
    const std::string name = api::text(variable, "name");
    if (is_covered(name)) {
      continue;
    }
    const auto setting = setting_of(name);
    out.push_back(setting == set.end() ? variable : *setting);
    if (setting != set.end()) {
      covered.push_back(name);
    }
  }
  for (const Json& setting : set) {
    const std::string name = api::text(setting, "name");
    if (!is_covered(name)) {
      covered.push_back(name);
      out.push_back(setting);
    }
  }
  container.erase("env");
  if (!out.empty()) {
    container["env"] = std::move(out);
  }
}

/// `configmap settings, key mode`: where the value of a variable comes from.
std::string reference_text(const Json& from) {
  const Json& field = api::member(from, "fieldRef");
  const Json& resource = api::member(from, "resourceFieldRef");
  const auto keyed = [](std::string_view noun, const Json& reference) {
    return fmt::format(
        "{} {}, key {}", noun, api::text(reference, "name"), api::text(reference, "key"));
  };
  if (const Json& map = api::member(from, "configMapKeyRef"); !map.is_null()) {
    return keyed("configmap", map);
  }
  if (const Json& secret = api::member(from, "secretKeyRef"); !secret.is_null()) {
    return keyed("secret", secret);
  }
  if (!field.is_null()) {
    return fmt::format("field path {}", api::text(field, "fieldPath"));
  }
  if (!resource.is_null()) {
    const std::string container = api::text(resource, "containerName");
    return fmt::format("resource field {}{}",
                       container.empty() ? "" : container + "/",
                       api::text(resource, "resource"));
  }
  return "invalid valueFrom";
}

void list_variables(Command& command, const api::Object& object, const Json& container) {
  command.print(fmt::format("# {} {}, container {}",
                            api::info(object.key.kind).name,
                            object.key.name,
                            api::text(container, "name")));
  for (const Json& variable : elements(api::member(container, "env"))) {
    const std::string name = api::text(variable, "name");
    const Json& from = api::member(variable, "valueFrom");
    command.print(from.is_null() ? fmt::format("{}={}", name, api::text(variable, "value"))
                                 : fmt::format("# {} from {}", name, reference_text(from)));
  }
}

/// What words like `A=b` and `A-` ask for.
struct Variables {
  Json set = Json::array();
  std::vector<std::string> removed;
};

/// Errors: recorded.
std::optional<Variables> read_variables(Command& command, const std::vector<std::string>& words) {
  Variables out;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      if (!word.ends_with('-')) {
        command.fail("unknown environment variable: " + word);
        return std::nullopt;
      }
      out.removed.push_back(word.substr(0, word.size() - 1));
      continue;
    }
    const std::string name = word.substr(0, equals);
    if (const auto wrong = api::names::environment_variable(name, false); !wrong.empty()) {
      command.fail(fmt::format("\"{}\" is not a valid key name: {}", name, join(wrong, ";")));
      return std::nullopt;
    }
    out.set.push_back({{"name", name}, {"value", word.substr(equals + 1)}});
  }
  for (const Json& setting : out.set) {
    if (std::ranges::find(out.removed, api::text(setting, "name")) != out.removed.end()) {
      command.fail(
          "can not both modify and remove the same environment variable in the same command");
      return std::nullopt;
    }
  }
  return out;
}

/// Why a container's variables must not be changed without --overwrite; empty if they may be.
std::string overwritten(const Json& container, const Json& set) {
  for (const Json& setting : set) {
    for (const Json& variable : elements(api::member(container, "env"))) {
      if (api::text(variable, "name") == api::text(setting, "name") &&
          api::text(variable, "value") != api::text(setting, "value")) {
        return fmt::format("'{}' already has a value ({}), and --overwrite is false",
                           api::text(variable, "name"),
                           api::text(variable, "value"));
      }
    }
  }
  return "";
}

/// `cpu=100m,memory=64Mi` as a document. Errors: recorded.
std::optional<Json> read_amounts(Command& command, std::string_view option) {
  Json out = Json::object();
  for (const std::string& word : command.arguments.values(option)) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || word.find('=', equals + 1) != std::string::npos) {
      command.fail(fmt::format("Invalid argument syntax {}, expected <resource>=<value>", word));
      return std::nullopt;
    }
    const auto amount = api::Quantity::parse(word.substr(equals + 1));
    if (!amount) {
      command.fail(
          "quantities must match the regular expression "
          "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
      return std::nullopt;
    }
    out[word.substr(0, equals)] = amount->text();
  }
  return out;
}

}  // namespace

void run_set_image(Command& command) {
  const std::vector<std::string>& words = command.arguments.words;
  if (!command.read_dry_run() || !command.can_print()) {
    return;
  }
  const auto is_image = [](const std::string& word) {
    return word.find('=', 1) != std::string::npos || (word.ends_with('-') && word != "-");
  };
  const auto first = std::ranges::find_if(words, is_image);
  const auto late = std::find_if_not(first, words.end(), is_image);
  if (late != words.end()) {
    command.fail("all resources must be specified before image changes: " + *late);
    return;
  }
  const auto images = read_images(command, {first, words.end()});
  if (!images) {
    return;
  }
  const auto objects = objects_of(command, {words.begin(), first});
  if (!objects) {
    return;
  }
  if (both_all_and_selector(command)) {
    command.fail(std::string(kBoth));
  }
  if (images->empty()) {
    command.fail("at least one image update is required");
  } else if (images->size() > 1 && images->contains("*")) {
    command.fail(
        "all containers are already specified by *, but saw more than one "
        "container_name=container_image pairs");
  }
  if (!command.failures.empty()) {
    return;
  }
  const auto change = [&](const ObjectPtr&, Json& spec) {
    for (const auto& [name, image] : *images) {
      bool found = false;
      for (Json* container : chosen_containers(spec, "*")) {
        if (name == "*" || api::text(*container, "name") == name) {
          (*container)["image"] = image;
          found = true;
        }
      }
      if (!found) {
        command.fail(fmt::format("error: unable to find container named \"{}\"", name));
      }
    }
  };
  write_changed(command, *objects, "image", "image update to pod template:", change);
}

void run_set_env(Command& command) {
  const Arguments& arguments = command.arguments;
  if (both_all_and_selector(command)) {
    command.fail(std::string(kBoth));
    return;
  }
  const auto is_variable = [](const std::string& word) {
    return word.find('=', 1) != std::string::npos || word.ends_with('-');
  };
  const std::vector<std::string>& words = arguments.words;
  const auto first = std::ranges::find_if(words, is_variable);
  if (std::find_if_not(first, words.end(), is_variable) != words.end()) {
    command.fail("all resources must be specified before environment changes: " + join(words, " "));
    return;
  }
  if (!command.read_dry_run() || !command.can_print()) {
    return;
  }
  const bool lists = arguments.on("list");
  if (first == words.begin() && !arguments.has("filename")) {
    command.fail(std::string(kNoResources));
    return;
  }
  if (lists && !arguments.value("output").empty()) {
    command.fail("--list and --output may not be specified together");
    return;
  }
  std::vector<std::string> changes = arguments.all("env");
  changes.insert(changes.end(), first, words.end());
  const auto variables = read_variables(command, changes);
  if (!variables) {
    return;
  }
  const auto objects = objects_of(command, {words.begin(), first});
  if (!objects) {
    return;
  }
  const std::string pattern = arguments.value("containers", "*");
  const bool overwrites = !arguments.has("overwrite") || arguments.on("overwrite");
  const auto change = [&](const ObjectPtr& object, Json& spec) {
    const api::KindInfo& info = api::info(object->key.kind);
    const std::vector<Json*> containers = chosen_containers(spec, pattern);
    if (containers.empty()) {
      command.warn(fmt::format("{}/{} does not have any containers matching \"{}\"",
                               info.name,
                               object->key.name,
                               pattern));
    }
    const Json before = spec;
    for (Json* container : containers) {
      const std::string why = overwrites ? "" : overwritten(*container, variables->set);
      if (!why.empty()) {
        command.fail(fmt::format("error: {}/{} {}\n", info.plural, object->key.name, why));
        spec = before;
        return;
      }
      change_variables(*container, variables->set, variables->removed);
      if (lists) {
        list_variables(command, *object, *container);
      }
    }
    spec = lists ? before : spec;
  };
  write_changed(command, *objects, "env", "env update to pod template:", change);
}

void run_set_resources(Command& command) {
  const Arguments& arguments = command.arguments;
  if (!command.read_dry_run() || !command.can_print()) {
    return;
  }
  const auto objects = objects_of(command, arguments.words);
  if (!objects) {
    return;
  }
  if (both_all_and_selector(command)) {
    command.fail(std::string(kBoth));
    return;
  }
  if (arguments.value("limits").empty() && arguments.value("requests").empty()) {
    command.fail(
        "you must specify an update to requests or limits (in the form of --requests/--limits)");
    return;
  }
  const auto limits = read_amounts(command, "limits");
  const auto requests = limits ? read_amounts(command, "requests") : std::nullopt;
  if (!requests) {
    return;
  }
  const std::string pattern = arguments.value("containers", "*");
  const auto change = [&](const ObjectPtr&, Json& spec) {
    const std::vector<Json*> containers = chosen_containers(spec, pattern);
    for (Json* container : containers) {
      for (const auto& [name, amounts] : {std::pair("limits", *limits), {"requests", *requests}}) {
        for (const auto& [resource, amount] : amounts.items()) {
          (*container)["resources"][name][resource] = amount;
        }
      }
    }
    if (containers.empty()) {
      command.fail(fmt::format("error: unable to find container named {}", pattern));
    }
  };
  write_changed(
      command, *objects, "resource requirements", "resources update to pod template", change);
}

}  // namespace stsim::kubectl
