// scale and patch. Rules: KC-12, KC-13.
#include "document.hpp"
#include "verb.hpp"

#include <fmt/format.h>
#include <stsim/api/decode_lenient.hpp>
#include <stsim/api/json_parse.hpp>
#include <stsim/api/patch.hpp>
#include <stsim/api/yaml.hpp>
#include <stsim/base/characters.hpp>

namespace stsim::kubectl {

using api::Json;
using api::Kind;
using api::ObjectPtr;

namespace {

/// Why an object is not as the options demand; empty if it is. Rule: KC-12.
std::string broken_precondition(const Arguments& arguments, const api::Object& set) {
  const std::int64_t expected = arguments.number("current-replicas").value_or(-1);
  const std::int32_t current = set.as<api::StatefulSet>().spec->replicas;
  if (expected != -1 && expected != current) {
    return fmt::format("Expected replicas to be {}, was {}", expected, current);
  }
  const std::string version = std::to_string(set.resource_version.value);
  const std::string wanted = arguments.value("resource-version", version);
  if (!wanted.empty() && wanted != version) {
    return fmt::format("Expected resource version to be {}, was {}", wanted, version);
  }
  return "";
}

Json with_replicas(Json document, std::int64_t replicas) {
  document["spec"]["replicas"] = replicas;
  return document;
}

/// Scales one object. Returns whether to go on with the next: what fails ends the command.
bool scale_one(Command& command, const ObjectPtr& object, std::int64_t replicas) {
  // What is printed is the object as it was, with its new number.
  const Json shown = with_replicas(api::to_json(*object, command.release()), replicas);
  if (command.dry_run() == Command::DryRun::Client) {
    command.done(shown, "scaled");
    return true;
  }
  const auto end_with = [&command](auto error) {
    command.failures.clear();
    command.fail(std::move(error));
    return false;
  };
  if (object->key.kind != Kind::StatefulSet) {
    return end_with(api::ApiError{
        404, "NotFound", "the server could not find the requested resource", {}, "", ""});
  }
  if (const std::string why = broken_precondition(command.arguments, *object); !why.empty()) {
    return end_with(why);
  }
  const auto set_replicas = [replicas](const Json& document) -> Result<Json, api::ApiError> {
    return with_replicas(document, replicas);
  };
  if (const auto written = command.change(object->key, set_replicas, "scale"); !written) {
    return end_with(written.error());
  }
  const auto reached = [&] {
    const ObjectPtr now = command.client().store().find(object->key);
    return !now || now->as<api::StatefulSet>().spec->replicas != replicas ||
           now->as<api::StatefulSet>().status.replicas == replicas;
  };
  const auto deadline = command.deadline();
  if (deadline && command.dry_run() == Command::DryRun::None &&
      !command.client().run_until(reached, deadline)) {
    return end_with(fmt::format("timed out waiting for \"{}\" to be synced", object->key.name));
  }
  command.record_cause(object->key);
  command.done(shown, "scaled");
  return true;
}

}  // namespace

void run_scale(Command& command) {
  const Arguments& arguments = command.arguments;
  if (!arguments.has("replicas")) {
    command.fail("required flag(s) \"replicas\" not set");
    return;
  }
  if (!command.read_dry_run() || !command.can_print()) {
    return;
  }
  const std::int64_t replicas = *arguments.number("replicas");
  if (replicas < 0) {
    command.fail(
        "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0");
    return;
  }
  if (arguments.number("current-replicas").value_or(-1) < -1) {
    command.fail("The --current-replicas must specify an integer of -1 or greater");
    return;
  }
  const auto targets = command.targets(arguments.words, Command::Bare::Refused);
  if (!targets) {
    return;
  }
  const std::vector<ObjectPtr> objects = command.find(*targets);
  if (objects.size() > 1 && !arguments.value("resource-version").empty()) {
    command.failures.clear();
    command.fail("cannot use --resource-version with multiple resources");
    return;
  }
  if (objects.empty() && command.failures.empty()) {
    command.fail("no objects passed to scale");
  }
  for (const ObjectPtr& object : objects) {
    if (!scale_one(command, object, replicas)) {
      return;
    }
  }
}

namespace {

/// The text of `-p` or `--patch-file`. Errors: recorded.
std::optional<std::string> patch_text(Command& command) {
  const std::string file = command.arguments.value("patch-file");
  if (file.empty()) {
    return command.arguments.value("patch");
  }
  const auto text = command.session.read_file(file);
  if (!text) {
    command.fail(
        fmt::format("unable to read patch file: open {}: no such file or directory", file));
    return std::nullopt;
  }
  return *text;
}

/// A patch as it goes to the server.
using Patch = Result<Json, api::ApiError>;

/// The patch of a text. JSON goes to the server as it is, which may not be able to read it; YAML is
/// turned into JSON first. Errors of that: recorded, and nothing.
std::optional<Patch> patch_of(Command& command, const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && text[first] == '{') {
    auto parsed = api::parse_json(text);
    if (!parsed) {
      return tl::unexpected(api::bad_request(parsed.error().message));
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
    command.fail(fmt::format("unable to parse \"{}\": {}",
                             command.arguments.value("patch"),
                             why.empty() ? "nothing there" : why));
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

/// The Scale that stands for a set.
Json scale_of(const Json& set) {
  Json out{{"apiVersion", "autoscaling/v1"}, {"kind", "Scale"}};
  for (const char* field : {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
    out["metadata"][field] = api::at_path(set, {"metadata", field});
  }
  out["spec"]["replicas"] = api::at_path(set, {"spec", "replicas"});
  out["status"]["replicas"] = api::integer(api::member(set, "status"), "replicas");
  return out;
}

/// One object's change through a patch.
class Patcher {
 public:
  Patcher(Command& command, const std::string& type, const Json& patch)
      : command_(command),
        type_(type),
        patch_(patch),
        part_(command.arguments.value("subresource")) {}

  void patch(const ObjectPtr& object) {
    const Kind kind = object->key.kind;
    const bool scales = part_ == "scale" && kind == Kind::StatefulSet;
    if (!part_.empty() && !scales && part_ != "status") {
      command_.fail(api::ApiError{
          404, "NotFound", "the server could not find the requested resource", {}, "", ""});
      return;
    }
    // A file's object is not the server's, so that it always counts as changed.
    changed_ = command_.arguments.has("filename");
    const auto apply = [&](const Json& current) { return change(kind, current, scales); };
    const auto written =
        part_ == "status" ? change_status(object) : command_.change(object->key, apply, part_);
    command_.warn_of_unknown(unknown_);
    unknown_.clear();
    if (!written) {
      command_.fail(written.error());
      return;
    }
    command_.record_cause(object->key);
    const Json document = api::to_json(**written, command_.release());
    command_.done(scales ? scale_of(document) : document,
                  changed_ ? "patched" : "patched (no change)");
  }

 private:
  // A change that the server drops again (a field whose feature is off) still counts as one: it
  // changes who manages the field. A field that nobody knows does not: it is only warned of.
  Result<Json, api::ApiError> change(Kind kind, const Json& current, bool scales) {
    Result<Json, api::ApiError> result =
        patched(type_, kind, scales ? scale_of(current) : current, patch_);
    if (!result) {
      return result;
    }
    if (auto refusal = refuse_move(current, *result)) {
      return tl::unexpected(*std::move(refusal));
    }
    if (scales) {
      Json document = current;
      document["spec"]["replicas"] = api::at_path(*result, {"spec", "replicas"});
      result = std::move(document);
    }
    // Where decoding fails as a whole, the write says so.
    if (auto decoded = api::decode_lenient(kind, *result, command_.release());
        decoded && !decoded->unknown.empty()) {
      unknown_ = std::move(decoded->unknown);
      result = std::move(decoded->document);
    }
    changed_ = changed_ || *result != current;
    return result;
  }

  /// A patch changes neither the name of an object nor its namespace; one that it leaves out stays.
  /// Source: the server's handlers of patches (apiserver's pkg/endpoints/handlers/patch.go).
  static std::optional<api::ApiError> refuse_move(const Json& current, Json& patched) {
    const std::string ns = api::text(api::member(current, "metadata"), "namespace");
    const std::string new_ns = api::text(api::member(patched, "metadata"), "namespace");
    if (!ns.empty() && !new_ns.empty() && ns != new_ns) {
      return api::bad_request(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
    if (ns != new_ns) {
      if (ns.empty()) {
        patched["metadata"].erase("namespace");
      } else {
        patched["metadata"]["namespace"] = ns;
      }
    }
    const std::string name = api::text(api::member(current, "metadata"), "name");
    const std::string new_name = api::text(api::member(patched, "metadata"), "name");
    if (new_name.empty()) {
      return api::bad_request(fmt::format(
          "the name of the object ({} based on URL) was undeterminable: name must be provided",
          name));
    }
    if (name != new_name) {
      return api::bad_request(fmt::format(
          "the name of the object ({}) does not match the name on the URL ({})", new_name, name));
    }
    return std::nullopt;
  }

  store::WriteResult change_status(const ObjectPtr& object) {
    auto result = change(object->key.kind, api::to_json(*object, command_.release()), false);
    if (!result) {
      return tl::unexpected(result.error());
    }
    api::Object status = api::from_json(object->key.kind, *result);
    status.key = object->key;
    return command_.client().update_status(std::move(status));
  }

  Command& command_;
  const std::string& type_;
  const Json& patch_;
  std::string part_;
  bool changed_{};
  std::vector<std::string> unknown_;
};

}  // namespace

void run_patch(Command& command) {
  const Arguments& arguments = command.arguments;
  command.separates = false;
  const std::string type = to_lower(arguments.value("type", "strategic"));
  const bool has_text = !arguments.value("patch").empty();
  const bool has_file = !arguments.value("patch-file").empty();
  if (!command.read_dry_run()) {
    return;
  }
  if (has_text == has_file) {
    command.fail(has_text
                     ? "cannot specify --patch and --patch-file together"
                     : "must specify --patch or --patch-file containing the contents of the patch");
    return;
  }
  if (!type.empty() && type != "strategic" && type != "merge" && type != "json") {
    command.fail(fmt::format("--type must be one of [json merge strategic], not \"{}\"",
                             arguments.value("type")));
    return;
  }
  const auto text = patch_text(command);
  if (!text) {
    return;
  }
  const auto patch = patch_of(command, *text);
  if (!patch) {
    return;
  }
  const auto targets = command.targets(arguments.words, Command::Bare::Refused);
  if (!targets) {
    return;
  }
  for (const ObjectPtr& object : command.find(*targets)) {
    if (*patch) {
      Patcher(command, type, **patch).patch(object);
    } else {
      command.fail(patch->error());
    }
  }
}

}  // namespace stsim::kubectl
