// wait. Rule: KC-22.
#include "verb.hpp"

#include <fmt/format.h>
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

/// `{.status.readyReplicas}=3`, where the braces and the value may be missing. Errors: recorded.
std::optional<Condition> parse_path(Command& command, const std::string& text) {
  // An equals sign inside braces belongs to a filter.
  const std::size_t close = text.rfind('}');
  const std::size_t equals = text.find('=', close == std::string::npos ? 0 : close);
  auto path = relaxed_path(text.substr(0, equals));
  if (!path) {
    command.fail(path.error());
    return std::nullopt;
  }
  if (const auto parsed = JsonPath::parse(*path); !parsed) {
    command.fail(parsed.error());
    return std::nullopt;
  }
  std::string value;
  if (equals != std::string::npos) {
    value = text.substr(equals + 1);
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
  return Condition{Condition::What::Path, *std::move(path), value};
}

std::optional<Condition> parse_condition(Command& command) {
  const std::string text = command.arguments.value("for");
  const auto unknown = [&] {
    command.fail(fmt::format("unrecognized condition: \"{}\"", text));
    return std::nullopt;
  };
  if (text == "delete") {
    return Condition{Condition::What::Delete, "", ""};
  }
  if (text == "create") {
    return Condition{Condition::What::Create, "", ""};
  }
  if (text.starts_with("condition=")) {
    const std::string rest = text.substr(std::string_view("condition=").size());
    const std::size_t equals = rest.find('=');
    return Condition{Condition::What::Condition,
                     rest.substr(0, equals),
                     equals == std::string::npos ? "True" : rest.substr(equals + 1)};
  }
  if (text.starts_with("jsonpath=")) {
    return parse_path(command, text.substr(std::string_view("jsonpath=").size()));
  }
  return unknown();
}

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::ranges::equal(a, b, {}, lower, lower);
}

/// Whether a condition holds of an object, which may be gone.
bool holds(const Condition& condition, const ObjectPtr& object, const api::Uid& first) {
  if (condition.what == Condition::What::Delete) {
    return !object || object->uid != first;
  }
  if (!object) {
    return false;
  }
  if (condition.what == Condition::What::Create) {
    return true;
  }
  const Json document = api::to_json(*object);
  if (condition.what == Condition::What::Condition) {
    const Json& conditions = api::at_path(document, {"status", "conditions"});
    return std::any_of(conditions.begin(), conditions.end(), [&](const Json& one) {
      return same_word(api::text(one, "type"), condition.name) &&
             same_word(api::text(one, "status"), condition.value);
    });
  }
  const auto text = print_jsonpath(condition.name, document);
  return text && (condition.value.empty() ? !text->empty() : *text == condition.value);
}

}  // namespace

void run_wait(Command& command) {
  const auto condition = parse_condition(command);
  if (!condition) {
    return;
  }
  auto targets = command.targets(command.arguments.words, Command::Bare::Refused);
  if (!targets) {
    return;
  }
  std::vector<Named> objects = targets->objects;
  if (condition->what != Condition::What::Create) {
    objects.clear();
    for (const ObjectPtr& object : command.find(*targets)) {
      objects.push_back({object->key.kind, object->key.ns, object->key.name});
    }
    if (condition->what == Condition::What::Delete) {
      command.failures.clear();
    }
  }
  if (objects.empty() && command.failures.empty()) {
    if (condition->what != Condition::What::Delete) {
      command.fail("no matching resources found");
    }
    return;
  }
  const SimDuration timeout = parse_duration(command.arguments.value("timeout", "30s")).value();
  const bool once = timeout == SimDuration{};
  const SimTime deadline = command.client().now() +
                           (timeout < SimDuration{} ? SimDuration{std::chrono::days{7}} : timeout);
  for (const Named& named : objects) {
    const ObjectPtr at_first = command.client().store().find(named.key());
    const api::Uid uid = at_first ? at_first->uid : api::Uid{};
    const auto done = [&] {
      return holds(*condition, command.client().store().find(named.key()), uid);
    };
    if (command.client().run_until(done, deadline)) {
      command.print(object_name(named.kind, named.name) + " condition met");
    } else {
      command.fail(
          fmt::format("{} {}/{}",
                      once ? "condition not met for" : "timed out waiting for the condition on",
                      api::info(named.kind).plural,
                      named.name));
    }
  }
}

}  // namespace stsim::kubectl
