// label and annotate. Rule: KC-15.
#include "document.hpp"
#include "verb.hpp"

#include <fmt/format.h>
#include <stsim/api/names.hpp>
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
  std::vector<std::string> (*refusal)(const Entries& taken);
  /// Takes words apart. Errors: recorded.
  std::optional<Changes> (*read)(Command& command, std::span<const std::string> words);
  /// What became of an object.
  std::string_view (*done)(const Entries& before, const Entries& after);
  bool tells_missing;  ///< whether removing a key that is not there is worth a line
};

std::vector<std::string> label_refusal(const Entries& taken) {
  std::vector<std::string> each;
  for (const auto& [key, value] : taken) {
    each.push_back(
        fmt::format("'{}' already has a value ({}), and --overwrite is false", key, value));
  }
  return each;
}

std::vector<std::string> annotation_refusal(const Entries& taken) {
  std::vector<std::string> each;
  for (const auto& [key, value] : taken) {
    each.push_back(fmt::format("'{}' already has a value ({})", key, value));
  }
  return {fmt::format("--overwrite is false but found the following declared annotation(s): {}",
                      join(each, "; "))};
}

std::string_view labeled(const Entries& before, const Entries& after) {
  const bool removed = std::ranges::any_of(
      before, [&after](const auto& entry) { return !after.contains(entry.first); });
  const bool added = std::ranges::any_of(after, [&before](const auto& entry) {
    const auto it = before.find(entry.first);
    return it == before.end() || it->second != entry.second;
  });
  return added ? (removed ? "modified" : "labeled") : removed ? "unlabeled" : "not labeled";
}

std::string_view annotated(const Entries&, const Entries&) {
  return "annotated";
}

/// Whether a word is a change and no resource: `a=b` or `a-`.
bool is_change(const std::string& word) {
  return word.find('=', 1) != std::string::npos || (word.ends_with('-') && word != "-");
}

/// The keys that changes set and remove at once.
std::vector<std::string> contradictions(const Changes& changes) {
  std::vector<std::string> out;
  std::ranges::copy_if(changes.removed, std::back_inserter(out), [&](const std::string& key) {
    return changes.set.contains(key);
  });
  return out;
}

std::optional<Changes> read_labels(Command& command, std::span<const std::string> words) {
  Changes out;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      out.removed.push_back(word.substr(0, word.size() - 1));
      continue;
    }
    const std::string value = word.substr(equals + 1);
    if (value.find('=') != std::string::npos) {
      command.fail("invalid label spec: " + word);
      return std::nullopt;
    }
    if (const auto wrong = api::names::label_value(value); !wrong.empty()) {
      command.fail(fmt::format("invalid label value: \"{}\": {}", word, join(wrong, ";")));
      return std::nullopt;
    }
    out.set[word.substr(0, equals)] = value;
  }
  if (!contradictions(out).empty()) {
    command.fail("can not both modify and remove a label in the same command");
    return std::nullopt;
  }
  return out;
}

std::optional<Changes> read_annotations(Command&, std::span<const std::string> words) {
  Changes out;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      out.removed.push_back(word.substr(0, word.size() - 1));
    } else {
      out.set[word.substr(0, equals)] = word.substr(equals + 1);
    }
  }
  return out;
}

constexpr Words kLabel{"labels", "label", label_refusal, read_labels, labeled, true};
constexpr Words kAnnotation{
    "annotations", "annotation", annotation_refusal, read_annotations, annotated, false};

Entries entries_of(const api::Object& object, const Words& words) {
  const api::Labels& stored = &words == &kLabel ? object.labels : object.annotations;
  return {stored.begin(), stored.end()};
}

/// Shows what an object has, under its name where there may be several.
void list(Command& command, const Words& words, const api::Object& object, bool one) {
  if (!one) {
    const api::KindInfo& info = api::info(object.key.kind);
    command.print(fmt::format(
        "Listing {}s for {}.{}/{}:", words.noun, info.name, info.group, object.key.name));
  }
  for (const auto& [key, value] : entries_of(object, words)) {
    command.print(fmt::format("{}{}={}", one ? "" : " ", key, value));
  }
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
  const bool local = command.dry_run() == Command::DryRun::Client;
  for (const std::string& key : changes.removed) {
    if (after.erase(key) == 0 && words.tells_missing && !local) {
      command.print(fmt::format("{} \"{}\" not found.", words.noun, key));
    }
  }
  if (!taken.empty() && !command.arguments.on("overwrite")) {
    command.fail_with_all(words.refusal(taken));
    return;
  }
  const std::string version = command.arguments.value("resource-version");
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
    if (!version.empty()) {
      stored["metadata"]["resourceVersion"] = version;
    }
    command.note_cause(stored);
    return stored;
  };
  const auto written = command.change(object->key, apply);
  if (!written) {
    command.fail(written.error());
    return;
  }
  command.done(**written, words.done(before, after));
}

/// Whether the words and options ask for something that can be done. Errors: recorded, and false.
bool sensible(Command& command, const Words& words, bool names_none, const Changes& changes) {
  const Arguments& arguments = command.arguments;
  const bool lists = arguments.on("list");
  if (lists && !arguments.value("output").empty()) {
    command.fail("--list and --output may not be specified together");
  } else if (arguments.on("all") && arguments.has("selector")) {
    command.fail("cannot set --all and --selector at the same time");
  } else if (arguments.on("all") && arguments.has("field-selector")) {
    command.fail("cannot set --all and --field-selector at the same time");
  } else if (names_none && !arguments.has("filename")) {
    command.fail(
        "one or more resources must be specified as <resource> <name> or <resource>/<name>");
  } else if (changes.set.empty() && changes.removed.empty() && !lists) {
    command.fail(fmt::format("at least one {} update is required", words.noun));
  } else if (const auto both = contradictions(changes); !both.empty()) {
    command.fail(
        "can not both modify and remove the following annotation(s) in the same command: " +
        join(both, ", "));
  }
  return command.failures.empty();
}

void change(Command& command, const Words& words) {
  const std::vector<std::string>& all = command.arguments.words;
  if (!command.read_dry_run()) {
    return;
  }
  const auto first = std::ranges::find_if(all, is_change);
  const auto late = std::find_if_not(first, all.end(), is_change);
  if (late != all.end()) {
    command.fail(
        fmt::format("all resources must be specified before {} changes: {}", words.noun, *late));
    return;
  }
  const std::vector<std::string> named(all.begin(), first);
  const auto changes = words.read(command, std::span(all).subspan(named.size()));
  if (!changes || !sensible(command, words, named.empty(), *changes)) {
    return;
  }
  const auto targets = command.targets(named, Command::Bare::Refused);
  if (!targets) {
    return;
  }
  const bool one = targets->whole.empty() && targets->objects.size() == 1;
  if (!one && !command.arguments.value("resource-version").empty()) {
    command.fail("--resource-version may only be used with a single resource");
    return;
  }
  for (const ObjectPtr& object : command.find(*targets)) {
    if (command.arguments.on("list")) {
      list(command, words, *object, one);
    } else {
      change_one(command, words, *changes, object);
    }
  }
}

}  // namespace

void run_label(Command& command) {
  command.separates = false;
  change(command, kLabel);
}

void run_annotate(Command& command) {
  if (command.can_print()) {
    change(command, kAnnotation);
  }
}

}  // namespace stsim::kubectl
