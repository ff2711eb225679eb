#pragma once
// Values as Go's fmt package prints them; see also go_text() in jsonpath.hpp.

#include <stsim/api/json.hpp>

#include <string>
#include <string_view>

namespace stsim::kubectl {

/// As `%#v`: `map[string]interface {}{"a":1}`.
[[nodiscard]] std::string go_syntax(const api::Json& value);

/// As `%q`: the text in double quotes with Go's escapes.
[[nodiscard]] std::string go_quote(std::string_view text);

/// The type as `%T`: `string`, `int64`, `map[string]interface {}`.
[[nodiscard]] std::string go_type(const api::Json& value);

/// Reads a text in single or double quotes with Go's escapes. False where it is not well formed.
[[nodiscard]] bool go_unquote(std::string_view quoted, std::string& text);

/// Appends a code point as UTF-8.
void append_utf8(std::string& text, char32_t c);

}  // namespace stsim::kubectl
