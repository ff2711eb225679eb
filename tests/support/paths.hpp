#pragma once
// Where the tests find the project's files.

#include <filesystem>

namespace stsim::test {

inline const std::filesystem::path kRoot = STSIM_SOURCE_DIR;
inline const std::filesystem::path kScenarios = kRoot / "tests/conformance/scenarios";

}  // namespace stsim::test
