#pragma once
// The table of every field of every kind: type, whether it is required, default, enum, merge key
// and a description in our own words. Strict decoding, strategic merge patches and `explain` read
// it. Facts: tests/conformance/reference/schema-1.36.json and schema-1.26.json, which a test
// compares.

#include <span>
#include <string_view>

namespace stsim::api {

/// What a single value of a field is.
enum class ValueType : unsigned char {
  String,
  Integer,  ///< int32 or int64, see Field::wide
  Boolean,
  Number,    ///< any number
  Object,    ///< a type of this table, see Field::type_name
  Quantity,  ///< a string or a number, VA-1
  IntOrString,
  Time,  ///< RFC 3339 text
  MicroTime,
  Raw,  ///< anything
};

/// Whether a field holds one value, a list of them, or a map from strings to them.
enum class Shape : unsigned char { One, List, Map };

/// How a strategic merge patch treats a list or map. Rule: KC-13.
enum class PatchStrategy : unsigned char { Replace, Merge, MergeRetainKeys };

/// What becomes of a zero value (empty text, 0, false, empty list or map, empty object) when the
/// server writes an object: such a value stays as it was given, is left out, or is always there.
/// Rule: SS-80a.
enum class ZeroValue : unsigned char { Kept, Dropped, Written };

/// One field of a type. A field whose facts changed has a row for each form, with its releases.
struct Field {
  std::string_view name;
  Shape shape{Shape::One};
  ValueType value{ValueType::String};
  std::string_view
      type_name;  ///< the published name of the value's type: `PodTemplateSpec`, `string`
  bool wide{};    ///< int64 rather than int32
  bool required{};
  std::string_view default_json;  ///< the published default as JSON text; empty where there is none
  std::string_view enum_values;  ///< separated by one space, in the published order; empty if free;
                                 ///< an empty value is `""`
  std::string_view merge_key;    ///< of a list that merges: the key's name
  PatchStrategy strategy{PatchStrategy::Replace};
  int since{25};                 ///< the first minor release that has the field
  int until{99};                 ///< the last one
  std::string_view description;  ///< our own words; one or two sentences
  std::string_view go_type;  ///< Go's name of the whole type where it is a named one, else empty
  ZeroValue zero{ZeroValue::Dropped};

  /// Whether release 1.`minor` has the field in this form.
  [[nodiscard]] constexpr bool in_release(int minor) const {
    return since <= minor && minor <= until;
  }
};

/// One type: a kind, or a part of one.
struct Type {
  std::string_view name;
  std::string_view description;
  std::span<const Field> fields;  ///< in bytewise order of name, then of release

  /// The field called `name` in its newest form, or nullptr.
  [[nodiscard]] const Field* find(std::string_view name) const;

  /// The field called `name` as it is in release 1.`minor`, or nullptr.
  [[nodiscard]] const Field* find(std::string_view name, int minor) const;
};

/// The type called `name` (`StatefulSetSpec`), or nullptr. The table lives as long as the program.
[[nodiscard]] const Type* find_type(std::string_view name);

/// What is printed for a type of this table: its name without the prefix that tells apart two types
/// of the same name (`core.EndpointPort`).
[[nodiscard]] constexpr std::string_view published_name(std::string_view type_name) {
  return type_name.substr(type_name.rfind('.') + 1);
}

/// All types, in bytewise order of name.
[[nodiscard]] std::span<const Type> types();

}  // namespace stsim::api
