#pragma once
// Stores for tests, and what they say.

#include "support/catch.hpp"

#include <stsim/store/store.hpp>

#include <string>

namespace stsim {

inline constexpr SimTime kNow = kStartOfTime;

/// The store of a release, with the namespace `default`.
inline store::Store make_store(int minor = 36) {
  store::Store out({Release{minor, -1}, {}}, 1);
  const auto made = out.create(
      api::Kind::Namespace,
      api::Json::parse(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"default"}})"),
      "",
      kNow,
      0);
  REQUIRE(made);
  return out;
}

/// Of a refusal; "" of a success.
inline std::string reason(const store::WriteResult& result) {
  return result ? "" : result.error().reason;
}

/// Likewise.
inline std::string message(const store::WriteResult& result) {
  return result ? "" : result.error().message;
}

}  // namespace stsim
