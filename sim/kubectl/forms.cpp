// The forms of -o. Rule: KC-4.
#include "document.hpp"
#include "go_template.hpp"
#include "verb.hpp"

#include <fmt/format.h>
#include <stsim/base/characters.hpp>
#include <stsim/kubectl/columns.hpp>
#include <stsim/kubectl/jsonpath.hpp>
#include <stsim/kubectl/yaml.hpp>

#include <algorithm>
#include <array>

namespace stsim::kubectl {

using api::Json;

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

/// What a Go template makes of a document. Errors: likewise; what it has printed before is printed.
Result<std::string, std::string> from_go_template(Command& command,
                                                  const std::string& text,
                                                  const Json& document) {
  const bool missing_keys = !command.arguments.has("allow-missing-template-keys") ||
                            command.arguments.on("allow-missing-template-keys");
  TemplateOutput printed = print_go_template(text, document, missing_keys);
  if (printed.error.empty()) {
    return std::move(printed.text);
  }
  command.output.out += printed.text;
  return tl::unexpected(std::move(printed.error));
}

/// What a form makes of objects. Errors: the words after `error: `.
Result<std::string, std::string> formed(Command& command,
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
  if (form.name == "go-template" || form.name == "template") {
    return from_go_template(command, form.value, whole());
  }
  if (form.name == "go-template-file" || form.name == "templatefile") {
    const auto text = command.session.read_file(form.value);
    if (!text) {
      return tl::unexpected(fmt::format(
          "error reading --template {0}, open {0}: no such file or directory", form.value));
    }
    return from_go_template(command, *text, whole());
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

}  // namespace stsim::kubectl
