#pragma once
// Conditions over a cluster as it stands: what `expect:`, `always:`, `never:`, `eventually:` and
// `order:` say of objects, counts and names.

#include <stsim/api/json.hpp>
#include <stsim/api/kinds.hpp>
#include <stsim/scenario/difference.hpp>
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

/// What does not hold; adds to `out`. Only what is named is looked at. Pre: the condition was
/// checked when the scenario was loaded.
void unmet(const api::Json& condition, const world::World& world, std::vector<Difference>& out);

/// The kinds of objects on which a condition depends.
[[nodiscard]] std::vector<api::Kind> kinds_of(const api::Json& condition);

/// Where a value stands: {"pods", "web-0", "ready"}.
using Path = std::vector<std::string>;

/// Compares a number with one, or with bounds: {least: 1, most: 3}.
void compare_number(const Path& path,
                    const api::Json& wanted,
                    std::int64_t found,
                    std::vector<Difference>& out);

/// Compares only what is wanted; lists whole.
void compare(const Path& path,
             const api::Json& wanted,
             const api::Json& found,
             std::vector<Difference>& out);

}  // namespace stsim::scenario
