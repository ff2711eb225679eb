#include "api/go_types.hpp"

#include <fmt/format.h>

namespace stsim::api {

namespace {

/// Go's name of a single value of the field, where the field's own row does not give another.
std::string value_go_type(const Field& field) {
  switch (field.value) {
    case ValueType::String:
      return "string";
    case ValueType::Integer:
      return field.wide ? "int64" : "int32";
    case ValueType::Boolean:
      return "bool";
    case ValueType::Number:
      return "float64";
    case ValueType::Object:
      return fmt::format("v1.{}", published_name(field.type_name));
    case ValueType::Quantity:
      return "resource.Quantity";
    case ValueType::IntOrString:
      return "intstr.IntOrString";
    case ValueType::Time:
      return "v1.Time";
    case ValueType::MicroTime:
      return "v1.MicroTime";
    case ValueType::Raw:
      return field.type_name == "RawExtension" ? "runtime.RawExtension" : "v1.FieldsV1";
  }
  return "";
}

}  // namespace

std::string_view json_kind(const Json& value) {
  switch (value.type()) {
    case Json::value_t::string:
      return "string";
    case Json::value_t::boolean:
      return "bool";
    case Json::value_t::array:
      return "array";
    case Json::value_t::object:
      return "object";
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float:
      return "number";
    case Json::value_t::null:
    case Json::value_t::binary:
    case Json::value_t::discarded:
      break;
  }
  return "null";
}

std::string go_type_of(const Field& field) {
  if (!field.go_type.empty()) {
    return std::string(field.go_type);
  }
  switch (field.shape) {
    case Shape::One:
      break;
    case Shape::List:
      return "[]" + value_go_type(field);
    case Shape::Map:
      return "map[string]" + value_go_type(field);
  }
  return value_go_type(field);
}

std::string go_type_of_item(const Field& field) {
  const std::size_t bracket = field.go_type.find(']');
  return bracket == std::string_view::npos ? value_go_type(field)
                                           : std::string(field.go_type.substr(bracket + 1));
}

}  // namespace stsim::api
