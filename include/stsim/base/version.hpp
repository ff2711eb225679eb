#pragma once
// Releases of Kubernetes whose rules can be chosen.

#include <compare>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace stsim {

/// A release point. `patch` is -1 for "a late patch of that minor release"; only 1.35.0 is a
/// release point of its own. Rule: SS-250.
struct Release {
  int minor{36};
  int patch{-1};
  bool operator==(const Release&) const = default;
  /// Whether this is release 1.`m` or a later one.
  [[nodiscard]] bool at_least(int m) const { return minor >= m; }
};

/// A release of which only parts are known and simulated, and all else is as in the newest one: the
/// update strategy Recreate and the budget of rolling updates. Rules: OP-2, OP-20.
inline constexpr Release kPreview{37};

/// Reads `1.25` … `1.36`, `1.35.0` and that of kPreview, with or without a leading `v`. Errors:
/// nothing for others.
[[nodiscard]] std::optional<Release> parse_release(std::string_view text);

/// All of them but kPreview, the oldest first: 1.35.0 stands before 1.35.
[[nodiscard]] std::span<const Release> releases();

/// What parse_release() takes, in words.
[[nodiscard]] std::string possible_releases();

/// `1.36`, `1.35.0`.
[[nodiscard]] std::string to_string(Release release);

}  // namespace stsim
