#pragma once
// What is wrong with a single requirement of a selector.

#include <stsim/api/selector.hpp>

#include <string>

namespace stsim::api {

/// Why the server and kubectl refuse `requirement` (key, number of values, each value); empty where
/// they do not. Several reasons are joined as `[a, b]`.
[[nodiscard]] std::string requirement_problem(const Requirement& requirement);

/// Why `key` is no label key, as a field error on the field `field`; empty where it is one.
[[nodiscard]] std::string label_key_problem(std::string_view field, std::string_view key);

}  // namespace stsim::api
