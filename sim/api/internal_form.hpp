#pragma once
// How the server's own types come out as JSON, in which its refusals show differences since 1.34
// (before, in a form of Go's that is not simulated: this one stands for it): with Go's names of the
// members, in the order of the types, and with all that is not set. Source: pkg/apis/core/types.go
// of Kubernetes, whose types name no JSON members.

#include <stsim/api/json.hpp>
#include <stsim/api/schema.hpp>
#include <stsim/base/version.hpp>

#include <string_view>

namespace stsim::api {

/// The members of a value of a type in a release: those that `keys` names, in this order and
/// separated by one space; all of the type if it is empty.
[[nodiscard]] nlohmann::ordered_json internal_form(const Json& value,
                                                   std::string_view type,
                                                   Release release,
                                                   std::string_view keys = "");

}  // namespace stsim::api
