// label and annotate. Rule: KC-15.
#include "verb.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stsim::kubectl {

using api::Json;
using api::ObjectPtr;

namespace {

struct Changes {
  std::map<std::string, std::string> set;
  std::vector<std::string> removed;
};

bool is_change(const std::string& word) {
  return word.find('=') != std::string::npos || word.ends_with('-');
}

Changes read_changes(std::span<const std::string> words) {
  Changes out;
  for (const std::string& word : words) {
    if (const std::size_t equals = word.find('='); equals != std::string::npos) {
      out.set[word.substr(0, equals)] = word.substr(equals + 1);
    } else {
      out.removed.push_back(word.substr(0, word.size() - 1));
    }
  }
  return out;
}

void change(Command& command,
            const char* field,
            std::string_view noun,
            std::string_view done,
            std::string_view undone) {
  const std::vector<std::string>& words = command.arguments.words;
  const auto first = std::ranges::find_if(words, is_change);
  const std::vector<std::string> named(words.begin(), first);
  if (first == words.end()) {
    command.fail(fmt::format("at least one {} update is required", noun));
    return;
  }
  const Changes changes = read_changes(std::span(words).subspan(named.size()));
  const auto targets = command.targets(named);
  if (!targets) {
    return;
  }
  if (!targets->whole.empty() && !command.arguments.on("all") &&
      !command.arguments.has("selector")) {
    command.fail("resource(s) were provided, but no name was specified");
    return;
  }
  if (targets->objects.empty() && targets->whole.empty()) {
    command.fail(
        "one or more resources must be specified as <resource> <name> or <resource>/<name>");
    return;
  }
  for (const ObjectPtr& object : command.find(*targets)) {
    Json document = api::to_json(*object);
    Json& entries = document["metadata"][field];
    if (!entries.is_object()) {
      entries = Json::object();
    }
    const Json before = entries;
    std::string conflict;
    for (const auto& [key, value] : changes.set) {
      if (!command.arguments.on("overwrite") && entries.contains(key) && entries[key] != value) {
        conflict += fmt::format("'{}' already has a value ({}), and --overwrite is false",
                                key,
                                entries[key].get<std::string>());
      }
      entries[key] = value;
    }
    if (!conflict.empty()) {
      command.fail(conflict);
      continue;
    }
    bool removed = false;
    for (const std::string& key : changes.removed) {
      if (entries.contains(key)) {
        entries.erase(key);
        removed = true;
      } else {
        command.print(fmt::format("{} \"{}\" not found.", noun, key));
      }
    }
    std::string word(entries == before ? fmt::format("not {}", done) : std::string(done));
    if (removed && changes.set.empty()) {
      word = undone;
    }
    if (!(entries == before)) {
      const auto apply = [&](Json stored) -> Result<Json, api::ApiError> {
        stored["metadata"][field] = entries;
        return stored;
      };
      const auto written = command.client().patch(object->key, apply);
      if (!written) {
        command.fail(written.error());
        continue;
      }
    }
    command.print(object_name(object->key.kind, object->key.name) + " " + word);
  }
}

}  // namespace

void run_label(Command& command) {
  change(command, "labels", "label", "labeled", "unlabeled");
}

void run_annotate(Command& command) {
  change(command, "annotations", "annotation", "annotated", "annotated");
}

}  // namespace stsim::kubectl
