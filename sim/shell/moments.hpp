#pragma once
// Two moments of a cluster side by side. Private to the module.

#include <stsim/world/world.hpp>

#include <set>
#include <string>

namespace stsim::shell {

/// `pod web-0`, `claim data-web-0`, in another namespace `pod other/web-0`: as experiment::Standing
/// names objects.
[[nodiscard]] std::string object_words(const api::ObjectKey& key);

/// The images of pods, and of what sets make pods from.
[[nodiscard]] std::set<std::string> images_of(const world::World& world);

/// What is left to happen in a world at rest.
[[nodiscard]] std::string rest_in_words(const world::World& world);

/// Where two worlds differ, object by object, for people; ends with a line end. Names are those of
/// the moments: `here`, `a`.
[[nodiscard]] std::string moments_difference(const world::World& a,
                                             const std::string& name_of_a,
                                             const world::World& b,
                                             const std::string& name_of_b);

}  // namespace stsim::shell
