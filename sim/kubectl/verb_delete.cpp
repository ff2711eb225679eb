// delete. Rules: KC-21, GC-12.
#include "verb.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stsim::kubectl {

using api::ObjectPtr;
using Propagation = store::DeleteOptions::Propagation;

namespace {

/// What becomes of dependents. Errors: recorded.
std::optional<Propagation> propagation_of(Command& command) {
  const std::string cascade = command.arguments.value("cascade", "background");
  if (const auto truth = parse_bool(cascade)) {
    command.output.err += fmt::format(
        "warning: --cascade={} is deprecated (boolean value) and can be replaced with "
        "--cascade={}.\n",
        cascade,
        *truth ? "background" : "orphan");
    return *truth ? Propagation::Background : Propagation::Orphan;
  }
  if (cascade == "background") {
    return Propagation::Background;
  }
  if (cascade == "foreground") {
    return Propagation::Foreground;
  }
  if (cascade == "orphan") {
    return Propagation::Orphan;
  }
  command.fail(fmt::format(
      "invalid cascade value ({}). Must be \"background\", \"foreground\", or \"orphan\"",
      cascade));
  return std::nullopt;
}

/// The grace period to ask for; negative for that of the object. Errors: recorded.
std::optional<std::int64_t> grace_of(Command& command) {
  const Arguments& arguments = command.arguments;
  const std::int64_t grace = arguments.number("grace-period").value_or(-1);
  if (arguments.on("now")) {
    if (grace != -1) {
      command.fail("--now and --grace-period cannot be specified together");
      return std::nullopt;
    }
    return 1;
  }
  // Where apply and replace delete by force, what they delete has its own grace period.
  const bool forced = command.verb == "delete" && arguments.on("force");
  if (grace == 0 && !forced && command.verb != "apply") {
    return 1;
  }
  return grace < 0 && forced ? 0 : grace;
}

/// Checks what the options ask for together. Errors: recorded, and false.
bool allowed(Command& command, std::int64_t grace) {
  const Arguments& arguments = command.arguments;
  if (const std::string form = arguments.value("output"); !form.empty() && form != "name") {
    command.fail(fmt::format("unexpected -o output mode: {}. We only support '-o name'", form));
  } else if (grace > 0 && arguments.on("force")) {
    command.fail("--force and --grace-period greater than 0 cannot be specified together");
  }
  if (!command.failures.empty()) {
    return false;
  }
  if (arguments.on("force") && grace == 0) {
    command.warn(
        "Immediate deletion does not wait for confirmation that the running resource has been "
        "terminated. The resource may continue to run on the cluster indefinitely.");
  }
  return true;
}

/// What is printed about an object once the server has accepted its deletion.
std::string deleted_line(const Command& command, const Named& named, bool forced) {
  const std::string kind = api::singular_name(named.kind);
  if (command.verb == "delete" && command.arguments.value("output") == "name") {
    return fmt::format("{}/{}", kind, named.name);
  }
  return fmt::format("{} \"{}\" {}{}{}",
                     kind,
                     named.name,
                     forced ? "force deleted" : "deleted",
                     named.ns.empty() ? "" : fmt::format(" from {} namespace", named.ns),
                     command.dry_run_suffix());
}

/// Deletes an object; on a dry run a copy of the store is asked.
store::WriteResult remove(const Command& command,
                          const Named& named,
                          const store::DeleteOptions& options) {
  if (named.empty_type != nullptr) {
    return tl::unexpected(command.missing(named));
  }
  if (command.dry_run() == Command::DryRun::None) {
    return command.client().remove(named.key(), options);
  }
  store::Store trial = command.client().store();
  return trial.remove(named.key(), options, command.client().now(), 0);
}

/// An object that was deleted.
struct Victim {
  Named named;
  api::Uid uid;
};

bool gone(const Command& command, const Victim& victim) {
  const ObjectPtr now = command.client().store().find(victim.named.key());
  return !now || now->uid != victim.uid;
}

/// What to delete: what words and files name, without a look whether it is there, and what -l,
/// --all and --field-selector choose.
std::vector<Named> victims(Command& command, const Command::Targets& targets) {
  std::vector<Named> out = targets.objects;
  for (const ObjectPtr& object : command.listed(targets)) {
    out.push_back({object->key.kind, object->key.ns, object->key.name});
  }
  return out;
}

void wait_for_end(Command& command, const std::vector<Victim>& deleted) {
  const auto deadline = command.deadline();
  for (const Victim& victim : deleted) {
    if (command.client().run_until([&] { return gone(command, victim); }, deadline)) {
      continue;
    }
    const std::string what =
        fmt::format("{}/{}", api::info(victim.named.kind).plural, victim.named.name);
    if (deadline) {
      command.fail("timed out waiting for the condition on " + what);
    } else {
      command.would_wait_for_ever(what + " is still there");
    }
    return;
  }
}

}  // namespace

void delete_all(Command& command,
                const std::vector<Named>& all,
                const store::DeleteOptions& options,
                bool ignore_missing,
                bool wait) {
  const Arguments& arguments = command.arguments;
  bool warns = arguments.has("namespace") && !arguments.on("all-namespaces");
  std::vector<Victim> deleted;
  for (const Named& named : all) {
    if (warns && named.empty_type == nullptr && !api::info(named.kind).namespaced) {
      command.warn("deleting cluster-scoped resources, not scoped to the provided namespace");
      warns = false;
    }
    const bool forced = options.grace_seconds == 0;
    if (command.dry_run() == Command::DryRun::Client && named.empty_type == nullptr) {
      command.print(deleted_line(command, named, forced));
      continue;
    }
    const ObjectPtr object = command.client().store().find(named.key());
    const auto result = remove(command, named, options);
    if (result) {
      command.print(deleted_line(command, named, forced));
      deleted.push_back({named, object ? object->uid : api::Uid{}});
    } else if (!ignore_missing || result.error().reason != "NotFound") {
      command.fail(named.source.empty() ? result.error()
                                        : with_source(result.error(), "deleting", named.source));
    }
  }
  if (!command.failures.empty()) {
    return;
  }
  if (all.empty()) {
    command.print("No resources found");
  } else if (wait && command.dry_run() == Command::DryRun::None) {
    wait_for_end(command, deleted);
  }
}

std::optional<store::DeleteOptions> delete_options(Command& command) {
  store::DeleteOptions out;
  out.propagation = propagation_of(command);
  if (!out.propagation) {
    return std::nullopt;
  }
  const auto grace = grace_of(command);
  if (!grace) {
    return std::nullopt;
  }
  if (*grace >= 0) {
    out.grace_seconds = *grace;
  }
  return out;
}

void run_delete(Command& command) {
  const Arguments& arguments = command.arguments;
  const auto options = delete_options(command);
  if (!options || !command.read_dry_run()) {
    return;
  }
  const auto targets = command.targets(arguments.words, Command::Bare::Refused);
  if (!targets || !allowed(command, options->grace_seconds.value_or(-1))) {
    return;
  }
  // Who chooses by something else than names does not mind what is gone already.
  const bool chooses =
      arguments.on("all") || arguments.has("selector") || arguments.has("field-selector");
  const bool ignores =
      arguments.has("ignore-not-found") ? arguments.on("ignore-not-found") : chooses;
  const bool wait = !arguments.has("wait") || arguments.on("wait");
  const std::vector<Named> all = victims(command, *targets);
  delete_all(command, all, *options, ignores, wait);
}

}  // namespace stsim::kubectl
