// apply and create. Rules: KC-10, KC-11, KC-33.
#include "verb.hpp"

#include <fmt/format.h>
#include <stsim/api/json_parse.hpp>
#include <stsim/api/patch.hpp>
#include <stsim/api/well_known.hpp>

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

/// Creates an object and says so; on a dry run a copy of the store is asked, or nobody.
void create_object(Command& command,
                   const Command::Manifest& manifest,
                   const Named& named,
                   const Json& document) {
  if (command.dry_run() == Command::DryRun::Client) {
    if (!print_in_form(command, {&document}, true)) {
      command.print(fmt::format(
          "{} created{}", object_name(named.kind, named.name), command.dry_run_suffix()));
    }
    return;
  }
  store::Store trial = command.client().store();
  const auto made = command.dry_run() == Command::DryRun::None
                        ? command.client().create(named.kind, document, named.ns)
                        : trial.create(named.kind, document, named.ns, command.client().now(), 0);
  if (!made) {
    command.fail(with_source(made.error(), "creating", manifest.source));
    return;
  }
  command.pass_warnings(**made, Json());
  command.done(**made, "created");
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

void apply_change(Command& command,
                  const Command::Manifest& manifest,
                  const Named& named,
                  const api::Object& stored) {
  const std::string type(api::info(named.kind).name);
  const Json current = api::to_json(stored);
  Json last_applied;
  if (const auto it = stored.annotations.find(api::kLastAppliedAnnotation);
      it != stored.annotations.end()) {
    last_applied = api::parse_json(it->second).value_or(Json());
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
  if (stored.terminating()) {
    command.warn(fmt::format("Detected changes to resource {} which is currently being deleted.",
                             named.name));
  }
  const Json modified = annotated(manifest.document, named);
  const Json patch = api::three_way_patch(type, last_applied, modified, current);
  if (patch.empty()) {
    command.done(stored, "unchanged");
    return;
  }
  const auto refused = [&](api::ApiError error) {
    error.message = fmt::format("error when applying patch:\n{}\nto:\n{}\nfor: \"{}\": {}",
                                api::to_go_json(patch),
                                where(named),
                                manifest.source,
                                error.message);
    command.fail(std::move(error));
  };
  const auto apply = [&](const Json& stored_document) -> Result<Json, api::ApiError> {
    auto merged = api::strategic_merge(type, stored_document, patch);
    if (merged) {
      const auto unknown = api::unknown_fields(named.kind, *merged, command.release());
      if (!unknown.empty()) {
        return tl::unexpected(api::unknown_fields_refused(patch, unknown));
      }
    }
    return merged;
  };
  const auto written = command.change(named.key(), apply);
  if (!written) {
    refused(written.error());
    return;
  }
  command.done(**written, "configured");
}

void apply_one(Command& command, const Command::Manifest& manifest) {
  const auto named = place(command, manifest);
  if (!named) {
    return;
  }
  if (named->name.empty()) {
    command.fail(
        fmt::format("error when retrieving current configuration of:\n{}\nfrom server for: \"{}\": "
                    "resource name may not be empty",
                    where(*named),
                    manifest.source));
    return;
  }
  if (const ObjectPtr stored = command.client().store().find(named->key())) {
    apply_change(command, manifest, *named, *stored);
    return;
  }
  create_object(command, manifest, *named, annotated(manifest.document, *named));
}

void create_one(Command& command, const Command::Manifest& manifest) {
  const auto named = place(command, manifest);
  if (!named) {
    return;
  }
  create_object(command,
                manifest,
                *named,
                command.arguments.on("save-config") ? annotated(manifest.document, *named)
                                                    : manifest.document);
}

void each_manifest(Command& command,
                   std::string_view verb,
                   void (*one)(Command&, const Command::Manifest&)) {
  if (!command.arguments.has("filename")) {
    command.fail("must specify one of -f and -k");
    return;
  }
  if (!command.read_dry_run()) {
    return;
  }
  const std::vector<Command::Manifest> manifests = command.manifests();
  if (manifests.empty() && command.failures.empty()) {
    command.fail(fmt::format("no objects passed to {}", verb));
  }
  for (const Command::Manifest& manifest : manifests) {
    one(command, manifest);
  }
}

}  // namespace

void run_apply(Command& command) {
  each_manifest(command, "apply", apply_one);
}

void run_create(Command& command) {
  each_manifest(command, "create", create_one);
}

}  // namespace stsim::kubectl
