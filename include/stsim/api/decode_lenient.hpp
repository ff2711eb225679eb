#pragma once
// Decoding where unknown fields are no error: what the server does with a patch, or with a write
// for which strict validation was switched off.

#include <stsim/api/api_error.hpp>
#include <stsim/api/json.hpp>
#include <stsim/api/kinds.hpp>
#include <stsim/base/error.hpp>
#include <stsim/base/version.hpp>

#include <string>
#include <vector>

namespace stsim::api {

/// A document that fits the schema, and what had to be left out for that.
struct Decoded {
  Json document;
  /// `unknown field "spec.foo"`: what strict decoding complains about, at most 100 of them.
  std::vector<std::string> unknown;
};

/// As decode(), but unknown fields are left out and reported.
/// Errors: BadRequest with Go's message for the first wrong type. Rule: KC-33.
[[nodiscard]] Result<Decoded, ApiError> decode_lenient(Kind kind,
                                                       const Json& document,
                                                       Release release);

}  // namespace stsim::api
