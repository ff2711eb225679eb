// wait. Rule: KC-22.
#include "document.hpp"
#include "verb.hpp"

#include <fmt/format.h>
#include <stsim/base/characters.hpp>
#include <stsim/kubectl/jsonpath.hpp>

#include <algorithm>

namespace stsim::kubectl {

using api::Json;
using api::ObjectPtr;

namespace {

/// What is waited for.
struct Condition {
  enum class What : unsigned char { Delete, Create, Condition, Path } what{};
  std::string name;   ///< of a condition its type, of a path the template
  std::string value;  ///< that it must have; of a path empty for any
};

/// Takes a text apart at each single equals sign; two in a row belong to a filter.
std::vector<std::string> split_at_equals(const std::string& text) {
  std::vector<std::string> out(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      out.back() += text[i];
    } else if (i + 1 < text.size() && text[i + 1] == '=') {
      out.back() += "==";
      ++i;
    } else {
      out.emplace_back();
    }
  }
  return out;
}

/// `{.status.readyReplicas}=3`, where the braces and the value may be missing. Errors: recorded.
std::optional<Condition> parse_path(Command& command, const std::string& text) {
  const std::vector<std::string> parts = split_at_equals(text);
  if (parts.size() > 2) {
    command.fail(
        "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or "
        "--for=jsonpath='{.status.readyReplicas}'");
    return std::nullopt;
  }
  auto path = relaxed_path(parts.front());
  if (!path) {
    command.fail(path.error());
    return std::nullopt;
  }
  std::string value;
  if (parts.size() == 2) {
    value = parts.back();
    constexpr std::string_view kQuotes = "'\"";
    value.erase(0, std::min(value.find_first_not_of(kQuotes), value.size()));
    value.erase(value.find_last_not_of(kQuotes) + 1);
    if (value.empty()) {
      command.fail(
          "jsonpath wait has to have a value after equal sign, like "
          "--for=jsonpath='{.status.readyReplicas}'=3");
      return std::nullopt;
    }
  }
  if (path->empty()) {
    command.fail("jsonpath expression cannot be empty");
    return std::nullopt;
  }
  if (const auto parsed = JsonPath::parse(*path); !parsed) {
    command.fail(parsed.error());
    return std::nullopt;
  }
  return Condition{Condition::What::Path, *std::move(path), value};
}

/// Errors: recorded.
std::optional<Condition> parse_condition(Command& command, const std::string& text) {
  const std::string lower = to_lower(text);
  if (lower == "delete") {
    return Condition{Condition::What::Delete, "", ""};
  }
  if (lower == "create") {
    return Condition{Condition::What::Create, "", ""};
  }
  if (text.starts_with("condition=")) {
    const std::string rest = text.substr(std::string_view("condition=").size());
    const std::size_t equals = rest.find('=');
    return Condition{Condition::What::Condition,
                     rest.substr(0, equals),
                     equals == std::string::npos ? "true" : rest.substr(equals + 1)};
  }
  if (text.starts_with("jsonpath=")) {
    return parse_path(command, text.substr(std::string_view("jsonpath=").size()));
  }
  command.fail(fmt::format("unrecognized condition: \"{}\"", text));
  return std::nullopt;
}

/// What all `--for` ask for, in order. Errors: recorded.
std::optional<std::vector<Condition>> parse_conditions(Command& command) {
  std::vector<Condition> out;
  for (const std::string& text : command.arguments.all("for")) {
    auto condition = parse_condition(command, text);
    if (!condition) {
      return std::nullopt;
    }
    out.push_back(*std::move(condition));
  }
  if (out.empty()) {
    command.fail("unrecognized condition: []");
    return std::nullopt;
  }
  return out;
}

bool has(const std::vector<Condition>& conditions, Condition::What what) {
  return std::ranges::any_of(conditions, [what](const Condition& one) { return one.what == what; });
}

/// Whether the object's controller has seen its newest generation, as far as a condition tells.
bool is_up_to_date(const Json& document, const Json& condition) {
  const Json& own = api::member(condition, "observedGeneration");
  const Json& seen = own.is_null() ? api::at_path(document, {"status", "observedGeneration"}) : own;
  return seen.is_null() || seen >= api::integer(api::member(document, "metadata"), "generation");
}

/// Rule: KC-22.
bool has_condition(const Condition& wanted, const Json& document) {
  for (const Json& one : elements(api::at_path(document, {"status", "conditions"}))) {
    if (to_lower(api::text(one, "type")) == to_lower(wanted.name)) {
      return is_up_to_date(document, one) &&
             to_lower(api::text(one, "status")) == to_lower(wanted.value);
    }
  }
  return false;
}

/// Whether what a path finds has the value. Errors: why it cannot be compared.
Result<bool, std::string> has_value(const Condition& wanted, const Json& document) {
  const auto lists = JsonPath::parse(wanted.name).value().find(document);
  if (!lists) {
    return tl::unexpected(lists.error());
  }
  if (lists->empty() || lists->front().empty()) {
    return false;
  }
  if (lists->size() > 1 || lists->front().size() > 1) {
    return tl::unexpected(fmt::format("given jsonpath expression matches more than one {}",
                                      lists->size() > 1 ? "list" : "value"));
  }
  if (wanted.value.empty()) {
    return true;
  }
  const Json& found = lists->front().front().value();
  if (found.is_structured()) {
    return tl::unexpected<std::string>(
        "jsonpath leads to a nested object or list which is not supported");
  }
  return stsim::trimmed(go_text(found)) == stsim::trimmed(wanted.value);
}

/// Whether a condition holds of an object, which may be gone. Errors: why it never will.
Result<bool, std::string> holds(const Condition& condition,
                                const ObjectPtr& object,
                                const api::Uid& first) {
  if (condition.what == Condition::What::Delete) {
    return !object || object->uid != first;
  }
  if (!object) {
    return false;
  }
  switch (condition.what) {
    case Condition::What::Condition:
      return has_condition(condition, api::to_json(*object));
    case Condition::What::Path:
      return has_value(condition, api::to_json(*object));
    case Condition::What::Create:
    case Condition::What::Delete:
      break;
  }
  return true;
}

/// How long a command waits.
struct WaitLimit {
  bool once{};  ///< it looks once
  SimTime deadline;
};

/// Waits for objects to be there. Returns whether they are. Errors: recorded.
bool wait_for_creation(Command& command, const Command::Targets& targets, const WaitLimit& limit) {
  const auto found = [&] {
    const bool named = std::ranges::all_of(targets.objects, [&](const Named& one) {
      return command.client().store().find(one.key()) != nullptr;
    });
    return named && (!targets.objects.empty() || !command.listed(targets).empty());
  };
  if (static_cast<void>(command.listed(targets)); !command.failures.empty()) {
    return false;  // a selector that is wrong
  }
  const bool there = command.client().run_until(found, limit.deadline);
  if (!there) {
    command.fail("timed out waiting for the condition");
  }
  return there;
}

/// Waits for one object to meet one condition after the other, and says so. Errors: recorded.
void wait_for(Command& command,
              const std::vector<Condition>& conditions,
              const ObjectPtr& object,
              const WaitLimit& limit) {
  const auto now = [&] { return command.client().store().find(object->key); };
  const std::string what =
      fmt::format("{}/{}", api::info(object->key.kind).plural, object->key.name);
  for (const Condition& condition : conditions) {
    std::string never;
    const auto done = [&] {
      const auto told = holds(condition, now(), object->uid);
      never = told ? "" : told.error();
      return !told || *told;
    };
    const bool over = command.client().run_until(done, limit.deadline);
    if (!never.empty()) {
      command.fail(never);
      return;
    }
    if (!over) {
      command.fail(
          (limit.once ? "condition not met for " : "timed out waiting for the condition on ") +
          what);
      return;
    }
    const ObjectPtr shown = now();
    command.done(shown ? *shown : *object, "condition met");
  }
}

}  // namespace

void run_wait(Command& command) {
  if (!command.can_print()) {
    return;
  }
  const auto conditions = parse_conditions(command);
  if (!conditions) {
    return;
  }
  const auto targets = command.targets(command.arguments.words, Command::Bare::Refused);
  if (!targets) {
    return;
  }
  const SimDuration timeout = parse_duration(command.arguments.value("timeout", "30s")).value();
  const WaitLimit limit{
      timeout == SimDuration{},
      command.client().now() +
          (timeout < SimDuration{} ? SimDuration{std::chrono::days{7}} : timeout)};
  if (has(*conditions, Condition::What::Create) && !wait_for_creation(command, *targets, limit)) {
    return;
  }
  const std::vector<ObjectPtr> objects = command.find(*targets);
  const bool deletes = has(*conditions, Condition::What::Delete);
  if (deletes) {
    std::erase_if(command.failures, [](const Failure& failure) {
      const auto* error = std::get_if<api::ApiError>(&failure);
      return error != nullptr && error->reason == "NotFound";
    });
  }
  if (objects.empty() && command.failures.empty() && !deletes) {
    command.fail("no matching resources found");
  }
  for (const ObjectPtr& object : objects) {
    // Once the time is over kubectl does not even look any more.
    const bool late = !limit.once && command.client().now() >= limit.deadline;
    if (late && deletes) {
      command.fail("client rate limiter Wait returned an error: context deadline exceeded");
    } else if (late) {
      command.fail(fmt::format("timed out waiting for the condition on {}/{}",
                               api::info(object->key.kind).plural,
                               object->key.name));
    } else {
      wait_for(command, *conditions, object, limit);
    }
  }
}

}  // namespace stsim::kubectl
