// get, describe and explain. Rules: KC-40 to KC-62.
#include "document.hpp"
#include "event_text.hpp"
#include "field_selector.hpp"
#include "verb.hpp"

#include <fmt/format.h>
#include <stsim/kubectl/columns.hpp>
#include <stsim/kubectl/describe.hpp>
#include <stsim/kubectl/explain.hpp>
#include <stsim/kubectl/jsonpath.hpp>
#include <stsim/kubectl/yaml.hpp>

#include <algorithm>
#include <array>
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

bool names_nothing(const Command& command) {
  return command.arguments.words.empty() && !command.arguments.has("filename");
}

constexpr std::string_view kSeeTypes =
    "Use \"kubectl api-resources\" for a complete list of supported resources.";

/// Whether names are printed with their kinds: where objects of several are, or were asked for.
bool several_types(const Command::Targets& targets, const Listing& listing) {
  return targets.whole.size() > 1 || std::ranges::any_of(listing.kinds, [&](Kind kind) {
           return kind != listing.kinds.front();
         });
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

namespace {

/// What `-o` names: `jsonpath={.kind}` taken apart.
struct Form {
  std::string name;   ///< empty where tables or the words of a verb are wanted
  std::string value;  ///< a template, or the file it is in
};

constexpr std::array<std::string_view, 5> kForms{"json", "kyaml", "name", "wide", "yaml"};
constexpr std::array<std::string_view, 9> kTemplates{"custom-columns",
                                                     "custom-columns-file",
                                                     "go-template",
                                                     "go-template-file",
                                                     "jsonpath",
                                                     "jsonpath-as-json",
                                                     "jsonpath-file",
                                                     "template",
                                                     "templatefile"};

/// Whether only `get` knows a form.
bool is_for_get(std::string_view form) {
  return form == "wide" || form.starts_with("custom-columns");
}

template <class List>
bool contains(const List& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

/// Errors: the words after `error: `. Rule: KC-4.
Result<Form, std::string> form_of(const Command& command) {
  const std::string text = command.arguments.value("output");
  const std::string given = command.arguments.value("template");
  const bool gets = command.verb == "get";
  if (text.empty() || (gets && text == "wide")) {
    return Form{given.empty() || !text.empty() ? "" : "go-template", given};
  }
  const auto known = [gets](const auto& list, std::string_view name) {
    return contains(list, name) && (gets || !is_for_get(name));
  };
  if (const std::string lower = to_lower(text); lower != "wide" && known(kForms, lower)) {
    return Form{lower, ""};
  }
  const std::size_t equals = given.empty() ? text.find('=') : std::string::npos;
  const std::string name = text.substr(0, equals);
  if (!known(kTemplates, name)) {
    std::vector<std::string> allowed;
    for (const std::string_view form : kForms) {
      allowed.emplace_back(form);
    }
    for (const std::string_view form : kTemplates) {
      allowed.emplace_back(form);
    }
    std::erase_if(allowed, [gets](const std::string& form) { return !gets && is_for_get(form); });
    std::ranges::sort(allowed);
    return tl::unexpected(fmt::format(
        "unable to match a printer suitable for the output format \"{}\", allowed formats are: {}",
        text,
        join(allowed, ",")));
  }
  const std::string value = equals == std::string::npos ? given : text.substr(equals + 1);
  if (value.empty()) {
    return tl::unexpected<std::string>(
        name.starts_with("custom-columns")
            ? "custom-columns format specified but no custom columns given"
            : "template format specified but no template given");
  }
  return Form{name, value};
}

/// What a form makes of objects. Errors: the words after `error: `.
Result<std::string, std::string> formed(const Command& command,
                                        const Form& form,
                                        const std::vector<const Json*>& objects,
                                        bool one) {
  const auto whole = [&] { return one ? *objects.front() : list_of(objects); };
  const bool headers = !command.arguments.on("no-headers");
  if (form.name == "json") {
    return to_indented_json(whole());
  }
  if (form.name == "yaml") {
    return to_yaml(whole());
  }
  if (form.name == "name") {
    std::string out;
    for (const Json* object : objects) {
      out += name_with_kind(*object) + "\n";
    }
    return out;
  }
  if (form.name == "jsonpath" || form.name == "jsonpath-as-json") {
    return print_jsonpath(form.value, whole(), form.name == "jsonpath-as-json");
  }
  if (form.name == "custom-columns") {
    return print_custom_columns(form.value, objects, headers);
  }
  if (form.name == "jsonpath-file" || form.name == "custom-columns-file") {
    const bool columns = form.name == "custom-columns-file";
    const auto text = command.session.read_file(form.value);
    if (!text) {
      return tl::unexpected(fmt::format("error reading {}{}, open {}: no such file or directory{}",
                                        columns ? "template " : "--template ",
                                        form.value,
                                        form.value,
                                        columns ? "\n" : ""));
    }
    return columns ? print_column_file(*text, objects) : print_jsonpath(*text, whole());
  }
  return tl::unexpected(fmt::format("-o {} is not simulated", form.name));
}

}  // namespace

bool Command::can_print() {
  const auto form = form_of(*this);
  if (!form) {
    fail(form.error());
  }
  return form.has_value();
}

bool print_in_form(Command& command, std::vector<const Json*> objects, bool one) {
  const auto form = form_of(command);
  if (!form) {
    command.fail(form.error());
    return true;
  }
  if (form->name.empty()) {
    return false;
  }
  if (command.arguments.has("sort-by") && !one) {
    if (auto sorted = sort_by(command.arguments.value("sort-by"), objects); !sorted) {
      constexpr std::string_view kOfTables = "sorting error: ";
      std::string why = sorted.error();
      why.erase(0, why.starts_with(kOfTables) ? kOfTables.size() : 0);
      command.fail(why);
      return true;
    }
  }
  const auto text = formed(command, *form, objects, one);
  if (text) {
    command.output.out += *text;
  } else {
    command.fail(text.error());
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
  if (names_nothing(command) && !arguments.on("watch")) {
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
  const auto is_endpoints = [](Kind kind) { return kind == Kind::Endpoints; };
  if (command.release().at_least(33) &&
      (std::ranges::any_of(targets->whole, is_endpoints) ||
       std::ranges::any_of(targets->objects, is_endpoints, &Named::kind))) {
    command.warn("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
  }
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

namespace {

/// The object that `--for` names. Errors: recorded.
std::optional<Named> object_of_events(Command& command) {
  const std::string word = command.arguments.value("for");
  const std::size_t slash = word.find('/');
  if (slash == std::string::npos) {
    command.fail("--for must be in resource/name form");
    return std::nullopt;
  }
  if (word.find('/', slash + 1) != std::string::npos) {
    command.fail("arguments in resource/name form may not have more than one slash");
    return std::nullopt;
  }
  const std::string type = word.substr(0, slash);
  const auto kind = api::find_kind(type);
  if (!kind) {
    command.fail(fmt::format("the server doesn't have a resource type \"{}\"", type));
    return std::nullopt;
  }
  return Named{*kind, command.ns(), word.substr(slash + 1)};
}

bool is_type_of_events(std::string_view type) {
  const std::string lower = to_lower(type);
  return lower == "normal" || lower == "warning";
}

}  // namespace

void run_events(Command& command) {
  const Arguments& arguments = command.arguments;
  std::optional<Named> about;
  if (!arguments.value("for").empty()) {
    about = object_of_events(command);
    if (!about) {
      return;
    }
  }
  const std::vector<std::string> types = arguments.values("types");
  if (!command.can_print()) {
    return;
  }
  if (!std::ranges::all_of(types, is_type_of_events)) {
    command.fail("valid --types are Normal or Warning");
    return;
  }
  const bool everywhere = arguments.on("all-namespaces");
  Listing listing =
      listing_of(command.client().store().list(Kind::Event, everywhere ? "" : command.ns()),
                 command.release());
  std::erase_if(listing.documents, [&](const Json& event) {
    const Json& object = api::member(event, "involvedObject");
    const bool is_about = !about || (api::text(object, "kind") == api::info(about->kind).name &&
                                     api::text(object, "name") == about->name);
    const bool is_of_type =
        types.empty() || std::ranges::any_of(types, [&event](const std::string& type) {
          return to_lower(type) == to_lower(api::text(event, "type"));
        });
    return !is_about || !is_of_type;
  });
  if (listing.documents.empty()) {
    command.output.err += everywhere
                              ? "No events found.\n"
                              : fmt::format("No events found in {} namespace.\n", command.ns());
    return;
  }
  if (print_in_form(command, sorted_events(listing.pointers()), false)) {
    return;
  }
  command.output.out += to_text(table_of_events(listing.pointers(), table_options(command, false)),
                                !arguments.on("no-headers"));
}

namespace {

std::string description(const Command& command, const ObjectPtr& object, bool show_events) {
  const store::Store& store = command.client().store();
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
  return describe(object->key.kind,
                  document,
                  {command.client().now(),
                   show_events,
                   event_list.pointers(),
                   pod_list.pointers(),
                   slice_list.pointers()});
}

/// A name that is not there may be the beginning of names. Returns whether it is.
bool describe_matching(Command& command, const Named& prefix, bool show_events) {
  bool found = false;
  for (const ObjectPtr& candidate : command.client().store().list(prefix.kind, prefix.ns)) {
    if (candidate->key.name.starts_with(prefix.name)) {
      command.output.out += description(command, candidate, show_events) + "\n";
      found = true;
    }
  }
  return found;
}

}  // namespace

void run_describe(Command& command) {
  const Arguments& arguments = command.arguments;
  if (names_nothing(command)) {
    command.fail(fmt::format("You must specify the type of resource to describe. {}\n", kSeeTypes));
    return;
  }
  const auto targets = command.targets(arguments.words, Command::Bare::All);
  if (!targets) {
    return;
  }
  const std::vector<ObjectPtr> objects = command.find(*targets);
  // Events are shown of a single object that is there, unless --show-events says otherwise.
  const bool show = arguments.has("show-events") ? arguments.on("show-events")
                                                 : objects.size() == 1 && command.failures.empty();
  if (objects.empty() && arguments.words.size() == 2 && targets->objects.size() == 1 &&
      !targets->by_slash && describe_matching(command, targets->objects.front(), show)) {
    command.failures.clear();
    return;
  }
  if (objects.empty() && command.failures.empty()) {
    command.output.err += arguments.on("all-namespaces")
                              ? "No resources found\n"
                              : fmt::format("No resources found in {} namespace.\n", command.ns());
    return;
  }
  for (const ObjectPtr& object : objects) {
    command.output.out += command.output.out.empty() ? "" : "\n\n";
    command.output.out += description(command, object, show);
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
