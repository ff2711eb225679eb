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

const GoNames& go_names(const Json& value) {
  static constexpr GoNames kObject{"object", "map", "map[string]interface {}"};
  static constexpr GoNames kArray{"array", "slice", "[]interface {}"};
  static constexpr GoNames kString{"string", "string", "string"};
  static constexpr GoNames kBool{"bool", "bool", "bool"};
  static constexpr GoNames kInteger{"number", "int64", "int64"};
  static constexpr GoNames kFloat{"number", "float64", "float64"};
  static constexpr GoNames kNull{"null", "", "%!s(<nil>)"};
  switch (value.type()) {
    case Json::value_t::object:
      return kObject;
    case Json::value_t::array:
      return kArray;
    case Json::value_t::string:
      return kString;
    case Json::value_t::boolean:
      return kBool;
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return kInteger;
    case Json::value_t::number_float:
      return kFloat;
    case Json::value_t::null:
    case Json::value_t::binary:
    case Json::value_t::discarded:
      break;
  }
  return kNull;
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
