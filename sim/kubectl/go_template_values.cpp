#include "go_template_values.hpp"

#include "go_text.hpp"

#include <fmt/format.h>
#include <stsim/kubectl/jsonpath.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace stsim::kubectl {

using api::Json;
using Value = TemplateValue;
using Values = TemplateValues;

Value Value::made(Json json, bool plain) {
  Value out;
  out.json_ = std::make_shared<const Json>(std::move(json));
  out.plain_ = plain;
  return out;
}

Value Value::of_document(const Json& document) {
  Value out;
  out.json_ = std::shared_ptr<const Json>(std::shared_ptr<const Json>(), &document);
  return out;
}

Value Value::part(const Json& json) const {
  Value out;
  if (!json.is_null()) {
    out.json_ = std::shared_ptr<const Json>(json_, &json);
  }
  return out;
}

bool Value::holds() const {
  if (!json_) {
    return false;
  }
  if (json_->is_boolean()) {
    return json_->get<bool>();
  }
  if (json_->is_string()) {
    return !json_->get_ref<const std::string&>().empty();
  }
  return json_->is_number() ? *json_ != Json(0) : !json_->empty();
}

std::string Value::type() const {
  return !json_ ? "<nil>" : plain_ && json_->is_number_integer() ? "int" : go_type(*json_);
}

std::string Value::text() const {
  return json_ ? go_text(*json_) : "<nil>";
}

namespace {

/// Kinds that Go compares with each other.
enum class Basic : unsigned char { None, Bool, Int, Float, String };

Basic basic(const Value& value) {
  if (!value) {
    return Basic::None;
  }
  const Json& json = value.json();
  return json.is_boolean()          ? Basic::Bool
         : json.is_number_integer() ? Basic::Int
         : json.is_number_float()   ? Basic::Float
         : json.is_string()         ? Basic::String
                                    : Basic::None;
}

const std::string& text_of(const Value& value) {
  if (basic(value) != Basic::String) {
    throw TemplateCallError{
        fmt::format("wrong type for value; expected string; got {}", value.type())};
  }
  return value.json().get_ref<const std::string&>();
}

bool equal(const Value& a, const Value& b) {
  if (!a || !b) {
    return !a && !b;
  }
  if (basic(a) != basic(b)) {
    throw TemplateCallError{"incompatible types for comparison"};
  }
  if (basic(a) == Basic::None) {
    throw TemplateCallError{
        fmt::format("non-comparable types {}: {}, {}: {}", a.text(), a.type(), b.type(), b.text())};
  }
  return a.json() == b.json();
}

bool less(const Value& a, const Value& b) {
  if (basic(a) == Basic::None || basic(b) == Basic::None) {
    throw TemplateCallError{"invalid type for comparison"};
  }
  if (basic(a) != basic(b)) {
    throw TemplateCallError{"incompatible types for comparison"};
  }
  if (basic(a) == Basic::Bool) {
    throw TemplateCallError{"invalid type for comparison"};
  }
  return a.json() < b.json();
}

std::size_t size_of(const Json& json) {
  return json.is_string() ? json.get_ref<const std::string&>().size() : json.size();
}

/// An index of something of so many elements; one that is equal to it is Go's next error.
std::size_t index_of(const Value& index, std::size_t size) {
  if (!index) {
    throw TemplateCallError{"cannot index slice/array with nil"};
  }
  if (basic(index) != Basic::Int) {
    throw TemplateCallError{fmt::format("cannot index slice/array with type {}", index.type())};
  }
  const auto at = index.json().get<std::int64_t>();
  if (at < 0 || static_cast<std::uint64_t>(at) > size) {
    throw TemplateCallError{fmt::format("index out of range: {}", at)};
  }
  return static_cast<std::size_t>(at);
}

Value element(const Value& value, const Value& index) {
  if (!value) {
    throw TemplateCallError{"index of untyped nil"};
  }
  const Json& json = value.json();
  if (json.is_object()) {
    if (basic(index) != Basic::String) {
      throw TemplateCallError{index
                                  ? fmt::format("value has type {}; should be string", index.type())
                                  : "value is nil; should be of type string"};
    }
    const auto found = json.find(text_of(index));
    return found == json.end() ? Value() : value.part(*found);
  }
  if (!json.is_array() && !json.is_string()) {
    throw TemplateCallError{fmt::format("can't index item of type {}", value.type())};
  }
  const std::size_t at = index_of(index, size_of(json));
  if (at == size_of(json)) {
    throw TemplateCallError{
        fmt::format("reflect: {} index out of range", json.is_array() ? "slice" : "string")};
  }
  return json.is_array() ? value.part(json[at])
                         : Value::made(static_cast<unsigned char>(text_of(value)[at]));
}

Value index(const Values& arguments) {
  Value at = arguments.front();
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    at = element(at, arguments[i]);
  }
  return at;
}

Value slice(const Values& arguments) {
  const Value& value = arguments.front();
  if (!value) {
    throw TemplateCallError{"slice of untyped nil"};
  }
  const Json& json = value.json();
  if (arguments.size() > 4) {
    throw TemplateCallError{fmt::format("too many slice indexes: {}", arguments.size() - 1)};
  }
  if (!json.is_array() && !json.is_string()) {
    throw TemplateCallError{fmt::format("can't slice item of type {}", value.type())};
  }
  if (arguments.size() == 4 && json.is_string()) {
    throw TemplateCallError{"cannot 3-index slice a string"};
  }
  std::array<std::size_t, 3> ends{0, size_of(json), size_of(json)};
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    ends[i - 1] = index_of(arguments[i], size_of(json));
  }
  for (std::size_t i = 0; i < 2; ++i) {
    if (ends[i] > ends[i + 1]) {
      throw TemplateCallError{fmt::format("invalid slice index: {} > {}", ends[i], ends[i + 1])};
    }
  }
  if (json.is_string()) {
    return Value::made(text_of(value).substr(ends[0], ends[1] - ends[0]));
  }
  const auto begin = json.begin();
  return Value::made(Json(std::vector<Json>(begin + static_cast<std::ptrdiff_t>(ends[0]),
                                            begin + static_cast<std::ptrdiff_t>(ends[1]))));
}

Value exists(const Values& arguments) {
  try {
    return Value::made(static_cast<bool>(index(arguments)));
  } catch (const TemplateCallError&) {
    return Value::made(false);
  }
}

/// Go's Sprint puts a blank between operands neither of which is a text.
std::string sprint(const Values& arguments) {
  std::string out;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool blank =
        i > 0 && basic(arguments[i]) != Basic::String && basic(arguments[i - 1]) != Basic::String;
    out += (blank ? " " : "") + arguments[i].text();
  }
  return out;
}

std::string sprintln(const Values& arguments) {
  std::string out;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    out += (i > 0 ? " " : "") + arguments[i].text();
  }
  return out + "\n";
}

std::string html(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "&#34;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string base64decode(const std::string& text) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto refuse = [](std::size_t at) {
    throw TemplateCallError{
        fmt::format("base64 decode failed: illegal base64 data at input byte {}", at)};
  };
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (std::size_t i = 0; i < std::min(text.find('='), text.size()); ++i) {
    const std::size_t digit = kDigits.find(text[i]);
    if (digit == std::string_view::npos) {
      refuse(i);
    }
    bits = bits << 6U | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 0xFFU);
    }
  }
  if (text.size() % 4 != 0) {
    refuse(text.size());
  }
  return out;
}

Value length(const Values& arguments) {
  const Value& value = arguments.front();
  if (!value) {
    throw TemplateCallError{"len of nil pointer"};
  }
  if (!value.json().is_structured() && !value.json().is_string()) {
    throw TemplateCallError{fmt::format("len of type {}", value.type())};
  }
  return Value::made(size_of(value.json()), true);
}

Value any_equal(const Values& arguments) {
  if (arguments.size() < 2) {
    throw TemplateCallError{"missing argument for comparison"};
  }
  return Value::made(
      std::any_of(arguments.begin() + 1, arguments.end(), [&arguments](const Value& other) {
        return equal(arguments.front(), other);
      }));
}

constexpr std::size_t kMany = std::numeric_limits<std::size_t>::max();

constexpr std::array kFunctions{
    TemplateFunction{"and", 1, kMany, nullptr},
    TemplateFunction{"base64decode",
                     1,
                     1,
                     [](const Values& a) { return Value::made(base64decode(text_of(a[0]))); }},
    TemplateFunction{"eq", 1, kMany, any_equal},
    TemplateFunction{"exists", 1, kMany, exists},
    TemplateFunction{"ge", 2, 2, [](const Values& a) { return Value::made(!less(a[0], a[1])); }},
    TemplateFunction{
        "gt",
        2,
        2,
        [](const Values& a) { return Value::made(!less(a[0], a[1]) && !equal(a[0], a[1])); }},
    TemplateFunction{
        "html", 0, kMany, [](const Values& a) { return Value::made(html(sprint(a))); }},
    TemplateFunction{"index", 1, kMany, index},
    TemplateFunction{
        "le",
        2,
        2,
        [](const Values& a) { return Value::made(less(a[0], a[1]) || equal(a[0], a[1])); }},
    TemplateFunction{"len", 1, 1, length},
    TemplateFunction{"lt", 2, 2, [](const Values& a) { return Value::made(less(a[0], a[1])); }},
    TemplateFunction{"ne", 2, 2, [](const Values& a) { return Value::made(!equal(a[0], a[1])); }},
    TemplateFunction{"not", 1, 1, [](const Values& a) { return Value::made(!a[0].holds()); }},
    TemplateFunction{"or", 1, kMany, nullptr},
    TemplateFunction{"print", 0, kMany, [](const Values& a) { return Value::made(sprint(a)); }},
    TemplateFunction{"printf",
                     1,
                     kMany,
                     [](const Values& a) {
                       return Value::made(template_printf(text_of(a[0]), std::span(a).subspan(1)));
                     }},
    TemplateFunction{"println", 0, kMany, [](const Values& a) { return Value::made(sprintln(a)); }},
    TemplateFunction{"slice", 1, kMany, slice},
};

}  // namespace

const TemplateFunction* find_template_function(std::string_view name) {
  const auto found = std::ranges::find(kFunctions, name, &TemplateFunction::name);
  return found == kFunctions.end() ? nullptr : &*found;
}

}  // namespace stsim::kubectl
