#pragma once
// What of an object is the same in all situations that go on alike.

#include <stsim/api/object.hpp>

#include <cstdint>

namespace stsim::world {

/// Stands for all of a stored object but its particulars (each_particular): objects of one shape
/// have the same document once those are blanked. Computed once of each version of an object, and
/// of each specification.
[[nodiscard]] std::uint64_t shape(const api::Object& object);

}  // namespace stsim::world
