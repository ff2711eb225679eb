// get. Rules: KC-40 to KC-43.
#include "document.hpp"
#include "field_selector.hpp"
#include "listing.hpp"
#include "verb.hpp"

#include <fmt/format.h>
#include <stsim/kubectl/columns.hpp>
#include <stsim/kubectl/jsonpath.hpp>

#include <algorithm>

namespace stsim::kubectl {

using api::Json;
using api::Kind;
using api::ObjectPtr;

namespace {

/// The parts of a listing that make one table each: neighbours of one kind. --sort-by puts into
/// order what came as one list; objects that were named came one by one.
std::vector<std::pair<Kind, std::vector<const Json*>>> tables_of(const Listing& listing) {
  std::vector<std::pair<Kind, std::vector<const Json*>>> out;
  for (std::size_t i = 0; i < listing.documents.size(); ++i) {
    if (out.empty() || out.back().first != listing.kinds[i]) {
      out.emplace_back(listing.kinds[i], std::vector<const Json*>());
    }
    out.back().second.push_back(&listing.documents[i]);
  }
  return out;
}

bool sort_table(Command& command, std::vector<const Json*>& rows, bool one_list) {
  if (!command.arguments.has("sort-by")) {
    return true;
  }
  const std::string path = command.arguments.value("sort-by");
  std::vector<std::vector<const Json*>> lists;
  if (one_list) {
    lists.push_back(std::move(rows));
  } else {
    for (const Json* row : rows) {
      lists.push_back({row});
    }
  }
  rows.clear();
  for (std::vector<const Json*>& list : lists) {
    if (auto sorted = sort_by(path, list); !sorted) {
      command.failures.clear();
      command.fail(sorted.error());
      return false;
    }
    rows.insert(rows.end(), list.begin(), list.end());
  }
  return true;
}

void print_tables(Command& command, const Listing& listing, bool with_kind, bool lists) {
  auto tables = tables_of(listing);
  for (auto& [kind, rows] : tables) {
    if (!sort_table(command, rows, lists)) {
      return;
    }
  }
  const bool headers = !command.arguments.on("no-headers");
  for (const auto& [kind, rows] : tables) {
    command.output.out += headers && !command.output.out.empty() ? "\n" : "";
    TableOptions options = table_options(command, with_kind);
    options.with_namespace = options.with_namespace && api::info(kind).namespaced;
    command.output.out += to_text(table_of(kind, rows, options), headers);
  }
}

/// Whether names are printed with their kinds: where objects of several are, or were asked for.
bool several_types(const Command::Targets& targets, const Listing& listing) {
  return targets.whole.size() > 1 || std::ranges::any_of(listing.kinds, [&](Kind kind) {
           return kind != listing.kinds.front();
         });
}

void say_nothing_found(Command& command, const Command::Targets& targets) {
  const bool everywhere =
      command.arguments.on("all-namespaces") ||
      std::ranges::any_of(targets.whole, [](Kind kind) { return !api::info(kind).namespaced; }) ||
      std::ranges::any_of(targets.empty_types,
                          [](const EmptyType* type) { return !type->namespaced; });
  command.output.err += everywhere
                            ? "No resources found\n"
                            : fmt::format("No resources found in {} namespace.\n", command.ns());
}

}  // namespace

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
  if (kinds.empty() && !targets.empty_types.empty()) {
    return;
  }
  if (kinds.empty()) {
    command.fail("no objects passed to get");
    return;
  }
  if (std::ranges::any_of(kinds, [&kinds](Kind kind) { return kind != kinds.front(); })) {
    command.fail("you may only specify a single resource type");
    return;
  }
  const Kind kind = kinds.front();
  const api::Selector wanted = command.selector().value();
  const bool everywhere = command.arguments.on("all-namespaces") || !api::info(kind).namespaced;
  const auto is_shown = [&](const api::Object& object) {
    const api::ObjectKey& key = object.key;
    const bool named = targets.objects.empty()
                           ? key.kind == kind && (everywhere || key.ns == command.ns())
                           : std::ranges::any_of(targets.objects, [&key](const Named& one) {
                               return one.key() == key;
                             });
    return named && wanted.matches(object.labels) &&
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

namespace {

/// Whether --subresource names one that is there, of objects that were named. Errors: recorded.
bool can_get_subresource(Command& command, const Command::Targets& targets) {
  const std::string name = command.arguments.value("subresource");
  if (name.empty()) {
    return true;
  }
  if (!targets.whole.empty()) {
    command.fail("subresource cannot be used when bulk resources are specified");
    return false;
  }
  for (const Named& named : targets.objects) {
    if (name != "status" && !(name == "scale" && named.kind == Kind::StatefulSet)) {
      command.fail(api::ApiError{
          404, "NotFound", "the server could not find the requested resource", {}, "", ""});
      return false;
    }
  }
  if (name == "scale") {
    command.fail("--subresource=scale is not simulated");
    return false;
  }
  return true;
}

}  // namespace

void run_get(Command& command) {
  const Arguments& arguments = command.arguments;
  if (command.names_nothing() && !arguments.on("watch")) {
    command.output.err +=
        fmt::format("You must specify the type of resource to get. {}\n\n", kSeeTypes);
    command.misused(
        "Required resource not specified.\nUse \"kubectl explain <resource>\" for a detailed "
        "description of that resource (e.g. kubectl explain pods).");
    return;
  }
  if (const std::string form = arguments.value("output");
      arguments.on("show-labels") && !form.empty() && form != "wide") {
    command.fail(fmt::format("--show-labels option cannot be used with {} printer", form));
    return;
  }
  const auto targets = command.targets(arguments.words, Command::Bare::All);
  if (!targets || !can_get_subresource(command, *targets)) {
    return;
  }
  const std::vector<ObjectPtr> objects = command.find(*targets);
  if (arguments.on("watch")) {
    if (command.failures.empty()) {
      watch(command, *targets, objects);
    }
    return;
  }
  const Listing listing = listing_of(objects, command.release());
  command.warn_of_endpoints(*targets);
  const bool one = targets->whole.empty() && targets->objects.size() == 1;
  const bool in_form = !arguments.value("template").empty() ||
                       (arguments.has("output") && arguments.value("output") != "wide");
  if (listing.documents.empty() && (one || (in_form && arguments.on("ignore-not-found")))) {
    return;
  }
  if (in_form) {
    if (!command.can_print()) {
      command.failures.erase(command.failures.begin(), command.failures.end() - 1);
      return;
    }
    if (print_in_form(command, listing.pointers(), one)) {
      return;
    }
  }
  if (listing.documents.empty()) {
    if (command.failures.empty() && !arguments.on("ignore-not-found")) {
      say_nothing_found(command, *targets);
    }
    return;
  }
  print_tables(command, listing, several_types(*targets, listing), !targets->whole.empty());
}

}  // namespace stsim::kubectl
