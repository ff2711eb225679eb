// rollout status, history, undo, restart, pause and resume. Rules: KC-16 to KC-20.
#include "verb.hpp"

#include <fmt/format.h>
#include <stsim/api/patch.hpp>
#include <stsim/api/well_known.hpp>
#include <stsim/kubectl/describe.hpp>
#include <stsim/kubectl/rollout.hpp>

#include <algorithm>
#include <deque>

namespace stsim::kubectl {

using api::Json;
using api::Kind;
using api::ObjectPtr;

namespace {

/// The set's revisions, oldest first.
std::vector<ObjectPtr> revisions_of(const Command& command, const api::Object& set) {
  std::vector<ObjectPtr> out;
  for (const ObjectPtr& revision :
       command.client().store().list(Kind::ControllerRevision, set.key.ns)) {
    const api::OwnerReference* owner = revision->controller();
    if (owner != nullptr && owner->uid == set.uid) {
      out.push_back(revision);
    }
  }
  std::ranges::stable_sort(out, {}, [](const ObjectPtr& revision) {
    return revision->as<api::ControllerRevision>().revision;
  });
  return out;
}

void status(Command& command, const ObjectPtr& set) {
  const auto deadline = command.deadline();
  std::optional<api::ResourceVersion> seen;
  bool over = false;
  const bool watch = !command.arguments.has("watch") || command.arguments.on("watch");
  const auto look = [&] {
    const ObjectPtr now = command.client().store().find(set->key);
    if (!now || now->uid != set->uid) {
      command.fail("object has been deleted");
      over = true;
    } else if (!seen || now->resource_version != *seen) {
      seen = now->resource_version;
      const auto told = rollout_status(api::to_json(*now));
      if (!told) {
        command.fail(told.error());
        over = true;
      } else {
        command.output.out += told->message;
        over = told->done || !watch;
      }
    }
    return over;
  };
  if (command.client().run_until(look, deadline)) {
    return;
  }
  if (deadline) {
    command.fail("timed out waiting for the condition");
  } else {
    command.would_wait_for_ever(fmt::format("the rollout of {} is not complete",
                                            object_name(set->key.kind, set->key.name)));
  }
}

/// The template a revision stands for.
Json template_of(const ObjectPtr& revision) {
  Json out = api::at_path(*revision->as<api::ControllerRevision>().data, {"spec", "template"});
  if (out.is_object()) {
    out.erase("$patch");
    if (out.contains("metadata") && api::member(out["metadata"], "creationTimestamp").is_null()) {
      out["metadata"].erase("creationTimestamp");
    }
  }
  return out;
}

/// Shows the set as it would be at its revisions, or at one of them, in a form of `-o`.
void show_history(Command& command, const ObjectPtr& set) {
  if (!command.can_print()) {
    return;
  }
  const std::int64_t wanted = command.arguments.number("revision").value_or(0);
  Json document = api::to_json(*set, command.release());
  bool found = false;
  command.separates = true;
  for (const ObjectPtr& revision : revisions_of(command, *set)) {
    if (wanted == 0 || revision->as<api::ControllerRevision>().revision == wanted) {
      document["spec"]["template"] = template_of(revision);
      command.show(document);
      found = true;
    }
  }
  if (!found && wanted != 0) {
    command.fail("unable to find the specified revision");
  }
}

void history(Command& command, const ObjectPtr& set) {
  if (command.arguments.has("output")) {
    show_history(command, set);
    return;
  }
  std::deque<Json> documents;
  std::vector<const Json*> pointers;
  for (const ObjectPtr& revision : revisions_of(command, *set)) {
    pointers.push_back(&documents.emplace_back(api::to_json(*revision)));
  }
  const Json document = api::to_json(*set);
  if (const auto number = command.arguments.number("revision"); number && *number != 0) {
    const auto text = rollout_history_of(document, pointers, *number);
    if (text) {
      command.output.out += *text;
    } else {
      command.fail(text.error());
    }
    return;
  }
  command.output.out += rollout_history(document, pointers);
}

void undo(Command& command, const ObjectPtr& set) {
  if (set->annotations.contains(api::kLastAppliedAnnotation)) {
    command.warn(
        fmt::format("resource {}/{} was previously managed with 'kubectl apply'. Rolling back will "
                    "not update the "
                    "kubectl.kubernetes.io/last-applied-configuration annotation, which may cause "
                    "unexpected behavior on "
                    "future 'kubectl apply' operations. Consider using 'kubectl apply' with your "
                    "previous configuration file "
                    "instead.",
                    api::info(set->key.kind).plural,
                    set->key.name));
  }
  const std::vector<ObjectPtr> revisions = revisions_of(command, *set);
  const std::int64_t wanted = command.arguments.number("to-revision").value_or(0);
  ObjectPtr target;
  if (wanted == 0) {
    if (revisions.size() < 2) {
      command.fail("no last revision to roll back to");
      return;
    }
    target = revisions[revisions.size() - 2];
  } else {
    const auto it = std::ranges::find_if(revisions, [wanted](const ObjectPtr& revision) {
      return revision->as<api::ControllerRevision>().revision == wanted;
    });
    if (it == revisions.end()) {
      command.fail(fmt::format("unable to find specified revision {} in history", wanted));
      return;
    }
    target = *it;
  }
  // What is printed is the set as it was.
  const Json document = api::to_json(*set, command.release());
  const Json old = template_of(target);
  if (command.dry_run() == Command::DryRun::Client) {
    command.done(document, "will roll back to " + pod_template_text(old));
    return;
  }
  if (api::at_path(document, {"spec", "template"}) == old) {
    command.done(
        document,
        fmt::format("skipped rollback (current template already matches revision {})", wanted));
    return;
  }
  const auto restore = [&old](Json stored) -> Result<Json, api::ApiError> {
    stored["spec"]["template"] = old;
    return stored;
  };
  const auto written = command.change(set->key, restore);
  if (!written) {
    command.fail(fmt::format("failed restoring revision {}: {}", wanted, written.error().message));
    return;
  }
  command.done(document, "rolled back");
}

void restart(Command& command, const ObjectPtr& set) {
  constexpr const char* kRestartedAt = "kubectl.kubernetes.io/restartedAt";
  const Json& pod_template = *set->as<api::StatefulSet>().spec->pod_template;
  const std::string now = to_rfc3339(command.client().now());
  if (api::text(api::at_path(pod_template, {"metadata", "annotations"}), kRestartedAt) == now) {
    command.fail(fmt::format(
        "failed to create patch for {}: if restart has already been triggered within the "
        "past second, please wait before attempting to trigger another",
        set->key.name));
    return;
  }
  const auto annotate = [&now](Json stored) -> Result<Json, api::ApiError> {
    stored["spec"]["template"]["metadata"]["annotations"][kRestartedAt] = now;
    return stored;
  };
  const auto written = command.change(set->key, annotate);
  if (!written) {
    command.fail(fmt::format("failed to patch: {}", written.error().message));
    return;
  }
  command.done(**written, "restarted");
}

/// `ReplicaSet.apps`, `Pod`.
std::string group_kind(Kind kind) {
  const api::KindInfo& info = api::info(kind);
  return info.group.empty() ? std::string(info.name) : fmt::format("{}.{}", info.name, info.group);
}

std::string not_supported(const api::Object& object, std::string_view what) {
  return fmt::format("error: {} \"{}\" {} is not supported",
                     api::resource_name(object.key.kind),
                     object.key.name,
                     what);
}

struct SubCommand {
  std::string_view name;
  void (*run)(Command&, const ObjectPtr& set);  ///< null where sets do not have it
  std::string (*refusal)(const api::Object&);   ///< of an object of another kind
  bool tells_none;                              ///< whether no object at all is worth a line
};

constexpr std::array kSubCommands{
    SubCommand{"status",
               status,
               [](const api::Object& object) {
                 return fmt::format("no status viewer has been implemented for {}",
                                    group_kind(object.key.kind));
               },
               true},
    SubCommand{"history",
               history,
               [](const api::Object& object) {
                 return fmt::format("no history viewer has been implemented for \"{}\"",
                                    group_kind(object.key.kind));
               },
               false},
    SubCommand{"undo",
               undo,
               [](const api::Object& object) {
                 return fmt::format("no rollbacker has been implemented for \"{}\"",
                                    group_kind(object.key.kind));
               },
               false},
    SubCommand{"restart",
               restart,
               [](const api::Object& object) { return not_supported(object, "restarting"); },
               true},
    SubCommand{"pause",
               nullptr,
               [](const api::Object& object) { return not_supported(object, "pausing"); },
               true},
    SubCommand{"resume",
               nullptr,
               [](const api::Object& object) { return not_supported(object, "resuming"); },
               true},
};

}  // namespace

void run_rollout(Command& command) {
  const Arguments& arguments = command.arguments;
  const std::string_view name = command.verb.substr(command.verb.find(' ') + 1);
  const auto found = std::ranges::find(kSubCommands, name, &SubCommand::name);
  command.separates = false;
  if (!command.read_dry_run()) {
    return;
  }
  if (arguments.words.empty() && !arguments.has("filename")) {
    command.fail("required resource not specified");
    return;
  }
  if (const std::int64_t revision = arguments.number("revision").value_or(0); revision < 0) {
    command.fail(fmt::format("revision must be a positive integer: {}", revision));
    return;
  }
  const auto targets = command.targets(arguments.words, Command::Bare::All);
  if (!targets) {
    return;
  }
  const std::vector<ObjectPtr> objects = command.find(*targets);
  if (objects.empty() && command.failures.empty() && found->tells_none) {
    command.output.err += fmt::format("No resources found in {} namespace.\n", command.ns());
  }
  for (const ObjectPtr& object : objects) {
    if (object->key.kind == Kind::StatefulSet && found->run != nullptr) {
      found->run(command, object);
    } else {
      command.fail(found->refusal(*object));
    }
  }
}

}  // namespace stsim::kubectl
