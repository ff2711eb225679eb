// The layout of kubectl's template for plain text, blank lines included. Rules: KC-60, KC-61.

#include "kubectl/document.hpp"

#include <fmt/format.h>
#include <stsim/api/kinds.hpp>
#include <stsim/api/schema.hpp>
#include <stsim/kubectl/explain.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace stsim::kubectl {

namespace {

using api::Field;
using api::Type;
using api::ValueType;

constexpr std::size_t kWidth = 76;
constexpr std::size_t kIndent = 4;
constexpr std::size_t kEnumLimit = 4;

/// One paragraph, broken between words into lines of at most kWidth.
std::string wrap(std::string_view paragraph) {
  std::string out;
  std::size_t column = 0;
  for (const std::string_view word : split(paragraph, ' ')) {
    const bool fits = column + 1 + word.size() <= kWidth || word.size() >= kWidth;
    if (column > 0) {
      out += fits ? ' ' : '\n';
      column = fits ? column + 1 : 0;
    }
    out += word;
    column += word.size();
  }
  return out;
}

std::string indent(std::string_view text) {
  const std::string pad(kIndent, ' ');
  std::string out = pad;
  for (const char c : text) {
    out += c;
    if (c == '\n') {
      out += pad;
    }
  }
  return out;
}

/// `[]PersistentVolumeClaim`, `map[string]Quantity`, `integer`. Rule: KC-61.
std::string type_text(const Field& field) {
  std::string item{api::published_name(field.type_name)};
  if (field.value == ValueType::Time || field.value == ValueType::MicroTime) {
    item = "string";
  }
  switch (field.shape) {
    case api::Shape::One:
      break;
    case api::Shape::List:
      return "[]" + item;
    case api::Shape::Map:
      return "map[string]" + item;
  }
  return item;
}

/// The type whose fields stand below a field, or nullptr.
const Type* fields_below(const Field& field) {
  return field.value == ValueType::Object ? api::find_type(field.type_name) : nullptr;
}

class Explainer {
 public:
  Explainer(Release release, bool recursive) : minor_(release.minor), recursive_(recursive) {}

  void header(const api::KindInfo& kind) {
    if (!kind.group.empty()) {
      out_ += fmt::format("GROUP:      {}\n", kind.group);
    }
    out_ += fmt::format("KIND:       {}\nVERSION:    {}\n\n", kind.name, kind.version);
  }

  void field_header(const Field& field) {
    out_ += fmt::format("FIELD: {} <{}>\n", field.name, type_text(field));
    if (!field.enum_values.empty()) {
      out_ += "ENUM:";
      for (const std::string_view value : split(field.enum_values, ' ')) {
        out_ += fmt::format("\n    {}", value);
      }
    }
    out_ += "\n\n";
  }

  /// The field's own words, if any, are followed by those of its type.
  void description(const Field* field, const Type* type) {
    std::string text;
    if (field != nullptr) {
      text += wrap(field->description) + '\n';
    }
    if (type != nullptr) {
      text += wrap(type->description) + '\n';
    }
    out_ += "DESCRIPTION:\n" + indent(text) + '\n';
  }

  void fields(const Type* type) {
    if (type != nullptr && !type->fields.empty()) {
      out_ += "FIELDS:\n";
      list(*type, 1);
    }
  }

  std::string text() { return out_ + '\n'; }

 private:
  void list(const Type& type, std::size_t level) {
    above_.push_back(&type);
    for (const Field& field : type.fields) {
      if (!field.in_release(minor_)) {
        continue;
      }
      row(field, level);
      const Type* below = fields_below(field);
      if (recursive_ && below != nullptr && std::ranges::find(above_, below) == above_.end()) {
        list(*below, level + 1);
      }
    }
    above_.pop_back();
  }

  void row(const Field& field, std::size_t level) {
    const std::string pad(2 * level, ' ');
    out_ += fmt::format(
        "{}{}\t<{}>{}\n", pad, field.name, type_text(field), field.required ? " -required-" : "");
    if (!field.enum_values.empty()) {
      const std::vector<std::string> values = split(field.enum_values, ' ');
      const std::size_t shown = std::min(values.size(), kEnumLimit);
      out_ += pad + "enum: ";
      for (std::size_t i = 0; i < shown; ++i) {
        out_ += fmt::format("{}{}", i == 0 ? "" : ", ", values[i]);
      }
      out_ += shown < values.size() ? ", ....\n" : "\n";
    }
    if (!recursive_) {
      out_ += indent(wrap(field.description)) + "\n\n";
    }
  }

  int minor_;
  bool recursive_;
  std::vector<const Type*> above_;
  std::string out_;
};

struct Target {
  api::Kind kind{};
  std::vector<std::string> path;
};

/// Takes `sts.spec.replicas` apart. A path that begins with the full name of the resource, as in
/// `statefulsets.apps.spec`, goes on after the group.
Result<Target, std::string> parse(std::string_view path) {
  if (path.empty()) {
    return tl::unexpected(
        std::string("error: You must specify the type of resource to explain. Use \"kubectl "
                    "api-resources\" for a complete list of supported resources."));
  }
  if (path.ends_with('.')) {
    path.remove_suffix(1);
  }
  const std::string_view word = path.substr(0, path.find('.'));
  const std::optional<api::Kind> kind = api::find_kind(word.substr(0, word.find('[')));
  if (!kind) {
    return tl::unexpected(
        fmt::format("error: the server doesn't have a resource type \"{}\"", word));
  }
  if (path.find('[') != std::string_view::npos) {
    return tl::unexpected(
        std::string("error: invalid jsonpath syntax, first node must be field node"));
  }
  const std::string full = api::resource_name(*kind);
  std::string_view rest = path.substr(word.size());
  if (path.starts_with(full) && (path.size() == full.size() || path[full.size()] == '.')) {
    rest = path.substr(full.size());
  }
  Target target{*kind, {}};
  if (!rest.empty()) {
    target.path = split(rest.substr(1), '.');
  }
  return target;
}

}  // namespace

Result<std::string, std::string> explain(std::string_view path, Release release, bool recursive) {
  const Result<Target, std::string> target = parse(path);
  if (!target) {
    return tl::unexpected(target.error());
  }
  const api::KindInfo& kind = api::info(target->kind);
  const Type* type = api::find_type(kind.name);
  const Field* field = nullptr;
  for (const std::string_view name : target->path) {
    field = type == nullptr ? nullptr : type->find(name, release.minor);
    if (field == nullptr) {
      return tl::unexpected(fmt::format("error: field \"{}\" does not exist", target->path.back()));
    }
    type = fields_below(*field);
  }
  Explainer explainer(release, recursive);
  explainer.header(kind);
  if (field == nullptr) {
    explainer.description(nullptr, type);
  } else {
    explainer.field_header(*field);
    explainer.description(field, api::find_type(field->type_name));
  }
  explainer.fields(type);
  return explainer.text();
}

}  // namespace stsim::kubectl
