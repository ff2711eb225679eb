#include "verb.hpp"

#include "document.hpp"

#include <fmt/format.h>
#include <stsim/api/decode.hpp>
#include <stsim/api/well_known.hpp>
#include <stsim/base/characters.hpp>
#include <stsim/world/rest.hpp>

namespace stsim::kubectl {

using api::Kind;
using api::ObjectPtr;

namespace {

/// The server's words as kubectl shows them among others. Rule: KC-30.
std::string standard_message(const api::ApiError& error) {
  return error.reason.empty()
             ? fmt::format("Error from server: {}", error.message)
             : fmt::format("Error from server ({}): {}", error.reason, error.message);
}

/// Rule: KC-32.
std::string only_message(const api::ApiError& error) {
  if (error.reason != "Invalid") {
    return standard_message(error);
  }
  std::string head = "The request is invalid";
  if (!error.kind_name.empty()) {
    head = fmt::format("The {} \"{}\" is invalid", error.kind_name, error.object_name);
  }
  if (error.causes.empty()) {
    return error.kind_name.empty() ? fmt::format("{}: {}", head, error.message) : error.message;
  }
  if (error.causes.size() == 1) {
    return fmt::format("{}: {}", head, error.causes.front().text());
  }
  std::string out = head + ": ";
  for (const api::FieldError& cause : error.causes) {
    out += "\n* " + cause.text();
  }
  return out;
}

std::string text_of(const Failure& failure, bool only) {
  if (const auto* own = std::get_if<ClientError>(&failure)) {
    const bool marked = own->plain || own->text.starts_with("error: ");
    return only && !marked ? "error: " + own->text : own->text;
  }
  const auto& error = std::get<api::ApiError>(failure);
  return only ? only_message(error) : standard_message(error);
}

}  // namespace

std::string name_with_kind(const api::Json& document) {
  const std::string version = api::text(document, "apiVersion");
  const std::size_t slash = version.find('/');
  return fmt::format("{}{}{}/{}",
                     to_lower(api::text(document, "kind")),
                     slash == std::string::npos ? "" : ".",
                     slash == std::string::npos ? "" : version.substr(0, slash),
                     name_of(document));
}

std::string object_name(Kind kind, std::string_view name) {
  return fmt::format("{}/{}", api::singular_name(kind), name);
}

api::ApiError with_source(api::ApiError error, std::string_view doing, std::string_view source) {
  error.message = fmt::format("error when {} \"{}\": {}", doing, source, error.message);
  return error;
}

void Command::misused(std::string_view text) {
  fail(fmt::format("{}\nSee 'kubectl {} -h' for help and examples", text, verb));
}

void Command::fail_with_all(const std::vector<std::string>& texts) {
  failures.emplace_back(ClientError{join(texts, "\n"), texts.size() > 1});
}

Output Command::finish() {
  for (const Failure& failure : failures) {
    const std::string text = text_of(failure, failures.size() == 1);
    output.err += text.ends_with('\n') && failures.size() == 1 ? text : text + "\n";
  }
  if (!failures.empty()) {
    output.exit = 1;
  }
  return std::move(output);
}

bool Command::read_dry_run() {
  const std::string mode = arguments.value("dry-run", "none");
  const auto truth = parse_bool(mode);
  if (truth) {
    dry_run_ = *truth ? DryRun::Client : DryRun::None;
  } else if (mode == "client" || mode == "server") {
    dry_run_ = mode == "client" ? DryRun::Client : DryRun::Server;
  } else if (mode != "none") {
    fail(
        fmt::format(R"(Invalid dry-run value ({}). Must be "none", "server", or "client".)", mode));
    return false;
  }
  return true;
}

std::string_view Command::dry_run_suffix() const {
  return dry_run_ == DryRun::None     ? ""
         : dry_run_ == DryRun::Client ? " (dry run)"
                                      : " (server dry run)";
}

void Command::server_warning(const std::string& text) {
  if (warned_.insert(text).second) {
    warn(text);
  }
}

void Command::warn_of_unknown(const std::vector<std::string>& fields) {
  for (const std::string& field : fields) {
    server_warning(field);
  }
}

void Command::pass_warnings(const api::Object& object, const api::Json& old) {
  for (const std::string& warning :
       api::warnings(object.key.kind, api::to_json(object), old, client().store().features())) {
    server_warning(warning);
  }
}

store::WriteResult Command::change(const api::ObjectKey& key,
                                   const world::Client::DocumentChange& change,
                                   std::string subresource) {
  const bool of_status = subresource == "status";  // there the server warns of nothing
  api::Json old;
  const auto noting = [&](const api::Json& stored) {
    old = stored;
    return change(stored);
  };
  store::WriteResult written;
  if (dry_run_ == DryRun::None) {
    written = client().patch(key, noting, std::move(subresource));
  } else {
    store::Store trial = client().store();
    const ObjectPtr stored = trial.find(key);
    if (!stored) {
      return tl::unexpected(api::not_found(key.kind, key.name));
    }
    auto document = noting(api::to_json(*stored, release()));
    if (!document) {
      return tl::unexpected(std::move(document.error()));
    }
    if (dry_run_ == DryRun::Client) {
      return std::make_shared<const api::Object>(api::from_json(key.kind, *document));
    }
    written = trial.update(key.kind, *document, 0);
  }
  if (written && !of_status) {
    pass_warnings(**written, old);
  }
  return written;
}

void Command::record_cause(const api::ObjectKey& key) {
  if (change_cause.empty()) {
    return;
  }
  const auto note = [this](api::Json document) -> Result<api::Json, api::ApiError> {
    note_cause(document);
    return document;
  };
  // Nothing is said where this fails.
  static_cast<void>(change(key, note));
}

void Command::note_cause(api::Json& document) const {
  if (!change_cause.empty()) {
    document["metadata"]["annotations"][api::kChangeCauseAnnotation] = change_cause;
  }
}

void Command::done(const api::Object& object, std::string_view what) {
  done(api::to_json(object, release()), what);
}

void Command::done(const api::Json& document, std::string_view what) {
  if (arguments.has("output") || arguments.has("template")) {
    show(document);
  } else {
    print(fmt::format("{} {}{}", name_with_kind(document), what, dry_run_suffix()));
  }
}

void Command::warn_of_endpoints(const Targets& targets) {
  const auto is_endpoints = [](Kind kind) { return kind == Kind::Endpoints; };
  if (release().at_least(33) &&
      (std::ranges::any_of(targets.whole, is_endpoints) ||
       std::ranges::any_of(targets.objects, is_endpoints, &Named::kind))) {
    warn("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
  }
}

void Command::show(const api::Json& document) {
  if (separates && to_lower(arguments.value("output")) == "yaml") {
    output.out += shown_yaml_ ? "---\n" : "";
    shown_yaml_ = true;
  }
  static_cast<void>(print_in_form(*this, {&document}, true));
}

std::optional<SimTime> Command::deadline() const {
  const auto timeout = parse_duration(arguments.value("timeout", "0"));
  if (!timeout || *timeout <= SimDuration{}) {
    return std::nullopt;
  }
  return client().now() + *timeout;
}

void Command::would_wait_for_ever(std::string_view what) {
  const world::World& world = client().world();
  const std::string_view why = world.spent ? "the run may take no more events"
                               : world::at_rest(world)
                                   ? "nothing is left that could change it"
                                   : "all that goes on in the cluster does not change it";
  output.err += fmt::format("error: this would wait for ever: {}, and {}\n", what, why);
  output.exit = 1;
}

}  // namespace stsim::kubectl
