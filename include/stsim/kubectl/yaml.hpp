#pragma once
// Documents as `kubectl get -o yaml` and `-o json` print them. Rule: VA-13.

#include <stsim/api/json.hpp>

#include <string>
#include <vector>

namespace stsim::kubectl {

/// `document` as YAML in the style of kubectl: block style, two spaces, lists not indented below
/// their key, strings quoted only where they would read as something else, lines folded at 80
/// columns. Ends with a newline.
[[nodiscard]] std::string to_yaml(const api::Json& document);

/// `document` as JSON indented by four spaces with Go's escapes. Ends with a newline.
[[nodiscard]] std::string to_indented_json(const api::Json& document);

/// What `get` prints for several objects: a List of kind `List` with `items`.
[[nodiscard]] api::Json list_of(const std::vector<const api::Json*>& objects);

}  // namespace stsim::kubectl
