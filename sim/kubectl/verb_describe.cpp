// describe, events and explain. Rules: KC-44, KC-50 to KC-62.
#include "document.hpp"
#include "event_text.hpp"
#include "listing.hpp"
#include "verb.hpp"

#include <fmt/format.h>
#include <stsim/base/characters.hpp>
#include <stsim/kubectl/columns.hpp>
#include <stsim/kubectl/describe.hpp>
#include <stsim/kubectl/explain.hpp>

#include <algorithm>

namespace stsim::kubectl {

using api::Json;
using api::Kind;
using api::ObjectPtr;

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
  for (const ObjectPtr& event : store.api_events().about(object->key)) {
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
  if (prefix.empty_type != nullptr) {
    return false;
  }
  bool found = false;
  for (const ObjectPtr& candidate : command.client().store().list(prefix.kind, prefix.ns)) {
    if (candidate->key.name.view().starts_with(prefix.name)) {
      command.output.out += description(command, candidate, show_events) + "\n";
      found = true;
    }
  }
  return found;
}

}  // namespace

void run_describe(Command& command) {
  const Arguments& arguments = command.arguments;
  if (command.names_nothing()) {
    command.fail(fmt::format("You must specify the type of resource to describe. {}\n", kSeeTypes));
    return;
  }
  const auto targets = command.targets(arguments.words, Command::Bare::All);
  if (!targets) {
    return;
  }
  const std::vector<ObjectPtr> objects = command.find(*targets);
  command.warn_of_endpoints(*targets);
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
