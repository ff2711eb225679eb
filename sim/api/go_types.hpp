#pragma once
// What Go calls the values of a document and the types of its fields, as error messages show it.
// Rule: KC-33.

#include <stsim/api/json.hpp>
#include <stsim/api/schema.hpp>

#include <string>
#include <string_view>

namespace stsim::api {

/// What a value is called.
struct GoNames {
  std::string_view json;  ///< `object`, `array`, `number`
  std::string_view kind;  ///< of package reflect: `map`, `slice`, `int64`
  std::string_view type;  ///< `map[string]interface {}`, `[]interface {}`, `int64`
};
[[nodiscard]] const GoNames& go_names(const Json& value);

/// `string`, `bool`, `number`, `array`, `object`, `null`.
[[nodiscard]] inline std::string_view json_kind(const Json& value) {
  return go_names(value).json;
}

/// The type of a field with its lists and maps: `int32`, `[]v1.Container`, `v1.ResourceList`.
[[nodiscard]] std::string go_type_of(const Field& field);

/// The type of an item of a list, or of a value of a map: what stands after the brackets.
[[nodiscard]] std::string go_type_of_item(const Field& field);

}  // namespace stsim::api
