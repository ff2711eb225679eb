#include "verb.hpp"

#include <fmt/format.h>
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
    return only && !own->plain ? "error: " + own->text : own->text;
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

std::string object_name(Kind kind, std::string_view name) {
  return fmt::format("{}/{}", api::singular_name(kind), name);
}

std::string deleted_line(const Named& object, bool forced) {
  const std::string done = forced ? "force deleted" : "deleted";
  const std::string from = object.ns.empty() ? "" : fmt::format(" from {} namespace", object.ns);
  return fmt::format("{} \"{}\" {}{}", api::singular_name(object.kind), object.name, done, from);
}

api::ApiError with_source(api::ApiError error, std::string_view doing, std::string_view source) {
  error.message = fmt::format("error when {} \"{}\": {}", doing, source, error.message);
  return error;
}

Output Command::finish() {
  for (const Failure& failure : failures) {
    output.err += text_of(failure, failures.size() == 1) + "\n";
  }
  if (!failures.empty()) {
    output.exit = 1;
  }
  return std::move(output);
}

std::optional<Command::Targets> Command::targets(std::span<const std::string> words) {
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
  if (words.empty()) {
    return out;
  }
  if (words.front().find('/') != std::string::npos) {
    out.by_slash = true;
    for (const std::string& word : words) {
      const std::size_t slash = word.find('/');
      if (slash == std::string::npos) {
        fail(
            "there is no need to specify a resource type as a separate argument when passing "
            "arguments in "
            "resource/name form");
        return std::nullopt;
      }
      if (slash == 0 || slash + 1 == word.size() ||
          word.find('/', slash + 1) != std::string::npos) {
        fail("arguments in resource/name form may not have more than one slash");
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
  std::vector<Kind> kinds;
  for (const std::string& word : split(words.front(), ',')) {
    if (word == "all") {
      for (const api::KindInfo& info : api::kinds()) {
        if (info.in_all) {
          kinds.push_back(info.kind);
        }
      }
      // KC-2: pods come first.
      std::ranges::stable_sort(kinds, {}, [](Kind kind) {
        return kind == Kind::Pod ? 0 : kind == Kind::Service ? 1 : 2;
      });
      continue;
    }
    const auto kind = kind_or_fail(word);
    if (!kind) {
      return std::nullopt;
    }
    kinds.push_back(*kind);
  }
  const auto names = words.subspan(1);
  if (names.empty()) {
    out.whole = kinds;
    return out;
  }
  for (const std::string& name : names) {
    if (name.find('/') != std::string::npos) {
      fail(std::string(kMixedForms));
      return std::nullopt;
    }
  }
  for (const Kind kind : kinds) {
    for (const std::string& name : names) {
      out.objects.push_back({kind, ns_of(kind), name});
    }
  }
  return out;
}

std::optional<api::Selector> Command::selector() {
  if (!arguments.has("selector")) {
    return std::nullopt;
  }
  auto parsed = api::parse_selector(arguments.value("selector"));
  if (!parsed) {
    fail(parsed.error());
    return std::nullopt;
  }
  return *std::move(parsed);
}

std::vector<ObjectPtr> Command::find(const Targets& targets) {
  std::vector<ObjectPtr> out;
  for (const Named& named : targets.objects) {
    if (const ObjectPtr object = client().store().find(named.key())) {
      out.push_back(object);
    } else if (!arguments.on("ignore-not-found")) {
      fail(api::not_found(named.kind, named.name));
    }
  }
  const auto wanted = selector();
  if (!failures.empty() && !targets.whole.empty()) {
    return out;
  }
  for (const Kind kind : targets.whole) {
    const bool everywhere = arguments.on("all-namespaces") || !api::info(kind).namespaced;
    for (const ObjectPtr& object : client().store().list(kind, everywhere ? "" : ns())) {
      if (!wanted || wanted->matches(object->labels)) {
        out.push_back(object);
      }
    }
  }
  return out;
}

std::vector<Command::Manifest> Command::manifests() {
  std::vector<Manifest> out;
  for (const std::string& path : arguments.values("filename")) {
    if (path == "-") {
      for (const api::Json& document : session.standard_input) {
        out.push_back({document, "STDIN"});
      }
      continue;
    }
    const auto text = session.read_file(path);
    if (!text) {
      fail(text.error());
      continue;
    }
    const api::Manifests read = api::read_manifests(*text);
    for (const api::Json& document : read.documents) {
      if (api::text(document, "kind") == "List") {
        for (const api::Json& item : api::member(document, "items")) {
          out.push_back({item, path});
        }
      } else {
        out.push_back({document, path});
      }
    }
    if (!read.error.empty()) {
      fail(fmt::format("error parsing {}: {}", path, read.error));
    }
  }
  return out;
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
