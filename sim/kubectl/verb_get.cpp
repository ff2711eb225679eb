// get, describe and explain. Rules: KC-40 to KC-62.
#include "document.hpp"
#include "field_selector.hpp"
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

/// The objects that the words or files name; `doing` is the verb. Errors: recorded.
std::optional<std::vector<ObjectPtr>> chosen(Command& command,
                                             std::string_view doing,
                                             Command::Targets& targets) {
  if (command.arguments.words.empty() && !command.arguments.has("filename")) {
    command.fail(fmt::format(
        "You must specify the type of resource to {}. Use \"kubectl api-resources\" for a "
        "complete list of supported resources.",
        doing));
    return std::nullopt;
  }
  auto named = command.targets(command.arguments.words, Command::Bare::All);
  if (!named) {
    return std::nullopt;
  }
  targets = *std::move(named);
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

/// Whether the server can choose objects of all types by the fields of --field-selector. Errors:
/// recorded.
bool can_select(Command& command, const Command::Targets& targets) {
  const auto conditions = command.arguments.values("field-selector");
  for (const Kind kind : targets.whole) {
    if (const auto field = unsupported_field(kind, conditions)) {
      const api::KindInfo& info = api::info(kind);
      command.fail(api::bad_request(fmt::format(
          "Unable to find \"{}/{}, Resource={}\" that match label selector \"{}\", field selector "
          "\"{}\": field label not supported: {}",
          info.group,
          info.version,
          info.plural,
          command.arguments.value("selector"),
          join(conditions, ","),
          *field)));
      return false;
    }
  }
  return true;
}

/// What --field-selector leaves of a listing.
Listing selected(const Command& command, Listing listing) {
  const auto conditions = command.arguments.values("field-selector");
  if (conditions.empty()) {
    return listing;
  }
  Listing kept;
  for (std::size_t i = 0; i < listing.documents.size(); ++i) {
    if (fields_match(listing.documents[i], conditions)) {
      kept.documents.push_back(std::move(listing.documents[i]));
      kept.kinds.push_back(listing.kinds[i]);
    }
  }
  return kept;
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

bool print_in_form(Command& command, std::vector<const Json*> objects, bool one) {
  const std::string form = command.arguments.value("output");
  const auto rest = [&form](std::string_view prefix) { return form.substr(prefix.size()); };
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
    for (const Json* object : objects) {
      const auto kind =
          api::find_kind(api::text(*object, "apiVersion"), api::text(*object, "kind"));
      command.print(object_name(kind.value(), name_of(*object)));
    }
  } else if (form.starts_with("jsonpath=")) {
    show(print_jsonpath(rest("jsonpath="), whole()));
  } else if (form.starts_with("jsonpath-as-json=")) {
    show(print_jsonpath(rest("jsonpath-as-json="), whole(), true));
  } else if (form.starts_with("custom-columns=")) {
    show(print_custom_columns(
        rest("custom-columns="), objects, !command.arguments.on("no-headers")));
  } else if (!form.empty() && form != "wide") {
    command.fail(
        fmt::format("unable to match a printer suitable for the output format \"{}\", allowed "
                    "formats are: custom-columns,json,jsonpath,jsonpath-as-json,name,wide,yaml",
                    form));
  } else {
    return false;
  }
  return true;
}

namespace {

/// Prints more rows of a table of one kind, or each object in the form that -o names.
void print_more(Command& command, TablePrinter& printer, Kind kind, const Listing& listing) {
  const bool in_form = std::ranges::all_of(listing.documents, [&command](const Json& document) {
    return print_in_form(command, {&document}, true);
  });
  if (!in_form) {
    command.output.out +=
        printer.print(table_of(kind, listing.pointers(), table_options(command, false)));
  }
}

/// KC-43: the objects, and then each again whenever it changes, as long as anything happens.
void watch(Command& command,
           const Command::Targets& targets,
           const std::vector<ObjectPtr>& objects) {
  std::vector<Kind> kinds = targets.whole;
  for (const Named& named : targets.objects) {
    kinds.push_back(named.kind);
  }
  if (std::ranges::any_of(kinds, [&kinds](Kind kind) { return kind != kinds.front(); })) {
    command.fail("you may only specify a single resource type");
    return;
  }
  const Kind kind = kinds.front();
  const auto wanted = command.selector();
  const bool everywhere = command.arguments.on("all-namespaces") || !api::info(kind).namespaced;
  const auto is_shown = [&](const api::Object& object) {
    const api::ObjectKey& key = object.key;
    const bool named = targets.objects.empty()
                           ? key.kind == kind && (everywhere || key.ns == command.ns())
                           : std::ranges::any_of(targets.objects, [&key](const Named& one) {
                               return one.key() == key;
                             });
    return named && (!wanted || wanted->matches(object.labels)) &&
           (!command.arguments.has("field-selector") ||
            fields_match(api::to_json(object), command.arguments.values("field-selector")));
  };
  TablePrinter printer(!command.arguments.on("no-headers"));
  std::vector<ObjectPtr> first;
  std::ranges::copy_if(objects, std::back_inserter(first), [&](const ObjectPtr& object) {
    return is_shown(*object);
  });
  print_more(command, printer, kind, listing_of(first, command.release()));
  command.client().watch([&](const ObjectPtr& before, const ObjectPtr& after) {
    const ObjectPtr& object = after ? after : before;
    if (is_shown(*object)) {
      print_more(command, printer, kind, listing_of({object}, command.release()));
    }
  });
}

}  // namespace

void run_get(Command& command) {
  Command::Targets targets;
  const auto objects = chosen(command, "get", targets);
  if (!objects) {
    return;
  }
  if (!can_select(command, targets)) {
    return;
  }
  if (command.arguments.on("watch") && command.failures.empty()) {
    watch(command, targets, *objects);
    return;
  }
  const Listing listing = selected(command, listing_of(*objects, command.release()));
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
  if (print_in_form(command, listing.pointers(), one)) {
    return;
  }
  if (listing.documents.empty()) {
    if (!targets.whole.empty() && command.failures.empty() &&
        !command.arguments.on("ignore-not-found")) {
      say_nothing_found(command, targets);
    }
    return;
  }
  print_tables(command, listing, several_types(command, listing));
}

void run_events(Command& command) {
  const bool everywhere = command.arguments.on("all-namespaces");
  const Listing listing =
      listing_of(command.client().store().list(Kind::Event, everywhere ? "" : command.ns()),
                 command.release());
  if (listing.documents.empty()) {
    command.output.err += everywhere
                              ? "No events found.\n"
                              : fmt::format("No events found in {} namespace.\n", command.ns());
    return;
  }
  command.output.out += to_text(table_of_events(listing.pointers(), table_options(command, false)),
                                !command.arguments.on("no-headers"));
}

void run_describe(Command& command) {
  Command::Targets targets;
  auto objects = chosen(command, "describe", targets);
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
