#include "verb.hpp"

#include "document.hpp"
#include "field_selector.hpp"

#include <fmt/format.h>
#include <stsim/api/decode.hpp>
#include <stsim/api/well_known.hpp>
#include <stsim/api/yaml.hpp>

#include <algorithm>

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

constexpr std::string_view kMixedForms =
    "there is no need to specify a resource type as a separate argument when passing arguments in "
    "resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get "
    "resource "
    "resource/<resource_name>'";

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  while (true) {
    const std::size_t at = text.find(separator);
    out.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) {
      return out;
    }
    text.remove_prefix(at + 1);
  }
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

std::optional<Command::Targets> Command::targets_of_files(std::span<const std::string> words) {
  if (!words.empty()) {
    fail(words.front().find('/') != std::string::npos
             ? "resource/name arguments cannot be provided when a path is specified"
             : "when paths, URLs, or stdin is provided as input, you may not specify resource "
               "arguments as well");
    return std::nullopt;
  }
  const auto read = manifests();
  if (!read) {
    return std::nullopt;
  }
  Targets out;
  for (const Manifest& manifest : *read) {
    if (const auto kind = kind_of(manifest)) {
      const api::Json& metadata = api::member(manifest.document, "metadata");
      const std::string of =
          api::info(*kind).namespaced ? api::text(metadata, "namespace", ns()) : "";
      out.objects.push_back({*kind, of, api::text(metadata, "name"), manifest.source});
    }
  }
  if (out.objects.empty() && !failures.empty()) {
    return std::nullopt;
  }
  return out;
}

std::optional<Command::Targets> Command::targets(std::span<const std::string> words, Bare bare) {
  auto out = arguments.has("filename") ? targets_of_files(words) : named_targets(words);
  if (!out || !allowed(*out, bare)) {
    return std::nullopt;
  }
  return out;
}

bool Command::allowed(const Targets& targets, Bare bare) {
  const bool selected = arguments.has("selector") || arguments.has("field-selector");
  // Only delete takes --all for a selector; to others it says what a type alone means.
  const bool deletes = verb == "delete";
  const bool selects = selected || (arguments.on("all") && (deletes || targets.objects.empty()));
  if (deletes && selected && arguments.on("all")) {
    fail("setting 'all' parameter but found a non empty selector. ");
  } else if (arguments.has("filename")) {
    return true;
  } else if (!targets.objects.empty() && selects) {
    fail(targets.by_slash
             ? "selectors and the all flag cannot be used when passing resource/name arguments"
             : "name cannot be provided when a selector is specified");
  } else if (!targets.objects.empty() && arguments.on("all-namespaces")) {
    fail("a resource cannot be retrieved by name across all namespaces");
  } else if (!targets.whole.empty() && !selects && bare == Bare::Refused) {
    fail("resource(s) were provided, but no name was specified");
  } else if (targets.objects.empty() && targets.whole.empty()) {
    fail(selects ? "at least one resource must be specified to use a selector"
                 : "You must provide one or more resources by argument or filename.\n"
                   "Example resource specifications include:\n"
                   "   '-f rsrc.yaml'\n"
                   "   '--filename=rsrc.json'\n"
                   "   '<resource> <name>'\n"
                   "   '<resource>'");
  } else {
    return true;
  }
  return false;
}

std::optional<Command::Targets> Command::named_targets(std::span<const std::string> words) {
  Targets out;
  const auto kind_or_fail = [this](const std::string& word) {
    const auto kind = api::find_kind(word);
    if (!kind) {
      fail(fmt::format("the server doesn't have a resource type \"{}\"", word));
    }
    return kind;
  };
  const auto ns_of = [this](Kind kind) {
    return api::info(kind).namespaced ? ns() : std::string();
  };
  const auto has_slash = [](const std::string& word) {
    return word.find('/') != std::string::npos;
  };
  if (std::ranges::any_of(words, has_slash)) {
    out.by_slash = true;
    if (!std::ranges::all_of(words, has_slash)) {
      fail(std::string(kMixedForms));
      return std::nullopt;
    }
    for (const std::string& word : words) {
      const std::size_t slash = word.find('/');
      if (word.find('/', slash + 1) != std::string::npos) {
        fail("arguments in resource/name form may not have more than one slash");
        return std::nullopt;
      }
      if (slash == 0 || slash + 1 == word.size() || word.substr(0, slash).find(',') != word.npos) {
        fail("arguments in resource/name form must have a single resource and name");
        return std::nullopt;
      }
      const auto kind = kind_or_fail(word.substr(0, slash));
      if (!kind) {
        return std::nullopt;
      }
      out.objects.push_back({*kind, ns_of(*kind), word.substr(slash + 1)});
    }
    return out;
  }
  if (words.empty()) {
    return out;
  }
  std::vector<Kind> kinds;
  const auto add = [&kinds](Kind kind) {
    if (std::ranges::find(kinds, kind) == kinds.end()) {
      kinds.push_back(kind);
    }
  };
  for (const std::string& word : split(words.front(), ',')) {
    if (word == "all") {
      // KC-2: pods come first.
      add(Kind::Pod);
      for (const api::KindInfo& info : api::kinds()) {
        if (info.in_all) {
          add(info.kind);
        }
      }
      continue;
    }
    const auto kind = kind_or_fail(word);
    if (!kind) {
      return std::nullopt;
    }
    add(*kind);
  }
  const auto names = words.subspan(1);
  if (names.empty()) {
    out.whole = kinds;
    return out;
  }
  for (const Kind kind : kinds) {
    for (const std::string& name : names) {
      out.objects.push_back({kind, ns_of(kind), name});
    }
  }
  return out;
}

std::optional<api::Selector> Command::selector() const {
  auto parsed = api::parse_selector(arguments.value("selector"));
  return parsed ? std::optional(*std::move(parsed)) : std::nullopt;
}

api::ApiError Command::missing(const Named& named) const {
  // Whoever reads an object that is not there looks whether its namespace is.
  const bool nowhere = !named.ns.empty() && named.ns != "default" &&
                       !client().store().find({Kind::Namespace, "", named.ns});
  return nowhere ? api::not_found(Kind::Namespace, named.ns)
                 : api::not_found(named.kind, named.name);
}

std::vector<ObjectPtr> Command::find(const Targets& targets) {
  std::vector<ObjectPtr> out;
  const auto wanted = selector();
  if (!wanted && !targets.objects.empty()) {
    const std::string text = arguments.value("selector");
    fail(fmt::format(
        "the provided selector \"{}\" is not valid: {}", text, api::parse_selector(text).error()));
    return out;
  }
  for (const Named& named : targets.objects) {
    const ObjectPtr object = client().store().find(named.key());
    if (!object && !arguments.on("ignore-not-found")) {
      fail(missing(named));
    } else if (object && wanted->matches(object->labels)) {
      out.push_back(object);
    }
  }
  const std::vector<ObjectPtr> all = listed(targets);
  out.insert(out.end(), all.begin(), all.end());
  return out;
}

std::vector<ObjectPtr> Command::listed(const Targets& targets) {
  std::vector<ObjectPtr> out;
  const auto wanted = api::parse_selector(arguments.value("selector"));
  const std::vector<std::string> conditions = arguments.values("field-selector");
  const auto refused = [&](Kind kind, const std::string& why) {
    const api::KindInfo& info = api::info(kind);
    fail(api::bad_request(
        fmt::format("Unable to find \"{}/{}, Resource={}\" that match label selector \"{}\", field "
                    "selector \"{}\": {}",
                    info.group,
                    info.version,
                    info.plural,
                    arguments.value("selector"),
                    join(conditions, ","),
                    why)));
  };
  for (const Kind kind : targets.whole) {
    if (!wanted) {
      refused(kind, wanted.error());
      continue;
    }
    if (const auto field = unsupported_field(kind, conditions)) {
      refused(kind, "field label not supported: " + *field);
      continue;
    }
    const bool everywhere = arguments.on("all-namespaces") || !api::info(kind).namespaced;
    for (const ObjectPtr& object : client().store().list(kind, everywhere ? "" : ns())) {
      if (wanted->matches(object->labels) &&
          (conditions.empty() || fields_match(api::to_json(*object), conditions))) {
        out.push_back(object);
      }
    }
  }
  return out;
}

std::optional<std::vector<Command::Manifest>> Command::manifests() {
  struct File {
    std::string name;
    std::optional<std::string> text;  ///< nothing: standard input
  };
  std::vector<File> files;
  bool all_there = true;
  for (const std::string& path : arguments.values("filename")) {
    if (path == "-") {
      files.push_back({"STDIN", std::nullopt});
      continue;
    }
    const std::vector<std::string> names = session.files_of(path, arguments.on("recursive"));
    if (names.empty() && files.empty()) {
      fail(fmt::format("error reading [{}]: recognized file extensions are [.json .yaml .yml]",
                       path));
      all_there = false;
    }
    for (const std::string& name : names) {
      const auto text = session.read_file(name);
      if (text) {
        files.push_back({name, *text});
      } else {
        fail(text.error());
        all_there = false;
      }
    }
  }
  if (!all_there) {
    return std::nullopt;
  }
  std::vector<Manifest> out;
  for (const File& file : files) {
    if (file.text) {
      read_manifests(file.name, *file.text, out);
      continue;
    }
    for (const api::Json& document : session.standard_input) {
      out.push_back({document, file.name});
    }
  }
  return out;
}

void Command::read_manifests(const std::string& file,
                             const std::string& text,
                             std::vector<Manifest>& out) {
  const api::Manifests read = api::read_manifests(text);
  for (const api::Json& document : read.documents) {
    if (api::text(document, "kind") == "List") {
      for (const api::Json& item : api::member(document, "items")) {
        out.push_back({item, file});
      }
    } else {
      out.push_back({document, file});
    }
  }
  if (!read.error.empty()) {
    fail(fmt::format("error parsing {}: {}", file, read.error));
  }
}

std::optional<Kind> Command::kind_of(const Manifest& manifest) {
  const api::Json& document = manifest.document;
  const auto unreadable = [&](std::string_view what) {
    fail(fmt::format(
        "error validating \"{}\": error validating data: {}; if you choose to ignore these "
        "errors, turn validation off with --validate=false",
        manifest.source,
        what));
    return std::nullopt;
  };
  const std::string version = api::text(document, "apiVersion");
  const std::string kind = api::text(document, "kind");
  if (!document.is_object()) {
    return unreadable("invalid object to validate");
  }
  if (version.empty() && kind.empty()) {
    return unreadable("[apiVersion not set, kind not set]");
  }
  if (version.empty() || kind.empty()) {
    return unreadable(version.empty() ? "apiVersion not set" : "kind not set");
  }
  const auto found = api::find_kind(version, kind);
  if (!found) {
    const api::Json& metadata = api::member(document, "metadata");
    fail(fmt::format(
        "resource mapping not found for name: \"{}\" namespace: \"{}\" from \"{}\": no matches "
        "for kind \"{}\" in version \"{}\"\nensure CRDs are installed first",
        api::text(metadata, "name"),
        api::text(metadata, "namespace"),
        manifest.source,
        kind,
        version));
  }
  return found;
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
    auto document = noting(api::to_json(*stored));
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
  output.err += fmt::format(
      "error: this would wait for ever: {}, and nothing is left that could change it\n", what);
  output.exit = 1;
}

}  // namespace stsim::kubectl
