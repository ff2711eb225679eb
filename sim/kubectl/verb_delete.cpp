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
  Command::Targets targets;
  if (arguments.has("filename")) {
    for (const Command::Manifest& manifest : command.manifests()) {
      if (const auto kind = command.kind_of(manifest)) {
        const api::Json& metadata = api::member(manifest.document, "metadata");
        const std::string ns =
            api::info(*kind).namespaced ? api::text(metadata, "namespace", command.ns()) : "";
        targets.objects.push_back({*kind, ns, api::text(metadata, "name")});
      }
    }
  } else {
    auto named = command.targets(arguments.words);
    if (!named) {
      return {};
    }
    targets = *std::move(named);
    if (!targets.whole.empty() && !arguments.on("all") && !arguments.has("selector")) {
      command.fail("resource(s) were provided, but no name was specified");
      return {};
    }
    if (targets.whole.empty() && targets.objects.empty()) {
      command.fail("you must provide one or more resources by argument or filename.");
      return {};
    }
  }
  std::vector<ObjectPtr> out = command.find(targets);
  if (out.empty() && command.failures.empty()) {
    command.print("No resources found");
  }
  return out;
}

bool gone(const Command& command, const ObjectPtr& object) {
  const ObjectPtr now = command.client().store().find(object->key);
  return !now || now->uid != object->uid;
}

}  // namespace

void run_delete(Command& command) {
  bool forced = false;
  const auto options = delete_options(command, forced);
  if (!options) {
    return;
  }
  if (forced) {
    command.warn(
        "Immediate deletion does not wait for confirmation that the running resource has been "
        "terminated. The resource may continue to run on the cluster indefinitely.");
  }
  std::vector<ObjectPtr> deleted;
  for (const ObjectPtr& object : victims(command)) {
    const auto result = command.client().remove(object->key, *options);
    if (!result) {
      command.fail(result.error());
      continue;
    }
    command.print(deleted_line({object->key.kind, object->key.ns, object->key.name},
                               forced && options->grace_seconds == 0));
    deleted.push_back(object);
  }
  if (command.arguments.has("wait") && !command.arguments.on("wait")) {
    return;
  }
  const auto deadline = command.deadline();
  for (const ObjectPtr& object : deleted) {
    if (command.client().run_until([&] { return gone(command, object); }, deadline)) {
      continue;
    }
    const std::string what =
        fmt::format("{}/{}", api::resource_name(object->key.kind), object->key.name);
    if (deadline) {
      command.fail("timed out waiting for the condition on " + what);
    } else {
      command.would_wait_for_ever(what + " is still there");
    }
    return;
  }
}

}  // namespace stsim::kubectl
