// label and annotate. Rule: KC-15.
#include "document.hpp"
#include "verb.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>

#include <algorithm>

namespace stsim::kubectl {

using api::Json;
using api::ObjectPtr;

namespace {

/// Entries of an object's metadata, by key.
using Entries = std::map<std::string, std::string>;

struct Changes {
  Entries set;
  std::vector<std::string> removed;
};

/// What sets the two verbs apart.
struct Words {
  const char* field;      ///< of metadata
  std::string_view noun;  ///< `label`
  /// Why keys that have another value already are left alone; `taken` are they, with that value.
  std::string (*refusal)(const Entries& taken);
  std::string_view both;  ///< why a key cannot be set and removed at once
  /// What became of an object.
  std::string_view (*done)(const Entries& before, const Entries& after);
  bool tells_missing;  ///< whether removing a key that is not there is worth a line
};

std::string label_refusal(const Entries& taken) {
  std::vector<std::string> each;
  for (const auto& [key, value] : taken) {
    each.push_back(
        fmt::format("'{}' already has a value ({}), and --overwrite is false", key, value));
  }
  return each.size() == 1 ? each.front() : fmt::format("[{}]", join(each, ", "));
}

std::string annotation_refusal(const Entries& taken) {
  std::vector<std::string> each;
  for (const auto& [key, value] : taken) {
    each.push_back(fmt::format("'{}' already has a value ({})", key, value));
  }
  return fmt::format("--overwrite is false but found the following declared annotation(s): {}",
                     join(each, "; "));
}

std::string_view labeled(const Entries& before, const Entries& after) {
  const bool removed = std::ranges::any_of(
      before, [&after](const auto& entry) { return !after.contains(entry.first); });
  const bool added = std::ranges::any_of(after, [&before](const auto& entry) {
    const auto it = before.find(entry.first);
    return it == before.end() || it->second != entry.second;
  });
  return added ? (removed ? "label(s) changed" : "labeled") : removed ? "unlabeled" : "not labeled";
}

std::string_view annotated(const Entries&, const Entries&) {
  return "annotated";
}

constexpr Words kLabel{"labels",
                       "label",
                       label_refusal,
                       "can not both modify and remove a label in the same command",
                       labeled,
                       true};
constexpr Words kAnnotation{
    "annotations",
    "annotation",
    annotation_refusal,
    "can not both modify and remove the following annotation(s) in the same command: ",
    annotated,
    false};

bool is_change(const std::string& word) {
  return word.find('=') != std::string::npos || word.ends_with('-');
}

/// The changes that words ask for. Errors: recorded.
std::optional<Changes> read_changes(Command& command,
                                    const Words& words,
                                    std::span<const std::string> changes) {
  Changes out;
  for (const std::string& word : changes) {
    if (const std::size_t equals = word.find('='); equals != std::string::npos) {
      out.set[word.substr(0, equals)] = word.substr(equals + 1);
    } else if (word.ends_with('-')) {
      out.removed.push_back(word.substr(0, word.size() - 1));
    } else {
      command.fail(fmt::format("unknown {} spec: {}", words.noun, word));
      return std::nullopt;
    }
  }
  std::vector<std::string> both;
  std::ranges::copy_if(out.removed, std::back_inserter(both), [&out](const std::string& key) {
    return out.set.contains(key);
  });
  if (!both.empty()) {
    command.fail(std::string(words.both) + (words.both.ends_with(' ') ? join(both, ", ") : ""));
    return std::nullopt;
  }
  return out;
}

Entries entries_of(const api::Object& object, const Words& words) {
  const api::Labels& stored = &words == &kLabel ? object.labels : object.annotations;
  return {stored.begin(), stored.end()};
}

void change_one(Command& command,
                const Words& words,
                const Changes& changes,
                const ObjectPtr& object) {
  const Entries before = entries_of(*object, words);
  Entries after = before;
  Entries taken;
  for (const auto& [key, value] : changes.set) {
    const auto it = before.find(key);
    // A change cause may always be replaced.
    if (it != before.end() && it->second != value && key != api::kChangeCauseAnnotation) {
      taken.insert(*it);
    }
    after[key] = value;
  }
  if (!taken.empty() && !command.arguments.on("overwrite")) {
    command.fail(words.refusal(taken));
    return;
  }
  for (const std::string& key : changes.removed) {
    if (after.erase(key) == 0 && words.tells_missing) {
      command.print(fmt::format("{} \"{}\" not found.", words.noun, key));
    }
  }
  const auto apply = [&](Json stored) -> Result<Json, api::ApiError> {
    Json& entries = stored["metadata"][words.field];
    for (const auto& [key, value] : changes.set) {
      entries[key] = value;
    }
    for (const std::string& key : changes.removed) {
      if (entries.is_object()) {
        entries.erase(key);
      }
    }
    return stored;
  };
  const auto written = command.change(object->key, apply);
  if (!written) {
    command.fail(written.error());
    return;
  }
  command.done(**written, words.done(before, after));
}

void change(Command& command, const Words& words) {
  const std::vector<std::string>& all = command.arguments.words;
  const auto first = std::ranges::find_if(all, is_change);
  const std::vector<std::string> named(all.begin(), first);
  if (named.empty() && !command.arguments.has("filename")) {
    command.fail(
        "one or more resources must be specified as <resource> <name> or <resource>/<name>");
    return;
  }
  if (first == all.end()) {
    command.fail(fmt::format("at least one {} update is required", words.noun));
    return;
  }
  const auto changes = read_changes(command, words, std::span(all).subspan(named.size()));
  if (!changes) {
    return;
  }
  const auto targets = command.targets(named, Command::Bare::Refused);
  if (!targets || !command.read_dry_run()) {
    return;
  }
  for (const ObjectPtr& object : command.find(*targets)) {
    change_one(command, words, *changes, object);
  }
}

}  // namespace

void run_label(Command& command) {
  change(command, kLabel);
}

void run_annotate(Command& command) {
  change(command, kAnnotation);
}

}  // namespace stsim::kubectl
