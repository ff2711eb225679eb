#pragma once
// Conditions over a cluster as it stands: what `expect:`, `always:`, `never:`, `eventually:` and
// `order:` say of objects, counts and names.

#include <stsim/api/json.hpp>
#include <stsim/api/kinds.hpp>
#include <stsim/world/world.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace stsim::scenario {

/// The members of a condition that tell of counts and of names, beside those of recordings.
inline constexpr std::string_view kCountsMember = "counts";
inline constexpr std::string_view kResolvesMember = "resolves";
/// How often hopes were broken, of a snapshot only.
inline constexpr std::string_view kHopesMember = "hopes";

/// Adds to `out` a line for what does not hold: what was expected, and what is. Only what is named
/// is looked at. Pre: the condition was checked when the scenario was loaded.
void unmet(const api::Json& condition, const world::World& world, std::vector<std::string>& out);

/// The kinds of objects on which a condition depends.
[[nodiscard]] std::vector<api::Kind> kinds_of(const api::Json& condition);

/// Compares a number with one, or with bounds: {least: 1, most: 3}.
void compare_number(const std::string& path,
                    const api::Json& wanted,
                    std::int64_t found,
                    std::vector<std::string>& out);

/// Compares only what is wanted; lists whole. Adds lines as `web.phase: expected …, found …`.
void compare(const std::string& path,
             const api::Json& wanted,
             const api::Json& found,
             std::vector<std::string>& out);

}  // namespace stsim::scenario
