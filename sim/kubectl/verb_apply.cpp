// apply, create and replace. Rules: KC-10, KC-11, KC-33.
#include "document.hpp"
#include "verb.hpp"

#include <fmt/format.h>
#include <stsim/api/decode.hpp>
#include <stsim/api/decode_lenient.hpp>
#include <stsim/api/json_parse.hpp>
#include <stsim/api/patch.hpp>
#include <stsim/api/well_known.hpp>
#include <stsim/base/characters.hpp>

#include <algorithm>

namespace stsim::kubectl {

using api::Json;
using api::Kind;
using api::ObjectPtr;

namespace {

/// What a manifest's object is and where it belongs. Errors: recorded.
std::optional<Named> place(Command& command, const Command::Manifest& manifest) {
  const auto found = command.kind_of(manifest);
  if (!found) {
    return std::nullopt;
  }
  const Kind kind = *found;
  const Json& metadata = api::member(manifest.document, "metadata");
  const std::string own = api::text(metadata, "namespace");
  std::string ns;
  if (api::info(kind).namespaced) {
    ns = own.empty() ? command.ns() : own;
    if (!own.empty() && command.arguments.has("namespace") && own != command.ns()) {
      command.fail(
          fmt::format("the namespace from the provided object \"{}\" does not match the namespace "
                      "\"{}\". You must pass '--namespace={}' to perform this operation.",
                      own,
                      command.ns(),
                      own));
      return std::nullopt;
    }
  }
  return Named{kind, ns, api::text(metadata, "name")};
}

/// The document with its own text noted in an annotation, for the next apply.
Json annotated(Json document, const Named& named) {
  if (!named.ns.empty()) {
    document["metadata"]["namespace"] = named.ns;
  }
  Json& annotations = document["metadata"]["annotations"];
  if (!annotations.is_object()) {
    annotations = Json::object();
  }
  annotations.erase(api::kLastAppliedAnnotation);
  const std::string text = api::to_go_json(document) + "\n";
  document["metadata"]["annotations"][api::kLastAppliedAnnotation] = text;
  return document;
}

/// How --validate asks for unknown fields to be treated.
enum class Validation : unsigned char { Strict, Warn, Ignore };

/// Errors: recorded.
std::optional<Validation> validation_of(Command& command) {
  const std::string mode = command.arguments.value("validate", "strict");
  if (const auto truth = parse_bool(mode)) {
    return *truth ? Validation::Strict : Validation::Ignore;
  }
  if (mode == "strict") {
    return Validation::Strict;
  }
  if (mode == "warn") {
    return Validation::Warn;
  }
  if (mode == "ignore") {
    return Validation::Ignore;
  }
  command.fail(fmt::format(
      "invalid - validate option \"{}\"; must be one of: strict (or true), warn, ignore (or false)",
      mode));
  return std::nullopt;
}

/// A document as the server takes it: without the fields that it does not know, which it may warn
/// of. Where the server refuses the document it stays as it is.
Json accepted(Command& command, Kind kind, Json document) {
  const auto mode = validation_of(command);
  if (!mode || *mode == Validation::Strict) {
    return document;
  }
  auto decoded = api::decode_lenient(kind, document, command.release());
  if (!decoded || decoded->unknown.empty()) {
    return document;
  }
  if (*mode == Validation::Warn) {
    command.warn_of_unknown(decoded->unknown);
  }
  return std::move(decoded->document);
}

/// A manifest as kubectl takes it: with the namespace that it is for.
Json in_namespace(Json document, const Named& named) {
  if (!named.ns.empty()) {
    document["metadata"]["namespace"] = named.ns;
  }
  return document;
}

/// Creates an object; on a dry run a copy of the store is asked.
store::WriteResult create_in(const Command& command, const Named& named, const Json& document) {
  if (command.dry_run() == Command::DryRun::None) {
    return command.client().create(named.kind, document, named.ns);
  }
  store::Store trial = command.client().store();
  return trial.create(named.kind, document, named.ns, command.client().now(), 0);
}

/// Creates an object. Returns it as it is to be printed; nothing if the server refuses it.
/// Errors: recorded.
std::optional<Json> create_object(Command& command,
                                  const Command::Manifest& manifest,
                                  const Named& named,
                                  const Json& document) {
  if (command.dry_run() == Command::DryRun::Client) {
    return in_namespace(document, named);
  }
  const Json sent = accepted(command, named.kind, document);
  const auto made = create_in(command, named, sent);
  if (!made) {
    command.fail(with_source(made.error(), "creating", manifest.source));
    return std::nullopt;
  }
  command.pass_warnings(**made, Json());
  return api::to_json(**made, command.release());
}

std::string where(const Named& named) {
  const std::string version = api::api_version(named.kind);
  return fmt::format(
      "Resource: \"{}, Resource={}\", GroupVersionKind: \"{}, Kind={}\"\nName: \"{}\", "
      "Namespace: \"{}\"",
      version,
      api::info(named.kind).plural,
      version,
      api::info(named.kind).name,
      named.name,
      named.ns);
}

/// Deletes an object that cannot be changed as its manifest demands, and creates it anew.
/// Errors: what to say of the apply.
store::WriteResult recreate(Command& command, const Named& named, const Json& document) {
  const auto options = delete_options(command);
  if (!options) {
    return tl::unexpected(api::bad_request("unknown cascade"));
  }
  if (const auto removed = command.client().remove(named.key(), *options); !removed) {
    return removed;
  }
  const auto gone = [&] { return !command.client().store().find(named.key()); };
  static_cast<void>(command.client().run_until(gone, command.deadline()));
  return command.client().create(named.kind, document, named.ns);
}

/// An object after an apply, and what became of it.
struct Applied {
  Json document;
  std::string_view what;
};

/// Errors: recorded, and nothing.
std::optional<Applied> apply_change(Command& command,
                                    const Command::Manifest& manifest,
                                    const Named& named,
                                    const api::Object& stored) {
  const std::string type(api::info(named.kind).name);
  const Json current = api::to_json(stored);
  Json last_applied;
  if (const Text* annotation = stored.annotations.find(api::kLastAppliedAnnotation)) {
    last_applied = api::parse_json(*annotation).value_or(Json());
  } else {
    command.warn(
        fmt::format("resource {}/{} is missing the "
                    "kubectl.kubernetes.io/last-applied-configuration annotation which is "
                    "required by kubectl apply. kubectl apply should only be used on resources "
                    "created declaratively by "
                    "either kubectl create --save-config or kubectl apply. The missing annotation "
                    "will be patched "
                    "automatically.",
                    api::info(named.kind).plural,
                    named.name));
  }
  const auto warn_of_end = [&] {
    if (stored.terminating()) {
      command.warn(fmt::format("Detected changes to resource {} which is currently being deleted.",
                               named.name));
    }
  };
  const Json modified = annotated(manifest.document, named);
  const Json patch = api::three_way_patch(type, last_applied, modified, current);
  if (patch.empty()) {
    warn_of_end();
    return Applied{api::to_json(stored, command.release()), "unchanged"};
  }
  const auto apply = [&](const Json& stored_document) -> Result<Json, api::ApiError> {
    auto merged = api::strategic_merge(type, stored_document, patch);
    if (!merged || command.dry_run() == Command::DryRun::Client) {
      return merged;
    }
    const auto unknown = api::unknown_fields(named.kind, *merged, command.release());
    if (!unknown.empty() && validation_of(command) == Validation::Strict) {
      return tl::unexpected(api::unknown_fields_refused(patch, unknown));
    }
    return accepted(command, named.kind, *std::move(merged));
  };
  auto written = command.change(named.key(), apply);
  if (!written && command.arguments.on("force") && command.dry_run() == Command::DryRun::None &&
      (written.error().reason == "Invalid" || written.error().reason == "Conflict")) {
    written = recreate(command, named, modified);
  }
  if (!written) {
    api::ApiError error = written.error();
    error.message = fmt::format("error when applying patch:\n{}\nto:\n{}\nfor: \"{}\": {}",
                                api::to_go_json(patch),
                                where(named),
                                manifest.source,
                                error.message);
    command.fail(std::move(error));
    return std::nullopt;
  }
  warn_of_end();
  return Applied{api::to_json(**written, command.release()), "configured"};
}

/// Errors: recorded, and nothing.
std::optional<Applied> apply_one(Command& command,
                                 const Command::Manifest& manifest,
                                 const Named& named) {
  if (named.name.empty()) {
    const std::string generated =
        api::text(api::member(manifest.document, "metadata"), "generateName");
    command.fail(
        generated.empty()
            ? fmt::format("error when retrieving current configuration of:\n{}\nfrom server for: "
                          "\"{}\": resource name may not be empty",
                          where(named),
                          manifest.source)
            : fmt::format("from {}: cannot use generate name with apply", generated));
    return std::nullopt;
  }
  if (const ObjectPtr stored = command.client().store().find(named.key())) {
    return apply_change(command, manifest, named, *stored);
  }
  auto created = create_object(command, manifest, named, annotated(manifest.document, named));
  return created ? std::optional(Applied{*std::move(created), "created"}) : std::nullopt;
}

/// Replaces an object by its manifest. Errors: recorded, and nothing.
std::optional<Json> replace_object(Command& command,
                                   const Command::Manifest& manifest,
                                   const Named& named,
                                   const Json& document) {
  if (command.dry_run() == Command::DryRun::Client) {
    return in_namespace(document, named);
  }
  const auto refused = [&](api::ApiError error) {
    command.fail(with_source(std::move(error), "replacing", manifest.source));
    return std::nullopt;
  };
  if (!command.client().store().find(named.key())) {
    return refused(api::not_found(named.kind, named.name));
  }
  if (validation_of(command) == Validation::Strict) {
    if (auto decoded = api::decode(named.kind, document, command.release()); !decoded) {
      return refused(std::move(decoded.error()));
    }
  }
  const Json sent = accepted(command, named.kind, document);
  const auto exchange = [&sent, &named](const Json& stored) -> Result<Json, api::ApiError> {
    Json out = sent;
    if (!named.ns.empty()) {
      out["metadata"]["namespace"] = named.ns;
    }
    // The status is not the user's, and what the server gave the object stays its own.
    out["status"] = api::member(stored, "status");
    for (const char* own : {"uid", "creationTimestamp", "generation", "selfLink"}) {
      const Json& value = api::member(api::member(stored, "metadata"), own);
      if (!value.is_null()) {
        out["metadata"][own] = value;
      }
    }
    return out;
  };
  const auto written = command.change(named.key(), exchange);
  if (!written) {
    return refused(written.error());
  }
  return api::to_json(**written, command.release());
}

/// The manifests with what they are and where they belong, if the options make sense.
struct Placed {
  Command::Manifest manifest;
  Named named;
};

/// Errors: recorded; nothing where the command ends with them.
std::optional<std::vector<Placed>> placed_manifests(Command& command) {
  const Arguments& arguments = command.arguments;
  if (!arguments.words.empty() && command.verb != "replace") {
    command.misused(fmt::format("Unexpected args: [{}]", join(arguments.words, " ")));
    return std::nullopt;
  }
  if (!command.read_dry_run() || !command.can_print()) {
    return std::nullopt;
  }
  if (!arguments.has("filename")) {
    command.fail("must specify one of -f and -k");
    return std::nullopt;
  }
  if (!validation_of(command)) {
    return std::nullopt;
  }
  const auto manifests = command.manifests();
  if (!manifests) {
    return std::nullopt;
  }
  const auto wanted = command.selector();
  if (!wanted) {
    const std::string text = arguments.value("selector");
    command.fail(fmt::format(
        "the provided selector \"{}\" is not valid: {}", text, api::parse_selector(text).error()));
    return std::nullopt;
  }
  std::vector<Placed> out;
  for (const Command::Manifest& manifest : *manifests) {
    const Json& metadata = api::member(manifest.document, "metadata");
    const auto named = place(command, manifest);
    if (named && wanted->matches(api::labels_of(api::member(metadata, "labels")))) {
      out.push_back({manifest, *named});
      command.note_cause(out.back().manifest.document);
    }
  }
  if (out.empty() && command.failures.empty()) {
    command.fail(fmt::format("no objects passed to {}", command.verb));
  }
  return out;
}

/// A manifest's document, with its text noted for the next apply if that is asked for, or if it was
/// noted before.
Json document_of(const Command& command, const Placed& placed) {
  const Json& annotations = api::at_path(placed.manifest.document, {"metadata", "annotations"});
  return command.arguments.on("save-config") ||
                 !api::text(annotations, api::kLastAppliedAnnotation).empty()
             ? annotated(placed.manifest.document, placed.named)
             : placed.manifest.document;
}

}  // namespace

void run_apply(Command& command) {
  const auto all = placed_manifests(command);
  if (!all) {
    return;
  }
  if (command.dry_run() == Command::DryRun::Server && command.arguments.on("force")) {
    command.fail("--dry-run=server cannot be used with --force");
    return;
  }
  // In a form of -o all objects come at the end, as one document.
  const std::string form = to_lower(command.arguments.value("output"));
  const bool at_end = !form.empty() && form != "name";
  std::vector<Json> shown;
  for (const Placed& placed : *all) {
    if (auto applied = apply_one(command, placed.manifest, placed.named)) {
      if (!at_end) {
        command.done(applied->document, applied->what);
      }
      shown.push_back(std::move(applied->document));
    }
  }
  if (at_end && command.failures.empty()) {
    std::vector<const Json*> pointers;
    for (const Json& document : shown) {
      pointers.push_back(&document);
    }
    static_cast<void>(print_in_form(command, pointers, pointers.size() == 1));
  }
}

void run_create(Command& command) {
  const auto all = placed_manifests(command);
  for (const Placed& placed : all.value_or(std::vector<Placed>())) {
    const Json document = document_of(command, placed);
    if (const auto made = create_object(command, placed.manifest, placed.named, document)) {
      command.done(*made, "created");
    }
  }
}

namespace {

/// Deletes what the manifests name, and creates it anew. Rule: KC-11.
void replace_by_force(Command& command, const std::vector<Placed>& all) {
  const auto options = delete_options(command);
  if (!options) {
    return;
  }
  std::vector<Named> old;
  for (const Placed& placed : all) {
    old.push_back(placed.named);
    old.back().source = placed.manifest.source;
  }
  delete_all(command, old, *options, true, command.arguments.on("wait"));
  if (!command.failures.empty()) {
    return;
  }
  const auto gone = [&] {
    return std::ranges::none_of(
        old, [&](const Named& one) { return command.client().store().find(one.key()) != nullptr; });
  };
  const SimDuration patience =
      parse_duration(command.arguments.value("timeout", "0")).value_or(SimDuration{});
  const SimTime deadline =
      command.client().now() +
      (patience == SimDuration{} ? SimDuration{std::chrono::minutes{5}} : patience);
  if (!command.client().run_until(gone, deadline)) {
    command.fail("context deadline exceeded");
    return;
  }
  for (const Placed& placed : all) {
    const Json sent = accepted(command, placed.named.kind, document_of(command, placed));
    const auto made = create_in(command, placed.named, sent);
    if (!made) {
      command.fail(made.error());
      continue;
    }
    command.pass_warnings(**made, Json());
    command.done(**made, "replaced");
  }
}

}  // namespace

void run_replace(Command& command) {
  const Arguments& arguments = command.arguments;
  const auto all = placed_manifests(command);
  if (!all) {
    return;
  }
  const bool forced = arguments.on("force");
  if (!forced && arguments.number("grace-period").value_or(-1) >= 0) {
    command.fail("--grace-period must have --force specified");
  } else if (!forced && command.deadline()) {
    command.fail("--timeout must have --force specified");
  } else if (forced && command.dry_run() != Command::DryRun::None) {
    command.fail("--dry-run can not be used when --force is set");
  } else if (forced) {
    replace_by_force(command, *all);
  } else {
    for (const Placed& placed : *all) {
      const Json document = document_of(command, placed);
      if (const auto made = replace_object(command, placed.manifest, placed.named, document)) {
        command.done(*made, "replaced");
      }
    }
  }
}

}  // namespace stsim::kubectl
