#pragma once
// What pod and node steps share.

#include <stsim/store/store.hpp>

#include <string>

namespace stsim::scenario {

/// What the API server said where it refused, or nothing.
inline std::string refusal(const store::WriteResult& result) {
  return result ? "" : result.error().message;
}

}  // namespace stsim::scenario
