#pragma once
// Documents out of the recordings of real clusters.

#include <stsim/api/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace stsim::test {

/// The steps of a recording; empty where the release has none of that name.
[[nodiscard]] std::vector<api::Json> recording(std::string_view release, std::string_view name);

/// What the command of that text printed.
[[nodiscard]] std::string printed(const std::vector<api::Json>& steps, std::string_view command);

/// The document that a `get -o yaml` printed.
[[nodiscard]] api::Json printed_document(const std::vector<api::Json>& steps,
                                         std::string_view command);

/// The manifest of that kind in the first step that applies one.
[[nodiscard]] api::Json applied(const std::vector<api::Json>& steps, std::string_view kind);

}  // namespace stsim::test
