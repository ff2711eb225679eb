#pragma once
// Documents for tests of what kubectl prints, in the words of manifests.

#include <stsim/api/json.hpp>
#include <stsim/base/time.hpp>

#include <string>
#include <vector>

namespace stsim::kubectl {

/// The time of all objects below, and a time `seconds` later.
inline const std::string kCreated = "2026-01-01T00:00:00Z";
inline SimTime after(int seconds) {
  return kStartOfTime + std::chrono::seconds(seconds);
}

inline api::Json named(const std::string& name) {
  return {
      {"metadata", {{"name", name}, {"namespace", "default"}, {"creationTimestamp", kCreated}}}};
}

inline api::Json parse(const char* text) {
  return api::Json::parse(text);
}

// The part of a description from the line that begins with `from` up to the one with `to`.
inline std::string part(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t start = text.find("\n" + from) + 1;
  const std::size_t end = text.find("\n" + to, start) + 1;
  return text.substr(start, end - start);
}

}  // namespace stsim::kubectl
