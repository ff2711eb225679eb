#pragma once
// The form in which the server's typed objects come out as JSON: absent and zero values,
// quantities. What a user wrote as `readOnly: false` or `env: []` is not kept, and `resources: {}`
// is always there; both enter revision names. Rules: SS-80a, VA-2.

#include <stsim/api/json.hpp>
#include <stsim/api/schema.hpp>
#include <stsim/base/version.hpp>

#include <string>
#include <string_view>

namespace stsim::api {

/// Brings `document`, a value of `type`, into that form, with all that is in it: drops zero values
/// of fields that leave them out, adds those that never do, writes quantities canonically. Members
/// that the type does not have stay.
void to_go_form(Json& document, const Type& type, Release release);

/// The text that is stored for a quantity: canonical, and of a resource list in steps of a
/// thousandth. Text that is no quantity stays for validation to refuse. Rule: VA-2.
[[nodiscard]] std::string stored_quantity(std::string_view text, bool in_resource_list);

}  // namespace stsim::api
