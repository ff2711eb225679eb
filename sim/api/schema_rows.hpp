#pragma once
// How the rows of the schema table are written down: `list(object("containers", "Container", "…"))
// .merges("name").required()`. Everything here is computed while compiling.

#include <stsim/api/schema.hpp>

#include <span>
#include <string_view>

namespace stsim::api::rows {

/// A field being described. Unless said otherwise it is optional, without default, in all releases,
/// and left out when it is zero; an object is a pointer in Go, so that an empty one stays.
class Row {
  Field field_{};

  // Stands before its uses because clang 14 wants it so.
  template <class T>
  constexpr Row with(T Field::*member, T value) const {
    Row row = *this;
    row.field_.*member = value;
    return row;
  }

 public:
  constexpr Row(std::string_view name,
                ValueType value,
                std::string_view type_name,
                std::string_view description) {
    field_.name = name;
    field_.value = value;
    field_.type_name = type_name;
    field_.description = description;
    field_.zero =
        value == ValueType::String || value == ValueType::Integer || value == ValueType::Boolean
            ? ZeroValue::Dropped
            : ZeroValue::Kept;
  }

  constexpr Row wide() const { return with(&Field::wide, true); }
  constexpr Row required() const { return with(&Field::required, true); }
  constexpr Row by_default(std::string_view json) const { return with(&Field::default_json, json); }
  constexpr Row one_of(std::string_view values) const { return with(&Field::enum_values, values); }
  constexpr Row since(int minor) const { return with(&Field::since, minor); }
  constexpr Row until(int minor) const { return with(&Field::until, minor); }
  constexpr Row go(std::string_view type) const { return with(&Field::go_type, type); }

  /// The same field where it holds objects of another type.
  constexpr Row of_type(std::string_view name) const { return with(&Field::type_name, name); }

  /// A pointer in Go: an explicit zero differs from nothing and stays.
  constexpr Row pointer() const { return with(&Field::zero, ZeroValue::Kept); }

  /// An object, time or quantity that is left out when it is zero, although it is no pointer.
  constexpr Row omitted_when_zero() const { return with(&Field::zero, ZeroValue::Dropped); }

  /// Always there when the server writes the object; a scalar's published default is its zero.
  constexpr Row always() const {
    Row row = with(&Field::zero, ZeroValue::Written);
    if (field_.shape == Shape::One) {
      if (field_.value == ValueType::String) {
        row.field_.default_json = "\"\"";
      } else if (field_.value == ValueType::Integer) {
        row.field_.default_json = "0";
      } else if (field_.value == ValueType::Boolean) {
        row.field_.default_json = "false";
      }
    }
    return row;
  }

  /// A list that a strategic merge patch merges, by a key where the items are objects.
  constexpr Row merges(std::string_view key = "") const {
    return with(&Field::strategy, PatchStrategy::Merge).with(&Field::merge_key, key);
  }

  /// As merges, where a patch also says which members of an item stay.
  constexpr Row merges_retaining(std::string_view key) const {
    return with(&Field::strategy, PatchStrategy::MergeRetainKeys).with(&Field::merge_key, key);
  }

  constexpr Row shaped(Shape shape) const {
    return with(&Field::shape, shape).with(&Field::zero, ZeroValue::Dropped);
  }

  // Rows stand in arrays of Field.
  constexpr operator Field() const { return field_; }  // NOLINT(google-explicit-constructor)
};

constexpr Row text(std::string_view name, std::string_view description) {
  return {name, ValueType::String, "string", description};
}
constexpr Row int32(std::string_view name, std::string_view description) {
  return {name, ValueType::Integer, "integer", description};
}
constexpr Row int64(std::string_view name, std::string_view description) {
  return int32(name, description).wide();
}
constexpr Row boolean(std::string_view name, std::string_view description) {
  return {name, ValueType::Boolean, "boolean", description};
}
constexpr Row object(std::string_view name, std::string_view type, std::string_view description) {
  return {name, ValueType::Object, type, description};
}
constexpr Row quantity(std::string_view name, std::string_view description) {
  return {name, ValueType::Quantity, "Quantity", description};
}
constexpr Row int_or_string(std::string_view name, std::string_view description) {
  return {name, ValueType::IntOrString, "IntOrString", description};
}
constexpr Row time(std::string_view name, std::string_view description) {
  return {name, ValueType::Time, "Time", description};
}
constexpr Row micro_time(std::string_view name, std::string_view description) {
  return {name, ValueType::MicroTime, "MicroTime", description};
}
constexpr Row raw(std::string_view name, std::string_view type, std::string_view description) {
  return {name, ValueType::Raw, type, description};
}
/// A list of what `item` describes.
constexpr Row list(const Row& item) {
  return item.shaped(Shape::List);
}
/// A map from text to what `item` describes.
constexpr Row map(const Row& item) {
  return item.shaped(Shape::Map);
}

/// The names of signals that a container may be stopped with.
inline constexpr std::string_view kSignals =
    "SIGABRT SIGALRM SIGBUS SIGCHLD SIGCLD SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO "
    "SIGIOT SIGKILL SIGPIPE SIGPOLL SIGPROF SIGPWR SIGQUIT SIGRTMAX SIGRTMAX-1 "
    "SIGRTMAX-10 SIGRTMAX-11 SIGRTMAX-12 SIGRTMAX-13 SIGRTMAX-14 SIGRTMAX-2 SIGRTMAX-3 "
    "SIGRTMAX-4 SIGRTMAX-5 SIGRTMAX-6 SIGRTMAX-7 SIGRTMAX-8 SIGRTMAX-9 SIGRTMIN "
    "SIGRTMIN+1 SIGRTMIN+10 SIGRTMIN+11 SIGRTMIN+12 SIGRTMIN+13 SIGRTMIN+14 SIGRTMIN+15 "
    "SIGRTMIN+2 SIGRTMIN+3 SIGRTMIN+4 SIGRTMIN+5 SIGRTMIN+6 SIGRTMIN+7 SIGRTMIN+8 "
    "SIGRTMIN+9 SIGSEGV SIGSTKFLT SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN SIGTTOU "
    "SIGURG SIGUSR1 SIGUSR2 SIGVTALRM SIGWINCH SIGXCPU SIGXFSZ";

// The parts of the table, each in its own file: types in any order.
std::span<const Type> meta_types();
std::span<const Type> apps_types();
std::span<const Type> pod_types();
std::span<const Type> container_types();
std::span<const Type> probe_types();
std::span<const Type> security_types();
std::span<const Type> scheduling_types();
std::span<const Type> pod_status_types();
std::span<const Type> volume_types();
std::span<const Type> plugin_volume_types();
std::span<const Type> persistent_source_types();
std::span<const Type> storage_types();
std::span<const Type> service_types();
std::span<const Type> endpoint_types();
std::span<const Type> node_types();
std::span<const Type> config_types();

}  // namespace stsim::api::rows
