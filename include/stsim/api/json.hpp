#pragma once
// The JSON form of objects. Objects' keys are kept in bytewise order, which is the order in which
// Kubernetes prints them. Numbers of documents are integers; floating point is never computed with.

#include <nlohmann/json.hpp>

#include <memory>
#include <string>

namespace stsim::api {

/// Any JSON value; objects are ordered bytewise by key.
using Json = nlohmann::json;

/// A document that is never changed once made; shared by whoever needs it.
using JsonPtr = std::shared_ptr<const Json>;

/// The member of `object`, or null where there is none or `object` is no object. The reference is
/// valid as long as `object` is.
[[nodiscard]] const Json& member(const Json& object, std::string_view key);

/// The value at a path of members, null where any of them is missing.
[[nodiscard]] const Json& at_path(const Json& object, std::initializer_list<std::string_view> path);

/// The text of a member, or `fallback` where it is missing or no string.
[[nodiscard]] std::string text(const Json& object,
                               std::string_view key,
                               std::string_view fallback = "");

/// The integer of a member, or `fallback` where it is missing or no integer.
[[nodiscard]] std::int64_t integer(const Json& object,
                                   std::string_view key,
                                   std::int64_t fallback = 0);

/// As Go's encoding/json writes it: keys sorted, no white space, `<`, `>` and `&` escaped, invalid
/// UTF-8 replaced. Rule: SS-80.
[[nodiscard]] std::string to_go_json(const Json& value);

}  // namespace stsim::api

extern template class nlohmann::basic_json<>;
