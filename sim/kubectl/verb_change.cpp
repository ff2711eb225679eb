// scale and patch. Rules: KC-12, KC-13.
#include "verb.hpp"

#include <fmt/format.h>
#include <stsim/api/decode_lenient.hpp>
#include <stsim/api/json_parse.hpp>
#include <stsim/api/patch.hpp>
#include <stsim/api/yaml.hpp>

namespace stsim::kubectl {

using api::Json;
using api::Kind;
using api::ObjectPtr;

void run_scale(Command& command) {
  const Arguments& arguments = command.arguments;
  if (!arguments.has("replicas")) {
    command.fail("required flag(s) \"replicas\" not set");
    return;
  }
  const std::int64_t replicas = *arguments.number("replicas");
  if (replicas < 0) {
    command.fail(
        "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0");
    return;
  }
  const auto targets = command.targets(arguments.words, Command::Bare::Refused);
  if (!targets || !command.read_dry_run()) {
    return;
  }
  const std::vector<ObjectPtr> objects = command.find(*targets);
  if (objects.empty() && command.failures.empty()) {
    command.fail("no objects passed to scale");
  }
  for (const ObjectPtr& object : objects) {
    if (object->key.kind != Kind::StatefulSet) {
      command.fail(api::ApiError{
          404, "NotFound", "the server could not find the requested resource", {}, "", ""});
      continue;
    }
    const std::int32_t current = object->as<api::StatefulSet>().spec->replicas;
    const auto expected = arguments.number("current-replicas");
    if (expected && *expected != -1 && *expected != current) {
      command.fail(fmt::format("Expected replicas to be {}, was {}", *expected, current));
      continue;
    }
    const std::string version = std::to_string(object->resource_version.value);
    if (arguments.has("resource-version") && arguments.value("resource-version") != version) {
      command.fail(fmt::format("Expected resource version to be {}, was {}",
                               arguments.value("resource-version"),
                               version));
      continue;
    }
    const auto set_replicas = [replicas](Json document) -> Result<Json, api::ApiError> {
      document["spec"]["replicas"] = replicas;
      return document;
    };
    const auto written = command.change(object->key, set_replicas, "scale");
    if (!written) {
      command.fail(written.error());
      continue;
    }
    const auto reached = [&] {
      const ObjectPtr now = command.client().store().find(object->key);
      return !now || now->as<api::StatefulSet>().status.replicas == replicas;
    };
    const auto deadline = command.deadline();
    if (deadline && command.dry_run() == Command::DryRun::None &&
        !command.client().run_until(reached, deadline)) {
      command.fail(fmt::format("timed out waiting for \"{}\" to be synced", object->key.name));
      continue;
    }
    command.done(**written, "scaled");
  }
}

namespace {

/// The text of `-p` or `--patch-file`. Errors: recorded.
std::optional<std::string> patch_text(Command& command) {
  const Arguments& arguments = command.arguments;
  if (arguments.has("patch")) {
    return arguments.value("patch");
  }
  if (!arguments.has("patch-file")) {
    command.fail("must specify --patch or --patch-file containing the contents of the patch");
    return std::nullopt;
  }
  const auto text = command.session.read_file(arguments.value("patch-file"));
  if (!text) {
    command.fail(text.error());
    return std::nullopt;
  }
  return *text;
}

/// The patch's document. JSON goes to the server as it is; YAML is turned into JSON first.
std::optional<Json> patch_document(Command& command, const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && (text[first] == '{' || text[first] == '[')) {
    auto parsed = api::parse_json(text);
    if (!parsed) {
      command.fail(api::bad_request(parsed.error().message));
      return std::nullopt;
    }
    return *std::move(parsed);
  }
  const api::Manifests read = api::read_manifests(text);
  if (!read.error.empty() || read.documents.empty()) {
    const std::string_view prefix = "error converting YAML to JSON: ";
    std::string why = read.error;
    if (why.starts_with(prefix)) {
      why.erase(0, prefix.size());
    }
    command.fail(
        fmt::format("unable to parse \"{}\": {}", text, why.empty() ? "nothing there" : why));
    return std::nullopt;
  }
  return read.documents.front();
}

Result<Json, api::ApiError> patched(const std::string& type,
                                    Kind kind,
                                    const Json& current,
                                    const Json& patch) {
  if (type == "json") {
    return api::json_patch(current, patch);
  }
  if (type == "merge") {
    return api::merge_patch(current, patch);
  }
  return api::strategic_merge(api::info(kind).name, current, patch);
}

/// What the server keeps of a document, if it fits at all.
Json known_part(Kind kind, const Json& document, Release release) {
  auto decoded = api::decode_lenient(kind, document, release);
  return decoded ? std::move(decoded->document) : Json();
}

}  // namespace

void run_patch(Command& command) {
  const Arguments& arguments = command.arguments;
  const std::string type = arguments.value("type", "strategic");
  if (type != "strategic" && type != "merge" && type != "json") {
    command.fail(fmt::format("--type must be one of [json merge strategic], not \"{}\"", type));
    return;
  }
  const auto text = patch_text(command);
  if (!text) {
    return;
  }
  const auto targets = command.targets(arguments.words, Command::Bare::Refused);
  if (!targets || !command.read_dry_run()) {
    return;
  }
  const std::vector<ObjectPtr> objects = command.find(*targets);
  if (objects.empty()) {
    return;
  }
  const auto patch = patch_document(command, *text);
  if (!patch) {
    return;
  }
  const std::string subresource = arguments.value("subresource");
  for (const ObjectPtr& object : objects) {
    // A change that the server drops again (a field whose feature is off) still counts as one: it
    // changes who manages the field.
    bool changed = false;
    const auto change = [&](const Json& current) {
      auto result = patched(type, object->key.kind, current, *patch);
      changed = result && *result != current;
      const Kind kind = object->key.kind;
      const auto unknown = result ? api::unknown_fields(kind, *result, command.release())
                                  : std::vector<std::string>();
      if (!unknown.empty() && command.dry_run() != Command::DryRun::Client) {
        command.warn_of_unknown(unknown);
        changed = known_part(kind, *result, command.release()) !=
                  known_part(kind, current, command.release());
      }
      return result;
    };
    store::WriteResult written;
    if (subresource == "status") {
      auto result = change(api::to_json(*object));
      if (!result) {
        command.fail(result.error());
        continue;
      }
      api::Object status = api::from_json(object->key.kind, *result);
      status.key = object->key;
      written = command.client().update_status(std::move(status));
    } else {
      written = command.change(object->key, change, subresource);
    }
    if (!written) {
      command.fail(written.error());
      continue;
    }
    command.done(**written, changed ? "patched" : "patched (no change)");
  }
}

}  // namespace stsim::kubectl
