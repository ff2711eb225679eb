// The objects that the words and options of a command mean. Rules: KC-1 to KC-3.
#include "document.hpp"
#include "field_selector.hpp"
#include "verb.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>

#include <algorithm>

namespace stsim::kubectl {

using api::Kind;
using api::ObjectPtr;

namespace {

constexpr std::string_view kMixedForms =
    "there is no need to specify a resource type as a separate argument when passing arguments in "
    "resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get "
    "resource "
    "resource/<resource_name>'";

}  // namespace

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
  } else if ((!targets.whole.empty() || !targets.empty_types.empty()) && !selects &&
             bare == Bare::Refused) {
    fail("resource(s) were provided, but no name was specified");
  } else if (targets.objects.empty() && targets.whole.empty() && targets.empty_types.empty()) {
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
      if (const EmptyType* type = find_empty_type(word.substr(0, slash))) {
        out.objects.push_back({{}, type->namespaced ? ns() : "", word.substr(slash + 1), "", type});
        continue;
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
  std::vector<const EmptyType*> empty;
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
    if (const EmptyType* type = find_empty_type(word)) {
      empty.push_back(type);
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
    out.empty_types = empty;
    out.whole = kinds;
    return out;
  }
  for (const Kind kind : kinds) {
    for (const std::string& name : names) {
      out.objects.push_back({kind, ns_of(kind), name});
    }
  }
  for (const EmptyType* type : empty) {
    for (const std::string& name : names) {
      out.objects.push_back({{}, type->namespaced ? ns() : "", name, "", type});
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
  const bool nowhere = !named.ns.empty() && named.ns != api::kDefaultNamespace &&
                       !client().store().find({Kind::Namespace, "", named.ns});
  if (nowhere) {
    return api::not_found(Kind::Namespace, named.ns);
  }
  if (named.empty_type == nullptr) {
    return api::not_found(named.kind, named.name);
  }
  const std::string text =
      fmt::format("{} \"{}\" not found", resource_name(*named.empty_type), named.name);
  return {404, "NotFound", text, {}, "", ""};
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
    if (const std::string why = why_unsupported(kind, conditions); !why.empty()) {
      refused(kind, why);
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

}  // namespace stsim::kubectl
