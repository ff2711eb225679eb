// Whether a patched document still fits its type, in the words of the converter that the server
// uses after a strategic merge patch. Rule: KC-13.

#include "api/go_errors.hpp"
#include "api/go_types.hpp"
#include "api/patch_parts.hpp"

#include <fmt/format.h>
#include <stsim/api/quantity.hpp>

namespace stsim::api::patching {

namespace {

/// The converter knows two ways to refuse: values that Go could convert but JSON must not, and
/// others.
std::string refused(const Json& value,
                    const Field& field,
                    std::string_view kind,
                    bool convertible) {
  if (!convertible) {
    return fmt::format("unrecognized type: {}", kind);
  }
  const bool named = !field.go_type.empty() && field.shape == Shape::One;
  return fmt::format("cannot convert {} to {}", go_names(value).kind, named ? field.go_type : kind);
}

std::string text_value(const Json& value, const Field& field) {
  return value.is_string() ? "" : refused(value, field, "string", value.is_number_integer());
}

std::string number_value(const Json& value, const Field& field) {
  const bool whole = value.is_number_float() && value.dump().ends_with(".0");
  if (value.is_number_integer() || whole) {
    return "";
  }
  return refused(value, field, field.wide ? "int64" : "int32", value.is_number_float());
}

std::string int_or_string(const Json& value) {
  return value.is_number_integer() || value.is_string()
             ? ""
             : fmt::format("json: cannot unmarshal {} into Go value of type int32",
                           json_kind(value));
}

std::string quantity(const Json& value) {
  const std::string written = value.is_string() ? value.get<std::string>() : value.dump();
  return Quantity::parse(written) ? "" : quantity_error(written);
}

std::string time(const Json& value, bool micro) {
  return value.is_string() ? time_error(value.get<std::string>(), micro)
                           : fmt::format("json: cannot unmarshal {} into Go value of type string",
                                         json_kind(value));
}

std::string single(const Json& value, const Field& field) {
  if (value.is_null()) {
    return "";
  }
  switch (field.value) {
    case ValueType::String:
      return text_value(value, field);
    case ValueType::Integer:
      return number_value(value, field);
    case ValueType::Boolean:
      return value.is_boolean() ? "" : refused(value, field, "bool", false);
    case ValueType::IntOrString:
      return int_or_string(value);
    case ValueType::Quantity:
      return quantity(value);
    case ValueType::Time:
    case ValueType::MicroTime:
      return time(value, field.value == ValueType::MicroTime);
    case ValueType::Object:
      if (!value.is_object()) {
        return fmt::format("cannot restore struct from: {}", go_names(value).kind);
      }
      if (const Type* type = find_type(field.type_name)) {
        return misfit(value, *type);
      }
      return "";
    case ValueType::Number:
    case ValueType::Raw:
      break;
  }
  return "";
}

}  // namespace

std::string misfit(const Json& document, const Type& type) {
  for (const auto& [key, value] : document.items()) {
    const Field* field = type.find(key);
    if (field == nullptr || value.is_null()) {
      continue;
    }
    if (field->shape == Shape::One) {
      if (std::string wrong = single(value, *field); !wrong.empty()) {
        return wrong;
      }
      continue;
    }
    const bool list = field->shape == Shape::List;
    if (list ? !value.is_array() : !value.is_object()) {
      return fmt::format("cannot restore {} from {}", list ? "slice" : "map", go_names(value).kind);
    }
    for (const Json& element : value) {
      if (std::string wrong = single(element, *field); !wrong.empty()) {
        return wrong;
      }
    }
  }
  return "";
}

}  // namespace stsim::api::patching
