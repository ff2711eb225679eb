#pragma once
// --field-selector: which fields may choose objects, and which objects they choose. Rule: KC-4.

#include <stsim/api/json.hpp>
#include <stsim/api/kinds.hpp>

#include <string>
#include <vector>

namespace stsim::kubectl {

/// Why the server cannot choose objects of a kind by the conditions (`status.phase=Running`,
/// `metadata.name!=web-0`), in its words; empty where it can.
/// Source: apimachinery's pkg/fields/selector.go and pkg/runtime/conversion.go.
[[nodiscard]] std::string why_unsupported(api::Kind kind,
                                          const std::vector<std::string>& conditions);

/// Whether a document fulfils all conditions.
[[nodiscard]] bool fields_match(const api::Json& document,
                                const std::vector<std::string>& conditions);

}  // namespace stsim::kubectl
