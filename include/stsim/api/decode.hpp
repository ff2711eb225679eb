#pragma once
// From a manifest's document to one the server would store: strict decoding, defaults, validation.
// All of it works on documents, so that nothing a user wrote is lost.

#include <stsim/api/api_error.hpp>
#include <stsim/api/json.hpp>
#include <stsim/api/kinds.hpp>
#include <stsim/base/error.hpp>
#include <stsim/base/version.hpp>

#include <map>
#include <string>

namespace stsim::api {

/// Switches that decide what the API server accepts and what controllers do.
struct Features {
  Release release;
  std::map<std::string, bool, std::less<>> gates;  ///< what the user set; see enabled()

  /// Whether a gate is on: as set, otherwise as in the release. Rules: SS-240, SS-250.
  /// Errors: false for a gate that the release does not have.
  [[nodiscard]] bool enabled(std::string_view gate) const;
  bool operator==(const Features&) const = default;
};

/// The gates that can be set by name, in alphabetical order.
[[nodiscard]] std::span<const std::string_view> known_gates();

/// Checks `document` against the schema as the server's strict decoder does and drops nulls.
/// Errors: BadRequest with Go's message for unknown fields (all of them) or the first wrong type.
/// Rule: KC-33.
[[nodiscard]] Result<Json, ApiError> decode(Kind kind, const Json& document, Release release);

/// Fills in what the server fills in when an object of this kind is written: defaults and canonical
/// quantities, and what a disabled feature drops. Pre: decoded.  `old` is the stored document on an
/// update, null on a create. Rules: SS-1 to SS-4, SS-80a, PV-1, PV-2, PN-11, PN-61, VA-2, VA-10,
/// VA-11.
void set_defaults(Kind kind, Json& document, const Json& old, const Features& features);

/// What is wrong with an object about to be created. Pre: defaulted.
/// Rules: SS-5, SS-6, PV-4 to PV-6.
[[nodiscard]] FieldErrors validate(Kind kind, const Json& document, const Features& features);

/// What is wrong with replacing `old` by `document`: the checks of a create that an update repeats,
/// and fields that may not change. Rules: SS-7, PV-7, PV-8.
[[nodiscard]] FieldErrors validate_update(Kind kind,
                                          const Json& document,
                                          const Json& old,
                                          const Features& features);

/// Warnings that the server sends with a write that it accepts, without the word `Warning: `.
/// `document` is the object as it is stored then; `old` as in set_defaults. Rule: SS-8.
[[nodiscard]] std::vector<std::string> warnings(Kind kind,
                                                const Json& document,
                                                const Json& old,
                                                const Features& features);

}  // namespace stsim::api
