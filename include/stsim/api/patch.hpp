#pragma once
// The three kinds of patches, and the three-way patch of `kubectl apply`. Rules: KC-10, KC-13.

#include <stsim/api/api_error.hpp>
#include <stsim/api/json.hpp>
#include <stsim/base/error.hpp>
#include <stsim/base/version.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace stsim::api {

/// Applies a strategic merge patch to a document of the schema's type `type_name` (`StatefulSet`).
/// Maps merge, null deletes, lists with a merge key merge by it, others are replaced; the
/// directives
/// `$patch`, `$retainKeys`, `$setElementOrder/…` and `$deleteFromPrimitiveList/…` are honoured.
/// Errors: Invalid with the one cause `patch: Invalid value: "map[…]": …` and neither kind nor name
/// where a value does not fit the schema (kubectl: `The request is invalid: patch: …`); BadRequest
/// for malformed directives; code 500 without a reason for anything else, such as an element
/// without its merge key. Members that the schema does not know stay in the result: see
/// decode_lenient(). Rule: KC-13.
[[nodiscard]] Result<Json, ApiError> strategic_merge(std::string_view type_name,
                                                     const Json& original,
                                                     const Json& patch);

/// Applies an RFC 7386 merge patch.
[[nodiscard]] Json merge_patch(Json original, const Json& patch);

/// Applies an RFC 6902 patch. Errors: where a path is missing or a test fails, Invalid without
/// causes, kind and name, whose message kubectl prints after `The request is invalid: `; BadRequest
/// where it is no list of operations. Rule: KC-13.
[[nodiscard]] Result<Json, ApiError> json_patch(const Json& original, const Json& patch);

/// What `kubectl apply` sends: the strategic merge patch that removes what `last_applied` had and
/// `modified` has not, and sets what `modified` has and `current` has not. Empty object: no change.
/// Fields that are in none of the first two stay as they are. Rule: KC-10.
[[nodiscard]] Json three_way_patch(std::string_view type_name,
                                   const Json& last_applied,
                                   const Json& modified,
                                   const Json& current);

/// Fields of a patched document that its kind does not have: `unknown field "spec.foo"`, in order.
/// A server warns of them, or refuses the patch where the client asked for that. Rule: KC-33.
[[nodiscard]] std::vector<std::string> unknown_fields(Kind kind,
                                                      const Json& document,
                                                      Release release);

/// The refusal of a strategic patch for unknown fields. Rules: KC-13, KC-33.
[[nodiscard]] ApiError unknown_fields_refused(const Json& patch,
                                              const std::vector<std::string>& unknown);

}  // namespace stsim::api
