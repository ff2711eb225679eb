#pragma once
// What recordings show of objects. Snapshots are made of these tables, and `expect:` may name what
// stands in them: a row added here is recorded and accepted.

#include <stsim/api/json.hpp>
#include <stsim/api/kinds.hpp>
#include <stsim/api/object.hpp>

#include <span>
#include <string_view>

namespace stsim::scenario {

/// What the value of a member is, unless it is null.
enum class MemberType : unsigned char { Text, Number, Flag, Texts, TextMap, Status };

struct Member {
  std::string_view name;
  MemberType type;
};

/// A member, and how it is read off a T.
template <class T>
struct RecordedField : Member {
  api::Json (*read)(const T&);
};

/// A kind of objects, under its plural in recordings.
struct RecordedKind {
  api::Kind kind;
  std::string_view what;  ///< one of them, for messages
  std::span<const RecordedField<api::Object>> fields;
};

/// The member that has the endpoints of each Service, of all its slices.
inline constexpr std::string_view kEndpointsMember = "endpoints";

// The members of each table stand in alphabetical order, in which messages list them.

[[nodiscard]] std::span<const RecordedKind> recorded_kinds();

/// The fields of each of the endpoints.
[[nodiscard]] std::span<const RecordedField<api::Endpoint>> endpoint_fields();

/// The members of a StatefulSet's status, which are recorded as the API server shows them.
[[nodiscard]] std::span<const Member> status_members();

}  // namespace stsim::scenario
