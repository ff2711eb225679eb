// get, describe and explain. Rules: KC-40 to KC-62.
#include "verb.hpp"

#include <fmt/format.h>
#include <stsim/kubectl/columns.hpp>
#include <stsim/kubectl/describe.hpp>
#include <stsim/kubectl/explain.hpp>
#include <stsim/kubectl/jsonpath.hpp>
#include <stsim/kubectl/yaml.hpp>

#include <algorithm>
#include <deque>

namespace stsim::kubectl {

using api::Json;
using api::Kind;
using api::ObjectPtr;

namespace {

/// Objects with their documents, in the order of printing.
struct Listing {
  std::deque<Json> documents;
  std::vector<Kind> kinds;  ///< one for each document

  [[nodiscard]] std::vector<const Json*> pointers() const {
    std::vector<const Json*> out;
    for (const Json& document : documents) {
      out.push_back(&document);
    }
    return out;
  }
};

Listing listing_of(const std::vector<ObjectPtr>& objects, Release release) {
  Listing out;
  for (const ObjectPtr& object : objects) {
    out.documents.push_back(api::to_json(*object, release));
    out.kinds.push_back(object->key.kind);
  }
  return out;
}

/// The value at a dotted path as a field selector means it.
std::string field_text(const Json& document, std::string_view path) {
  const Json* at = &document;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    at = &api::member(*at, path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return at->is_string() ? at->get<std::string>() : at->is_null() ? "" : at->dump();
}

bool field_selected(const Json& document, const std::vector<std::string>& conditions) {
  return std::ranges::all_of(conditions, [&document](const std::string& condition) {
    const std::size_t differs = condition.find("!=");
    const std::size_t equals = condition.find('=');
    if (differs != std::string::npos) {
      return field_text(document, condition.substr(0, differs)) != condition.substr(differs + 2);
    }
    const std::size_t value = condition.find_first_not_of('=', equals);
    const std::string wanted = value == std::string::npos ? "" : condition.substr(value);
    return field_text(document, condition.substr(0, equals)) == wanted;
  });
}

TableOptions table_options(const Command& command, bool with_kind) {
  const Arguments& arguments = command.arguments;
  return {arguments.value("output") == "wide",
          arguments.on("all-namespaces"),
          with_kind || arguments.on("show-kind"),
          arguments.values("label-columns"),
          arguments.on("show-labels"),
          command.client().now(),
          command.release()};
}

void print_tables(Command& command, const Listing& listing, bool with_kind) {
  std::vector<Kind> order;
  for (const Kind kind : listing.kinds) {
    if (std::ranges::find(order, kind) == order.end()) {
      order.push_back(kind);
    }
  }
  bool first = true;
  const std::vector<const Json*> all = listing.pointers();
  for (const Kind kind : order) {
    std::vector<const Json*> block;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (listing.kinds[i] == kind) {
        block.push_back(all[i]);
      }
    }
    if (command.arguments.has("sort-by")) {
      if (auto sorted = sort_by(command.arguments.value("sort-by"), block); !sorted) {
        command.fail(sorted.error());
        return;
      }
    }
    command.output.out += first ? "" : "\n";
    first = false;
    TableOptions options = table_options(command, with_kind);
    options.with_namespace = options.with_namespace && api::info(kind).namespaced;
    command.output.out +=
        to_text(table_of(kind, block, options), !command.arguments.on("no-headers"));
  }
}

/// Prints in a form that `-o` names. Returns whether it is one.
bool print_form(Command& command, const Listing& listing, bool one) {
  const std::string form = command.arguments.value("output");
  std::vector<const Json*> objects = listing.pointers();
  if (command.arguments.has("sort-by")) {
    if (auto sorted = sort_by(command.arguments.value("sort-by"), objects); !sorted) {
      command.fail(sorted.error());
      return true;
    }
  }
  const auto whole = [&] { return one ? *objects.front() : list_of(objects); };
  const auto show = [&command](const Result<std::string, std::string>& text) {
    if (text) {
      command.output.out += *text;
    } else {
      command.fail(text.error());
    }
  };
  if (form == "json") {
    command.output.out += to_indented_json(whole());
  } else if (form == "yaml") {
    command.output.out += to_yaml(whole());
  } else if (form == "name") {
    for (std::size_t i = 0; i < objects.size(); ++i) {
      const Kind kind =
          *api::find_kind(api::text(*objects[i], "apiVersion"), api::text(*objects[i], "kind"));
      command.print(object_name(kind, api::text(api::member(*objects[i], "metadata"), "name")));
    }
  } else if (form.starts_with("jsonpath=")) {
    show(print_jsonpath(form.substr(std::string_view("jsonpath=").size()), whole()));
  } else if (form.starts_with("custom-columns=")) {
    show(print_custom_columns(form.substr(std::string_view("custom-columns=").size()),
                              objects,
                              !command.arguments.on("no-headers")));
  } else if (!form.empty() && form != "wide") {
    command.fail(
        fmt::format("unable to match a printer suitable for the output format \"{}\", allowed "
                    "formats are: custom-columns,json,jsonpath,name,wide,yaml",
                    form));
  } else {
    return false;
  }
  return true;
}

/// The objects that the words or files name. Errors: recorded.
std::optional<std::vector<ObjectPtr>> chosen(Command& command, Command::Targets& targets) {
  if (command.arguments.has("filename")) {
    for (const Command::Manifest& manifest : command.manifests()) {
      if (const auto kind = command.kind_of(manifest)) {
        const Json& metadata = api::member(manifest.document, "metadata");
        const std::string ns =
            api::info(*kind).namespaced ? api::text(metadata, "namespace", command.ns()) : "";
        targets.objects.push_back({*kind, ns, api::text(metadata, "name")});
      }
    }
  } else {
    if (command.arguments.words.empty()) {
      command.fail(
          "You must specify the type of resource to get. Use \"kubectl api-resources\" for a "
          "complete "
          "list of supported resources.");
      return std::nullopt;
    }
    auto named = command.targets(command.arguments.words);
    if (!named) {
      return std::nullopt;
    }
    targets = *std::move(named);
    if (!targets.objects.empty() && command.arguments.has("selector")) {
      command.fail("name cannot be provided when a selector is specified");
      return std::nullopt;
    }
  }
  return command.find(targets);
}

bool several_types(const Command& command, const Listing& listing) {
  const auto& words = command.arguments.words;
  if (!words.empty() && words.front().find('/') == std::string::npos &&
      (words.front().find(',') != std::string::npos || words.front() == "all")) {
    return true;
  }
  return std::ranges::any_of(listing.kinds,
                             [&](Kind kind) { return kind != listing.kinds.front(); });
}

void say_nothing_found(Command& command, const Command::Targets& targets) {
  const bool everywhere =
      command.arguments.on("all-namespaces") ||
      std::ranges::any_of(targets.whole, [](Kind kind) { return !api::info(kind).namespaced; });
  command.output.err += everywhere
                            ? "No resources found\n"
                            : fmt::format("No resources found in {} namespace.\n", command.ns());
}

}  // namespace

void run_get(Command& command) {
  Command::Targets targets;
  const auto objects = chosen(command, targets);
  if (!objects) {
    return;
  }
  Listing listing = listing_of(*objects, command.release());
  if (command.arguments.has("field-selector")) {
    const std::vector<std::string> conditions = command.arguments.values("field-selector");
    Listing kept;
    for (std::size_t i = 0; i < listing.documents.size(); ++i) {
      if (field_selected(listing.documents[i], conditions)) {
        kept.documents.push_back(std::move(listing.documents[i]));
        kept.kinds.push_back(listing.kinds[i]);
      }
    }
    listing = std::move(kept);
  }
  const auto is_endpoints = [](Kind kind) { return kind == Kind::Endpoints; };
  if (command.release().at_least(33) &&
      (std::ranges::any_of(targets.whole, is_endpoints) ||
       std::ranges::any_of(targets.objects, is_endpoints, &Named::kind))) {
    command.warn("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
  }
  const bool one = targets.whole.empty() && targets.objects.size() == 1;
  if (one && listing.documents.empty()) {
    return;
  }
  if (print_form(command, listing, one)) {
    return;
  }
  if (listing.documents.empty()) {
    if (!targets.whole.empty() && command.failures.empty()) {
      say_nothing_found(command, targets);
    }
    return;
  }
  print_tables(command, listing, several_types(command, listing));
}

void run_describe(Command& command) {
  Command::Targets targets;
  if (command.arguments.words.empty() && !command.arguments.has("filename")) {
    command.fail(
        "You must specify the type of resource to describe. Use \"kubectl api-resources\" for a "
        "complete "
        "list of supported resources.");
    return;
  }
  auto objects = chosen(command, targets);
  if (!objects) {
    return;
  }
  if (objects->empty() && targets.objects.size() == 1 && !targets.by_slash) {
    // A name that is not there may be the beginning of names.
    const Named& prefix = targets.objects.front();
    for (const ObjectPtr& candidate : command.client().store().list(prefix.kind, prefix.ns)) {
      if (candidate->key.name.starts_with(prefix.name)) {
        objects->push_back(candidate);
      }
    }
    if (!objects->empty()) {
      command.failures.clear();
    }
  }
  if (objects->empty() && command.failures.empty()) {
    say_nothing_found(command, targets);
    return;
  }
  const store::Store& store = command.client().store();
  bool first = true;
  for (const ObjectPtr& object : *objects) {
    const Json document = api::to_json(*object, command.release());
    const std::string ns = object->key.kind == Kind::Node ? "" : object->key.ns;
    std::vector<ObjectPtr> events;
    for (const ObjectPtr& event : store.list(Kind::Event)) {
      if (event->as<api::ApiEvent>().about_uid == object->uid) {
        events.push_back(event);
      }
    }
    std::vector<ObjectPtr> slices;
    for (const ObjectPtr& slice : store.list(Kind::EndpointSlice, ns)) {
      if (slice->as<api::EndpointSlice>().service == object->key.name) {
        slices.push_back(slice);
      }
    }
    const Listing event_list = listing_of(events, command.release());
    const Listing pod_list = listing_of(store.list(Kind::Pod, ns), command.release());
    const Listing slice_list = listing_of(slices, command.release());
    const bool show = !command.arguments.has("show-events") || command.arguments.on("show-events");
    command.output.out += first ? "" : "\n\n";
    first = false;
    command.output.out += describe(object->key.kind,
                                   document,
                                   {command.client().now(),
                                    show,
                                    event_list.pointers(),
                                    pod_list.pointers(),
                                    slice_list.pointers()});
  }
}

void run_explain(Command& command) {
  if (command.arguments.words.empty()) {
    command.fail(
        "You must specify the type of resource to explain. Use \"kubectl api-resources\" for a "
        "complete "
        "list of supported resources.");
    return;
  }
  if (command.arguments.words.size() > 1) {
    command.fail("We accept only this format: explain RESOURCE");
    return;
  }
  auto text = explain(
      command.arguments.words.front(), command.release(), command.arguments.on("recursive"));
  if (text) {
    command.output.out = *std::move(text);
  } else {
    command.failures.emplace_back(ClientError{text.error(), true});
  }
}

}  // namespace stsim::kubectl
