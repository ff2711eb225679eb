#pragma once
// How a store makes uids.

#include <stsim/api/object.hpp>

#include <cstdint>

namespace stsim::store {

/// A version-4 UUID that is a function of the store's seed, the object's key and the write that
/// makes the object. Rule: VA-13.
[[nodiscard]] api::Uid make_uid(std::uint64_t seed, const api::ObjectKey& key, std::uint64_t write);

}  // namespace stsim::store
