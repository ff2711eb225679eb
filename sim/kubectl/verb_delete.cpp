// delete. Rules: KC-21, GC-12.
#include "verb.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stsim::kubectl {

using api::ObjectPtr;
using Propagation = store::DeleteOptions::Propagation;

namespace {

/// What the options ask of the server. Errors: recorded.
std::optional<store::DeleteOptions> delete_options(Command& command, bool& forced) {
  const Arguments& arguments = command.arguments;
  store::DeleteOptions out;
  const std::string cascade = arguments.value("cascade", "background");
  if (cascade == "background" || cascade == "true") {
    out.propagation = Propagation::Background;
  } else if (cascade == "foreground") {
    out.propagation = Propagation::Foreground;
  } else if (cascade == "orphan" || cascade == "false") {
    out.propagation = Propagation::Orphan;
  } else {
    command.fail(fmt::format(
        "invalid cascade value ({}). Must be \"background\", \"foreground\", or \"orphan\"",
        cascade));
    return std::nullopt;
  }
  std::int64_t grace = arguments.number("grace-period").value_or(-1);
  forced = arguments.on("force");
  if (arguments.on("now")) {
    if (grace != -1) {
      command.fail("--now and --grace-period cannot be specified together");
      return std::nullopt;
    }
    grace = 1;
  }
  if (forced && grace > 0) {
    command.fail("--force and --grace-period greater than 0 cannot be specified together");
    return std::nullopt;
  }
  if (forced && grace < 0) {
    grace = 0;
  }
  if (grace == 0 && !forced) {
    grace = 1;
  }
  if (grace >= 0) {
    out.grace_seconds = grace;
  }
  return out;
}

/// The objects to delete, from files or words. Errors: recorded.
std::vector<ObjectPtr> victims(Command& command) {
  const Arguments& arguments = command.arguments;
  if (arguments.on("all") && arguments.has("selector")) {
    command.fail("cannot set --all and --selector at the same time");
    return {};
  }
  const auto targets = command.targets(arguments.words, Command::Bare::Refused);
  if (!targets) {
    return {};
  }
  std::vector<ObjectPtr> out = command.find(*targets);
  if (out.empty() && command.failures.empty()) {
    command.print("No resources found");
  }
  return out;
}

/// What is printed about an object once the server has accepted its deletion.
std::string deleted_line(const Command& command, const api::Object& object, bool forced) {
  const std::string kind = api::singular_name(object.key.kind);
  if (command.arguments.has("output")) {
    return fmt::format("{}/{}", kind, object.key.name);
  }
  const std::string from =
      object.key.ns.empty() ? "" : fmt::format(" from {} namespace", object.key.ns);
  return fmt::format("{} \"{}\" {}{}{}",
                     kind,
                     object.key.name,
                     forced ? "force deleted" : "deleted",
                     command.dry_run_suffix(),
                     from);
}

/// Deletes an object; on a dry run a copy of the store is asked, or nobody.
store::WriteResult remove(const Command& command,
                          const ObjectPtr& object,
                          const store::DeleteOptions& options) {
  if (command.dry_run() == Command::DryRun::None) {
    return command.client().remove(object->key, options);
  }
  if (command.dry_run() == Command::DryRun::Client) {
    return object;
  }
  store::Store trial = command.client().store();
  return trial.remove(object->key, options, command.client().now(), 0);
}

bool gone(const Command& command, const ObjectPtr& object) {
  const ObjectPtr now = command.client().store().find(object->key);
  return !now || now->uid != object->uid;
}

}  // namespace

void run_delete(Command& command) {
  bool forced = false;
  const auto options = delete_options(command, forced);
  if (!options || !command.read_dry_run()) {
    return;
  }
  if (const std::string form = command.arguments.value("output"); !form.empty() && form != "name") {
    command.fail(fmt::format("unexpected -o output mode: {}. We only support '-o name'", form));
    return;
  }
  if (forced) {
    command.warn(
        "Immediate deletion does not wait for confirmation that the running resource has been "
        "terminated. The resource may continue to run on the cluster indefinitely.");
  }
  std::vector<ObjectPtr> deleted;
  for (const ObjectPtr& object : victims(command)) {
    const auto result = remove(command, object, *options);
    if (!result) {
      command.fail(result.error());
      continue;
    }
    command.print(deleted_line(command, *object, forced && options->grace_seconds == 0));
    deleted.push_back(object);
  }
  if ((command.arguments.has("wait") && !command.arguments.on("wait")) ||
      command.dry_run() != Command::DryRun::None) {
    return;
  }
  const auto deadline = command.deadline();
  for (const ObjectPtr& object : deleted) {
    if (command.client().run_until([&] { return gone(command, object); }, deadline)) {
      continue;
    }
    const std::string what =
        fmt::format("{}/{}", api::info(object->key.kind).plural, object->key.name);
    if (deadline) {
      command.fail("timed out waiting for the condition on " + what);
    } else {
      command.would_wait_for_ever(what + " is still there");
    }
    return;
  }
}

}  // namespace stsim::kubectl
