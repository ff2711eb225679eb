#pragma once
// JSON text as Go reads it: what is refused is refused in the words of Go's encoding/json, which
// kubectl and the API server hand on to the user. Rules: KC-13, KC-33.

#include <stsim/api/json.hpp>
#include <stsim/base/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace stsim::api {

/// Why a text is no JSON.
struct JsonError {
  std::string message;   ///< `invalid character 'x' looking for beginning of value`
  std::size_t offset{};  ///< of the character that is wrong, from 0; the text's length at its end
};

/// Levels of nesting in JSON text that are read; deeper ones are `exceeded max depth`.
inline constexpr std::size_t kJsonDepthMax = 100;

/// Reads the one value that `text` consists of, with blanks around it. The last of several equal
/// keys wins. Errors: Go's words, such as `unexpected end of JSON input`.
[[nodiscard]] Result<Json, JsonError> parse_json(std::string_view text);

/// Reads the value at the beginning of `text`, and moves `text` behind it. Pre: more than blanks.
/// Errors: as parse_json; `text` stays as it is.
[[nodiscard]] Result<Json, JsonError> take_json(std::string_view& text);

}  // namespace stsim::api
