#pragma once
// --field-selector: which fields may choose objects, and which objects they choose. Rule: KC-4.

#include <stsim/api/json.hpp>
#include <stsim/api/kinds.hpp>

#include <optional>
#include <string>
#include <vector>

namespace stsim::kubectl {

/// The first field of the conditions (`status.phase=Running`, `metadata.name!=web-0`) by which the
/// server cannot choose objects of a kind; nothing where there is none.
[[nodiscard]] std::optional<std::string> unsupported_field(
    api::Kind kind, const std::vector<std::string>& conditions);

/// Whether a document fulfils all conditions.
[[nodiscard]] bool fields_match(const api::Json& document,
                                const std::vector<std::string>& conditions);

}  // namespace stsim::kubectl
